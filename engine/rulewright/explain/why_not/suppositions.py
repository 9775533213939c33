"""Asking the engine again, as if some attributes had other values."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice

from rulewright.decision.tracer import Place
from rulewright.engines.calculus import certain, domain
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import NO, YES, Outcomes, Possible, Settled, Trace
from rulewright.explain.distance import steps_between
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Kind, Known
from rulewright.ir.program import Node
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Attribute

from .candidates import UNSTATED, Wanted
from .needs import Need, NeededAttribute, Some, UnnamedNeed

MOST_TRIED = 200  # choices among what would do

Values = Mapping[Place, Value]


class Supposed(Evaluation):
    """A case as it was answered, but for some attributes that have other values; what the rules
    give besides stays.
    """

    def __init__(self, of: Evaluation, values: Values) -> None:
        super().__init__(of.program, of.case, of.as_at, of.parameters)
        self.values = values
        own = {
            place: Settled(self._possible(place), "supplied")
            for place in values
            if not self._given(place)
        }
        self.result = Trace(settled=ChainMap(own, of.result.settled))  # type: ignore[arg-type]

    def _declared(self, place: Place) -> Attribute:
        return self.program.vocabulary.entities[self.case.entities[place[0]].type].attributes[
            place[1]
        ]

    def _given(self, place: Place) -> bool:
        return bool(self._declared(place).given)

    def _possible(self, place: Place) -> Possible:
        return certain(self.values[place], self._declared(place).type)

    def fact(self, entity: Entity, name: str) -> Possible:
        """The possible values of a given attribute."""
        place = (entity.index, name)
        if place not in self.values:
            return super().fact(entity, name)
        if self.values[place] is not UNSTATED:
            return self._possible(place)
        declared = self._declared(place)
        return (
            certain(declared.default, declared.type)
            if declared.has_default
            else Possible(domain(declared.type), declared.may_have_no_value)
        )

    def _known(self, test: Known, entity: Entity, item: Entity | None) -> Outcomes:
        at = self.reached(test.noun.reach, entity, item)
        place = (at.index, test.noun.attribute)
        if test.noun.given and place in self.values:
            return YES if (self.values[place] is not UNSTATED) == test.wanted else NO
        return super()._known(test, entity, item)

    def given_by_rules(self, node: Node, entity: Entity) -> Settled:
        """What the rules of an attribute give then, a judgement on it left aside."""
        for own in self.program.by_kind[Kind.of(entity)]:
            if (
                own.attribute.hidden
                and own.layer < node.layer
                and (entity.index, own.key.attribute) not in self.values
            ):
                self.result.settled[entity.index, own.key.attribute] = self._ruled(
                    own, entity
                )  # a principle's own word
        return self._ruled(node, entity)


def choices(needs: list[Need], evaluation: Evaluation) -> Iterator[dict[Place, Value]]:
    """Values that meet all needs, the nearest first; none where a need is not the value of an
    attribute.
    """
    for wanted in islice(_ways(needs, evaluation), MOST_TRIED):
        found = _values(wanted, evaluation)
        if found is not None:
            yield found


def _ways(needs: list[Need], evaluation: Evaluation) -> Iterator[tuple[NeededAttribute, ...]]:
    """The attributes to change, for each way to meet all needs."""
    if not needs:
        yield ()
        return
    first, *rest = needs
    match first:
        case NeededAttribute():
            options: Iterator[tuple[Need, ...]] = iter([(first,)])
        case UnnamedNeed():
            return
        case Some(number, parts):
            ordered = sorted(parts, key=lambda each: cost(each, evaluation))
            options = combinations(ordered, number)
    for option in options:
        if isinstance(first, NeededAttribute):
            yield from ((first, *more) for more in _ways(rest, evaluation))
        else:
            yield from _ways([*option, *rest], evaluation)


def _values(
    wanted: tuple[NeededAttribute, ...], evaluation: Evaluation
) -> dict[Place, Value] | None:
    """One value for each attribute, the nearest that does for every need of it; `None` where there
    is none.
    """
    found: dict[Place, Value] = {}
    by_place: dict[Place, list[NeededAttribute]] = {}
    for leaf in wanted:
        by_place.setdefault(leaf.place, []).append(leaf)
    for place, together in by_place.items():
        now = possible_now(together[0], evaluation)
        candidates = [value for leaf in together for value in leaf.wanted.nearest(now, leaf.type)]
        value = next(
            (each for each in candidates if all(leaf.wanted.has(each) for leaf in together)),
            _NOTHING,
        )
        if value is _NOTHING:
            return None
        found[place] = value  # type: ignore[assignment]
    return found


_NOTHING = object()


def possible_now(leaf: NeededAttribute, evaluation: Evaluation) -> Possible:
    """What an attribute is as things are."""
    declared = evaluation.program.vocabulary.entities[leaf.entity.type].attributes[leaf.attribute]
    if declared.given:
        return evaluation.fact(leaf.entity, leaf.attribute)
    return evaluation.result.settled[leaf.place].possible


def is_so(leaf: NeededAttribute, evaluation: Evaluation) -> bool:
    """Whether an attribute is as needed already.

    A fact that the case does not state is not known, whatever values it may have.
    """
    given = (
        evaluation.program.vocabulary.entities[leaf.entity.type].attributes[leaf.attribute].given
    )
    if given and (leaf.wanted.any_value or UNSTATED in leaf.wanted.values):
        return (leaf.attribute in leaf.entity.facts) == leaf.wanted.any_value
    return leaf.wanted.holds(possible_now(leaf, evaluation))


def least(needs: list[Need], stays: list[Need], evaluation: Evaluation) -> tuple[int, int]:
    """How many attributes have to change for all needs at the least, and by how many steps in
    all.
    """
    for wanted in islice(_ways([*needs, *stays], evaluation), 1):
        by_place = {each.place: each for each in wanted if not is_so(each, evaluation)}
        return len(by_place), sum(
            _steps(each.wanted, possible_now(each, evaluation), each) for each in by_place.values()
        )
    costs = [cost(each, evaluation) for each in needs]
    return sum(each[0] for each in costs), sum(each[1] for each in costs)


def cost(need: Need | None, evaluation: Evaluation) -> tuple[int, int]:
    """How many attributes have to change at the least, and by how many steps in all."""
    match need:
        case None:
            return 0, 0
        case UnnamedNeed():
            return 1, 1
        case NeededAttribute():
            return 1, _steps(need.wanted, possible_now(need, evaluation), need)
        case Some(number, parts):
            cheapest = sorted(cost(each, evaluation) for each in parts)[:number]
            return sum(each[0] for each in cheapest), sum(each[1] for each in cheapest)


def _steps(wanted: Wanted, now: Possible, leaf: NeededAttribute) -> int:
    nearest = wanted.nearest(now, leaf.type)
    if not nearest or not now.determined or nearest[0] is None or nearest[0] is UNSTATED:
        return 1
    return steps_between(now, nearest[0], leaf.type)


def narrowed(leaf: NeededAttribute, values: tuple[Value, ...]) -> NeededAttribute:
    """The same need, of fewer values or of others."""
    if set(values) == set(leaf.wanted.values):
        return leaf
    words = " or ".join("no value" if each is None else leaf.type.show(each) for each in values)
    return replace(leaf, wanted=Wanted(words, values))
