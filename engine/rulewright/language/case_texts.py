"""A case as loaded, before it is read against a vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import InputError, Place, Problem, Problems
from .text import Map, Text, key, place_of
from .types import parse_date
from .vocabulary import Vocabulary

WORDS = ("case", "as at", "policy", "about", "source", "tags", "supplied", "judgements", "published", "expect", "under reading",
         "under")  # fmt: skip
TABLE = "scenarios"  # begins a table of many small cases


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
