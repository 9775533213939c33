"""One answer at a time: what came of a case, worked out only as far as somebody asks.

A decision tells everything and takes longer than the evaluator. Scenarios ask a few things
of very many cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rulewright.engines.result import MET, UNDECIDED, Firing, Key, Settled
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Node
from rulewright.ir.types import Type
from rulewright.syntax.text import key

from .answered import Answered
from .builder import Decider
from .outcome import Answer, NotPublished
from .tracer import anything


class LazyAnswers:
    """What came of one case. Everything it says is what the decision says."""

    def __init__(self, answered: Answered) -> None:
        self.answered, self.program, self.case, self.result = (
            answered,
            answered.program,
            answered.case,
            answered.result,
        )
        self._of: dict[int, list[LazyAnswer]] = {}

    @cached_property
    def decider(self) -> Decider:
        """What says the rest in words."""
        given = self.answered
        return Decider(given.program, given.case, given.result, given.as_at, given.parameters)

    @cached_property
    def _by_path(self) -> dict[str, Entity]:
        return {key(each.path): each for each in reversed(self.case.entities)}

    def entity(self, path: str) -> Entity | None:
        """The entity of a whole path, however it is spelt."""
        return self._by_path.get(key(path))

    def of(self, entity: Entity) -> list[LazyAnswer]:
        """What there is to say of an entity, in the order of the vocabulary."""
        found = self._of.get(entity.index)
        if found is None:
            withdrawn = self.decider.withdrawn_of(entity)
            hidden = {
                name: self.decider.not_published(entity, name, *each)
                for name, each in withdrawn.items()
            }
            found = self._of[entity.index] = [
                LazyAnswer(self, entity, node, published, hidden.get(node.key.attribute))
                for node, published in self.decider.spoken_of(entity, withdrawn)
            ]
        return found

    def named(self, entity: Entity, name: str) -> LazyAnswer | Unsaid | None:
        """An attribute of an entity by its name, however it is spelt; also one of which the policy
        says nothing.
        """
        wanted = key(name)
        for each in self.of(entity):
            if key(each.attribute) == wanted:
                return each
        declared = self.program.vocabulary.entities[entity.type].attribute(name)
        return (
            None if declared is None or declared.given or declared.hidden else Unsaid(declared.type)
        )

    @property
    def names(self) -> list[str]:
        """The paths of everything there is to say."""
        return [each.path for entity in self.case.entities for each in self.of(entity)]

    @cached_property
    def firings(self) -> dict[str, list[tuple[Key, Firing]]]:
        """By rule: on what it fires or may fire; notes and warnings too, of no attribute."""
        found: dict[str, list[tuple[Key, Firing]]] = {}
        for place, settled in self.result.settled.items():
            for firing in (*settled.firings, *settled.limits):
                found.setdefault(firing.rule, []).append((place, firing))
        for index, notices in self.result.notices.items():
            for firing in notices:
                found.setdefault(firing.rule, []).append(((index, ""), firing))
        return found

    @cached_property
    def overruling(self) -> dict[str, list[str]]:
        """By rule: the warnings that judgements have no effect, because it overrides them."""
        found: dict[str, list[str]] = {}
        for rule, notice in self.decider.notices.overruled():
            if notice.status == "fired":
                found.setdefault(rule.id, []).append(notice.text)
        return found

    def fired(self, rule: str) -> bool:
        """Whether a rule fired on anything and was not defeated there."""
        return any(
            firing.status == MET and not firing.defeated for _, firing in self.firings.get(rule, ())
        )

    def may_fire(self, rule: str) -> bool:
        """Whether a rule may fire on anything."""
        return any(firing.status == UNDECIDED for _, firing in self.firings.get(rule, ()))

    def undecided(self, rule: str) -> list[str]:
        """The conditions of a rule, in words, that are undecided where it may fire."""
        conditions = self.program.rules_by_id[rule].conditions
        standing = sorted(
            ((place, each) for place, each in self.firings.get(rule, ()) if not each.defeated),
            key=lambda each: each[0],
        )
        return list(
            dict.fromkeys(
                condition.text
                for _, firing in standing
                for condition, finding in zip(conditions, firing.findings, strict=False)
                if finding.status == UNDECIDED
            )
        )

    def notices(self, rule: str) -> list[str]:
        """What a note or warning says, wherever it was written, its lists filled in."""
        if rule in self.overruling:
            return self.overruling[rule]
        fired = sorted(
            place[0] for place, firing in self.firings.get(rule, ()) if firing.status == MET
        )
        return [
            self.decider.notices.filled(self.program.rules_by_id[rule], self.case.entities[index])
            for index in fired
        ]

    def defeating(self, rule: str) -> list[str]:
        """The rules that defeat a rule where it fired."""
        found: set[str] = set()
        for (index, attribute), firing in self.firings.get(rule, ()):
            if firing.defeated:
                entity = self.case.entities[index]
                node = self.decider.behind.nodes[Kind.of(entity), attribute]
                position = next(i for i, each in enumerate(node.rules) if each.id == rule)
                sure = {
                    each.rule
                    for each in self.result.settled[index, attribute].firings
                    if each.status == MET
                }
                found |= {node.rules[i].id for i in node.above[position]} & sure
        return sorted(found)

    @property
    def not_a_rating(self) -> list[str]:
        """Why what came out is not a rating."""
        proposed = self.answered.proposed
        return self.decider.not_a_rating(self.answered.changed) + (
            [f"facts were changed: {'; '.join(proposed)}"] if proposed else []
        )


@dataclass(frozen=True)
class Unsaid:
    """A derived attribute of which the policy says nothing: it has no value."""

    type: Type
    status: str = "determined"
    shown: str = "no value"
    possible: tuple[str, ...] = ("no value",)
    decided_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    in_conflict: tuple[str, ...] = ()
    published: bool = False
    hidden: NotPublished | None = None


class LazyAnswer:
    """What came of one attribute of one entity. `hidden`: that the policy withdrew it."""

    def __init__(
        self,
        asked: LazyAnswers,
        entity: Entity,
        node: Node,
        published: bool,
        hidden: NotPublished | None,
    ) -> None:
        self.asked, self.entity, self.node, self.published, self.hidden = (
            asked,
            entity,
            node,
            published,
            hidden,
        )

    @property
    def attribute(self) -> str:
        """Its name."""
        return self.node.attribute.name

    @property
    def type(self) -> Type:
        """Of what kind its values are."""
        return self.node.attribute.type

    @property
    def main(self) -> bool:
        """Whether the bare name of its entity means it."""
        return self.asked.program.vocabulary.entities[self.entity.type].main_result in (
            self.node.key.attribute,
            self.attribute,
        )

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"{self.entity.path} > {self.attribute}"

    @property
    def settled(self) -> Settled:
        """What the engine says of it."""
        return self.asked.result.settled[self.entity.index, self.node.key.attribute]

    @property
    def status(self) -> str:
        """`determined`, `conflict` or `undetermined`."""
        return self.settled.possible.status

    @cached_property
    def possible(self) -> list[str]:
        """The possible values in words; one when it is determined."""
        return self.settled.possible.show(self.type)

    @property
    def shown(self) -> str:
        """What readers are shown in its place, in words."""
        if self.hidden is not None and self.hidden.status == "withdrawn":
            return "not published"
        if self.status != "undetermined":
            return "conflict" if self.status == "conflict" else self.possible[0]
        every = anything(self.type, self.possible) if len(self.possible) > 2 else ""
        return f"undetermined: {every or ' or '.join(self.possible)}"

    @property
    def decided_by(self) -> tuple[str, ...]:
        """The rules that gave the value, and the limits that lowered it."""
        return (*self.settled.deciding, *self.settled.limiting)

    @cached_property
    def answer(self) -> Answer:
        """The whole answer, as the decision holds it."""
        return self.asked.decider.answer(self.entity, self.node, self.published)

    @property
    def missing(self) -> tuple[str, ...]:
        """The missing facts that an undetermined value hangs on."""
        return tuple(self.answer.missing) if self.status == "undetermined" else ()

    @property
    def in_conflict(self) -> tuple[str, ...]:
        """The rules that contradict each other; none where a conflict is only passed on."""
        return tuple(self.settled.contradicting)
