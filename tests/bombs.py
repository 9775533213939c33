"""Workbooks that are small and would cost much: each is written in pieces, so that making it takes
no memory.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from itertools import chain, repeat

from tests.workbooks import workbook

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_PIECE = 100_000  # characters that are written at once
Written = Iterable[str]


def sheet(
    content: Iterable[str], before: Iterable[str] = (), after: Iterable[str] = ()
) -> dict[str, Iterable[str]]:
    """A sheet with that in its rows, and with more before and after these."""
    return {
        SHEET: chain(
            [HEAD], before, ["<sheetData>"], content, ["</sheetData>"], after, ["</worksheet>"]
        )
    }


def many(text: str, number: int) -> Written:
    """The same text again and again."""
    at_once = max(1, _PIECE // len(text))
    return chain(repeat(text * at_once, number // at_once), [text * (number % at_once)])


def sharing(strings: Written) -> dict[str, Written]:
    """A sheet with one cell that holds the first of the texts that the cells share."""
    relations = [
        f'<Relationship Id="{part}" Type="x/{kind}" Target="{part}.xml"/>'
        for kind, part in (
            ("worksheet", "worksheets/sheet1"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    ]
    relations[0] = relations[0].replace('Id="worksheets/sheet1"', 'Id="rId1"')
    cell = '<row><c t="s"><v>0</v></c></row>'
    return {
        **sheet([cell]),
        STRINGS: chain(["<sst>"], strings, ["</sst>"]),
        RELATIONS: ([f"<Relationships>{''.join(relations)}</Relationships>"]),
    }


def formatted(code: str) -> dict[str, Written]:
    """A sheet with a text in a number format of that code."""
    cell = ['<row><c s="0" t="inlineStr"><is><t>x</t></is></c></row>']
    numbers = f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
    return {
        **sheet(cell),
        STYLES: ["<styleSheet>", numbers, '<cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>'],
    }


CELL = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'
STYLED = '<row><c s="0"><v>1</v></c></row>'


def parts(name: str) -> dict[str, Written]:
    """The parts of the bomb of that name which are not as in any workbook."""
    match name:
        case "cells without a value":
            return sheet(many("<row>" + "<c/>" * 16_000 + "</row>", 800))
        case "rows without a cell":
            return sheet(many('<row r="1"/>', 4_500_000))
        case "formulas":
            return sheet(many("<row>" + "<c><f/></c>" * 100 + "</row>", 40_000))
        case "errors":
            return sheet(many("<row>" + '<c t="e"><v>x</v></c>' * 100 + "</row>", 1_900))
        case "merged ranges":
            return sheet(
                (),
                after=chain(
                    ["<mergeCells>"], many('<mergeCell ref="A1:B2"/>', 2_000_000), ["</mergeCells>"]
                ),
            )
        case "ranges of columns":
            return sheet(
                ([CELL]),
                before=chain(
                    ["<cols>"],
                    many('<col min="1" max="16384" hidden="1"/>', 1_300_000),
                    ["</cols>"],
                ),
            )
        case "a long text in a cell":
            return sheet(
                chain(
                    ['<row><c t="inlineStr"><is><t>'],
                    many("a", 55_000_000),
                    ["</t></is></c></row>"],
                )
            )
        case "a long text that cells share":
            return sharing(chain(["<si><t>"], many("a", 55_000_000), ["</t></si>"]))
        case "texts that cells share":
            return sharing(many("<si><t>a</t></si>", 3_000_000))
        case "an element of many attributes":
            attributes = (
                " ".join(f'a{number + each}=""' for each in range(1_000)) + " "
                for number in range(0, 3_000_000, 1_000)
            )
            return sheet(chain(["<row "], attributes, ["/>"]))
        case "an element in an element":
            return sheet(many("<a>", 8_000_000))
        case "a comment without an end":
            return sheet(chain(["<!-- "], many("a", 50_000_000)))
        case "styles":
            return {
                **sheet([STYLED]),
                STYLES: chain(
                    ["<styleSheet><cellXfs>"], many("<xf/>", 9_000_000), ["</cellXfs></styleSheet>"]
                ),
            }
        case "number formats":
            formats = (
                f'<numFmt numFmtId="{number}" formatCode="0"/>' for number in range(1_000_000)
            )
            return {
                **sheet([STYLED]),
                STYLES: chain(["<styleSheet><numFmts>"], formats, ["</numFmts></styleSheet>"]),
            }
        case "a format of semicolons":
            return formatted(";" * 50_000)
        case "a format of quotation marks":
            return formatted(";&quot;" * 20_000)
        case "a format of days":
            return formatted("d-" * 50_000)
        case "a format of spaces":
            return formatted("_a" * 100_000)
    raise ValueError(name)


def bomb(name: str) -> bytes:
    """The workbook of that name."""
    data = io.BytesIO()
    own = parts(name)
    plain = zipfile.ZipFile(io.BytesIO(workbook("= trust\nname\n")))
    with plain, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in dict.fromkeys([*plain.namelist(), *own]):
            with new.open(part, "w") as file:
                for piece in own.get(part) or [plain.read(part).decode()]:
                    file.write(piece.encode())
    return data.getvalue()


BOMBS = {  # with how the first message begins
    "cells without a value": "b.xlsx: RW114 the workbook has more than 1,000,000 elements",
    "rows without a cell": "b.xlsx: RW114 the workbook has more than 1,000,000 elements",
    "formulas": "b.xlsx!trust: RW102 the sheet has more than 200,000 filled cells",
    "errors": "b.xlsx!trust!A1: RW115 the cell holds the error `x`",
    "merged ranges": "b.xlsx!trust: RW102 the sheet has more than 10,000 merged ranges",
    "ranges of columns": "b.xlsx!trust: RW102 the sheet has more than 16,384 ranges of columns",
    "a long text in a cell": "b.xlsx!trust!A1: RW102 the cell holds more than 32,767 characters",
    "a long text that cells share": "b.xlsx: RW114 the workbook has more than 32,767 characters in one text",
    "texts that cells share": "b.xlsx: RW114 the workbook has more than 1,000,000 elements",
    "an element of many attributes": "b.xlsx: RW114 an element of the workbook is written with more than 262,144 bytes",
    "an element in an element": "b.xlsx: RW114 the elements of the workbook are nested deeper than 100 levels",
    "a comment without an end": "b.xlsx: RW114 an element of the workbook is written with more than 262,144 bytes",
    "styles": "b.xlsx: RW114 the workbook has more than 65,536 styles of cells",
    "number formats": "b.xlsx: RW114 the workbook has more than 2,000 number formats",
    "a format of semicolons": "b.xlsx: RW114 a number format has 50,000 characters, at most 255 are read",
    "a format of quotation marks": "b.xlsx: RW114 a number format has 40,000 characters, at most 255 are read",
    "a format of days": "b.xlsx: RW114 a number format has 100,000 characters, at most 255 are read",
    "a format of spaces": "b.xlsx: RW114 a number format has 200,000 characters, at most 255 are read",
}
