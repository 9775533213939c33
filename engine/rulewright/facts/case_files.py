"""Case files: one case, or a list of cases; in JSON lines one case a line, in a workbook one case.

Many small cases may stand in a table: among the others, in a CSV file, or in the sheet `scenarios`
of a workbook.
"""

from __future__ import annotations

import posixpath
from functools import partial
from pathlib import Path
from typing import Any

from rulewright.syntax.errors import InputError, Place, Problems
from rulewright.syntax.files import WORKBOOKS, Folders, folders, read_bytes
from rulewright.syntax.text import Map, Text, key, place_of
from rulewright.syntax.yaml_loader import decoded, load_json_line, load_yaml

from .case_texts import TABLE, CaseText, FileCases
from .shared_facts import SharedFacts, is_facts


def load_cases(
    path: Path,
    shown: str | None = None,
    within: Folders | None = None,
    found_in: Folders | None = None,
) -> list[CaseText]:
    """The cases of one file (`.yaml`, `.json`, `.jsonl`, `.csv`, `.xlsx`).

    within: the folders below which the files have to lie that the cases name; else below that of
    the file. found_in: those in which the file itself has to lie, where nobody named it. Raises
    `InputError` with every mistake in its outer shape.
    """
    name = shown or str(path)
    data = read_bytes(path, name, found_in)
    given = SharedFacts(
        path.parent, posixpath.dirname(name), folders([path]) if within is None else within
    )
    if path.suffix.lower() in WORKBOOKS:
        return _of_workbook(data, name, given)
    problems = Problems()
    cases = FileCases(problems)
    text = decoded(data, name)
    if path.suffix.lower() == ".csv":
        from .scenario_tables import take_csv

        take_csv(text, name, given, cases)
    elif path.suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                _take_line(line, Place(name, number, 1), given, cases)
    else:
        tree = load_yaml(text, name)
        if is_facts(tree):
            problems.add(
                "RW818",
                place_of(tree, Place(name)),
                "this is a file of facts, not a case",
                f"name it under `given` of a case: `given: {path.name}`",
            )
            problems.stop_if_any()
        _take(tree, name, given, cases)
    if not cases.found and not problems.found:
        problems.add("RW500", Place(name), "the file holds no case", "begin one with `case: NAME`")
    problems.stop_if_any()
    return cases.found


def _of_workbook(data: bytes, name: str, given: SharedFacts) -> list[CaseText]:
    """The one case of a workbook, or the rows of its sheet `scenarios`."""
    from rulewright.spreadsheets.workbooks import Workbook

    from .workbooks import case_of

    book = Workbook(data, name)
    if any(key(each) == TABLE for each in book.names):
        from .scenario_tables import take_sheet

        problems = Problems()
        cases = FileCases(problems)
        take_sheet(book.sheet(TABLE).table(), name, given, cases)
        problems.stop_if_any()
        return cases.found
    return [case_of(book)]


def _take_line(line: str, place: Place, given: SharedFacts, cases: FileCases) -> None:
    """The case of a line; where a line holds several, all of them."""
    try:
        tree = load_json_line(line, place)
    except InputError as error:
        cases.problems.take(error)
        return
    if _is_case(tree):
        cases.take(
            partial(_of_line, line, place, given), first=partial(_given, tree, place.file, given)
        )
    else:
        _take(tree, place.file, given, cases)


def _of_line(line: str, place: Place, given: SharedFacts) -> CaseText:
    return _given(load_json_line(line, place), place.file, given)


def _is_case(tree: Any) -> bool:
    return isinstance(tree, Map) and isinstance(tree.get("case"), Text) and bool(key(tree["case"]))


def _take(tree: Any, file: str, given: SharedFacts, cases: FileCases) -> None:
    for each in tree if isinstance(tree, list) else [tree]:
        if not isinstance(each, Map):
            cases.problems.add(
                "RW500",
                place_of(each, Place(file)),
                "this is not a case",
                "a case is a mapping with `case` and the facts",
            )
        elif TABLE in each and "case" not in each:
            from .scenario_tables import take_table

            take_table(each, file, given, cases)
        elif not _is_case(each):
            cases.problems.add(
                "RW500",
                place_of(each, Place(file)),
                "the case has no name",
                "begin it with `case: NAME`",
            )
        elif "given" in each:
            cases.take(partial(_given, each, file, given))
        else:
            cases.add(CaseText(each, file))


def _given(tree: Map, file: str, given: SharedFacts) -> CaseText:
    return CaseText(given.under(tree), file)
