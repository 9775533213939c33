"""Reading workbooks (.xlsx): each filled cell as text with its address, just as it is shown.

What a cell shows and what it holds are two things, and a person means the first. So a formula, an
error, a merged range, a number that is shown rounded, a hidden row are refused with the address,
and never read as something else or as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rulewright.syntax.errors import (
    InputError,
    Place,
    Problem,
    Problems,
    RepeatedMistakes,
    column_letters,
    nearest,
)
from rulewright.syntax.text import Boolean, Text, key
from rulewright.syntax.yaml_loader import refuse_controls

from .archive import Attributes, ZipParts
from .csv_files import Rows
from .number_formats import (
    LONGEST,
    NotShownSo,
    format_code,
    refuse_another_boolean,
    refuse_another_text,
    written,
    written_day,
)

MAX_CELLS = 200_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MAX_TEXT = 32_767  # characters of a cell, as in a spreadsheet program
MAX_MERGED = 10_000  # ranges of a sheet
MAX_SHEETS, MAX_FORMATS, MAX_STYLES = 2_000, 2_000, 65_536  # of a workbook
READ_ME = "read me"  # a sheet for people: nothing in it is read
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_SEEN = 0.5  # points or characters
Range = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass
class Sheet:
    """The filled cells of one sheet, by row and column (both from 1)."""

    name: str
    file: str
    cells: dict[tuple[int, int], Text] = field(default_factory=dict)

    def place(self, row: int, column: int) -> Place:
        return Place(self.file, row, column)

    def rows(self) -> Iterator[tuple[int, dict[int, Text]]]:
        """Each row that is not blank, with its cells by column."""
        found: dict[int, dict[int, Text]] = {}
        for (row, column), text in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = text
        yield from found.items()

    def table(self) -> Rows:
        """The sheet as a table: the first row that is not blank is its header; in the others an
        absent cell is empty text.

        Raises `InputError` (RW116) for a cell that stands under no header.
        """
        problems = Problems()
        (top, header), *body = list(self.rows()) or [(1, {})]
        found: Rows = [
            (self.place(top, min(header, default=1)), [header[each] for each in sorted(header)])
        ]
        for number, cells in body:
            for column in sorted(cells.keys() - header.keys()):
                problems.add(
                    "RW116",
                    self.place(number, column),
                    f"the cell holds `{cells[column]}` and stands under no heading",
                    f"write a heading into {column_letters(column)}{top}, or empty the cell",
                )
            row = [
                cells.get(each) or Text.at("", self.place(number, each)) for each in sorted(header)
            ]
            found.append((self.place(number, min(header)), row))
        problems.stop_if_any()
        return found


class Workbook:
    """A workbook: its sheets by name, each read when it is asked for.

    `data`: the bytes of the file; `file`: its name in messages. Raises `InputError` (RW114) when it
    cannot be read.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self._archive = ZipParts(data, file)
        self._days_from_1904 = False
        self._sheets: dict[str, tuple[str, bool]] = {}  # by name the part, and whether it is hidden
        self._read: dict[str, Sheet] = {}
        start = next(
            (
                part
                for kind, part in self._archive.relations("").values()
                if kind == "officeDocument"
            ),
            "",
        )
        if start not in self._archive.names:
            raise self._archive.wrong("this is not a workbook", "save it as `.xlsx`")
        self._parts = self._archive.relations(start)
        self._archive.parse(start, self._start_workbook)
        if not self._sheets:
            raise self._archive.wrong("the workbook has no sheet", "save it as `.xlsx`")

    def _start_workbook(self, tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            self._days_from_1904 = _yes(attributes.get("date1904"))
        elif tag == "sheet":
            kind, part = self._parts.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                self._sheets[attributes["name"]] = (
                    part,
                    attributes.get("state", "visible") != "visible",
                )
                self.refuse_many(len(self._sheets), MAX_SHEETS, "sheets")

    def refuse_many(self, number: int, most: int, what: str) -> None:
        """Raises `InputError` (RW114) where the workbook has more of something than programs
        write.
        """
        if number > most:
            raise self._archive.wrong(
                f"the workbook has more than {most:,} {what}", "copy the cells into a new workbook"
            )

    @property
    def names(self) -> list[str]:
        """The sheets that are there to be read."""
        return [each for each in self._sheets if key(each) != key(READ_ME)]

    def sheet(self, name: str) -> Sheet:
        """One sheet. Raises `InputError`: RW117 (not there), RW115 and RW116 with every cell that
        cannot be read.
        """
        wanted = next((each for each in self._sheets if each == name), None) or next(
            (each for each in self._sheets if key(each) == key(name)), None
        )
        if wanted is None:
            raise InputError(
                Problem(
                    Place(self.file),
                    "RW117",
                    f"the workbook has no sheet `{name}`",
                    nearest(name, self.names),
                )
            )
        if wanted not in self._read:
            part, hidden = self._sheets[wanted]
            shown = re.sub(r"[:`!]", " ", " ".join(wanted.split()))
            reader = _SheetReader(self, Sheet(wanted, f"{self.file}!{shown}"))
            self._archive.parse(part, reader.started, reader.ended, reader.text)
            self._read[wanted] = reader.finished(hidden)
        return self._read[wanted]

    def only_sheet(self) -> Sheet:
        """The sheet of a workbook that holds one (and perhaps a `read me`).

        Raises `InputError` (RW117).
        """
        filled = [each for each in map(self.sheet, self.names) if each.cells]
        if len(filled) == 1:
            return filled[0]
        here = Place(self.file)
        if not filled:
            raise InputError(
                Problem(
                    here, "RW117", "the workbook is empty", "write a header and the rows below it"
                )
            )
        name = self.file.rpartition("/")[2]
        listed = " and ".join(f"`{each.name}`" for each in filled)
        raise InputError(
            Problem(
                here,
                "RW117",
                f"the workbook has several sheets: {listed}",
                f"say which, such as `{name}#{filled[0].name}`",
            )
        )

    @cached_property
    def strings(self) -> list[str]:
        """The texts that the cells share."""
        part = next((part for kind, part in self._parts.values() if kind == "sharedStrings"), "")
        found: list[str] = []
        reader = _Strings(found, self)
        if part in self._archive.names:
            self._archive.parse(part, reader.started, reader.ended, reader.text)
        return found

    @cached_property
    def formats(self) -> list[str]:
        """The number format of each style."""
        part = next((part for kind, part in self._parts.values() if kind == "styles"), "")
        declared: dict[int, str] = {}
        found: list[int] = []
        inside: list[str] = []

        def started(tag: str, attributes: Attributes) -> None:
            inside.append(tag)
            if tag == "numFmt":
                if len(attributes["formatCode"]) > LONGEST:
                    raise self._archive.wrong(
                        f"a number format has {len(attributes['formatCode']):,} characters, at most {LONGEST} are read",
                        "give its cells the format Text",
                    )
                declared[int(attributes["numFmtId"])] = attributes["formatCode"]
                self.refuse_many(len(declared), MAX_FORMATS, "number formats")
            elif tag == "xf" and "cellXfs" in inside:
                found.append(int(attributes.get("numFmtId", "0")))
                self.refuse_many(len(found), MAX_STYLES, "styles of cells")

        def ended(_tag: str) -> None:
            inside.pop()

        if part in self._archive.names:
            self._archive.parse(part, started, ended)
        return [format_code(each, declared) for each in found]

    def format_of(self, style: int) -> str:
        """The number format of a style. Raises `ValueError` when there is no such style."""
        if 0 <= style < len(self.formats):
            return self.formats[style]
        if style == 0:
            return "General"  # a workbook without styles
        raise ValueError(style)

    def number(self, number: str, code: str) -> str:
        """A number or day as its cell shows it. Raises `NotShownSo`, `ValueError`."""
        return written(number, code, self._days_from_1904)


def refuse_large(data: bytes, file: str) -> None:
    """Refuse a workbook that would take a library long which reads all of it, cell by cell.

    Raises `InputError` (RW114).
    """
    archive, merged = ZipParts(data, file), 0

    def started(tag: str, attributes: Attributes) -> None:
        nonlocal merged
        if tag == "mergeCell":
            first_row, first_column, last_row, last_column = _range(attributes["ref"])
            merged += (last_row - first_row + 1) * (last_column - first_column + 1)
            if merged > MAX_CELLS:
                raise archive.wrong(
                    f"the workbook merges more than {MAX_CELLS:,} cells", "unmerge them"
                )

    archive.read_all(started)


class _Strings:
    """Gathers texts from their runs; what is only a reading aid (`rPh`) is left out."""

    def __init__(self, found: list[str], book: Workbook) -> None:
        self.found, self.book = found, book
        self.runs: list[str] = []
        self.length = self.inside = self.aid = 0

    def started(self, tag: str, _attributes: Attributes) -> None:
        if tag == "si":
            self.runs, self.length = [], 0
        self.aid += tag == "rPh"
        self.inside += tag == "t"

    def ended(self, tag: str) -> None:
        self.aid -= tag == "rPh"
        self.inside -= tag == "t"
        if tag == "si":
            self.found.append("".join(self.runs))

    def text(self, text: str) -> None:
        if self.inside and not self.aid:
            self.runs.append(text)
            self.length += len(text)
            self.book.refuse_many(self.length, MAX_TEXT, "characters in one text")


class _SheetReader:
    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self.book = book
        self.sheet = sheet
        self.problems = RepeatedMistakes()
        self.row = self.column = 0
        self.kind = self.formula = ""
        self.pieces: list[str] = []  # of the text of a cell
        self.length = 0  # of these
        self.style = 0
        self.inside = ""  # the element whose text is gathered
        self.aid = False
        self.merged: list[Range] = []
        self.shown_rows: set[int] = set()  # by their own word
        self.hidden_rows: set[int] = set()
        self.rows_hide = self.columns_hide = False  # those that say nothing themselves
        self.columns: list[
            tuple[int, int, int]
        ] = []  # from which column on how many ranges more or fewer hide it, or show it

    def started(self, tag: str, attributes: Attributes) -> None:
        match tag:
            case "row":
                self.row = int(attributes.get("r", self.row + 1))
                self.column = 0
                if not 1 <= self.row <= MOST_ROWS:
                    raise ValueError(self.row)
                if _yes(attributes.get("hidden")) or _nothing(attributes.get("ht")):
                    self.hidden_rows.add(self.row)
                elif "hidden" in attributes or "ht" in attributes:
                    self.shown_rows.add(self.row)
            case "c":
                self._start_cell(attributes)
            case "f":
                fills = (
                    attributes.get("ref", "")
                    if attributes.get("t") in ("array", "dataTable")
                    else ""
                )
                self.formula = f"a formula that fills {fills}" if ":" in fills else "a formula"
            case "v" | "t":
                self.inside = tag
            case "rPh":
                self.aid = True
            case "mergeCell":
                self.merged.append(_range(attributes["ref"]))
                self._refuse_many(len(self.merged), MAX_MERGED, "merged ranges")
            case "col":
                hidden = _yes(attributes.get("hidden")) or _nothing(attributes.get("width"))
                change = (1, 0) if hidden else (0, 1)
                self.columns.append((int(attributes["min"]), *change))
                self.columns.append((int(attributes["max"]) + 1, -change[0], -change[1]))
                self._refuse_many(len(self.columns) // 2, MOST_COLUMNS, "ranges of columns")
            case "sheetFormatPr":
                self.rows_hide = _yes(attributes.get("zeroHeight")) or _nothing(
                    attributes.get("defaultRowHeight")
                )
                self.columns_hide = _nothing(attributes.get("defaultColWidth"))

    def _start_cell(self, attributes: Attributes) -> None:
        if "r" in attributes:
            row, self.column = _address(attributes["r"])
            if row != self.row:
                raise ValueError(attributes["r"])
        else:
            self.column += 1
        if self.column > MOST_COLUMNS:
            raise ValueError(self.column)
        self.kind, self.pieces, self.length, self.formula = attributes.get("t", "n"), [], 0, ""
        self.style = int(attributes.get("s", "0"))

    def text(self, text: str) -> None:
        if self.inside and not self.aid:
            self.pieces.append(text)
            self.length += len(text)
            if self.length > MAX_TEXT:
                raise InputError(
                    Problem(
                        self.sheet.place(self.row, self.column),
                        "RW102",
                        f"the cell holds more than {MAX_TEXT:,} characters",
                        "shorten it",
                    )
                )

    def ended(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.inside = ""
        elif tag == "rPh":
            self.aid = False
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        value = "".join(self.pieces)
        if not value and not self.formula and self.kind in ("n", "d"):
            return  # a format without a value
        place = self.sheet.place(self.row, self.column)
        if self.formula:
            self.problems.add(
                "RW115", place, f"the cell holds {self.formula}", "write the value instead"
            )
            self._keep(Text.at("formula", place))
        elif self.kind == "e":
            self.problems.add(
                "RW115", place, f"the cell holds the error `{value}`", "write the value instead"
            )
            self._keep(Text.at("error", place))
        elif value.strip() or self.kind not in ("n", "d"):
            try:
                self._value(value, self.book.format_of(self.style), place)
            except NotShownSo as error:
                self.problems.add("RW115", place, error.message, error.help)
                self._keep(Text.at("value", place))

    def _value(self, value: str, code: str, place: Place) -> None:
        match self.kind:
            case "b":
                word = _BOOLEANS[value.strip()]
                refuse_another_boolean(word, code)
                self._keep(Boolean.at(word, place))
            case "n":
                self._keep(Text.at(self.book.number(value.strip(), code), place))
            case "d":
                self._keep(Text.at(written_day(value.strip(), code), place))
            case _:
                text = self.book.strings[int(value)] if self.kind == "s" else value
                if text.strip():
                    refuse_another_text(text, code)
                self._text(text, place)

    def _text(self, text: str, place: Place) -> None:
        text = (
            _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n").strip()
        )
        try:
            refuse_controls(text, place)
        except InputError as error:
            self.problems.take(error)
        if text:
            self._keep(Text.at(text, place))

    def _keep(self, text: Text) -> None:
        if (self.row, self.column) in self.sheet.cells:
            raise ValueError("a cell twice")
        self._refuse_many(len(self.sheet.cells) + 1, MAX_CELLS, "filled cells")
        self.sheet.cells[self.row, self.column] = text

    def _refuse_many(self, number: int, most: int, what: str) -> None:
        if number > most:
            raise InputError(
                Problem(
                    Place(self.sheet.file),
                    "RW102",
                    f"the sheet has more than {most:,} {what}",
                    "split it into several",
                )
            )

    def finished(self, hidden: bool) -> Sheet:
        """The sheet, when all that it holds can be seen and read."""
        cells, sheet, problems = self.sheet.cells, self.sheet, self.problems
        if hidden and cells:
            problems.add(
                "RW116",
                Place(sheet.file),
                f"the sheet `{sheet.name}` is hidden",
                "show it, or delete it",
            )
        for first_row, first_column, last_row, last_column in sorted(self.merged):
            if (first_row, first_column) != (last_row, last_column):
                shown = f"{column_letters(first_column)}{first_row}:{column_letters(last_column)}{last_row}"
                problems.add(
                    "RW115",
                    sheet.place(first_row, first_column),
                    f"the cells {shown} are merged",
                    "unmerge them, and fill each",
                )
        for row in sorted({row for row, _ in cells} & self.hidden_rows):
            problems.add(
                "RW116",
                sheet.place(row, 1),
                f"row {row} is hidden",
                "show it (also look for a filter), or delete it",
            )
        if self.rows_hide and not {row for row, _ in cells} <= self.shown_rows | self.hidden_rows:
            problems.add(
                "RW116",
                Place(sheet.file),
                f"the sheet `{sheet.name}` hides its rows by default",
                "show all rows, and delete those that are not meant",
            )
        hidden_columns = self._hidden_columns()
        for column in sorted({column for _, column in cells} & hidden_columns):
            problems.add(
                "RW116",
                sheet.place(1, column),
                f"column {column_letters(column)} is hidden",
                "show it, or delete it",
            )
        problems.stop_if_any()
        return sheet

    def _hidden_columns(self) -> set[int]:
        """The columns that some range hides, or that no range shows where columns hide by
        default.
        """
        found: set[int] = set()
        hide = show = 0
        changes = sorted(self.columns)
        at = 0
        for column in range(1, MOST_COLUMNS + 1):
            while at < len(changes) and changes[at][0] <= column:
                hide, show, at = hide + changes[at][1], show + changes[at][2], at + 1
            if hide or (self.columns_hide and not show):
                found.add(column)
        return found


def _nothing(size: str | None) -> bool:
    """Whether a height or width is so small that nothing is seen."""
    return size is not None and float(size) < _SEEN


def _yes(written: str | None) -> bool:
    return written in ("1", "true", "on")


def _address(written: str) -> tuple[int, int]:
    found = _ADDRESS.match(written)
    if found is None:
        raise ValueError(written)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _range(written: str) -> Range:
    first, _, last = written.partition(":")
    return (*_address(first), *_address(last or first))
