"""Arithmetic over possible values that depend on open facts: `calculus` with literals
(docs/semantics.md, 5).
"""

from __future__ import annotations

from rulewright.engines import calculus
from rulewright.engines.result import Interval, Possible

from .circuit import FALSE, Circuit, Lit
from .numbers import HIGHEST, LOWEST, End, NotExpressible, Num, NumberGates, exact, quotient
from .values import Range

MOST_PAIRS = 20_000


class Reckoning:
    """Numbers from numbers, as gates."""

    def __init__(self, circuit: Circuit, numbers: NumberGates) -> None:
        self.circuit, self.numbers = circuit, numbers

    def arithmetic(self, op: str, left: Range, right: Range, whole: bool) -> Range:
        """Exact arithmetic over all combinations; `whole`: the right side holds whole numbers
        only.
        """
        circuit, numbers = self.circuit, self.numbers
        conflict = circuit.either(left.conflict, right.conflict)
        calm = circuit.all(circuit.either(each.there, each.no_value) for each in (left, right))
        none = circuit.both(calm, circuit.either(left.no_value, right.no_value))
        crisp = left.crisp and right.crisp and conflict == FALSE
        there = circuit.both(left.there, right.there)
        if op in "+-":
            if op == "-":
                right = self._negated(right)
            low = numbers.plus(left.low, right.low)
            high = low if crisp else numbers.plus(left.high, right.high)
            return Range(numbers.when(low, there), numbers.when(high, there), none, conflict, crisp)
        if crisp:
            return self._crisp_pairs(op, left, right, none)
        return self._spread(op, left, right, whole, none, conflict)

    def _negated(self, value: Range) -> Range:
        low = self.numbers.each(value.high, lambda end: -end)
        high = low if value.crisp else self.numbers.each(value.low, lambda end: -end)
        return Range(low, high, value.no_value, value.conflict, value.crisp)

    def _crisp_pairs(self, op: str, left: Range, right: Range, none: Lit) -> Range:
        """Each pair of single numbers; a division by zero gives no value."""
        self._not_too_many(left.low, right.low)
        circuit, options = self.circuit, self.numbers.options
        results: list[tuple[End, Lit]] = []
        nones = [none]
        for a, is_a in options(left.low):
            for b, is_b in options(right.low):
                guard = circuit.both(is_a, is_b)
                if op == "/" and b == 0:
                    nones.append(guard)
                else:
                    results.append((exact(a) * exact(b) if op == "*" else quotient(a, b), guard))
        num = self.numbers.choice(results)
        return Range(num, num, circuit.any(nones), FALSE, True)

    def _spread(
        self, op: str, left: Range, right: Range, whole: bool, none: Lit, conflict: Lit
    ) -> Range:
        """All combinations of the ends: few enough, or it is not said here."""
        circuit = self.circuit
        sides = [self._intervals(each) for each in (left, right)]
        if len(sides[0]) * len(sides[1]) > MOST_PAIRS:
            raise NotExpressible
        lows: list[tuple[End, Lit]] = []
        highs: list[tuple[End, Lit]] = []
        nones = [none]
        for one, is_one in sides[0]:
            for other, is_other in sides[1]:
                guard = circuit.both(is_one, is_other)
                if guard == FALSE:
                    continue
                found = calculus.arithmetic(op, Possible(one), Possible(other), whole)
                if isinstance(found.values, Interval):
                    lows.append((LOWEST if found.values.low is None else found.values.low, guard))
                    highs.append(
                        (HIGHEST if found.values.high is None else found.values.high, guard)
                    )
                if found.no_value:
                    nones.append(guard)
        return Range(
            self.numbers.choice(lows),
            self.numbers.choice(highs),
            circuit.any(nones),
            conflict,
            False,
        )

    def _intervals(self, value: Range) -> list[tuple[Interval, Lit]]:
        """Every pair of a low and a high end, and whether it is that."""
        self._not_too_many(value.low, value.high)
        lows, highs = self.numbers.options(value.low), self.numbers.options(value.high)
        if value.crisp:
            return [(Interval(exact(a), exact(a)), is_a) for a, is_a in lows]
        found = (
            (
                Interval(None if a == LOWEST else exact(a), None if b == HIGHEST else exact(b)),
                self.circuit.both(is_a, is_b),
            )
            for a, is_a in lows
            for b, is_b in highs
            if a <= b
        )
        return [each for each in found if each[1] != FALSE]

    def _not_too_many(self, one: Num, other: Num) -> None:
        if len(one.values) * len(other.values) > MOST_PAIRS:
            raise NotExpressible

    def rounded(self, rule: str, value: Range) -> Range:
        """Rounding keeps order, so the ends decide."""

        def end(number: End) -> End:
            return (
                number
                if number in (LOWEST, HIGHEST)
                else calculus.round_to_whole(rule, exact(number))
            )

        low = self.numbers.each(value.low, end)
        high = low if value.crisp else self.numbers.each(value.high, end)
        return Range(low, high, value.no_value, value.conflict, value.crisp)
