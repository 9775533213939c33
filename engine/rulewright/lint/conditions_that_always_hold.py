"""RW704: a condition that every case meets: it says nothing, or not what was meant."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.ir.nodes import Compare, Noun
from rulewright.ir.traversal import find, leaves
from rulewright.syntax.errors import Problem

from .compiled import Compiled, WrittenRule
from .nullability import Rooms
from .satisfiability import certain

CODE = "RW704"


def conditions_that_always_hold(policy: Compiled) -> Iterator[Problem]:
    """Conditions certain by their own constants, *no value* and values outside an order taken into
    account.

    Rows of a table are not looked at: a row for all that is left is good style.
    """
    rooms = Rooms(policy, strict=True)

    def look(written: WrittenRule) -> list[Problem]:
        if "[" in written.rule.id:
            return []
        scope = policy.scope(written.kinds)
        found = [
            Problem(
                each.place,
                CODE,
                f"`{each.text}` compares something with itself in `{written.name}`",
                "inside `where` a plain name is the item's own: say whose is meant, such as `the service's …`",
                "warning",
            )
            for each in written.rule.conditions
            if any(_with_itself(part) for part in find(Compare, each))
        ]
        for condition in leaves(*written.rule.conditions):
            if certain(condition, rooms, scope):
                found.append(
                    Problem(
                        condition.place,
                        CODE,
                        f"`{condition.text}` always holds in `{written.name}`",
                        "change it, or take it out",
                        "warning",
                    )
                )
        return found

    yield from policy.in_every_use(look)


def _with_itself(part: Compare) -> bool:
    return isinstance(part.left, Noun) and part.left in part.right
