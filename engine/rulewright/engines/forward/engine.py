"""One case: facts in, layer by layer rules fire, and each conclusion becomes a fact for the rules
that wait for it.
"""

from __future__ import annotations

from rulewright.engines.result import MET, NOT_MET, Firing, Status, Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.types import Value

from .collections import Follower, Roster, RosterPlan
from .comparisons import STATUS
from .conditions import ConditionPlan, Waiting, finding_of
from .conflict_resolution import settle
from .counters import Quantity, QuantityPlan
from .expressions import PlannedExpression, TestPlan
from .network import NETWORK, ConditionFact
from .plan import KindKey, Plan, Trigger
from .value_sets import Held


class Run:
    """The working memory of one case.

    known: for each entity the attributes that are settled, given and derived. awaited: who is told
    when an attribute gets its value. conditions_of: for each layer the condition facts of its
    rules. hand: the rules at hand, each a trigger and an entity, by the number under which the
    network knows it.
    """

    def __init__(self, plan: Plan, case: Case, as_at: int, parameters: dict[str, Value]) -> None:
        self.plan = plan
        self.case = case
        self.as_at = as_at
        self.parameters = parameters
        self.known: list[dict[str, Held]] = []
        self.awaited: list[dict[str, list[tuple[Follower, int]]]] = [{} for _ in case.entities]
        self.conditions_of: list[list[ConditionFact]] = [[] for _ in range(len(plan.layers) + 1)]
        self.hand: list[tuple[Trigger, Entity]] = []
        self.fired: dict[
            tuple[int, int], dict[int, Status]
        ] = {}  # by node and entity: its rules that fire or may fire
        self.conditions: dict[tuple[int, int], Waiting] = {}
        self.quantities: dict[tuple[int, int], Quantity] = {}
        self.rosters: dict[tuple[int, int], Roster] = {}
        self.by_kind: dict[KindKey, list[Entity]] = {}

    def result(self) -> Trace:
        """Run the case."""
        for entity in self.case.entities:
            self.by_kind.setdefault((entity.type, entity.parent_type, entity.member), []).append(
                entity
            )
            self.known.append(self._facts(entity))
        for kind, entities in self.by_kind.items():
            triggers = self.plan.triggers.get(kind, ())
            for entity in entities:
                self._lay(triggers, entity)
        root = self.case.root
        for each in (*self.plan.scope, *self.plan.withdrawn):
            self.condition(each, root)
        result = Trace()
        for layer in range(len(self.plan.layers)):
            self._fire(layer)
            self._conclude(layer, result)
        self._fire(len(self.plan.layers))
        self._notify(result)
        result.scope = tuple(finding_of(self, each, root) for each in self.plan.scope)
        result.withdrawn = tuple(finding_of(self, each, root) for each in self.plan.withdrawn)
        return result

    def _facts(self, entity: Entity) -> dict[str, Held]:
        """What the case states, and what is possible where it does not."""
        stated, unknown = entity.facts, entity.unknown
        found = {}
        for plan in self.plan.facts[entity.type]:
            fact = stated.get(plan.name)
            if fact is not None:
                found[plan.name] = plan.notation.hold(fact.value)
            else:
                found[plan.name] = plan.unknown if plan.name in unknown else plan.unstated
        return found

    def _lay(self, triggers: tuple[Trigger, ...], entity: Entity) -> None:
        """Lay out the rules of an entity: their conditions, and the quantities in their
        conclusions, begin to wait.

        Rules without conditions fire at once; those of which a condition is not met by the facts
        alone are left out.
        """
        index, known, supplied = entity.index, self.known[entity.index], self.case.supplied
        for trigger in triggers:
            if supplied and (index, trigger.attribute) in supplied:
                continue
            number, layer = len(self.hand), trigger.layer
            facts = []
            for condition, place in trigger.plain:
                outcomes = condition.remembered.get(known[condition.own]) if condition.own else None
                status = condition.answer(self, entity) if outcomes is None else STATUS[outcomes]
                if status == NOT_MET:
                    break
                facts.append((number, place, status))
            else:
                for quantity in trigger.quantities:
                    self.quantity(quantity, entity)
                if not facts and not trigger.waiting:
                    self._note(trigger, entity, MET)
                    continue
                self.conditions_of[layer] += facts
                self.hand.append((trigger, entity))
                for condition, place in trigger.waiting:
                    found = self.conditions.get((condition.number, index)) or self.condition(
                        condition, entity
                    )
                    found.serve(self, layer, number, place)

    # -- firing and concluding

    def _fire(self, layer: int) -> None:
        """Hand the condition facts of a layer to the network."""
        facts = self.conditions_of[layer]
        if facts:
            for number, status in NETWORK.fire(facts):
                self._note(*self.hand[number], status)

    def _note(self, trigger: Trigger, entity: Entity, status: Status) -> None:
        fired = self.fired.setdefault((trigger.node, entity.index), {})
        for rule in trigger.rules:
            fired[rule] = status

    def _conclude(self, layer: int, result: Trace) -> None:
        """Settle the attributes of a layer from the rules that fired, and make each a fact."""
        for number in self.plan.layers[layer]:
            node = self.plan.nodes[number]
            attribute = node.node.key.attribute
            for entity in self.by_kind.get(self.plan.kinds[number], ()):
                held, settled = settle(
                    self, node, entity, self.fired.get((number, entity.index), {})
                )
                result.settled[entity.index, attribute] = settled
                self.known[entity.index][attribute] = held
                for follower, place in self.awaited[entity.index].pop(attribute, ()):
                    follower.arrive(self, place)

    def _notify(self, result: Trace) -> None:
        """Notes and warnings."""
        for kind, rules in self.plan.notices.items():
            for entity in self.by_kind.get(kind, ()):
                fired = self.fired.get((-1, entity.index))
                if fired:
                    result.notices[entity.index] = tuple(
                        Firing(rules[each].id, fired[each], rules[each].findings(self, entity))
                        for each in sorted(fired)
                    )

    # -- what conditions and quantities ask for

    def follow(
        self,
        asked: PlannedExpression | TestPlan | ConditionPlan,
        follower: Follower,
        place: int,
        here: Entity,
        item: Entity | None,
    ) -> int:
        """Follow those inputs of what is asked that are not yet settled; how many these are."""
        pending = 0
        for way, attribute in asked.awaits:
            index = way(here, item).index
            if attribute not in self.known[index]:
                self.awaited[index].setdefault(attribute, []).append((follower, place))
                pending += 1
        for plan in asked.quantities:
            quantity = self.quantity(plan, here)
            if not quantity.settled:
                quantity.followers.append((follower, place))
                pending += 1
        return pending

    def condition(self, plan: ConditionPlan, here: Entity) -> Waiting:
        """A condition of an entity."""
        found = self.conditions.get((plan.number, here.index))
        if found is None:
            found = self.conditions[plan.number, here.index] = Waiting(self, plan, here)
        return found

    def quantity(self, plan: QuantityPlan, here: Entity) -> Quantity:
        """A quantity as seen from an entity."""
        found = self.quantities.get((plan.number, here.index))
        if found is None:
            found = self.quantities[plan.number, here.index] = Quantity(self, plan, here)
        return found

    def roster(self, plan: RosterPlan, here: Entity) -> Roster:
        """A collection as seen from an entity."""
        found = self.rosters.get((plan.number, here.index))
        if found is None:
            found = self.rosters[plan.number, here.index] = Roster(self, plan, here)
        return found

    def read(self, formula: PlannedExpression | None, here: Entity) -> Held:
        """What a conclusion gives, once everything that it reads is settled."""
        assert formula is not None
        return formula.read(self, here, None)
