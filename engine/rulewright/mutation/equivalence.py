"""Mutants that no case can tell from the rules as they are: the changed words show it, or all that
the rules may see was gone through.

A condition that asks the same of every number that there can be is the same condition: of five key
questions, `5` are as many as `at least 5`. What is possible when facts are missing is never more
than that, so it holds for undecided conditions too.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rulewright.compiler.bounds import size
from rulewright.compiler.scope import Scope, scope_of_read
from rulewright.ir.nodes import (
    Compare,
    Condition,
    Count,
    Joined,
    Kind,
    Literal,
    NodeKey,
    Quantified,
    Rule,
)
from rulewright.ir.operators import counting_operator
from rulewright.ir.program import Program
from rulewright.ir.traversal import parameters_in
from rulewright.ir.value_sets import Region, Span, meet, region, whole_numbers

from .exhaustive.equivalence import fires_alike, nodes_equal
from .mutant import Effect, Mutant, Where
from .mutants import changed_node


def proved_equal(mutant: Mutant, programs: dict[str, Program]) -> str:
    """Why no case tells a mutant apart, in any policy that has it; nothing where that is not
    proved.
    """
    reason = ""
    for policy, effect in mutant.effects.items():
        reason = _equal(programs[policy], effect)
        if not reason:
            break
    return reason


def _equal(program: Program, effect: Effect) -> str:
    if effect.parameters is not None:
        other = {
            name for name, each in effect.parameters.items() if each != program.parameters[name]
        }
        read = parameters_in(
            *(node.every_rule for node in program.nodes),
            *program.notices.values(),
            program.scope,
            *(each.once for each in program.withdrawals),
        )
        return "" if other & read else "no rule reads it"
    if not effect.rules or effect.withdrawals is not None or effect.scope is not None:
        return ""
    reasons = [_same_rule(program, *each) for each in effect.rules]
    if all(reasons):
        return reasons[0]
    return _gone_through(program, effect)


def _gone_through(program: Program, effect: Effect) -> str:
    """Why each attribute and note that is changed comes out alike, by all that its rules may
    see.
    """
    nodes = {node.key: node for node in program.nodes}
    by_node: dict[NodeKey, list[tuple[Where, Rule, Rule | None]]] = {}
    reason = ""
    for where, old, new in effect.rules:
        if isinstance(where, NodeKey):
            by_node.setdefault(where, []).append((where, old, new))
            continue
        reason = fires_alike(program, where, old, new)
        if not reason:
            return ""
    for key, edits in by_node.items():
        reason = nodes_equal(program, nodes[key], changed_node(nodes[key], edits))
        if not reason:
            return ""
    return reason


def _same_rule(program: Program, where: Where, old: Rule, new: Rule | None) -> str:
    """Why a changed rule fires whenever the rule as it is does."""
    if (
        new is None
        or len(old.conditions) != len(new.conditions)
        or (old.value, old.overrides) != (new.value, new.overrides)
    ):
        return ""
    kind = where if isinstance(where, Kind) else where.kind
    scope = scope_of_read(program.vocabulary, kind)
    changed = [
        pair
        for one, other in zip(old.conditions, new.conditions, strict=True)
        for pair in _changed(one, other)
    ]
    reasons = [_same_number(program, scope, *pair) for pair in changed]
    return reasons[0] if reasons and all(reasons) else ""


def _changed(one: Condition, other: Condition) -> Iterator[tuple[object, object]]:
    """What one condition says other than another, in joined conditions part by part."""
    first, second = one.body, other.body
    if (
        isinstance(first, Joined)
        and isinstance(second, Joined)
        and (first.kind, len(first.parts)) == (second.kind, len(second.parts))
    ):
        for part, changed in zip(first.parts, second.parts, strict=True):
            yield from _changed(part, changed)
    elif first != second:
        yield first, second


def _same_number(program: Program, scope: Scope, one: object, other: object) -> str:
    """Why two conditions about the number of the same things ask the same: there are never so many,
    or always.
    """
    first, second = _counted(one), _counted(other)
    if first is None or second is None or first[0] != second[0]:
        return ""
    collection = (
        one.left.collection
        if isinstance(one, Compare) and isinstance(one.left, Count)
        else getattr(one, "collection", None)
    )
    tested = first[0][1] is not None
    low, high = size(collection, scope)  # type: ignore[arg-type]
    feasible: Region = (Span(0 if tested else low, high),)
    if meet(first[1], feasible) != meet(second[1], feasible):
        return ""
    return (
        f"there are never more than {high} of these"
        if high is not None
        else "there are never that many"
    )


def _counted(body: object) -> tuple[tuple[object, object], Region] | None:
    """Of what a condition asks the number, and which numbers it allows."""
    if isinstance(body, Compare) and isinstance(body.left, Count):
        allowed = region(body)
        return None if allowed is None else ((body.left.collection, body.left.test), allowed)
    if (
        isinstance(body, Quantified)
        and isinstance(body.amount, Literal)
        and body.kind not in ("every", "no")
    ):
        number = body.amount.value
        assert isinstance(number, int | Fraction)
        return (body.collection, body.test), whole_numbers(counting_operator(body.kind), number)
    return None
