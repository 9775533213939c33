"""The boundary between two neighbouring rows, or rules, moved by one step: the one ends elsewhere,
and the other begins there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from rulewright.ir.nodes import Compare, Condition, Literal, Rule
from rulewright.ir.phrases import value_words
from rulewright.ir.types import Date, Number, Scale, Type
from rulewright.ir.value_sets import Exact, Region, Span, region


@dataclass(frozen=True)
class MovedBoundary:
    """Two neighbours with another boundary, in their old words.

    ends, begins: the last value of the lower and the first of the upper one, before and after.
    """

    lower: Rule
    upper: Rule
    ends: tuple[str, str]
    begins: tuple[str, str]
    new_lower: Rule
    new_upper: Rule


def moved_boundaries(rules: Iterable[Rule]) -> Iterator[MovedBoundary]:
    """Every pair of neighbours of some rules that conclude different values, with their boundary
    one step higher and one lower.
    """
    for lower, upper in permutations(rules, 2):
        if lower.value == upper.value or lower.effect != upper.effect:
            continue
        apart = _apart(lower, upper)
        if apart is None:
            continue
        at, other = apart
        for one, two in _moved(lower.conditions[at], upper.conditions[other]):
            ends, begins = _end(lower.conditions[at], one), _begin(upper.conditions[other], two)
            yield MovedBoundary(
                lower, upper, ends, begins, _with(lower, at, one), _with(upper, other, two)
            )


def lowest(condition: Condition) -> tuple[int, Exact] | None:
    """Where the values of a comparison with fixed values begin, for putting bands in their
    order.
    """
    body = condition.body
    values = region(body) if isinstance(body, Compare) else None
    if not values or not isinstance(body, Compare):
        return None
    if isinstance(values, tuple):
        return (0, 0) if values[0].low is None else (1, values[0].low)
    kind = body.left.type
    return (
        (1, min(kind.order.index(str(each)) for each in values))
        if isinstance(kind, Scale) and values <= set(kind.order)
        else None
    )


def _apart(one: Rule, other: Rule) -> tuple[int, int] | None:
    """The places of the two conditions in which two rules differ, where that is all and they
    compare one thing.
    """
    first = [
        at
        for at, each in enumerate(one.conditions)
        if all(each.body != its.body for its in other.conditions)
    ]
    second = [
        at
        for at, each in enumerate(other.conditions)
        if all(each.body != its.body for its in one.conditions)
    ]
    if len(one.conditions) != len(other.conditions) or len(first) != 1 or len(second) != 1:
        return None
    a, b = one.conditions[first[0]].body, other.conditions[second[0]].body
    return (
        (first[0], second[0])
        if isinstance(a, Compare) and isinstance(b, Compare) and a.left == b.left
        else None
    )


def _moved(lower: Condition, upper: Condition) -> Iterator[tuple[Condition, Condition]]:
    """Two conditions with the boundary between them one step higher, and one lower; nothing where
    they are no neighbours.
    """
    one, other = lower.body, upper.body
    assert isinstance(one, Compare) and isinstance(other, Compare)
    kind, below, above = one.left.type, region(one), region(other)
    if kind is None or below is None or above is None:
        return
    for step in (-1, 1):
        pair = (
            _ranks(kind, below, above, step)
            if isinstance(kind, Scale)
            else _spans(kind, below, above, step)
        )
        if pair is not None:
            found = [
                _condition(condition, values, kind)
                for condition, values in zip((lower, upper), pair, strict=True)
            ]
            if found[0] is not None and found[1] is not None:
                yield found[0], found[1]


def _spans(kind: Type, below: Region, above: Region, step: int) -> tuple[Region, Region] | None:
    """Two spans with their common end moved."""
    if (
        not isinstance(below, tuple)
        or not isinstance(above, tuple)
        or len(below) != 1
        or len(above) != 1
    ):
        return None
    [low], [high] = below, above
    if low.high is None or high.low is None:
        return None
    whole = isinstance(kind, Date) or (isinstance(kind, Number) and kind.whole)
    touch = (
        low.high + 1 == high.low
        if whole
        else low.high == high.low and low.high_open != high.low_open
    )
    new = replace(low, high=low.high + step), replace(high, low=high.low + step)
    if not touch or any(each.empty or _outside(each, kind) for each in new):
        return None
    return (new[0],), (new[1],)


def _outside(span: Span, kind: Type) -> bool:
    """Whether no value of a number's declared range lies in a span."""
    return isinstance(kind, Number) and span.meet(Span(kind.low, kind.high)).empty


