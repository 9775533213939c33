"""A set of changes that was found, answered again by both engines and put in words."""

from __future__ import annotations

from rulewright.engines.answering import Answered
from rulewright.engines.running import run
from rulewright.engines.solver.facts import Present
from rulewright.language.cases import Entity
from rulewright.language.entities import with_facts
from rulewright.language.errors import EngineError
from rulewright.language.types import Value
from rulewright.language.vocabulary import Attribute

from .goals import Goal
from .record import ChangedFact, Proposal

Place = tuple[int, str]


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
    is_now = "missing" if now.missing else attribute.show(now.possible.value)
    restated = not now.missing and not now.stated and now.possible.value == then
    if not now.missing and not now.stated:
        is_now += " (not stated: the default)"
    return ChangedFact(entity.path, attribute.name, is_now, attribute.show(then) + (" (stated)" if restated else ""))
