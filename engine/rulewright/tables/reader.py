"""A table as somebody gives it back: from a CSV file or a sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

from rulewright.compiler.tables import input_names
from rulewright.ir.types import Type, as_asked
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.rulebook.table_files import by_column
from rulewright.spreadsheets.csv_files import read_csv
from rulewright.spreadsheets.workbooks import Workbook
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.files import WORKBOOKS, read_bytes
from rulewright.syntax.text import Map, Seq
from rulewright.syntax.yaml_loader import read_text

from .export import without_guard
from .grid import Row, shown


def read_rows(file: str, types: dict[str, Type]) -> tuple[list[Row], list[Place]]:
    """The rows of a file (`bands.csv`, `bands.xlsx`, `bands.xlsx#Sheet`), each cell with its place.

    Raises `InputError`: RW606 (another kind of file), RW322 (columns), and what reading the file
    raises.
    """
    name, _, sheet = file.partition("#")
    path = Path(name)
    if path.suffix.lower() == ".csv":
        rows = [
            (place, list(map(without_guard, cells)))
            for place, cells in read_csv(read_text(path, name), name)
        ]
    elif path.suffix.lower() in WORKBOOKS:
        book = Workbook(read_bytes(path, name), name)
        rows = (book.sheet(sheet) if sheet else book.only_sheet()).table()
    else:
        raise InputError(
            Problem(
                Place(file),
                "RW606",
                f"`{file}` is neither a CSV file nor a workbook",
                "give a file whose name ends in `.csv` or `.xlsx`",
            )
        )
    found = by_column(rows)
    told = [
        {column: as_asked(cell, types.get(str(column))) for column, cell in row.items()}
        for _, row in found
    ]
    return told, [place for place, _ in found]


def as_written(item: RulebookEntry, rows: list[Row], places: list[Place]) -> Map:
    """The table with these rows written out, each cell with the place that it was read from.

    The columns stay as they are named; an absent id or note is left out, as it is in a rulebook.
    """
    written = Seq()
    written.place = places[0] if places else item.place
    for row, place in zip(rows, places, strict=True):
        cells = Map(
            {column: cell for column, cell in row.items() if cell or column not in ("id", "note")}
        )
        cells.place = place
        written.append(cells)
    tree = Map({k: v for k, v in item.tree.items() if k != "changed rows"})
    tree.place = item.tree.place
    tree[next(each for each in tree if each == "rows")] = written
    return tree


def short_form(item: RulebookEntry, rows: list[Row]) -> bool:
    """Whether these rows can be written as `good: 63..87`: one input, each conclusion once, and no
    other name for a row.
    """
    if input_names(item.tree) != ["input"]:
        return False
    ids = [shown(row["then"]) for row in rows]
    return len(set(ids)) == len(ids) and all(
        not row.get("note") and row.get("id", row["then"]) in ("", row["then"]) for row in rows
    )
