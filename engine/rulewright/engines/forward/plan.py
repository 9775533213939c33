"""From a program to a plan: everything that can be made ready once, before any case is seen.

A plan lives as long as its program and is made anew for another; nothing of it is kept in the
program itself. Of a part of a program (`Program.whole`) all that was made ready for the whole is
used again.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TypeVar, assert_never

from rulewright.ir.nodes import (
    Aggregate,
    Collection,
    Compare,
    Condition,
    Count,
    Joined,
    Known,
    Quantified,
    Rule,
    Test,
)
from rulewright.ir.program import Node, Program

from .collections import RosterPlan
from .conditions import ConditionPlan, of_parts, of_quantity, of_test
from .conflict_resolution import NodePlan, RulePlan, at_rest
from .counters import QuantityPlan
from .expressions import PlannedExpression, TestPlan, formula, test_plan
from .network import MOST_JOINED, slot
from .value_sets import Held, Notation, notation_of

T = TypeVar("T")
KindKey = tuple[str, str, str]  # entity type, parent's type, fixed member


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """Conditions that fire rules together: those rules of one node (or notices of one kind) that
    have just these.

    node: the node's number, or -1 for notices. attribute: the node's. served: each condition with
    its place in the network.
    """

    node: int
    attribute: str
    layer: int
    plain: tuple[tuple[ConditionPlan, int], ...]
    waiting: tuple[tuple[ConditionPlan, int], ...]
    rules: tuple[int, ...]
    quantities: tuple[QuantityPlan, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FactPlan:
    """A given attribute: what is held when the case does not state it, and when it says
    `unknown`.
    """

    name: str
    notation: Notation
    unstated: Held
    unknown: Held


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A program made ready."""

    facts: dict[str, tuple[FactPlan, ...]]  # by entity type
    nodes: dict[int, NodePlan]  # by their numbers
    layers: tuple[tuple[int, ...], ...]  # numbers of nodes
    kinds: dict[int, KindKey]  # of each node
    triggers: dict[KindKey, tuple[Trigger, ...]]
    notices: dict[KindKey, tuple[RulePlan, ...]]
    scope: tuple[ConditionPlan, ...]
    withdrawn: tuple[ConditionPlan, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlannedNode:
    """A node made ready, with its number and what fires its rules."""

    number: int
    kind: KindKey
    plan: NodePlan
    triggers: tuple[Trigger, ...]


_PLANNERS: dict[int, tuple[weakref.ref[Program], Planner]] = {}
_PLANS: dict[int, tuple[weakref.ref[Program], Plan]] = {}


def plan_for(program: Program) -> Plan:
    """The plan of a program, made when first asked for."""
    return _kept(_PLANS, program, lambda: _planner_for(program.whole).plan(program))


def _planner_for(whole: Program) -> Planner:
    return _kept(_PLANNERS, whole, Planner)


def _kept(
    keeping: dict[int, tuple[weakref.ref[Program], T]], program: Program, make: Callable[[], T]
) -> T:
    """What is kept of a program as long as it lives."""
    where = id(program)
    known = keeping.get(where)
    if known is not None and known[0]() is program:
        return known[1]
    made = make()
    keeping[where] = (weakref.ref(program, partial(_forget, keeping, where)), made)
    return made


def _forget(
    keeping: dict[int, tuple[weakref.ref[Program], T]], where: int, gone: weakref.ref[Program]
) -> None:
    known = keeping.get(where)
    if known is not None and known[0] is gone:
        del keeping[where]


class Planner:
    """Makes the plans of one program and of its parts.

    What rules share (after unrolling they share much) is made ready once.
    """

    def __init__(self) -> None:
        self.facts: dict[str, tuple[FactPlan, ...]] = {}
        self.nodes: dict[int, PlannedNode] = {}
        self.conditions: dict[int | tuple[int, ...], ConditionPlan] = {}
        self.quantities: dict[int, QuantityPlan] = {}
        self.counts: dict[tuple[int, int], QuantityPlan] = {}
        self.rosters: dict[int, RosterPlan] = {}
        self.tests: dict[int, TestPlan] = {}
        self.numbers = count()

    def plan(self, program: Program) -> Plan:
        """The plan of the program, or of a part."""
        self.facts = self.facts or _facts(program)
        layers: dict[int, list[int]] = {}
        triggers: dict[KindKey, list[Trigger]] = {}
        planned = [self._node(node) for node in program.nodes]
        for node, each in zip(program.nodes, planned, strict=True):
            layers.setdefault(node.layer, []).append(each.number)
            triggers.setdefault(each.kind, []).extend(each.triggers)
        last = max(layers, default=0) + 1
        notices = {}
        for of, rules in program.notices.items():
            kind = (of.entity, of.parent, of.member)
            notices[kind] = tuple(self._rule(rule, None) for rule in rules)
            triggers.setdefault(kind, []).extend(self._triggers(-1, "", last, notices[kind]))
        return Plan(
            self.facts,
            {each.number: each.plan for each in planned},
            tuple(tuple(layers.get(layer, ())) for layer in range(last)),
            {each.number: each.kind for each in planned},
            {kind: tuple(each) for kind, each in triggers.items()},
            notices,
            tuple(self.condition(each) for each in program.scope),
            tuple(
                self.condition(each.once) for each in program.withdrawals if each.once is not None
            ),
        )

    # -- rules

    def _node(self, node: Node) -> PlannedNode:
        found = self.nodes.get(id(node))
        if found is None:
            number, of = len(self.nodes), (node.key.entity, node.key.parent, node.key.member)
            plan = self._node_plan(node)
            triggers = tuple(self._triggers(number, node.key.attribute, node.layer, plan.rules))
            found = self.nodes[id(node)] = PlannedNode(number, of, plan, triggers)
        return found

    def _node_plan(self, node: Node) -> NodePlan:
        kind = node.attribute.type
        rules = tuple(self._rule(rule, node) for rule in (*node.rules, *node.limits))
        otherwise = self._rule(node.otherwise, node) if node.otherwise is not None else None
        sure = tuple(
            tuple((formula(e, e.type, self.quantity), e.type) for e in group.inputs)
            for group in node.exhaustive
        )
        notation = notation_of(kind)
        voiding = tuple(sorted(node.over_judgements))
        return NodePlan(
            node, notation, rules, otherwise, sure, at_rest(notation, otherwise), voiding
        )

    def _rule(self, rule: Rule, node: Node | None) -> RulePlan:
        gives: PlannedExpression | None = None
        if node is not None and rule.value is not None:
            gives = formula(rule.value, node.attribute.type, self.quantity)
        return RulePlan(rule.id, tuple(self.condition(each) for each in rule.conditions), gives)

    def _triggers(
        self, node: int, attribute: str, layer: int, rules: tuple[RulePlan, ...]
    ) -> list[Trigger]:
        """Rules with the same conditions are joined once.

        A rule without conditions has a trigger that serves none.
        """
        groups: dict[tuple[int, ...], list[int]] = {}
        for place, rule in enumerate(rules):
            groups.setdefault(tuple(sorted({each.number for each in rule.conditions})), []).append(
                place
            )
        found = []
        for numbers, places in groups.items():
            by_number = {each.number: each for each in rules[places[0]].conditions}
            conditions = [by_number[each] for each in numbers]
            if len(conditions) > MOST_JOINED:
                conditions = [
                    *conditions[: MOST_JOINED - 1],
                    self._folded(tuple(conditions[MOST_JOINED - 1 :])),
                ]
            placed = [
                (each, slot(len(conditions), place)) for place, each in enumerate(conditions, 1)
            ]
            plain = tuple(each for each in placed if each[0].plain)
            waiting = tuple(each for each in placed if not each[0].plain)
            gives = [gives for place in places if (gives := rules[place].gives) is not None]
            quantities = tuple(quantity for each in gives for quantity in each.quantities)
            found.append(Trigger(node, attribute, layer, plain, waiting, tuple(places), quantities))
        return found

    def _folded(self, parts: tuple[ConditionPlan, ...]) -> ConditionPlan:
        """Several conditions as one: met when all are, not met when one is not."""
        key = tuple(each.number for each in parts)
        found = self.conditions.get(key)
        if found is None:
            found = self.conditions[key] = of_parts(next(self.numbers), Joined("all of", ()), parts)
        return found

    # -- conditions and what is in them

    def condition(self, condition: Condition) -> ConditionPlan:
        """A condition, once for all rules that share it."""
        found = self.conditions.get(id(condition.body))
        if found is None:
            found = self.conditions[id(condition.body)] = self._condition(condition)
        return found

    def _condition(self, condition: Condition) -> ConditionPlan:
        body = condition.body
        match body:
            case Joined(_, joined):
                parts = tuple(self.condition(each) for each in joined)
                return of_parts(next(self.numbers), body, parts)
            case Quantified(_, collection, test, number):
                counted = self._counting(collection, test)
                amount = formula(number, number.type, self.quantity) if number is not None else None
                return of_quantity(next(self.numbers), body, counted, amount)
            case Compare() | Known():
                return of_test(next(self.numbers), self.test(body))
            case _:
                assert_never(body)

    def test(self, test: Test) -> TestPlan:
        """A test of an entity or an item."""
        found = self.tests.get(id(test))
        if found is None:
            found = self.tests[id(test)] = test_plan(test, self.quantity)
        return found

    def quantity(self, expression: Count | Aggregate) -> QuantityPlan:
        """A count or total that stands in a formula."""
        found = self.quantities.get(id(expression))
        if found is None:
            found = self.quantities[id(expression)] = self._quantity(expression)
        return found

    def _quantity(self, expression: Count | Aggregate) -> QuantityPlan:
        if isinstance(expression, Count):
            return self._counting(expression.collection, expression.test)
        noun = formula(expression.noun, expression.noun.type, self.quantity)
        roster = self.roster(expression.collection)
        return QuantityPlan(next(self.numbers), expression.kind, roster, noun=noun)

    def _counting(self, collection: Collection, test: Test | None) -> QuantityPlan:
        found = self.counts.get((id(collection), id(test)))
        if found is None:
            asked = self.test(test) if test is not None else None
            found = QuantityPlan(next(self.numbers), "count", self.roster(collection), asked)
            self.counts[id(collection), id(test)] = found
        return found

    def roster(self, collection: Collection) -> RosterPlan:
        """A collection, once for all quantities that share it."""
        found = self.rosters.get(id(collection))
        if found is None:
            found = self.rosters[id(collection)] = RosterPlan(
                next(self.numbers), collection, self.test
            )
        return found


def _facts(program: Program) -> dict[str, tuple[FactPlan, ...]]:
    found = {}
    for kind, entity in program.vocabulary.entities.items():
        plans = []
        for name, attribute in entity.attributes.items():
            if attribute.given:
                notation = notation_of(attribute.type)
                missing: Held = notation.everything
                if attribute.may_have_no_value:
                    missing = notation.join([missing, notation.nothing])
                unstated = notation.hold(attribute.default) if attribute.has_default else missing
                plans.append(FactPlan(name, notation, unstated, missing))
        found[kind] = tuple(plans)
    return found
