"""What is wrong with what somebody wrote: a code, a place, a sentence.

Every mistake a person can make has one stable code (`RW101` …) with a page in `docs/codes/`. A
problem is a value, so that many can be gathered and shown together in order of position;
`InputError` carries them to the command line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from .likeness import most_alike
from .visible import visible

MOST_SHOWN = 100  # of one kind in one file; those that follow are counted
_LONG = re.compile("`([^`]{300,})`")  # a person's own words are shown, a whole page of them is not


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where a piece of text stands: a file, a line and a column, both counted from 1.

    The sheet of a workbook is a file of its own, `bands.xlsx!Sheet1`; a line of it is a row, and
    its place is the address of the cell, `bands.xlsx!Sheet1!B3`.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        if self.is_cell:
            return f"{self.file}!{column_letters(self.column)}{self.line}"
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def is_cell(self) -> bool:
        """Whether this is a cell of a workbook."""
        return SHEET in self.file

    def right(self, characters: int) -> Place:
        """The place that many characters further along the same line; inside a cell the cell
        itself.
        """
        return self if self.is_cell else Place(self.file, self.line, self.column + characters)


SHEET = ".xlsx!"  # between the name of a workbook and that of its sheet


def column_letters(number: int) -> str:
    """The letters by which a spreadsheet names its columns: 1 is `A`, 27 is `AA`."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


NOWHERE = Place("")


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong: `place: code message; help`, on one line and with nothing in it that
    acts (`visible`).

    more: how many others of its kind follow in its file, and are only counted.
    """

    place: Place
    code: str
    message: str
    help: str = ""
    severity: str = "error"
    more: int = 0

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.file else ""
        kind = "" if self.severity == "error" else f"{self.severity}: "
        message = _LONG.sub(lambda found: f"`{found[1][:60]}…`", self.message)
        return visible(
            f"{where}{self.code} {kind}{message}" + (f"; {self.help}" if self.help else "")
        )


def few(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that are shown: of one kind in one file the first hundred, the last of which
    says how many more there are.
    """
    found: list[Problem] = []
    last: dict[tuple[str, str], int] = {}  # where in `found` the last one of its kind stands
    seen: Counter[tuple[str, str]] = Counter()
    more: Counter[tuple[str, str]] = Counter()
    for each in problems:
        kind = (each.place.file, each.code)
        seen[kind] += 1
        more[kind] += each.more
        if seen[kind] > MOST_SHOWN:
            more[kind] += 1
        else:
            last[kind] = len(found)
            found.append(replace(each, more=0) if each.more else each)
    for kind, number in last.items():
        if more[kind]:
            found[number] = replace(found[number], more=more[kind])
    return found


def lines(problems: Iterable[Problem]) -> Iterator[str]:
    """What is shown of problems, a line each, and a line for those that are counted only."""
    return MistakesShown().lines(problems)


class MistakesShown:
    """What is shown of problems that are found one after the other: of each kind no more than of
    problems found together.
    """

    def __init__(self) -> None:
        self._shown: Counter[tuple[str, str]] = Counter()
        self._more: Counter[tuple[str, str]] = Counter()

    def lines(self, problems: Iterable[Problem]) -> Iterator[str]:
        """A line for each that is shown, and a line for those of these problems that are counted
        only.
        """
        for each in few(problems):
            kind = (each.place.file, each.code)
            if self._shown[kind] < MOST_SHOWN:
                self._shown[kind] += 1
                yield str(each)
                if each.more:
                    yield _counted(each.place, each.code, each.more)
            else:
                self._more[kind] += 1 + each.more

    def rest(self) -> Iterator[str]:
        """A line for each kind of which more were found later."""
        for (file, code), number in self._more.items():
            yield _counted(Place(file), code, number)


def _counted(place: Place, code: str, number: int) -> str:
    return str(
        Problem(place, code, f"and {number:,} more like {'this' if number == 1 else 'these'}")
    )


