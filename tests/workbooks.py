"""Workbooks for tests, from text that a reviewer can read.

A line `= NAME` begins a sheet, every other line is a row, its cells apart by `|`. A cell is text
unless it begins with what else it is: `number 3.5`, `date 2024-03-01`, `time 2024-03-01 09:30`,
`boolean TRUE`, `formula =1`, `array B2:B3 =A2:A3`. A line that begins with `!` does something to
the sheet above: `! hide row 3`, `! hide column B`, `! hide sheet`, `! merge A1:B2`, `! format B2
0%`. `! xml OLD => NEW` changes the sheet's XML, `! part NAME` adds an empty part to the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

SUFFIX = ".xlsx.txt"  # of a text beside which a test wants the workbook


def workbook(text: str) -> bytes:
    """The bytes of the workbook that `text` describes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    changes: dict[int, list[tuple[str, str]]] = {}
    parts: list[str] = []
    row = 0
    for line in text.splitlines():
        if line.startswith("= "):
            book.create_sheet(line[2:].strip())
            row = 0
        elif line.startswith("! xml "):
            old, _, new = line[6:].partition(" => ")
            changes.setdefault(len(book.worksheets), []).append((old, new))
        elif line.startswith("! part "):
            parts.append(line[7:].strip())
        elif line.startswith("! "):
            _do(book.worksheets[-1], line[2:].split())
        else:
            row += 1
            for column, cell in enumerate(line.split("|"), 1):
                _write(book.worksheets[-1], row, column, cell.strip())
    data = io.BytesIO()
    book.save(data)
    return _changed(data.getvalue(), changes, parts)


def build(folder: Path) -> None:
    """Makes the workbooks that texts in a folder describe, in their stead."""
    for path in folder.rglob(f"*{SUFFIX}"):
        path.with_name(path.name.removesuffix(".txt")).write_bytes(
            workbook(path.read_text("utf-8"))
        )
        path.unlink()


def _write(sheet: Any, row: int, column: int, written: str) -> None:
    from openpyxl.worksheet.formula import ArrayFormula

    kind, _, rest = written.partition(" ")
    cell = sheet.cell(row, column)
    match kind:
        case "":
            pass
        case "number":
            cell.value = float(rest) if "." in rest else int(rest)
        case "date":
            cell.value = date.fromisoformat(rest)
        case "time":
            cell.value = datetime.fromisoformat(rest)
        case "boolean":
            cell.value = rest == "TRUE"
        case "formula":
            cell.value = rest
        case "array":
            where, _, formula = rest.partition(" ")
            sheet[where.partition(":")[0]] = ArrayFormula(where, formula)
        case _:
            cell.value = written
            if not written.startswith("#"):
                cell.data_type = "s"


def _do(sheet: Any, words: list[str]) -> None:
    match words:
        case ["hide", "row", number]:
            sheet.row_dimensions[int(number)].hidden = True
        case ["hide", "column", letter]:
            sheet.column_dimensions[letter].hidden = True
        case ["hide", "sheet"]:
            sheet.sheet_state = "hidden"
        case ["merge", where]:
            sheet.merge_cells(where)
        case ["format", where, *code]:
            sheet[where].number_format = " ".join(code)
        case _:
            raise ValueError(words)


def _changed(data: bytes, changes: dict[int, list[tuple[str, str]]], parts: list[str]) -> bytes:
    if not changes and not parts:
        return data
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            for before, after in changes.get(int(number[1]) if number else 0, []):
                assert before.encode() in content, f"{before} is not in {content!r}"
                content = content.replace(before.encode(), after.encode())
            new.writestr(name, content)
        for name in parts:
            new.writestr(name, b"<x/>")
    return found.getvalue()
