"""Which values a thing may have by its declaration, and whether it may have *no value*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from rulewright.compiler.bounds import size
from rulewright.compiler.collections import collection_kinds
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import (
    Aggregate,
    Arithmetic,
    AsAtDate,
    Compare,
    Count,
    Expression,
    Literal,
    NodeKey,
    Noun,
    Parameter,
    Round,
)
from rulewright.ir.partitions import cut
from rulewright.ir.types import Number, Scale, Type
from rulewright.ir.value_sets import Region, meet, region, whole

from .compiled import Compiled


@dataclass
class Rooms:
    """Answers about one policy, remembered.

    `strict`: a formula may leave the declared range of what it gives.
    """

    policy: Compiled
    strict: bool = False
    _nothing: dict[NodeKey, bool] = field(default_factory=dict)
    _allowed: dict[tuple[Compare, bool], Region | None] = field(default_factory=dict)

    # -- values

    def kind(self, expression: Expression) -> Type | None:
        """The type whose values an expression may have."""
        kind = expression.type
        derived = isinstance(expression, Noun) and not expression.given
        return Number(kind.whole) if self.strict and derived and isinstance(kind, Number) else kind

    def allowed(self, test: Compare, holds: bool) -> Region | None:
        """The values of its left side with which a comparison holds, or with which it does not;
        `None` where that is not fixed.
        """
        at = test, holds
        if at not in self._allowed:
            values, kind = region(test), self.kind(test.left)
            self._allowed[at] = (
                None
                if values is None or kind is None
                else values
                if holds
                else beside(values, kind)
            )
        return self._allowed[at]

    # -- no value

    def may_have_no_value(self, expression: Expression, scope: Scope) -> bool:
        """Whether an expression may have no value in a case with all facts stated."""
        match expression:
            case Literal(value):
                return value is None
            case Noun():
                return self._noun(expression, scope)
            case Arithmetic(op, left, right):
                divides = op == "/" and not (isinstance(right, Literal) and right.value)
                return (
                    divides
                    or self.may_have_no_value(left, scope)
                    or self.may_have_no_value(right, scope)
                )
            case Round(_, of):
                return self.may_have_no_value(of, scope)
            case Aggregate(kind, collection, noun):
                if kind != "sum" and (
                    size(collection, scope)[0] == 0
                    or (isinstance(noun.type, Scale) and noun.type.outside)
                ):
                    return True
                return self.may_have_no_value(
                    noun, scope.inside(collection_kinds(collection, scope))
                )
            case Parameter() | AsAtDate() | Count():
                return False
            case _:
                assert_never(expression)

    def _noun(self, noun: Noun, scope: Scope) -> bool:
        kinds = scope.reached(noun.reach)
        if noun.attribute == "name":
            return False
        if noun.given:
            entities = scope.vocabulary.entities
            return any(
                entities[each.entity].attributes[noun.attribute].may_have_no_value for each in kinds
            )
        return any(
            self.node_may_have_no_value(NodeKey(k.entity, k.parent, k.member, noun.attribute))
            for k in kinds
        )

    def node_may_have_no_value(self, key: NodeKey) -> bool:
        """Whether a derived attribute may come out without a value (a conflict aside)."""
        if key not in self._nothing:
            self._nothing[key] = True  # what depends on itself never compiles
            self._nothing[key] = self._node(key)
        return self._nothing[key]

    def _node(self, key: NodeKey) -> bool:
        node = self.policy.nodes.get(key)
        if node is None:
            return True
        scope = self.policy.scope((key.kind,))
        values = [rule.value for rule in node.rules if rule.value is not None]
        if any(self.may_have_no_value(each, scope) for each in values):
            return True
        if any(not rule.conditions for rule in node.rules):
            return False
        if any(
            not self.may_have_no_value(each, scope)
            for group in node.exhaustive
            for each in group.inputs
        ):
            return False
        return (
            node.otherwise is None
            or node.otherwise.value is None
            or self.may_have_no_value(node.otherwise.value, scope)
        )


def beside(inner: Region, kind: Type) -> Region:
    """The values of a type that are not in a region of it."""
    pieces = cut([inner], kind, whole(kind))
    outside = [
        piece for number, piece in enumerate(pieces.values) if number not in pieces.of(inner)
    ]
    if isinstance(inner, frozenset):
        return frozenset().union(*(each for each in outside if isinstance(each, frozenset)))
    return tuple(span for each in outside if isinstance(each, tuple) for span in each)


def within(inner: Region, outer: Region, kind: Type) -> bool:
    """Whether all values of one region (within the type) are in another."""
    domain = whole(kind)
    assert domain is not None
    return not meet(meet(inner, domain), beside(outer, kind))
