"""What the object of each operator says agrees with the engine and with itself."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.compiler.conditions import _OPS
from rulewright.engines.calculus import compare_intervals
from rulewright.engines.result import NO, YES, Interval
from rulewright.ir.nodes import Compare, Literal
from rulewright.ir.operators import OPERATORS, Operator, counting_operator
from rulewright.ir.types import Date, Number, Scale
from rulewright.ir.value_sets import Span, region, whole_numbers

NUMBERS = st.integers(-4, 4) | st.fractions(-4, 4, max_denominator=2)
FIXED = [each for each in OPERATORS.values() if each.name != "within"]


def held_by_hand(op: str, value: Fraction, others: list[Fraction]) -> bool:
    """An operator in plain Python."""
    first, last = others[0], others[-1]
    return {
        "is": value == first,
        "is not": value != first,
        "one of": value in others,
        "not one of": value not in others,
        "at least": value >= first,
        "at most": value <= first,
        "more than": value > first,
        "less than": value < first,
        "between": first <= value <= last,
    }[op]


def operands(operator: Operator) -> st.SearchStrategy[list[Fraction]]:
    least, most = (operator.operands or 1), (operator.operands or 3)
    return st.lists(NUMBERS, min_size=least, max_size=most)


def test_the_grammar_gives_these_operators() -> None:
    assert set(_OPS.values()) == set(OPERATORS)
    assert get_args(Compare.__annotations__["op"]) == ()  # a string, as it is stored


@pytest.mark.parametrize("operator", FIXED, ids=lambda each: each.name)
@given(data=st.data())
def test_it_holds_of_the_values_in_its_bounds(operator: Operator, data: st.DataObject) -> None:
    value, others = data.draw(NUMBERS), data.draw(operands(operator))
    holds = operator.holds(value, others)
    assert holds == held_by_hand(operator.name, value, others)
    spans = operator.bounds(others)
    if spans is not None:
        point = Span(value, value)
        assert holds == any(not Span(*each).meet(point).empty for each in spans)


@pytest.mark.parametrize("operator", FIXED, ids=lambda each: each.name)
@given(data=st.data())
def test_its_negation_and_converse(operator: Operator, data: st.DataObject) -> None:
    value, others = data.draw(NUMBERS), data.draw(operands(operator))
    if operator.negation:
        negation = OPERATORS[operator.negation]
        assert negation.negation == operator.name and negation.operands == operator.operands
        assert negation.holds(value, others) != operator.holds(value, others)
    if operator.converse:
        converse = OPERATORS[operator.converse]
        assert converse.holds(others[0], [value]) == operator.holds(value, others)


@pytest.mark.parametrize("operator", FIXED, ids=lambda each: each.name)
@given(data=st.data())
def test_its_distance_leads_to_a_value_of_which_it_holds(
    operator: Operator, data: st.DataObject
) -> None:
    value, others = data.draw(st.integers(-4, 4)), data.draw(operands(operator))
    others = sorted(map(round, others))
    distance = operator.distance(value, others)
    assert (distance is None) == operator.denies
    if distance is not None and not operator.holds(value, others):
        assert operator.holds(value + distance, others) or operator.holds(value - distance, others)


@pytest.mark.parametrize("operator", FIXED, ids=lambda each: each.name)
@given(data=st.data())
def test_of_intervals_it_may_hold_where_some_values_do(
    operator: Operator, data: st.DataObject
) -> None:
    ends = st.lists(st.integers(-3, 3), min_size=2, max_size=2).map(sorted)
    count = operator.operands or data.draw(st.integers(1, 2))
    left, *right = (Interval(*data.draw(ends)) for _ in range(count + 1))
    outcomes = compare_intervals(operator.name, left, right)

    def inside(interval: Interval) -> list[Fraction]:
        return [Fraction(each, 2) for each in range(2 * interval.low, 2 * interval.high + 1)]  # type: ignore[operator]

    for value in inside(left):
        for first in inside(right[0]):
            for last in inside(right[-1]):
                others = [first] if count == 1 else [first, last]
                assert outcomes & (YES if operator.holds(value, others) else NO)


@given(data=st.data())
def test_of_a_scale_it_holds_of_the_values_in_its_region(data: st.DataObject) -> None:
    scale = Scale("mark", ("low", "middle", "high"), ("none",))
    operator = data.draw(st.sampled_from(FIXED))
    least, most = (operator.operands or 1), (operator.operands or 3)
    values = data.draw(st.lists(st.sampled_from(scale.order), min_size=least, max_size=most))
    test = Compare(Literal(None, scale), operator.name, tuple(Literal(v, scale) for v in values))
    ranks = [scale.order.index(each) for each in values]
    allowed = region(test)
    assert isinstance(allowed, frozenset)
    for rank, value in enumerate(scale.order):
        assert (value in allowed) == operator.holds(rank, ranks)
    assert ("none" in allowed) == operator.denies


def test_quantities_count_in_whole_numbers() -> None:
    half = Fraction(5, 2)
    assert whole_numbers("at least", half) == (Span(3, None),)
    assert whole_numbers("less than", half) == (Span(None, 2),)
    assert whole_numbers(counting_operator("exactly"), 2) == (Span(2, 2),)
    assert whole_numbers(counting_operator("exactly"), half) == ()
    assert whole_numbers("", 2) == ()


def test_each_kind_of_value_has_its_phrase() -> None:
    def phrases(op: str, *words: str) -> list[str]:
        kinds = (Number(True), Date(), Scale("mark", ("low", "high"), ()))
        return [OPERATORS[op].phrase(kind, words) for kind in kinds]

    assert phrases("at least", "A") == ["at least A", "on or after A", "A or better"]
    assert phrases("less than", "A") == ["less than A", "before A", "worse than A"]
    assert phrases("between", "A", "B") == ["A..B", "from A to B", "from A to B"]
    assert phrases("not one of", "A", "B", "C") == ["neither A nor B nor C"] * 3
    assert phrases("one of", "A", "B") == ["A or B"] * 3
    assert phrases("within", "A", "B") == ["within A of B"] * 3
