"""RW706: `every …` of a collection that may be empty: of none it is met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rulewright.compiler.bounds import size
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import Collection, Compare, Condition, Count, Joined, Quantified
from rulewright.ir.value_sets import Span, meet, region
from rulewright.syntax.errors import Problem

from .compiled import Compiled
from .satisfiability import is_part_of

CODE = "RW706"


def every_of_none(policy: Compiled) -> Iterator[Problem]:
    """Rules that `every` (or a share such as `at least half of`) lets fire where there is nothing
    to ask about.

    Nothing to say where the members are fixed, or another condition of the rule asks for at least
    one of them.
    """
    for written in policy.written:
        scope = policy.scope(written.kinds)
        for condition, beside in _with_context(written.rule.conditions):
            body = condition.body
            if (
                not isinstance(body, Quantified)
                or not _met_by_none(body)
                or size(body.collection, scope)[0] > 0
            ):
                continue
            if not any(_asks_for_one(each, body.collection, scope) for each in beside):
                yield Problem(
                    condition.place,
                    CODE,
                    f"`{condition.text}` is also met where there are none, so `{written.name}` "
                    "leans on that",
                    "add a condition such as `at least 1 of …`",
                    "warning",
                )


def _met_by_none(body: Quantified) -> bool:
    return body.kind == "every" or (
        body.share is not None and body.kind in ("at least", "at most") and body.share > 0
    )


def _with_context(
    conditions: Sequence[Condition], around: tuple[Condition, ...] = ()
) -> Iterator[tuple[Condition, list[Condition]]]:
    """Each condition that has to hold, with the others that hold when it does.

    Negations are left alone.
    """
    for condition in conditions:
        beside = [*around, *(each for each in conditions if each is not condition)]
        body = condition.body
        if not isinstance(body, Joined):
            yield condition, beside
        elif body.kind == "all of":
            yield from _with_context(body.parts, tuple(beside))
        elif body.kind == "any of":
            for part in body.parts:
                yield from _with_context([part], tuple(beside))


def _asks_for_one(condition: Condition, collection: Collection, scope: Scope) -> bool:
    """Whether a condition holds only where the collection has an item."""
    body = condition.body
    if isinstance(body, Joined):
        asked = [_asks_for_one(part, collection, scope) for part in body.parts]
        if body.kind == "none of":
            return any(_denies_none(part, collection) for part in body.parts)
        return any(asked) if body.kind == "all of" else all(asked)
    if isinstance(body, Compare) and isinstance(body.left, Count):
        values = region(body)
        return (
            is_part_of(body.left.collection, collection)
            and values is not None
            and not meet(values, (Span(0, 0),))
        )
    if not isinstance(body, Quantified) or body.kind not in ("at least", "more than", "exactly"):
        return False
    if not is_part_of(body.collection, collection):
        return False
    if body.share is not None:
        return body.kind == "more than"
    least = getattr(getattr(body.amount, "type", None), "low", None)
    value = getattr(body.amount, "value", least)
    return value is not None and value >= (0 if body.kind == "more than" else 1)


def _denies_none(condition: Condition, collection: Collection) -> bool:
    """`none of: no … is X`, `unless the number of … is 0`."""
    body = condition.body
    if (
        isinstance(body, Compare)
        and isinstance(body.left, Count)
        and is_part_of(body.left.collection, collection)
    ):
        values = region(body)
        return values is not None and bool(meet(values, (Span(0, 0),)))
    return (
        isinstance(body, Quantified)
        and body.kind == "no"
        and is_part_of(body.collection, collection)
    )
