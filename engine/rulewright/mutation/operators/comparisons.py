"""Comparisons with one small change: the value one step on, the comparison the next one, a listed
value left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from rulewright.ir.nodes import Compare, Literal
from rulewright.ir.operators import OPERATORS
from rulewright.ir.types import Choice, Date, Months, Number, Scale, Type, Value
from rulewright.ir.value_sets import Region, meet, region, whole


class MutantEdit(NamedTuple):
    """A part of a rule with one small change."""

    operator: str
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


def comparisons(body: Compare, *, skipping: bool = False) -> Iterator[MutantEdit]:
    """The changes of a comparison that allow other values; two that allow the same are made once.

    skipping: it matters too whether values outside the order are passed over, as where `every` item
    is asked for.
    """
    known = [_allowed(body, skipping)]
    for edit in _candidates(body):
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


def _candidates(body: Compare) -> Iterator[MutantEdit]:
    if OPERATORS[body.op].operands is None:
        yield from _without_one(body)
        return
    for index, right in enumerate(body.right):
        if (
            isinstance(right, Literal)
            and right.value is not None
            and not isinstance(right.value, bool)
        ):
            yield from _stepped(body, index, right)
    if isinstance(body.left.type, ORDERED):
        for op in OPERATORS[body.op].neighbours:
            yield MutantEdit("comparison", replace(body, op=op))


def _stepped(body: Compare, index: int, right: Literal) -> Iterator[MutantEdit]:
    kind = right.type or body.left.type
    operator = "threshold" if isinstance(kind, ORDERED) else "value"
    for value in steps(right.value, kind):
        yield MutantEdit(operator, _with_right(body, index, Literal(value, right.type)))


def _without_one(body: Compare) -> Iterator[MutantEdit]:
    if len(body.right) > 1:
        for index in range(len(body.right)):
            yield MutantEdit("value", _with_right(body, index))


def _with_right(body: Compare, index: int, *new: Literal) -> Compare:
    return replace(body, right=(*body.right[:index], *new, *body.right[index + 1 :]))
