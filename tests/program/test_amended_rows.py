"""Rows of tables, in whatever form they are written, are changed, repealed, restored and added by
amendments.
"""

from __future__ import annotations

import pytest

from rulewright.syntax.errors import InputError
from tests.small import CASE, PART, book, possible, program

NEW = "policy: new\nstatus: proposed\namends: old\n"
NEWER = "policy: newer\nstatus: proposed\namends: new\n"
SHORT = PART[PART.index("- table: bands") : PART.index("- {rule: pass")]
LONG = """- table: bands
  of: school
  inputs: {points: the points}
  then: the banded
  rows:
    - {id: low, points: up to 49, then: poor}
    - {id: middle, points: 50..69, then: fair}
    - {id: high, points: 70 or more, then: good}
"""
CSV = """- table: bands
  of: school
  inputs: {points: the points}
  then: the banded
  rows: bands.csv
"""
CELLS = "id,points,then\nlow,up to 49,poor\nmiddle,50..69,fair\nhigh,70 or more,good\n"
NUMBERED = "points,then\nup to 49,poor\n50..69,fair\n70 or more,good\n"


def amended(form: str, text: str, cells: str = CELLS, policy: str = "new", **more: str):  # type: ignore[no-untyped-def]
    return program(
        policy, part_yaml=PART.replace(SHORT, form), bands_csv=cells, new_yaml=NEW + text, **more
    )


def banded(compiled, points: int) -> list[str]:  # type: ignore[no-untyped-def]
    return possible(compiled, "banded", {**CASE, "school": {**CASE["school"], "points": points}})  # type: ignore[dict-item]


@pytest.mark.parametrize("form", [LONG, CSV], ids=["long", "csv"])
@pytest.mark.parametrize(
    ("amendment", "points", "after"),
    [
        ("replaces: {'bands[middle]': {then: excellent}}", 62, ["excellent"]),
        (
            "replaces: {'bands[middle]': {points: 50..60}, 'bands[high]': {points: 61 or more}}",
            62,
            ["good"],
        ),
        ("repeals: ['bands[middle]']", 62, ["no value"]),
        ("repeals: ['bands[m*]']", 62, ["no value"]),
        (
            "replaces: {bands: {rows: [{id: high, points: 70..89}, {id: top, points: 90 or more, then: excellent}]}}",
            95,
            ["excellent"],
        ),
        (
            "replaces: {bands: {rows: [{id: high, points: 70..89}, {id: top, points: 90 or more, then: excellent}]}}",
            62,
            ["fair"],
        ),
        ("replaces: {bands: {rows: [{points: 0 or more, then: excellent}]}}", 20, ["excellent"]),
        (
            "replaces: {bands: {inputs: null, input: the points, rows: {fair: 0 or more}}}",
            20,
            ["fair"],
        ),
    ],
)
def test_rows_of_long_tables(form: str, amendment: str, points: int, after: list[str]) -> None:
    assert banded(amended(form, amendment), points) == after


def test_rows_without_ids_are_named_by_number() -> None:
    assert banded(amended(CSV, "replaces: {'bands[2]': {then: excellent}}", NUMBERED), 62) == [
        "excellent"
    ]
    assert banded(
        amended(CSV, "repeals: ['bands[1]']\nreplaces: {'bands[2]': {points: up to 69}}", NUMBERED),
        20,
    ) == ["fair"]


def test_a_row_of_a_csv_file_is_restored() -> None:
    restored = amended(
        CSV,
        "repeals: ['bands[middle]']",
        policy="newer",
        newer_yaml=NEWER + "restores: ['bands[middle]']",
    )
    assert restored.nodes == program(part_yaml=PART.replace(SHORT, CSV), bands_csv=CELLS).nodes


def test_a_short_row_is_added() -> None:
    assert banded(
        amended(SHORT, "replaces: {bands: {rows: {excellent: 80 or more, good: 70..79}}}"), 85
    ) == ["excellent"]


@pytest.mark.parametrize(
    ("amendment", "path", "after"),
    [
        (
            "replaces: {'summary.needed[1]': up to 3, 'summary.needed[2]': 4 or more}",
            "1a > result",
            ["poor"],
        ),
        (
            "replaces: {summary: {let: {needed: {table: {rows: {1: up to 2, 2: 3, 3: 4 or more}}}}}}",
            "1a > result",
            ["good"],
        ),
    ],
)
def test_rows_of_a_principles_own_table(amendment: str, path: str, after: list[str]) -> None:
    assert possible(amended(SHORT, amendment), path) == after


def test_a_row_of_a_principles_own_table_is_repealed_and_restored() -> None:
    cut = "repeals: ['summary.needed[2]']\nreplaces: {'summary.needed[1]': 0 or more}"
    assert possible(amended(SHORT, cut), "1a > result") == ["poor"]
    again = NEWER + "restores: ['summary.needed[2]']\nreplaces: {'summary.needed[1]': up to 2}"
    assert amended(SHORT, cut, policy="newer", newer_yaml=again).nodes == program().nodes


@pytest.mark.parametrize(
    ("form", "amendment", "message"),
    [
        (
            CSV,
            "replaces: {'bands[midle]': {then: good}}",
            "nothing called `bands[midle]` to replace; did you mean `bands[middle]`",
        ),
        (
            CSV,
            "repeals: ['bands[midle]']",
            "nothing called `bands[midle]` to repeal; did you mean `bands[middle]`",
        ),
        (LONG, "repeals: ['bands[4]']", "nothing called `bands[4]` to repeal"),
        (CSV, "replaces: {'bands[middle]': good}", "`bands[middle]` cannot be replaced by `good`"),
        (
            LONG,
            "replaces: {bands: {rows: {good: 70 or more}}}",
            "the rows of `bands` are long, these are short",
        ),
        (
            LONG,
            "replaces: {bands: {rows: [{id: top, points: 90 or more, then: good}, {points: 3, then: poor}]}}",
            "has no `id`",
        ),
        (
            SHORT,
            "replaces: {'summary.needed[3]': 9}",
            "nothing called `summary.needed[3]` to replace; did you mean `summary.needed[2]`",
        ),
        (
            SHORT,
            "repeals: ['summary.neded[2]']",
            "nothing called `summary.neded[2]` to repeal; did you mean `summary.needed[2]`",
        ),
    ],
)
def test_mistakes_in_rows_are_told(form: str, amendment: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        amended(form, amendment)
    assert message in str(error.value)


def test_a_broken_csv_file_is_told_once() -> None:
    with pytest.raises(InputError) as error:
        amended(CSV, "repeals: ['bands[middle]']", "id,points,then\nlow,up to 49\n")
    assert error.value.problems[0].code == "RW322"


def test_the_book_is_left_as_it_was() -> None:
    rulebook = book(
        part_yaml=PART.replace(SHORT, CSV),
        bands_csv=CELLS,
        new_yaml=NEW + "repeals: ['bands[middle]']",
    )
    from rulewright.compiler.compiler import compile_policy

    before = compile_policy(rulebook, "old").digest
    compile_policy(rulebook, "new")
    assert compile_policy(rulebook, "old").digest == before
