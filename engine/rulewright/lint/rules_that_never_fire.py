"""RW703: a rule whose conditions no case can meet, by their own constants."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from rulewright.compiler.bounds import size
from rulewright.compiler.dependencies import name_of
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import Compare, Condition, Count, Joined, Quantified
from rulewright.syntax.errors import Problem

from .compiled import Compiled, WrittenRule
from .nullability import Rooms
from .producers import Giving
from .satisfiability import impossible

CODE = "RW703"


def rules_that_never_fire(policy: Compiled) -> Iterator[Problem]:
    """Values outside a declared range, more of a fixed set than it has, conditions that exclude one
    another.

    A rule of a principle is named only if it can fire in none of the principle's uses. A rule that
    asks for what no rule gives fires only where a case brings that from outside.
    """
    rooms, giving = Rooms(policy), Giving(policy)

    def look(written: WrittenRule) -> list[Problem]:
        rule, scope = written.rule, policy.scope(written.kinds)
        if not rule.conditions or not impossible(rule.conditions, rooms, scope):
            return _for_want(policy, written, giving)
        severity = "error" if written.rates else "warning"
        return [
            Problem(
                rule.place,
                CODE,
                f"`{written.name}` can never fire: {_reason(rule.conditions, rooms, scope)}",
                "change the conditions, or take it out",
                severity,
            )
        ]

    yield from policy.in_every_use(look)


def _for_want(policy: Compiled, written: WrittenRule, giving: Giving) -> list[Problem]:
    scope = policy.scope(written.kinds)
    for condition in written.rule.conditions:
        wanting = giving.unmet(condition, scope)
        if wanting is not None:
            attribute = policy.attribute(wanting)
            brings = "supplies or judges" if attribute.may_be_judged else "supplies"
            return [
                Problem(
                    condition.place,
                    CODE,
                    f"no rule gives the {name_of(wanting, policy.program.vocabulary)}, so "
                    f"`{written.name}` never fires unless a case {brings} it",
                    giving.instead(wanting),
                    "warning",
                )
            ]
    return []


def _reason(conditions: tuple[Condition, ...], rooms: Rooms, scope: Scope) -> str:
    for each in conditions:
        if impossible([each], rooms, scope):
            return f"`{each.text}` never holds{_because(each, rooms, scope)}"
    for one, other in combinations(conditions, 2):
        if impossible([one, other], rooms, scope):
            return f"`{one.text}` and `{other.text}` never hold together"
    return "its conditions never hold together"


def _because(condition: Condition, rooms: Rooms, scope: Scope) -> str:
    """What the condition asks about: its declared values, or how many there are."""
    body = condition.body
    if isinstance(body, Joined):
        return ""
    counted = body.left if isinstance(body, Compare) and isinstance(body.left, Count) else body
    if isinstance(counted, Quantified | Count):
        low, high = size(counted.collection, scope)
        return (
            ""
            if high is None
            else f", there {'is' if high == 1 else 'are'} {'' if low == high else 'at most '}{high} of them"
        )
    kind = counted.left.type if isinstance(counted, Compare) else None
    return f", expected {kind.expected()}" if kind is not None else ""
