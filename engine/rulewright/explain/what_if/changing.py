"""The smallest changes that give a value, or lose the present one: found by the solver, each answered again by both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rulewright.engines.answering import Answered
from rulewright.engines.result import Possible
from rulewright.engines.running import run
from rulewright.engines.solver.circuit import Lit
from rulewright.engines.solver.facts import OpenFact, Option, Present
from rulewright.engines.solver.formula import Formula
from rulewright.engines.solver.numbers import NotExpressible
from rulewright.engines.solver.smallest import Instead
from rulewright.engines.solver.smallest import Smallest as Search
from rulewright.language.cases import Entity
from rulewright.language.entities import with_facts
from rulewright.language.errors import EngineError
from rulewright.language.types import Value
from rulewright.language.vocabulary import Attribute

from .fixing import Fixing
from .naming import paths
from .record import ChangedFact, Proposal, Smallest, StandIns, WhatIf

Place = tuple[int, str]
MOST_SHOWN = 20
MOST_COUNTED = 200


@dataclass(frozen=True)
class Goal:
    """What is asked for. `wanted`: the value in words; `reached`: whether possible values are it; `literal`: the same, in a formula."""

    aim: Literal["have", "lose", "end conflict"]
    wanted: str
    reached: Callable[[Possible], bool]
    literal: Callable[[Formula], Lit]


def goal_to_have(wanted: Value, words: str) -> Goal:
    """That the attribute is determined, and is `wanted` (`None`: no value)."""
    return Goal("have", words, lambda found: found.determined and found.value == wanted, lambda formula: formula.is_just(wanted))


def goal_to_lose(present: Value, words: str) -> Goal:
    """That the attribute is no longer determined to be what it is."""
    return Goal("lose", words, lambda found: not (found.determined and found.value == present),
                lambda formula: -formula.is_just(present))  # fmt: skip


def goal_to_end_the_conflict() -> Goal:
    """That the attribute has one value, or none."""
    return Goal("end conflict", "conflict", lambda found: found.determined, lambda formula: formula.is_determined())


def add_smallest(record: WhatIf, answered: Answered, place: Place, goal: Goal, fixing: Fixing, most: int) -> None:
    """Put the smallest sets of changes into a record, with what was not tried and what stays.

    Raises `EngineError` where the engines do not confirm what the solver found.
    """
    case = answered.case
    entity = case.entities[place[0]]
    try:
        formula = Formula(answered.program, case, answered.as_at, answered.parameters, entity, place[1], fixing.may_change)
    except NotExpressible:
        from .by_trying import by_trying

        by_trying(record, answered, place, goal, fixing, most)
        return
    record.smallest = smallest_of(formula, answered, place, goal, most)
    record.not_tried, record.standing = paths(answered, formula.fixed), paths(answered, formula.standing)


def smallest_of(formula: Formula, answered: Answered, place: Place, goal: Goal, most: int) -> Smallest:
    """The smallest sets of changes among the open facts of a formula. Raises `EngineError` where the engines do not confirm one."""
    search = Search(formula, goal.literal(formula))
    try:
        found = search.ranked(most, MOST_COUNTED)
        more = found.how_many > len(found.sets)
        stand_ins = search.instead(found.sets[0]) if more and search.size else []
    finally:
        search.close()
    smallest = Smallest(goal.aim, goal.wanted, search.size, len(search.facts), proved=True, facts=found.facts,
                        how_many=min(found.how_many, MOST_COUNTED), more=found.how_many > MOST_COUNTED)  # fmt: skip
    for each in found.sets:
        proposed = _proposed(answered, place, goal, each)
        proposed.other_values = found.has_further(each)
        smallest.proposals.append(proposed)
    smallest.stand_ins = [_stand_in(each) for each in stand_ins if each.others]
    return smallest


def _proposed(answered: Answered, place: Place, goal: Goal, changes: list[tuple[OpenFact, Option]]) -> Proposal:
    values = {(fact.entity.index, fact.key): option.value for fact, option in changes}
    words = [changed_fact(fact.entity, fact.attribute, fact.now, option.value) for fact, option in changes]
    return proposal(answered, place, goal, values, words, sum(option.distance for _, option in changes))


def proposal(answered: Answered, place: Place, goal: Goal, values: dict[Place, Value], words: list[ChangedFact], far: int) -> Proposal:
    """A set of changes, with what it gives: both engines are asked. Raises `EngineError` where that is not the goal."""
    case = with_facts(answered.case, values)
    result = run(answered.program, case, answered.as_at, answered.parameters)[0]
    possible = result.settled[place].possible
    entity = case.entities[place[0]]
    if not goal.reached(possible):
        raise EngineError(f"the engines do not confirm a change of `{entity.path} > {place[1]}` that was found")
    kind = answered.program.vocabulary.entities[entity.type].attributes[place[1]].type
    return Proposal(words, far, possible.show(kind))


def changed_fact(entity: Entity, attribute: Attribute, now: Present, then: Value) -> ChangedFact:
    """A change in words."""
    def told(value: Value) -> str:
        return "none" if value is None else attribute.type.show(value)

    is_now = "missing" if now.missing else told(now.possible.value)
    restated = not now.missing and not now.stated and now.possible.value == then
    if not now.missing and not now.stated:
        is_now += " (not stated: the default)"
    return ChangedFact(entity.path, attribute.name, is_now, told(then) + (" (stated)" if restated else ""))


def _stand_in(found: Instead) -> StandIns:
    fact = found.change[0]
    others = [f"{each.entity.path} > {each.attribute.name}" for each in found.others]
    return StandIns(fact.entity.path, fact.attribute.name, others, more=not found.all)
