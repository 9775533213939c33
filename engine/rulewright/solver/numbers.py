"""Numbers that depend on open facts: the values a number may take, and when it reaches each.

`values` ascend; `reached[i]` says that there is a number and that it is at least `values[i]`, so
`reached[0]` says that there is one. An end that is open is written as an infinite value.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from .circuit import FALSE, TRUE, Circuit, Lit

LOWEST, HIGHEST = float("-inf"), float("inf")
Exact = int | Fraction
End = int | Fraction | float  # an exact number, or one of the two infinite ends
MOST_VALUES = 600


class NotExpressible(Exception):
    """The formula would grow beyond what is sensible: another way of searching has to be taken."""


@dataclass(frozen=True, slots=True)
class Num:
    """One number of several."""

    values: tuple[End, ...]
    reached: tuple[Lit, ...]

    @property
    def there(self) -> Lit:
        """Whether there is a number."""
        return self.reached[0] if self.reached else FALSE

    def at_least(self, value: End) -> Lit:
        """Whether it is at least `value`."""
        index = bisect_left(self.values, value)
        return self.reached[index] if index < len(self.values) else FALSE

    def more_than(self, value: End) -> Lit:
        """Whether it is more than `value`."""
        index = bisect_right(self.values, value)
        return self.reached[index] if index < len(self.values) else FALSE


NONE = Num((), ())


def constant(value: End) -> Num:
    """A number that is known."""
    return Num((value,), (TRUE,))


def unary(lits: list[Lit]) -> Num:
    """How many, from a count in unary."""
    return Num(tuple(range(len(lits) + 1)), (TRUE, *lits))


def tidy(values: Iterable[End], reached: Iterable[Lit]) -> Num:
    """A number without the values that it never has."""
    kept: list[tuple[End, Lit]] = []
    for value, lit in zip(values, reached, strict=True):
        if kept and kept[-1][1] == lit:
            kept[-1] = (value, lit)  # whoever reaches the lower one reaches this too
        elif lit != FALSE:
            kept.append((value, lit))
    return Num(tuple(value for value, _ in kept), tuple(lit for _, lit in kept))


def exact(end: End) -> Exact:
    """An end that is known to be a number."""
    assert not isinstance(end, float)
    return end


def quotient(one: End, other: End) -> Exact:
    """The exact quotient of two numbers, a whole one as such."""
    found = Fraction(exact(one)) / Fraction(exact(other))
    return found.numerator if found.denominator == 1 else found


class NumberGates:
    """What is done with numbers, as gates of a circuit."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit

    def is_value(self, num: Num, index: int) -> Lit:
        """Whether the number is its value at `index`."""
        above = num.reached[index + 1] if index + 1 < len(num.reached) else FALSE
        return self.circuit.both(num.reached[index], -above)

    def choice(self, options: Iterable[tuple[End, Lit]]) -> Num:
        """The number whose guard holds; guards exclude one another, none need hold."""
        by_value: dict[End, list[Lit]] = {}
        for value, guard in options:
            if guard != FALSE:
                by_value.setdefault(value, []).append(guard)
        if len(by_value) > MOST_VALUES:
            raise NotExpressible
        values = sorted(by_value)
        reached: list[Lit] = []
        above: Lit = FALSE
        for value in reversed(values):
            above = self.circuit.any([above, *by_value[value]])
            reached.append(above)
        return tidy(values, reversed(reached))

    def options(self, num: Num) -> list[tuple[End, Lit]]:
        """Each value, and whether it is that."""
        return [(value, self.is_value(num, index)) for index, value in enumerate(num.values)]

    def each(self, num: Num, function: Callable[[End], End]) -> Num:
        """A function of the number."""
        return self.choice((function(value), guard) for value, guard in self.options(num))

    def pairs(self, one: Num, other: Num, function: Callable[[End, End], End]) -> Num:
        """A function of two numbers."""
        return self.choice(
            (function(a, b), self.circuit.both(is_a, is_b))
            for a, is_a in self.options(one)
            for b, is_b in self.options(other)
        )

    def plus(self, one: Num, other: Num) -> Num:
        """The sum; at an open end it is open."""
        if one == constant(0):
            return other
        return one if other == constant(0) else self.pairs(one, other, lambda a, b: a + b)

    def when(self, num: Num, guard: Lit) -> Num:
        """The number where `guard` holds, else none."""
        if guard == TRUE:
            return num
        return tidy(num.values, [self.circuit.both(each, guard) for each in num.reached])

    def lowest(self, nums: Iterable[Num]) -> Num:
        """The lowest of those that are there."""
        return self._extreme([each for each in nums if each.there != FALSE], lowest=True)

    def highest(self, nums: Iterable[Num]) -> Num:
        """The highest of those that are there."""
        return self._extreme([each for each in nums if each.there != FALSE], lowest=False)

    def _extreme(self, nums: list[Num], lowest: bool) -> Num:
        if len(nums) < 2:
            return nums[0] if nums else NONE
        circuit = self.circuit
        values = sorted({value for each in nums for value in each.values})
        if len(values) > MOST_VALUES:
            raise NotExpressible
        there = circuit.any(each.there for each in nums)
        if lowest:  # at least V when all that are there are
            reached = [
                circuit.all(
                    [there, *(circuit.either(-each.there, each.at_least(value)) for each in nums)]
                )
                for value in values
            ]
        else:
            reached = [circuit.any(each.at_least(value) for each in nums) for value in values]
        return tidy(values, reached)

    def not_above(self, num: Num, limit: Exact, acts: Lit) -> Num:
        """The number, lowered to `limit` where `acts` holds."""
        circuit = self.circuit
        values = sorted({*num.values, *([limit] if num.values and num.values[-1] > limit else [])})
        reached = [
            circuit.both(num.at_least(value), -acts) if value > limit else num.at_least(value)
            for value in values
        ]
        return tidy(values, reached)

    def reaches(self, high: Num, low: Num) -> Lit:
        """Whether `high` is at least `low` (both are there)."""
        circuit = self.circuit
        if len(low.values) == 1:
            return circuit.both(low.there, high.at_least(low.values[0]))
        return circuit.any(
            circuit.both(self.is_value(low, index), high.at_least(value))
            for index, value in enumerate(low.values)
        )

    def below(self, low: Num, high: Num) -> Lit:
        """Whether `low` is less than `high` (both are there)."""
        return self.circuit.all([low.there, high.there, -self.reaches(low, high)])

    def equal(self, one: Num, other: Num) -> Lit:
        """Whether two numbers are the same (both are there)."""
        if one == other:
            return one.there
        circuit = self.circuit
        found = dict(self.options(other))
        return circuit.any(circuit.both(is_a, found.get(a, FALSE)) for a, is_a in self.options(one))

    def sum(self, nums: Iterable[Num]) -> Num:
        """The sum of numbers that are all there."""
        return reduce(self.plus, nums, constant(0))
