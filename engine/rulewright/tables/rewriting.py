"""Writing the rows of a table into the file in which they stand: a part, a CSV file, a workbook.

The rest of it stays.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from rulewright.editing.yaml_editor import RewrittenEntry, Splice, UnsafeEditError
from rulewright.editing.yaml_nodes import YamlNode
from rulewright.rulebook.rulebook import RulebookEntry
from rulewright.spreadsheets.csv_files import Rows
from rulewright.spreadsheets.workbooks import Sheet, refuse_large
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.text import Text, place_of

from .grid import Row, shown
from .row_matching import Pairs, changed_cells


def in_a_part(
    text: str, item: RulebookEntry, old: tuple[Row, ...], new: list[Row], pairs: Pairs, short: bool
) -> str:
    """The text of a part with other rows in one of its tables; `short`: the rows stay as `good:
    63..87`.

    Each comment stays with its row. Raises `InputError` (RW607) when one cannot.
    """
    splice = Splice(text)
    node = next(
        rows for each in splice.root.items if (rows := _rows_of(each, str(item.id))) is not None
    )
    if node.kind == "map" and not short:
        splice.rebuild(
            node,
            [
                RewrittenEntry(before, "", _cells(new[after]))
                for before, after in pairs
                if after is not None
            ],
            "list",
        )
        return finished(splice, item.place)
    for before, after in pairs:
        if before is not None and after is not None:
            _change(splice, node, before, old[before], new[after])
    if [before for before, _ in pairs] != [after for _, after in pairs]:
        entries = [
            RewrittenEntry(before) if before is not None else _new(new[after], short)
            for before, after in pairs
            if after is not None
        ]
        splice.rebuild(node, entries, node.kind)
    return finished(splice, item.place)


def finished(splice: Splice, place: Place) -> str:
    """The text with its edits; `place`: of what is edited, for messages.

    Raises `InputError` (RW607).
    """
    try:
        return splice.done(place.file)
    except UnsafeEditError as error:
        problems = [
            Problem(
                at,
                "RW607",
                f"the comment `{comment}` would not stay where it belongs",
                "write block style, each comment on the line of what it speaks of; or make the change by hand",
            )
            for at, comment in error.comments
        ]
        raise InputError(problems or unwritable(place.file, place)) from None


def unwritable(file: str, place: Place) -> Problem:
    """What is said of rows that a file has no place for as it is laid out."""
    return Problem(
        place,
        "RW607",
        f"these rows cannot be written into `{file}` as it is laid out",
        "write the entry in block style, one row a line, and try again",
    )


def _rows_of(item: YamlNode, table: str) -> YamlNode | None:
    name = item.get("table")
    return item.get("rows") if name is not None and name.value == table else None


def _new(row: Row, short: bool) -> RewrittenEntry:
    return (
        RewrittenEntry(None, shown(row["then"]), shown(row["input"]))
        if short
        else RewrittenEntry(tree=_cells(row))
    )


def _cells(row: Row) -> dict[str, str]:
    return {str(column): shown(cell) for column, cell in row.items() if cell}


def _change(splice: Splice, node: YamlNode, index: int, old: Row, row: Row) -> None:
    """What changes in a row that stays: its changed cells, each in its place."""
    changed = changed_cells(old, row)
    if node.kind == "map":
        if changed:
            splice.replace(node.entries[index][1], shown(row["input"]))
        return
    written = node.items[index]
    there = {column: written.get(str(column)) for column in changed}
    more = [column for column, cell in there.items() if cell is None and row.get(column)]
    if any(cell is not None and not row.get(column) for column, cell in there.items()) or (
        more and written.flow
    ):
        splice.replace(written, _cells(row))
        return
    for column, cell in there.items():
        if cell is not None:
            splice.replace(cell, shown(row[column]))
    for column in more:
        splice.add(written, str(column), shown(row[column]))


def in_a_csv(
    text: str, header: list[Text], old: tuple[Row, ...], new: list[Row], pairs: Pairs
) -> str:
    """The text of a CSV file with other rows; those that stay keep their characters."""
    newline = "\r\n" if "\r\n" in text else "\n"
    columns = list(map(str, header))
    more = _more(new, columns)
    lines = text.splitlines(keepends=True)
    raw: list[tuple[str, str]] = []  # each record, and the blank lines above it
    reader, start, begun = csv.reader(lines, strict=True), 0, 0
    for cells in reader:
        if any(each.strip() for each in cells):
            raw.append(("".join(lines[start:begun]), "".join(lines[begun : reader.line_num])))
            start = reader.line_num
        begun = reader.line_num
    blank = "".join(lines[start:])
    kept = [raw[0][0], raw[0][1] if not more else _record([*columns, *more], newline)]
    for before, after in pairs:
        if after is not None:
            same = before is not None and not more and not changed_cells(old[before], new[after])
            cells = [shown(new[after].get(each, "")) for each in (*columns, *more)]
            above, record = raw[before + 1] if before is not None else ("", "")
            kept += [above, record if same else _record(cells, newline)]
    whole = "".join(
        each if each.endswith("\n") or not each else each + newline for each in [*kept, blank]
    )
    return whole if text.endswith("\n") else whole.removesuffix(newline)


def _more(rows: list[Row], columns: Iterable[str]) -> list[str]:
    """Columns that the file had not: an id, a note."""
    return list(dict.fromkeys(str(each) for row in rows for each in row if each not in columns))


def _record(cells: list[str], newline: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerow(cells)
    return text.getvalue()


def in_a_workbook(
    data: bytes, sheet: Sheet, rows: Rows, old: tuple[Row, ...], new: list[Row], pairs: Pairs
) -> bytes:
    """The bytes of a workbook with other rows in one of its sheets.

    Raises `InputError` (RW114) when it cannot be written anew.
    """
    from openpyxl import load_workbook

    from .workbook_writer import plain_text, saved

    refuse_large(data, sheet.file.partition("!")[0])
    try:
        book = load_workbook(io.BytesIO(data))
        page = book[sheet.name]
    except Exception:  # a file that we can read and that library cannot
        raise InputError(
            Problem(
                Place(sheet.file),
                "RW114",
                "the workbook cannot be written anew",
                "copy the cells into a new workbook",
            )
        ) from None
    (_, header), *body = rows
    columns: dict[str, int] = {str(word): word.place.column for word in header}
    top, last = place_of(header[0]).line, max(columns.values())
    for number, word in enumerate(_more(new, columns), last + 1):
        columns[word] = number
        plain_text(page.cell(top, number), word)
    if [before for before, _ in pairs] == [after for _, after in pairs]:
        for (place, _), was, row in zip(body, old, new, strict=True):
            for name, cell in changed_cells(was, row).items():
                plain_text(page.cell(place.line, columns[str(name)]), shown(cell))
        return saved(book)
    remarks = [
        {column: page.cell(place.line, column).comment for column in columns.values()}
        for place, _ in body
    ]
    for place, _ in body:
        for column in columns.values():
            page.cell(place.line, column).value = page.cell(place.line, column).comment = None
    for before, after in pairs:
        if before is not None and after is not None:
            for column, remark in remarks[before].items():
                page.cell(top + 1 + after, column).comment = remark
    for line, row in enumerate(new, top + 1):
        for name, column in columns.items():
            plain_text(page.cell(line, column), shown(row.get(name, "")))
    return saved(book)
