"""A decision table as a CSV file or a workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from rulewright.ir.types import Choice, Date, Number, Scale, Type, YesNo, show_number
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.text import Text, place_of
from rulewright.workbench import Rules

from .grid import Grid, find_table, grid_of, policy_with, types_of, under
from .workbook_writer import Writer

# A CSV cell that begins so would be calculated when a spreadsheet program opens it. A dash alone, a
# number and a range would not. Behind apostrophes too: they were put there, and one is taken away
# again.
_NUMBER = r"\s*\d+(?:\.\d+)?"
_FORMULA = re.compile(
    rf"'*(?:[=+@\t\r\uff0b\uff0d\uff1d\uff20]|-(?!(?:{_NUMBER}(?:\s*\.\.\s*-?{_NUMBER})?)?\s*\Z))"
)
KINDS = (".csv", ".xlsx")


def export_table(rules: Rules, table: str, file: str, policy: str | None = None) -> bytes:
    """The table as the bytes of a `.csv` or `.xlsx` file, under a policy or (without one) as its
    part has it.

    Raises `InputError`: RW402, RW605 (there is none of that name), RW606 (another kind of file),
    and every mistake in the rules.
    """
    kind = Path(file).suffix.lower()
    if kind not in KINDS:
        raise InputError(
            Problem(
                Place(file),
                "RW606",
                f"`{file}` is neither a CSV file nor a workbook",
                "give it a name that ends in `.csv` or `.xlsx`",
            )
        )
    book = rules.book
    if policy is not None:
        rules.choose(policy)
        item, _ = under(book, policy, table)
    else:
        item = find_table(book, table)
    holder = policy or policy_with(book, table, [each.id for each in rules.policies])
    types = types_of(book, under(book, holder, table)[1], table) if holder else {}
    grid = grid_of(item, book, types)
    if kind == ".csv":
        return csv_of(grid)
    words = {
        str(name): str(text)
        for name, text in (item.tree.get("inputs") or {"input": item.tree.get("input", "")}).items()
    }
    return _workbook(
        table,
        grid,
        types,
        words,
        str(item.tree["then"]),
        f"{book.shown}/{item.part}",
        place_of(item.id).line,
        policy,
    )


def csv_of(grid: Grid) -> bytes:
    """A table as CSV; a cell that a spreadsheet program would take for a formula begins with an
    apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in [list(grid.columns), *map(grid.cells, grid.rows)]:
        writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row])
    return text.getvalue().encode()


def without_guard(cell: Text) -> Text:
    """A cell of a CSV file without the apostrophe that `csv_of` put before it."""
    return Text.at(cell[1:], cell.place) if cell.startswith("'") and _FORMULA.match(cell) else cell


def _workbook(
    table: str,
    grid: Grid,
    types: dict[str, Type],
    words: dict[str, str],
    then: str,
    part: str,
    line: int,
    policy: str | None,
) -> bytes:
    writer = Writer()
    lists = {
        column: _tests(kind) if column != "then" else _conclusions(kind)
        for column, kind in types.items()
    }
    writer.sheet(_sheet_name(table), grid.columns, map(grid.cells, grid.rows), lists)
    writer.about(
        "what this is",
        f"the decision table {table}, "
        + (f"as it is under the policy {policy}" if policy else "as it is written"),
    )
    writer.about("where it stands", f"{part}, line {line}")
    writer.about("how to give it back", f"rulewright table import FILE {table}")
    writer.about("")
    writer.about("column", "what stands in it", "which cells are allowed")
    for column in grid.columns:
        if column == "id":
            writer.about(
                "id",
                "the name of the row, by which trails and amendments call it",
                "a word of its own",
            )
        elif column == "note":
            writer.about("note", "a remark for readers", "any text")
        elif column == "then":
            writer.about(
                "then",
                then,
                f"{types['then'].expected()}, or has no value" if "then" in types else "",
            )
        else:
            writer.about(
                column,
                words.get(column, ""),
                allowed(types.get(column), [row.get(column, "") for row in grid.rows]),
            )
    writer.about("")
    writer.about(
        "a row",
        "holds when all its cells do; write - where any value will do, and leave no cell of an input empty",
    )
    writer.about(
        "cells",
        "are text: write values, no formulas; do not merge cells, hide rows or columns, or rename headings",
    )
    return writer.data()


def _sheet_name(table: str) -> str:
    return "".join(" " if each in r"[]:*?/\'" else each for each in table)[:31].strip() or "table"


def _tests(kind: Type) -> list[str]:
    match kind:
        case Scale():
            inner = [each for each in kind.order if each not in (kind.order[0], kind.order[-1])]
            return [
                *kind.values,
                *(f"{each} or better" for each in inner),
                *(f"{each} or worse" for each in inner),
                "-",
            ]
        case Choice():
            return [*kind.values, "-"]
        case YesNo():
            return ["yes", "no", "-"]
    return []


def _conclusions(kind: Type) -> list[str]:
    if isinstance(kind, Scale | Choice):
        return [*kind.values]
    return ["yes", "no"] if isinstance(kind, YesNo) else []


_NUMBERS, _DATES = re.compile(r"\d+(?:\.\d+)?"), re.compile(r"\d{4}-\d{2}-\d{2}")


def allowed(kind: Type | None, cells: Iterable[str]) -> str:
    """Which cells a column may hold, with examples made of the values that stand in it."""
    match kind:
        case Scale():
            return f"{kind.expected()}; {kind.order[1]} or better, {kind.order[-2]} or worse; -"
        case Choice() | YesNo():
            return f"{kind.expected()}; -"
        case Number():
            ends = [show_number(each) for each in (kind.low, kind.high) if each is not None]
            low, high = _two(
                kind,
                [*(each for cell in cells for each in _NUMBERS.findall(cell)), *ends, "1", "2"],
            )
            return f"{kind.expected()}: {low}, {low}..{high}, up to {low}, {high} or more, more than {low}; -"
        case Date():
            low, high = _two(
                kind,
                [
                    *(each for cell in cells for each in _DATES.findall(cell)),
                    "2024-03-01",
                    "2024-12-31",
                ],
            )
            return f"a date: {low}, between {low} and {high}, on or before {low}, after {high}; -"
    return "a value; -"


def _two(kind: Number | Date, written: list[str]) -> tuple[str, str]:
    """The first two different values of those written that a column may hold, the lower one
    first.
    """
    values = {kind.parse(each): each for each in reversed(written)}
    first = [each for each in dict.fromkeys(map(kind.parse, written)) if each is not None][:2]
    low, *others = sorted(first)
    return values[low], values[others[0] if others else low]
