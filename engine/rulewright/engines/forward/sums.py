"""Sums and averages that grow item by item."""

from __future__ import annotations

from bisect import insort
from fractions import Fraction
from math import inf

from .interval_arithmetic import plus
from .value_sets import CLASH, FULL, NONE, End, Held, NumberSpan, span


class Sum:
    """The sum of the items so far, and which answers are still possible."""

    __slots__ = ("high", "low", "marks", "some")

    def __init__(self) -> None:
        self.low: End = 0
        self.high: End = 0
        self.marks = FULL  # what the items that certainly are there still allow
        self.some = 0  # what any item may be

    def take(self, value: NumberSpan, sure: bool) -> None:
        """One more item; `sure`: it certainly is there."""
        note(self, value, sure)
        if value.marks & FULL:
            self.low = plus(self.low, value.low if sure else min(0, value.low))
            self.high = plus(self.high, value.high if sure else max(0, value.high))

    def total(self) -> Held:
        """The sum of none is 0."""
        return span(self.low, self.high, outcome(self))


class Average:
    """The average of the items so far; ends of items that may be absent are kept in order."""

    __slots__ = ("any_sure", "ends", "marks", "number", "some", "sums")

    def __init__(self) -> None:
        self.marks = FULL
        self.some = 0
        self.any_sure = False
        self.number = 0  # of values that certainly are there
        self.sums: list[End] = [0, 0]
        self.ends: tuple[list[End], list[End]] = (
            [],
            [],
        )  # low ends, and negated high ends, lowest first

    def take(self, value: NumberSpan, sure: bool) -> None:
        """One more item; `sure`: it certainly is there."""
        note(self, value, sure)
        self.any_sure = self.any_sure or sure
        if not value.marks & FULL:
            return
        if sure:
            self.number += 1
            self.sums = [plus(self.sums[0], value.low), plus(self.sums[1], -value.high)]
        else:
            insort(self.ends[0], value.low)
            insort(self.ends[1], -value.high)

    def total(self) -> Held:
        """The average of none is no value."""
        marks = outcome(self) | (NONE if not self.any_sure else 0)
        if not self.number and not self.ends[0]:
            return span(0, 0, marks & ~FULL)
        return span(self._least(0), -self._least(1), marks)

    def _least(self, side: int) -> End:
        total, number = self.sums[side], self.number
        for end in self.ends[side]:
            if isinstance(total, float) or isinstance(end, float):
                return -inf
            if number and end * number >= total:
                break
            total, number = total + end, number + 1
        return total if isinstance(total, float) else Fraction(total) / number


def note(total: Sum | Average, value: NumberSpan, sure: bool) -> None:
    """Keep account of *no value* and conflict."""
    total.some |= value.marks
    if not sure:
        return
    if value.marks == CLASH:
        total.marks = CLASH  # certainly in conflict, so nothing else is possible
    elif not value.marks & FULL and total.marks != CLASH:
        total.marks = NONE  # a number is impossible


def outcome(total: Sum | Average) -> int:
    """The marks of the total."""
    found = total.some & CLASH
    if total.marks != CLASH:
        found |= total.some & NONE
    return found | total.marks & FULL
