"""Whether a check notices a mutant: only what the mutant may change is worked out again, and only
where it does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from rulewright.compiler.rebuilding import needed_by
from rulewright.engines.evaluator import Evaluation, evaluate
from rulewright.engines.result import MET, UNDECIDED, Firing, Trace
from rulewright.facts.cases import Entity, bind_case
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import Node, Program
from rulewright.ir.traversal import parameters_in
from rulewright.ir.types import Value
from rulewright.syntax.errors import EngineError, InputError
from rulewright.testing.suite import held

from .baseline import BaselineCheck
from .mutant import Effect, Mutant
from .mutants import changed_node


@dataclass
class Policy:
    """A policy as it is, with what its attributes read."""

    program: Program
    nodes: dict[NodeKey, Node] = field(init=False)
    needs: dict[NodeKey, set[NodeKey]] = field(init=False)
    # the parameters that an attribute's rules name
    named: dict[NodeKey, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.nodes = {node.key: node for node in self.program.nodes}
        self.needs = {
            node.key: needed_by(node, self.program.vocabulary) for node in self.program.nodes
        }
        self.named = {node.key: parameters_in(node.every_rule) for node in self.program.nodes}


@dataclass
class Under:
    """A policy under a mutant. changed: the attributes with other rules; notices: the kinds of
    entity with other notes.
    """

    program: Program
    edits: dict[NodeKey, list[tuple[Rule, Rule | None]]]
    whole: set[NodeKey]  # attributes where more changed than whether one rule fires
    changed: dict[NodeKey, Node]
    notices: set[Kind]
    parameters: set[str] = field(default_factory=set)


def under(policy: Policy, effect: Effect) -> Under | None:
    """The policy under a mutant, or `None` where the mutant changes nothing in it."""
    edits: dict[NodeKey, list[tuple[Rule, Rule | None]]] = {}
    notices: dict[Kind, dict[int, Rule | None]] = {}
    for where, old, new in effect.rules:
        if isinstance(where, NodeKey):
            edits.setdefault(where, []).append((old, new))
        else:
            notices.setdefault(where, {})[id(old)] = new
    changed: dict[NodeKey, Node] = {}
    whole: set[NodeKey] = set()
    for key, pairs in edits.items():
        old_node = policy.nodes[key]
        try:
            node = changed_node(old_node, [(key, old, new) for old, new in pairs])
        except InputError:
            return None
        changed[key] = node
        settles = [
            (each.above, each.apart, each.exhaustive, each.over_judgements)
            for each in (node, old_node)
        ]
        surely = settles[0] == settles[1]
        if not surely or any(
            old is old_node.otherwise or old.effect == "limit" for old, _ in pairs
        ):
            whole.add(key)
    program = replace(
        policy.program,
        digest="",
        nodes=tuple(changed.get(node.key, node) for node in policy.program.nodes),
    )
    if notices:
        program = replace(
            program,
            notices={
                kind: tuple(
                    new
                    for rule in rules
                    if (new := notices.get(kind, {}).get(id(rule), rule)) is not None
                )
                for kind, rules in program.notices.items()
            },
        )
    found = Under(program, edits, whole, changed, set(notices))
    if effect.parameters is not None:
        found.program = replace(found.program, parameters=effect.parameters)
        found.parameters = {
            name
            for name, each in effect.parameters.items()
            if each != policy.program.parameters[name]
        }
    if effect.withdrawals is not None:
        found.program = replace(found.program, withdrawals=effect.withdrawals)
    if effect.scope is not None:
        found.program = replace(found.program, scope=effect.scope)
    return found


class Noticing:
    """Tries mutants on the checks of one suite."""

    def __init__(self, trials: list[BaselineCheck], policies: Iterable[Program]) -> None:
        self.trials = trials
        self.policies = {program.policy: Policy(program) for program in policies}
        self.by_policy: dict[str, list[int]] = {}
        for index, trial in enumerate(trials):
            self.by_policy.setdefault(trial.policy, []).append(index)

    def noticed(self, mutant: Mutant) -> int | None:
        """The first check found that notices, or `None`; `parted` is then the first whose outcome
        is another nevertheless.
        """
        self.parted: int | None = None
        unders: dict[str, Under | None] = {}
        for index in self._in_order(mutant):
            trial = self.trials[index]
            if trial.policy not in unders:
                unders[trial.policy] = under(
                    self.policies[trial.policy], mutant.effects[trial.policy]
                )
            changed = unders[trial.policy]
            result = self.result(trial, changed) if changed is not None else None
            if changed is None or result is None:
                continue
            if _differs(trial, changed, result):
                return index
            if self.parted is None and _seen(trial, result):
                self.parted = index
        return None

    def _in_order(self, mutant: Mutant) -> list[int]:
        """Those first that name the rule or in which it fires: they are likely to notice."""
        name = mutant.rule.partition("@")[0]
        found = [index for policy in mutant.effects for index in self.by_policy.get(policy, ())]
        return sorted(
            found,
            key=lambda index: (
                name not in self.trials[index].named,
                name not in self.trials[index].fired,
                index,
            ),
        )

    def result(self, trial: BaselineCheck, changed: Under) -> Trace | None:
        """What comes of a case under a mutant, or `None`: the same as without it."""
        policy = self.policies[trial.policy]
        if changed.edits and not self._comes_out_otherwise(trial, changed):
            return None
        parameters = trial.answered.parameters
        begun = set(changed.changed)
        if changed.parameters:
            values = {
                name: each.at(trial.answered.as_at)
                for name, each in changed.program.parameters.items()
            }
            other = {name for name in changed.parameters if values[name] != parameters[name]}
            if not other:
                return None
            parameters = {**parameters, **{name: values[name] for name in other}}
            begun |= {key for key, names in policy.named.items() if names & other}
        result = self._again(trial, changed.program, parameters, begun)
        return (
            None
            if _equal(result, trial.result)
            and changed.program.withdrawals == policy.program.withdrawals
            else result
        )

    # -- does anything come out otherwise?

    def _comes_out_otherwise(self, trial: BaselineCheck, changed: Under) -> bool:
        evaluation = trial.evaluation
        with _Forgetting(evaluation):
            return any(self._node_differs(trial, changed, key) for key in changed.changed) or any(
                self._notice_differs(trial, changed, kind) for kind in changed.notices
            )

    def _node_differs(self, trial: BaselineCheck, changed: Under, key: NodeKey) -> bool:
        evaluation, node = trial.evaluation, changed.changed[key]
        for entity in trial.entities.get(key.kind, ()):
            if (entity.index, key.attribute) in trial.answered.case.supplied:
                continue
            if key in changed.whole:
                if (
                    evaluation.settle(node, entity)
                    != trial.result.settled[entity.index, key.attribute]
                ):
                    return True
            elif any(
                not _same(_fire(evaluation, old, entity), _fire(evaluation, new, entity))
                for old, new in changed.edits[key]
            ):
                return True
        return False

    def _notice_differs(self, trial: BaselineCheck, changed: Under, kind: Kind) -> bool:
        evaluation = trial.evaluation
        for entity in trial.entities.get(kind, ()):
            fired = tuple(
                f
                for f in (
                    evaluation.fire(rule, entity) for rule in changed.program.notices.get(kind, ())
                )
                if f is not None
            )
            if fired != trial.result.notices.get(entity.index, ()):
                return True
        return False

    # -- what comes of it

    def _again(
        self,
        trial: BaselineCheck,
        program: Program,
        parameters: dict[str, Value],
        begun: set[NodeKey],
    ) -> Trace:
        """The result of a case under a changed program: attributes that read nothing that came out
        otherwise stay.
        """
        policy = self.policies[trial.policy]
        answered = trial.answered
        new = Evaluation(program, answered.case, answered.as_at, parameters)
        new.asked, new.unstated = trial.evaluation.asked, trial.evaluation.unstated
        new.result.settled = settled = dict(trial.result.settled)
        other: set[NodeKey] = set()
        for node in program.nodes:
            if node.key in begun or not policy.needs[node.key].isdisjoint(other):
                for entity in trial.entities.get(node.key.kind, ()):
                    at = (entity.index, node.key.attribute)
                    before, settled[at] = settled[at], new.settle(node, entity)
                    if settled[at].possible != before.possible:
                        other.add(node.key)
        for kind, rules in program.notices.items():
            for entity in trial.entities.get(kind, ()):
                fired = tuple(
                    f for f in (new.fire(rule, entity) for rule in rules) if f is not None
                )
                if fired:
                    new.result.notices[entity.index] = fired
        root = answered.case.root
        new.result.scope = tuple(new.condition(each, root) for each in program.scope)
        new.result.withdrawn = tuple(
            new.condition(each.once, root) for each in program.withdrawals if each.once is not None
        )
        return new.result


def _differs(trial: BaselineCheck, changed: Under, result: Trace) -> bool:
    """Whether a check does not hold with what came of it under a mutant."""
    try:
        return bool(
            held(trial.check, replace(trial.answered, program=changed.program, result=result))
        )
    except (InputError, EngineError):
        return True


def _seen(trial: BaselineCheck, result: Trace) -> bool:
    """Whether an expectation could tell two results apart: other possible values, or other rules
    that decide or may fire.

    That a rule fires which another goes before cannot be expected, so it is left aside.
    """

    def told(each: Trace) -> list[object]:
        values = [
            (
                at,
                found.possible,
                [
                    (f.rule, f.status)
                    for f in found.firings
                    if not f.defeated or f.status == UNDECIDED
                ],
                [(f.rule, f.status, f.lowers) for f in found.limits],
                found.overruled,
            )
            for at, found in each.settled.items()
        ]
        return [
            values,
            [(at, [(f.rule, f.status) for f in found]) for at, found in each.notices.items()],
        ]

    return told(result) != told(trial.result)


def compiled_anew(trial: BaselineCheck, program: Program) -> tuple[bool, bool]:
    """Whether a check notices that its policy is another program altogether, and whether anything
    of the outcome is another.
    """
    answered = trial.answered
    try:
        case = bind_case(answered.text, program.vocabulary, program.idle, program.judged_as_one)
        parameters = {name: each.at(answered.as_at) for name, each in program.parameters.items()}
        result = evaluate(program, case, answered.as_at, parameters)
        noticed = bool(
            held(
                trial.check,
                replace(answered, program=program, case=case, parameters=parameters, result=result),
            )
        )
    except (InputError, EngineError):
        return True, True
    before = {
        (answered.case.entities[at].path, name): each.possible
        for (at, name), each in trial.result.settled.items()
    }
    after = {
        (case.entities[at].path, name): each.possible for (at, name), each in result.settled.items()
    }
    return noticed, any(after[place] != before[place] for place in before.keys() & after.keys())


def _fire(evaluation: Evaluation, rule: Rule | None, entity: Entity) -> Firing | None:
    return evaluation.fire(rule, entity) if rule is not None else None


def _same(one: Firing | None, other: Firing | None) -> bool:
    """Whether two firings have one effect.

    What an undecided condition looked at counts: it is named when facts are missing.
    """
    if one is None or other is None:
        return one is other
    return (one.status, one.gives) == (other.status, other.gives) and (
        one.status == MET or one.findings == other.findings
    )


def _equal(one: Trace, other: Trace) -> bool:
    return (
        one.settled == other.settled
        and one.notices == other.notices
        and one.scope == other.scope
        and one.withdrawn == other.withdrawn
    )


class _Forgetting:
    """What an evaluation remembers of a mutant's own conditions is forgotten afterwards, so that it
    does not grow.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.kept: tuple[dict[Any, Any], ...] = (
            evaluation.collections,
            evaluation.found,
            evaluation.tallies,
            evaluation.columns,
        )

    def __enter__(self) -> None:
        self.sizes = [len(each) for each in self.kept]

    def __exit__(self, *_: object) -> None:
        for each, size in zip(self.kept, self.sizes, strict=True):
            while len(each) > size:
                each.popitem()


__all__ = ["Noticing", "Policy", "Under", "compiled_anew", "under"]
