"""Numbers that depend on open facts, against plain numbers: under every choice the gates say what
the operation says.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.solver.circuit import FALSE, TRUE, Circuit, Lit
from rulewright.solver.formula import Asking
from rulewright.solver.numbers import (
    MOST_VALUES,
    NotExpressible,
    Num,
    NumberGates,
    constant,
    exact,
    quotient,
    tidy,
    unary,
)

Exact = int | Fraction
exact_numbers = st.integers(-4, 6) | st.sampled_from([Fraction(1, 2), Fraction(-7, 3)])
choices = st.lists(st.none() | exact_numbers, min_size=1, max_size=3)


class Open:
    """Some open numbers. Each is one of some values, `None`: there is none; `worlds` goes through
    all combinations.
    """

    def __init__(self, *options: list[Exact | None]) -> None:
        self.circuit = Circuit()
        self.numbers = NumberGates(self.circuit)
        self.options = options
        self.lits = [[self.circuit.new() for _ in each] for each in options]
        for lits in self.lits:
            self.circuit.require(*lits)
            for index, lit in enumerate(lits):
                for other in lits[:index]:
                    self.circuit.require(-lit, -other)
        self.nums = [
            self.numbers.choice(
                (value, lit) for value, lit in zip(each, lits, strict=True) if value is not None
            )
            for each, lits in zip(options, self.lits, strict=True)
        ]

    def worlds(self) -> Iterator[tuple[list[Exact | None], Asking]]:
        with Asking(self.circuit) as asking:
            for picked in product(*(range(len(each)) for each in self.options)):
                assert asking.holds(
                    [lits[index] for lits, index in zip(self.lits, picked, strict=True)]
                )
                yield (
                    [each[index] for each, index in zip(self.options, picked, strict=True)],
                    asking,
                )


def number(num: Num, asking: Asking) -> Exact | None:
    """The value of a number in the choice found last; `reached` is a prefix."""
    reached = [asking.chosen(each) for each in num.reached]
    assert reached == sorted(reached, reverse=True)
    assert list(num.values) == sorted(set(num.values))
    return exact(num.values[sum(reached) - 1]) if any(reached) else None


@given(choices, choices)
@settings(max_examples=60, deadline=None)
def test_sums_and_extremes_are_those_of_the_numbers(
    one: list[Exact | None], other: list[Exact | None]
) -> None:
    opened = Open(one, other)
    a, b = opened.nums
    numbers = opened.numbers
    plus, lowest, highest = numbers.plus(a, b), numbers.lowest([a, b]), numbers.highest([a, b])
    negated, total = numbers.each(a, lambda end: -end), numbers.sum([a, b, constant(2)])
    for (x, y), asking in opened.worlds():
        there = [each for each in (x, y) if each is not None]
        both = x is not None and y is not None
        assert number(plus, asking) == (x + y if both else None)
        assert number(total, asking) == (x + y + 2 if both else None)
        assert number(lowest, asking) == min(there, default=None)
        assert number(highest, asking) == max(there, default=None)
        assert number(negated, asking) == (None if x is None else -x)


@given(choices, choices)
@settings(max_examples=60, deadline=None)
def test_comparisons_are_those_of_the_numbers(
    one: list[Exact | None], other: list[Exact | None]
) -> None:
    opened = Open(one, other)
    a, b = opened.nums
    reaches, below, equal = (
        opened.numbers.reaches(a, b),
        opened.numbers.below(a, b),
        opened.numbers.equal(a, b),
    )
    for (x, y), asking in opened.worlds():
        if x is None or y is None:
            assert not asking.chosen(below)
            assert not asking.chosen(equal)
        else:
            assert [asking.chosen(each) for each in (reaches, below, equal)] == [
                x >= y,
                x < y,
                x == y,
            ]


@given(choices, exact_numbers)
@settings(max_examples=60, deadline=None)
def test_thresholds_and_limits_are_those_of_the_number(
    one: list[Exact | None], limit: Exact
) -> None:
    opened = Open(one, [0, 1])
    num, acts = opened.nums[0], opened.lits[1][1]
    capped, when = opened.numbers.not_above(num, limit, acts), opened.numbers.when(num, acts)
    for (x, acting), asking in opened.worlds():
        assert asking.chosen(num.at_least(limit)) == (x is not None and x >= limit)
        assert asking.chosen(num.more_than(limit)) == (x is not None and x > limit)
        assert number(capped, asking) == (x if x is None or not acting else min(x, limit))
        assert number(when, asking) == (x if acting else None)


def test_a_count_in_unary_is_a_number() -> None:
    circuit = Circuit()
    lits = [circuit.new() for _ in range(3)]
    num = unary(circuit.counted(lits))
    with Asking(circuit) as asking:
        for picked in product((1, -1), repeat=3):
            assert asking.holds([sign * lit for sign, lit in zip(picked, lits, strict=True)])
            assert number(num, asking) == picked.count(1)


def test_values_that_are_never_had_are_left_out() -> None:
    assert tidy([1, 2, 3, 4], [TRUE, 5, 5, FALSE]) == Num((1, 3), (TRUE, 5))
    assert NumberGates(Circuit()).choice([(7, TRUE), (3, FALSE)]) == constant(7)


def test_too_many_values_are_no_formula() -> None:
    numbers = NumberGates(Circuit())
    many: list[tuple[Exact, Lit]] = [
        (value, numbers.circuit.new()) for value in range(MOST_VALUES + 1)
    ]
    with pytest.raises(NotExpressible):
        numbers.choice(many)
    halves = [
        numbers.choice(many[:400]),
        numbers.choice((value + 500, lit) for value, lit in many[:400]),
    ]
    with pytest.raises(NotExpressible):
        numbers.lowest(halves)


def test_a_quotient_is_exact() -> None:
    assert (quotient(6, 3), type(quotient(6, 3)), quotient(1, 3)) == (2, int, Fraction(1, 3))
