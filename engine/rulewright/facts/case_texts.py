"""A case as loaded, before it is read against a vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rulewright.ir.types import parse_date
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import InputError, Place, Problem, Problems
from rulewright.syntax.text import Map, Text, key, place_of

WORDS = (
    "case",
    "as at",
    "policy",
    "about",
    "source",
    "tags",
    "supplied",
    "judgements",
    "published",
    "expect",
    "under reading",
    "under",
)
TABLE = "scenarios"  # begins a table of many small cases
MAX_CASES = 500_000  # of a file
MOST_KEPT = 32  # cases of a file that are held in full


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
                problems.add(
                    "RW503",
                    place_of(word, self.place),
                    "`as at` is left empty",
                    "leave the line out, or write a date such as `2024-03-01`",
                )
                problems.stop_if_any()
            other = next((each for each in self.tree if key(each) == "as at"), None)
            if other is not None:
                raise InputError(spelt_otherwise(other, "as at"))
            return None
        day = parse_date(written) if isinstance(written, Text) else None
        if day is None:
            problems = Problems()
            shown = f"`{written}`" if isinstance(written, Text) else "a list or mapping"
            problems.add(
                "RW510",
                place_of(written, self.place),
                f"{shown} is not a date",
                "write for instance `2024-03-01`",
            )
            problems.stop_if_any()
        return day


def spelt_otherwise(word: Text, known: str) -> Problem:
    """The words of a case have one spelling, unlike those of the vocabulary."""
    return Problem(place_of(word), "RW501", f"`{word}` is not known in a case", f"write `{known}`")


class Deferred(CaseText):
    """One case of a file of many: made when it is asked for, and held in full only while it is
    among those asked for last.
    """

    def __init__(self, whole: CaseText, number: int, make: Make, kept: LatestCases) -> None:
        self._name, self._place, self._file = whole.name, whole.place, whole.file
        self._number, self._make, self._kept = number, make, kept

    @property
    def whole(self) -> CaseText:
        """The case in full."""
        return self._kept.get(self._number, self._make)

    @property
    def name(self) -> str:
        return self._name

    @property
    def place(self) -> Place:
        return self._place

    @property
    def file(self) -> str:
        return self._file

    @property
    def tree(self) -> Map:
        return self.whole.tree

    @property
    def facts(self) -> tuple[tuple[Text, Any], ...]:
        """The facts of a row, by their columns."""
        return getattr(self.whole, "facts", ())

    def against(self, vocabulary: Vocabulary, problems: Problems) -> CaseText:
        """The case with its facts as a tree."""
        return self.whole.against(vocabulary, problems)


Make = Callable[[], CaseText]


class LatestCases:
    """The cases of a file that were asked for last."""

    def __init__(self) -> None:
        self._cases: dict[int, CaseText] = {}

    def get(self, number: int, make: Make) -> CaseText:
        """A case of the file, made anew where it was let go."""
        found = self._cases.get(number)
        if found is None:
            found = self._cases[number] = make()
            if len(self._cases) > MOST_KEPT:
                del self._cases[next(iter(self._cases))]
        return found


class FileCases:
    """The cases of one file.

    Each is made once to see what is wrong with it; of many only the last few stay as they were
    made.
    """

    def __init__(self, problems: Problems) -> None:
        self.found: list[CaseText] = []
        self.problems = problems
        self._kept = LatestCases()

    def take(self, make: Make, first: Make | None = None) -> None:
        """One more case. first: how it is made now, where that is quicker. Notes what is wrong with
        it.

        Raises `InputError` (RW102) where there are too many.
        """
        number = len(self.found)
        try:
            whole = self._kept.get(number, first or make)
        except InputError as error:
            self.problems.take(error)
        else:
            self.add(Deferred(whole, number, make, self._kept))

    def add(self, case: CaseText) -> None:
        """One more case, which stays as it is.

        Raises `InputError` (RW102) where there are too many.
        """
        self.found.append(case)
        if len(self.found) > MAX_CASES:
            raise InputError(
                Problem(
                    case.place,
                    "RW102",
                    f"the file holds more than {MAX_CASES:,} cases",
                    "split it into several files",
                )
            )
