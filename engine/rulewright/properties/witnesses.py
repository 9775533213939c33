"""The solver's answers, as cases: the same one each time, with as little in it as shows the
point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rulewright.ir.types import Scale, Value
from rulewright.solver.case_spaces import BetterFacts, SpaceFacts, encoded
from rulewright.solver.circuit import FALSE, TRUE, Circuit, Lit
from rulewright.solver.formula import Asking
from rulewright.solver.numbers import NumberGates
from rulewright.solver.open_facts import OpenFact, Option

from .answers import not_confirmed
from .case_writer import FoundCase
from .reader import Posed
from .spaces import At


class SpaceQuestion:
    """The cases of a space as a formula, and the solver that is asked about them.

    inside: a case is one of the space. found: the cases that were found, as they are shown.
    """

    def __init__(self, posed: Posed) -> None:
        answered, space = posed.answered, posed.space
        self.posed = posed
        self.circuit = Circuit()
        self.facts = SpaceFacts(
            self.circuit, NumberGates(self.circuit), space.case, space.vocabulary, space.values
        )
        self.encoding = encoded(
            posed.asking, space.case, answered.as_at, answered.parameters, self.facts
        )
        self.inside = self.circuit.all(
            self.encoding.conditions.condition(each, space.case.root).met for each in posed.limits
        )
        self.asking = Asking(self.circuit)
        self.found: list[FoundCase] = []

    def second(self) -> BetterFacts:
        """The facts of a second case, as good as the first or better."""
        return BetterFacts(self.facts, self.posed.orders)

    def settle(self, given: list[Lit], facts: SpaceFacts) -> dict[At, Option]:
        """Of the cases in which all of `given` holds the first: each fact in turn with the plainest
        value that is left to it.

        There is such a case. What is chosen is put into `given`.
        """
        if not self.asking.holds(given):
            raise not_confirmed(self.posed)
        chosen: dict[At, Option] = {}
        there = self._chosen(facts)
        for at in sorted(facts.open):
            fact = facts.open[at]
            for option in _plainest_first(fact, self.posed.orders.get(at, ())):
                if there[at] != option.lit and not self.asking.holds([*given, option.lit]):
                    continue
                if there[at] != option.lit:
                    there = self._chosen(facts)
                given.append(option.lit)
                chosen[at] = option
                break
        return chosen

    def what_matters(self, given: list[Lit], goal: Lit, chosen: Mapping[At, Option]) -> list[At]:
        """The facts without which the goal might not hold: whatever the others are, as long as
        `given` holds, it does.
        """
        kept = list(chosen)

        def let_go(group: list[At]) -> None:
            left = [at for at in kept if at not in group]
            if not group:
                return
            if not self.asking.holds([*given, *(chosen[at].lit for at in left), -goal]):
                kept[:] = left
            elif len(group) > 1:  # half of them at a time: most facts do not matter
                let_go(group[: len(group) // 2])
                let_go(group[len(group) // 2 :])

        let_go(list(chosen))
        return kept

    def _chosen(self, facts: SpaceFacts) -> dict[At, Lit]:
        return {
            at: next(each.lit for each in fact.options if self.asking.chosen(each.lit))
            for at, fact in facts.open.items()
        }

    def fewest(self, given: list[Lit], lits: Sequence[Lit]) -> None:
        """Put into `given` that as few of these hold as can be, and which: the first ones.

        There is a way.
        """
        counted = self.circuit.counted([each for each in lits if each not in (TRUE, FALSE)])
        for most in counted:
            if self.asking.holds([*given, -most]):
                given.append(-most)
                break
        for each in lits:
            if each not in (TRUE, FALSE):
                given.append(each if self.asking.holds([*given, each]) else -each)

    def first(self, given: list[Lit], lits: Sequence[Lit]) -> None:
        """Put into `given` the first of these that can hold."""
        for lit in lits:
            if self.asking.holds([*given, lit]):
                given.append(lit)
                return

    def close(self) -> None:
        """Give back the solver's memory."""
        self.asking.close()

    def __enter__(self) -> SpaceQuestion:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _plainest_first(fact: OpenFact, order: Sequence[Value]) -> list[Option]:
    """The options of a fact: its default first, else the best where its values have an order, else
    as declared.
    """
    attribute = fact.attribute
    if not order and isinstance(attribute.type, Scale):
        order = attribute.type.order
    rank: dict[Value, int] = {value: -index for index, value in enumerate(order, 1)}
    if attribute.has_default:
        rank[attribute.default] = -len(order) - 1
    return sorted(fact.options, key=lambda each: rank.get(each.value, 0))
