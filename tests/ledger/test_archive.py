"""A program in canonical JSON and back: the same program, the same digests, the same decisions."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import rfc8785

from rulewright.decision.answered import answer
from rulewright.decision.record import decision_bytes, decision_from
from rulewright.facts.cases import bind_case
from rulewright.ir.archive import (
    LARGE,
    SCHEMA,
    UnreadableArchive,
    archive,
    program_from,
    value_read,
    value_written,
)
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.program import Program
from rulewright.ledger.stored_cases import case_bytes, case_from_bytes
from rulewright.ledger.terms import terms_from, terms_of
from rulewright.workbench import Rules, cases
from tests import records, small

ROOT = Path(__file__).parents[2]
RULES = Rules()
POLICIES = [each.id for each in RULES.policies]


@cache
def loaded(policy: str) -> Program:
    return program_from(archive(RULES.program(policy)))


def test_there_are_seven_policies() -> None:
    assert len(POLICIES) == 7


@pytest.mark.parametrize("policy", POLICIES)
def test_a_loaded_program_is_the_program(policy: str) -> None:
    program, content = RULES.program(policy), archive(RULES.program(policy))
    assert loaded(policy) == program
    assert digest_of_meaning(loaded(policy)) == program.digest == loaded(policy).digest
    assert archive(loaded(policy)) == content
    assert rfc8785.dumps(json.loads(content)) == content


def test_programs_under_other_readings_and_small_ones_come_back() -> None:
    under = RULES.under_reading("guidance-2024-03", RULES.readings("guidance-2024-03")[0].name)
    for program in (under, small.program(), records.program()):
        assert program_from(archive(program)) == program


SAMPLE = [
    path
    for path in sorted((ROOT / "scenarios").rglob("*.yaml"))
    if "real" not in path.parts or path.stem < "RA"
]


@pytest.mark.parametrize("path", SAMPLE, ids=[path.relative_to(ROOT).as_posix() for path in SAMPLE])
def test_what_is_stored_gives_the_same_decision_in_every_byte(path: Path) -> None:
    """Of each file of scenarios the first case, the last, and one between: program, case and terms
    as a ledger keeps them.
    """
    found = cases(path)
    for text in {id(each): each for each in (found[0], found[len(found) // 2], found[-1])}.values():
        there = RULES.answer(text, engine="reference")
        program = loaded(there.program.policy)
        case = case_from_bytes(case_bytes(text, there.program), "entry 1")
        terms = terms_from(terms_of(there).bytes())
        parameters, changed = terms.parameters_of(program)
        bound = bind_case(case, program.vocabulary, program.idle, program.judged_as_one)
        again = answer(
            case, program, bound, terms.day, parameters, changed, terms.choice, "reference"
        )
        content = decision_bytes(there.decision)
        assert decision_bytes(again.decision) == content
        assert rfc8785.dumps(json.loads(content)) == content
        assert decision_from(content) == there.decision


@pytest.mark.parametrize(
    "changed",
    [
        {"schema": "rulewright/decision/3"},
        {"colour": "red"},
        {"case": 3},
        {"firings": [{"number": "1"}]},
        {"answers": [{"status": "perhaps"}]},
    ],
)
def test_what_is_no_decision_is_refused(changed: dict[str, object]) -> None:
    document = json.loads(decision_bytes(records.answered().decision))
    with pytest.raises((ValueError, TypeError)):
        decision_from(json.dumps(document | changed).encode())


def test_a_label_changes_the_digest_of_the_archive_and_not_that_of_the_meaning() -> None:
    program = records.program()
    other = replace(program, title="another title")
    assert digest_of_meaning(other) == program.digest
    assert archive(other) != archive(program)


def test_loading_needs_neither_the_rulebook_nor_the_parser(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    code = (
        "import sys\nfrom rulewright.ledger import Ledger\n"
        f"assert [each.same for each in Ledger.open({str(path)!r}, append=False).replay()] == [True] * 3\n"
        "loaded = sorted(each for each in sys.modules if each.startswith(('lark', 'pydantic', 'rulewright.rulebook.rulebook', "
        "'rulewright.compiler.compiler', 'rulewright.workbench', 'rulewright.syntax.parser')))\nassert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


@pytest.mark.parametrize(
    "value", [None, True, "good", 0, -5, 2**53, -(2**70), *map(value_read, [{"fraction": "-7/3"}])]
)
def test_values_come_back(value: object) -> None:
    written = json.loads(json.dumps(value_written(value)))  # type: ignore[arg-type]
    assert value_read(written) == value
    assert type(value_read(written)) is type(value)


GOOD = json.loads(archive(records.program()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "the program is not JSON"),
        (
            b"[]",
            f"the program does not say in which form it is; this version reads `{SCHEMA}` and `{LARGE}`",
        ),
        (
            json.dumps({**GOOD, "schema": "rulewright/program/3"}).encode(),
            f"`rulewright/program/3`, and this version reads `{SCHEMA}` and",
        ),
        (json.dumps({**GOOD, "program": 3}).encode(), "what is archived is not a program"),
        (
            json.dumps({**GOOD, "program": {**GOOD["program"], "colour": 1}}).encode(),
            "`Program` has an unknown `colour`",
        ),
        (
            json.dumps(
                {**GOOD, "program": {k: v for k, v in GOOD["program"].items() if k != "nodes"}}
            ).encode(),
            "`Program` has no `nodes`",
        ),
        (
            json.dumps({**GOOD, "program": {"is": "Popen", "args": "x"}}).encode(),
            "`Popen` is not known",
        ),
        (
            json.dumps({**GOOD, "program": {"fraction": "1/0"}}).encode(),
            "the program cannot be read",
        ),
        (json.dumps({**GOOD, "program": 1.5}).encode(), "it holds a number with a decimal point"),
    ],
)
def test_what_is_no_archive_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableArchive) as error:
        program_from(content)
    assert said in str(error.value)


def test_what_is_kept_of_a_program_is_what_older_ledgers_hold() -> None:
    """A field added here stands in every archive from then on, and is unknown to earlier
    versions.
    """
    stated = json.loads(archive(small.program()))["program"]
    assert sorted(stated) == sorted(
        [
            "is",
            "policy",
            "title",
            "status",
            "since",
            "until",
            "chain",
            "vocabulary",
            "parameters",
            "nodes",
            "notices",
            "scope",
            "published",
            "withdrawals",
            "interpretations",
            "documents",
            "asks",
            "idle",
            "lapsed",
            "digest",
            "reading",
            "disclaimer",
        ]
    )


def test_a_field_that_is_not_there_yet_has_its_default() -> None:
    """As an archive of an earlier version, in which a class had one field less."""
    older = {
        **GOOD,
        "program": {k: v for k, v in GOOD["program"].items() if k not in ("lapsed", "reading")},
    }
    assert program_from(json.dumps(older).encode()) == records.program()
