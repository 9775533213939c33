"""A program and a case as a formula: `reference.Evaluation` with literals in place of what open
facts decide.

Read it beside that module; each method says of literals what the method of the same name says there
of values. Only what is asked for is encoded, with all that it reads.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from typing import assert_never

from rulewright.engines import calculus
from rulewright.engines.calculus import certain
from rulewright.engines.result import Interval, Possible
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import (
    Aggregate,
    Arithmetic,
    AsAtDate,
    Collection,
    Count,
    Expression,
    Kind,
    Literal,
    NodeKey,
    Noun,
    Parameter,
    Reach,
    Round,
)
from rulewright.ir.program import Node, Program
from rulewright.ir.types import Number, Value

from .aggregates import Aggregating
from .arithmetic import Reckoning
from .circuit import FALSE, TRUE, Circuit
from .collections import CaseCollections
from .comparisons import MET, NOT_MET, Comparing, Holding
from .conditions import Conditions
from .numbers import NumberGates
from .open_facts import OpenFacts
from .rules import Ruling
from .values import Joining, Open, Range, as_open, constant_of, range_of


class Encoding:
    """One case under one program, some of its facts open."""

    def __init__(
        self,
        program: Program,
        case: Case,
        as_at: int,
        parameters: dict[str, Value],
        circuit: Circuit,
        numbers: NumberGates,
        facts: OpenFacts,
    ) -> None:
        self.program, self.case, self.as_at, self.parameters = program, case, as_at, parameters
        self.circuit, self.numbers, self.facts = circuit, numbers, facts
        self.comparing, self.joining = Comparing(circuit, numbers), Joining(circuit, numbers)
        self.reckoning, self.aggregating = (
            Reckoning(circuit, numbers),
            Aggregating(circuit, numbers),
        )
        self.collecting, self.conditions, self.ruling = (
            CaseCollections(self),
            Conditions(self),
            Ruling(self),
        )
        self.nodes = {
            (kind, node.key.attribute): node
            for kind, nodes in program.by_kind.items()
            for node in nodes
        }
        self._settled: dict[tuple[int, str], Possible | Open] = {}
        self.standing: list[
            tuple[int, str]
        ] = []  # supplied and judged values that were met with: no fact changes them

    def take_from(self, other: Encoding, but: Some[NodeKey]) -> None:
        """Hold what another program's encoding over the same facts settled, but for these
        attributes.
        """
        entities = self.case.entities
        self._settled = {
            (index, name): found
            for (index, name), found in other._settled.items()
            if NodeKey.of(entities[index], name) not in but
        }

    def settled(self, entity: Entity, name: str) -> Possible | Open:
        """The possible values of a derived attribute."""
        at = (entity.index, name)
        found = self._settled.get(at)
        if found is None:
            found = self._settled[at] = self._settle(entity, name)
        return found

    def _settle(self, entity: Entity, name: str) -> Possible | Open:
        node = self.nodes[Kind.of(entity), name]
        at = (entity.index, name)
        supplied, judgement = self.case.supplied.get(at), self.case.judged.get(at)
        if supplied is not None:
            self.standing.append(at)
            return certain(supplied.value, node.attribute.type)
        if judgement is not None:
            return self._judged(node, entity, certain(judgement.value, node.attribute.type))
        return _told(self.ruling.ruled(node, entity))

    def _judged(self, node: Node, entity: Entity, judged: Possible) -> Possible | Open:
        """A judgement, or what the rules give where one that overrides it fires; both where one may
        fire.
        """
        overruled = self.ruling.any_fires(
            [node.rules[index] for index in node.over_judgements], entity
        )
        if overruled == NOT_MET:
            self.standing.append((entity.index, node.key.attribute))
            return judged
        ruled, kind = self.ruling.ruled(node, entity), node.attribute.type
        parts = [(overruled.may, ruled), (-overruled.met, as_open(judged, kind))]
        crisp = overruled.met == overruled.may and ruled.crisp
        return _told(self.joining.joined(parts, kind, crisp))

    def open_value(
        self, expression: Expression, entity: Entity, item: Entity | None = None
    ) -> Open:
        """The value of an expression in the form of those that hang on open facts."""
        return as_open(self.value(expression, entity, item), expression.type)

    def value(
        self, expression: Expression, entity: Entity, item: Entity | None = None
    ) -> Possible | Open:
        """The possible values of an expression."""
        if isinstance(expression, Noun):
            at = self.reached(expression.reach, entity, item)
            if expression.attribute == "name":
                return Possible((at.name,))
            return (
                self.facts.value(at, expression.attribute)
                if expression.given
                else self.settled(at, expression.attribute)
            )
        match expression:
            case Literal(value, kind):
                return certain(value, kind)
            case Parameter(name, kind):
                return certain(self.parameters[name], kind)
            case AsAtDate():
                return Possible(Interval(self.as_at, self.as_at))
            case Arithmetic():
                return self._arithmetic(expression, entity, item)
            case Round(rule, of):
                found = self.value(of, entity, item)
                if isinstance(found, Possible):
                    return calculus.rounded(rule, found)
                return _told(self.reckoning.rounded(rule, range_of(found)))
            case Count(collection, test):
                low, high = self.collecting.counted(self.collecting.tally(collection, test, entity))
                return _told(Range(low, high, FALSE, FALSE, low == high))
            case Aggregate(kind, collection, noun):
                return self._aggregate(kind, collection, noun, entity)
            case _:
                assert_never(expression)

    def _arithmetic(self, body: Arithmetic, entity: Entity, item: Entity | None) -> Possible | Open:
        whole = isinstance(body.right.type, Number) and body.right.type.whole
        left, right = self.value(body.left, entity, item), self.value(body.right, entity, item)
        if isinstance(left, Possible) and isinstance(right, Possible):
            return calculus.arithmetic(body.op, left, right, whole)
        one, other = (
            range_of(as_open(left, body.left.type)),
            range_of(as_open(right, body.right.type)),
        )
        return _told(self.reckoning.arithmetic(body.op, one, other, whole))

    def _aggregate(
        self, kind: str, collection: Collection, noun: Noun, entity: Entity
    ) -> Possible | Open:
        there = [
            (each, present)
            for each, present in self.collecting.items(collection, entity)
            if present.may != FALSE
        ]
        items = [(self.value(noun, entity, each), present) for each, present in there]
        sure = [
            (each, 2 if present == MET else 1)
            for each, present in items
            if isinstance(each, Possible) and _is_known(present)
        ]
        if len(sure) == len(items):
            return calculus.aggregate(kind, [(each, status) for each, status in sure], noun.type)
        opens = [(as_open(each, noun.type), present) for each, present in items]
        return _told(self.aggregating.aggregate(kind, opens, noun.type))

    def reached(self, reach: Reach, entity: Entity, item: Entity | None) -> Entity:
        here = item if reach.item and item is not None else entity
        if reach.up:
            here = here.climb(reach.up)
        for wanted, member in reach.down:
            here = here.child(wanted, member)
        return here


def _is_known(present: Holding) -> bool:
    return present.met in (TRUE, FALSE) and present.may in (TRUE, FALSE)


def _told(value: Open) -> Possible | Open:
    return constant_of(value) or value
