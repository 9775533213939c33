"""Equal parts of a program become one object, so that engines can remember by identity what they
worked out once.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from .nodes import Condition, Rule
from .program import Node, Program

_SHARED = (
    Condition,
    Rule,
    Node,
)  # these keep their own places and texts; what is inside them is shared
# parts that are remembered for further programs: those of some dozen of a hundred rules
_MOST = 100_000


def interned(program: Program, known: dict[Any, Any] | None = None) -> Program:
    """The same program, each expression, collection and condition in it held once.

    `known`: the parts of other programs with which it may share nodes, and after it those of this
    one.
    """
    known = {} if known is None else known
    if len(known) > _MOST:
        known.clear()
    return replace(
        program,
        nodes=_one(program.nodes, known),
        notices={kind: _one(rules, known) for kind, rules in program.notices.items()},
        scope=_one(program.scope, known),
        withdrawals=_one(program.withdrawals, known),
    )


def _one(value: Any, known: dict[Any, Any]) -> Any:
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(_one(each, known) for each in value)
    kind: Any = type(value)
    names = _fields(kind)
    if not names:
        return value
    seen = known.get(id(value))
    if seen is not None and seen[0] is value:
        return seen[1]
    changed = {
        name: one
        for name in names
        if (one := _one(content := getattr(value, name), known)) is not content
    }
    found = replace(value, **changed) if changed else value
    if not isinstance(value, _SHARED) and kind.__module__ == Condition.__module__:
        found = known.setdefault(found, found)
    known[id(value)] = (value, found)
    return found


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    """What an object of a class is made of; nothing where that is not told."""
    return tuple(each.name for each in fields(kind) if each.init) if is_dataclass(kind) else ()
