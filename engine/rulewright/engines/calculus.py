"""Operators on possible values, for the reference engine and the evaluator: comparing, arithmetic,
counting (docs/semantics.md, 2 and 5).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from rulewright.ir.nodes import Compare
from rulewright.ir.operators import EXACT, OPERATORS, Exact
from rulewright.ir.types import FINITE, Number, Scale, Type, Value, Words

from .result import (
    CONFLICT,
    MET,
    NO,
    NOT_MET,
    OUT,
    UNDECIDED,
    YES,
    Anything,
    Interval,
    Outcomes,
    Possible,
    Status,
    refuse_long,
)

NOTHING = Possible((), no_value=True)


# -- possible values


_IN_TUPLES = (*FINITE, Words)


def certain(value: Value, kind: Type | None) -> Possible:
    """One value, known."""
    if value is None:
        return NOTHING
    if isinstance(kind, _IN_TUPLES):
        return Possible((value,))
    assert isinstance(value, int | Fraction)
    return Possible(Interval(value, value))


def domain(kind: Type) -> tuple[Value, ...] | Interval | Anything:
    """All values of a type."""
    if isinstance(kind, FINITE):
        return kind.values
    if isinstance(kind, Words):
        return Anything()
    return Interval(kind.low, kind.high) if isinstance(kind, Number) else Interval(None, None)


def joined(parts: list[Possible], kind: Type) -> Possible:
    """What is possible in any of the parts."""
    if len(parts) == 1 and len(parts[0].values) < 2:
        return parts[0]
    valued = [each.values for each in parts if each.values != ()]
    values: tuple[Value, ...] | Interval | Anything
    if isinstance(kind, FINITE):
        values = tuple(v for v in kind.values if any(v in each for each in valued))
    elif isinstance(kind, Words):
        values = valued[0] if len(set(valued)) == 1 else Anything() if valued else ()
    else:
        intervals = [each for each in valued if isinstance(each, Interval)]
        values = (
            Interval(
                lowest([low for low, _ in intervals]), highest([high for _, high in intervals])
            )
            if intervals
            else ()
        )
    return Possible(
        values, any(each.no_value for each in parts), any(each.conflict for each in parts)
    )


def lowest(ends: list[Exact | None]) -> Exact | None:
    """The lowest of some low ends, of which one may be open."""
    return None if None in ends else min(end for end in ends if end is not None)


def highest(ends: list[Exact | None]) -> Exact | None:
    """The highest of some high ends, of which one may be open."""
    return None if None in ends else max(end for end in ends if end is not None)


def disjoint(one: Possible, other: Possible) -> bool:
    """Whether two rules certainly disagree."""
    if (one.no_value and other.no_value) or (one.conflict and other.conflict):
        return False
    if one.values == () or other.values == ():
        return True
    if isinstance(one.values, Interval) and isinstance(other.values, Interval):
        return not compare_intervals("is", one.values, [other.values]) & YES
    if isinstance(one.values, Anything) or isinstance(other.values, Anything):
        return False
    return not set(one.values) & set(other.values)


def cap(possible: Possible, limit: Value, kind: Type) -> Possible:
    """Every value above the limit becomes the limit; values outside the order stay."""
    values = possible.values
    if limit is None:  # a parameter that has no value yet
        return possible
    if isinstance(kind, Scale) and isinstance(values, tuple):
        rank = kind.order.index(str(limit))
        lowered = {limit if v in kind.order[rank:] else v for v in values}
        return possible._replace(values=tuple(v for v in kind.values if v in lowered))
    if isinstance(values, Interval):
        assert isinstance(limit, int | Fraction)
        low, high = values
        return possible._replace(
            values=Interval(
                None if low is None else min(low, limit),
                limit if high is None else min(high, limit),
            )
        )
    return possible


# -- comparing


_STATUS = tuple(MET if each == YES else UNDECIDED if each & YES else NOT_MET for each in range(8))


def status_of(outcomes: Outcomes) -> Status:
    """Met when nothing but YES may come of it, not met when no YES may."""
    return _STATUS[outcomes]


def weighed(outcomes: Outcomes, share: Fraction) -> list[Exact]:
    """The weights an item may have in `at least SHARE of`."""
    return [
        weight
        for bit, weight in ((OUT, Fraction(0)), (YES, 1 - share), (NO, -share))
        if outcomes & bit
    ]


def compare(test: Compare, left: Possible, right: list[Possible]) -> Outcomes:
    """What may come of `left op right`, over all combinations of possible values."""
    sides = [left, *right]
    outcomes = YES | NO | OUT * test.skips_outside if any(each.conflict for each in sides) else 0
    kind = test.left.type
    if not isinstance(kind, _IN_TUPLES):
        return compare_numbers(test.op, sides)
    if any(isinstance(each.values, Anything) for each in sides):
        outcomes |= YES | NO if all(each.values != () for each in sides) else 0
        return outcomes | (NO if any(each.no_value for each in sides) else 0)
    options = [[*each.values, *([None] if each.no_value else [])] for each in sides]
    for value, *others in product(*options):
        if test.skips_outside and isinstance(kind, Scale) and value in kind.outside:
            outcomes |= OUT
        else:
            outcomes |= YES if holds(test.op, kind, value, others) else NO
    return outcomes


def compare_numbers(op: str, sides: list[Possible]) -> Outcomes:
    """What may come of comparing numbers or days, the first with the others."""
    outcomes = 0
    for each in sides:
        if each.conflict:
            outcomes |= YES | NO
        if each.no_value:
            outcomes |= NO
    intervals = [each.values for each in sides if isinstance(each.values, Interval)]
    return (
        outcomes | compare_intervals(op, intervals[0], intervals[1:])
        if len(intervals) == len(sides)
        else outcomes
    )


def holds(op: str, kind: Type, value: Value, others: list[Value]) -> bool:
    """Whether one value compares so with others."""
    if value is None or (None in others):
        return False
    operator = OPERATORS[op]
    if not operator.by_order:
        return (value in others) != operator.denies
    assert isinstance(kind, Scale)
    if value not in kind.order or any(each not in kind.order for each in others):
        return False
    ranks = [kind.order.index(str(each)) for each in others]
    return operator.holds(kind.order.index(str(value)), ranks)


def compare_intervals(op: str, left: Interval, right: list[Interval]) -> Outcomes:
    """What may come of comparing any number of one interval with any of others."""
    yes, no = OPERATORS[op].may(EXACT, left, right)
    return YES * bool(yes) | NO * bool(no)


# -- arithmetic


def arithmetic(op: str, left: Possible, right: Possible, whole: bool) -> Possible:
    """Exact arithmetic over all combinations; `whole`: the right side holds whole numbers only.

    Raises `InputError` (RW102).
    """
    found = _arithmetic(op, left, right, whole)
    if isinstance(found.values, Interval):
        refuse_long(*found.values)
    return found


def _arithmetic(op: str, left: Possible, right: Possible, whole: bool) -> Possible:
    conflict = left.conflict or right.conflict
    # both may be free of conflict
    calm = all(each.values != () or each.no_value for each in (left, right))
    none = calm and (left.no_value or right.no_value)
    if not isinstance(left.values, Interval) or not isinstance(right.values, Interval):
        return Possible((), none, conflict)
    (a, b), (c, d) = left.values, right.values
    if op == "+":
        return Possible(Interval(plus(a, c), plus(b, d)), none, conflict)
    if op == "-":
        return Possible(Interval(plus(a, minus(d)), plus(b, minus(c))), none, conflict)
    if op == "*":
        return Possible(times(left.values, right.values), none, conflict)
    if (c is not None and c > 0) or (d is not None and d < 0):
        return Possible(times(left.values, reciprocal(right.values)), none, conflict)
    if c == d == 0:
        return Possible((), True, conflict)
    if not whole:
        return Possible(Interval(None, None), True, conflict)
    sides = [Interval(c, -1)] * (c is None or c < 0) + [Interval(1, d)] * (d is None or d > 0)
    quotients = [Possible(times(left.values, reciprocal(side))) for side in sides]
    return joined(quotients, Number(False))._replace(no_value=True, conflict=conflict)


def plus(one: Exact | None, other: Exact | None) -> Exact | None:
    return None if one is None or other is None else one + other


def minus(one: Exact | None) -> Exact | None:
    return None if one is None else -one


INFINITE = (-1, 1)  # how an end without a number counts: its sign


def times(one: Interval, other: Interval) -> Interval:
    """The interval of all products: from the four products of ends, where zero times an open end is
    zero.
    """
    ends = []
    for x, x_sign in ((one.low, -1), (one.high, 1)):
        for y, y_sign in ((other.low, -1), (other.high, 1)):
            if x == 0 or y == 0:
                ends.append((0, Fraction(0)))
            elif x is None or y is None:
                positive = (x_sign if x is None else x) * (y_sign if y is None else y) > 0
                ends.append((1 if positive else -1, Fraction(0)))
            else:
                ends.append((0, Fraction(x) * y))
    low, high = min(ends), max(ends)
    return Interval(None if low[0] else low[1], None if high[0] else high[1])


def reciprocal(divisor: Interval) -> Interval:
    """One over each number of an interval without zero."""
    low, high = divisor
    return Interval(
        Fraction(0) if high is None else 1 / Fraction(high),
        Fraction(0) if low is None else 1 / Fraction(low),
    )


def rounded(rule: str, possible: Possible) -> Possible:
    """Rounding keeps order, so the ends decide."""
    if not isinstance(possible.values, Interval):
        return possible
    return possible._replace(
        values=Interval(
            *(None if each is None else round_to_whole(rule, each) for each in possible.values)
        )
    )


def round_to_whole(rule: str, number: Exact) -> int:
    """`half up` and `half even` to the nearest; `up` and `down` to the next greater or smaller
    whole number.
    """
    floor = number // 1
    match rule:
        case "down":
            return int(floor)
        case "up":
            return int(-(-number // 1))
        case "half up":
            return int((number + Fraction(1, 2)) // 1)
    return round(Fraction(number))


def aggregate(kind: str, items: list[tuple[Possible, Status]], of: Type) -> Possible:
    """The sum, average, lowest or highest of items that are present or may be."""
    conflict = any(each.conflict for each, _ in items)
    surely_none = any(each == NOTHING for each, present in items if present == MET)
    if kind in ("sum", "average"):
        calm = all(
            each.values != () or each.no_value or present == UNDECIDED for each, present in items
        )
        none = calm and any(each.no_value for each, _ in items)
        numbers = [
            (each.values, present) for each, present in items if isinstance(each.values, Interval)
        ]
        possible = not surely_none and all(
            each.values != () or present == UNDECIDED for each, present in items
        )
        if kind == "sum":
            total = Interval(0, 0)
            for (low, high), present in numbers:
                low = low if present == MET or low is None else min(0, low)
                high = high if present == MET or high is None else max(0, high)
                total = Interval(plus(total.low, low), plus(total.high, high))
            return Possible(total if possible else (), none, conflict)
        none = none or all(present == UNDECIDED for _, present in items)
        lowest, highest = least_average(numbers, 1), least_average(numbers, -1)
        return Possible(
            Interval(lowest, minus(highest)) if possible and numbers else (), none, conflict
        )
    if any(each == CONFLICT for each, present in items if present == MET):
        return CONFLICT
    return extreme(kind, items, of)._replace(conflict=conflict)


def least_average(numbers: list[tuple[Interval, Status]], sign: int) -> Exact | None:
    """The least possible average (with sign −1: of the negated numbers); an open end makes it
    open.
    """
    ends = [(each.low if sign == 1 else minus(each.high), present) for each, present in numbers]
    if any(end is None for end, _ in ends):
        return None
    chosen = [Fraction(end) for end, present in ends if end is not None and present == MET]
    for end in sorted(
        Fraction(end) for end, present in ends if end is not None and present == UNDECIDED
    ):
        if not chosen or end < sum(chosen, Fraction(0)) / len(chosen):
            chosen.append(end)
    return sum(chosen, Fraction(0)) / len(chosen) if chosen else None


def extreme(kind: str, items: list[tuple[Possible, Status]], of: Type) -> Possible:
    """The lowest or highest of what is present and lies in the order."""
    if isinstance(of, Scale):
        return extreme_of_scale(of, of.order if kind == "lowest" else of.order[::-1], items)
    numbers = [
        (each.values, present == MET and not each.no_value and not each.conflict)
        for each, present in items
        if isinstance(each.values, Interval)
    ]
    sure = [values for values, surely in numbers if surely]
    possible = [values for values, _ in numbers]
    if not numbers:
        return Possible((), not sure)
    if kind == "lowest":
        closed = [high for _, high in sure if high is not None]
        top = (min(closed) if closed else None) if sure else highest([high for _, high in possible])
        return Possible(Interval(lowest([low for low, _ in possible]), top), not sure)
    closed = [low for low, _ in sure if low is not None]
    bottom = (max(closed) if closed else None) if sure else lowest([low for low, _ in possible])
    return Possible(Interval(bottom, highest([high for _, high in possible])), not sure)


def extreme_of_scale(
    scale: Scale, order: tuple[str, ...], items: list[tuple[Possible, Status]]
) -> Possible:
    """The first value in `order`: possible if some item may have it and each other may come later
    or be passed over.
    """
    own, skipped = [], []
    for each, present in items:
        values = each.values if isinstance(each.values, tuple) else ()
        own.append([order.index(str(v)) for v in values if v in order])
        skipped.append(
            present == UNDECIDED
            or each.no_value
            or each.conflict
            or any(v in scale.outside for v in values)
        )
    found = []
    for rank, value in enumerate(order):
        for i, ranks in enumerate(own):
            others = (
                skipped[k] or max(own[k], default=-1) >= rank for k in range(len(own)) if k != i
            )
            if rank in ranks and all(others):
                found.append(value)
                break
    return Possible(tuple(v for v in scale.values if v in found), all(skipped))
