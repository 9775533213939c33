"""One of two outcomes that are compared: its attributes by path, and what each looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rulewright.decision.answered import Answered
from rulewright.decision.tracer import anything
from rulewright.engines.result import MET, Firing, Settled
from rulewright.explain.considered import Considering
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import AsAtDate, Kind, Rule
from rulewright.ir.program import Node
from rulewright.ir.traversal import find

Spot = tuple[str, str]  # an entity's path and an attribute's key


@dataclass(frozen=True, slots=True)
class There:
    """A derived attribute of one side."""

    entity: Entity
    node: Node
    settled: Settled


class OutcomeSide:
    """One outcome, looked up by path."""

    def __init__(self, answered: Answered) -> None:
        self.answered = answered
        self.considering = Considering(answered)
        self.shown = {(each.entity, each.attribute): each for each in answered.decision.answers}
        self.hidden = {
            (each.entity, each.attribute): each
            for each in answered.decision.not_published
            if each.status != "undecided" or each.given_earlier
        }

    @cached_property
    def nodes(self) -> dict[Spot, There]:
        """Every derived attribute."""
        found = {}
        for entity in self.answered.case.entities:
            for node in self.answered.program.nodes_of(Kind.of(entity)):
                settled = self.answered.result.settled[entity.index, node.key.attribute]
                found[entity.path, node.key.attribute] = There(entity, node, settled)
        return found

    def words(self, spot: Spot) -> list[str]:
        """The possible values of an attribute, derived or given; nothing where the case has no such
        thing.
        """
        there = self.nodes.get(spot)
        if there is not None:
            words = there.settled.possible.show(there.node.attribute.type)
            every = anything(there.node.attribute.type, words) if len(words) > 2 else ""
            return [every] if every else words
        entity = self.considering.entities.get(spot[0])
        if entity is None or (
            spot[1] != "name"
            and spot[1] not in self.answered.program.vocabulary.entities[entity.type].attributes
        ):
            return []
        if (
            spot[1] != "name"
            and not self.answered.program.vocabulary.entities[entity.type].attributes[spot[1]].given
        ):
            return []
        return self.considering.trail.words(entity, spot[1])

    def name(self, spot: Spot) -> str:
        """The attribute's name."""
        entity = self.considering.entities.get(spot[0])
        declared = (
            self.answered.program.vocabulary.entities[entity.type].attributes.get(spot[1])
            if entity is not None
            else None
        )
        return declared.name if declared is not None else spot[1]

    def judged(self, spot: Spot) -> str:
        """The judgement on an attribute, in words, whether it has effect or not."""
        there = self.nodes.get(spot)
        judged = (
            self.answered.case.judged.get((there.entity.index, there.node.key.attribute))
            if there is not None
            else None
        )
        return (
            f"judged: {there.node.attribute.type.show(judged.value)}"
            if there is not None and judged is not None
            else ""
        )

    def from_outside(self, spot: Spot) -> str:
        """The supplied or judged value that an attribute has, or may have; empty where the rules
        alone give it.
        """
        there = self.nodes.get(spot)
        if there is None or there.settled.overruled == MET:
            return ""
        return (
            f"supplied: {' or '.join(self.words(spot))}"
            if there.settled.origin == "supplied"
            else self.judged(spot)
        )

    def heard(self, spot: Spot) -> dict[str, Firing]:
        """The rules and limits of an attribute that fired or may fire."""
        there = self.nodes.get(spot)
        return (
            {}
            if there is None
            else {each.rule: each for each in (*there.settled.firings, *there.settled.limits)}
        )

    def rules(self, spot: Spot) -> dict[str, Rule]:
        """Every rule of an attribute."""
        there = self.nodes.get(spot)
        return {} if there is None else {each.id: each for each in there.node.every_rule}

    def deciding(self, spot: Spot) -> list[str]:
        """The rules that decided an attribute."""
        there = self.nodes.get(spot)
        return [] if there is None else there.settled.deciding

    def looked_at(self, spot: Spot, rules: set[str]) -> dict[Spot, None]:
        """What these rules of an attribute look at, in the order of the case."""
        there = self.nodes.get(spot)
        if there is None or there.settled.origin == "supplied":
            return {}
        found: set[tuple[int, str]] = set()
        for rule in there.node.every_rule:
            if rule.id in rules:
                looked = [
                    each
                    for condition in rule.conditions
                    for each in self.considering.trail.all_sources(condition, there.entity)
                ]
                looked += (
                    self.considering.trail.looked_at((rule.value,), there.entity)
                    if rule.value is not None
                    else []
                )
                found |= {(entity.index, name) for entity, name in looked}
        return {
            (self.answered.case.entities[index].path, name): None for index, name in sorted(found)
        }

    def asks_the_date(self, spot: Spot, rules: set[str]) -> bool:
        """Whether one of these rules looks at the date of the decision."""
        return any(
            any(find(AsAtDate, rule.conditions, rule.value))
            for rule in self.rules(spot).values()
            if rule.id in rules
        )
