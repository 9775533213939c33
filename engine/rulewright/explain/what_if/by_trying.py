"""Changes tried one set after the other, where there is no formula of sensible size: exact as far as it looks, and it says how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from rulewright.engines.answering import Answered
from rulewright.engines.reference import evaluate
from rulewright.engines.solver.facts import Present, other_values, present
from rulewright.engines.solver.formula import asked_whether_known
from rulewright.language.cases import Entity
from rulewright.language.entities import with_facts
from rulewright.language.types import Value
from rulewright.language.vocabulary import Attribute
from rulewright.program.nodes import NodeKey

from .changing import Goal, changed_fact, proposal
from .fixing import Fixing
from .naming import paths
from .record import Smallest, WhatIf

Place = tuple[int, str]
MOST_WORK = 400_000  # attributes that are worked out for all that is tried: some seconds


@dataclass(frozen=True)
class Fact:
    """A fact that may change, and its other values, each with how far it is away."""

    entity: Entity
    name: str
    attribute: Attribute
    now: Present
    others: list[tuple[Value, int]]


Changes = list[tuple[Fact, Value, int]]


def by_trying(record: WhatIf, answered: Answered, place: Place, goal: Goal, fixing: Fixing, most: int) -> None:
    """Put the smallest sets of changes into a record, as `changing.add_smallest` does, looked for within a number of runs."""
    facts, not_listed = _facts(answered, fixing)
    record.not_tried = paths(answered, not_listed)
    record.standing = paths(answered, sorted([*answered.case.supplied, *answered.case.judged]))
    left = max(100, MOST_WORK // len(answered.result.settled))
    found: list[Changes] = []
    size, bound = 0, ""
    for size in range(len(facts) + 1):
        for changes in _sets(facts, size):
            if left == 0:
                fewer = f"all sets of fewer than {size} changes were tried, and some of {size}"
                bound = fewer if size > 1 else "only some single changes were tried"
                break
            left -= 1
            result = evaluate(answered.program, with_facts(answered.case, _values(changes)), answered.as_at, answered.parameters)
            if goal.reached(result.settled[place].possible):
                found.append(changes)
        if found or bound:
            break
    smallest = record.smallest = Smallest(goal.aim, goal.wanted, size if found else None, len(facts),
                                          proved=bool(found) or not bound, bound=bound, more=bool(found and bound))  # fmt: skip
    if size == 0:
        return
    smallest.how_many = len(found)
    smallest.facts = 0 if smallest.more else len({id(fact) for changes in found for fact, _, _ in changes})
    for changes in sorted(found, key=_rank)[:most]:
        words = [changed_fact(fact.entity, fact.attribute, fact.now, value) for fact, value, _ in changes]
        smallest.proposals.append(proposal(answered, place, goal, _values(changes), words, _distance(changes)))


def _facts(answered: Answered, fixing: Fixing) -> tuple[list[Fact], list[Place]]:
    """The facts that some rule reads and that may change; and those whose values cannot be listed."""
    program, asked = answered.program, asked_whether_known(answered.program)
    found: list[Fact] = []
    not_listed: list[Place] = []
    for entity in answered.case.entities:
        for name, attribute in sorted(program.vocabulary.entities[entity.type].attributes.items()):
            read = NodeKey(entity.type, entity.parent_type, entity.member, name) in program.asks
            if not (attribute.given and read and fixing.may_change(entity, name)):
                continue
            now = present(entity, name, attribute)
            others = other_values(attribute, now, name in asked)
            if others is None:
                not_listed.append((entity.index, name))
            else:
                found.append(Fact(entity, name, attribute, now, others))
    return found, not_listed


def _sets(facts: list[Fact], size: int) -> Iterator[Changes]:
    for chosen in combinations(facts, size):
        for values in product(*(fact.others for fact in chosen)):
            yield [(fact, value, far) for fact, (value, far) in zip(chosen, values, strict=True)]


def _values(changes: Changes) -> dict[Place, Value]:
    return {(fact.entity.index, fact.name): value for fact, value, _ in changes}


def _distance(changes: Changes) -> int:
    return sum(far for _, _, far in changes)


def _rank(changes: Changes) -> tuple[int, list[tuple[int, str, int]]]:
    """As the solver's sets are ranked: see `solver.smallest`."""
    places = [(fact.entity.index, fact.name, [each for each, _ in fact.others].index(value)) for fact, value, _ in changes]
    return _distance(changes), places
