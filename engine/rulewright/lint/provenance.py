"""What must have been so for a derived attribute to have a value: the conditions of the rules that
give it.
"""

from __future__ import annotations

from dataclasses import replace

from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import (
    HERE,
    Compare,
    Condition,
    Joined,
    Literal,
    NodeKey,
    Noun,
    Reach,
    Rule,
    Same,
)
from rulewright.ir.program import Node
from rulewright.ir.traversal import find, map_reaches
from rulewright.ir.value_sets import region

from .compiled import Compiled

MOST_STEPS = 2


def with_origins(
    condition: Condition, policy: Compiled, scope: Scope, steps: int = MOST_STEPS
) -> Condition:
    """A condition joined with what must have been so for the derived attributes in it to be as it
    asks.
    """
    body = condition.body
    if isinstance(body, Joined):
        if body.kind == "none of":
            return condition
        inner = tuple(with_origins(part, policy, scope, steps) for part in body.parts)
        return replace(condition, body=Joined(body.kind, inner))
    origins = _origins(body, policy, scope) if isinstance(body, Compare) and steps else None
    if origins is None:
        return condition
    deeper = tuple(with_origins(each, policy, scope, steps - 1) for each in origins)
    return replace(
        condition,
        body=Joined("all of", (condition, replace(condition, body=Joined("any of", deeper)))),
    )


def _origins(body: Compare, policy: Compiled, scope: Scope) -> tuple[Condition, ...] | None:
    """One condition for each rule that may give such a value; `None` where that says nothing."""
    noun = body.left
    values = region(body)
    if (
        not isinstance(noun, Noun)
        or noun.given
        or noun.reach.item
        or values is None
        or not isinstance(values, frozenset)
    ):
        return None
    node = _one_node(noun, policy, scope)
    if node is None or node.attribute.may_be_judged or node.limits:
        return None
    found: list[Condition] = []
    for rule in node.giving:
        if isinstance(rule.value, Literal) and rule.value.value not in values:
            continue
        asked = _asked(rule, node, body)
        moved = [_moved(each, noun.reach) for each in asked]
        if not asked or None in moved:
            return None
        found.append(
            Condition(Joined("all of", tuple(each for each in moved if each is not None)), rule.id)
        )
    return tuple(found)


def _one_node(noun: Noun, policy: Compiled, scope: Scope) -> Node | None:
    """The node of an attribute, where all entities that it may be of have the same rules for it."""
    kinds = scope.reached(noun.reach)
    nodes = [policy.nodes.get(NodeKey(k.entity, k.parent, k.member, noun.attribute)) for k in kinds]
    first = nodes[0] if nodes else None
    if first is None or any(
        each is None or [r.id for r in each.rules] != [r.id for r in first.rules] for each in nodes
    ):
        return None
    return first


def _asked(rule: Rule, node: Node, body: Compare) -> tuple[Condition, ...]:
    """The conditions of a rule; of an `otherwise`, that none of the others holds; of a copy, what
    is asked of its origin.
    """
    if rule is node.otherwise:
        held = tuple(
            Condition(Joined("all of", each.conditions), each.id)
            for each in node.rules
            if each.conditions
        )
        return (Condition(Joined("none of", held), rule.id),) if held else ()
    if isinstance(rule.value, Noun):
        return (*rule.conditions, Condition(Compare(rule.value, body.op, body.right), rule.text))
    return rule.conditions


def _moved(condition: Condition, to: Reach) -> Condition | None:
    """A condition about another entity as seen from the rule's own; `None` where it cannot be said
    from there.
    """
    if to == HERE:
        return condition
    if any(find(Same, condition)):  # the same member as the other entity's
        return None
    moved = map_reaches(lambda each: _rebased(each, to), condition)
    assert isinstance(moved, Condition)
    return moved


def _rebased(reach: Reach, to: Reach) -> Reach:
    if reach.item:
        return reach
    if reach.up:
        return Reach(up=reach.up, down=reach.down)
    return Reach(up=to.up, down=(*to.down, *reach.down))
