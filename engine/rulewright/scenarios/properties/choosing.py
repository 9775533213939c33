"""The solver's answers, as cases: the same one each time, with as little in it as shows the point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rulewright.engines.solver.circuit import FALSE, TRUE, Circuit, Lit
from rulewright.engines.solver.facts import OpenFact
from rulewright.engines.solver.formula import Asking
from rulewright.engines.solver.numbers import Numbers
from rulewright.engines.solver.spaces import BetterFacts, SpaceFacts, encoded
from rulewright.language.types import Value
from rulewright.program.nodes import Known
from rulewright.program.walking import pieces

from .posing import Posed
from .spaces import At
from .writing import Found

Facts = dict[At, Value]


class Question:
    """The cases of a space as a formula, and the solver that is asked about them.

    inside: a case is one of the space. found: the cases that were found, as they are shown.
    """

    def __init__(self, posed: Posed) -> None:
        answered, space = posed.answered, posed.space
        self.posed = posed
        self.circuit = Circuit()
        self.facts = SpaceFacts(self.circuit, Numbers(self.circuit), space.case, space.vocabulary, space.values)
        self.encoding = encoded(posed.asking, space.case, answered.as_at, answered.parameters, self.facts)
        self.inside = self.circuit.all(self.encoding.conditions.condition(each, space.case.root).met for each in posed.limits)
        self.asking = Asking(self.circuit)
        self.found: list[Found] = []

    def second(self) -> BetterFacts:
        """The facts of a second case, as good as the first or better."""
        return BetterFacts(self.facts, self.posed.orders)

    def settle(self, given: list[Lit], facts: SpaceFacts) -> Facts | None:
        """Of the cases in which all of `given` holds the first: each fact in turn with the best value that is left to it.

        What is chosen is put into `given`. `None` where there is no such case.
        """
        if not self.asking.holds(given):
            return None
        chosen: Facts = {}
        there = self._chosen(facts)
        for at in sorted(facts.open):
            fact = facts.open[at]
            for option in _best_first(fact, self.posed.orders.get(at, ())):
                if there.get(at) != option and not self.asking.holds([*given, option]):
                    continue
                if there.get(at) != option:
                    there = self._chosen(facts)
                given.append(option)
                break
            chosen[at] = next(each.value for each in fact.options if each.lit == given[-1])
        return chosen

    def _chosen(self, facts: SpaceFacts) -> dict[At, Lit]:
        return {at: next(each.lit for each in fact.options if self.asking.chosen(each.lit)) for at, fact in facts.open.items()}

    def fewest(self, given: list[Lit], lits: Sequence[Lit]) -> None:
        """Put into `given` that as few of these hold as can be, and which: the first ones. There is a way."""
        counted = self.circuit.counted([each for each in lits if each not in (TRUE, FALSE)])
        for most in counted:
            if self.asking.holds([*given, -most]):
                given.append(-most)
                break
        for each in lits:
            if each not in (TRUE, FALSE):
                given.append(each if self.asking.holds([*given, each]) else -each)

    def fewest_steps(self, given: list[Lit], steps: Sequence[Sequence[Lit]]) -> None:
        """Put into `given` the first of these that can hold."""
        for lit in (each for few in steps for each in few):
            if self.asking.holds([*given, lit]):
                given.append(lit)
                return

    def close(self) -> None:
        """Give back the solver's memory."""
        self.asking.close()

    def __enter__(self) -> Question:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _best_first(fact: OpenFact, order: Sequence[Value]) -> list[Lit]:
    """The options of a fact, the best first where it has an order, else as declared."""
    rank = {value: index for index, value in enumerate(order)}
    options = sorted(fact.options, key=lambda each: -rank[each.value] if each.value in rank else 1)
    return [each.lit for each in options]


def what_matters(posed: Posed, facts: Mapping[At, Value], holds: Callable[[Iterable[At]], bool]) -> list[At]:
    """The facts without which the point would no longer be shown: each left open in turn, as long as the others show it.

    holds: whether it is still shown while these facts are missing. What a missing fact leaves determined is so whatever the fact is,
    but for rules that ask whether it is stated: such facts stay.
    """
    asked = _asked_whether_stated(posed)
    left_open: list[At] = []
    kept: list[At] = []
    for at in facts:
        if at[1] not in asked and holds([*left_open, at]):
            left_open.append(at)
        else:
            kept.append(at)
    return kept


def _asked_whether_stated(posed: Posed) -> frozenset[str]:
    program = posed.asking
    rules = [rule for node in program.nodes for rule in (*node.rules, *node.limits, *([node.otherwise] if node.otherwise else []))]
    rules += [rule for notices in program.notices.values() for rule in notices]
    return frozenset(each.noun.attribute for each in pieces(*rules) if isinstance(each, Known) and each.noun.given)
