"""Possible values that depend on open facts: for each value, a literal that says whether it is
possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rulewright.engines.result import Anything, Interval, Possible
from rulewright.ir.types import FINITE, Type, Value, Words

from .circuit import FALSE, TRUE, Circuit, Lit
from .numbers import HIGHEST, LOWEST, NONE, End, NotExpressible, Num, NumberGates, constant


@dataclass(frozen=True, slots=True)
class Choices:
    """Possible values of a scale, a list, yes/no or text.

    `crisp`: always exactly one of all that could be possible is.
    """

    bits: dict[Value, Lit]
    no_value: Lit
    conflict: Lit
    crisp: bool


@dataclass(frozen=True, slots=True)
class Range:
    """Possible numbers or days, from `low` to `high`; both are there or none."""

    low: Num
    high: Num
    no_value: Lit
    conflict: Lit
    crisp: bool

    @property
    def there(self) -> Lit:
        """Whether a number is possible."""
        return self.low.there


Open = Choices | Range


def constant_of(value: Open) -> Possible | None:
    """The possible values, where no open fact has a part in them."""
    if isinstance(value, Choices):
        if any(
            each not in (TRUE, FALSE)
            for each in (*value.bits.values(), value.no_value, value.conflict)
        ):
            return None
        return Possible(
            tuple(v for v, bit in value.bits.items() if bit == TRUE),
            value.no_value == TRUE,
            value.conflict == TRUE,
        )
    ends = (value.low, value.high)
    if any(each.values and (len(each.values) > 1 or each.there != TRUE) for each in ends):
        return None
    if value.no_value not in (TRUE, FALSE) or value.conflict not in (TRUE, FALSE):
        return None
    found = (
        Interval(_exact(value.low.values[0]), _exact(value.high.values[0]))
        if value.low.values
        else ()
    )
    return Possible(found, value.no_value == TRUE, value.conflict == TRUE)


def as_open(value: Possible | Open, kind: Type | None) -> Open:
    """A value in the form of those that hang on open facts."""
    return opened(value, kind) if isinstance(value, Possible) else value


def range_of(value: Open) -> Range:
    """A value that is known to be a number or a day."""
    assert isinstance(value, Range)
    return value


def _exact(end: End) -> int | None:
    return None if end in (LOWEST, HIGHEST) else end  # type: ignore[return-value]


def opened(possible: Possible, kind: Type | None) -> Open:
    """Possible values without open facts, in the form of those with."""
    none, conflict = _lit(possible.no_value), _lit(possible.conflict)
    values = possible.values
    crisp = possible.determined or (possible.conflict and not possible.no_value and values == ())
    if isinstance(values, Anything):
        raise NotExpressible
    if isinstance(values, Interval):
        low, high = (
            (LOWEST if values.low is None else values.low),
            (HIGHEST if values.high is None else values.high),
        )
        return Range(constant(low), constant(high), none, conflict, crisp)
    if kind is None or isinstance(kind, (*FINITE, Words)):
        return Choices(dict.fromkeys(values, TRUE), none, conflict, crisp)
    return Range(NONE, NONE, none, conflict, crisp)


def _lit(known: bool) -> Lit:
    return TRUE if known else FALSE


class Joining:
    """Possible values put together from parts, each under a guard."""

    def __init__(self, circuit: Circuit, numbers: NumberGates) -> None:
        self.circuit, self.numbers = circuit, numbers

    def joined(self, parts: list[tuple[Lit, Open]], kind: Type, crisp: bool) -> Open:
        """What is possible in any of the parts whose guard holds.

        `crisp`: exactly one guard holds, and its part is crisp.
        """
        circuit = self.circuit
        none = circuit.any(circuit.both(guard, each.no_value) for guard, each in parts)
        conflict = circuit.any(circuit.both(guard, each.conflict) for guard, each in parts)
        if isinstance(kind, (*FINITE, Words)):
            by_value: dict[Value, list[Lit]] = {}
            for guard, each in parts:
                if isinstance(each, Choices):
                    for value, bit in each.bits.items():
                        by_value.setdefault(value, []).append(circuit.both(guard, bit))
            order = (
                [each for each in kind.values if each in by_value]
                if isinstance(kind, FINITE)
                else sorted(by_value, key=str)
            )
            if isinstance(kind, Words) and len(order) > 1 and not crisp:
                raise NotExpressible  # of two texts the engines keep that it may be any
            bits = {value: circuit.any(by_value[value]) for value in order}
            return Choices(bits, none, conflict, crisp)
        ranges = [(guard, each) for guard, each in parts if isinstance(each, Range)]
        if crisp:
            low = high = self.numbers.choice(
                self._guarded((guard, each.low) for guard, each in ranges)
            )
        else:
            low = self.numbers.lowest(self.numbers.when(each.low, guard) for guard, each in ranges)
            high = self.numbers.highest(
                self.numbers.when(each.high, guard) for guard, each in ranges
            )
        return Range(low, high, none, conflict, crisp)

    def _guarded(self, nums: Iterable[tuple[Lit, Num]]) -> Iterable[tuple[End, Lit]]:
        for guard, num in nums:
            for value, is_value in self.numbers.options(num):
                yield value, self.circuit.both(guard, is_value)

    def in_conflict_if(self, value: Open, certainly: Lit, perhaps: Lit) -> Open:
        """Nothing but a conflict where `certainly` holds; a conflict besides where `perhaps`
        does.
        """
        circuit = self.circuit
        conflict = circuit.any([value.conflict, certainly, perhaps])
        if certainly == FALSE:
            if isinstance(value, Choices):
                return Choices(value.bits, value.no_value, conflict, value.crisp)
            return Range(value.low, value.high, value.no_value, conflict, value.crisp)
        none = circuit.both(value.no_value, -certainly)
        if isinstance(value, Choices):
            bits = {each: circuit.both(bit, -certainly) for each, bit in value.bits.items()}
            return Choices(bits, none, conflict, value.crisp)
        low = self.numbers.when(value.low, -certainly)
        high = low if value.crisp else self.numbers.when(value.high, -certainly)
        return Range(low, high, none, conflict, value.crisp)

    def disjoint(self, one: Open, other: Open) -> Lit:
        """Whether two rules certainly disagree."""
        circuit = self.circuit
        if isinstance(one, Range) and isinstance(other, Range):
            there = circuit.both(one.there, other.there)
            meets = circuit.both(
                self.numbers.reaches(one.high, other.low), self.numbers.reaches(other.high, one.low)
            )
        else:
            bits, others = (each.bits if isinstance(each, Choices) else {} for each in (one, other))
            there = circuit.both(circuit.any(bits.values()), circuit.any(others.values()))
            meets = circuit.any(
                circuit.both(bit, others[value]) for value, bit in bits.items() if value in others
            )
        same = circuit.either(
            circuit.both(one.no_value, other.no_value), circuit.both(one.conflict, other.conflict)
        )
        return circuit.both(-same, -circuit.both(there, meets))

    def same_and_known(self, one: Open, other: Open) -> Lit:
        """Whether both have one possible value, the same, and no conflict."""
        return self.circuit.all([self.determined(one), self.equal(one, other)])

    def equal(self, one: Open, other: Open) -> Lit:
        """Whether the same is possible in both."""
        circuit = self.circuit
        alike = [
            self._alike(one.no_value, other.no_value),
            self._alike(one.conflict, other.conflict),
        ]
        if isinstance(one, Range) and isinstance(other, Range):
            ends = [
                self.numbers.equal(one.low, other.low),
                self.numbers.equal(one.high, other.high),
            ]
            alike += [circuit.either(circuit.all(ends), circuit.both(-one.there, -other.there))]
        elif isinstance(one, Choices) and isinstance(other, Choices):
            alike += [
                self._alike(one.bits.get(each, FALSE), other.bits.get(each, FALSE))
                for each in (*one.bits, *other.bits)
            ]
        return circuit.all(alike)

    def _alike(self, one: Lit, other: Lit) -> Lit:
        return self.circuit.either(self.circuit.both(one, other), self.circuit.both(-one, -other))

    def determined(self, value: Open) -> Lit:
        """Whether exactly one is possible, and that is no conflict."""
        circuit = self.circuit
        if value.crisp:
            return -value.conflict
        if isinstance(value, Choices):
            found = circuit.counted([*value.bits.values(), value.no_value], 2)
            once = circuit.both(
                found[0] if found else FALSE, -(found[1] if len(found) > 1 else FALSE)
            )
        else:
            finite = circuit.both(
                self.numbers.equal(value.low, value.high), value.low.more_than(LOWEST)
            )
            once = circuit.either(
                circuit.both(finite, -value.no_value), circuit.both(-value.there, value.no_value)
            )
        return circuit.both(once, -value.conflict)

    def is_just(self, value: Open, wanted: Value) -> Lit:
        """Whether `wanted` (`None`: no value) is the only possibility."""
        circuit = self.circuit
        if wanted is None:
            has = value.no_value
        elif isinstance(value, Choices):
            has = value.bits.get(wanted, FALSE)
        else:
            assert not isinstance(wanted, str)
            is_wanted = [
                circuit.both(end.at_least(wanted), -end.more_than(wanted))
                for end in (value.low, value.high)
            ]
            has = circuit.all(is_wanted)
        return circuit.both(has, self.determined(value))

    def may_be(self, value: Open, wanted: Value) -> Lit:
        """Whether `wanted` (`None`: no value) is among the possibilities."""
        if wanted is None:
            return value.no_value
        if isinstance(value, Choices):
            return value.bits.get(wanted, FALSE)
        assert not isinstance(wanted, str)
        return self.circuit.both(value.high.at_least(wanted), -value.low.more_than(wanted))
