"""The rows of a table that stand in a CSV file of the rulebook."""

from __future__ import annotations

from rulewright.language.errors import InputError, Place, Problem, nearest
from rulewright.language.rulebook import Item, Rulebook
from rulewright.language.text import Text, place_of


def csv_rows(item: Item, path: Text, book: Rulebook) -> list[tuple[Place, dict[str, Text]]]:
    """Each row as (place, cell by column). Raises `InputError` (RW322, RW323)."""
    folder = item.part.rpartition("/")[0]
    names = [f"{folder}/{path}" if folder else str(path), str(path)]
    rows = next((book.tables[each] for each in names if each in book.tables), None)
    if rows is None:
        raise InputError(Problem(place_of(path, item.place), "RW323", f"there is no file `{path}` in this rulebook",
                                 nearest(path, book.tables)))  # fmt: skip
    (_, header), *body = rows
    seen: set[str] = set()
    for column in header:
        if column in seen:
            raise InputError(Problem(place_of(column), "RW322", f"the column `{column}` stands twice", "keep one of them"))
        seen.add(str(column))
    found = []
    for place, cells in body:
        if len(cells) != len(header):
            raise InputError(Problem(place, "RW322", f"the row has {len(cells)} cells, the header {len(header)}",
                                     "write one cell for each column; put a cell with a comma in quotation marks"))  # fmt: skip
        row: dict[str, Text] = dict(zip(header, cells, strict=True))
        found.append((place, row))
    return found
