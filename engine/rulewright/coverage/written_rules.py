"""What a policy says, as somebody wrote it: each rule once and each condition once, however often
it was unrolled.

Principles, tables and fixed members make several rules of one that was written, and policies that
amend one another share rules. What was written is known by where it stands and what it says there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rulewright.engines.result import MET, Status
from rulewright.ir.nodes import Condition, Joined, Kind, Literal, Rule
from rulewright.ir.program import Node, Program
from rulewright.syntax.errors import Place
from rulewright.syntax.text import key

Path = tuple[int, ...]  # the number of a condition in its rule, then of the part in it, and so on


class ConditionKey(NamedTuple):
    """A condition as written: where it stands and what it says."""

    place: Place
    text: str


class RuleKey(NamedTuple):
    """A rule as written. name: its id, without the use of a principle; says: its conclusion, where
    the use does not word it.
    """

    name: str
    place: Place
    effect: str
    says: str


@dataclass(frozen=True, eq=False)
class PlainCondition:
    """A condition without joins, in a rule as unrolled. path: where in the rule it is. negated:
    whether it stands under `none of`.
    """

    key: ConditionKey
    path: Path
    condition: Condition
    negated: bool = False

    def speaking_for(self, status: Status) -> Status:
        """How it comes out where it makes the whole rule come out as `status`."""
        return MET - status if self.negated else status


@dataclass(frozen=True, eq=False)
class UnrolledRule:
    """One rule as unrolled, with what it was written as.

    kind: what it is a rule of here. node: the attribute that it decides, none for notes and
    warnings. position: its place among the rules that give that attribute a value.
    """

    rule: Rule
    key: RuleKey
    leaves: tuple[PlainCondition, ...]
    kind: Kind
    node: Node | None = None
    position: int = -1


@dataclass(frozen=True, eq=False)
class Decided:
    """One attribute of one kind of entity, with the rules that decide it."""

    node: Node
    rules: tuple[UnrolledRule, ...]
    limits: tuple[UnrolledRule, ...]
    otherwise: UnrolledRule | None

    @property
    def all(self) -> tuple[UnrolledRule, ...]:
        return (*self.rules, *self.limits, *([self.otherwise] if self.otherwise else []))


@dataclass(frozen=True, eq=False)
class WrittenPolicy:
    """All that one program says. scope, withdrawals: their conditions as if each were a rule;
    `None` for a withdrawal without one.
    """

    program: Program
    decided: tuple[Decided, ...]
    notices: dict[Kind, tuple[UnrolledRule, ...]]
    scope: tuple[UnrolledRule, ...]
    withdrawals: tuple[UnrolledRule | None, ...]
    by_kind: dict[Kind, tuple[Decided, ...]] = field(default_factory=dict)

    @cached_property
    def unrolled(self) -> tuple[UnrolledRule, ...]:
        """Every rule as unrolled, once for each attribute that it decides."""
        return (
            *(each for decided in self.decided for each in decided.all),
            *(each for rules in self.notices.values() for each in rules),
        )

    @cached_property
    def families(self) -> dict[RuleKey, tuple[UnrolledRule, ...]]:
        """What each written rule was unrolled into."""
        found: dict[RuleKey, list[UnrolledRule]] = {}
        for each in self.unrolled:
            found.setdefault(each.key, []).append(each)
        return {each: tuple(found[each]) for each in sorted(found)}

    @cached_property
    def holders(self) -> dict[ConditionKey, tuple[tuple[UnrolledRule, PlainCondition], ...]]:
        """The rules that have each written condition, and what stands for the scope and the
        withdrawals of the policy.
        """
        found: dict[ConditionKey, list[tuple[UnrolledRule, PlainCondition]]] = {}
        for each in (
            *self.unrolled,
            *self.scope,
            *(withdrawal for withdrawal in self.withdrawals if withdrawal is not None),
        ):
            for leaf in each.leaves:
                found.setdefault(leaf.key, []).append((each, leaf))
        return {each: tuple(found[each]) for each in sorted(found)}


def written(program: Program) -> WrittenPolicy:
    """A program, seen as what was written."""
    decided = tuple(_decided(node) for node in program.nodes)
    by_kind: dict[Kind, list[Decided]] = {}
    for each in decided:
        by_kind.setdefault(each.node.key.kind, []).append(each)
    return WrittenPolicy(
        program,
        decided,
        {
            kind: tuple(_unrolled(rule, kind) for rule in rules)
            for kind, rules in program.notices.items()
        },
        tuple(_alone(each, "scope", program) for each in program.scope),
        tuple(
            _alone(each.once, f"withdraw: {each.text}", program) if each.once is not None else None
            for each in program.withdrawals
        ),
        {kind: tuple(found) for kind, found in by_kind.items()},
    )


def _decided(node: Node) -> Decided:
    kind = node.key.kind
    return Decided(
        node,
        tuple(_unrolled(rule, kind, node, position) for position, rule in enumerate(node.rules)),
        tuple(_unrolled(rule, kind, node) for rule in node.limits),
        _unrolled(node.otherwise, kind, node) if node.otherwise is not None else None,
    )


def _unrolled(rule: Rule, kind: Kind, node: Node | None = None, position: int = -1) -> UnrolledRule:
    # `otherwise` asks nothing: the engines leave its conditions aside
    conditions = rule.conditions if rule.effect != "otherwise" else ()
    leaves = tuple(
        leaf for number, each in enumerate(conditions) for leaf in _leaves(each, (number,))
    )
    return UnrolledRule(rule, rule_key(rule), leaves, kind, node, position)


def _alone(condition: Condition, name: str, program: Program) -> UnrolledRule:
    """A condition that a policy asks of the outermost thing, as if it were a rule."""
    rule = Rule(name, name, "", (condition,), place=condition.place)
    return UnrolledRule(
        rule,
        rule_key(rule),
        tuple(_leaves(condition, (0,))),
        Kind(key(program.vocabulary.root.name)),
    )


def rule_key(rule: Rule) -> RuleKey:
    """What a rule was written as.

    The uses of a principle name attributes of their own, so only fixed values tell them apart.
    """
    name, used, _ = rule.id.partition("@")
    says = rule.text
    if used and not rule.template:
        says = rule.value.type.show(rule.value.value) if _fixed(rule) else ""  # type: ignore[union-attr]
    return RuleKey(name, rule.place, rule.effect, says)


def use_of(rule: Rule) -> str:
    """The use of a principle that a rule comes from, as written; empty for other rules."""
    name, at, suffix = rule.written.partition("@")
    return f"{name.partition('.')[0]}{at}{suffix}" if at else ""


def _fixed(rule: Rule) -> bool:
    return (
        isinstance(rule.value, Literal)
        and rule.value.type is not None
        and rule.value.value is not None
    )


def _leaves(condition: Condition, path: Path, negated: bool = False) -> Iterator[PlainCondition]:
    if isinstance(condition.body, Joined):
        inner = negated != (condition.body.kind == "none of")
        for number, part in enumerate(condition.body.parts):
            yield from _leaves(part, (*path, number), inner)
    else:
        yield PlainCondition(
            ConditionKey(condition.place, condition.text), path, condition, negated
        )
