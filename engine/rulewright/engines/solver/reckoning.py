"""Arithmetic and aggregates over possible values that depend on open facts: `calculus` with literals (docs/semantics.md, 5)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rulewright.engines import calculus
from rulewright.engines.result import Interval, Possible
from rulewright.language.types import Scale, Type

from .circuit import FALSE, TRUE, Circuit, Lit
from .comparing import Holding
from .numbers import HIGHEST, LOWEST, End, NotExpressible, Num, Numbers
from .open_values import Choices, Open, Range

MOST_PAIRS = 20_000


class Reckoning:
    """Numbers from numbers, as gates."""

    def __init__(self, circuit: Circuit, numbers: Numbers) -> None:
        self.circuit, self.numbers = circuit, numbers

    # -- arithmetic ---------------------------------------------------------------------------------------------------

    def arithmetic(self, op: str, left: Range, right: Range, whole: bool) -> Range:
        """Exact arithmetic over all combinations; `whole`: the right side holds whole numbers only."""
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
                    results.append((_exact(a) * _exact(b) if op == "*" else _quotient(a, b), guard))
        num = self.numbers.choice(results)
        return Range(num, num, circuit.any(nones), FALSE, True)

    def _spread(self, op: str, left: Range, right: Range, whole: bool, none: Lit, conflict: Lit) -> Range:
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
                    highs.append((HIGHEST if found.values.high is None else found.values.high, guard))
                if found.no_value:
                    nones.append(guard)
        return Range(self.numbers.choice(lows), self.numbers.choice(highs), circuit.any(nones), conflict, False)

    def _intervals(self, value: Range) -> list[tuple[Interval, Lit]]:
        """Every pair of a low and a high end, and whether it is that."""
        self._not_too_many(value.low, value.high)
        lows, highs = self.numbers.options(value.low), self.numbers.options(value.high)
        if value.crisp:
            return [(Interval(_exact(a), _exact(a)), is_a) for a, is_a in lows]
        found = ((Interval(None if a == LOWEST else _exact(a), None if b == HIGHEST else _exact(b)), self.circuit.both(is_a, is_b))
                 for a, is_a in lows for b, is_b in highs if a <= b)  # fmt: skip
        return [each for each in found if each[1] != FALSE]

    def _not_too_many(self, one: Num, other: Num) -> None:
        if len(one.values) * len(other.values) > MOST_PAIRS:
            raise NotExpressible

    def rounded(self, rule: str, value: Range) -> Range:
        """Rounding keeps order, so the ends decide."""
        def end(number: End) -> End:
            return number if number in (LOWEST, HIGHEST) else calculus.round_to_whole(rule, _exact(number))

        low = self.numbers.each(value.low, end)
        high = low if value.crisp else self.numbers.each(value.high, end)
        return Range(low, high, value.no_value, value.conflict, value.crisp)

    # -- aggregates ---------------------------------------------------------------------------------------------------

    def aggregate(self, kind: str, items: list[tuple[Open, Holding]], of: Type) -> Open:
        """The sum, average, lowest or highest of items that are present or may be."""
        items = [(each, present) for each, present in items if present.may != FALSE]
        circuit = self.circuit
        conflict = circuit.any(circuit.both(each.conflict, present.may) for each, present in items)
        crisp = all(each.crisp and present.met == present.may for each, present in items) and conflict == FALSE
        if kind in ("sum", "average"):
            ranges = [(each, present) for each, present in items if isinstance(each, Range)]
            return self._total(kind, ranges, conflict, crisp)
        if isinstance(of, Scale):
            listed = [(each, present) for each, present in items if isinstance(each, Choices)]
            found: Open = self._extreme_of_scale(of, of.order if kind == "lowest" else of.order[::-1], listed, conflict, crisp)
            in_conflict = [circuit.all([present.met, _only_conflict(circuit, each)]) for each, present in listed]
        else:
            ranges = [(each, present) for each, present in items if isinstance(each, Range)]
            found = self._extreme(kind, ranges, conflict, crisp)
            in_conflict = [circuit.all([present.met, _only_conflict(circuit, each)]) for each, present in ranges]
        return self._nothing_else(found, circuit.any(in_conflict))

    def _nothing_else(self, found: Open, in_conflict: Lit) -> Open:
        """A conflict, and nothing else, where an item that certainly is present certainly is in conflict."""
        if in_conflict == FALSE:
            return found
        circuit = self.circuit
        none = circuit.both(found.no_value, -in_conflict)
        conflict = circuit.either(found.conflict, in_conflict)
        if isinstance(found, Choices):
            bits = {value: circuit.both(bit, -in_conflict) for value, bit in found.bits.items()}
            return Choices(bits, none, conflict, False)
        ends = [self.numbers.when(each, -in_conflict) for each in (found.low, found.high)]
        return Range(ends[0], ends[1], none, conflict, False)

    def _total(self, kind: str, items: list[tuple[Range, Holding]], conflict: Lit, crisp: bool) -> Range:
        circuit, numbers = self.circuit, self.numbers
        if not crisp and kind == "average":
            raise NotExpressible
        surely_none = circuit.any(circuit.all([present.met, each.no_value, -each.there, -each.conflict]) for each, present in items)
        calm = circuit.all(circuit.any([each.there, each.no_value, -present.met]) for each, present in items)
        none = circuit.both(calm, circuit.any(circuit.both(each.no_value, present.may) for each, present in items))
        possible = circuit.all([-surely_none, *(circuit.either(each.there, -present.met) for each, present in items)])
        if kind == "average":
            return self._average(items, none)
        low = numbers.sum(self._added(each.low, present, min) for each, present in items)
        high = low if crisp else numbers.sum(self._added(each.high, present, max) for each, present in items)
        return Range(numbers.when(low, possible), numbers.when(high, possible), none, conflict, crisp)

    def _added(self, end: Num, present: Holding, outermost: Callable[[End, int], End]) -> Num:
        """What an item adds: its end where it is present, nothing where it is not, the outermost of both where it may be."""
        circuit = self.circuit
        options: list[tuple[End, Lit]] = []
        there = []
        for value, is_value in self.numbers.options(end):
            options.append((value, circuit.both(is_value, present.met)))
            if present.met != present.may:
                options.append((outermost(value, 0), circuit.all([is_value, present.may, -present.met])))
            there.append(circuit.both(is_value, present.may))
        options.append((0, -circuit.any(there)))
        return self.numbers.choice(options)

    def _average(self, items: list[tuple[Range, Holding]], none: Lit) -> Range:
        """Of items that are certainly present or absent, each with one number or none."""
        circuit, options = self.circuit, self.numbers.options
        totals: dict[tuple[End, int], Lit] = {(0, 0): TRUE}
        for each, present in items:
            found: dict[tuple[End, int], list[Lit]] = {}
            there = circuit.both(present.met, each.there)
            for (total, count), guard in totals.items():
                found.setdefault((total, count), []).append(circuit.both(guard, -there))
                for value, is_value in options(each.low):
                    lit = circuit.all([guard, is_value, present.met])
                    found.setdefault((total + value, count + 1), []).append(lit)
            totals = {state: lit for state, lits in found.items() if (lit := circuit.any(lits)) != FALSE}
            if len(totals) > MOST_PAIRS // 4:
                raise NotExpressible
        num = self.numbers.choice((_quotient(total, count), circuit.both(guard, -none)) for (total, count), guard in totals.items() if count)
        of_none = circuit.any(guard for (_, count), guard in totals.items() if not count)
        return Range(num, num, circuit.either(none, of_none), FALSE, True)

    def _extreme(self, kind: str, items: list[tuple[Range, Holding]], conflict: Lit, crisp: bool) -> Range:
        """`calculus.extreme`: an item that may be absent, of no value or in conflict may be passed over."""
        circuit, numbers = self.circuit, self.numbers
        first, last = (numbers.lowest, numbers.highest) if kind == "lowest" else (numbers.highest, numbers.lowest)
        sure = [circuit.all([present.met, -each.no_value, -each.conflict, each.there]) for each, present in items]
        any_sure = circuit.any(sure)
        near = [numbers.when(each.low if kind == "lowest" else each.high, present.may) for each, present in items]
        far = [each.high if kind == "lowest" else each.low for each, _ in items]
        outer = first(near)
        if crisp:
            return Range(outer, outer, -any_sure, conflict, True)
        closest_sure = first(numbers.when(end, is_sure) for end, is_sure in zip(far, sure, strict=True))
        furthest = last(numbers.when(end, present.may) for end, (_, present) in zip(far, items, strict=True))
        inner = self._either(any_sure, closest_sure, furthest)
        low, high = (outer, inner) if kind == "lowest" else (inner, outer)
        return Range(low, high, -any_sure, conflict, False)

    def _either(self, first: Lit, then: Num, otherwise: Num) -> Num:
        circuit, options = self.circuit, self.numbers.options
        return self.numbers.choice([
            *((value, circuit.both(first, guard)) for value, guard in options(then)),
            *((value, circuit.both(-first, guard)) for value, guard in options(otherwise)),
        ])  # fmt: skip

    def _extreme_of_scale(self, scale: Scale, order: tuple[str, ...], items: list[tuple[Choices, Holding]], conflict: Lit,
                          crisp: bool) -> Choices:  # fmt: skip
        """The first value in `order`: possible if some item may have it and each other may come later or be passed over."""
        circuit = self.circuit
        skipped = [circuit.any([-present.met, each.no_value, each.conflict, *(each.bits.get(v, FALSE) for v in scale.outside)])
                   for each, present in items]  # fmt: skip
        bits = {}
        for rank, value in enumerate(order):
            later = [circuit.any([skip, *(circuit.both(each.bits.get(v, FALSE), present.may) for v in order[rank:])])
                     for skip, (each, present) in zip(skipped, items, strict=True)]  # fmt: skip
            own = circuit.any(circuit.both(each.bits.get(value, FALSE), present.may) for each, present in items)
            bits[value] = circuit.both(own, circuit.all(later))
        return Choices({v: bits[v] for v in scale.values if v in bits}, circuit.all(skipped), conflict, crisp)


def _only_conflict(circuit: Circuit, value: Open) -> Lit:
    if value.conflict == FALSE:
        return FALSE
    some = circuit.any(value.bits.values()) if isinstance(value, Choices) else value.there
    return circuit.all([value.conflict, -value.no_value, -some])


def _exact(end: End) -> int | Fraction:
    assert not isinstance(end, float)
    return end


def _quotient(one: End, other: End) -> End:
    found = Fraction(_exact(one)) / Fraction(_exact(other))
    return found.numerator if found.denominator == 1 else found