class InputError(Exception):
    """The input is wrong (exit code 2). Carries every problem found, in order of position.

    Its text is what is shown; the problems themselves hold every character as it was.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(set(found)))
        super().__init__("\n".join(lines(self.problems)))


class EngineError(Exception):
    """The engine refused to answer (exit code 3): two engines disagree."""


class Problems:
    """A gatherer: many mistakes are reported at once, not one at a time.

    most: where to give up, for what a stranger may have written: `add` then raises `InputError`
    with those found.
    """

    def __init__(self, most: int | None = None) -> None:
        self.found: list[Problem] = []
        self.most = most
        self._of_kind: Counter[str] = Counter()

    def add(
        self,
        code: str,
        place: Place,
        message: str,
        help: str | Callable[[], str] = "",
        severity: str = "error",
    ) -> None:
        """Note one problem. help: where it takes time to find, how it is found; of many problems of
        a kind it is only asked for the first.
        """
        if not isinstance(help, str):
            self._of_kind[code] += 1
            help = help() if self._of_kind[code] <= MOST_SHOWN else ""
        self.found.append(Problem(place, code, message, help, severity))
        self._stop_if_many(place)

    def take(self, error: InputError) -> None:
        """Note all that another step found."""
        self.found.extend(error.problems)
        self._stop_if_many(error.problems[-1].place)

    def _stop_if_many(self, here: Place) -> None:
        if self.most is not None and len(self.found) > self.most:
            raise InputError(
                [
                    *self.found,
                    Problem(
                        here,
                        "RW102",
                        f"more than {self.most:,} mistakes were found, and reading stopped here",
                        "mend those that are told, and try again",
                    ),
                ]
            )

    def stop_if_any(self) -> None:
        """Raise `InputError` when an error was noted."""
        if self.found:
            raise InputError(self.found)


class RepeatedMistakes(Problems):
    """A gatherer for what may be wrong hundreds of thousands of times: of one kind in one file it
    keeps those that are shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: Counter[tuple[str, str]] = Counter()

    def add(
        self,
        code: str,
        place: Place,
        message: str,
        help: str | Callable[[], str] = "",
        severity: str = "error",
    ) -> None:
        """Note one problem, or only that there is one more."""
        self._seen[place.file, code] += 1
        if self._seen[place.file, code] <= MOST_SHOWN:
            super().add(code, place, message, help, severity)

    def stop_if_any(self) -> None:
        """Raise `InputError` when an error was noted; the last of a kind says how many more there
        were.
        """
        last = {(each.place.file, each.code): number for number, each in enumerate(self.found)}
        for kind, number in last.items():
            self.found[number] = replace(
                self.found[number], more=max(0, self._seen[kind] - MOST_SHOWN)
            )
        super().stop_if_any()


def _initials(name: str) -> str:
    return "".join(each[0] for each in name.lower().split())


def _begins(name: str, word: str) -> bool:
    """Whether a name begins with a whole word: `t1-band` with `t1`."""
    return name.startswith(word) and not name[len(word) : len(word) + 1].isalnum()


def nearest(word: str, known: Iterable[str]) -> str:
    """A help sentence that names the known words nearest to `word`, or the whole list when it is
    short.

    >>> nearest("inadequat", ["inadequate", "good"])
    'did you mean `inadequate`?'
    """
    words = sorted(known) if isinstance(known, set | frozenset) else list(dict.fromkeys(known))
    lowered = {each.lower(): each for each in reversed(words)}
    close = [lowered[each] for each in most_alike(word.lower(), lowered, 2, 0.6)]
    begun = (
        [each for each in words if each[:1].lower() == word[:1].lower()] if len(word) > 1 else []
    )
    close = (
        close
        or [
            each
            for each in begun
            if len(word) == each.count(" ") + 1 and _initials(each) == word.lower()
        ][:2]
    )
    close = close or [each for each in begun if _begins(each.lower(), word.lower())][:2]
    if close:
        return "did you mean " + " or ".join(f"`{each}`" for each in close) + "?"
    if 0 < len(words) <= 12:
        return "expected one of " + ", ".join(f"`{each}`" for each in words)
    return ""


def no_policy(name: str, policies: Iterable[str], shown: str, place: Place) -> InputError:
    """The error for a policy that the rulebook `shown` does not have: it may be that of another
    one.
    """
    near = nearest(name, policies)
    elsewhere = (
        [] if near.startswith("did you mean") else ["another rulebook is named with `--rules`"]
    )
    help = "; ".join([*([near] if near else []), *elsewhere])
    return InputError(
        Problem(place, "RW402", f"`{name}` is not a policy of the rulebook `{shown}`", help)
    )
