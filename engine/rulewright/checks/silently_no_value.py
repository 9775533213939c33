"""RW713: a published attribute that may silently have no value."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language.errors import Place, Problem
from rulewright.program.model import Node
from rulewright.program.nodes import NodeKey

from .compiled import Compiled
from .wording import whose

CODE = "RW713"


def silently_no_value(policy: Compiled) -> Iterator[Problem]:
    """Published attributes whose rules leave cases open and that say nothing of what holds otherwise.

    `otherwise: … has no value` shows that it is meant. Gaps of a table that alone gives an attribute are RW701. What the
    policy withdraws is not looked at.
    """
    withdrawn = {NodeKey(kind.entity, kind.parent, kind.member, each.attribute)
                 for each in policy.program.withdrawals for kind in each.kinds}  # fmt: skip
    found: dict[tuple[Place, str], list[NodeKey]] = {}
    for node in policy.program.nodes:
        if node.key in policy.program.published - withdrawn and not node.attribute.hidden:
            if _leaves_open(node):
                first = min(node.rules, key=lambda rule: rule.place)
                found.setdefault((first.place, "its rules leave cases open"), []).append(node.key)
            elif not node.rules and node.otherwise is None and _named(policy):
                place = node.limits[0].place if node.limits else node.attribute.place
                found.setdefault((place, "no rule gives it there"), []).append(node.key)
    for (place, reason), nodes in found.items():
        name = whose(policy.program.vocabulary, nodes)
        yield Problem(place, CODE, f"{name}{_which(policy, nodes)} is published and may silently have no value: {reason}",
                      "write `otherwise`, if only to say that it `has no value`", "warning")  # fmt: skip


def _leaves_open(node: Node) -> bool:
    if not node.rules or node.otherwise is not None or node.exhaustive or any(not rule.conditions for rule in node.rules):
        return False
    tables = {rule.written.partition("[")[0] for rule in node.rules if "[" in rule.written}
    return not (len(tables) == 1 and all("[" in rule.written for rule in node.rules))


def _named(policy: Compiled) -> bool:
    """Whether the policy names what it publishes, so that nothing is published by default."""
    return bool(policy.assembly.publish)


def _which(policy: Compiled, nodes: list[NodeKey]) -> str:
    """The fixed members meant, where not all are."""
    members = dict.fromkeys(node.member for node in nodes if node.member)
    parents = dict.fromkeys(policy.program.vocabulary.entities[node.parent].name for node in nodes if node.parent)
    all_ = {node.member for node in policy.nodes if node.entity == nodes[0].entity}
    shown = f" ({', '.join(members)})" if members and set(members) != all_ else ""
    return shown + (f" of a {' or a '.join(parents)}" if parents else "")
