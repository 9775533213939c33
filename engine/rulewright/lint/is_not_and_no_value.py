"""RW707: `is not X` where there may be no value: then it does not hold, but `none of: … is X`
does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rulewright.compiler.authors_words import in_style_of
from rulewright.compiler.collections import collection_kinds
from rulewright.compiler.principles import use_of
from rulewright.compiler.rendering import Renderer
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import (
    Collection,
    Compare,
    Condition,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Known,
    Noun,
    Quantified,
    Same,
    Test,
    Where,
)
from rulewright.ir.operators import OPERATORS
from rulewright.ir.traversal import find, leaves, sides
from rulewright.syntax.errors import Problem

from .compiled import Compiled, WrittenRule
from .nullability import Rooms

CODE = "RW707"


def is_not_and_no_value(policy: Compiled) -> Iterator[Problem]:
    """Negated comparisons of what may have no value, unless the rule asks whether it has one."""
    rooms = Rooms(policy)
    for written in policy.written:
        scope = policy.scope(written.kinds)
        for condition in leaves(*written.rule.conditions):
            for test, inner in _tests(condition, scope):
                if not OPERATORS[test.op].denies or test.left in _asked_about(written):
                    continue
                if rooms.may_have_no_value(test.left, inner):
                    yield Problem(
                        condition.place,
                        CODE,
                        f"`{condition.text}` does not hold of *no value*, and there may be none",
                        _advice(condition, _renderer(policy, written)),
                        "warning",
                    )


def _renderer(policy: Compiled, written: WrittenRule) -> Renderer:
    use = use_of(written.attribute, written.rule)
    return Renderer(policy.unroller.scope_of(written.kinds[0], use))


def _advice(condition: Condition, renderer: Renderer) -> str:
    """The clearer form, in the words of the condition where they can be turned."""
    body = condition.body
    if not isinstance(body, Compare):
        return "ask for the opposite with `no` or `none of`, which holds of *no value* too, or add `… is known`"
    style = in_style_of(condition, renderer)
    asked = style.body(replace(body, op=OPERATORS[body.op].negation))
    other = (
        f"add `{style.expression(body.left)} is known`"
        if isinstance(body.left, Noun)
        else "say which values are meant"
    )
    return f"write `none of: [{asked}]`, which holds of *no value* too, or {other}"


def _asked_about(written: WrittenRule) -> set[Expression]:
    """What the rule asks to be known or missing."""
    return {each.noun for each in find(Known, written.rule.conditions)}


def _tests(condition: Condition, scope: Scope) -> Iterator[tuple[Compare, Scope]]:
    body = condition.body
    if isinstance(body, Joined):
        return
    if isinstance(body, Compare):
        yield body, scope
    if isinstance(body, Quantified):
        yield from _inside(body.collection, body.test, scope)
    for count in find(Count, *sides(body)):
        yield from _inside(count.collection, count.test, scope)


def _inside(
    collection: Collection, test: Test | None, scope: Scope
) -> Iterator[tuple[Compare, Scope]]:
    if isinstance(test, Compare):
        yield test, scope.inside(collection_kinds(collection, scope))
    while isinstance(collection, Each | Same | Except):
        collection = collection.of
    if isinstance(collection, Where):
        inner = scope.inside(collection_kinds(collection, scope))
        yield from ((each, inner) for each in collection.tests if isinstance(each, Compare))
