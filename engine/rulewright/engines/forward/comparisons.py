"""What may come of a comparison: it holds (`YES`), it does not (`NO`), or the value lies outside
the order (`OUT`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

from rulewright.engines.result import MET, NO, NOT_MET, OUT, UNDECIDED, YES, Outcomes, Status
from rulewright.ir.operators import OPERATORS, counting_operator
from rulewright.ir.types import FINITE, Type, Words, add_months

from .value_sets import CLASH, FULL, NONE, End, Held, Letters, NumberSpan, Phrase, notation_of

Comparer = Callable[[Held, Sequence[Held]], Outcomes]

# An answer is met when nothing but YES may come of it, not met when no YES may: one entry for each
# set of outcomes.
STATUS: tuple[Status, ...] = tuple(
    MET if each == YES else UNDECIDED if each & YES else NOT_MET for each in range(8)
)


def comparer(op: str, kind: Type | None, skips: bool = False) -> Comparer:
    """How values of a type are compared by `op`; `skips`: a value outside the order is passed
    over.
    """
    if isinstance(kind, FINITE):
        letters = notation_of(kind)
        assert isinstance(letters, Letters)
        return lambda left, right: of_letters(op, letters, skips, left, right)  # type: ignore[arg-type]
    if isinstance(kind, Words):
        return lambda left, right: of_phrases(op, left, right)  # type: ignore[arg-type]
    return lambda left, right: of_spans(op, left, right)  # type: ignore[arg-type]


# -- sets of bits


def of_letters(op: str, letters: Letters, skips: bool, left: int, right: Sequence[int]) -> Outcomes:
    """Over a scale, a list of choices or yes/no: exact."""
    clash = left
    for each in right:
        clash |= each
    found = YES | NO | (OUT if skips else 0) if clash & CLASH else 0
    rest = left & ~CLASH
    if skips and rest & letters.outside:
        found |= OUT
        rest &= ~letters.outside
    for combination in product(*(_bits(each & ~CLASH) for each in right)):
        passing = _passing(op, letters, combination)
        if rest & passing:
            found |= YES
        if rest & ~passing:
            found |= NO
    return found


def _bits(held: int) -> list[int]:
    return [1 << place for place in range(held.bit_length()) if held >> place & 1]


def _passing(op: str, letters: Letters, others: tuple[int, ...]) -> int:
    """The values on the left for which the comparison holds: never *no value*, none if *no value*
    stands on the right.
    """
    if NONE in others:
        return 0
    everything = letters.everything
    assert isinstance(everything, int)
    if not OPERATORS[op].by_order:
        return everything & ~_union(others) if OPERATORS[op].denies else _union(others)
    if any(each not in letters.ranks for each in others):
        return 0
    first, last = letters.ranks.index(others[0]), letters.ranks.index(others[-1])
    start, stop = {
        "at least": (first, None),
        "more than": (first + 1, None),
        "at most": (0, first + 1),
        "less than": (0, first),
        "between": (first, last + 1),
    }[op]
    return _union(letters.ranks[start:stop])


def _union(bits: Sequence[int]) -> int:
    found = 0
    for each in bits:
        found |= each
    return found


# -- numbers and days


def of_spans(op: str, left: NumberSpan, right: Sequence[NumberSpan]) -> Outcomes:
    """Numbers, days and lengths of time: the ends decide."""
    either, both = left.marks, left.marks
    for each in right:
        either |= each.marks
        both &= each.marks
    found = YES | NO if either & CLASH else 0
    if either & NONE:
        found |= NO
    if both & FULL:
        holds, fails = _ends(op, left, right)
        if OPERATORS[op].denies:
            holds, fails = fails, holds
        found |= (YES if holds else 0) | (NO if fails else 0)
    return found


def _ends(op: str, left: NumberSpan, right: Sequence[NumberSpan]) -> tuple[bool, bool]:
    """Whether the comparison can hold, and whether it can fail (of `is not`: of `is`)."""
    low, high = left[:2]
    first = right[0]
    if op == "at least":
        return high >= first.low, low < first.high
    if op == "less than":
        return low < first.high, high >= first.low
    if op == "at most":
        return low <= first.high, high > first.low
    if op == "more than":
        return high > first.low, low <= first.high
    if op == "between":
        last = right[1]
        return (
            high >= first.low and low <= last.high and first.low <= last.high,
            low < first.high or high > last.low,
        )
    if op == "within":
        day = right[1]
        return low <= day.high and _later(high, first.low) >= day.low, high > day.low or _later(
            low, first.low
        ) < day.high
    holds = any(high >= each.low and low <= each.high for each in right)
    fails = not (low == high and any(each.low == low and each.high == high for each in right))
    return holds, fails


def _later(day: End, months: End) -> End:
    return day if isinstance(day, float) else add_months(int(day), int(months))


# -- text


def of_phrases(op: str, left: Phrase, right: Sequence[Phrase]) -> Outcomes:
    """Known text is compared; any text may be anything."""
    either, both = left.marks, left.marks
    for each in right:
        either |= each.marks
        both &= each.marks
    found = YES | NO if either & CLASH else 0
    if either & NONE:
        found |= NO
    if both & FULL:
        if left.text is None or any(each.text is None for each in right):
            return YES | NO
        same = any(left.text == each.text for each in right)
        found |= YES if same != OPERATORS[op].denies else NO
    return found


# -- counts


@lru_cache(maxsize=64)
def amount_comparer(kind: str) -> Comparer:
    """How a number of items is compared with an amount."""
    return comparer(counting_operator(kind), None)
