"""Stated facts that nothing in the policy reads: listed in the outcome, and warned of where they
ought to count.

`NAME/command` beside `NAME/expected.txt`, on the small rulebook of this folder;
`RULEWRIGHT_REWRITE=1` rewrites them.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.decision.answered import Answered
from rulewright.decision.record import decision_bytes, decision_from
from rulewright.documents.html import html
from rulewright.engines.evaluator import evaluate
from rulewright.facts.cases import CaseText
from rulewright.ir.archive import archive, program_from
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Program
from rulewright.report import compose, gather
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules, cases
from tests.fuzz.unread import changed, check_listed, decided, nodes_read, said_besides

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = sorted(path.parent for path in HERE.glob("*/command"))
RULES, SHIPPED = Rules(HERE / "rulebook"), Rules()
SCENARIOS = [
    path
    for path in sorted((ROOT / "scenarios").rglob("*"))
    if path.suffix in (".yaml", ".csv", ".jsonl")
]


@pytest.mark.parametrize("folder", COMMANDS, ids=lambda folder: folder.name)
def test_a_run_tells_which_facts_nothing_reads(folder: Path) -> None:
    result = CliRunner().invoke(group, shlex.split((folder / "command").read_text("utf-8")))
    got = f"{result.stdout}{result.stderr}exit code {result.exit_code}\n"
    if os.environ.get("RULEWRIGHT_REWRITE"):
        (folder / "expected.txt").write_text(got, "utf-8")
    assert got == (folder / "expected.txt").read_text("utf-8")


def answered(name: str, policy: str | None = None) -> Answered:
    [case] = cases(HERE / name / "case.yaml")
    return RULES.answer(case, policy=policy)


def test_the_record_holds_every_fact_and_the_warning() -> None:
    decision = answered("many-facts-that-ought-to-count").outcome.to_json()["decision"]
    clubs = {"Chess": "yes", "Choir": "yes", "Drama": "no", "Football": "yes", "Tennis": "yes"}
    assert decision["unread"] == [
        {
            "attribute": "formal notice of a club of a school",
            "facts": [
                {"entity": club, "attribute": "formal notice", "value": value}
                for club, value in clubs.items()
            ],
            "warning": "formal notice of a club of a school is stated for Chess, Choir, Drama and 2 more, but nothing in `first` reads it",
        }
    ]
    assert all(each["kind"] != "warning" for each in decision["notices"]), "no rule wrote it"


def test_a_decision_with_and_without_them_comes_back_from_its_record() -> None:
    for name in ("many-facts-that-ought-to-count", "everything-that-is-stated-is-read"):
        decision = answered(name).decision
        assert decision_from(decision_bytes(decision)) == decision
    assert b'"unread"' not in decision_bytes(decision), "as decisions were recorded before"


def test_a_report_warns_and_lists() -> None:
    for name in ("a-fact-that-ought-to-count", "what-nothing-reads"):
        found = answered(name)
        page = html(compose(gather(found, decision_bytes(found.decision).decode())))
        text = page.split('<script type="application/json"')[0]
        warned = (
            "formal notice is stated as yes, but nothing in <code>first</code> reads it." in text
        )
        assert warned == (name == "a-fact-that-ought-to-count")
        assert "Stated in the case, but not used by this policy" in text
        assert ("room of a class of a school: 2 facts of 1a, 1b" in text) == (
            name == "what-nothing-reads"
        )
    found = answered("everything-that-is-stated-is-read")
    assert "not used by this policy" not in html(compose(gather(found, "{}")))


# -- the mark


def unmarked(program: Program) -> Program:
    entities = {
        name: replace(
            entity,
            attributes={
                key: replace(each, expected_to_count=False)
                for key, each in entity.attributes.items()
            },
        )
        for name, entity in program.vocabulary.entities.items()
    }
    return replace(program, vocabulary=replace(program.vocabulary, entities=entities))


def test_the_mark_is_no_part_of_the_meaning_and_comes_back_from_an_archive() -> None:
    program = RULES.program("notices")  # which reads one of the two facts that are marked
    other = unmarked(program)
    assert other != program
    assert digest_of_meaning(other) == program.digest
    assert program_from(archive(program)) == program
    assert program_from(archive(other)) == other


def test_an_archive_of_a_program_without_the_mark_is_as_it_was_before_there_was_one() -> None:
    assert archive(RULES.program("first")).count(b"expected_to_count") == 2
    assert b"expected_to_count" not in archive(unmarked(RULES.program("first")))


# -- nothing else is listed, and nothing else changes


READ: dict[int, tuple[Program, set[NodeKey]]] = {}


def read_by(program: Program) -> set[NodeKey]:
    if id(program) not in READ:
        READ[id(program)] = program, nodes_read(program)
    return READ[id(program)][1]


def what_is_listed_changes_nothing(found: Answered, singly: int = 1_000) -> int:
    """As on generated rulebooks: exactly what no rule names is listed, and whatever it says all
    else stays.
    """
    program, case = found.program, found.case
    unread = check_listed(program, case, found.decision, read_by(program))
    if not unread:
        return 0
    before = decided(program, case, found.as_at, found.parameters, found.result)
    for other in changed(program, case, unread, singly):
        result = evaluate(program, other, found.as_at, found.parameters)
        assert result == found.result
        assert said_besides(
            decided(program, other, found.as_at, found.parameters, result)
        ) == said_besides(before)
    return len(unread)


@pytest.mark.parametrize("folder", COMMANDS, ids=lambda folder: folder.name)
def test_what_is_listed_changes_nothing(folder: Path) -> None:
    for policy in ("before", "first", "notices", "marked"):
        what_is_listed_changes_nothing(answered(folder.name, policy))


@cache
def scenarios(path: Path) -> list[CaseText]:
    try:
        return cases(path)
    except InputError:
        return []  # lists of exceptions, and tables of scenarios, which name what lies under them


@pytest.mark.untraced
def test_what_the_shipped_scenarios_state_and_nothing_reads_changes_nothing() -> None:
    found = [
        SHIPPED.answer(case, engine="reference") for path in SCENARIOS for case in scenarios(path)
    ]
    assert len(found) > 500
    assert sum(what_is_listed_changes_nothing(each) for each in found) > 20


@pytest.mark.untraced
@pytest.mark.parametrize("policy", [each.id for each in SHIPPED.policies])
def test_what_cases_of_other_policies_state_changes_nothing(policy: str) -> None:
    """The first case of each file under every policy: each has words that others do not read."""
    count = 0
    for path in SCENARIOS:
        for case in scenarios(path)[:1]:
            try:
                found = SHIPPED.answer(
                    case,
                    policy=policy,
                    as_at=None if case.day() else "2024-06-01",
                    engine="reference",
                )
            except InputError:
                continue  # it states what this policy has no word for
            count += what_is_listed_changes_nothing(found, singly=3)
    assert count


def facts_among(nodes: Iterable[NodeKey], program: Program) -> set[NodeKey]:
    """The given attributes; a name is none, and rules may write it."""
    entities = program.vocabulary.entities
    return {
        node
        for node in nodes
        if node.attribute != "name" and entities[node.entity].attributes[node.attribute].given
    }


@pytest.mark.parametrize("policy", [each.id for each in SHIPPED.policies])
def test_a_program_knows_exactly_which_facts_something_reads(policy: str) -> None:
    """So does the policy under each other reading, of which only what changes is compiled."""
    for program in (
        SHIPPED.program(policy),
        *(each.variant.program for each in SHIPPED.readings(policy)),
    ):
        assert facts_among(program.asks, program) == facts_among(nodes_read(program), program)
