"""Going through what a program says: every piece of it, and every attribute that is read, with whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from rulewright.language.errors import Place
from rulewright.program.expressions import collection_kinds
from rulewright.program.nodes import (
    Aggregate, Arithmetic, Below, Collection, Compare, Condition, Count, Each, Except, Expression, Joined, Kind, Known, Noun,
    Quantified, Round, Rule, Same, Test, Union, Where,
)  # fmt: skip
from rulewright.program.scope import Scope

Reads = Iterator[tuple[Noun, tuple[Kind, ...]]]
_COLLECTIONS = (Below, Each, Same, Except, Where, Union)


def pieces(value: Any) -> Iterator[Any]:
    """Every condition, expression and collection in `value`, itself among them."""
    if isinstance(value, tuple):
        for each in value:
            yield from pieces(each)
    elif is_dataclass(value) and not isinstance(value, Place):
        yield value
        for each in fields(value):
            inner = getattr(value, each.name)
            if isinstance(inner, tuple) or is_dataclass(inner):
                yield from pieces(inner)


def rule_reads(rule: Rule, scope: Scope) -> Reads:
    """The attributes that a rule reads, each with the kinds of entity whose it is."""
    for condition in rule.conditions:
        yield from condition_reads(condition, scope)
    if rule.value is not None:
        yield from _expression(rule.value, scope)
    for piece in rule.template:
        if isinstance(piece, _COLLECTIONS):
            yield from _collection(piece, scope)
        elif not isinstance(piece, str):
            yield from _expression(piece, scope)


def condition_reads(condition: Condition, scope: Scope) -> Reads:
    """The attributes that a condition reads."""
    match condition.body:
        case Joined(_, parts):
            for part in parts:
                yield from condition_reads(part, scope)
        case Quantified(_, collection, test, amount):
            yield from _collection(collection, scope)
            yield from _test(test, scope.inside(collection_kinds(collection, scope)))
            if amount is not None:
                yield from _expression(amount, scope)
        case Compare() | Known():
            yield from _test(condition.body, scope)


def _test(test: Test, scope: Scope) -> Reads:
    sides = (test.noun,) if isinstance(test, Known) else (test.left, *test.right)
    for side in sides:
        yield from _expression(side, scope)


def _expression(expression: Expression, scope: Scope) -> Reads:
    match expression:
        case Noun(reach):
            yield expression, scope.reached(reach)
        case Arithmetic(_, left, right):
            yield from _expression(left, scope)
            yield from _expression(right, scope)
        case Round(_, of):
            yield from _expression(of, scope)
        case Count(collection, test):
            yield from _collection(collection, scope)
            if test is not None:
                yield from _test(test, scope.inside(collection_kinds(collection, scope)))
        case Aggregate(_, collection, noun):
            yield from _collection(collection, scope)
            yield from _expression(noun, scope.inside(collection_kinds(collection, scope)))


def _collection(collection: Collection, scope: Scope) -> Reads:
    match collection:
        case Where(of, tests):
            yield from _collection(of, scope)
            inner = scope.inside(collection_kinds(of, scope))
            for test in tests:
                yield from _test(test, inner)
        case Each(of, _) | Same(of, _) | Except(of, _):
            yield from _collection(of, scope)
        case Union(parts):
            for part in parts:
                yield from _collection(part, scope)
