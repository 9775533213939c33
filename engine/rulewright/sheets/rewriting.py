"""Writing the rows of a table into the file in which they stand: a part, a CSV file, a workbook. The rest of it stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import yaml

from rulewright.language.csvtables import Rows
from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.rulebook import Item
from rulewright.language.text import Text, place_of
from rulewright.language.workbooks import Sheet, refuse_large

from .pairing import Pairs, changed_cells
from .splicing import Edit, Entry, Splice, entry, flow, other_entry, other_node, other_value, scalar
from .tables import Row, shown


def in_a_part(text: str, item: Item, old: tuple[Row, ...], new: list[Row], pairs: Pairs, short: bool) -> str:
    """The text of a part with other rows in one of its tables; `short`: the rows stay as `good: 63..87`.

    Each comment stays with its row. Raises `InputError` (RW607) when one cannot.
    """
    splice = Splice(text)
    node = _rows_node(splice, str(item.id))
    kept = short and isinstance(node, yaml.MappingNode)
    if not kept and isinstance(node, yaml.MappingNode):
        _as_a_list(splice, node, new, pairs)
    elif [before for before, _ in pairs] == [after for _, after in pairs]:
        for index, row in enumerate(new):
            for edit in _edits(splice, node, index, old[index], row):
                splice.replace(*edit)
    else:
        entries: list[Entry] = []
        for before, after in pairs:
            if after is not None:
                row = new[after]
                entries.append((before, _edits(splice, node, before, old[before], row)) if before is not None else _written(row, kept))
        splice.rebuild(node, entries)
    return splice.done_with_comments(item.place)


def _rows_node(splice: Splice, table: str) -> yaml.Node:
    root = splice.root()
    assert isinstance(root, yaml.SequenceNode)
    for each in root.value:
        name, rows = entry(each, "table"), entry(each, "rows")
        if name is not None and rows is not None and name[1].value == table:
            return rows[1]
    raise AssertionError(table)


def _written(row: Row, short: bool) -> str:
    return f"{scalar(shown(row['then']))}: {scalar(shown(row['input']))}" if short else flow(_cells(row))


def _cells(row: Row) -> dict[str, str]:
    return {column: shown(cell) for column, cell in row.items() if cell}


def _edits(splice: Splice, node: yaml.Node, index: int, old: Row, row: Row) -> list[Edit]:
    """What changes in a row that stays: its changed cells, each in its place."""
    changed = changed_cells(old, row)
    if not changed:
        return []
    assert isinstance(node, yaml.CollectionNode)
    if isinstance(node, yaml.MappingNode):
        return [other_value(node.value[index][1], shown(row["input"]))]
    written = node.value[index]
    cells = {column: entry(written, column) for column in changed}
    more = [f"{scalar(column)}: {scalar(shown(row[column]))}" for column, pair in cells.items() if pair is None and row.get(column)]
    if any(pair is not None and not row.get(column) for column, pair in cells.items()) or (more and written.flow_style):
        return [other_node(written, flow(_cells(row)))]
    edits = [other_value(pair[1], shown(row[column])) for column, pair in cells.items() if pair is not None]
    return [*edits, splice.add_below(written, more)] if more else edits


def _as_a_list(splice: Splice, node: yaml.MappingNode, new: list[Row], pairs: Pairs) -> None:
    """Short rows that can no longer be short."""
    rows = [(before, flow(_cells(new[after]))) for before, after in pairs if after is not None]
    if node.flow_style:
        splice.rebuild(node, [row for _, row in rows])  # whose comments have no place
        splice.edits = [other_node(node, f"[{', '.join(row for _, row in rows)}]")]
    else:
        splice.rebuild(node, [f"- {row}" if before is None else (before, [other_entry(node, before, f"- {row}")]) for before, row in rows])


def in_a_csv(text: str, header: list[Text], old: tuple[Row, ...], new: list[Row], pairs: Pairs) -> str:
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
    whole = "".join(each if each.endswith("\n") or not each else each + newline for each in [*kept, blank])
    return whole if text.endswith("\n") else whole.removesuffix(newline)


def _more(rows: list[Row], columns: Iterable[str]) -> list[str]:
    """Columns that the file had not: an id, a note."""
    return list(dict.fromkeys(str(each) for row in rows for each in row if each not in columns))


def _record(cells: list[str], newline: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerow(cells)
    return text.getvalue()


def in_a_workbook(data: bytes, sheet: Sheet, rows: Rows, old: tuple[Row, ...], new: list[Row], pairs: Pairs) -> bytes:
    """The bytes of a workbook with other rows in one of its sheets. Raises `InputError` (RW114) when it cannot be written anew."""
    from openpyxl import load_workbook

    from .writing import plain_text, saved

    refuse_large(data, sheet.file.partition("!")[0])
    try:
        book = load_workbook(io.BytesIO(data))
        page = book[sheet.name]
    except Exception:  # a file that we can read and that library cannot
        raise InputError(Problem(Place(sheet.file), "RW114", "the workbook cannot be written anew",
                                 "copy the cells into a new workbook")) from None  # fmt: skip
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
    remarks = [{column: page.cell(place.line, column).comment for column in columns.values()} for place, _ in body]
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
