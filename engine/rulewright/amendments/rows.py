"""Rows of tables as targets: short (`good: 63..87`), long, in a file, or of a table that a
principle holds under `let`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

from rulewright.rulebook.rulebook import RulebookEntry, as_seq
from rulewright.rulebook.table_files import rows_of_a_file
from rulewright.syntax.errors import InputError, Problems
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import Source
from rulewright.syntax.text import Map, Text, key, place_of, slug

from .fields import Field, Replacement, fields_set
from .target import Gone, Repealable, Target, matches, place_in, remember_order
from .trees import merged

if TYPE_CHECKING:
    from .assembly import Assembly

ROW = re.compile(r"(?P<table>[^\[\]]+)\[(?P<row>[^\[\]]+)\]$")


@dataclass(frozen=True)
class Rows:
    """The rows of one table. `path`: where they are in the tree of the entry."""

    item: RulebookEntry
    path: tuple[str, ...]
    written: Any  # a mapping of cells, or a list of rows each with its `id`

    @property
    def short(self) -> bool:
        """Whether each row is one cell."""
        return isinstance(self.written, dict)

    @property
    def names(self) -> list[str]:
        """The ids of the rows, in order."""
        return [str(each) if self.short else str(each["id"]) for each in self.written]

    def row(self, name: str) -> Any:
        """The cell of a short row, or the cells of a long one."""
        if self.short:
            return self.written.get(name)
        return next((each for each in self.written if str(each["id"]) == name), None)

    def named(self, row: str) -> list[str]:
        """The rows that an amendment means by `row`."""
        return [
            each
            for each in self.names
            if matches(each, row) or (self.short and key(each) == key(row))
        ]


@dataclass(frozen=True)
class RowTarget(Repealable):
    """A row of a table. table: also that of a principle, such as `aggregation.threshold`; entry:
    the table or principle that holds it.
    """

    table: str
    row: str
    entry: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return f"{self.table}[{self.row}]"

    @property
    def inside(self) -> str:
        return self.entry

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        for table in tables(assembly):
            with suppress(InputError):  # reported where the table is read
                yield from cls._of(assembly, table, "*")

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> list[Self]:
        """Raises `InputError` where the rows are in a file that cannot be read."""
        row = ROW.match(written)
        return list(cls._of(assembly, row["table"], row["row"])) if row else []

    @classmethod
    def _of(cls, assembly: Assembly, table: str, row: str) -> Iterator[Self]:
        rows = rows_of(assembly, table)
        if rows is not None:
            yield from (cls(table, each, str(rows.item.id)) for each in rows.named(row))

    def is_called(self, written: str) -> bool:
        row = ROW.match(written)
        return (
            row is not None
            and row["table"] == self.table
            and (key(row["row"]) == key(self.row) or matches(self.row, row["row"]))
        )

    def read(self, assembly: Assembly) -> Any:
        rows = rows_of(assembly, self.table)
        return rows.row(self.row) if rows is not None else None

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        rows = rows_of(assembly, self.table)
        assert rows is not None
        content, source = _apart(replacement.content, rows)
        if not isinstance(content, Text if rows.short else dict):
            return None
        if source is not None:
            tree, file = Map({Text("source"): source}), place_of(replacement.written).file
            with replacement.noting():
                read_as(SourceOfARow, tree, file)
            assembly.sources_of_changes[self.name] = source
        path = (str(rows.item.id), *map(key, (*rows.path, self.row)))
        field = replacement.field(path, self.name)
        if isinstance(content, Text):
            put_rows(assembly, rows, rows.written | {self.row: content})
            return [field]
        old = rows.row(self.row)
        put_rows(
            assembly,
            rows,
            [merged(each, content) if each["id"] == self.row else each for each in rows.written],
        )
        return list(fields_set(field, old, content))

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        rows = rows_of(assembly, self.table)
        assert rows is not None
        remember_order(assembly, f"{self.table}[]", rows.names)
        content = rows.row(self.row)
        if rows.short:
            name = next(each for each in rows.written if each == self.row)
            assembly.gone[self.name] = Gone(self, (name, content))
            left: Any = {each: cell for each, cell in rows.written.items() if each != self.row}
        else:
            assembly.gone[self.name] = Gone(self, content)
            left = [each for each in rows.written if each["id"] != self.row]
        put_rows(assembly, rows, left)
        return [self.name]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        rows = rows_of(assembly, self.table) if self.entry in assembly.items else None
        if rows is None:
            return False
        written: list[Any] = list(rows.written.items() if rows.short else rows.written)
        order = assembly.order[f"{self.table}[]"]
        written.insert(place_in(rows.names, self.row, order), gone.content)
        put_rows(assembly, rows, Map(written) if rows.short else written)
        return True


# -- tables


def tables(assembly: Assembly) -> Iterator[str]:
    """The names of all tables, those of principles among them."""
    for item in assembly.items.values():
        if item.kind == "table":
            yield str(item.id)
        else:
            yield from (name for name, _ in tables_within(item))


def tables_within(item: RulebookEntry) -> Iterator[tuple[str, Text]]:
    """The tables that a principle holds: the name of each, and the word that it gives."""
    words = (item.tree.get("let") or {}) if item.kind == "principle" else {}
    for word, content in words.items():
        if isinstance(content, dict):
            yield f"{item.id}.{slug(word)}", word


def rows_of(assembly: Assembly, table: str) -> Rows | None:
    """The rows of the table called `table`, or of a principle's word (`aggregation.threshold`).

    Raises `InputError` where they are in a file that cannot be read.
    """
    item = assembly.items.get(table)
    if item is not None and item.kind == "table":
        return Rows(item, ("rows",), _listed(assembly, item))
    for each in assembly.items.values():
        if each.kind == "principle" and table.startswith(f"{each.id}."):
            for name, word in tables_within(each):
                if name == table:
                    rows = each.tree["let"][word]["table"]["rows"]
                    return Rows(each, ("let", str(word), "table", "rows"), rows)
    return None


def _listed(assembly: Assembly, item: RulebookEntry) -> Any:
    rows = item.tree["rows"]
    if isinstance(rows, Text):
        rows = as_seq(
            [_placed(row, place) for place, row in rows_of_a_file(item, rows, assembly.book)]
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
    tree = Map({Text.at(str(name), place_of(name)): cell for name, cell in row.items()})
    tree.place = place
    return tree


def put_rows(assembly: Assembly, rows: Rows, written: Any) -> None:
    """Put other rows in place of these."""
    tree = inner = _shallow(rows.item.tree)
    for step in rows.path[:-1]:
        inner[Text(step)] = inner = _shallow(inner[step])
    if not isinstance(written, Map):
        written = Map(written) if isinstance(written, dict) else as_seq(written)
    written.place = place_of(inner[rows.path[-1]])
    inner[Text(rows.path[-1])] = written
    assembly.items[str(rows.item.id)] = replace(rows.item, tree=tree)


def _shallow(tree: Map) -> Map:
    copy = type(tree)(tree)
    copy.place = tree.place
    return copy


# -- rows under `replaces`


class SourceOfARow(BaseModel):
    """The source that an amendment gives a row that it changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: Source


