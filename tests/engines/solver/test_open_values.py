"""Possible values with literals against the engines' `Possible`: told from each other, put
together, compared.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.engines.result import Anything, Interval, Possible
from rulewright.ir.types import Type
from rulewright.solver.circuit import TRUE, Circuit
from rulewright.solver.formula import Asking
from rulewright.solver.numbers import NotExpressible, NumberGates
from rulewright.solver.values import Joining, as_open, constant_of, opened, range_of
from tests.engines.solver.either import CASES, GRADE, POINTS, Either, worlds
from tests.fuzz.solving import read


@CASES
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_known_comes_back_as_it_was(
    kind: Type, possible: st.SearchStrategy[Possible], data: st.DataObject
) -> None:
    found = data.draw(possible)
    assert constant_of(opened(found, kind)) == found
    assert as_open(opened(found, kind), kind) == as_open(found, kind)


@CASES
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_questions_are_answered_as_of_the_possible_values(
    kind: Type, possible: st.SearchStrategy[Possible], data: st.DataObject
) -> None:
    circuit = Circuit()
    either = Either(circuit, kind, data.draw(st.lists(possible, min_size=1, max_size=3)))
    joining = Joining(circuit, NumberGates(circuit))
    values = [*(GRADE.values if kind is GRADE else range(6)), None]
    determined = joining.determined(either.value)
    just = {value: joining.is_just(either.value, value) for value in values}
    maybe = {value: joining.may_be(either.value, value) for value in values}
    for (found,), asking in worlds(circuit, either):
        assert read(either.value, asking) == found
        assert asking.chosen(determined) == found.determined
        for value in values:
            among = found.no_value if value is None else value in listed(found)
            assert asking.chosen(maybe[value]) == among, (found, value)
            assert asking.chosen(just[value]) == (found.determined and found.value == value), (
                found,
                value,
            )


def listed(found: Possible) -> tuple[object, ...]:
    if isinstance(found.values, Interval):
        assert isinstance(found.values.low, int)
        assert isinstance(found.values.high, int)
        return tuple(range(found.values.low, found.values.high + 1))
    assert not isinstance(found.values, Anything)
    return found.values


@CASES
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_two_values_are_told_apart_as_the_engines_do(
    kind: Type, possible: st.SearchStrategy[Possible], data: st.DataObject
) -> None:
    circuit = Circuit()
    some = st.lists(possible, min_size=1, max_size=2)
    one, other = Either(circuit, kind, data.draw(some)), Either(circuit, kind, data.draw(some))
    joining = Joining(circuit, NumberGates(circuit))
    equal, disjoint = (
        joining.equal(one.value, other.value),
        joining.disjoint(one.value, other.value),
    )
    alike = joining.same_and_known(one.value, other.value)
    for (a, b), asking in worlds(circuit, one, other):
        assert asking.chosen(equal) == (a == b), (a, b)
        assert asking.chosen(alike) == (a == b and a.determined), (a, b)
        meet = (
            bool(set(listed(a)) & set(listed(b)))
            or (a.no_value and b.no_value)
            or (a.conflict and b.conflict)
        )
        assert asking.chosen(disjoint) == (not meet), (a, b)


def test_a_certain_conflict_leaves_nothing_else() -> None:
    circuit = Circuit()
    joining = Joining(circuit, NumberGates(circuit))
    for kind, possible in (
        (GRADE, Possible(("poor", "good"), no_value=True)),
        (POINTS, Possible(Interval(1, 3), no_value=True)),
    ):
        certainly = circuit.new()
        value = joining.in_conflict_if(opened(possible, kind), certainly, -TRUE)
        with Asking(circuit) as asking:
            assert asking.holds([certainly])
            assert read(value, asking) == Possible((), conflict=True)
            assert asking.holds([-certainly])
            assert read(value, asking) == possible


def test_any_text_is_no_formula() -> None:
    with pytest.raises(NotExpressible):
        opened(Possible(Anything()), None)


def test_a_rating_is_no_number() -> None:
    with pytest.raises(AssertionError):
        range_of(opened(Possible(("poor",)), GRADE))
