"""The missing facts that leave attributes and conditions undecided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulewright.engines.result import UNDECIDED, Finding
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Condition, Kind

from .tracer import Place, Trail


class MissingFacts:
    """Answers about one result, remembered.

    Places are those of given attributes, in the order of the case.
    """

    def __init__(self, trail: Trail) -> None:
        self.trail, self.result = trail, trail.result
        self.nodes = {
            (kind, node.key.attribute): node
            for kind, nodes in trail.program.by_kind.items()
            for node in nodes
        }
        self._known: dict[Place, set[Place]] = {}

    def value(self, place: Place) -> list[Place]:
        """What leaves a derived attribute undetermined."""
        return sorted(self._value(place))

    def conditions(
        self, findings: Iterable[tuple[Condition, Finding]], entity: Entity
    ) -> list[Place]:
        """What leaves those of some conditions undecided that are."""
        return sorted(self._missing(self._looked_at(findings, entity)))

    def _value(self, place: Place) -> set[Place]:
        if place not in self._known:
            self._known[place] = self._missing(self._read(place))
        return self._known[place]

    def _missing(self, read: Iterable[tuple[Entity, str]]) -> set[Place]:
        found: set[Place] = set()
        for entity, name in read:
            place = (entity.index, name)
            settled = self.result.settled.get(place)
            if settled is None:
                if name != "name" and self.trail.words(entity, name) == ["missing"]:
                    found.add(place)
            elif not settled.possible.determined:
                found |= self._value(place)
        return found

    def _read(self, place: Place) -> Iterator[tuple[Entity, str]]:
        """What the undecided conditions of its rules look at, and what an undetermined value is
        copied or computed from.
        """
        settled, entity = self.result.settled[place], self.trail.case.entities[place[0]]
        node = self.nodes[Kind.of(entity), place[1]]
        rules = {rule.id: rule for rule in node.every_rule}
        if (
            settled.overruled == UNDECIDED
        ):  # whether a judgement has effect is open, also where the rules that say so are defeated
            over = {node.rules[index].id for index in node.over_judgements}
            for firing in settled.firings:
                if firing.defeated and firing.rule in over:
                    yield from self._looked_at(
                        zip(rules[firing.rule].conditions, firing.findings, strict=False), entity
                    )
        for firing in (*settled.undefeated, *settled.lowering):
            rule = rules.get(firing.rule)
            if rule is None:
                continue
            yield from self._looked_at(zip(rule.conditions, firing.findings, strict=False), entity)
            if firing.gives is not None and not firing.gives.determined and rule.value is not None:
                yield from self.trail.looked_at((rule.value,), entity)

    def _looked_at(
        self, findings: Iterable[tuple[Condition, Finding]], entity: Entity
    ) -> Iterator[tuple[Entity, str]]:
        for condition, finding in findings:
            if finding.status == UNDECIDED:
                yield from self.trail.sources(condition, finding, entity)
