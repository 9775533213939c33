"""Case files: one case, or a list of cases; in JSON lines one case a line, in a workbook one case.

Many small cases may stand in a table: among the others, in a CSV file, or in the sheet `scenarios` of a workbook.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from .case_texts import TABLE, CaseText
from .errors import InputError, Place, Problems
from .files import WORKBOOKS, read_bytes
from .given import Given, is_facts
from .loading import load_json_line, load_yaml, read_text
from .text import Map, Text, key, place_of


def load_cases(path: Path, shown: str | None = None) -> list[CaseText]:
    """The cases of one file (`.yaml`, `.json`, `.jsonl`, `.csv`, `.xlsx`). Raises `InputError` with every mistake in its outer shape."""
    name = shown or str(path)
    given = Given(path.parent, posixpath.dirname(name))
    if path.suffix.lower() in WORKBOOKS:
        return _of_workbook(read_bytes(path, name), name, given)
    if path.suffix.lower() == ".csv":
        from .casetables import cases_of_rows
        from .csvtables import read_csv

        return cases_of_rows(read_csv(read_text(path, name), name), name, given)
    text = read_text(path, name)
    problems = Problems()
    found: list[CaseText] = []
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    found += _cases(load_json_line(line, Place(name, number, 1)), name, given, problems)
                except InputError as error:
                    problems.take(error)
    else:
        tree = load_yaml(text, name)
        if is_facts(tree):
            problems.add("RW818", place_of(tree, Place(name)), "this is a file of facts, not a case",
                         f"name it under `given` of a case: `given: {path.name}`")  # fmt: skip
            problems.stop_if_any()
        found = _cases(tree, name, given, problems)
    if not found and not problems.found:
        problems.add("RW500", Place(name), "the file holds no case", "begin one with `case: NAME`")
    problems.stop_if_any()
    return found


def _of_workbook(data: bytes, name: str, given: Given) -> list[CaseText]:
    """The one case of a workbook, or the rows of its sheet `scenarios`."""
    from .casebooks import case_of_workbook
    from .workbooks import Workbook

    book = Workbook(data, name)
    if any(key(each) == TABLE for each in book.names):
        from .casetables import cases_of_rows

        return cases_of_rows(book.sheet(TABLE).table(), name, given)
    return [case_of_workbook(data, name)]


def _cases(tree: Any, file: str, given: Given, problems: Problems) -> list[CaseText]:
    found: list[CaseText] = []
    for each in tree if isinstance(tree, list) else [tree]:
        if not isinstance(each, Map):
            problems.add("RW500", place_of(each, Place(file)), "this is not a case",
                         "a case is a mapping with `case` and the facts")  # fmt: skip
        elif TABLE in each and "case" not in each:
            from .casetables import cases_of_table

            found += cases_of_table(each, file, given, problems)
        elif not isinstance(each.get("case"), Text) or not key(each["case"]):
            problems.add("RW500", place_of(each, Place(file)), "the case has no name", "begin it with `case: NAME`")
        else:
            try:
                found.append(CaseText(given.under(each), file))
            except InputError as error:
                problems.take(error)
    return found
