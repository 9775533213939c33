"""The smallest sets of changes among the open facts of a formula, found by the solver."""

from __future__ import annotations

from rulewright.engines.answering import Answered
from rulewright.engines.solver.facts import OpenFact, Option
from rulewright.engines.solver.formula import Formula
from rulewright.engines.solver.smallest import Instead
from rulewright.engines.solver.smallest import Smallest as Search

from .confirming import Place, changed_fact, proposal
from .goals import Goal
from .record import Proposal, Smallest, StandIns

MOST_COUNTED = 200


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


def _stand_in(found: Instead) -> StandIns:
    fact = found.change[0]
    others = [f"{each.entity.path} > {each.attribute.name}" for each in found.others]
    return StandIns(fact.entity.path, fact.attribute.name, others, more=not found.all)
