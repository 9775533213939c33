"""Open values whose possible values are known under every choice: what the solver's gates are held
against.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import strategies as st

from rulewright.engines.result import Interval, Possible
from rulewright.ir.types import Number, Scale, Type
from rulewright.solver.circuit import Circuit
from rulewright.solver.formula import Asking
from rulewright.solver.numbers import NumberGates
from rulewright.solver.values import Joining, Open, opened

SELDOM = st.sampled_from([False, False, False, True])
GRADE = Scale("grade", ("poor", "fair", "good"), ("not graded",))
POINTS = Number(True, 0, 5)


def grades() -> st.SearchStrategy[Possible]:
    some = st.sets(st.sampled_from(GRADE.values)).map(
        lambda found: tuple(each for each in GRADE.values if each in found)
    )
    return st.builds(Possible, some, SELDOM, SELDOM).filter(lambda found: found != Possible(()))


def points() -> st.SearchStrategy[Possible]:
    ends = (
        st.lists(st.integers(0, 5), min_size=2, max_size=2)
        .map(sorted)
        .map(lambda found: Interval(*found))
    )
    one = st.integers(0, 5).map(lambda found: Interval(found, found))
    return st.builds(Possible, ends | one | one | st.just(()), SELDOM, SELDOM).filter(
        lambda found: found != Possible(())
    )


class Either:
    """An open value: one of some possible values, each under a literal."""

    def __init__(self, circuit: Circuit, kind: Type, options: list[Possible]) -> None:
        self.options = options
        self.lits = [circuit.new() for _ in options]
        circuit.require(*self.lits)
        for index, lit in enumerate(self.lits):
            for other in self.lits[:index]:
                circuit.require(-lit, -other)
        parts = [(lit, opened(each, kind)) for lit, each in zip(self.lits, options, strict=True)]
        crisp = all(each.crisp for _, each in parts) and not any(each.conflict for each in options)
        self.value: Open = Joining(circuit, NumberGates(circuit)).joined(parts, kind, crisp)


def worlds(circuit: Circuit, *several: Either) -> Iterator[tuple[list[Possible], Asking]]:
    with Asking(circuit) as asking:
        for picked in product(*(range(len(each.options)) for each in several)):
            assert asking.holds(
                [each.lits[index] for each, index in zip(several, picked, strict=True)]
            )
            yield [each.options[index] for each, index in zip(several, picked, strict=True)], asking


CASES = pytest.mark.parametrize(
    ("kind", "possible"), [(GRADE, grades()), (POINTS, points())], ids=["grades", "points"]
)
