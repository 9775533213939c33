"""Case files: one case, or a list of cases; in JSON lines one case a line, in a workbook one case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .case_texts import CaseText
from .errors import InputError, Place, Problems
from .files import WORKBOOKS, read_bytes
from .loading import load_json_line, load_yaml, read_text
from .text import Map, Text, key, place_of


def load_cases(path: Path, shown: str | None = None) -> list[CaseText]:
    """The cases of one file (`.yaml`, `.json`, `.jsonl`, `.xlsx`). Raises `InputError` with every mistake in its outer shape."""
    name = shown or str(path)
    if path.suffix.lower() in WORKBOOKS:
        from .casebooks import case_of_workbook

        return [case_of_workbook(read_bytes(path, name), name)]
    text = read_text(path, name)
    problems = Problems()
    found: list[CaseText] = []
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    found += _cases(load_json_line(line, Place(name, number, 1)), name, problems)
                except InputError as error:
                    problems.take(error)
    else:
        found = _cases(load_yaml(text, name), name, problems)
    if not found and not problems.found:
        problems.add("RW500", Place(name), "the file holds no case", "begin one with `case: NAME`")
    problems.stop_if_any()
    return found


def _cases(tree: Any, file: str, problems: Problems) -> list[CaseText]:
    found = []
    for each in tree if isinstance(tree, list) else [tree]:
        if not isinstance(each, Map):
            problems.add("RW500", place_of(each, Place(file)), "this is not a case",
                         "a case is a mapping with `case` and the facts")  # fmt: skip
        elif not isinstance(each.get("case"), Text) or not key(each["case"]):
            problems.add("RW500", place_of(each, Place(file)), "the case has no name", "begin it with `case: NAME`")
        else:
            found.append(CaseText(each, file))
    return found
