"""Gates against truth tables: every gate says of its literals what the plain operation says of
their values.
"""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.solver.circuit import FALSE, TRUE, Circuit, Lit
from rulewright.solver.formula import Asking

VARIABLES = 4
INPUTS = [TRUE, FALSE, *range(2, 2 + VARIABLES), *range(-1 - VARIABLES, -1)]
literals = st.lists(st.sampled_from(INPUTS), max_size=6)


def fresh() -> Circuit:
    circuit = Circuit()
    assert [circuit.new() for _ in range(VARIABLES)] == list(range(2, 2 + VARIABLES))
    return circuit


def value(literal: Lit, assignment: tuple[bool, ...]) -> bool:
    known = (True, *assignment)[abs(literal) - 1]
    return known if literal > 0 else not known


def holds(circuit: Circuit, literal: Lit, assignment: tuple[bool, ...]) -> bool:
    """What the clauses say of a literal: it, or its negation, and never both."""
    given = [index + 2 if each else -index - 2 for index, each in enumerate(assignment)]
    with Asking(circuit) as asking:
        yes, no = asking.holds([*given, literal]), asking.holds([*given, -literal])
    assert yes != no
    return yes


@given(literals)
@settings(max_examples=60, deadline=None)
def test_all_and_any_are_those_of_their_values(inputs: list[Lit]) -> None:
    circuit = fresh()
    every, some = circuit.all(inputs), circuit.any(inputs)
    for assignment in product((True, False), repeat=VARIABLES):
        values = [value(each, assignment) for each in inputs]
        assert holds(circuit, every, assignment) == all(values)
        assert holds(circuit, some, assignment) == any(values)


@given(st.sampled_from(INPUTS), st.sampled_from(INPUTS))
@settings(max_examples=60, deadline=None)
def test_both_and_either_equal_all_and_any_of_two(one: Lit, other: Lit) -> None:
    circuit = fresh()
    both, either = circuit.both(one, other), circuit.either(one, other)
    assert (both, either) == (circuit.all([one, other]), circuit.any([one, other]))
    for assignment in product((True, False), repeat=VARIABLES):
        assert holds(circuit, both, assignment) == (
            value(one, assignment) and value(other, assignment)
        )
        assert holds(circuit, either, assignment) == (
            value(one, assignment) or value(other, assignment)
        )


@given(literals, st.none() | st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_a_count_is_that_of_the_values_as_far_as_it_goes(
    inputs: list[Lit], most: int | None
) -> None:
    circuit = fresh()
    counted = circuit.counted(inputs, most)
    assert most is None or len(counted) <= most
    for assignment in product((True, False), repeat=VARIABLES):
        number = sum(value(each, assignment) for each in inputs)
        assert [holds(circuit, each, assignment) for each in counted] == [
            number > index for index in range(len(counted))
        ]
        assert number <= len(counted) or len(counted) == most


@given(literals)
@settings(max_examples=40, deadline=None)
def test_what_is_wanted_holds_when_assumed_and_binds_nothing_else(inputs: list[Lit]) -> None:
    circuit = fresh()
    asked = circuit.wanted(inputs)
    for assignment in product((True, False), repeat=VARIABLES):
        given = [index + 2 if each else -index - 2 for index, each in enumerate(assignment)]
        with Asking(circuit) as asking:
            assert asking.holds([*given, asked]) == any(value(each, assignment) for each in inputs)
            assert asking.holds([*given, -asked])


def test_equal_gates_are_made_once_and_constants_make_none() -> None:
    circuit = fresh()
    assert circuit.all([2, 3]) == circuit.all([3, 2, TRUE, 2]) == circuit.both(3, 2)
    before = len(circuit.clauses)
    assert circuit.all([2, FALSE, 3]) == circuit.both(2, -2) == circuit.all([2, 3, -2]) == FALSE
    assert circuit.any([2, TRUE]) == circuit.either(2, -2) == TRUE
    assert len(circuit.clauses) == before


def test_what_is_required_restricts_every_choice() -> None:
    circuit = fresh()
    circuit.require(2, -3, FALSE)
    circuit.require(2, TRUE)
    with Asking(circuit) as asking:
        assert not asking.holds([-2, 3])
        assert asking.holds([-2, -3])
        assert (asking.chosen(-2), asking.chosen(3)) == (True, False)
        circuit.require(4)  # the solver learns what is made later
        assert not asking.holds([-4])
