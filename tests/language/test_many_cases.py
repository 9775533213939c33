"""Files of many cases and cases of many things: what is held of them, and where reading stops."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from rulewright import InputError, Rules, cases
from rulewright.facts import case_texts
from rulewright.facts.cases import bind_case
from rulewright.ir import entities
from rulewright.spreadsheets.csv_files import Record, read_csv, read_records
from rulewright.syntax.errors import (
    MOST_SHOWN,
    Place,
    Problem,
    Problems,
    RepeatedMistakes,
    few,
    lines,
)
from rulewright.syntax.text import Boolean, Map, Seq, Text
from rulewright.syntax.yaml_loader import load_yaml
from tests.small import program
from tests.workbooks import workbook

MANY = 3_000
FACTS = "facts: a school\nas at: 2023-06-01\nschool: {kind: primary, classes: [{name: 1a}]}\n"
TABLE = "- scenarios: table\n  given: facts.yaml\n  rows: rows.csv\n"
ROWS = "case,school > points,expect > banded\n" + "".join(
    f"case {n},{n % 100},good; fair\n" for n in range(MANY)
)
FILES = {
    "lines.jsonl": "".join(f'{{"case": "case {n}", "as at": "2023-06-01", "school": {{"points": {n % 100}}}}}\n' for n in range(MANY)),
    "given.jsonl": "".join(f'{{"case": "case {n}", "given": "facts.yaml", "school": {{"points": {n % 100}}}}}\n' for n in range(MANY)),
    "given.yaml": "".join(f"- {{case: case {n}, given: facts.yaml, school: {{points: {n % 100}}}}}\n" for n in range(MANY)),
    "rows.csv": ROWS,
    "table.yaml": TABLE,
    "inline.yaml": "- scenarios: table\n  given: facts.yaml\n  columns: [case, school > points]\n  rows:\n"
                   + "".join(f"    - [case {n}, {n % 100}]\n" for n in range(MANY)),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, content in {**FILES, "facts.yaml": FACTS}.items():
        Path(name).write_text(content, "utf-8")
    return tmp_path


def held(kind: type) -> int:
    """How many objects of a kind there are."""
    gc.collect()
    return sum(type(each) is kind for each in gc.get_objects())


@pytest.mark.parametrize("name", FILES)
def test_of_many_cases_only_the_last_few_are_held_in_full(name: str, folder: Path) -> None:
    """Those of a YAML file are there as they were parsed; what they are given, and what a row
    states, is not.
    """
    before = held(Map)
    found = cases(name)
    assert len(found) == MANY
    written = {"given.yaml": 2 * MANY}.get(name, 0)
    assert held(Map) - before < written + 32 * 8
    assert [each.name.removeprefix("table: ") for each in found] == [
        f"case {n}" for n in range(MANY)
    ]
    first, last = found[0], found[-1]
    assert first.tree == cases(name)[0].tree
    assert first.tree is first.tree
    assert [each.place for each in found] == [each.tree["case"].place for each in found]
    assert held(Map) - before < written + 64 * 8
    assert last.file == name
    assert first != last


@pytest.mark.parametrize("name", FILES)
def test_a_case_that_was_let_go_comes_back_as_it_was(name: str, folder: Path) -> None:
    vocabulary = program().vocabulary
    found = cases(name)
    first = [bind_case(each, vocabulary) for each in found[:3]]
    for each in found:
        each.tree  # noqa: B018
    assert [bind_case(each, vocabulary).digest for each in found[:3]] == [
        each.digest for each in first
    ]
    assert len({each.digest for each in first}) == 3


def test_more_cases_than_a_file_may_hold_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_texts, "MAX_CASES", 10)
    for name, line in {"lines.jsonl": 11, "given.yaml": 11, "rows.csv": 12}.items():
        with pytest.raises(
            InputError, match=rf"{name}:{line}:\d+: RW102 the file holds more than 10 cases"
        ):
            cases(name)
    Path("table.yaml").write_text(TABLE * 20, "utf-8")  # the same rows again and again
    with pytest.raises(
        InputError, match=r"rows\.csv:12:1: RW102 the file holds more than 10 cases"
    ):
        cases("table.yaml")


def test_rows_that_several_tables_name_are_read_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rulewright.facts import scenario_tables

    read, number = scenario_tables.read_bytes, 0

    def count(*given: object) -> bytes:
        nonlocal number
        number += 1
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(scenario_tables, "read_bytes", count)
    Path("table.yaml").write_text(TABLE * 5, "utf-8")
    assert len(cases("table.yaml")) == 5 * MANY
    Path("rows.csv").write_text("nothing\n", "utf-8")
    with pytest.raises(InputError, match=r"rows\.csv:1:1: RW815 no column is called `case`"):
        cases("table.yaml")
    assert number == 2


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", 'a,"b\nc"\n\n"1 ""x""",2\n', "a\n\n , \nb", "a,b\r\n1,2\r\n"]
)
def test_a_record_has_the_cells_that_the_row_has(text: str) -> None:
    rows, records = read_csv(text, "a.csv"), read_records(text, "a.csv")
    assert [(each.place, each.cells()) for each in records] == rows
    assert [[cell.place for cell in each.cells()] for each in records] == [
        [cell.place for cell in cells] for _, cells in rows
    ]
    assert all(isinstance(each, Record) for each in records)


