"""Sums, averages, lowest and highest of values that depend on open facts: `calculus` with literals
(docs/semantics.md, 5).
"""

from __future__ import annotations

from collections.abc import Callable

from rulewright.ir.types import Scale, Type

from .circuit import FALSE, TRUE, Circuit, Lit
from .comparisons import Holding
from .numbers import End, NotExpressible, Num, NumberGates, quotient
from .values import Choices, Open, Range

MOST_TOTALS = 5_000  # of an average: sums, each with how many were added


class Aggregating:
    """One value from those of many items, as gates."""

    def __init__(self, circuit: Circuit, numbers: NumberGates) -> None:
        self.circuit, self.numbers = circuit, numbers

    def aggregate(self, kind: str, items: list[tuple[Open, Holding]], of: Type) -> Open:
        """The sum, average, lowest or highest of items that are present or may be."""
        items = [(each, present) for each, present in items if present.may != FALSE]
        circuit = self.circuit
        conflict = circuit.any(circuit.both(each.conflict, present.may) for each, present in items)
        crisp = (
            all(each.crisp and present.met == present.may for each, present in items)
            and conflict == FALSE
        )
        if kind in ("sum", "average"):
            ranges = [(each, present) for each, present in items if isinstance(each, Range)]
            return self._total(kind, ranges, conflict, crisp)
        if isinstance(of, Scale):
            listed = [(each, present) for each, present in items if isinstance(each, Choices)]
            found: Open = self._extreme_of_scale(
                of, of.order if kind == "lowest" else of.order[::-1], listed, conflict, crisp
            )
            in_conflict = [
                circuit.all([present.met, _only_conflict(circuit, each)])
                for each, present in listed
            ]
        else:
            ranges = [(each, present) for each, present in items if isinstance(each, Range)]
            found = self._extreme(kind, ranges, conflict, crisp)
            in_conflict = [
                circuit.all([present.met, _only_conflict(circuit, each)])
                for each, present in ranges
            ]
        return self._nothing_else(found, circuit.any(in_conflict))

    def _nothing_else(self, found: Open, in_conflict: Lit) -> Open:
        """A conflict, and nothing else, where an item that certainly is present certainly is in
        conflict.
        """
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

    def _total(
        self, kind: str, items: list[tuple[Range, Holding]], conflict: Lit, crisp: bool
    ) -> Range:
        circuit, numbers = self.circuit, self.numbers
        if not crisp and kind == "average":
            raise NotExpressible
        surely_none = circuit.any(
            circuit.all([present.met, each.no_value, -each.there, -each.conflict])
            for each, present in items
        )
        calm = circuit.all(
            circuit.any([each.there, each.no_value, -present.met]) for each, present in items
        )
        none = circuit.both(
            calm, circuit.any(circuit.both(each.no_value, present.may) for each, present in items)
        )
        possible = circuit.all(
            [-surely_none, *(circuit.either(each.there, -present.met) for each, present in items)]
        )
        if kind == "average":
            return self._average(items, none)
        low = numbers.sum(self._added(each.low, present, min) for each, present in items)
        high = (
            low
            if crisp
            else numbers.sum(self._added(each.high, present, max) for each, present in items)
        )
        return Range(
            numbers.when(low, possible), numbers.when(high, possible), none, conflict, crisp
        )

    def _added(self, end: Num, present: Holding, outermost: Callable[[End, int], End]) -> Num:
        """What an item adds: its end where it is present, nothing where it is not, the outermost of
        both where it may be.
        """
        circuit = self.circuit
        options: list[tuple[End, Lit]] = []
        there = []
        for value, is_value in self.numbers.options(end):
            options.append((value, circuit.both(is_value, present.met)))
            if present.met != present.may:
                options.append(
                    (outermost(value, 0), circuit.all([is_value, present.may, -present.met]))
                )
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
            totals = {
                state: lit for state, lits in found.items() if (lit := circuit.any(lits)) != FALSE
            }
            if len(totals) > MOST_TOTALS:
                raise NotExpressible
        num = self.numbers.choice(
            (quotient(total, count), circuit.both(guard, -none))
            for (total, count), guard in totals.items()
            if count
        )
        of_none = circuit.any(guard for (_, count), guard in totals.items() if not count)
        return Range(num, num, circuit.either(none, of_none), FALSE, True)

    def _extreme(
        self, kind: str, items: list[tuple[Range, Holding]], conflict: Lit, crisp: bool
    ) -> Range:
        """`calculus.extreme`: an item that may be absent, of no value or in conflict may be passed
        over.
        """
        circuit, numbers = self.circuit, self.numbers
        first, last = (
            (numbers.lowest, numbers.highest)
            if kind == "lowest"
            else (numbers.highest, numbers.lowest)
        )
        sure = [
            circuit.all([present.met, -each.no_value, -each.conflict, each.there])
            for each, present in items
        ]
        any_sure = circuit.any(sure)
        near = [
            numbers.when(each.low if kind == "lowest" else each.high, present.may)
            for each, present in items
        ]
        far = [each.high if kind == "lowest" else each.low for each, _ in items]
        outer = first(near)
        if crisp:
            return Range(outer, outer, -any_sure, conflict, True)
        closest_sure = first(
            numbers.when(end, is_sure) for end, is_sure in zip(far, sure, strict=True)
        )
        furthest = last(
            numbers.when(end, present.may) for end, (_, present) in zip(far, items, strict=True)
        )
        inner = self._either(any_sure, closest_sure, furthest)
        low, high = (outer, inner) if kind == "lowest" else (inner, outer)
        return Range(low, high, -any_sure, conflict, False)

    def _either(self, first: Lit, then: Num, otherwise: Num) -> Num:
        circuit, options = self.circuit, self.numbers.options
        return self.numbers.choice(
            [
                *((value, circuit.both(first, guard)) for value, guard in options(then)),
                *((value, circuit.both(-first, guard)) for value, guard in options(otherwise)),
            ]
        )

    def _extreme_of_scale(
        self,
        scale: Scale,
        order: tuple[str, ...],
        items: list[tuple[Choices, Holding]],
        conflict: Lit,
        crisp: bool,
    ) -> Choices:
        """The first value in `order`: possible if some item may have it and each other may come
        later or be passed over.
        """
        circuit = self.circuit
        skipped = [
            circuit.any(
                [
                    -present.met,
                    each.no_value,
                    each.conflict,
                    *(each.bits.get(v, FALSE) for v in scale.outside),
                ]
            )
            for each, present in items
        ]
        bits = {}
        for rank, value in enumerate(order):
            later = [
                circuit.any(
                    [
                        skip,
                        *(circuit.both(each.bits.get(v, FALSE), present.may) for v in order[rank:]),
                    ]
                )
                for skip, (each, present) in zip(skipped, items, strict=True)
            ]
            own = circuit.any(
                circuit.both(each.bits.get(value, FALSE), present.may) for each, present in items
            )
            bits[value] = circuit.both(own, circuit.all(later))
        return Choices(
            {v: bits[v] for v in scale.values if v in bits}, circuit.all(skipped), conflict, crisp
        )


def _only_conflict(circuit: Circuit, value: Open) -> Lit:
    if value.conflict == FALSE:
        return FALSE
    some = circuit.any(value.bits.values()) if isinstance(value, Choices) else value.there
    return circuit.all([value.conflict, -value.no_value, -some])
