"""Reading CSV files: decision tables, each cell with its line and the number of its column."""

from __future__ import annotations

import csv
import io

from .errors import InputError, Place, Problem
from .loading import refuse_controls
from .text import Text

OTHER_MARKS = ((";", "semicolons"), ("\t", "tabs"))  # with which some programs save tables
Rows = list[tuple[Place, list[Text]]]  # a header and the rows below it; each with its place, each cell with its own


def read_csv(text: str, file: str) -> Rows:
    """The rows of a CSV file; each cell knows its line and its column (the number of the cell).

    Raises `InputError`: RW104 (empty), RW105 (invisible characters), RW113 (not CSV).
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    rows = []
    line = 0
    try:
        for cells in reader:
            line = reader.line_num
            for number, each in enumerate(cells, 1):
                refuse_controls(each, Place(file, line, number))
            if any(each.strip() for each in cells):
                row = [Text.at(each.strip(), Place(file, line, number)) for number, each in enumerate(cells, 1)]
                rows.append((Place(file, line, 1), row))
    except csv.Error as error:
        reason = str(error)
        first = text.split("\n", 1)[0]
        for mark, name in OTHER_MARKS:
            if mark in first and "," not in first:
                raise InputError(Problem(Place(file, 1, 1), "RW113", f"not CSV: the cells are separated by {name}",
                                         "separate them by commas")) from None  # fmt: skip
        if "expected after" in reason:
            raise InputError(Problem(Place(file, reader.line_num, 1), "RW113",
                                     "not CSV: text follows the closing quotation mark of a cell",
                                     "put the cell in quotation marks, and write those inside it twice")) from None  # fmt: skip
        if "unexpected end" in reason:
            raise InputError(Problem(Place(file, line + 1, 1), "RW113", "not CSV: a quotation mark is not closed",
                                     "close it, or leave both out")) from None  # fmt: skip
        raise InputError(Problem(Place(file, reader.line_num, 1), "RW113", f"not CSV: {reason}")) from None
    if not rows:
        raise InputError(Problem(Place(file), "RW104", "the file is empty"))
    return rows
