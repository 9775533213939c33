"""Reading CSV files: decision tables, each cell with its line and the number of its column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.text import Text
from rulewright.syntax.yaml_loader import MAX_VALUES, refuse_controls

OTHER_MARKS = ((";", "semicolons"), ("\t", "tabs"))  # with which some programs save tables
MOST_COLUMNS = 16_384  # as in a spreadsheet
Rows = list[
    tuple[Place, list[Text]]
]  # a header and the rows below it; each with its place, each cell with its own


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a CSV file as it stands there.

    A large file is held so: cells that know their places take fifty times as much.
    """

    place: Place
    written: str

    def cells(self) -> list[Text]:
        """Its cells, each with its place."""
        [cells] = csv.reader(io.StringIO(self.written), strict=True)
        return _placed(cells, self.place)


def read_csv(text: str, file: str) -> Rows:
    """The rows of a CSV file; each cell knows its line and its column (the number of the cell).

    Raises `InputError`: RW102 (too many cells), RW104 (empty), RW105 (invisible characters), RW113
    (not CSV).
    """
    found, number = [], 0
    for place, cells, _ in _rows(text, file):
        number += len(cells)
        if number > MAX_VALUES:
            raise InputError(
                Problem(
                    place,
                    "RW102",
                    f"the file holds more than {MAX_VALUES:,} cells",
                    "split it into several files",
                )
            )
        found.append((place, _placed(cells, place)))
    return found


def read_records(text: str, file: str) -> list[Record]:
    """The rows of a CSV file as they stand there. Raises `InputError` as `read_csv` does."""
    return [Record(place, written) for place, _, written in _rows(text, file)]


def _placed(cells: list[str], place: Place) -> list[Text]:
    return [
        Text.at(each.strip(), Place(place.file, place.line, number))
        for number, each in enumerate(cells, 1)
    ]


def _rows(text: str, file: str) -> Iterator[tuple[Place, list[str], str]]:
    """Each row that is not blank: its place, its cells, and how it is written."""
    written: list[str] = []
    reader = csv.reader(_noted(io.StringIO(text), written), strict=True)
    line, empty = 0, True
    try:
        for cells in reader:
            line = reader.line_num
            if len(cells) > MOST_COLUMNS:
                raise InputError(
                    Problem(
                        Place(file, line, MOST_COLUMNS + 1),
                        "RW102",
                        f"the row has {len(cells):,} cells, at most {MOST_COLUMNS:,} are read",
                    )
                )
            for number, each in enumerate(cells, 1):
                refuse_controls(each, Place(file, line, number))
            if any(each.strip() for each in cells):
                empty = False
                yield Place(file, line, 1), cells, "".join(written)
            written.clear()
    except csv.Error as error:
        raise _not_csv(error, text, Place(file, reader.line_num, 1), line) from None
    if empty:
        raise InputError(Problem(Place(file), "RW104", "the file is empty"))


def _noted(lines: Iterable[str], into: list[str]) -> Iterator[str]:
    for each in lines:
        into.append(each)
        yield each


def _not_csv(error: csv.Error, text: str, here: Place, last: int) -> InputError:
    """What is wrong with a file that cannot be read on from `here`. last: the line in which the
    last row ends that could be read.
    """
    reason = str(error)
    first = text.split("\n", 1)[0]
    for mark, name in OTHER_MARKS:
        if mark in first and "," not in first:
            return InputError(
                Problem(
                    Place(here.file, 1, 1),
                    "RW113",
                    f"not CSV: the cells are separated by {name}",
                    "separate them by commas",
                )
            )
    if "expected after" in reason:
        return InputError(
            Problem(
                here,
                "RW113",
                "not CSV: text follows the closing quotation mark of a cell",
                "put the cell in quotation marks, and write those inside it twice",
            )
        )
    if "unexpected end" in reason:
        return InputError(
            Problem(
                Place(here.file, last + 1, 1),
                "RW113",
                "not CSV: a quotation mark is not closed",
                "close it, or leave both out",
            )
        )
    return InputError(Problem(here, "RW113", f"not CSV: {reason}"))
