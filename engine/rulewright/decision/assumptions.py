"""Which interpretations a decision relies on: those of rules that fired, and those behind
parameters, defaults and the policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from rulewright.engines.calculus import cap
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import NOT_MET, Possible, Settled
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import (
    Compare,
    Condition,
    Expression,
    Kind,
    NodeKey,
    Noun,
    Quantified,
    Rule,
)
from rulewright.ir.program import Interpretation, Node, Program
from rulewright.ir.traversal import parameters_in
from rulewright.ir.types import Value

from .outcome import FiringShown, InterpretationShown, Relied
from .tracer import shown


class Assumptions:
    """What one case relies on. `evaluation`: the case, answered."""

    def __init__(
        self, program: Program, case: Case, evaluation: Evaluation, parameters: dict[str, Value]
    ) -> None:
        self.program, self.case, self.evaluation, self.parameters = (
            program,
            case,
            evaluation,
            parameters,
        )
        self._names: dict[int, frozenset[str]] = {}

    def shown(
        self,
        firings: Iterable[FiringShown],
        defaults: dict[NodeKey, Relied],
        changed: frozenset[str],
    ) -> list[InterpretationShown]:
        """The interpretations by their ids. changed: the parameters that were set for this run."""
        found: dict[str, list[str]] = {
            name: [] for firing in firings for name in firing.interpretations
        }
        if self.program.interpretation:
            found.setdefault(self.program.interpretation, []).append(
                f"the policy {self.program.policy}"
            )
        parameters, of_silent = self._of_rules()
        for name in sorted(parameters - changed):
            declared = self.program.parameters[name]
            for each in behind_parameter(self.program, name):
                found.setdefault(each, []).append(
                    f"{declared.name}: {shown(self.parameters[name], declared.type)}"
                )
        for node, relied in sorted(defaults.items()):
            for each in _bearing_on(self.program, f"{node.entity} > {node.attribute}"):
                found.setdefault(each, []).append(
                    f"{relied.attribute}, where it is not stated: {relied.value}"
                )
        silent = {name: sorted(rules) for name, rules in of_silent.items() if name not in found}
        known = self.program.interpretations
        names = sorted((found.keys() | silent.keys()) & known.keys())
        return [_shown(known[name], found.get(name, []), silent.get(name, [])) for name in names]

    def names_in(self, written: Condition | Expression) -> frozenset[str]:
        """The parameters in a condition or expression."""
        found = self._names.get(id(written))
        if found is None:
            inside = written.body if isinstance(written, Condition) else written
            found = self._names[id(written)] = frozenset(parameters_in(inside))
        return found

    # -- parameters

    @cached_property
    def _assumed(self) -> frozenset[str]:
        """The parameters that rest on an interpretation."""
        return frozenset(
            name for name in self.program.parameters if behind_parameter(self.program, name)
        )

    def _of_rules(self) -> tuple[set[str], dict[str, set[str]]]:
        """The assumed parameters that a rule which fired names, or that alone keep a rule from
        changing an answer.

        And the interpretations of rules that did not fire and might have changed an answer, each
        with these rules as written.
        """
        parameters: set[str] = set()
        silent: dict[str, set[str]] = {}
        for entity in self.case.entities:
            kind = Kind.of(entity)
            for node in self.program.nodes_of(kind):
                settled = self.evaluation.result.settled[entity.index, node.key.attribute]
                heard = {each.rule for each in (*settled.firings, *settled.limits)}
                for rule in node.every_rule if settled.origin != "supplied" else ():
                    names = self._rule_names(rule)
                    if rule.id in heard:
                        parameters |= names
                    elif (
                        rule is not node.otherwise
                        and (names or rule.interpretations)
                        and self._might_matter(rule, node, settled, entity)
                    ):
                        parameters |= names if names and self._alone(rule, entity) else frozenset()
                        for name in rule.interpretations:
                            silent.setdefault(name, set()).add(rule.written)
            for rule in self.program.notices.get(kind, ()):
                names = self._rule_names(rule)
                parameters |= names if names and self._alone(rule, entity) else frozenset()
        for condition in (
            *self.program.scope,
            *(each.once for each in self.program.withdrawals if each.once is not None),
        ):
            parameters |= self.names_in(condition) & self._assumed
        return parameters, silent

    def _rule_names(self, rule: Rule) -> frozenset[str]:
        """The assumed parameters that a rule names."""
        if not self._assumed:
            return self._assumed
        written: list[Condition | Expression] = [
            *rule.conditions,
            *([rule.value] if rule.value is not None else []),
        ]
        return frozenset().union(*(self.names_in(each) for each in written)) & self._assumed

    def _alone(self, rule: Rule, entity: Entity) -> bool:
        """Whether it fired or may, or only assumed parameters keep it from that."""
        return all(
            self._hinges(each, entity)
            for each in rule.conditions
            if self.evaluation.condition(each, entity).status == NOT_MET
        )

    def _hinges(self, condition: Condition, entity: Entity) -> bool:
        """Whether another value of an assumed parameter might let a condition hold: not where
        nothing is there to compare with it.
        """
        if not self.names_in(condition) & self._assumed:
            return False
        match condition.body:
            case Compare(left):
                return not _nothing(self.evaluation.value(left, entity))
            case Quantified(_, collection, Compare(left)) if isinstance(left, Noun):
                items = [
                    each.entity
                    for each in self.evaluation.items(collection, entity)
                    if each.present
                ]
                return any(
                    not _nothing(self.evaluation.value(left, entity, each)) for each in items
                )
        return True

    def _might_matter(self, rule: Rule, node: Node, settled: Settled, entity: Entity) -> bool:
        """Whether a rule that did not fire gives, or limits to, something other than the rules
        gave, and none that fired defeats it.
        """
        if rule.effect == "limit":
            return would_lower(rule, node, settled, entity, self.evaluation)
        given = settled.given
        assert rule.value is not None
        index = next(i for i, each in enumerate(node.rules) if each.id == rule.id)
        defeated = any(
            node.rules[above].id == each.rule and each.status != NOT_MET and not each.defeated
            for each in settled.firings
            for above in node.above[index]
        )
        return not defeated and not (
            given.determined and self.evaluation.value(rule.value, entity) == given
        )


def would_lower(
    limit: Rule, node: Node, settled: Settled, entity: Entity, evaluation: Evaluation
) -> bool:
    """Whether a limit would lower what the rules gave, if it acted."""
    assert limit.value is not None
    return (
        cap(settled.given, evaluation.value(limit.value, entity).value, node.attribute.type)
        != settled.given
    )


def behind_parameter(program: Program, name: str) -> list[str]:
    """The interpretations on which the value of a parameter rests."""
    own = program.parameters[name].interpretation
    return list(dict.fromkeys([*([own] if own else []), *_bearing_on(program, name)]))


def _bearing_on(program: Program, target: str) -> list[str]:
    return [name for name, each in program.interpretations.items() if target in each.bears_on]


def _nothing(possible: Possible) -> bool:
    return possible.no_value and possible.values == ()


def _shown(found: Interpretation, resting: list[str], not_fired: list[str]) -> InterpretationShown:
    return InterpretationShown(
        found.id,
        found.assumed,
        found.because,
        found.mark,
        [each.name for each in found.readings],
        list(dict.fromkeys(resting)),
        not_fired,
    )
