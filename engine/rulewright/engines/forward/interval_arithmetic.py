"""Exact arithmetic on spans: every operation over all combinations of possible numbers."""

from __future__ import annotations

from fractions import Fraction
from math import inf

from .value_sets import CLASH, FULL, NONE, End, NumberSpan, span


def plus(one: End, other: End) -> End:
    """The sum of two ends of one side; infinite when one of them is."""
    if isinstance(one, float):
        return one
    return other if isinstance(other, float) else one + other


def times(one: End, other: End) -> End:
    """The product of two ends, where nothing times an open end is nothing."""
    if not one or not other:
        return 0
    if isinstance(one, float) or isinstance(other, float):
        return inf if (one > 0) == (other > 0) else -inf
    return one * other


def over(one: End, other: End) -> End:
    """The quotient of two ends; anything over an open end shrinks to nothing."""
    if isinstance(other, float):
        return 0
    return times(one, 1 / Fraction(other))


def reckon(op: str, left: NumberSpan, right: NumberSpan, whole: bool) -> NumberSpan:
    """`left op right`, one of + - * /. `whole`: the right side holds whole numbers only."""
    either, both = left.marks | right.marks, left.marks & right.marks
    marks = either & CLASH
    # *No value* on one side shows only where the other may be free of conflict.
    if either & NONE and CLASH not in (left.marks, right.marks):
        marks |= NONE
    if not both & FULL:
        return NumberSpan(0, 0, marks)
    if op == "/":
        return _divide(left, right, whole, marks)
    marks |= FULL
    if op == "+":
        return NumberSpan(plus(left.low, right.low), plus(left.high, right.high), marks)
    if op == "-":
        return NumberSpan(plus(left.low, -right.high), plus(left.high, -right.low), marks)
    ends = [times(x, y) for x in left[:2] for y in right[:2]]
    return NumberSpan(min(ends), max(ends), marks)


def _divide(left: NumberSpan, right: NumberSpan, whole: bool, marks: int) -> NumberSpan:
    low, high = right.low, right.high
    if low > 0 or high < 0:
        sides = [(low, high)]
    else:
        marks |= NONE
        if not whole and low < high:
            return NumberSpan(-inf, inf, marks | FULL)
        # Around zero a whole divisor is at most -1 or at least 1.
        sides = [(low, -1)] * (low < 0) + [(1, high)] * (high > 0)
    ends = [over(x, y) for side in sides for x in left[:2] for y in side]
    return span(min(ends), max(ends), marks | FULL) if ends else NumberSpan(0, 0, marks)


def make_whole(rule: str, of: NumberSpan) -> NumberSpan:
    """Rounding keeps order, so it is enough to round the ends."""
    if not of.marks & FULL:
        return of
    return NumberSpan(_whole(rule, of.low), _whole(rule, of.high), of.marks)


def _whole(rule: str, number: End) -> End:
    if isinstance(number, float):
        return number
    below = number.numerator // number.denominator
    rest = number - below
    if rule == "down" or not rest:
        return below
    if rule == "up":
        return below + 1
    if rest != Fraction(1, 2):
        return below + (rest > Fraction(1, 2))
    return below + 1 if rule == "half up" else below + below % 2
