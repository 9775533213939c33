"""The shape of a node: its rules without ids, words and places.

Rules are numbered within their node, so that what decides can be said without ids. Members of a
fixed set whose rules are the same share a shape.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from .nodes import Condition, Reach, Rule
from .program import Node

OWN = "*"  # stands for the member of which a node is; no member is written so


def numbered(node: Node) -> tuple[Rule, ...]:
    """The rules of a node in the order of their numbers: values, limits, `otherwise`."""
    return node.every_rule


@dataclass(frozen=True)
class Shape:
    """What nodes share that decide alike. node: one of them."""

    form: Hashable
    node: Node = field(compare=False, repr=False)


def shape_of(node: Node) -> Shape:
    """The shape of a node. Its type of values is part of it, its attribute is not."""
    own = (node.key.entity, node.key.member)
    return Shape(
        (
            node.attribute.type,
            len(node.rules),
            node.otherwise is not None,
            tuple(_form(rule, own) for rule in numbered(node)),
            node.above,
            node.apart.partners,
            tuple((each.rules, _form(each.inputs, own)) for each in node.exhaustive),
            node.over_judgements,
        ),
        node,
    )


def own_down(reach: Reach, own: tuple[str, str]) -> Reach:
    """A reach that names its own member as `OWN`."""
    if not own[1] or own not in reach.down:
        return reach
    down = tuple((kind, OWN) if (kind, name) == own else (kind, name) for kind, name in reach.down)
    return Reach(reach.item, reach.up, down)


def _form(value: Any, own: tuple[str, str]) -> Hashable:
    if isinstance(value, Rule):
        bodies = tuple(_form(each, own) for each in value.conditions)
        return (bodies, _form(value.value, own))
    if isinstance(value, Condition):
        return _form(value.body, own)
    if isinstance(value, Reach):
        return own_down(value, own)
    if isinstance(value, tuple):
        return tuple(_form(each, own) for each in value)
    if is_dataclass(value) and type(value).__module__.endswith(".nodes"):
        parts = (_form(getattr(value, each.name), own) for each in fields(value))
        return (type(value).__name__, *parts)
    found: Hashable = (type(value).__name__, value)  # 1 is not yes
    return found
