"""A case that was answered, answered again with other facts: only what these can reach is worked
out anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rulewright.compiler.rebuilding import needed_by
from rulewright.facts.cases import Case, Entity
from rulewright.ir.entities import Fact, with_facts
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import Node, Program
from rulewright.ir.traversal import reaches
from rulewright.ir.types import Value

from .evaluator import Evaluation
from .result import Possible, Settled, Trace

Place = tuple[int, str]


@dataclass(frozen=True)
class _Step:
    """An attribute with all that it is worked out for. needs: what its rules read.

    within: by the index of an entity, the entities whose rules read nothing outside of what lies
    below that one.
    """

    node: Node
    needs: frozenset[NodeKey]
    within: dict[int, list[Entity]]

    def reading(self, changed: Iterable[Entity]) -> list[Entity]:
        """The entities whose rules may read something of the entities `changed`."""
        found: dict[int, Entity] = {}
        for each in changed:
            here: Entity | None = each
            while here is not None:
                found.update((entity.index, entity) for entity in self.within.get(here.index, ()))
                here = here.parent
        return [found[index] for index in sorted(found)]


class Incremental:
    """The evaluator's answers to one case, with a few facts changed at a time.

    nodes: the attributes that are followed, in the order in which they are worked out; what they
    read and is not among them does not hang on facts that change. before: the answer to the case as
    it is. work: how many attributes were worked out so far, and tenths for the items that were
    looked at for them.
    """

    def __init__(
        self,
        program: Program,
        case: Case,
        as_at: int,
        parameters: dict[str, Value],
        nodes: Iterable[Node],
        before: Trace,
    ) -> None:
        self.program, self.as_at, self.parameters = program, as_at, parameters
        self.case = with_facts(case, {})  # its own: facts are changed in it, and put back
        self.work = 0
        self._settled = dict(before.settled)
        by_kind: dict[Kind, list[Entity]] = {}
        for entity in self.case.entities:
            by_kind.setdefault(Kind.of(entity), []).append(entity)
        self._steps = [self._step(node, by_kind.get(node.key.kind, [])) for node in nodes]

    def _step(self, node: Node, entities: list[Entity]) -> _Step:
        inputs = tuple(each.inputs for each in node.exhaustive)
        up = {each.up for each in reaches(node.every_rule, inputs) if each.up}
        within: dict[int, list[Entity]] = {}
        for entity in entities:
            within.setdefault(_highest(entity, up).index, []).append(entity)
        return _Step(node, frozenset(needed_by(node, self.program.vocabulary)), within)

    def possible(self, facts: Mapping[Place, Value], place: Place) -> Possible:
        """The possible values of a derived attribute that is followed, where given attributes are
        stated so.
        """
        stated = [
            (each, each.facts, each.unknown)
            for each in {self.case.entities[index] for index, _ in facts}
        ]
        before: dict[Place, Settled] = {}
        for (index, name), value in facts.items():
            entity = self.case.entities[index]
            entity.facts, entity.unknown = (
                {**entity.facts, name: Fact(value, entity.place)},
                entity.unknown - {name},
            )
        try:
            self._settle_again(facts, before)
            return self._settled[place].possible
        finally:
            self._settled.update(before)
            for entity, known, unknown in stated:
                entity.facts, entity.unknown = known, unknown

    def _settle_again(self, facts: Iterable[Place], before: dict[Place, Settled]) -> None:
        """Work out anew what these facts reach, as long as something changes. before: takes what
        was there instead.
        """
        evaluation = Evaluation(self.program, self.case, self.as_at, self.parameters)
        evaluation.result.settled = self._settled
        other: dict[NodeKey, set[Entity]] = {}
        for index, name in facts:
            entity = self.case.entities[index]
            other.setdefault(NodeKey.of(entity, name), set()).add(entity)
        for step in self._steps:  # in layers: whatever a rule reads is settled before it
            for entity in step.reading(
                {each for key in step.needs & other.keys() for each in other[key]}
            ):
                at = (entity.index, step.node.key.attribute)
                now = evaluation.settle(step.node, entity)
                self.work += 1
                if now.possible != self._settled[at].possible:
                    before[at], self._settled[at] = self._settled[at], now
                    other.setdefault(step.node.key, set()).add(entity)
        self.work += (
            sum(map(len, (*evaluation.collections.values(), *evaluation.tallies.values()))) // 10
        )


def _highest(entity: Entity, types: Iterable[str]) -> Entity:
    """The highest of an entity and those of some types above it."""
    highest, here = entity, entity.parent
    while here is not None:
        highest = here if here.type in types else highest
        here = here.parent
    return highest
