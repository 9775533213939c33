"""Which conditions mattered, worked out the slow way: a program is made in which the condition is
certain, and the case run again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from rulewright.coverage.relevance import Weighing, essence
from rulewright.coverage.written_rules import ConditionKey, Path, UnrolledRule, WrittenPolicy
from rulewright.engines.evaluator import evaluate
from rulewright.engines.result import MET, NOT_MET, Status, Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Compare, Condition, Joined, Kind, Literal, Rule
from rulewright.ir.program import Program
from rulewright.ir.types import Number

from .properties import AS_AT_DAY, parameters_of

ONE = Number(True)


def weighed(program: Program, case: Case) -> Weighing:
    """The case, run."""
    found = Weighing(program, case, AS_AT_DAY, parameters_of(program))
    found.run()
    return found


def mattered(policy: WrittenPolicy, case: Case) -> Iterator[tuple[ConditionKey, Status]]:
    """Every condition of every rule that mattered in a case, and how it came out."""
    program = policy.program
    run = weighed(program, case)
    for each in policy.unrolled:
        entities = [one for one in case.entities if Kind.of(one) == each.kind]
        for leaf, holds in product(each.leaves if entities else (), (True, False)):
            changed = with_rule(program, each, forced(each.rule, leaf.path, holds))
            other = evaluate(changed, case, AS_AT_DAY, parameters_of(program))
            for entity in entities:
                status = run.condition(leaf.condition, entity).status
                if status != (MET if holds else NOT_MET) and differs(
                    each, case, entity, run.result, other
                ):
                    yield leaf.key, status


def forced(rule: Rule, path: Path, holds: bool) -> Rule:
    """A rule in which the condition at `path` always holds, or never."""
    body = Compare(Literal(1, ONE), "is", (Literal(1 if holds else 2, ONE),))

    def put(conditions: tuple[Condition, ...], path: Path) -> tuple[Condition, ...]:
        number, *rest = path
        here = conditions[number]
        if rest:
            assert isinstance(here.body, Joined)
            new = replace(here, body=replace(here.body, parts=put(here.body.parts, tuple(rest))))
        else:
            new = replace(here, body=body)
        return (*conditions[:number], new, *conditions[number + 1 :])

    return replace(rule, conditions=put(rule.conditions, path))


def with_rule(program: Program, each: UnrolledRule, rule: Rule) -> Program:
    """The program with another rule in the place of one, and all else as it was."""
    if each.node is None:
        kind = {
            each.kind: tuple(
                rule if one is each.rule else one for one in program.notices[each.kind]
            )
        }
        return replace(program, notices={**program.notices, **kind})
    node = replace(
        each.node,
        rules=tuple(rule if one is each.rule else one for one in each.node.rules),
        limits=tuple(rule if one is each.rule else one for one in each.node.limits),
    )
    number = program.nodes.index(each.node)  # what stands behind it has no effect on it
    return replace(
        program, nodes=(*program.nodes[:number], node), notices={}, scope=(), withdrawals=()
    )


def differs(each: UnrolledRule, case: Case, entity: Entity, one: Trace, other: Trace) -> bool:
    """Whether the outcome of the rule's attribute, or its note, is another."""
    if each.node is None:
        return said(one, entity, each) != said(other, entity, each)
    at = (entity.index, each.node.key.attribute)
    return at not in case.supplied and essence(one.settled[at]) != essence(other.settled[at])


def said(result: Trace, entity: Entity, each: UnrolledRule) -> list[Status]:
    return [
        firing.status
        for firing in result.notices.get(entity.index, ())
        if firing.rule == each.rule.id
    ]
