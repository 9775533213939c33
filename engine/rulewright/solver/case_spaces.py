"""Spaces of cases: one case with some facts open, each stated with any of its values, as a formula.

Unlike the facts of `open_facts.OpenFacts`, which may change from what they are, these are stated in
every case of the space: with one of the values that they may take. A second copy may be bound to
the first: each fact the same, or as good or better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rulewright.engines.calculus import certain
from rulewright.engines.result import Possible
from rulewright.facts.cases import Case, Entity
from rulewright.ir.program import Program
from rulewright.ir.types import FINITE, Value, Words
from rulewright.ir.vocabulary import Vocabulary

from .circuit import FALSE, TRUE, Circuit, Lit
from .encoding import Encoding
from .numbers import LOWEST, NotExpressible, NumberGates
from .open_facts import OpenFact, OpenFacts, Option, Place, present
from .values import Choices, Open, Range, opened

Values = Mapping[Place, Sequence[Value]]
Orders = Mapping[Place, Sequence[Value]]  # of facts that may be better: their values, worst first


class SpaceFacts(OpenFacts):
    """The facts of a case, those of `values` stated with one of their values."""

    def __init__(
        self,
        circuit: Circuit,
        numbers: NumberGates,
        case: Case,
        vocabulary: Vocabulary,
        values: Values,
    ) -> None:
        super().__init__(
            circuit,
            numbers,
            case,
            vocabulary,
            lambda _entity, _name: False,
            frozenset(),
            "completed",
        )
        self.values = values

    def is_known(self, entity: Entity, name: str) -> Lit:
        """Whether every case of the space states it."""
        return (
            TRUE
            if (entity.index, name) in self.values or name in entity.facts or name == "name"
            else FALSE
        )

    def _value(self, entity: Entity, name: str) -> Possible | Open:
        at = (entity.index, name)
        attribute = self.vocabulary.entities[entity.type].attributes[name]
        now = present(entity, name, attribute)
        values = self.values.get(at)
        if values is None:
            return now.possible
        if len(values) == 1:
            return certain(values[0], attribute.type)
        fact = self.open[at] = OpenFact(entity, attribute, name, now, self._options(at, values))
        self._at_most_one([each.lit for each in fact.options])
        self.circuit.require(*(each.lit for each in fact.options))
        return self._stated(fact)

    def _options(self, _at: Place, values: Sequence[Value]) -> list[Option]:
        return [Option(value, self.circuit.new(), 1) for value in values]

    def _stated(self, fact: OpenFact) -> Open:
        by_value = {each.value: each.lit for each in fact.options}
        none = by_value.pop(None, FALSE)
        if isinstance(fact.attribute.type, (*FINITE, Words)):
            return Choices(by_value, none, FALSE, True)
        num = self.numbers.choice(
            (value, lit) for value, lit in by_value.items() if not isinstance(value, str | None)
        )
        return Range(num, num, none, FALSE, True)


class BetterFacts(SpaceFacts):
    """A second copy of a space's facts: those of `orders` as good as in the first or better, all
    others the same.
    """

    def __init__(self, first: SpaceFacts, orders: Orders) -> None:
        super().__init__(first.circuit, first.numbers, first.case, first.vocabulary, first.values)
        self.first, self.orders = first, orders

    def _options(self, at: Place, values: Sequence[Value]) -> list[Option]:
        entity = self.case.entities[at[0]]
        self.first.value(entity, at[1])
        theirs = {each.value: each.lit for each in self.first.open[at].options}
        order = [each for each in self.orders.get(at, ()) if each in theirs]
        found = [
            Option(value, self.circuit.new() if value in order else theirs[value], 1)
            for value in values
        ]
        own = {each.value: each.lit for each in found}
        for rank in range(len(order)):  # whoever reaches a value there reaches it here
            here = self.circuit.any(own[each] for each in order[rank:])
            self.circuit.require(-self.circuit.any(theirs[each] for each in order[rank:]), here)
        if order:  # what has no place in the order stays as it is
            self.circuit.require(
                -self.circuit.any(own[each] for each in order),
                self.circuit.any(theirs[each] for each in order),
            )
        return found

    def differs(self, at: Place) -> Lit:
        """Whether a fact is better here than in the first copy."""
        if at not in self.open or at not in self.orders:
            return FALSE
        mine = {each.value: each.lit for each in self.open[at].options}
        same = (
            self.circuit.both(mine[each.value], each.lit) for each in self.first.open[at].options
        )
        return -self.circuit.any(same)


def encoded(
    program: Program, case: Case, as_at: int, parameters: dict[str, Value], facts: SpaceFacts
) -> Encoding:
    """The program over the cases of a space."""
    return Encoding(program, case, as_at, parameters, facts.circuit, facts.numbers, facts)


def derived(encoding: Encoding, entity: Entity, name: str) -> Open:
    """What a derived attribute may be, for every case of a space. Raises `NotExpressible`."""
    found = encoding.settled(entity, name)
    kind = encoding.program.vocabulary.entities[entity.type].attributes[name].type
    return opened(found, kind) if isinstance(found, Possible) else found


def worse(encoding: Encoding, one: Open, other: Open, order: Sequence[Value]) -> Lit:
    """Whether both are settled, and the other comes before the one in `order` (of numbers, where it
    is empty: is lower).
    """
    circuit, joining = encoding.circuit, encoding.joining
    if isinstance(one, Range) and isinstance(other, Range):
        lower = circuit.all(
            [encoding.numbers.below(other.low, one.low), other.low.more_than(LOWEST)]
        )
        return circuit.all([joining.determined(one), joining.determined(other), lower])
    found = []
    for rank, value in enumerate(order):
        before = circuit.any(joining.is_just(other, each) for each in order[:rank])
        found.append(circuit.both(joining.is_just(one, value), before))
    return circuit.any(found)


__all__ = [
    "BetterFacts",
    "NotExpressible",
    "Orders",
    "SpaceFacts",
    "Values",
    "derived",
    "encoded",
    "worse",
]
