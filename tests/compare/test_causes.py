"""Every cause is tried again on whole programs: undoing it undoes the difference, undoing a part of
it does not.

And undoing a change gives what the rulebook gives in whose files the edit was taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from rulewright.compare.comparison import compare
from rulewright.compare.pairs import Pair, pair_of
from rulewright.compare.partial_revert import Undone, by_kind
from rulewright.compare.record import Comparison, DifferingValue
from rulewright.compare.runner import run
from rulewright.compare.sides import ComparisonSide
from rulewright.compare.view import View
from rulewright.compare.wording import told
from rulewright.engines.evaluator import evaluate
from rulewright.facts.cases import CaseText, bind_case
from rulewright.ir.program import Program
from rulewright.syntax.errors import InputError
from rulewright.syntax.text import key
from rulewright.workbench import Rules, cases, parameters_at

from .editing import FOLDERS, RULES, Edit, edits_of, rulebook

CASES = cases("tests/compare/cases.yaml")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_cause_undoes_its_differences_and_no_part_of_it_does(
    folder: Path, tmp_path: Path
) -> None:
    old, new = (
        ComparisonSide("old", Rules(RULES, "rules")),
        ComparisonSide("new", rulebook(tmp_path / "new", edits_of(folder))),
    )
    found = compare(old, new, CASES)
    check_causes(found, pair_of(old, new, "first", "first"), CASES)


def test_so_do_the_causes_between_two_policies() -> None:
    rules = Rules(RULES)
    old, new = ComparisonSide("first", rules, "first"), ComparisonSide("second", rules, "second")
    found = compare(old, new, CASES)
    assert found.differences
    check_causes(found, pair_of(old, new, "first", "second"), CASES)


@pytest.mark.untraced
def test_so_do_those_of_shipped_scenarios() -> None:
    """From the superseded policy to the guidance, where changes act together."""
    rules = Rules()
    old, new = (
        ComparisonSide("legacy", rules, "legacy"),
        ComparisonSide("guidance-2024-03", rules, "guidance-2024-03"),
    )
    texts = [
        *cases("scenarios/legacy/trust-overall.yaml")[:2],
        *cases("scenarios/legacy/mergers.yaml")[:1],
        *cases("scenarios/guidance-2024-03/withdrawal.yaml")[:1],
    ]
    found = compare(old, new, texts)
    assert max(len(each.groups) for each in found.causes) >= 3
    found.differences = [
        each
        for number, each in enumerate(found.differences)
        if each.cause not in {before.cause for before in found.differences[:number]}
    ]
    check_causes(found, pair_of(old, new, "legacy", "guidance-2024-03"), texts)


def check_causes(found: Comparison, pair: Pair, texts: list[CaseText]) -> None:
    """Each difference, with whole programs in which the units of its cause, or some of them, are
    undone.
    """
    numbers = {unit.changes: unit.number for unit in pair.undoing.units}
    named = {(text.file, text.name): text for text in texts}
    for each in found.differences:
        cause = found.causes[each.cause - 1]
        undone = [numbers[tuple(group)] for group in cause.groups]
        text = named[each.file, each.case]
        assert undoes(pair, text, each, frozenset(undone)), each
        for size in range(len(undone)):
            for part in combinations(undone, size):
                assert not undoes(pair, text, each, frozenset(part)), (each, part)


def undoes(pair: Pair, text: CaseText, each: DifferingValue, undone: Undone) -> bool:
    """Whether the case says what it said before, when a whole program without these changes is run
    from the start.
    """
    try:
        program = pair.undoing.program(undone)
        words, rules, published = answer(program, text, each)
    except InputError:
        return False
    if each.about == "deciding rule":
        return (words, list(rules)) == (each.after, each.decided_before)
    if each.about == "publication":
        words = words if published else f"{words} (not published)"
    return words == told(each)[0]


def answer(
    program: Program, text: CaseText, each: DifferingValue
) -> tuple[str, tuple[str, ...], bool]:
    case = bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
    parameters, _ = parameters_at(program, text.day() or 0, {})
    view = View(program, by_kind(program.nodes), case, text.day() or 0, parameters)
    said = view.said((each.entity, key(each.attribute)))
    whole = evaluate(program, case, text.day() or 0, parameters)
    assert all(whole.settled[at] == settled for at, settled in view.settled.items())
    return said.words, said.rules, said.published


# -- the edits themselves taken back


def subsets(edits: list[Edit]) -> Iterator[tuple[Edit, ...]]:
    for size in range(len(edits) + 1):
        yield from combinations(edits, size)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_undoing_a_change_is_taking_the_edit_back(folder: Path, tmp_path: Path) -> None:
    edits = edits_of(folder)
    old, new = (
        ComparisonSide("old", Rules(RULES, "rules")),
        ComparisonSide("new", rulebook(tmp_path / "new", edits)),
    )
    pair = pair_of(old, new, "first", "first")
    tried = 0
    for number, back in enumerate(subsets(edits)):
        ids = {each for edit in back for each in edit.changes}
        undone = frozenset(
            unit.number for unit in pair.undoing.units if ids.issuperset(unit.changes)
        )
        left = [each for each in edits if each not in back]
        touched = {
            each for unit in pair.undoing.units if unit.number in undone for each in unit.changes
        }
        if any(touched & {*each.changes} for each in left) or any(
            {*each.changes} - touched & _with_effect(pair) for each in back
        ):
            continue  # these go together with others
        try:
            program = rulebook(tmp_path / str(number), left).program("first")
        except InputError:
            continue  # without the others this is no rulebook
        world = pair.undoing.program(undone)
        for text in CASES:
            assert outcomes(world, text) == outcomes(program, text), (back, text.name)
        tried += 1
    assert tried >= 2


def _with_effect(pair: Pair) -> set[str]:
    return {each for unit in pair.undoing.units for each in unit.changes}


def outcomes(program: Program, text: CaseText) -> dict[tuple[str, str], object]:
    """All that is said of a case, by path; what a policy says nothing of is left out."""
    case = bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
    parameters, _ = parameters_at(program, text.day() or 0, {})
    view = View(program, by_kind(program.nodes), case, text.day() or 0, parameters)
    spots = [
        (entity.path, name)
        for entity in case.entities
        for name in view.nodes.get(view.kinds[entity.index], {})
    ]
    return {spot: view.said(spot) for spot in spots if view.speaks_of(spot)}


def test_a_case_says_the_same_whether_it_is_looked_at_whole_or_in_part() -> None:
    rules = Rules(RULES)
    pair = pair_of(
        ComparisonSide("first", rules, "first"),
        ComparisonSide("second", rules, "second"),
        "first",
        "second",
    )
    for text in CASES:
        ran = run(text, text.day() or 0, pair.undoing)
        for size in range(len(pair.undoing.units) + 1):
            for undone in map(frozenset, combinations(range(len(pair.undoing.units)), size)):
                whole, part = outcomes(pair.undoing.program(undone), text), ran.view(undone)
                assert part is not None
                assert {spot: part.said(spot) for spot in whole} == whole
