"""RW710: limits that never lower anything, overrides and `unless` that can never matter."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.compiler.expander import DraftRule
from rulewright.ir.nodes import Compare, Condition, Joined, Literal, NodeKey, Rule
from rulewright.ir.program import Node
from rulewright.ir.types import Number, Scale, Value
from rulewright.ir.value_sets import meet, region
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import Text, place_of

from .compiled import Compiled, WrittenRule
from .nullability import Rooms
from .producers import Giving
from .satisfiability import impossible
from .wording import whose

CODE = "RW710"


def without_effect(policy: Compiled) -> Iterator[Problem]:
    """Words of a rule that change nothing in any case."""
    yield from _limits(policy)
    yield from _overrides(policy)
    yield from _unless(policy)


# -- limits


def _limits(policy: Compiled) -> Iterator[Problem]:
    """A limit at the top of the order, or not below any value that the rules give (a judgement is
    not limited).
    """
    giving, before = Giving(policy), policy.amended
    old = {each.rule.place for each in before.written} if before is not None else set()

    def look(written: WrittenRule) -> list[Problem]:
        rule = written.rule
        if rule.effect != "limit" or not isinstance(rule.value, Literal):
            return []
        nodes = [
            policy.nodes[NodeKey(k.entity, k.parent, k.member, written.attribute)]
            for k in written.kinds
        ]
        given: set[Value] = set()
        for node in nodes:
            for each in node.giving:
                if not isinstance(each.value, Literal):
                    return _at_top(rule, written)
                given.add(each.value.value)
        if not given:
            return [] if rule.place in old else _on_nothing(policy, written, nodes[0], giving)
        kind = rule.value.type
        if all(each is None or not _above(each, rule.value.value, kind) for each in given):
            return [
                Problem(
                    rule.place,
                    CODE,
                    f"the limit of `{written.name}` never lowers anything: no rule gives more",
                    "lower the limit, or take it out",
                    "warning",
                )
            ]
        return _at_top(rule, written)

    yield from policy.in_every_use(look)


def _on_nothing(
    policy: Compiled, written: WrittenRule, node: Node, giving: Giving
) -> list[Problem]:
    """A limit on what no rule gives: supplied and judged values are not limited.

    Of an older rule the amended policy tells.
    """
    return [
        Problem(
            written.rule.place,
            CODE,
            f"the limit of `{written.name}` never lowers anything: no rule gives "
            f"{whose(policy.program.vocabulary, [node.key])}",
            giving.instead(node.key),
            "warning",
        )
    ]


def _at_top(rule: Rule, written: WrittenRule) -> list[Problem]:
    assert isinstance(rule.value, Literal)
    kind, value = rule.value.type, rule.value.value
    top = (
        kind.order[-1]
        if isinstance(kind, Scale)
        else kind.high
        if isinstance(kind, Number)
        else None
    )
    if top is None or kind is None or _above(top, value, kind):
        return []
    return [
        Problem(
            rule.place,
            CODE,
            f"the limit of `{written.name}` never lowers anything: nothing is above `{kind.show(value)}`",
            "lower the limit, or take it out",
            "warning",
        )
    ]


def _above(value: Value, other: Value, kind: object) -> bool:
    if isinstance(kind, Scale):
        return value in kind.order and kind.order.index(str(value)) > kind.order.index(str(other))
    return value is not None and other is not None and value > other  # type: ignore[operator]


# -- overrides


def _overrides(policy: Compiled) -> Iterator[Problem]:
    """An override of rules that are seen, as the engines see it, never to hold together with the
    rule.
    """
    drafts: dict[NodeKey, list[DraftRule]] = {}
    for draft in policy.unroller.drafts:
        if draft.rule.effect == "value":
            drafts.setdefault(draft.node, []).append(draft)
    matters: dict[tuple[str, str], bool] = {}
    where: dict[tuple[str, str], Text] = {}
    for found in drafts.values():
        for draft in found:
            for target in draft.targets:
                name = (draft.rule.written.partition("@")[0], str(target.partition("@")[0]))
                below = [
                    each for each in found if each is not draft and str(target) in each.aliases
                ]
                if not below or _same_table(draft, below):
                    continue
                where.setdefault(name, target)
                matters[name] = matters.get(name, False) or any(
                    not _apart(draft.rule, each.rule) for each in below
                )
    for (rule, named), does in matters.items():
        if not does:
            yield Problem(
                place_of(where[rule, named]),
                CODE,
                f"`{rule}` overrides `{named}`, but the two never hold together",
                "take the override out, or change the conditions",
                "warning",
            )


def _same_table(draft: DraftRule, below: list[DraftRule]) -> bool:
    table, row, _ = draft.rule.written.partition("[")
    return bool(row) and all(each.rule.written.startswith(f"{table}[") for each in below)


def _apart(one: Rule, other: Rule) -> bool:
    return any(
        _exclude(a, b) or _negates(a, b) or _negates(b, a)
        for a in one.conditions
        for b in other.conditions
    )


def _exclude(a: Condition, b: Condition) -> bool:
    if not (
        isinstance(a.body, Compare) and isinstance(b.body, Compare) and a.body.left == b.body.left
    ):
        return False
    one, other = region(a.body), region(b.body)
    return one is not None and other is not None and not meet(one, other)


def _negates(a: Condition, b: Condition) -> bool:
    return (
        isinstance(b.body, Joined)
        and b.body.kind == "none of"
        and any(part.body == a.body for part in b.body.parts)
    )


# -- unless


def _unless(policy: Compiled) -> Iterator[Problem]:
    """An `unless` or `none of` whose conditions cannot hold beside the others of the rule."""
    rooms = Rooms(policy)

    def look(written: WrittenRule) -> list[Problem]:
        conditions, scope = written.rule.conditions, policy.scope(written.kinds)
        found: list[Problem] = []
        for each in conditions:
            if not isinstance(each.body, Joined) or each.body.kind != "none of":
                continue
            others = [other for other in conditions if other is not each]
            if impossible(others, rooms, scope):
                continue  # it never fires: RW703
            for part in each.body.parts:
                if impossible([*others, part], rooms, scope):
                    message = f"excluding `{part.text}` changes nothing in `{written.name}`: the other conditions exclude it"
                    found.append(
                        Problem(part.place, CODE, message, "take it out, or change it", "warning")
                    )
        return found

    yield from policy.in_every_use(look)
