"""The smallest changes that give a value, or lose the present one: found by the solver, each answered again by both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rulewright.engines.answering import Answered
from rulewright.engines.result import Possible
from rulewright.engines.running import run
from rulewright.engines.solver.circuit import Lit
from rulewright.engines.solver.facts import OpenFact, Option
from rulewright.engines.solver.formula import Formula
from rulewright.engines.solver.numbers import NotExpressible
from rulewright.engines.solver.smallest import Instead
from rulewright.engines.solver.smallest import Smallest as Search
from rulewright.language.cases import Entity
from rulewright.language.entities import with_facts
from rulewright.language.errors import EngineError
from rulewright.language.types import Type, Value

from .by_trying import by_trying
from .fixing import Fixing
from .record import ChangedFact, Proposal, Smallest, StandIns

Change = tuple[OpenFact, Option]
MOST_SHOWN = 20
MOST_COUNTED = 200


@dataclass(frozen=True)
class Goal:
    """What is asked for. `words`: how it is told; `reached`: whether possible values are it; `literal`: the same, in a formula."""

    words: str
    reached: Callable[[Possible], bool]
    literal: Callable[[Formula], Lit]


def goal_to(wanted: Value, words: str) -> Goal:
    """That the attribute is determined, and is `wanted` (`None`: no value)."""
    return Goal(words, lambda found: found.determined and found.value == wanted, lambda formula: formula.is_just(wanted))


def goal_to_lose(present: Value, words: str) -> Goal:
    """That the attribute is no longer determined to be what it is."""
    return Goal(f"anything but {words}", lambda found: not (found.determined and found.value == present),
                lambda formula: -formula.is_just(present))  # fmt: skip


def smallest(answered: Answered, entity: Entity, attribute: str, goal: Goal, fixing: Fixing, most: int = MOST_SHOWN,
             counted: int = MOST_COUNTED) -> tuple[Smallest, list[str]]:  # fmt: skip
    """The smallest sets of changes, and the facts that were not tried because their values cannot be listed.

    Raises `EngineError` where the engines do not confirm what the solver found.
    """
    try:
        formula = Formula(answered.program, answered.case, answered.as_at, answered.parameters, entity, attribute, fixing.may_change)
    except NotExpressible:
        return by_trying(answered, entity, attribute, goal.reached, goal.words, fixing, most)
    search = Search(formula, goal.literal(formula))
    try:
        ranked, how_many = search.ranked(most, counted)
        stand_ins = search.instead(ranked[0]) if ranked and search.size else []
    finally:
        search.close()
    record = Smallest(goal.words, search.size, proved=True, how_many=min(how_many, counted), more=how_many > counted)
    record.proposals = [_proposal(answered, entity, attribute, goal, each) for each in ranked]
    record.stand_ins = [_stand_in(each) for each in stand_ins if each.others]
    case = answered.case
    not_tried = [f"{case.entities[index].path} > {_name(answered, case.entities[index], name)}" for index, name in formula.fixed]
    return record, not_tried


def _proposal(answered: Answered, entity: Entity, attribute: str, goal: Goal, changes: list[Change]) -> Proposal:
    values = {(fact.entity.index, fact.key): option.value for fact, option in changes}
    case = with_facts(answered.case, values)
    result = run(answered.program, case, answered.as_at, answered.parameters)[0]
    possible = result.settled[entity.index, attribute].possible
    if not goal.reached(possible):
        raise EngineError(f"the solver and the engines disagree about `{entity.path} > {attribute}`")
    kind = answered.program.vocabulary.entities[entity.type].attributes[attribute].type
    return Proposal([changed_fact(fact.entity, fact.attribute.name, fact.attribute.type, fact.current, fact.stated, option.value)
                     for fact, option in changes], sum(option.distance for _, option in changes), possible.show(kind))  # fmt: skip


def changed_fact(entity: Entity, name: str, kind: Type, now: Possible, stated: bool, then: Value) -> ChangedFact:
    """A change in words."""
    if not now.determined:
        words = "missing"
    else:
        words = "none" if now.value is None else kind.show(now.value)
        words += "" if stated else " (not stated: the default)"
    return ChangedFact(entity.path, name, words, "none" if then is None else kind.show(then))


def _stand_in(found: Instead) -> StandIns:
    fact = found.change[0]
    others = [f"{each.entity.path} > {each.attribute.name}" for each in found.others]
    return StandIns(fact.entity.path, fact.attribute.name, others, more=not found.all)


def _name(answered: Answered, entity: Entity, name: str) -> str:
    return answered.program.vocabulary.entities[entity.type].attributes[name].name
