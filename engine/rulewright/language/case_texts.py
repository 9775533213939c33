"""Case files as loaded, before they are read against a vocabulary.

A case file holds one case, or a list of cases; a JSON-lines file holds one case a line, a workbook one case.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import InputError, Place, Problem, Problems
from .files import WORKBOOKS, read_bytes
from .loading import load_json_line, load_yaml, read_text
from .text import Map, Text, key, place_of
from .types import parse_date
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class CaseText:
    """A case as loaded, before it is read against a vocabulary."""

    tree: Map
    file: str

    @property
    def name(self) -> str:
        return " ".join(str(self.tree.get("case") or "").split())

    @property
    def place(self) -> Place:
        return place_of(self.tree.get("case"), place_of(self.tree, Place(self.file)))

    def against(self, _vocabulary: Vocabulary, _problems: Problems) -> CaseText:
        """The case with its facts as a tree; in a workbook their shape hangs on the vocabulary."""
        return self

    def day(self) -> int | None:
        """The `as at` date. Raises `InputError` (RW510)."""
        written = self.tree.get("as at")
        if written is None:
            if "as at" in self.tree:
                problems = Problems()
                word = next(each for each in self.tree if each == "as at")
                problems.add("RW503", place_of(word, self.place), "`as at` is left empty",
                             "leave the line out, or write a date such as `2024-03-01`")  # fmt: skip
                problems.stop_if_any()
            other = next((each for each in self.tree if key(each) == "as at"), None)
            if other is not None:
                raise InputError(spelt_otherwise(other, "as at"))
            return None
        day = parse_date(written) if isinstance(written, Text) else None
        if day is None:
            problems = Problems()
            shown = f"`{written}`" if isinstance(written, Text) else "a list or mapping"
            problems.add("RW510", place_of(written, self.place), f"{shown} is not a date", "write for instance `2024-03-01`")
            problems.stop_if_any()
        return day


def spelt_otherwise(word: Text, known: str) -> Problem:
    """The words of a case have one spelling, unlike those of the vocabulary."""
    return Problem(place_of(word), "RW501", f"`{word}` is not known in a case", f"write `{known}`")


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
