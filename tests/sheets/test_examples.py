"""What a sheet `read me` gives as an example can be written there, and is of the rulebook at
hand.
"""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.compiler.separate_conditions import scope_of
from rulewright.compiler.tables import read_cell
from rulewright.ir.nodes import Parameter
from rulewright.ir.types import Date, Number, Type
from rulewright.syntax.text import Text, key
from rulewright.tables.case_template import example_path, template
from rulewright.tables.export import allowed, export_table
from rulewright.workbench import Rules

ROOT = Path(__file__).parents[2]
BOOKS = ["rules/cqc", "tests/errors/common/rules", "tests/cli/none-is", "tests/handbook/rulebook"]
SCOPE = scope_of(Rules().program("guidance-2024-03"))
_numbers = st.builds(
    lambda whole, low, wide: Number(
        whole, low, None if low is None or wide is None else low + wide
    ),
    st.booleans(),
    st.none() | st.integers(-3, 90),
    st.none() | st.integers(0, 90),
)
_forms = ("{}", "{}..120", "up to {}", "{}.5 or more", "-")
_cells = st.lists(st.builds(str.format, st.sampled_from(_forms), st.integers(0, 119)))


def examples(kind: Type, cells: list[str]) -> list[str]:
    said = allowed(kind, cells).partition("; -")[0]
    return said.rpartition(": ")[2].split(", ")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(_numbers, st.just(Date())), _cells)
def test_every_example_of_a_cell_can_be_written(kind: Number | Date, cells: list[str]) -> None:
    for each in examples(kind, cells):
        assert read_cell(Text(each), Parameter("input", kind), SCOPE) is not None


def test_examples_are_values_of_the_table_where_it_has_some() -> None:
    assert examples(Number(True, 0, 100), ["up to 38", "39..62"]) == [
        "38",
        "38..39",
        "up to 38",
        "39 or more",
        "more than 38",
    ]
    assert examples(Number(True, 0, 10), ["up to 38", "-"]) == [
        "0",
        "0..10",
        "up to 0",
        "10 or more",
        "more than 0",
    ]
    assert examples(Number(False), ["1.5 or more", "-"])[0] == "1"
    assert Number(False).parse("1.5") == Fraction(3, 2)


@pytest.mark.parametrize("folder", BOOKS)
def test_the_sheets_of_a_rulebook_name_nothing_of_another(folder: str) -> None:
    from openpyxl import load_workbook

    rules = Rules(folder)
    vocabulary = rules.program(rules.policies[-1].id).vocabulary
    thing, attribute = (key(each) for each in example_path(vocabulary).split(" > "))
    entity = vocabulary.entities[thing.removeprefix("example ")]
    assert not entity.attributes[attribute].given
    assert thing.startswith("example ") == (entity is not vocabulary.root)
    made = [
        template(rules),
        *(
            export_table(rules, str(item.id), "t.xlsx")
            for items in rules.book.parts.values()
            for item in items
            if item.kind == "table"
        ),
    ]
    for each in made:
        said = {
            str(cell.value)
            for row in load_workbook(io.BytesIO(each))["read me"].iter_rows()
            for cell in row
        }
        assert not any(
            "North Hospital" in text or ("63..87" in text and folder != "rules/cqc")
            for text in said
        )
