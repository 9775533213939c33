"""Decision tables: each row becomes a rule.

Rows of a *unique* table never overlap; of a *first* table the first wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from lark import Token

from rulewright.ir.nodes import Compare, Condition, Expression, Literal, Test
from rulewright.ir.types import Date, Number, Type, as_asked
from rulewright.ir.value_sets import Region, example, region, whole
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.rulebook.table_files import rows_of_a_file
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, nearest
from rulewright.syntax.parser import parse
from rulewright.syntax.text import Map, Text, place_of, plain, text_of

from .conditions import relation
from .expressions import Reader
from .nouns import a_type
from .scope import Scope
from .table_cover import MOST_PIECES, Cover

MOST_ROWS = 20_000
# of a table with `hit: first`, in which each row names all that come later
MOST_ROWS_IN_ORDER = 2_000


@dataclass(frozen=True)
class Row:
    """One row: its id, its tests (one for each input, `None` where any value will do) and its
    conclusion.
    """

    id: str
    cells: tuple[Condition | None, ...]
    then: Text
    place: Place


@dataclass(frozen=True)
class Table:
    """A table as read: its inputs and rows."""

    inputs: tuple[tuple[str, Expression], ...]
    rows: tuple[Row, ...]

    @cached_property
    def cover(self) -> Cover | None:
        """Where the rows hold; `None` when an input is not of values that can be told one by one,
        as free text is not.
        """
        kinds = [expression.type for _, expression in self.inputs if expression.type is not None]
        return None if self.regions is None else Cover(self.regions, kinds)

    @cached_property
    def regions(self) -> list[tuple[Region, ...]] | None:
        """For each row the values each input may have; `None` when an input has no such sets."""
        found = []
        for row in self.rows:
            cells: list[Region] = []
            for (_, expression), cell in zip(self.inputs, row.cells, strict=True):
                assert expression.type is not None
                body = cell.body if cell is not None else None
                values = (
                    whole(expression.type)
                    if body is None
                    else region(body)
                    if isinstance(body, Compare)
                    else None
                )
                if values is None:
                    return None
                cells.append(values)
            found.append(tuple(cells))
        return found


def read_table(item: RulebookEntry, scope: Scope, book: Rulebook) -> Table:
    """The inputs and rows of a table. Raises `InputError` with every mistake."""
    tree = item.tree
    inputs = read_inputs(tree, scope, item.place)
    rows: list[Row] = []
    problems: list[Problem] = []
    written = written_rows(item, book, [name for name, _ in inputs])
    _refuse_too_many(item, len(written))
    for number, (place, cells) in enumerate(written, 1):
        try:
            rows.append(_row(item, number, place, cells, inputs, scope))
        except InputError as error:
            problems += error.problems
    if not problems:
        problems = _twice(rows)
    if not rows and not problems:
        problems.append(
            Problem(
                place_of(item.tree["rows"], item.place),
                "RW322",
                f"the table `{item.id}` has no rows",
                "write at least one",
            )
        )
    if problems:
        raise InputError(problems)
    return Table(inputs, tuple(rows))


def _refuse_too_many(item: RulebookEntry, rows: int) -> None:
    """What is kept of a table, and how long that takes, grows with the square of its rows."""
    first = item.tree.get("hit") == "first"
    most = MOST_ROWS_IN_ORDER if first else MOST_ROWS
    if rows > most:
        help = (
            (f"write rows that do not overlap, and leave out `hit: first`, for up to {MOST_ROWS:,}")
            if first and rows <= MOST_ROWS
            else "split the table"
        )
        raise InputError(
            Problem(
                place_of(item.tree["rows"], item.place),
                "RW322",
                f"the table `{item.id}` has {rows:,} rows; at most {most:,} "
                f"are read{' in a table with `hit: first`' if first else ''}",
                help,
            )
        )


def read_inputs(tree: Map, scope: Scope, place: Place) -> tuple[tuple[str, Expression], ...]:
    """The inputs of a table, by the names of its columns."""
    written = tree.get("inputs") or {}
    single = tree.get("input")
    if bool(written) == bool(single):
        fault = "has both `input` and `inputs`" if written else "has no input"
        raise InputError(
            Problem(
                place,
                "RW321",
                f"the table `{tree.get('table')}` {fault}",
                "write either `input` or `inputs`",
            )
        )
    for name in written:
        if name in ("id", "then", "note"):
            raise InputError(
                Problem(
                    place_of(name, place),
                    "RW321",
                    f"an input cannot be called `{name}`, as another column is",
                    "choose another name",
                )
            )
    named = (
        [(str(name), text) for name, text in written.items()] if written else [("input", single)]
    )
    found = []
    for name, text in named:
        assert isinstance(text, str)
        parsed = parse(text, "expression", scope.lexicon, place)
        expression = Reader(scope, text, place).expression(parsed)
        if isinstance(expression, Literal):
            raise InputError(
                Problem(
                    place_of(text, place),
                    "RW313",
                    f"`{text}` is a fixed value, not something to ask about",
                    "name an attribute or a number of things",
                )
            )
        found.append((name, expression))
    return tuple(found)


def input_names(tree: Map) -> list[str]:
    """The columns of a table's inputs: `input`, or the names that it gives them."""
    return list(map(str, tree.get("inputs") or ["input"]))


