"""Exports: JSON lines from which everything can be checked without SQLite, and W3C PROV that
another library reads.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from rulewright.ledger import Ledger
from rulewright.ledger.export import json_lines
from rulewright.ledger.provenance import prov_lines
from rulewright.workbench import Rules, cases
from tests import records

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decision on a real trust, and its correction under another judgement of nothing: both kinds
    of links.
    """
    path = tmp_path_factory.mktemp("export") / "l.ledger"
    answered = Rules().answer(
        cases(ROOT / "scenarios" / "examples" / "example-trust.yaml")[0], engine="reference"
    )
    with Ledger.open(path, clock=records.ticking()) as ledger:
        ledger.append(answered, recorded_by="A. Clerk", approved_by="B. Chair")
        ledger.append(
            answered, recorded_by="A. Clerk", kind="correction", reason="a wrong name", supersedes=1
        )
        ledger.append(records.answered(7), recorded_by="A. Clerk")
    return path


def sha256(document: Any) -> str:
    return "sha256:" + hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def test_json_lines_can_be_verified_by_others(path: Path) -> None:
    """As somebody would who has only the export and RFC 8785."""
    with Ledger.open(path, append=False) as ledger:
        lines = [json.loads(line) for line in json_lines(ledger)]
        head = ledger.verify()
    programs: set[str] = set()
    previous = None
    for line in lines:
        assert line["schema"] == "rulewright/ledger-line/1"
        if "program" in line:
            assert sha256(line["program"]) == line["program digest"]
            programs.add(line["program digest"])
            continue
        envelope = line["envelope"]
        assert sha256(envelope) == line["hash"]
        assert envelope["previous"] == previous
        assert [sha256(line[each]) for each in ("decision", "case", "terms")] == [
            envelope[each] for each in ("decision", "case", "terms")
        ]
        assert envelope["program"] in programs
        previous = line["hash"]
    assert previous == head.hash
    assert len(programs) == 2
    assert len(lines) == 5


def test_prov_is_read_by_another_implementation(path: Path) -> None:
    model = pytest.importorskip("prov.model")
    with Ledger.open(path, append=False) as ledger:
        text = "\n".join(prov_lines(ledger))
        first, *others = (each.decision for each in ledger.entries())
    document = model.ProvDocument.deserialize(content=text, format="jsonld")
    found = Counter(type(each).__name__ for each in document.records)
    assert found["ProvActivity"] == sum(len(each.firings) for each in (first, *others))
    assert found["ProvDerivation"] == 1
    assert found["ProvAttribution"] == 4
    assert {each.identifier.localpart for each in document.get_records(model.ProvAgent)} > {
        "person/A.%20Clerk",
        "person/B.%20Chair",
    }
    ratings = [
        each for each in document.get_records(model.ProvEntity) if each.get_attribute("rw:status")
    ]
    assert len(first.answers) == sum(
        each.identifier.localpart.startswith("entry/1/") for each in ratings
    )


def test_from_a_rating_one_comes_to_the_facts_behind_it(path: Path) -> None:
    with Ledger.open(path, append=False) as ledger:
        graph = json.loads("\n".join(prov_lines(ledger)))["@graph"]
    rating = "rw:entry/1/trust%20%3E%20trust%20rating"
    made = {
        each["activity"]
        for each in graph
        if each["@type"] == "Generation" and each["entity"] == rating
    }
    used = {
        each["entity"] for each in graph if each["@type"] == "Usage" and each["activity"] in made
    }
    assert used == {"rw:entry/1/trust%20%3E%20stage", "rw:entry/1/trust%20%3E%20banded%20rating"}
    plans = {
        each["plan"]
        for each in graph
        if each["@type"] == "Association" and each["activity"] in made
    }
    assert len(plans) == 1
    names = [each["@id"] for each in graph if "@id" in each]
    assert len(names) == len(set(names)), "nothing is told twice"
    links = ("activity", "entity", "agent", "plan", "collection", "generatedEntity", "usedEntity")
    assert {
        value
        for each in graph
        for word, value in each.items()
        if word in links and isinstance(value, str)
    } <= set(names)
