"""Arithmetic and aggregates of open values against the engines' calculus: under every choice they
give what it gives.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.engines import calculus
from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Interval, Possible
from rulewright.solver.aggregates import Aggregating
from rulewright.solver.arithmetic import Reckoning
from rulewright.solver.circuit import Circuit
from rulewright.solver.comparisons import Holding
from rulewright.solver.formula import Asking
from rulewright.solver.numbers import NotExpressible, NumberGates
from rulewright.solver.values import range_of
from tests.engines.solver.either import CASES, GRADE, POINTS, Either, points, worlds
from tests.fuzz.solving import read

PRESENCES = [NOT_MET, UNDECIDED, MET]
KINDS = ["lowest", "highest", "sum", "average"]


class Present:
    """Whether an item is there: one of the three, each under a literal."""

    def __init__(self, circuit: Circuit, options: list[int]) -> None:
        self.options = options
        self.lits = [circuit.new() for _ in options]
        circuit.require(*self.lits)
        for index, lit in enumerate(self.lits):
            for other in self.lits[:index]:
                circuit.require(-lit, -other)
        met = circuit.any(lit for lit, each in zip(self.lits, options, strict=True) if each == MET)
        may = circuit.any(
            lit for lit, each in zip(self.lits, options, strict=True) if each != NOT_MET
        )
        self.holding = Holding(met, met if UNDECIDED not in options else may)


@pytest.mark.each_case_traced
@CASES
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_aggregates_are_those_of_the_calculus(
    kind: object, possible: st.SearchStrategy[Possible], data: st.DataObject
) -> None:
    of = GRADE if kind is GRADE else POINTS
    asked = data.draw(st.sampled_from(KINDS[:2] if of is GRADE else KINDS))
    circuit = Circuit()
    count = data.draw(st.integers(1, 3))
    items = [
        Either(circuit, of, data.draw(st.lists(possible, min_size=1, max_size=2)))
        for _ in range(count)
    ]
    present = [
        Present(
            circuit,
            data.draw(
                st.lists(st.sampled_from(PRESENCES[::-1]), min_size=1, max_size=2, unique=True)
            ),
        )
        for _ in items
    ]
    try:
        found = Aggregating(circuit, NumberGates(circuit)).aggregate(
            asked,
            [(item.value, each.holding) for item, each in zip(items, present, strict=True)],
            of,
        )
    except NotExpressible:
        assert asked == "average"
        return
    both = [*items, *present]
    with Asking(circuit) as asking:
        for picked in product(*(range(len(each.options)) for each in both)):
            assert asking.holds(
                [each.lits[index] for each, index in zip(both, picked, strict=True)]
            )
            values = [item.options[index] for item, index in zip(items, picked, strict=False)]
            statuses = [
                each.options[index] for each, index in zip(present, picked[count:], strict=True)
            ]
            there = [
                (value, status)
                for value, status in zip(values, statuses, strict=True)
                if status != NOT_MET
            ]
            assert read(found, asking) == calculus.aggregate(asked, there, of), (asked, there)


KNOWN = st.integers(0, 3).map(lambda found: Possible(Interval(found, found))) | st.just(
    Possible((), no_value=True)
)
OPERANDS = st.lists(points(), min_size=1, max_size=2) | st.lists(KNOWN, min_size=1, max_size=3)


@pytest.mark.untraced
@given(OPERANDS, OPERANDS, st.sampled_from("+-*/"))
@settings(max_examples=300, deadline=None)
def test_arithmetic_is_that_of_the_calculus(
    left: list[Possible], right: list[Possible], op: str
) -> None:
    circuit = Circuit()
    one, other = Either(circuit, POINTS, left), Either(circuit, POINTS, right)
    found = Reckoning(circuit, NumberGates(circuit)).arithmetic(
        op, range_of(one.value), range_of(other.value), True
    )
    for (a, b), asking in worlds(circuit, one, other):
        assert read(found, asking) == calculus.arithmetic(op, a, b, True), (a, op, b)


@given(st.lists(points(), min_size=1, max_size=3), st.sampled_from(["half up", "down", "up"]))
@settings(max_examples=40, deadline=None)
def test_rounding_is_that_of_the_calculus(options: list[Possible], rule: str) -> None:
    circuit = Circuit()
    either = Either(circuit, POINTS, options)
    reckoning = Reckoning(circuit, NumberGates(circuit))
    half = Either(circuit, POINTS, [Possible(Interval(2, 2))])
    found = reckoning.rounded(
        rule, reckoning.arithmetic("/", range_of(either.value), range_of(half.value), True)
    )
    for (a, _), asking in worlds(circuit, either, half):
        wanted = calculus.rounded(rule, calculus.arithmetic("/", a, Possible(Interval(2, 2)), True))
        assert read(found, asking) == wanted, (a, rule)


def test_an_average_of_what_is_undetermined_is_no_formula() -> None:
    circuit = Circuit()
    item = Either(circuit, POINTS, [Possible(Interval(1, 2)), Possible(Interval(3, 3))])
    aggregating = Aggregating(circuit, NumberGates(circuit))
    with pytest.raises(NotExpressible):
        aggregating.aggregate(
            "average", [(item.value, Holding(circuit.new(), circuit.new()))], POINTS
        )


def test_a_division_by_zero_has_no_value() -> None:
    circuit = Circuit()
    three = Either(circuit, POINTS, [Possible(Interval(3, 3))])
    some = Either(circuit, POINTS, [Possible(Interval(0, 0)), Possible(Interval(2, 2))])
    found = Reckoning(circuit, NumberGates(circuit)).arithmetic(
        "/", range_of(three.value), range_of(some.value), True
    )
    half = Fraction(3, 2)
    assert [read(found, asking) for _, asking in worlds(circuit, three, some)] == [
        Possible((), no_value=True),
        Possible(Interval(half, half)),
    ]