def _ranks(kind: Scale, below: Region, above: Region, step: int) -> tuple[Region, Region] | None:
    """Two sets of values that follow one another on a scale, with one value of the one given to the
    other.
    """
    if (
        not isinstance(below, frozenset)
        or not isinstance(above, frozenset)
        or not (below | above) <= set(kind.order)
    ):
        return None
    low, high = (
        sorted(kind.order.index(str(each)) for each in below),
        sorted(kind.order.index(str(each)) for each in above),
    )
    follow = low[-1] + 1 == high[0] and all(
        each == list(range(each[0], each[-1] + 1)) for each in (low, high)
    )
    giving = high if step > 0 else low
    if not low or not high or not follow or len(giving) < 2:
        return None
    value = frozenset({kind.order[high[0] if step > 0 else low[-1]]})
    return (below | value, above - value) if step > 0 else (below - value, above | value)


# -- a comparison of a region


def _condition(condition: Condition, values: Region, kind: Type) -> Condition | None:
    """The condition with other values allowed, in its old words; nothing where no comparison allows
    just these.
    """
    old = condition.body
    assert isinstance(old, Compare)
    literal = next((each.type for each in old.right if isinstance(each, Literal)), None)
    found = _of_ranks(old, values, kind) if isinstance(kind, Scale) else _of_span(values)
    if found is None:
        return None
    op, numbers = found
    right = tuple(Literal(each, literal) for each in numbers)
    return replace(condition, body=replace(old, op=op, right=right))


def _of_span(values: Region) -> tuple[str, tuple[Exact, ...]] | None:
    assert isinstance(values, tuple)
    [span] = values
    if span.low is None:
        return (
            ("less than" if span.high_open else "at most", (span.high,))
            if span.high is not None
            else None
        )
    if span.high is None:
        return "more than" if span.low_open else "at least", (span.low,)
    if span.low_open or span.high_open:
        return None
    return ("is", (span.low,)) if span.low == span.high else ("between", (span.low, span.high))


def _of_ranks(old: Compare, values: Region, kind: Scale) -> tuple[str, tuple[str, ...]]:
    ordered = tuple(each for each in kind.order if each in values)
    if old.op == "at most" and ordered[0] == kind.order[0]:
        return "at most", ordered[-1:]
    if old.op == "at least" and ordered[-1] == kind.order[-1]:
        return "at least", ordered[:1]
    return ("is", ordered) if len(ordered) == 1 else ("one of", ordered)


def _end(before: Condition, after: Condition) -> tuple[str, str]:
    return _limit(before, last=True), _limit(after, last=True)


def _begin(before: Condition, after: Condition) -> tuple[str, str]:
    return _limit(before, last=False), _limit(after, last=False)


def _limit(condition: Condition, *, last: bool) -> str:
    """The last value, or the first, that a comparison allows."""
    body = condition.body
    assert isinstance(body, Compare) and body.left.type is not None
    kind, values = body.left.type, region(body)
    if isinstance(values, frozenset):
        assert isinstance(kind, Scale)
        ordered = [each for each in kind.order if each in values]
        return ordered[-1 if last else 0]
    assert values is not None
    return value_words(values[-1].high if last else values[0].low, kind)


def _with(rule: Rule, at: int, condition: Condition) -> Rule:
    return replace(rule, conditions=(*rule.conditions[:at], condition, *rule.conditions[at + 1 :]))
