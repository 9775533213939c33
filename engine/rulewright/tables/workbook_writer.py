"""Writing workbooks: text cells, headings, drop-downs; the same content is always the same
bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rulewright.spreadsheets.workbooks import READ_ME
from rulewright.syntax.errors import column_letters

if TYPE_CHECKING:
    from openpyxl import Workbook as Book

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip archive can hold
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_WIDEST, _ROWS_WITH_LISTS = 60, 1_000


class Writer:
    """A workbook in the making.

    Lists for drop-downs stand in its `read me`, which nothing reads back.
    """

    def __init__(self) -> None:
        from openpyxl import Workbook

        self.book: Book = Workbook()
        self.book.remove(self.book.worksheets[0])
        self._lists: dict[tuple[str, ...], str] = {}
        self._about: list[Sequence[str]] = []

    def sheet(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Sequence[str]] = (),
        lists: Mapping[str, Sequence[str]] | None = None,
        strict: bool = False,
    ) -> None:
        """A sheet with a bold, frozen header.

        `lists`: by column the values to choose from; `strict`: no others.
        """
        from openpyxl.styles import Alignment, Font

        sheet = self.book.create_sheet(name)
        written = [header, *rows]
        for number, row in enumerate(written, 1):
            for column, text in enumerate(row, 1):
                plain_text(sheet.cell(number, column), text)
        for column, word in enumerate(header, 1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
            width = max(len(row[column - 1]) for row in written if len(row) >= column)
            dimension = sheet.column_dimensions[column_letters(column)]
            dimension.width = min(max(width, 10), _WIDEST) + 2
            # what is typed below stays the characters that were typed
            dimension.number_format = "@"
            if lists and lists.get(word):
                self._choose(
                    sheet, column, lists[word], max(len(written), _ROWS_WITH_LISTS), strict
                )
        sheet.freeze_panes = "A2"

    def about(self, *cells: str) -> None:
        """A line of the `read me`."""
        self._about.append(cells)

    def _choose(
        self, sheet: Any, column: int, values: Sequence[str], last: int, strict: bool
    ) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        letters = column_letters(column)
        rule = DataValidation(
            "list",
            formula1=self._range_of(tuple(values)),
            allow_blank=True,
            showErrorMessage=strict,
        )
        rule.errorTitle, rule.error = "not in the list", "Choose one of the list."
        rule.add(f"{letters}2:{letters}{last}")
        sheet.add_data_validation(rule)

    def _range_of(self, values: tuple[str, ...]) -> str:
        if values not in self._lists:
            letters = column_letters(8 + len(self._lists))
            self._lists[values] = f"'{READ_ME}'!${letters}$2:${letters}${len(values) + 1}"
        return self._lists[values]

    def data(self) -> bytes:
        """The bytes of the workbook."""
        from openpyxl.styles import Font

        sheet = self.book.create_sheet(READ_ME)
        for number, cells in enumerate(self._about, 1):
            for column, text in enumerate(cells, 1):
                plain_text(sheet.cell(number, column), text)
                if number == 1:
                    sheet.cell(1, column).font = Font(bold=True)
        for letters in "ABCDE":
            sheet.column_dimensions[letters].width = 34
        for index, values in enumerate(self._lists):
            plain_text(sheet.cell(1, 8 + index), "values to choose from")
            for number, value in enumerate(values, 2):
                plain_text(sheet.cell(number, 8 + index), value)
        return saved(self.book)


def plain_text(cell: Any, text: str) -> None:
    """Text as it is: what begins with `=` is no formula, what looks like a date is none."""
    cell.number_format = "@"
    if text:
        cell.value = text
        cell.data_type = "s"


def saved(book: Book) -> bytes:
    """The bytes of a workbook, without the moment at which it was saved."""
    data = _in_memory(book)
    found = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            part = zipfile.ZipInfo(name, _LONG_AGO)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, content)
    return found.getvalue()


def _in_memory(book: Book) -> io.BytesIO:
    """What saving gives. The library writes each sheet into a temporary file; no disk can be full
    here.
    """
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
            writer: Any = WorksheetWriter(ws, io.BytesIO())
            writer.write()
            ws._rels = writer._rels
            archive.writestr(ws.path[1:], writer.read())
            self.manifest.append(ws)

    data = io.BytesIO()
    archive = zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED)
    InMemory(book, archive).save()  # which closes it
    return data
