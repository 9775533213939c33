"""Which derived attributes the rules of a policy can give a value, and where an amendment took the
last one away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

from rulewright.compiler.collections import collection_kinds
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import (
    Aggregate,
    Arithmetic,
    AsAtDate,
    Compare,
    Condition,
    Count,
    Expression,
    Joined,
    Known,
    Literal,
    NodeKey,
    Noun,
    Parameter,
    Round,
    Rule,
)
from rulewright.syntax.errors import Place
from rulewright.syntax.text import key as keyed
from rulewright.syntax.text import place_of

from .compiled import Compiled


@dataclass
class Giving:
    """Answers about one policy, remembered."""

    policy: Compiled
    _never: dict[NodeKey, bool] = field(default_factory=dict)

    def never(self, key: NodeKey) -> bool:
        """Whether no rule can give a derived attribute a value.

        One that may be judged and is not withdrawn waits for judgements.
        """
        if key not in self._never:
            self._never[key] = False  # what depends on itself never compiles
            node = self.policy.nodes.get(key)
            judged = (
                node is not None
                and node.attribute.may_be_judged
                and key not in self.policy.withdrawn
            )
            self._never[key] = node is not None and not judged and self._nothing(key)
        return self._never[key]

    def _nothing(self, key: NodeKey) -> bool:
        node, scope = self.policy.nodes[key], self.policy.scope((key.kind,))
        return all(self._gives_nothing(rule, scope) for rule in node.giving)

    def _gives_nothing(self, rule: Rule, scope: Scope) -> bool:
        if any(self.unmet(each, scope) for each in rule.conditions):
            return True
        if isinstance(rule.value, Literal):
            return rule.value.value is None
        sources = copied(rule, scope)
        return bool(sources) and all(map(self.never, sources))

    def unmet(self, condition: Condition, scope: Scope) -> NodeKey | None:
        """The attribute for want of which a condition never holds: it compares what no rule
        gives.
        """
        body = condition.body
        if isinstance(body, Joined) and body.kind != "none of":
            wanting = [self.unmet(each, scope) for each in body.parts]
            return (
                next(filter(None, wanting), None) if body.kind == "all of" or all(wanting) else None
            )
        if isinstance(body, Known) and body.wanted:
            return self._wanting(body.noun, scope)
        return self._wanting(body.left, scope) if isinstance(body, Compare) else None

    def _wanting(self, expression: Expression, scope: Scope) -> NodeKey | None:
        match expression:
            case Noun(given=False):
                sources = nodes_of(expression, scope)
                return sources[0] if all(map(self.never, sources)) else None
            case Aggregate(kind, collection, noun) if kind != "sum" and not noun.given:
                sources = nodes_of(noun, scope.inside(collection_kinds(collection, scope)))
                return sources[0] if sources and all(map(self.never, sources)) else None
            case (
                Literal()
                | Parameter()
                | AsAtDate()
                | Noun()
                | Arithmetic()
                | Round()
                | Count()
                | Aggregate()
            ):
                return None
            case _:
                assert_never(expression)

    def instead(self, key: NodeKey) -> str:
        """What may have been meant: an attribute of the same type that rules give to the same
        thing.
        """
        program, kind = self.policy.program, self.policy.attribute(key).type
        others = [
            node.attribute
            for node in program.nodes_of(key.kind)
            if node.attribute.type == kind
            and not node.attribute.hidden
            and not self.never(node.key)
        ]
        published = {
            each.attribute
            for each in program.published - self.policy.withdrawn
            if each.kind == key.kind
        }
        shown = [each.name for each in others if keyed(each.name) in published] or [
            each.name for each in others
        ]
        if not shown:
            return "ask for another attribute, or add a rule that gives it"
        return f"did you mean {' or '.join(f'`{each}`' for each in shown[:3])}?"


def nodes_of(noun: Noun, scope: Scope) -> list[NodeKey]:
    """The attributes that a noun may mean."""
    return [
        NodeKey(kind.entity, kind.parent, kind.member, noun.attribute)
        for kind in scope.reached(noun.reach)
    ]


def copied(rule: Rule, scope: Scope) -> list[NodeKey]:
    """The derived attributes one of which a rule copies, as it is; none if it gives anything
    else.
    """
    value = rule.value
    if not isinstance(value, Noun) or value.given or value.reach.item:
        return []
    return nodes_of(value, scope)


def taken_away(policy: Compiled, nodes: list[NodeKey]) -> Place | None:
    """Where an amendment repeals what gave one of these attributes a value, or lets it go on for a
    while only.
    """
    starved, giving = set(nodes), Giving(policy)
    waiting = [each for each in nodes if giving.never(each)]
    while waiting:  # what never has a value for want of another
        found = {
            each for each in policy.base.needs.get(waiting.pop(), set()) if giving.never(each)
        } - starved
        starved |= found
        waiting += found
    names = {
        each
        for old in _chain(policy)
        for draft in old.unroller.drafts
        if draft.node in starved
        for each in draft.aliases
    }
    entries = {each.partition("[")[0] for each in names} | names
    places = [place for name, place in policy.assembly.repealed_at.items() if name in entries]
    places += [
        place_of(while_)
        for target, all_ in policy.assembly.going_on.items()
        if target.inside in entries
        for while_ in all_
    ]
    return max(
        places,
        key=lambda each: (each.file == place_of(policy.assembly.policy.policy).file, each),
        default=None,
    )


def _chain(policy: Compiled) -> Iterator[Compiled]:
    old = policy.amended
    while old is not None:
        yield old
        old = old.amended
