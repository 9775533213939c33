"""The rows of a table that stand in a file of the rulebook: CSV, or a sheet of a workbook."""

from __future__ import annotations

from rulewright.spreadsheets.csv_files import Rows
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.files import WORKBOOKS
from rulewright.syntax.text import Text, place_of

from .rulebook import Rulebook, RulebookEntry


def rows_of_a_file(
    item: RulebookEntry, path: Text, book: Rulebook
) -> list[tuple[Place, dict[str, Text]]]:
    """The rows of a CSV file (`bands.csv`) or of a sheet of a workbook (`bands.xlsx`,
    `bands.xlsx#Sheet1`).

    Each as (place, cell by column). Raises `InputError` (RW322, RW323).
    """
    file = book.file_of_rows(path, item.part)
    if file is None:
        if path.partition("#")[0].endswith(WORKBOOKS[1:]):
            raise InputError(
                Problem(
                    place_of(path, item.place),
                    "RW323",
                    f"`{path}` is not a file that rows are read from",
                    "save it as `.xlsx` or `.csv`",
                )
            )
        raise InputError(
            Problem(
                place_of(path, item.place),
                "RW323",
                f"there is no file `{path}` in this rulebook",
                nearest(path, [*book.tables, *book.sheets]),
            )
        )
    return by_column(book.rows(file, path.partition("#")[2].strip()))


def by_column(rows: Rows) -> list[tuple[Place, dict[str, Text]]]:
    """The rows below a header, each cell by the name of its column. Raises `InputError` (RW322)."""
    (_, header), *body = rows
    problems: list[Problem] = []
    for number, column in enumerate(header):
        if column in header[:number]:
            problems.append(
                Problem(
                    place_of(column),
                    "RW322",
                    f"the column `{column}` stands twice",
                    "keep one of them",
                )
            )
    for place, cells in body:
        if len(cells) != len(header):
            problems.append(
                Problem(
                    place,
                    "RW322",
                    f"the row has {len(cells)} cells, the header {len(header)}",
                    "write one cell for each column; put a cell with a comma in quotation marks",
                )
            )
    if problems:
        raise InputError(problems)
    return [(place, dict(zip(header, cells, strict=True))) for place, cells in body]
