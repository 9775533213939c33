"""Many small cases as a table: one row each, what they share above it.

    - scenarios: bands of the well-led percentage
      as at: 2025-05-30
      trust: {name: Example Trust, trust type: acute}
      columns: [case, supplied > trust > well-led percentage, expect > trust rating]
      rows:
        - [the most of inadequate, 38, inadequate]

A column is a word of a case (`case`, `as at`, `policy`, `tags`, `given`, `because`, `and not` …), a
path under one (`expect > PATH`, `supplied > PATH`, `under > POLICY > PATH`), or the path of a fact.
Rows may be lists under `columns`, mappings, or stand in a CSV file or workbook. A blank cell says
nothing. Of which things a path speaks is known once the policy is chosen.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from rulewright.ir.vocabulary import Vocabulary
from rulewright.spreadsheets.csv_files import OTHER_MARKS, Rows, read_records
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.files import WORKBOOKS, read_bytes
from rulewright.syntax.text import Map, Seq, Text, key, place_of
from rulewright.syntax.yaml_loader import decoded

from .case_texts import TABLE, WORDS, CaseText, FileCases
from .fact_paths import stated
from .shared_facts import SharedFacts, laid_over

REASONS = ("because", "and not", "notes", "warnings", "not a rating")
_NESTED = {
    "expect": 2,
    "supplied": 2,
    "published": 2,
    "under": 3,
    "under reading": 3,
}  # how many steps such a column has at least
_LISTS = ("tags", "given")
_PLAIN = ("case", "as at", "policy", "about", *_LISTS)
_OWN = (TABLE, "rows", "columns")
Cells = Callable[[], list[Any]]  # the cells of a row, made when they are asked for
Row = tuple[Place, Callable[[], list[tuple[Text, Any]]]]  # the same by their columns


@dataclass(frozen=True)
class RowCase(CaseText):
    """A row of a table of cases: `tree` holds all but the facts of the row, which wait for a
    vocabulary.
    """

    facts: tuple[tuple[Text, Any], ...]

    def against(self, vocabulary: Vocabulary, problems: Problems) -> CaseText:
        """The whole tree. Notes RW815 (a column that is no fact)."""
        return CaseText(stated(self.tree, self.facts, vocabulary, problems), self.file)


def take_table(tree: Map, file: str, given: SharedFacts, cases: FileCases) -> None:
    """The cases of a table that stands among cases, or whose rows stand in a file.

    Notes RW815, RW816 and what `given` raises.
    """
    title = tree[TABLE]
    if not isinstance(title, Text) or not key(title):
        cases.problems.add(
            "RW816",
            place_of(title, tree.place),
            "the table of scenarios has no name",
            "begin it with `scenarios: NAME`",
        )
        return
    shared = Map({word: value for word, value in tree.items() if word not in _OWN})
    shared.place = tree.place
    try:
        rows = _rows(tree, given, title)
    except InputError as error:
        cases.problems.take(error)
        return
    _take(rows, shared, f"{' '.join(title.split())}: ", file, given, cases)


def take_csv(text: str, file: str, given: SharedFacts, cases: FileCases) -> None:
    """The cases of a CSV file.

    Raises `InputError` (RW815, RW816), notes what is wrong with its rows.
    """
    _take(_by_column(_of_csv(text, file)), Map(), "", file, given, cases)


def take_sheet(rows: Rows, file: str, given: SharedFacts, cases: FileCases) -> None:
    """The cases of a sheet of a workbook.

    Raises `InputError` (RW815, RW816), notes what is wrong with its rows.
    """
    _take(_by_column(_at_hand(rows)), Map(), "", file, given, cases)


def _take(
    rows: list[Row], shared: Map, prefix: str, file: str, given: SharedFacts, cases: FileCases
) -> None:
    if not rows:
        cases.problems.add(
            "RW816",
            place_of(shared, Place(file)),
            "the table of scenarios has no rows",
            "add at least one",
        )
    for place, cells in rows:
        cases.take(partial(_case, place, cells, shared, prefix, file, given))


def _case(
    place: Place,
    cells: Callable[[], list[tuple[Text, Any]]],
    shared: Map,
    prefix: str,
    file: str,
    given: SharedFacts,
) -> CaseText:
    row, facts = Map(), []
    row.place = place
    for column, value in cells():
        word, steps = _steps(column)
        if word in REASONS and len(steps) == 1:
            _put(row, ["expect", word], column, value)
        elif word in _PLAIN and len(steps) == 1:
            row[Text.at(word, column.place)] = _listed(value) if word in _LISTS else value
        elif len(steps) >= _NESTED.get(word, 99):
            _put(
                row,
                [
                    word,
                    *([steps[1]] if _NESTED[word] == 3 else []),
                    " > ".join(steps[_NESTED[word] - 1 :]),
                ],
                column,
                value,
            )
        elif word:
            raise InputError(
                Problem(
                    column.place,
                    "RW815",
                    f"the column `{column}` does not say of what",
                    _help_for(word),
                )
            )
        else:
            facts.append((column, value))
    name = row.get("case")
    if not isinstance(name, Text) or not key(name):
        raise InputError(
            Problem(place_of(name, place), "RW816", "the row has no name", "fill the column `case`")
        )
    row[next(each for each in row if each == "case")] = Text.at(
        f"{prefix}{' '.join(name.split())}", name.place
    )
    if "given" in row and "given" in shared:
        row["given"] = _joined(shared["given"], row["given"])
    for word in (each for each in row if each in _NESTED and each in shared):
        row[word] = _replacing(row[word], shared[word], _NESTED[word] - 1)
    tree = given.under(
        laid_over(row, Map({word: value for word, value in shared.items() if word not in row}))
    )
    tree.place = place
    return RowCase(tree, file, tuple(facts))


@lru_cache(maxsize=1_000)
def _steps(column: str) -> tuple[str, list[str]]:
    """The word of a case that a column begins with, where it does, and the steps of its path."""
    steps = [" ".join(each.split()) for each in column.split(">")]
    return next(
        (each for each in (*WORDS, "given", *REASONS) if key(each) == key(steps[0])), ""
    ), steps


def _replacing(own: Any, shared: Any, depth: int) -> Any:
    """What a row expects in place of what the table does, path by path."""
    if not (depth and isinstance(own, Map) and isinstance(shared, Map)):
        return own
    words = {key(word): value for word, value in shared.items()}
    found = Map({word: value for word, value in shared.items() if key(word) not in map(key, own)})
    found.update(
        {word: _replacing(value, words.get(key(word)), depth - 1) for word, value in own.items()}
    )
    found.place = own.place
    return found


def _put(row: Map, steps: list[str], column: Text, value: Any) -> None:
    """A cell under the words above it; of an expectation `a; b` lists what is possible, or several
    rules.
    """
    here = row
    for step in steps[:-1]:
        here = here.setdefault(Text.at(step, column.place), Map())
        here.place = here.place if here.place.file else place_of(value, column.place)
    last = steps[-1]
    expected = steps[0] in ("expect", "under", "under reading")
    here[Text.at(last, column.place)] = _several(value) if expected else value


def _several(value: Any) -> Any:
    return _listed(value) if isinstance(value, Text) and ";" in value else value


def _listed(value: Any) -> Any:
    if not isinstance(value, Text):
        return value
    found = Seq(Text.at(each.strip(), value.place) for each in value.split(";") if each.strip())
    found.place = value.place
    return found


def _joined(one: Any, other: Any) -> Seq:
    return Seq(
        [
            *(one if isinstance(one, list) else [one]),
            *(other if isinstance(other, list) else [other]),
        ]
    )


def _help_for(word: str) -> str:
    if word in _NESTED:
        return (
            f"write `{word} > POLICY > PATH`"
            if word == "under"
            else f"write `{word} > READING > PATH`"
            if _NESTED[word] == 3
            else (f"write `{word} > PATH`")
        )
    return f"write `{word}` alone"


# -- rows


def _rows(tree: Map, given: SharedFacts, title: Text) -> list[Row]:
    rows, columns = tree.get("rows"), tree.get("columns")
    if isinstance(rows, Text):
        return _of_file(rows, given)
    if not isinstance(rows, list) or not rows:
        raise InputError(
            Problem(
                place_of(rows, place_of(title)),
                "RW816",
                f"the table of scenarios `{title}` has no rows",
                "write `rows:` with a list, or the name of a CSV file or workbook",
            )
        )
    if columns is None and all(isinstance(each, Map) for each in rows):
        for each in rows:
            _check_header(list(each), place_of(each))
        return [(place_of(each), partial(_stated, each)) for each in rows]
    if not isinstance(columns, list) or not all(isinstance(each, Text) for each in columns):
        raise InputError(
            Problem(
                place_of(columns, place_of(rows)),
                "RW815",
                "nothing says what stands in the columns",
                "write `columns: [case, PATH, …]`, or each row as a mapping",
            )
        )
    wrong = [each for each in rows if not isinstance(each, list)]
    if wrong:
        raise InputError(
            [
                Problem(
                    place_of(each, place_of(rows)),
                    "RW816",
                    "the row is not a list, and `columns` says what each place holds",
                    "write `- [CELL, …]`",
                )
                for each in wrong
            ]
        )
    return _by_column(
        _at_hand(
            [
                (place_of(columns), columns),
                *((place_of(each, place_of(rows)), each) for each in rows),
            ]
        )
    )


def _stated(row: Map) -> list[tuple[Text, Any]]:
    return [(column, value) for column, value in row.items() if value is not None]


def _of_file(rows: Text, given: SharedFacts) -> list[Row]:
    """The rows of a file that a table names.

    Raises `InputError` (RW124, RW816, what is wrong with the file).
    """
    name, _, sheet = rows.partition("#")
    path, file = (
        given.path(given.folder, Text.at(name, rows.place)),
        posixpath.normpath(posixpath.join(given.shown, name)),
    )
    if not os.path.exists(path):
        known = [each.name for each in _beside(path) if each.suffix.lower() in (".csv", *WORKBOOKS)]
        raise InputError(
            Problem(rows.place, "RW816", f"there is no file `{file}`", nearest(name, known))
        )
    return given.once(f"rows {rows}", partial(_read, path, file, sheet.strip(), given))


def _read(path: Path, file: str, sheet: str, given: SharedFacts) -> list[Row]:
    data = read_bytes(path, file, given.within)
    if path.suffix.lower() not in WORKBOOKS:
        return _by_column(_of_csv(decoded(data, file), file))
    from rulewright.spreadsheets.workbooks import Workbook

    book = Workbook(data, file)
    return _by_column(_at_hand((book.sheet(sheet) if sheet else book.only_sheet()).table()))


def _beside(path: Path) -> list[Path]:
    try:
        return sorted(path.parent.iterdir())
    except OSError:
        return []


def _of_csv(text: str, file: str) -> list[tuple[Place, Cells]]:
    return [(each.place, each.cells) for each in read_records(text, file)]


def _at_hand(rows: Iterable[tuple[Place, list[Any]]]) -> list[tuple[Place, Cells]]:
    """Rows whose cells are there already."""
    return [(place, partial(list, cells)) for place, cells in rows]


def _by_column(rows: Sequence[tuple[Place, Cells]]) -> list[Row]:
    """Each row with its cells by column, blank ones left out.

    Raises `InputError` (RW815, RW816).
    """
    (top, first), *body = rows
    header = first()
    _check_header(header, top)
    problems = Problems()
    found: list[Row] = []
    for place, cells in body:
        row = cells()
        more = next((each for each in row[len(header) :] if each != ""), None)
        if more is not None:
            problems.add(
                "RW816",
                place_of(more, place),
                f"the row has {len(row)} cells, and there are {len(header)} columns",
                "put a cell that holds a comma in quotation marks, or add a column",
            )
        found.append((place, partial(_paired, header, cells)))
    problems.stop_if_any()
    return found


def _paired(header: list[Text], cells: Cells) -> list[tuple[Text, Any]]:
    return [
        (column, cell)
        for column, cell in zip(header, cells(), strict=False)
        if cell is not None and cell != ""
    ]


def _without_names(header: list[Text]) -> tuple[str, str]:
    """What is wrong with a table in which no column is called `case`: it may have been saved with
    other marks between the cells.
    """
    for mark, name in OTHER_MARKS:
        if mark in header[0] and "case" in map(key, header[0].split(mark)):
            return f"the cells are separated by {name}", "separate them by commas"
    return "no column is called `case`", nearest(
        "case", header
    ) or "add one with a name for each row"


def _check_header(header: list[Text], place: Place) -> None:
    problems = Problems()
    seen: dict[str, Text] = {}
    for column in header:
        first = seen.setdefault(key(column), column)
        if not key(column):
            problems.add(
                "RW815",
                place_of(column, place),
                "a column has no heading",
                "write a path or word, or delete the column",
            )
        elif first is not column:
            problems.add(
                "RW815",
                place_of(column, place),
                f"the column `{column}` stands twice",
                "keep one of them",
            )
    if "case" not in seen:
        problems.add("RW815", place, *_without_names(header))
    problems.stop_if_any()