def _apart(content: Any, rows: Rows) -> tuple[Any, Any]:
    """What replaces a row, and the source of the change.

    The cell of a short row with a source is under `input`.
    """
    if (
        not isinstance(content, dict)
        or content.get("source") is None
        or "source" in (rows.item.tree.get("inputs") or {})
    ):
        return content, None
    rest = Map({name: each for name, each in content.items() if name != "source"})
    rest.place = place_of(content)
    return rest["input"] if rows.short and set(rest) == {"input"} else rest, content["source"]


def by_id(
    assembly: Assembly, item: RulebookEntry, new: dict[Any, Any]
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """A table and the fields that replace it, the rows of both by their ids where they have ids."""
    old: dict[Any, Any] = item.tree
    rows = new.get("rows")
    if not isinstance(rows, list) or isinstance(old["rows"], dict) or "inputs" in new:
        return old, new
    before: Rows | None = None
    with suppress(InputError):  # reported where the rows are merged
        before = rows_of(assembly, str(item.id))
    if before is None or not all(isinstance(each, dict) and "id" in each for each in rows):
        return old, new
    name = next(each for each in new if each == "rows")
    return {**old, "rows": _mapped(before.written)}, {**new, name: _mapped(rows)}


def _mapped(rows: list[Any]) -> Map:
    return Map(
        {
            Text.at(str(each["id"]), place_of(each)): Map(
                {k: v for k, v in each.items() if k != "id"}
            )
            for each in rows
        }
    )


def merged_rows(
    assembly: Assembly, item: RulebookEntry, new: dict[Any, Any], problems: Problems
) -> dict[Any, Any] | None:
    """What replaces a table: rows with ids change those of the same id, and are added where there
    is none.

    Rows without ids, and those of a table that gets another form, replace all rows. `None`: a
    mistake, noted.
    """
    rows, short = new.get("rows"), isinstance(item.tree["rows"], dict)
    if not isinstance(rows, dict | list) or short or "input" in new or "inputs" in new:
        return new
    if isinstance(rows, dict):
        problems.add(
            "RW409",
            place_of(rows),
            f"the rows of `{item.id}` are long, these are short",
            "write a list of rows, each with its `id` and the cells that change",
        )
        return None
    with_id = [each for each in rows if isinstance(each, dict) and "id" in each]
    if not with_id:
        return new
    if len(with_id) < len(rows):
        bare = next(each for each in rows if each not in with_id)
        problems.add(
            "RW409",
            place_of(bare),
            f"a row of `{item.id}` has no `id`, and others have one",
            "give each an `id`, to change or add rows, or none, to replace all rows",
        )
        return None
    before: Rows | None = None
    try:
        before = rows_of(assembly, str(item.id))
    except InputError as error:
        problems.take(error)
    if before is None:
        return None
    changed = {str(each["id"]): each for each in rows}
    kept = [merged(each, changed.pop(str(each["id"]), Map())) for each in before.written]
    return Map(
        {**new, next(each for each in new if each == "rows"): as_seq([*kept, *changed.values()])}
    )
