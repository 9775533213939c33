"""Comparisons with one small change: the value one step on, the comparison the next one, a listed
value left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from rulewright.language.types import FINITE, Choice, Date, Months, Number, Scale, Type, Value
from rulewright.program.nodes import Compare, Expression, Literal
from rulewright.program.operators import OPERATORS
from rulewright.program.regions import Region, meet, region, whole

from . import wording


class Edit(NamedTuple):
    """A part of a rule with one small change, and the words of the whole that it stands in, before
    and after.
    """

    operator: str
    before: str
    after: str
    body: object


ORDERED = (Scale, Number, Date, Months)


def steps(value: Value, kind: Type | None) -> list[Value]:
    """The values next to one: one lower, one higher."""
    if isinstance(kind, Scale):
        if value not in kind.order:
            return []
        rank = kind.order.index(str(value))
        return [kind.order[i] for i in (rank - 1, rank + 1) if 0 <= i < len(kind.order)]
    if isinstance(kind, Choice):
        others = kind.values
        return (
            [others[(others.index(str(value)) + 1) % len(others)]]
            if value in others and len(others) > 1
            else []
        )
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | Fraction):
        low, high = (kind.low, kind.high) if isinstance(kind, Number) else (None, None)
        return [
            each
            for each in (value - 1, value + 1)
            if (low is None or each >= low) and (high is None or each <= high)
        ]
    return []


def comparisons(body: Compare, text: str, *, skipping: bool = False) -> Iterator[Edit]:
    """The changes of a comparison that allow other values; two that allow the same are made once.

    skipping: it matters too whether values outside the order are passed over, as where `every` item
    is asked for.
    """
    known = [_allowed(body, skipping)]
    for edit in _candidates(body, text):
        assert isinstance(edit.body, Compare)
        allowed = _allowed(edit.body, skipping)
        if allowed is None:
            yield edit
        elif allowed[0] and allowed not in known:  # what nothing passes is the rule deleted
            known.append(allowed)
            yield edit


def _allowed(body: Compare, skipping: bool) -> tuple[Region, bool] | None:
    values = region(body)
    domain = whole(body.left.type) if values is not None and body.left.type is not None else None
    return (
        None
        if values is None or domain is None
        else (meet(values, domain), skipping and body.skips_outside)
    )


def _candidates(body: Compare, text: str) -> Iterator[Edit]:
    if OPERATORS[body.op].operands is None:
        yield from _without_one(body, text)
        return
    for index, right in enumerate(body.right):
        if (
            isinstance(right, Literal)
            and right.value is not None
            and not isinstance(right.value, bool)
        ):
            yield from _stepped(body, index, right, text)
    if isinstance(body.left.type, ORDERED):
        for op in OPERATORS[body.op].neighbours:
            written = _written(body.right[0])
            yield Edit(
                "comparison",
                text,
                wording.with_comparison(text, body.op, op, written, body.left.type),
                replace(body, op=op),
            )


def _stepped(body: Compare, index: int, right: Literal, text: str) -> Iterator[Edit]:
    kind = right.type or body.left.type
    for value in steps(right.value, kind):
        old, new = wording.in_words(right.value, kind), wording.in_words(value, kind)
        if new.startswith("not "):  # what follows `is not` would be read as a negation
            new = f'"{new}"'
        changed = (*body.right[:index], Literal(value, right.type), *body.right[index + 1 :])
        operator = "threshold" if isinstance(kind, ORDERED) else "value"
        after = (
            wording.with_value(text, old, new)
            if index == len(body.right) - 1
            else _first(text, old, new)
        )
        yield Edit(operator, text, after, replace(body, right=changed))


def _first(text: str, old: str, new: str) -> str:
    return wording.told(text, wording.swapped(text, old, new), old, new)


def _without_one(body: Compare, text: str) -> Iterator[Edit]:
    if len(body.right) < 2:
        return
    shown = [_written(each) for each in body.right]
    for index, dropped in enumerate(shown):
        after = wording.without_value(text, shown, dropped)
        yield Edit(
            "value",
            text,
            after,
            replace(body, right=(*body.right[:index], *body.right[index + 1 :])),
        )


def _written(expression: Expression) -> str:
    return (
        wording.in_words(expression.value, expression.type)
        if isinstance(expression, Literal)
        else ""
    )


def negation(body: Compare) -> Compare | None:
    """The comparison that holds where this one does not (of values that are there)."""
    op = OPERATORS[body.op].negation
    if not op or (body.skips_outside and op in ("less than", "more than")):
        return None
    return replace(body, op=op)


__all__ = ["FINITE", "Edit", "comparisons", "negation", "steps"]