def written_rows(
    item: RulebookEntry, book: Rulebook, names: list[str]
) -> list[tuple[Place, dict[str, Text]]]:
    """Each row as (place, cell by column), the columns `id`, `then` and the names of the inputs."""
    rows = item.tree["rows"]
    if isinstance(rows, dict):
        if names != ["input"]:
            raise InputError(
                Problem(
                    place_of(rows, item.place),
                    "RW321",
                    f"the rows of `{item.id}` are short, and it has `inputs`",
                    "write a list of rows, or name a CSV file or a workbook",
                )
            )
        return [
            (place_of(value), {"id": name, "then": name, "input": value})
            for name, value in rows.items()
        ]
    if isinstance(rows, list):
        written = [(row.place, dict(row)) for row in rows]
    else:
        written = rows_of_a_file(item, rows, book)
    known = ("id", *names, "then", "note")
    problems: list[Problem] = []
    for place, row in written:
        for column in row:
            if column not in known:
                problems.append(
                    Problem(
                        place_of(column, place),
                        "RW322",
                        f"`{column}` is not a column of this table",
                        "separate the cells by commas" if ";" in column else nearest(column, known),
                    )
                )
        for column in ("then", *names):
            if column not in row:
                problems.append(
                    Problem(
                        _header_place(written) or place,
                        "RW322",
                        f"there is no column `{column}`",
                        "each input has a column, and the conclusion stands under `then`",
                    )
                )
            elif not row[column].strip():
                help = (
                    "write `-` where any value will do"
                    if column in names
                    else "write the conclusion"
                )
                problems.append(
                    Problem(
                        place_of(row.get(column), place),
                        "RW322",
                        f"the cell `{column}` is empty",
                        help,
                    )
                )
    if problems:
        raise InputError(problems)
    return written


def _header_place(written: list[tuple[Place, dict[str, Text]]]) -> Place | None:
    """Where the header of a file of rows stands; a list of rows has none."""
    names = [place_of(each) for each in written[0][1]] if written else []
    of_a_file = bool(names) and (names[0].file.endswith(".csv") or names[0].is_cell)
    return (
        Place(names[0].file, names[0].line, names[0].column if names[0].is_cell else 1)
        if of_a_file
        else None
    )


def _row(
    item: RulebookEntry,
    number: int,
    place: Place,
    cells: dict[str, Text],
    inputs: tuple[tuple[str, Expression], ...],
    scope: Scope,
) -> Row:
    identity = cells.get("id") or str(number)
    tests = []
    for name, expression in inputs:
        cells[name] = as_asked(cells[name], expression.type)
        test = read_cell(cells[name], expression, scope, place)
        words = item.tree.get("input") or (item.tree.get("inputs") or {}).get(name, name)
        tests.append(
            None
            if test is None
            else Condition(
                test, f"{text_of(words)} is {text_of(cells[name])}", place_of(cells[name], place)
            )
        )
    return Row(str(identity), tuple(tests), cells["then"], place)


def read_cell(text: Text, subject: Expression, scope: Scope, place: Place = NOWHERE) -> Test | None:
    """A cell as a test of its input: `up to 38`, `39..62`, `88 or more`, `good or better`, `-`."""
    try:
        return _read_cell(text, subject, scope, place)
    except InputError:
        better = _as_written_here(text) if isinstance(subject.type, Number | Date) else ""
        if not better or _fails(Text(better), subject, scope):
            raise
    raise InputError(
        Problem(
            place_of(text, place),
            "RW324",
            f"`{text_of(text)}` is not how a cell is written here",
            _choice(better),
        )
    )


_END = r"([0-9]{4}-[0-9]{2}-[0-9]{2}|-?[0-9]+(?:\.[0-9]+)?)"
_ELSEWHERE = tuple((re.compile(rf"{form}\Z".replace("END", _END)), here) for form, here in (
    (r"(?:from |between )?END ?(?:-|\.{2,}|to|until|and) ?END", r"\1..\2"),
    (r"END ?(?:\+|(?:and|or) (?:above|over|more|higher|up))", r"\1 or more"),
    (r"(?:>=|=>|\u2265|from|min(?:imum)?) ?END", r"\1 or more"),
    (r"END ?(?:and|or) (?:below|under|less|fewer|lower)", r"up to \1"),
    (r"(?:<=|=<|\u2264|max(?:imum)?|until|to) ?END", r"up to \1"),
    (r"(?:>|over|above) ?END", r"more than \1"),
    (r"(?:<|under|below) ?END", r"less than \1"),
    (r"=+ ?END", r"\1"),
))  # fmt: skip