def test_a_row_of_more_cells_than_a_spreadsheet_has_columns_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"a\.csv:1:16385: RW102 the row has 16,385 cells, at most 16,384 are read"
    ):
        read_csv("," * 16_384 + "x\n", "a.csv")


# -- things


def classes(number: int) -> str:
    """A school of so many classes."""
    return "case: x\nas at: 2023-06-01\nschool:\n  classes:\n" + "".join(
        f"    - name: c{n}\n" for n in range(number)
    )


def bound(text: str) -> object:
    """The case, read against the small vocabulary."""
    Path("case.yaml").write_text(text, "utf-8")
    [found] = cases("case.yaml")
    return bind_case(found, program().vocabulary)


def test_a_case_of_more_things_than_it_may_list_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulewright.facts.binding.MAX_THINGS", 10)
    bound(classes(10))
    with pytest.raises(
        InputError, match=r"case\.yaml:15:7: RW102 the case holds more than 10 things"
    ):
        bound(classes(11))


def test_fixed_members_count_as_well(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vocabulary of a few lines can have a thousand members in each of a thousand."""
    monkeypatch.setattr("rulewright.facts.binding.MAX_ENTITIES", 40)
    monkeypatch.setattr(entities, "MAX_THINGS", 10)
    bound(classes(9))  # each with its three subjects, and those of the school
    with pytest.raises(
        InputError, match=r"RW102 the case holds more than 40 things, with their fixed members"
    ):
        bound(classes(10))


def test_a_workbook_of_more_things_than_a_case_may_list_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulewright.facts.sheets.MAX_THINGS", 10)
    monkeypatch.setattr(entities, "MAX_THINGS", 10)
    Path("case.xlsx").write_bytes(
        workbook(
            "= case\ncase | c\nas at | 2024-06-01\n= services\nname\n"
            + "\n".join(f"s{n}" for n in range(11))
        )
    )
    [found] = cases("case.xlsx")
    with pytest.raises(
        InputError, match=r"case\.xlsx!services!A12: RW102 the case holds more than 10 things"
    ):
        Rules().run(found)


def test_a_thing_is_found_by_its_name_without_looking_at_all_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        classes(2_000) + "supplied:\n" + "".join(f"  c{n} > result: good\n" for n in range(2_000))
    )
    asked = 0
    key = entities.key

    def count(name: str) -> str:
        nonlocal asked
        asked += 1
        return key(name)

    monkeypatch.setattr(entities, "key", count)
    bound(text)
    assert asked < 50_000  # each against each would be four million


# -- messages


def problem(number: int, file: str = "a.yaml", code: str = "RW501") -> Problem:
    return Problem(Place(file, number, 1), code, f"word {number}", "mend it")


def test_of_one_kind_in_one_file_a_hundred_are_shown_and_the_others_counted() -> None:
    several = [(number, "a.yaml", "RW501") for number in range(1, 251)] + [
        (number, "a.yaml", "RW502") for number in range(1, 102)
    ]
    error = InputError(
        problem(*each)
        for each in several + [(number, "b.yaml", "RW501") for number in range(1, 101)]
    )
    assert len(error.problems) == 451
    shown = str(error).splitlines()
    assert len(shown) == 302
    told = [each for each in shown if "more" in each]
    assert told == [
        "a.yaml:100:1: RW501 and 150 more like these",
        "a.yaml:100:1: RW502 and 1 more like this",
    ]
    assert shown[-1] == "b.yaml:100:1: RW501 word 100; mend it"
    assert list(lines(error.problems)) == list(lines(few(error.problems))) == shown


@pytest.mark.parametrize("gather", [Problems, RepeatedMistakes])
def test_what_is_only_counted_is_counted_once_however_it_was_gathered(
    gather: Callable[[], Problems],
) -> None:
    problems, all_of_them = gather(), Problems()
    for number in range(1, 1_001):
        problems.add("RW115", Place("b.xlsx!s", number, 1), "an error")
    assert len(problems.found) == (MOST_SHOWN if gather is RepeatedMistakes else 1_000)
    with pytest.raises(InputError) as error:
        problems.stop_if_any()
    all_of_them.take(error.value)
    all_of_them.take(error.value)
    with pytest.raises(InputError) as again:
        all_of_them.stop_if_any()
    assert str(again.value) == str(error.value)
    assert str(error.value).splitlines()[-1] == "b.xlsx!s!A100: RW115 and 900 more like these"


def test_reading_stops_at_many_mistakes() -> None:
    problems = Problems(most=3)
    for number in range(1, 4):
        problems.add("RW501", Place("a.yaml", number, 1), "a mistake")
    with pytest.raises(
        InputError,
        match=r"a\.yaml:4:1: RW102 more than 3 mistakes were found, and reading stopped here",
    ) as error:
        problems.add("RW501", Place("a.yaml", 4, 1), "a mistake")
    assert len(error.value.problems) == 5
    with pytest.raises(InputError, match="RW102 more than 3 mistakes were found"):
        Problems(most=3).take(error.value)


def test_help_that_takes_time_is_asked_for_the_mistakes_that_are_shown() -> None:
    asked = 0

    def help() -> str:
        nonlocal asked
        asked += 1
        return "did you mean `a`?"

    problems = Problems()
    for number in range(500):
        problems.add("RW501", Place("a.yaml", number + 1, 1), "a mistake", help)
    assert asked == MOST_SHOWN
    assert problems.found[0].help == "did you mean `a`?"
    assert len(problems.found) == 500


# -- text


@pytest.mark.parametrize("value", [Text("a"), Boolean("TRUE"), Map({"a": 1}), Seq([1])])
def test_what_was_written_has_no_dictionary_of_attributes_and_keeps_its_place(
    value: Text | Map | Seq,
) -> None:
    assert not hasattr(value, "__dict__")
    assert value.place.file == ""
    value.place = Place("a.yaml", 3, 4)
    again = pickle.loads(pickle.dumps(value))
    assert (type(again), again, again.place) == (type(value), value, Place("a.yaml", 3, 4))
    assert not hasattr(value, "nothing")
    assert hasattr(value, "quoted") == isinstance(value, Text)
    assert hasattr(value, "flow") == isinstance(value, Seq)
    read = load_yaml("a: [b, 'c']", "a.yaml")
    assert [each.quoted for each in read["a"]] == [False, True]
    assert read["a"].flow
