"""The smallest changes that give a value, or lose the present one: by the solver where there is a
formula, else by trying.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rulewright.decision.answered import Answered
from rulewright.ir.types import Value
from rulewright.solver.circuit import Lit
from rulewright.solver.formula import Asking, Formula
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.open_facts import OpenFact, Option
from rulewright.solver.samples import Samples, TooManyWays
from rulewright.solver.smallest_sets import FEW, Instead
from rulewright.solver.smallest_sets import SmallestSearch as Search

from .confirmation import ChangedCase, Place, changed, changed_fact, proposal
from .effort import is_large, listed, size_of
from .fixed_facts import Fixing
from .goals import Goal
from .levers import Lever, levers
from .naming import paths
from .possible_values import is_listed, values_of
from .record import Failed, Proposal, Smallest, StandIns, WhatIf

MOST_SHOWN = 20
MOST_COUNTED = 200
MORE_THAN_FEW = f"{FEW} changes are not enough, and larger sets of so many facts were not tried"


@dataclass
class SmallestSets:
    """The smallest sets of changes, each with the case that it makes; and facts that stay as they
    are, by why they do.
    """

    smallest: Smallest
    changed: list[ChangedCase] = field(default_factory=list)
    not_tried: list[Place] = field(default_factory=list)
    standing: list[Place] = field(default_factory=list)
    left: dict[Place, str] = field(default_factory=dict)  # for their kind: see `Lever`


def add_smallest(
    record: WhatIf, answered: Answered, place: Place, goal: Goal, fixing: Fixing, most: int
) -> list[ChangedCase]:
    """Put the smallest sets of changes into a record, with what was not tried and what stays; the
    case that each makes.

    Improvements are looked for first; facts of other kinds change only where these do not lead
    there. Raises `EngineError` where the engines do not confirm what was found.
    """
    failed: list[Failed] = []
    for lever in levers(answered, fixing, goal):
        found = _found(answered, place, goal, lever, most)
        further = {kind for kind in found.left.values() if kind}
        if found.smallest.changes is not None or not further:
            break
        if found.smallest.tried or not failed:
            looked = found.smallest
            failed.append(
                Failed(
                    list(lever.kinds), looked.tried, looked.proved, looked.bound, looked.found_out
                )
            )
    smallest = record.smallest = found.smallest
    smallest.by, smallest.failed, smallest.left = list(lever.kinds), failed, len(found.left)
    record.not_tried, record.standing = (
        paths(answered, found.not_tried),
        paths(answered, found.standing),
    )
    return found.changed


def _found(answered: Answered, place: Place, goal: Goal, lever: Lever, most: int) -> SmallestSets:
    from .by_trying import by_trying

    case, size = answered.case, size_of(answered, place)
    most = listed(most, size)
    if is_large(size):
        return by_trying(answered, place, goal, lever, most)
    try:
        formula = Formula(
            answered.program,
            case,
            answered.as_at,
            answered.parameters,
            case.entities[place[0]],
            place[1],
            lever.may_change,
            "filled",
            lever.takes,
        )
        found = smallest_of(formula, answered, place, goal, most)
    except (NotExpressible, TooManyWays):
        return by_trying(answered, place, goal, lever, most)
    found.smallest.found_out = sum(
        lever.states(each.entity, each.key) for each in formula.facts if each.options
    )
    found.left = {
        at: kind for at in formula.held if (kind := lever.leaves(case.entities[at[0]], at[1]))
    }
    return found


def smallest_of(
    formula: Formula, answered: Answered, place: Place, goal: Goal, most: int
) -> SmallestSets:
    """The smallest sets of changes among the open facts of a formula.

    Raises `EngineError` where the engines do not confirm one, `TooManyWays`.
    """
    samples = Samples(formula, lambda value: goal.holds(formula, value)) if goal.always else None
    search = Search(formula, goal.holds(formula, formula.value), samples)
    try:
        ranked = search.ranked(most, MOST_COUNTED)
        more = ranked.how_many > len(ranked.sets)
        stand_ins = search.instead(ranked.sets[0]) if more and search.size else []
    finally:
        search.close()
    smallest = Smallest(
        goal.aim,
        goal.wanted,
        search.size,
        len(search.facts),
        not search.too_many,
        MORE_THAN_FEW if search.too_many else "",
        facts=ranked.facts,
        how_many=min(ranked.how_many, MOST_COUNTED),
        more=ranked.how_many > MOST_COUNTED,
    )
    found = SmallestSets(smallest, not_tried=formula.fixed, standing=formula.standing)
    with Asking(formula.circuit) as asking:
        for each in ranked.sets:
            really = _really(formula, asking, each)
            values = {(fact.entity.index, fact.key): option.value for fact, option in each}
            found.changed.append(changed(answered, place, goal, values, really))
            smallest.proposals.append(_proposed(answered, place, found.changed[-1], each))
            smallest.proposals[-1].other_values = ranked.has_further(each)
    smallest.stand_ins = [_stand_in(each) for each in stand_ins if each.others]
    return found


def _really(
    formula: Formula, asking: Asking, changes: list[tuple[OpenFact, Option]]
) -> list[Value] | None:
    """What the attribute really may be with these changes; `None` where missing facts that cannot
    be listed leave that open.
    """
    if formula.unlisted or not is_listed(formula):
        return None
    given: list[Lit] = formula.just([option.lit for _, option in changes])
    return [value for value, lit in values_of(formula) if asking.holds([*given, lit])]


def _proposed(
    answered: Answered, place: Place, found: ChangedCase, changes: list[tuple[OpenFact, Option]]
) -> Proposal:
    words = [
        changed_fact(fact.entity, fact.attribute, fact.now, option.value)
        for fact, option in changes
    ]
    return proposal(answered, place, found, words, sum(option.distance for _, option in changes))


def _stand_in(found: Instead) -> StandIns:
    fact = found.change[0]
    others = [f"{each.entity.path} > {each.attribute.name}" for each in found.others]
    return StandIns(fact.entity.path, fact.attribute.name, others, more=not found.all)
