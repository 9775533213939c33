"""Comparing possible values that depend on open facts: `calculus.compare`, with literals
(docs/semantics.md, 2).
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from rulewright.engines.calculus import holds
from rulewright.engines.result import NO, OUT, YES, Outcomes
from rulewright.language.types import Scale, Value, add_months
from rulewright.program.nodes import Compare

from .circuit import FALSE, TRUE, Circuit, Lit
from .numbers import End, NotExpressible, Num, Numbers
from .open_values import Choices, Open, Range


class Asked(NamedTuple):
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


def known(outcomes: Outcomes) -> Asked:
    """Outcomes without open facts."""
    yes, no, out = (TRUE if outcomes & bit else FALSE for bit in (YES, NO, OUT))
    return Asked(yes, no, out, (yes, no, out).count(TRUE) == 1)


class Comparing:
    """Comparisons as gates."""

    def __init__(self, circuit: Circuit, numbers: Numbers) -> None:
        self.circuit, self.numbers = circuit, numbers

    def holding(self, asked: Asked) -> Holding:
        """Met when nothing but yes may come of it, not met when no yes may."""
        if asked.crisp:
            return Holding(asked.yes, asked.yes)
        return Holding(surely(self.circuit, asked.yes, asked.no, asked.out), asked.yes)

    def compare(self, test: Compare, sides: list[Open]) -> Asked:
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
        asked = Asked(circuit.any(yes), circuit.any(no), circuit.any(out), crisp)
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
        yes, no = self._intervals(op, sides[0], sides[1:])
        crisp = all(each.crisp for each in sides)
        return (
            [circuit.both(there, yes)],
            [circuit.both(there, no), *(each.no_value for each in sides)],
            crisp,
        )

    def _intervals(self, op: str, left: Range, right: list[Range]) -> tuple[Lit, Lit]:
        """`calculus.compare_intervals`: may it hold, may it not, where all are there."""
        circuit, numbers = self.circuit, self.numbers
        (a, b), (c, d) = (left.low, left.high), (right[0].low, right[0].high)
        match op:
            case "at least":
                return numbers.reaches(b, c), numbers.below(a, d)
            case "less than":
                return numbers.below(a, d), numbers.reaches(b, c)
            case "more than":
                return numbers.below(c, b), numbers.reaches(d, a)
            case "at most":
                return numbers.reaches(d, a), numbers.below(c, b)
            case "between":
                low, high = right[1].low, right[1].high
                inside = [numbers.reaches(b, c), numbers.reaches(high, a), numbers.reaches(high, c)]
                return circuit.all(inside), circuit.either(
                    numbers.below(a, d), numbers.below(low, b)
                )
            case "within":
                return self._within(left, right)
        yes = circuit.any(
            circuit.both(numbers.reaches(b, each.low), numbers.reaches(each.high, a))
            for each in right
        )
        one = numbers.equal(a, b)
        no = -circuit.any(
            circuit.all([one, numbers.equal(a, each.low), numbers.equal(a, each.high)])
            for each in right
        )
        return (no, yes) if op in ("is not", "not one of") else (yes, no)

    def _within(self, left: Range, right: list[Range]) -> tuple[Lit, Lit]:
        """Of dates: `right` is a length in months, which has to be known, and a date."""
        numbers, (length, until) = self.numbers, right
        if len(length.low.values) > 1 or length.low != length.high:
            raise NotExpressible
        months = length.low.values[0] if length.low.values else 0
        assert isinstance(months, int)
        first, last = (
            numbers.each(each, lambda day: _later(day, months)) for each in (left.low, left.high)
        )
        yes = self.circuit.both(
            numbers.reaches(until.high, left.low), numbers.reaches(last, until.low)
        )
        return yes, self.circuit.either(
            numbers.below(until.low, left.high), numbers.below(first, until.high)
        )

    def counted(self, op: str, low: Num, high: Num, amount: Range) -> Holding:
        """Whether a count from `low` to `high` compares so with an amount."""
        count = Range(low, high, FALSE, FALSE, low == high)
        yes, no, crisp = self.numeric(op, [count, amount])
        met = Asked(
            self.circuit.any([*yes, amount.conflict]),
            self.circuit.any([*no, amount.conflict]),
            FALSE,
            crisp and amount.conflict == FALSE,
        )
        return self.holding(met)


def _later(day: End, months: int) -> End:
    return day if isinstance(day, float) else add_months(int(day), months)
