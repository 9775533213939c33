"""The rows of tables while amendments change them: short (`good: 63..87`), long, in a CSV file, or
of a principle's own word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rulewright.language.errors import InputError
from rulewright.language.rulebook import Item, as_seq
from rulewright.language.text import Map, Text, key, place_of, slug
from rulewright.program.rows_of_files import rows_of_a_file

from .assembly import Assembly, copied, matches


@dataclass(frozen=True)
class Rows:
    """The rows of one table. `path`: where they stand in the tree of the entry."""

    item: Item
    path: tuple[str, ...]
    written: Any  # a mapping of cells, or a list of rows each with its `id`

    @property
    def names(self) -> list[str]:
        """The ids of the rows, in order."""
        return [
            str(each) if isinstance(self.written, dict) else str(each["id"])
            for each in self.written
        ]

    def named(self, row: str) -> list[str]:
        """The rows that an amendment means by `row`."""
        if isinstance(self.written, dict):
            return [each for each in self.names if key(each) == key(row) or matches(each, row)]
        return [each for each in self.names if matches(each, row)]


def rows_of(found: Assembly, table: str) -> Rows | None:
    """The rows of the table called `table`, or of a principle's word (`aggregation.threshold`)."""
    item = found.items.get(table)
    if item is not None and item.kind == "table":
        return Rows(item, ("rows",), _listed(found, item))
    for each in found.items.values():
        if each.kind == "principle" and table.startswith(f"{each.id}."):
            for word, content in (each.tree.get("let") or {}).items():
                if isinstance(content, dict) and f"{each.id}.{slug(word)}" == table:
                    return Rows(each, ("let", str(word), "table", "rows"), content["table"]["rows"])
    return None


def all_row_names(found: Assembly) -> list[str]:
    """Every row as amendments call it."""
    names = []
    for item in found.items.values():
        words = (item.tree.get("let") or {}) if item.kind == "principle" else {}
        tables = (
            [str(item.id)]
            if item.kind == "table"
            else [f"{item.id}.{slug(w)}" for w, c in words.items() if isinstance(c, dict)]
        )
        for table in tables:
            try:
                rows = rows_of(found, table)
            except InputError:
                continue  # told where the table is read
            names += [f"{table}[{each}]" for each in (rows.names if rows else [])]
    return names


def _listed(found: Assembly, item: Item) -> Any:
    rows = item.tree["rows"]
    if isinstance(rows, Text):
        rows = as_seq(
            [_placed(row, place) for place, row in rows_of_a_file(item, rows, found.book)]
        )
    if isinstance(rows, dict):
        return rows
    return as_seq(
        [
            each if "id" in each else _placed({Text("id"): Text(str(number)), **each}, each.place)
            for number, each in enumerate(rows, 1)
        ]
    )


def _placed(row: dict[Any, Any], place: Any) -> Map:
    found = Map({Text.at(str(name), place_of(name)): cell for name, cell in row.items()})
    found.place = place
    return found


def put_rows(found: Assembly, rows: Rows, written: Any) -> None:
    """Other rows in place of these."""
    tree = copied(rows.item.tree)
    inner = tree
    for step in rows.path[:-1]:
        inner = inner[step]
    if not isinstance(written, Map):
        written = Map(written) if isinstance(written, dict) else as_seq(written)
    written.place = place_of(inner[rows.path[-1]])
    inner[Text(rows.path[-1])] = written
    found.items[str(rows.item.id)] = replace(rows.item, tree=tree)
