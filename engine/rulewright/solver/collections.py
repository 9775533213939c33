"""The items of collections, and what becomes of each: counts and tallies, with literals
(docs/semantics.md, 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Below, Collection, Each, Except, Same, Test, Union, Where

from .circuit import FALSE, TRUE
from .comparisons import MET, Holding, TestOutcome, surely
from .numbers import Num, unary

if TYPE_CHECKING:
    from .encoding import Encoding

Item = tuple[Entity, Holding]
Tally = list[TestOutcome]
PASSED_OVER = TestOutcome(FALSE, FALSE, TRUE, True)
COUNTED = TestOutcome(TRUE, FALSE, FALSE, True)


class CaseCollections:
    """The collections of one case."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding, self.circuit = encoding, encoding.circuit
        self._tallies: dict[tuple[int, int, int], Tally] = {}
        self._items: dict[tuple[int, int], list[Item]] = {}

    def counted(self, tally: Tally, most: int | None = None) -> tuple[Num, Num]:
        """From the certainly counted to the possibly counted."""
        circuit = self.circuit
        sure = [
            each.yes if each.crisp else surely(circuit, each.yes, each.no, each.out)
            for each in tally
        ]
        perhaps = [each.yes for each in tally]
        low = unary(circuit.counted(sure, most))
        return low, low if sure == perhaps else unary(circuit.counted(perhaps, most))

    def tally(self, collection: Collection, test: Test | None, entity: Entity) -> Tally:
        """For each item what may become of it; without a test, whether it is in."""
        at = (id(collection), id(test), entity.index)
        found = self._tallies.get(at)
        if found is None:
            found = self._tallies[at] = [
                self._one(test, entity, each, present)
                for each, present in self.items(collection, entity)
            ]
        return found

    def _one(
        self, test: Test | None, entity: Entity, item: Entity, present: Holding
    ) -> TestOutcome:
        if present.may == FALSE:
            return PASSED_OVER
        asked = COUNTED if test is None else self.encoding.conditions.ask(test, entity, item)
        if present == MET:
            return asked
        circuit = self.circuit
        out = circuit.either(circuit.both(present.may, asked.out), -present.met)
        return TestOutcome(
            circuit.both(present.may, asked.yes),
            circuit.both(present.may, asked.no),
            out,
            asked.crisp and present.met == present.may,
        )

    def items(self, collection: Collection, entity: Entity) -> list[Item]:
        """The items of a collection, and whether each is in."""
        at = (id(collection), entity.index)
        found = self._items.get(at)
        if found is None:
            found = self._items[at] = sorted(
                self._listed(collection, entity), key=lambda each: each[0].index
            )
        return found

    def _listed(self, collection: Collection, entity: Entity) -> list[Item]:
        circuit = self.circuit
        match collection:
            case Below(start, wanted, deep):
                holder = self.encoding.reached(start, entity, None)
                below = holder.below(wanted) if deep else holder.children.get(wanted, ())
                return [(each, MET) for each in below]
            case Each(of, wanted):
                return [
                    (c, present)
                    for i, present in self.items(of, entity)
                    for c in i.children.get(wanted, ())
                ]
            case Same(of, wanted):
                return [
                    (i.child(wanted, entity.member), present)
                    for i, present in self.items(of, entity)
                ]
            case Except(of, members):
                return [each for each in self.items(of, entity) if each[0].member not in members]
            case Where(of, tests):
                found = []
                for i, present in self.items(of, entity):
                    held = [
                        present,
                        *(
                            self.encoding.comparing.holding(
                                self.encoding.conditions.ask(t, entity, i)
                            )
                            for t in tests
                        ),
                    ]
                    found.append(
                        (
                            i,
                            Holding(
                                circuit.all(h.met for h in held), circuit.all(h.may for h in held)
                            ),
                        )
                    )
                return found
            case Union(parts):
                by_item: dict[Entity, list[Holding]] = {}
                for part in parts:
                    for i, present in self.items(part, entity):
                        by_item.setdefault(i, []).append(present)
                return [
                    (i, Holding(circuit.any(h.met for h in held), circuit.any(h.may for h in held)))
                    for i, held in by_item.items()
                ]
            case _:
                assert_never(collection)
