"""Lowest and highest that grow item by item.

A value outside the order and *no value* are passed over, and so may be an item that is in conflict;
when all items may be passed over or absent, *no value* is possible. An item that certainly is there
and certainly in conflict decides.
"""

from __future__ import annotations

from math import inf

from .value_sets import CLASH, FULL, NONE, End, Held, Letters, NumberSpan, span


class LowestNumber:
    """The lowest number or earliest day so far; the highest is the lowest of the negated, turned
    back.
    """

    __slots__ = ("any_high", "any_low", "clashes", "marks", "sign", "sure_high")

    def __init__(self, kind: str) -> None:
        self.sign = 1 if kind == "lowest" else -1
        self.any_low: End = inf
        self.any_high: End = -inf
        self.sure_high: End | None = None  # of the items that certainly are there with a value
        self.marks = 0
        self.clashes = False

    def take(self, value: NumberSpan, sure: bool) -> None:
        """One more item; `sure`: it certainly is there."""
        marks = value.marks
        self.marks |= marks & (CLASH | FULL)
        if sure and marks == CLASH:
            self.clashes = True
        if not marks & FULL:
            return
        low, high = (value.low, value.high) if self.sign > 0 else (-value.high, -value.low)
        self.any_low, self.any_high = min(self.any_low, low), max(self.any_high, high)
        if sure and marks == FULL:
            self.sure_high = high if self.sure_high is None else min(self.sure_high, high)

    def total(self) -> Held:
        """The lowest of none is no value."""
        if self.clashes:
            return NumberSpan(0, 0, CLASH)
        none = NONE if self.sure_high is None else 0
        low, high = self.any_low, self.any_high if self.sure_high is None else self.sure_high
        return (
            span(low, high, self.marks | none)
            if self.sign > 0
            else span(-high, -low, self.marks | none)
        )


class LowestOnScale:
    """The exact set of possible lowest values on a scale so far, as bits by rank; bit 0: nothing in
    the order yet.
    """

    __slots__ = ("clash", "clashes", "found", "letters", "order")

    def __init__(self, letters: Letters, which: str) -> None:
        self.letters = letters
        ranks = letters.ranks if which == "highest" else letters.ranks[::-1]
        self.order = ranks  # the later a value stands here the sooner it wins
        self.found = 1
        self.clash = 0
        self.clashes = False

    def take(self, value: int, sure: bool) -> None:
        """One more item; `sure`: it certainly is there."""
        self.clash |= value & CLASH
        if sure and value == CLASH:
            self.clashes = True
        own = 0 if sure and not value & (NONE | CLASH | self.letters.outside) else 1
        for place, bit in enumerate(self.order, 1):
            if value & bit:
                own |= 1 << place
        # A value of one side remains when the other side may be that value, or one that does not
        # win against it.
        self.found = _up_to(own) & self.found | _up_to(self.found) & own

    def total(self) -> Held:
        """The lowest of none is no value."""
        if self.clashes:
            return CLASH
        held = self.clash | (NONE if self.found & 1 else 0)
        for place, bit in enumerate(self.order, 1):
            if self.found >> place & 1:
                held |= bit
        return held


def _up_to(bits: int) -> int:
    """All places from the lowest of these upwards: where one of them does not win."""
    lowest = bits & -bits
    return -lowest if lowest else 0
