"""A decision table as columns and rows of text, as people see it in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rulewright.amendments.chain import Assembly, assemble
from rulewright.compiler.compiler import compile_assembly
from rulewright.compiler.tables import input_names, written_rows
from rulewright.ir.types import FINITE, Type, Words, as_asked
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import Text, plain

Row = dict[str, Text]  # the cells by column; `id` and `note` may be absent


@dataclass(frozen=True)
class Grid:
    """The rows of a table.

    `short`: they are written as `good: 63..87`, so that the conclusion is the row's id.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    places: tuple[Place, ...]
    short: bool = False

    def cells(self, row: Row) -> list[str]:
        """A row as the texts of its columns."""
        return [shown(row.get(each, "")) for each in self.columns]

    def identity(self, index: int) -> str:
        """The name by which an amendment calls a row."""
        return str(
            self.rows[index].get("id") or (self.rows[index]["then"] if self.short else index + 1)
        )


def shown(text: str) -> str:
    """The text of a cell on one line."""
    return " ".join(text.split())


def same_row(one: Row, other: Row) -> bool:
    """Whether two rows hold the same text; an absent note is an empty one."""
    return all(shown(one.get(each, "")) == shown(other.get(each, "")) for each in {*one, *other})


def named(text: str) -> str:
    """The form in which two spellings of a cell, or of a row's id, are equal."""
    return plain(shown(text))


def concluded(cell: Text, kind: Type | None) -> Text:
    """A conclusion as its type spells it: `Good` is `good`. A formula stays."""
    value = kind.parse(cell) if isinstance(kind, FINITE) else None
    return cell if value is None else Text.at(kind.show(value), cell.place)  # type: ignore[union-attr]


def spelled_as(old: Row, new: Row, types: Mapping[str, Type], short: bool) -> Row:
    """A row that keeps its id, and of which each cell that says what it said is spelled as it was.

    Of notes and other free text every letter counts. short: the rows are known by their
    conclusions.
    """
    names = ("id", "then") if short else ("id",)

    def as_it_was(column: str, cell: Text) -> Text:
        free = column not in names and isinstance(types.get(column, Words()), Words)
        was = old.get(column)
        return (
            cell if free or was is None or named(was) != named(cell) else Text.at(was, cell.place)
        )

    kept = {"id": old["id"]} if old.get("id") and "id" not in new and not short else {}
    return {**kept, **{column: as_it_was(str(column), cell) for column, cell in new.items()}}


def grid_of(item: RulebookEntry, book: Rulebook, types: Mapping[str, Type]) -> Grid:
    """The rows of a table as they stand; TRUE of a spreadsheet is `yes` where `types` asks for
    that.

    Raises `InputError`: RW322, RW323, and what reading a file raises.
    """
    names = input_names(item.tree)
    read = written_rows(item, book, names)
    written = [
        (place, {str(k): as_asked(cell, types.get(str(k))) for k, cell in row.items()})
        for place, row in read
    ]
    if isinstance(item.tree["rows"], dict):
        rows = tuple({"input": row["input"], "then": row["then"]} for _, row in written)
        return Grid(("input", "then"), rows, tuple(place for place, _ in written), short=True)
    optional = {each for _, row in written for each in row if each in ("id", "note")}
    columns = [
        *(["id"] if "id" in optional else []),
        *names,
        "then",
        *(["note"] if "note" in optional else []),
    ]
    return Grid(
        tuple(columns), tuple(dict(row) for _, row in written), tuple(place for place, _ in written)
    )


def find_table(book: Rulebook, table: str) -> RulebookEntry:
    """The table of that id in a part. Raises `InputError` (RW605)."""
    tables = {
        str(item.id): item
        for items in book.parts.values()
        for item in items
        if item.kind == "table"
    }
    if table not in tables:
        wrong = Problem(
            Place(book.shown),
            "RW605",
            f"`{table}` is not a table of this rulebook",
            nearest(table, tables),
        )
        raise InputError([wrong, *book.unread])  # it may stand in a file that cannot be read
    return tables[table]


def under(book: Rulebook, policy: str, table: str) -> tuple[RulebookEntry, Assembly]:
    """The table as it is under a policy, amendments applied. Raises `InputError` (RW605)."""
    assembly = assemble(book, policy)
    tables = {name: item for name, item in assembly.items.items() if item.kind == "table"}
    if table not in tables:
        raise InputError(
            Problem(
                Place(book.shown),
                "RW605",
                f"`{table}` is not a table of the policy `{policy}`",
                nearest(table, tables),
            )
        )
    return tables[table], assembly


def policy_with(book: Rulebook, table: str, policies: list[str]) -> str | None:
    """The first policy that has the table."""
    for policy in policies:
        try:
            under(book, policy, table)
        except InputError:
            continue
        return policy
    return None


def types_of(book: Rulebook, assembly: Assembly, table: str) -> dict[str, Type]:
    """What may stand in each column: of inputs the type that is tested, of `then` the type of the
    conclusion.
    """
    read, concluded = compile_assembly(book, assembly)[1].tables[table]
    found = {
        name: expression.type for name, expression in read.inputs if expression.type is not None
    }
    return {**found, **({"then": concluded[0].type} if concluded else {})}
