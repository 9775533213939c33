"""Ledgers that verify and that no version wrote: each command answers, or says with a code what it
cannot read.

`make fuzz` tries more of them.
"""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.ledger.entry_report import agreeing
from rulewright.syntax.errors import InputError
from tests.fuzz.forging import (
    DOCUMENTS,
    Stored,
    Written,
    at,
    campaign,
    genuine,
    mistakes,
    paths,
    removed,
    replaced,
)

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    math.nan,
    "x",
    "\ud800",
    [],
    [[1]],
    {},
    {"x": 1},
    "#gone#",
    "#more#",
)
COMMANDS = ("ledger list {l}", "ledger show {l} {n}", "ledger show {l} {n} --all", "ledger show {l} {n} --json", "ledger export {l}",
            "ledger export {l} --as prov",
            "ledger replay {l} --entry {n}", "report {l} --entry {n} -o {l}.html", "ledger recheck {l} --rules {f}/rules")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A genuine ledger with its rulebooks."""
    found = tmp_path_factory.mktemp("forged")
    genuine(found)
    return found


@pytest.fixture(scope="module")
def stored(folder: Path) -> Stored:
    return Stored.of(folder / "genuine.ledger")


def one_of_each(document: Any) -> Iterator[tuple[str | int, ...]]:
    """The way to one value of each field of each class: of a list one item."""
    seen = set()
    for path in paths(document):
        above = [at(document, path[:length]) for length in range(len(path))]
        classes = [each["is"] for each in above if isinstance(each, dict) and "is" in each]
        name = (*classes[-1:], "/", *[step for step in path if isinstance(step, str)][-2:])
        if name not in seen:
            seen.add(name)
            yield path


def changed(document: Any, path: tuple[str | int, ...], wrong: Any) -> Any:
    if wrong == "#gone#":
        return removed(document, path) if path else {}
    if wrong == "#more#":
        here = at(document, path)
        more = (
            {**here, "colour": "red"}
            if isinstance(here, dict)
            else [*here, "red"]
            if isinstance(here, list)
            else f"{here} red"
        )
        return replaced(document, path, more)
    return replaced(document, path, wrong)


@pytest.mark.each_case_traced
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_of_every_document_may_be_forged(
    name: str, folder: Path, stored: Stored, tmp_path: Path
) -> None:
    dice = random.Random(name)
    document = stored.document(1, name)
    tried = 0
    for path in one_of_each(document):
        forgery = copy.deepcopy(stored)
        wrong = dice.choice(WRONG)
        forgery.put(1, name, changed(document, path, wrong))
        ledger = forgery.write(tmp_path / "l.ledger")
        for command in dice.sample(COMMANDS, 2):
            arguments = command.format(l=ledger, n=1, f=folder).split()
            assert list(mistakes(arguments)) == [], (path, wrong, command)
        tried += 1
    assert tried >= 4


def test_forged_ledgers_go_through_every_command() -> None:
    told: list[str] = []
    assert campaign(12, "2024", told.append) == 0, told


DEEP = {  # what stands around lists in lists, or conditions in conditions
    "decision": (("firings", 0, "conditions"), '{"parts":[', '],"status":"met","text":"x"}'),
    "case": (("case", "thing"), "[", "]"),
    "terms": (("rejected",), "[", "]"),
    "program": (("program", "title"), "[", "]"),
    "envelope": (("reason",), "[", "]"),
}


@pytest.mark.parametrize("depth", [50, 150, 600, 100_000])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_nested_deeply_is_refused_however_far_python_would_go(
    name: str, depth: int, folder: Path, stored: Stored, tmp_path: Path
) -> None:
    path, before, after = DEEP[name]
    whole = json.dumps(
        replaced(stored.document(1, name), path, ["#here#"]),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    forgery = copy.deepcopy(stored)
    forgery.put(1, name, Written(whole.replace('"#here#"', before * depth + after * depth)))
    ledger = forgery.write(tmp_path / "l.ledger")
    for command in COMMANDS:
        assert list(mistakes(command.format(l=ledger, n=1, f=folder).split())) == [], command


def test_a_decision_may_name_rules_of_which_it_does_not_tell(
    stored: Stored, tmp_path: Path
) -> None:
    """Its form is that of a decision, and no engine has made it."""
    document = stored.document(1, "decision")
    for number, answer in enumerate(document["answers"]):
        for path in paths(answer):
            if len(path) == 2 and path[0] == "decided by":
                forgery = copy.deepcopy(stored)
                forgery.put(
                    1, "decision", replaced(document, ("answers", number, *path), "another")
                )
                ledger = forgery.write(tmp_path / "l.ledger")
                for more in ("", " --all"):
                    assert list(mistakes(f"ledger show {ledger} 1{more}".split())) == [], path


def test_parts_that_do_not_fit_together_are_told() -> None:
    told = "RW912 entry 7 cannot be shown whole: the parts of its decision do not fit together"
    with pytest.raises(InputError, match=told), agreeing(7, "l"):
        {}["a rule of which it does not tell"]


def test_two_readers_cannot_be_shown_two_decisions(stored: Stored, tmp_path: Path) -> None:
    """A name twice in a document, of which one reader may take the first and another the last."""
    forgery = copy.deepcopy(stored)
    text = json.dumps(
        forgery.document(1, "decision"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    forgery.put(1, "decision", Written('{"case":"another",' + text[1:]))
    ledger = forgery.write(tmp_path / "l.ledger")
    for command in ("show {} 1", "export {}", "export {} --as prov"):
        result = CliRunner().invoke(group, ["ledger", *command.format(ledger).split()])
        assert result.exit_code == 2
        assert (
            "RW912 entry 1 cannot be read: the decision is not in canonical form" in result.stderr
        )


def test_the_ledger_that_is_forged_is_genuine(folder: Path, stored: Stored, tmp_path: Path) -> None:
    """Else what refuses a forgery might refuse the ledger itself; and what is computed anew
    verifies.
    """
    ledger = stored.write(tmp_path / "l.ledger")
    for command in (
        "ledger verify {l}",
        "ledger replay {l}",
        *COMMANDS[:-1],
        "ledger recheck {l} --rules {f}/rules --entry 1",
    ):
        assert (
            CliRunner().invoke(group, command.format(l=ledger, n=1, f=folder).split()).exit_code
            == 0
        ), command
    forgery = copy.deepcopy(stored)
    forgery.put(3, "decision", {**stored.document(3, "decision"), "firings": [1]})
    assert (
        CliRunner().invoke(group, ["ledger", "verify", str(forgery.write(ledger))]).exit_code == 0
    )
