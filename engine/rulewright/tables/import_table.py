"""Taking a decision table back from a spreadsheet: into its part, or into a policy that amends.

The new rows are compiled first, each cell with the address that it was read from, under every
policy that has the table. Only when nothing is wrong, and no sealed policy would change, is a file
written; and what was written is compiled once more, and must mean the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from rulewright.amendments.chain import assemble
from rulewright.compiler.compiler import read_assembly
from rulewright.compiler.mistakes import Faults, added, faults_of
from rulewright.compiler.tables import input_names, written_rows
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.types import Type
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.file_writer import place_to_write, read_again, replace_file, replace_text
from rulewright.syntax.shipped import refuse_shipped
from rulewright.syntax.text import Map, Text, place_of
from rulewright.workbench import Rules

from .amendments import TableAmendment, amendment, in_a_policy
from .grid import (
    Grid,
    Row,
    concluded,
    find_table,
    grid_of,
    policy_with,
    shown,
    spelled_as,
    types_of,
    under,
)
from .reader import as_written, read_rows, short_form
from .rewriting import in_a_csv, in_a_part, in_a_workbook, unwritable
from .row_matching import Pairs, paired


@dataclass(frozen=True)
class Imported:
    """What an import did: the file that was written (none when nothing changed), and the rows in
    words.

    left: what is still wrong with the rulebook then.
    """

    file: str
    rows: tuple[str, ...]
    checked: bool = True  # whether some policy has the table, so that its cells were compiled
    left: tuple[Problem, ...] = ()


def import_table(rules: Rules, file: str, table: str, into: str | None = None) -> Imported:
    """Take the rows of `table` from a CSV file or workbook. `into`: a policy's file, to amend; else
    the part of the table.

    Raises `InputError`, and then nothing is written: RW605 to RW607, RW420 (a sealed policy would
    change), and every mistake that the new rows would be, with the address of the cell.
    """
    book = rules.book
    item = find_table(book, table)
    order = [each.id for each in rules.policies]
    policy = _amending(book, into, item) if into is not None else None
    holder = policy or policy_with(book, table, order)
    types = _types(book, holder, table)
    rows, places = read_rows(file, types)
    if not rows:
        raise InputError(
            Problem(
                Place(file),
                "RW322",
                f"the file holds no rows of `{table}`",
                "write at least one below the headings",
            )
        )
    base = under(book, policy, table)[0] if policy else item
    old = grid_of(base, book, types)
    rows = [
        {**row, "then": concluded(row["then"], types.get("then"))} if "then" in row else row
        for row in rows
    ]
    trial_item = replace(item, tree=as_written(base, rows, places))
    written_rows(trial_item, book, input_names(base.tree))  # the columns, and no cell left empty
    rows = [
        {column: cell for column, cell in row.items() if cell or column not in ("id", "note")}
        for row in rows
    ]
    short = old.short and short_form(base, rows)
    if old.short and not short:
        rows = [row if row.get("id") else {Text("id"): row["then"], **row} for row in rows]
    elif short:
        rows = [{column: row[column] for column in ("input", "then")} for row in rows]
    pairs = paired(old.rows, rows, old.short)
    for before, after in pairs:
        if before is not None and after is not None:
            rows[after] = spelled_as(old.rows[before], rows[after], types, old.short)
    said = _said(table, old, rows, pairs)
    if not said:
        return Imported("", ())
    refuse_shipped(book.root, book.shown)
    if policy is not None:
        change = amendment(book, policy, table, old, rows, places, pairs, short)
        trial = _with_policy(book, policy, change)
        _same_rows(grid_of(under(trial, policy, table)[0], trial, types), rows, base, file)
        name = _file_of(book, policy)
        data = in_a_policy(
            book.texts[name], change, place_of(book.policies[policy].policy)
        ).encode()
        if data.decode() == book.texts[name]:  # the order of rows, where it says nothing
            return Imported("", ())
    else:
        trial = _with_item(book, replace(item, tree=_tree(item, rows, places, short)))
        name, data = _rewritten(book, item, old, rows, pairs, short)
    meant = _compiled(book, trial, table, file, policy)
    left = _means_the_same(book, name, data, meant, file)
    _write(book, name, data)
    return Imported(f"{book.shown}/{name}", said, holder is not None, left)


def _types(book: Rulebook, policy: str | None, table: str) -> dict[str, Type]:
    """What each column asks for; nothing when the rules as they are do not compile."""
    try:
        return types_of(book, under(book, policy, table)[1], table) if policy else {}
    except InputError:
        return {}


def _amending(book: Rulebook, into: str, item: RulebookEntry) -> str | None:
    """The policy whose file `into` is; `None` for the part of the table.

    Raises `InputError` (RW606).
    """
    files = {_file_of(book, name): name for name in book.policies}
    wanted = [
        into,
        into.removeprefix(f"{book.shown}/"),
        Path(into).as_posix().removeprefix(f"{book.root.as_posix()}/"),
    ]
    for each in wanted:
        if each in files:
            return files[each]
        if each == item.part:
            return None
    raise InputError(
        Problem(
            Place(into),
            "RW606",
            f"`{into}` is neither the part of `{item.id}` nor a policy of this rulebook",
            nearest(into, [f"{book.shown}/{each}" for each in (item.part, *files)]),
        )
    )


def _file_of(book: Rulebook, policy: str) -> str:
    return place_of(book.policies[policy].policy).file.removeprefix(f"{book.shown}/")


def _said(table: str, old: Grid, new: list[Row], pairs: Pairs) -> tuple[str, ...]:
    """Each row that changed, in words."""
    found = []
    for before, after in pairs:
        if before is None and after is not None:
            found.append(f"added: {', '.join(shown(cell) for cell in new[after].values() if cell)}")
        elif after is None and before is not None:
            found.append(f"removed: {table}[{old.identity(before)}]")
        elif before is not None and after is not None:
            for column in {**old.rows[before], **new[after]}:
                was, now = (
                    shown(row.get(column, Text(""))) for row in (old.rows[before], new[after])
                )
                if was != now and not (column == "id" and now == old.identity(before)):
                    found.append(
                        f"changed: {table}[{old.identity(before)}] {column}: {was or 'nothing'} -> {now or 'nothing'}"
                    )
    kept = [before for before, after in pairs if before is not None and after is not None]
    if not found and kept != sorted(kept):
        found.append("the order of the rows")
    return tuple(found)


# -- the rows as a rulebook would have them


def _tree(item: RulebookEntry, rows: list[Row], places: list[Place], short: bool) -> Map:
    tree = as_written(item, rows, places)
    if short:
        written = Map({row["then"]: row["input"] for row in rows})
        written.place = places[0] if places else item.place
        tree[next(each for each in tree if each == "rows")] = written
    return tree


def _with_item(book: Rulebook, item: RulebookEntry) -> Rulebook:
    return book.altered(
        parts={
            part: [item if each.id == item.id and each.kind == "table" else each for each in items]
            for part, items in book.parts.items()
        }
    )


def _with_policy(book: Rulebook, policy: str, change: TableAmendment) -> Rulebook:
    model = book.policies[policy].model_copy(
        update={"replaces": change.replaces, "repeals": change.repeals}
    )
    return book.altered(policies={**book.policies, policy: model})


def _same_rows(got: Grid, rows: list[Row], item: RulebookEntry, file: str) -> None:
    """What the amendment makes of the table must be what was given. Raises `InputError` (RW607)."""
    columns = sorted({column for row in (*got.rows, *rows) for column in row if column != "id"})
    one, other = (
        [tuple(shown(row.get(each, Text(""))) for each in columns) for row in each_rows]
        for each_rows in (got.rows, rows)
    )
    if item.tree.get("hit") != "first":
        one, other = sorted(one), sorted(other)
    if one != other:
        raise InputError(
            Problem(
                Place(file),
                "RW607",
                f"an amendment cannot bring the rows of `{item.id}` into this order",
                f"repeal `{item.id}`, and add a table under another name",
            )
        )


# -- compiled before it is written, and after


def _in_entries(book: Rulebook, policy: str) -> str:
    """The digest of a policy of a trial, whose entries are no longer those of its texts."""
    return digest_of_meaning(read_assembly(book, assemble(book, policy))[0])


def _compiled(book: Rulebook, trial: Rulebook, table: str, file: str, policy: str | None) -> Faults:
    """The rulebook with the new rows.

    Raises `InputError` with what the rows would break, or RW420.
    """
    texts = {f"{book.shown}/{name}" for name in (*book.texts, *book.sheets)}
    then = faults_of(trial, _in_entries)
    if then.problems:
        more = added(faults_of(book), then, lambda place: place.file.partition("!")[0] not in texts)
        if more.problems:
            raise InputError(more.problems)
        for name in more.seals:
            help = (
                "write another policy that amends it"
                if policy == name
                else "give them to an amending policy: `--in POLICY_FILE`"
            )
            raise InputError(
                Problem(
                    Place(file),
                    "RW420",
                    f"these rows of `{table}` would change the sealed policy `{name}`",
                    help,
                )
            )
    return then


def _means_the_same(
    book: Rulebook, name: str, data: bytes, meant: Faults, file: str
) -> tuple[Problem, ...]:
    """What is still wrong with the rulebook as it will be written.

    Raises `InputError` (RW607) when it would mean something else.
    """
    sheets, texts = dict(book.sheets), dict(book.texts)
    if name in sheets:
        sheets[name] = data
    else:
        texts[name] = data.decode()
    found = faults_of(book.with_texts(texts, sheets))
    if found.digests != meant.digests or len(found.unread) > len(book.unread):
        raise InputError(unwritable(f"{book.shown}/{name}", Place(file)))
    return found.problems


# -- the file in which the rows stand


def _rewritten(
    book: Rulebook, item: RulebookEntry, old: Grid, rows: list[Row], pairs: Pairs, short: bool
) -> tuple[str, bytes]:
    """The path of the file that holds the rows, and its new content."""
    written = item.tree["rows"]
    if not isinstance(written, str):
        return item.part, in_a_part(
            book.texts[item.part], item, old.rows, rows, pairs, short
        ).encode()
    written = Text(written)
    name = book.file_of_rows(written, item.part)
    assert name is not None
    if name in book.tables:
        return name, in_a_csv(
            book.texts[name], book.tables[name][0][1], old.rows, rows, pairs
        ).encode()
    wanted = written.partition("#")[2].strip()
    workbook = book.workbook(name)
    sheet = workbook.sheet(wanted) if wanted else workbook.only_sheet()
    return name, in_a_workbook(book.sheets[name], sheet, sheet.table(), old.rows, rows, pairs)


def _write(book: Rulebook, name: str, data: bytes) -> None:
    shown = f"{book.shown}/{name}"
    path = place_to_write(book.root, name, shown)
    if name in book.sheets:
        replace_file(path, book.sheets[name], data, shown)
    else:
        replace_text(path, read_again(path, book.texts[name], shown), data.decode(), shown)
