"""Possible values as this engine holds them: a set of bits, a span, or a phrase, each with two
marks.

The marks say that *no value* (`NONE`) or a conflict (`CLASH`) is possible; `FULL` says that some
value is. Sets over a scale, a list of choices or yes/no are one whole number: the two lowest bits
are the marks, each further bit a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import NamedTuple

from rulewright.engines.result import Anything, Interval, Possible
from rulewright.ir.types import FINITE, Choice, Number, Scale, Type, Value, Words, YesNo

NONE, CLASH, FULL = 1, 2, 4
MARKS = NONE | CLASH

End = int | Fraction | float  # the only floats are the two infinities: an open end


class NumberSpan(NamedTuple):
    """Numbers or days from `low` to `high`, both included."""

    low: End
    high: End
    marks: int = FULL


class Phrase(NamedTuple):
    """One known text, or any (`None`)."""

    text: str | None
    marks: int = FULL


Held = int | NumberSpan | Phrase

NO_NUMBER = NumberSpan(0, 0, NONE)
CLASHING = NumberSpan(0, 0, CLASH)


def marks_of(held: Held) -> int:
    """Whether a value, *no value* and a conflict are possible."""
    if isinstance(held, int):
        return held & MARKS | (FULL if held > MARKS else 0)
    return held.marks


def span(low: End, high: End, marks: int) -> NumberSpan:
    """A span; without `FULL` in its marks its ends say nothing and are made alike."""
    return NumberSpan(low, high, marks) if marks & FULL else NumberSpan(0, 0, marks)


class Letters:
    """How sets over a scale, a list of choices or yes/no are held."""

    def __init__(self, kind: Scale | Choice | YesNo) -> None:
        self.kind = kind
        # Lists of the same choices in another order are compared with one another, so their bits
        # are alike.
        spelled: Iterable[Value] = sorted(kind.values) if isinstance(kind, Choice) else kind.values
        self.bit: dict[Value, int] = {value: FULL << place for place, value in enumerate(spelled)}
        self.everything: Held = sum(self.bit.values())
        order = kind.order if isinstance(kind, Scale) else ()
        outside = kind.outside if isinstance(kind, Scale) else ()
        self.ranks = tuple(self.bit[value] for value in order)
        self.outside = sum(self.bit[value] for value in outside)
        self.shown: dict[int, Possible] = {}

    def hold(self, value: Value) -> Held:
        """One known value, or known to be none."""
        return NONE if value is None else self.bit[value]

    def show(self, held: Held) -> Possible:
        """As engines tell it to one another."""
        assert isinstance(held, int)
        found = self.shown.get(held)
        if found is None:
            values = tuple(value for value in self.kind.values if held & self.bit[value])
            found = self.shown[held] = Possible(values, bool(held & NONE), bool(held & CLASH))
        return found

    def join(self, parts: list[Held]) -> Held:
        """What is possible in any of the parts."""
        found = 0
        for each in parts:
            assert isinstance(each, int)
            found |= each
        return found

    def clash(self, held: Held) -> Held:
        """The same, and a conflict besides."""
        assert isinstance(held, int)
        return held | CLASH

    @property
    def nothing(self) -> Held:
        return NONE

    @property
    def conflict(self) -> Held:
        return CLASH

    def disjoint(self, one: Held, other: Held) -> bool:
        """Whether two rules that give these certainly disagree."""
        assert isinstance(one, int)
        assert isinstance(other, int)
        return not one & other

    def single(self, held: Held) -> bool:
        """Whether exactly one answer is left and it is no conflict."""
        assert isinstance(held, int)
        return held != CLASH and not held & (held - 1)

    def cap(self, held: Held, limit: Held) -> Held:
        """Every value above the limit becomes the limit; what lies outside the order stays."""
        assert isinstance(held, int)
        assert isinstance(limit, int)
        if limit not in self.ranks:
            return held
        above = sum(self.ranks[self.ranks.index(limit) + 1 :])
        return held & ~above | limit if held & above else held


class NumberSet:
    """How numbers, days and lengths of time are held."""

    def __init__(self, kind: Type | None) -> None:
        low = high = None
        if isinstance(kind, Number):
            low, high = kind.low, kind.high
        self.everything: Held = NumberSpan(
            -inf if low is None else low, inf if high is None else high
        )
        self.nothing: Held = NO_NUMBER
        self.conflict: Held = CLASHING

    def hold(self, value: Value) -> Held:
        """One known number, or known to be none."""
        if value is None:
            return NO_NUMBER
        assert not isinstance(value, str)
        return NumberSpan(value, value)

    def show(self, held: Held) -> Possible:
        """As engines tell it to one another: an open end is `None`."""
        assert isinstance(held, NumberSpan)
        low, high, marks = held
        none, clash = marks & NONE != 0, marks & CLASH != 0
        return Possible(Interval(_end(low), _end(high)) if marks & FULL else (), none, clash)

    def join(self, parts: list[Held]) -> Held:
        """The shortest span with all parts in it."""
        marks = 0
        low: End = inf
        high: End = -inf
        for each in parts:
            assert isinstance(each, NumberSpan)
            marks |= each.marks
            if each.marks & FULL:
                low, high = min(low, each.low), max(high, each.high)
        return span(low, high, marks)

    def clash(self, held: Held) -> Held:
        """The same, and a conflict besides."""
        assert isinstance(held, NumberSpan)
        return NumberSpan(held.low, held.high, held.marks | CLASH)

    def disjoint(self, one: Held, other: Held) -> bool:
        """Whether two rules that give these certainly disagree."""
        assert isinstance(one, NumberSpan)
        assert isinstance(other, NumberSpan)
        common = one.marks & other.marks
        return not common & MARKS and not (
            common & FULL and one.low <= other.high and other.low <= one.high
        )

    def single(self, held: Held) -> bool:
        """Whether exactly one answer is left and it is no conflict."""
        assert isinstance(held, NumberSpan)
        return held.marks == NONE or (held.marks == FULL and held.low == held.high)

    def cap(self, held: Held, limit: Held) -> Held:
        """Every number above the limit becomes the limit."""
        assert isinstance(held, NumberSpan)
        assert isinstance(limit, NumberSpan)
        if not (held.marks & FULL and limit.marks & FULL):
            return held
        return NumberSpan(min(held.low, limit.high), min(held.high, limit.high), held.marks)


class Texts:
    """How free text is held."""

    everything: Held = Phrase(None)
    nothing: Held = Phrase(None, NONE)
    conflict: Held = Phrase(None, CLASH)

    def hold(self, value: Value) -> Held:
        """One known text, or known to be none."""
        return Phrase(str(value)) if value is not None else self.nothing

    def show(self, held: Held) -> Possible:
        """As engines tell it to one another."""
        assert isinstance(held, Phrase)
        some = () if not held.marks & FULL else Anything() if held.text is None else (held.text,)
        return Possible(some, bool(held.marks & NONE), bool(held.marks & CLASH))

    def join(self, parts: list[Held]) -> Held:
        """The one text that all parts know, else any."""
        marks = 0
        texts: set[str | None] = set()
        for each in parts:
            assert isinstance(each, Phrase)
            marks |= each.marks
            if each.marks & FULL:
                texts.add(each.text)
        return Phrase(texts.pop() if len(texts) == 1 else None, marks)

    def clash(self, held: Held) -> Held:
        """The same, and a conflict besides."""
        assert isinstance(held, Phrase)
        return Phrase(held.text, held.marks | CLASH)

    def disjoint(self, one: Held, other: Held) -> bool:
        """Whether two rules that give these certainly disagree."""
        assert isinstance(one, Phrase)
        assert isinstance(other, Phrase)
        common = one.marks & other.marks
        alike = one.text is None or other.text is None or one.text == other.text
        return not common & MARKS and not (common & FULL and alike)

    def single(self, held: Held) -> bool:
        """Whether exactly one answer is left and it is no conflict."""
        assert isinstance(held, Phrase)
        return held.marks == NONE or (held.marks == FULL and held.text is not None)

    def cap(self, held: Held, limit: Held) -> Held:
        """Text has no order, so nothing lies above anything."""
        return held


Notation = Letters | NumberSet | Texts


@lru_cache(maxsize=256)
def notation_of(kind: Type | None) -> Notation:
    """How values of a type are held."""
    if isinstance(kind, FINITE):
        return Letters(kind)
    return Texts() if isinstance(kind, Words) else NumberSet(kind)


def _end(end: End) -> int | Fraction | None:
    return None if isinstance(end, float) else end
