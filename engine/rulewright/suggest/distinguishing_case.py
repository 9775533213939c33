"""Two programs over the same open facts: with which facts do they give different answers?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from rulewright.engines.calculus import certain
from rulewright.engines.result import Possible
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Compare, Literal, Noun, Rule
from rulewright.ir.program import Node, Program
from rulewright.ir.traversal import find
from rulewright.ir.types import Date, Months, Number, Value, Words, add_months
from rulewright.ir.vocabulary import Attribute
from rulewright.solver.circuit import FALSE, Circuit, Lit
from rulewright.solver.encoding import Encoding
from rulewright.solver.formula import anything
from rulewright.solver.numbers import NumberGates
from rulewright.solver.open_facts import OpenFact, OpenFacts, Option, Present, other_values
from rulewright.solver.values import Open, as_open

SOME_TEXT = "to be stated"


class TriedFacts(OpenFacts):
    """Open facts, of which some cannot be listed: of dates those are tried that lie at an edge, of
    texts that there is one.

    stated: every fact without a default has some value; sums over what is missing have no formula
    of sensible size.
    """

    edges: tuple[int, ...] = ()  # none: dates stay as they are
    stated = False
    turning: Mapping[str, tuple[int, ...]] = {}  # of attributes whose values are too many to list

    def others(
        self, _entity: Entity, name: str, attribute: Attribute, now: Present
    ) -> list[tuple[Value, int]] | None:
        found = other_values(attribute, name, now, name in self.asked, None)
        if found is not None:
            return found
        kind = attribute.type
        if isinstance(kind, Date) and self.edges:
            return [
                (day, 1)
                for day in self.edges
                if not now.possible.determined or day != now.possible.value
            ]
        if isinstance(kind, Number):
            return [(number, 1) for number in self.turning.get(name, ())]
        return None

    def _value(self, entity: Entity, name: str) -> Possible | Open:
        found = super()._value(entity, name)
        attribute = self.vocabulary.entities[entity.type].attributes[name]
        if isinstance(attribute.type, Words) and name not in entity.facts:
            now = Present(certain(None, None), stated=False, missing=True)
            option = Option(SOME_TEXT, self.circuit.new(), 1)
            self.open[entity.index, name] = OpenFact(
                entity, attribute, name, now, [option], option.lit
            )
        return found

    def _chosen(self, fact: OpenFact) -> Open:
        if not self.stated or not fact.now.missing:
            return super()._chosen(fact)
        self.circuit.require(*(each.lit for each in fact.options))
        return self.has_one(fact, {})


def numbers_of(*programs: Program) -> dict[str, tuple[int, ...]]:
    """For each attribute the numbers at which a comparison of it may turn."""
    found: dict[str, set[int]] = {}
    for program in programs:
        rules = (*(node.every_rule for node in program.nodes), *program.notices.values())
        for each in find(Compare, *rules):
            if isinstance(each.left, Noun):
                written = [
                    right.value
                    for right in each.right
                    if isinstance(right, Literal) and isinstance(right.value, int | Fraction)
                ]
                kind = each.left.type
                near = {
                    step
                    for value in written
                    for step in (floor(value) - 1, floor(value), ceil(value), ceil(value) + 1)
                }
                found.setdefault(each.left.attribute, set()).update(
                    n for n in near if isinstance(kind, Number) and _within(kind, n)
                )
    return {name: tuple(sorted(numbers)) for name, numbers in found.items()}


def _within(kind: Number, number: int) -> bool:
    return (kind.low is None or number >= kind.low) and (kind.high is None or number <= kind.high)


Under = tuple[Program, dict[str, Value]]  # a program, and the values of its parameters


def edges_of(as_at: int, *programs: Under) -> tuple[int, ...]:
    """The days at which a comparison of dates may turn: around the as-at date, and the lengths of
    time before it.
    """
    lengths = {
        values[name]
        for program, values in programs
        for name, each in program.parameters.items()
        if isinstance(each.type, Months)
    }
    days = {as_at - 1, as_at, as_at + 1}
    for length in lengths:
        if isinstance(length, int):
            days |= {add_months(as_at, -length) + step for step in (-1, 0, 1)}
    return tuple(sorted(days))


class Apart:
    """A case whose facts are open, under two programs. It serves `Smallest` as a formula.

    asked: the attributes of which some rule asks whether they are known; turning:
    as of `TriedFacts`.
    """

    def __init__(
        self,
        case: Case,
        as_at: int,
        one: Under,
        other: Under,
        asked: frozenset[str],
        turning: Mapping[str, tuple[int, ...]],
        *,
        stated: bool = False,
        days: bool = True,
    ) -> None:
        self.circuit = Circuit()
        numbers = NumberGates(self.circuit)
        self._facts = TriedFacts(
            self.circuit, numbers, case, one[0].vocabulary, anything, asked, "possible"
        )
        self._facts.edges, self._facts.stated = edges_of(as_at, one, other) if days else (), stated
        self._facts.turning = turning
        self.encoding = Encoding(one[0], case, as_at, one[1], self.circuit, numbers, self._facts)
        self.second = Encoding(other[0], case, as_at, other[1], self.circuit, numbers, self._facts)

    @property
    def facts(self) -> list[OpenFact]:
        """The open facts that something hangs on."""
        return [self._facts.open[at] for at in sorted(self._facts.open)]

    def surely_differ(self, entity: Entity, node: Node) -> Lit:
        """Whether an attribute has one value under each program, and another."""
        joining = self.encoding.joining
        one, other = self._values(entity, node)
        return self.circuit.all(
            [joining.determined(one), joining.determined(other), -joining.equal(one, other)]
        )

    def differ(self, entity: Entity, node: Node) -> Lit:
        """Whether an attribute has other possible values."""
        return -self.encoding.joining.equal(*self._values(entity, node))

    def _values(self, entity: Entity, node: Node) -> tuple[Open, Open]:
        kind, name = node.attribute.type, node.key.attribute
        return as_open(self.encoding.settled(entity, name), kind), as_open(
            self.second.settled(entity, name), kind
        )

    def fires_otherwise(self, entity: Entity, old: Rule, new: Rule | None) -> Lit:
        """Whether a rule, note or warning fires under one program alone."""
        one = self.encoding.ruling.fires(old, entity).met
        other = self.second.ruling.fires(new, entity).met if new is not None else FALSE
        return self.circuit.either(self.circuit.both(one, -other), self.circuit.both(other, -one))
