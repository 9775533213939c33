"""Boundaries that move: one value changes sides, no gap or overlap comes of it, and a case on the
boundary tells.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.facts.cases import CaseText
from rulewright.ir.value_sets import meet, region
from rulewright.lint import check
from rulewright.mutation.invalid import Refusing
from rulewright.mutation.mutants import Making
from rulewright.mutation.operators.bands import moved_boundaries
from rulewright.mutation.written_entries import WrittenEntries
from rulewright.suggest.runner import suggest
from rulewright.syntax.yaml_loader import load_yaml
from rulewright.workbench import Rules

COMMON = Path(__file__).parents[2] / "errors" / "common" / "rules"
TABLE = """
- table: stages
  of: trust
  input: the beds
  then: the stage
  rows:
"""
cuts = st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(sorted)


def rows_of(ends: list[int]) -> list[str]:
    """The cells of bands that end there; the last has no end. One value alone is a band too."""
    starts = [0, *(each + 1 for each in ends)]
    spans = [
        f"{low}..{high}" if low < high else str(low)
        for low, high in zip(starts[1:], ends[1:], strict=False)
    ]
    return [f"up to {ends[0]}", *spans, f"{starts[-1]} or more"]


def rulebook(folder: Path, cells: list[str]) -> Rules:
    shutil.copytree(COMMON, folder, dirs_exist_ok=True)
    part = (folder / "part.yaml").read_text("utf-8").partition("- table: stages")[0]
    rows = "".join(
        f"    - {{beds: {cell}, then: {'ready' if number % 2 else 'not ready'}}}\n"
        for number, cell in enumerate(cells)
    )
    table = TABLE.replace("input: the beds", "inputs: {beds: the beds}")
    (folder / "part.yaml").write_text(part + table + rows, "utf-8")
    return Rules(folder)


def errors(rules: Rules) -> set[str]:
    return {f"{each.code} {each.message}" for each in check(rules.book) if each.severity == "error"}


@settings(max_examples=15, deadline=None)
@given(cuts)
def test_one_value_changes_sides_and_the_rows_still_share_all_between_them(ends: list[int]) -> None:
    with TemporaryDirectory() as folder:
        rules = rulebook(Path(folder), rows_of(ends))
        node = next(
            each for each in rules.program("example").nodes if each.key.attribute == "stage"
        )
        found = list(moved_boundaries(node.rules))
        one_value = sum(" " not in each and ".." not in each for each in rows_of(ends))
        assert len(found) >= 2 * len(ends) - 2 * one_value
        for each in found:
            before, after = (
                region(rule.conditions[0].body) for rule in (each.lower, each.new_lower)
            )  # type: ignore[arg-type]
            other = region(each.new_upper.conditions[0].body)  # type: ignore[arg-type]
            assert before != after
            assert after is not None and other is not None and not meet(after, other)
            assert int(each.ends[1]) + 1 == int(each.begins[1])
            assert abs(int(each.ends[1]) - int(each.ends[0])) == 1


@settings(max_examples=12, deadline=None)
@given(cuts)
def test_what_is_refused_is_what_check_finds_an_error_in(ends: list[int]) -> None:
    """Each mutant of the rows' cells is written into the file, and checked as a person would."""
    cells = rows_of(ends)
    with TemporaryDirectory() as folder, TemporaryDirectory() as other:
        rules = rulebook(Path(folder), cells)
        making = Making(WrittenEntries(rules.book))
        making.add(rules.program("example"))
        refusing = Refusing(rules.book)
        for mutant in making.mutants():
            edits = [(old, new) for _, old, new in mutant.effects["example"].rules]
            if mutant.operator not in ("threshold", "comparison", "boundary moved") or not all(
                "stages[" in old.id for old, _ in edits
            ):
                continue
            changed = list(cells)
            for old, new in edits:
                assert new is not None
                changed[int(old.id.removeprefix("stages[").removesuffix("]")) - 1] = new.conditions[
                    0
                ].text.partition(" is ")[2]
            wrong = errors(rulebook(Path(other), changed)) - errors(rules)
            assert bool(refusing.reason(mutant)) == bool(wrong), (mutant.what, changed, wrong)


def test_a_case_on_the_boundary_is_suggested(tmp_path: Path) -> None:
    rules = rulebook(tmp_path, rows_of([9, 29]))
    text = CaseText(
        load_yaml(
            "- {case: a, as at: 2024-03-01, trust: {beds: 15}, expect: {stage: ready}}", "a.yaml"
        )[0],
        "a.yaml",
    )
    found = suggest(rules, [text], only=["stages"], workers=1)
    told = {each.about: each for each in found.suggestions} | {
        also: each for each in found.suggestions for also in each.also
    }
    moved = {what for what in (*told, *found.without) if "ends at" in what}
    assert len(moved) == 4
    assert moved <= told.keys()
    for what in moved:
        each = told[what]
        assert any(f"beds: {number}" in each.scenario for number in (9, 10, 29, 30)), each.scenario
        assert each.now != each.then


@pytest.mark.untraced
def test_a_boundary_of_a_count_is_told_by_a_case_with_so_many_things() -> None:
    case = (
        "- {case: a, as at: 2023-06-01, trust: {name: T, trust type: mental health, services: [{name: W, key questions: "
        "{safe: good, effective: good, caring: good, responsive: good, well-led: good}}]}, expect: {W: good}}"
    )
    text = CaseText(load_yaml(case, "a.yaml")[0], "a.yaml")
    found = suggest(Rules(), [text], policy="legacy", only=["aggregation.threshold[2]"], workers=1)
    moved = [each for each in found.suggestions if " ends at " in each.about]
    things = {
        each.about.partition(" ends at ")[2][:3]: each.scenario.count("- name: W ")
        for each in moved
    }
    assert things == {"`7`": 8, "`9`": 9}
    assert found.without == []