def _as_written_here(text: str) -> str:
    """A cell as other tables write it (`7-8`, `9+`, `>= 9`, `63%-87%`) in the words of this
    language, or nothing.
    """
    bare = re.sub(
        r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))",
        "",
        " ".join(plain(text).replace("%", " ").replace("per cent", " ").split()),
    )
    for form, here in _ELSEWHERE:
        if form.match(bare):
            return form.sub(here, bare)
    return bare if bare != " ".join(plain(text).split()) else ""


def _choice(cell: str) -> str:
    """How to write a single value: it may be meant as an end of a range, as the other rows of a
    table are.
    """
    if re.fullmatch(_END, cell) is None:
        return f"write `{cell}`"
    return f"write `{cell}` for that value alone, `{cell} or more`, `up to {cell}`, or a range such as `{cell}..NUMBER`"


def _fails(text: Text, subject: Expression, scope: Scope) -> bool:
    try:
        _read_cell(text, subject, scope, NOWHERE)
    except InputError:
        return True
    return False


def _read_cell(text: Text, subject: Expression, scope: Scope, place: Place) -> Test | None:
    tree = parse(text, "cell", scope.lexicon, place)
    reader = Reader(scope, text, place)
    assert subject.type is not None
    match tree.data:
        case "any":
            return None
        case "range":
            ends = [
                reader.expression(each, subject.type)
                for each in (tree.children[0], tree.children[2])
            ]
            _fixed(ends, text, subject.type, place)
            if (
                isinstance(ends[0], Literal)
                and isinstance(ends[1], Literal)
                and _above(ends[0], ends[1])
            ):
                raise InputError(
                    Problem(
                        place_of(text, place),
                        "RW324",
                        f"`{text}` runs downwards",
                        "write the lower end first",
                    )
                )
            return Compare(subject, "between", tuple(ends))
        case "at_most" | "at_least":
            side = next(each for each in tree.children if not isinstance(each, Token))
            value = reader.expression(side, subject.type)
            _fixed([value], text, subject.type, place)
            return Compare(subject, "at most" if tree.data == "at_most" else "at least", (value,))
    test = relation(reader, subject, tree.children[0], tree)
    if isinstance(test, Compare):
        _fixed(list(test.right), text, subject.type, place)
    return test


def _above(low: Literal, high: Literal) -> bool:
    return low.value is not None and high.value is not None and low.value > high.value  # type: ignore[operator]


def _fixed(values: list[Expression], text: Text, kind: Type, place: Place) -> None:
    for each in values:
        if not isinstance(each, Literal):
            raise InputError(
                Problem(
                    place_of(text, place),
                    "RW324",
                    f"`{text}` is not a fixed test",
                    "write values into cells",
                )
            )
        if isinstance(kind, Number) != isinstance(each.type, Number):
            raise InputError(
                Problem(
                    place_of(text, place),
                    "RW305",
                    f"`{text}` is not a test of {a_type(kind)}",
                    f"expected {kind.expected()}",
                )
            )


def _twice(rows: list[Row]) -> list[Problem]:
    seen: dict[str, Place] = {}
    found = []
    for row in rows:
        name = plain(row.id).strip()
        if name in seen:
            found.append(
                Problem(
                    row.place,
                    "RW401",
                    f"the row `{row.id}` is there twice",
                    f"first in {seen[name]}",
                )
            )
        seen[name] = row.place
    return found


def overlaps(table: Table) -> list[tuple[Row, Row, str]]:
    """Pairs of rows that hold together, with an example of when."""
    found = table.cover.overlaps() if table.cover is not None else {}
    return [
        (table.rows[i], table.rows[j], example_of(table, where)) for (i, j), where in found.items()
    ]


def is_complete(table: Table) -> bool:
    """Whether some row holds whatever values the inputs have, as far as a program goes into it."""
    return table.cover is not None and table.cover.size <= MOST_PIECES and table.cover.complete


def example_of(table: Table, where: tuple[Region, ...]) -> str:
    """A value of each input, in words."""
    shown = []
    for (name, expression), values in zip(table.inputs, where, strict=True):
        assert expression.type is not None
        value = expression.type.show(example(values, expression.type))
        shown.append(value if name == "input" else f"{name} {value}")
    return ", ".join(shown)
