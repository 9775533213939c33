"""Which values of its left side a comparison with fixed values allows, as a set: for overlaps, gaps
and exclusion.

A region is a frozen set of values (scales, choices, yes/no) or a tuple of disjoint spans in order
(numbers, dates). Everything here is exact; what is not a comparison with fixed values has no
region.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .nodes import Compare, Literal, Test
from .operators import OPERATORS, Exact
from .types import FINITE, Choice, Date, Number, Scale, Type, Value, YesNo


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from `low` to `high` (`None`: no end); an open end is not included itself."""

    low: Exact | None
    high: Exact | None
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def meet(self, other: Span) -> Span:
        """The numbers in both."""
        low, low_open, high, high_open = self.low, self.low_open, self.high, self.high_open
        if other.low is not None and (low is None or (other.low, other.low_open) > (low, low_open)):
            low, low_open = other.low, other.low_open
        if other.high is not None and (
            high is None or (other.high, not other.high_open) < (high, not high_open)
        ):
            high, high_open = other.high, other.high_open
        return Span(low, high, low_open and low is not None, high_open and high is not None)


Region = frozenset[Value] | tuple[Span, ...]
__all__ = ["Exact", "Region", "Span", "example", "meet", "region", "tidy", "whole", "whole_numbers"]


def region(test: Test) -> Region | None:
    """The values that pass `test`, or `None` when it does not compare with fixed values."""
    if not isinstance(test, Compare) or not all(isinstance(each, Literal) for each in test.right):
        return None
    kind = test.left.type
    values = [each.value for each in test.right if isinstance(each, Literal)]
    if isinstance(kind, FINITE):
        return _values(kind, test.op, values)
    if isinstance(kind, (Number, Date)):
        spans = _spans(test.op, values)
        return None if spans is None else tidy(spans, kind)
    return None


def whole(kind: Type) -> Region | None:
    """All values of a type."""
    if isinstance(kind, FINITE):
        return frozenset(kind.values)
    if isinstance(kind, Number):
        return (Span(kind.low, kind.high),)
    return (Span(None, None),) if isinstance(kind, Date) else None


def meet(one: Region, other: Region) -> Region:
    """The values in both regions of one type."""
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other
    assert isinstance(one, tuple) and isinstance(other, tuple)
    return tuple(m for a in one for b in other if not (m := a.meet(b)).empty)


def example(found: Region, kind: Type) -> Value:
    """One value of a region that is not empty, the same each time."""
    if isinstance(found, frozenset):
        assert isinstance(kind, Scale | Choice | YesNo)
        return next(v for v in kind.values if v in found)
    span = found[0]
    if span.low is not None and not span.low_open:
        return span.low
    if span.high is not None and not span.high_open:
        return span.high
    if span.low is not None and span.high is not None:
        return (Fraction(span.low) + span.high) / 2
    if span.low is not None:
        return span.low + 1
    return span.high - 1 if span.high is not None else 1


def whole_numbers(op: str, number: Exact) -> tuple[Span, ...]:
    """The whole numbers that compare so with a number; none where no operator tells."""
    spans = OPERATORS[op].bounds([number]) if op else None
    return tidy(tuple(Span(*each) for each in spans or ()), Number(True))


def _values(kind: Scale | Choice | YesNo, op: str, values: list[Value]) -> frozenset[Value]:
    """The values of a type that pass a comparison."""
    operator = OPERATORS[op]
    if not operator.by_order:
        return frozenset(each for each in kind.values if (each in values) != operator.denies)
    assert isinstance(kind, Scale)
    if any(each not in kind.order for each in values):
        return frozenset()
    bounds = operator.bounds([kind.order.index(str(each)) for each in values])
    spans = tidy(tuple(Span(*each) for each in bounds or ()), Number(True))
    found: set[Value] = set()
    for low, high in ((each.low or 0, each.high) for each in spans):
        found.update(kind.order[int(low) : None if high is None else int(high) + 1])
    return frozenset(found)


def _spans(op: str, values: list[Value]) -> tuple[Span, ...] | None:
    numbers: list[Exact] = [each for each in values if isinstance(each, int | Fraction)]
    bounds = OPERATORS[op].bounds(numbers) if len(numbers) == len(values) else None
    return None if bounds is None else tuple(Span(*each) for each in bounds)


def tidy(spans: tuple[Span, ...], kind: Type) -> tuple[Span, ...]:
    """Spans of whole numbers and days get closed whole ends; empty spans go."""
    if isinstance(kind, Date) or (isinstance(kind, Number) and kind.whole):
        spans = tuple(Span(_up(s.low, s.low_open), _down(s.high, s.high_open)) for s in spans)
    return tuple(s for s in spans if not s.empty)


def _up(end: Exact | None, is_open: bool) -> int | None:
    if end is None:
        return None
    ceiling = -((-end) // 1)
    return int(ceiling + 1 if is_open and ceiling == end else ceiling)


def _down(end: Exact | None, is_open: bool) -> int | None:
    if end is None:
        return None
    floor = end // 1
    return int(floor - 1 if is_open and floor == end else floor)
