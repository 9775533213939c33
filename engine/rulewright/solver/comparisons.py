"""Comparing possible values that depend on open facts: `calculus.compare`, with literals
(docs/semantics.md, 2).
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from rulewright.engines.calculus import holds
from rulewright.engines.result import NO, OUT, YES, Outcomes
from rulewright.ir.nodes import Compare
from rulewright.ir.operators import OPERATORS
from rulewright.ir.types import Scale, Value, add_months

from .circuit import FALSE, TRUE, Circuit, Lit
from .numbers import End, NotExpressible, Num, NumberGates
from .values import Choices, Open, Range


class TestOutcome(NamedTuple):
    """What may become of a test: it holds, it does not, it is passed over.

    `crisp`: always exactly one of these.
    """

    yes: Lit
    no: Lit
    out: Lit
    crisp: bool


class Holding(NamedTuple):
    """What becomes of a condition: `met` implies `may`; where both are one literal it is never
    undecided.
    """

    met: Lit
    may: Lit


MET, NOT_MET = Holding(TRUE, TRUE), Holding(FALSE, FALSE)


def surely(circuit: Circuit, this: Lit, *others: Lit) -> Lit:
    """Whether this and nothing else may come of it."""
    return circuit.all([this, *(-each for each in others)])


def known(outcomes: Outcomes) -> TestOutcome:
    """Outcomes without open facts."""
    yes, no, out = (TRUE if outcomes & bit else FALSE for bit in (YES, NO, OUT))
    return TestOutcome(yes, no, out, (yes, no, out).count(TRUE) == 1)


class Gates:
    """Ends of intervals that depend on open facts, compared by gates."""

    def __init__(self, circuit: Circuit, numbers: NumberGates) -> None:
        self.numbers = numbers
        self.reaches, self.below, self.equal = numbers.reaches, numbers.below, numbers.equal
        self.both, self.either, self.all, self.any = (
            circuit.both,
            circuit.either,
            circuit.all,
            circuit.any,
        )

    def no(self, one: Lit) -> Lit:
        return -one

    def later(self, day: Num, months: tuple[Num, Num]) -> Num:
        """The length has to be known. Raises `NotExpressible`."""
        low, high = months
        if len(low.values) > 1 or low != high:
            raise NotExpressible
        number = low.values[0] if low.values else 0
        assert isinstance(number, int)
        return self.numbers.each(day, lambda each: _later(each, number))


class Comparing:
    """Comparisons as gates."""

    def __init__(self, circuit: Circuit, numbers: NumberGates) -> None:
        self.circuit, self.gates = circuit, Gates(circuit, numbers)

    def holding(self, asked: TestOutcome) -> Holding:
        """Met when nothing but yes may come of it, not met when no yes may."""
        if asked.crisp:
            return Holding(asked.yes, asked.yes)
        return Holding(surely(self.circuit, asked.yes, asked.no, asked.out), asked.yes)

    def compare(self, test: Compare, sides: list[Open]) -> TestOutcome:
        """What may come of `left op right`, over all combinations of possible values."""
        circuit = self.circuit
        conflict = circuit.any(each.conflict for each in sides)
        if isinstance(sides[0], Range):
            yes, no, crisp = self.numeric(
                test.op, [each for each in sides if isinstance(each, Range)]
            )
            out: list[Lit] = []
        else:
            yes, no, out = self._listed(test, [each for each in sides if isinstance(each, Choices)])
            crisp = all(each.crisp for each in sides)
        if conflict != FALSE:
            yes, no, crisp = [*yes, conflict], [*no, conflict], False
            if test.skips_outside:
                out = [*out, conflict]
        asked = TestOutcome(circuit.any(yes), circuit.any(no), circuit.any(out), crisp)
        return asked if not crisp else asked._replace(no=circuit.both(-asked.yes, -asked.out))

    def _listed(
        self, test: Compare, sides: list[Choices]
    ) -> tuple[list[Lit], list[Lit], list[Lit]]:
        circuit, kind = self.circuit, test.left.type
        yes: list[Lit] = []
        no: list[Lit] = []
        out: list[Lit] = []
        options: list[list[tuple[Value, Lit]]] = [
            [*each.bits.items(), (None, each.no_value)] for each in sides
        ]
        for chosen in product(*options):
            guard = circuit.all(bit for _, bit in chosen)
            value, *others = (each for each, _ in chosen)
            if guard == FALSE:
                continue
            if test.skips_outside and isinstance(kind, Scale) and value in kind.outside:
                out.append(guard)
            elif kind is not None and holds(test.op, kind, value, others):
                yes.append(guard)
            else:
                no.append(guard)
        return yes, no, out

    def numeric(self, op: str, sides: list[Range]) -> tuple[list[Lit], list[Lit], bool]:
        """Of numbers or days, without what a conflict adds."""
        circuit = self.circuit
        there = circuit.all(each.there for each in sides)
        left, *right = [(each.low, each.high) for each in sides]
        yes, no = OPERATORS[op].may(self.gates, left, right)
        crisp = all(each.crisp for each in sides)
        return (
            [circuit.both(there, yes)],
            [circuit.both(there, no), *(each.no_value for each in sides)],
            crisp,
        )

    def counted(self, op: str, low: Num, high: Num, amount: Range) -> Holding:
        """Whether a count from `low` to `high` compares so with an amount."""
        count = Range(low, high, FALSE, FALSE, low == high)
        yes, no, crisp = self.numeric(op, [count, amount])
        met = TestOutcome(
            self.circuit.any([*yes, amount.conflict]),
            self.circuit.any([*no, amount.conflict]),
            FALSE,
            crisp and amount.conflict == FALSE,
        )
        return self.holding(met)


def _later(day: End, months: int) -> End:
    return day if isinstance(day, float) else add_months(int(day), months)
