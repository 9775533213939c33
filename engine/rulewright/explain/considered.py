"""What a decision does not hold: how its conditions stand, rules that did not fire, where facts
come from.
"""

from __future__ import annotations

from functools import cached_property

from rulewright.decision.answered import Answered
from rulewright.decision.assumptions import would_lower
from rulewright.decision.builder import parameter_shown
from rulewright.decision.missing_facts import MissingFacts
from rulewright.decision.outcome import ConditionMet, FiringShown, ParameterShown, Read
from rulewright.decision.outcome import Count as Counting
from rulewright.decision.tracer import Place, Trail, source
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import Settled
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import (
    Aggregate,
    Collection,
    Condition,
    Count,
    Expression,
    Kind,
    Noun,
    Rule,
)
from rulewright.ir.program import Node, Program
from rulewright.ir.traversal import Terms, counted_in, operands, parameters_in

from .distance import Measure, measure
from .exclusions import collections_of, left_out_by

LeftOut = dict[str, list[Read]]  # what leaves an item out, by its path


class Considering:
    """One case, answered, and the questions that can still be asked of it."""

    def __init__(self, answered: Answered) -> None:
        self.answered = answered
        self.program: Program = answered.program
        self.evaluation = Evaluation(
            answered.program, answered.case, answered.as_at, answered.parameters
        )
        self.evaluation.result = answered.result
        self.trail = Trail(answered.program, answered.case, answered.result, self.evaluation)
        self.behind = MissingFacts(self.trail)
        self.entities: dict[str, Entity] = {}
        for entity in answered.case.entities:
            self.entities.setdefault(entity.path, entity)
        self.nodes = {
            (kind, node.attribute.name): node
            for kind, nodes in self.program.by_kind.items()
            for node in nodes
            if not node.attribute.hidden
        }
        self.answers = {(each.entity, each.attribute): each for each in answered.decision.answers}
        self._named: dict[int, frozenset[str]] = {}
        self._left_out: dict[tuple[int, int], LeftOut] = {}

    # -- looking up

    def node(self, entity: Entity, attribute: str) -> Node | None:
        """All that decides an attribute of an entity; `attribute` is its name."""
        return self.nodes.get((Kind.of(entity), attribute))

    def settled(self, entity: Entity, node: Node) -> Settled:
        """What the engines answered."""
        return self.answered.result.settled[entity.index, node.key.attribute]

    def rule_of(self, firing: FiringShown) -> tuple[Entity, Rule] | None:
        """The rule of a firing as it stands in the program, for that kind of entity."""
        entity = self.entities[firing.entity]
        kind = Kind.of(entity)
        rule = self._rules.get((kind, firing.attribute, firing.rule))
        return None if rule is None else (entity, rule)

    @cached_property
    def _rules(self) -> dict[tuple[Kind, str, str], Rule]:
        return {
            (kind, node.attribute.name, rule.id): rule
            for kind, nodes in self.program.by_kind.items()
            for node in nodes
            for rule in node.every_rule
        }

    # -- what did not fire

    def silent(self, entity: Entity, node: Node) -> list[Rule]:
        """The rules and limits of an attribute that neither fired nor may, in order of id."""
        settled = self.settled(entity, node)
        heard = {each.rule for each in (*settled.firings, *settled.limits)}
        return sorted(
            (rule for rule in (*node.rules, *node.limits) if rule.id not in heard),
            key=lambda each: each.id,
        )

    def firing(self, rule: Rule, entity: Entity, node: Node) -> FiringShown:
        """A rule that did not fire, with all its conditions."""
        found = FiringShown(
            0,
            node.layer,
            entity.path,
            node.attribute.name,
            rule.id,
            rule.effect,  # type: ignore[arg-type]
            "fired",
            rule.text,
        )
        found.conditions = [self.condition(each, entity) for each in rule.conditions]
        found.sources = [source(each) for each in rule.citations]
        found.interpretations = list(rule.interpretations)
        return found

    def condition(self, condition: Condition, entity: Entity) -> ConditionMet:
        """What becomes of a condition, in words."""
        return self.trail.condition(condition, self.evaluation.condition(condition, entity), entity)

    def would_lower(self, rule: Rule, entity: Entity, node: Node) -> bool:
        """Whether a limit would lower what the rules gave, if it acted."""
        return would_lower(rule, node, self.settled(entity, node), entity, self.evaluation)

    def above(self, node: Node, settled: Settled) -> set[str]:
        """The rules that would defeat one of those that decided."""
        deciding = {each.rule for each in settled.firings if not each.defeated}
        return {
            node.rules[i].id
            for index, rule in enumerate(node.rules)
            if rule.id in deciding
            for i in node.above[index]
        }

    # -- how things stand

    def measure(self, condition: Condition, entity: Entity) -> Measure:
        """How a condition stands to what it asks."""
        return measure(
            condition,
            self.evaluation.condition(condition, entity),
            entity,
            self.evaluation,
            self.trail,
        )

    def parameters(self, *written: Terms) -> list[ParameterShown]:
        """The parameters named in conditions and expressions, with their values."""
        names = {name for each in written for name in self._names(each)}
        return [
            parameter_shown(
                self.program, name, self.answered.parameters[name], self.answered.changed
            )
            for name in sorted(names)
        ]

    def _names(self, written: Terms) -> frozenset[str]:
        """The names of the parameters in a condition or expression; entities share these, so they
        are gone through once.
        """
        found = self._named.get(id(written))
        if found is None:
            found = self._named[id(written)] = frozenset(parameters_in(written))
        return found

    def looked_at(
        self, rule: Rule, entity: Entity
    ) -> tuple[list[Read], list[tuple[Counting, LeftOut]]]:
        """What the value of a rule looks at: single attributes; and the items of collections, each
        once, with what leaves some out.
        """
        if rule.value is None:
            return [], []
        counts: list[tuple[Counting, LeftOut]] = []
        for collection, test in counted_in(rule.value):
            tally = self.evaluation.tally(
                collection, None if isinstance(test, Noun) else test, entity
            )
            found = self.trail.count(collection, test, tally, entity)
            if not any(found == known for known, _ in counts):
                counts.append((found, self.left_out(collection, entity)))
        return self.trail.reads(rule.value, entity), counts

    def left_out(self, collection: Collection, entity: Entity) -> LeftOut:
        """What leaves items of a collection out, or perhaps out, by their paths."""
        at = (id(collection), entity.index)
        if at not in self._left_out:
            self._left_out[at] = left_out_by(collection, entity, self.evaluation, self.trail)
        return self._left_out[at]

    def left_out_of_condition(self, condition: Condition, entity: Entity) -> list[LeftOut]:
        """The same for each collection that a condition counts."""
        return [self.left_out(each, entity) for each in collections_of(condition)]

    def left_out_of_value(self, rule: Rule, entity: Entity) -> list[LeftOut]:
        """The same for each collection in what a rule gives."""
        return [
            self.left_out(each, entity)
            for each, _ in (counted_in(rule.value) if rule.value is not None else ())
        ]

    def workings(self, expression: Expression, entity: Entity) -> list[str]:
        """What the sums and counts in a formula came to, from left to right: `sum 22`, `number
        8`.
        """
        found = []
        for each in operands(expression):
            if isinstance(each, Count | Aggregate):
                word = "number" if isinstance(each, Count) else each.kind
                values = self.evaluation.value(each, entity).show(each.type)
                found.append(f"{word} {' or '.join(values)}")
        return found

    def fact(self, read: Read | Place) -> tuple[str, str, str]:
        """Of a given attribute: `stated`, `default` or `missing`, where it was taken from, and
        where it stands.
        """
        if isinstance(read, Read):
            entity: Entity | None = self.entities.get(read.entity)
            declared = (
                self.program.vocabulary.entities[entity.type].attribute(read.attribute)
                if entity is not None
                else None
            )
        else:
            entity = self.answered.case.entities[read[0]]
            declared = self.program.vocabulary.entities[entity.type].attributes[read[1]]
        if entity is None or declared is None or not declared.given:
            return "", "", ""
        from rulewright.syntax.text import key

        stated = entity.facts.get(key(declared.name))
        if stated is not None:
            return "stated", stated.origin, str(stated.place)
        default = declared.has_default and key(declared.name) not in entity.unknown
        return ("default" if default else "missing"), "", ""
