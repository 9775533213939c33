"""Where there is no formula of sensible size: missing facts first, by a formula of these alone;
then any changes, one set after the other. It is exact as far as it looks, and it says how far.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from rulewright.decision.answered import Answered
from rulewright.engines.changed_facts import Incremental
from rulewright.engines.result import Possible
from rulewright.facts.cases import Entity
from rulewright.ir.entities import with_facts
from rulewright.ir.types import Value
from rulewright.solver.formula import Formula
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.open_facts import present
from rulewright.solver.samples import TooManyWays

from .confirmation import Place, changed, changed_fact, proposal
from .dependencies import ChangeableFact, always_judged, facts_behind, hangs_on
from .effort import is_large, size_of
from .goals import Goal
from .levers import Lever
from .possible_values import really_possible
from .record import Smallest
from .search import SmallestSets, smallest_of

MOST_WORK = 30_000  # attributes that are worked out for all that is tried: two or three seconds
LEAST_TRIED = 100  # sets, however much each of them is
EACH = 5  # attributes: what comes with each set takes as long
# times all that the attribute hangs on, where what is really possible has to be found out
EXACTLY = 9

Changes = list[tuple[ChangeableFact, Value, int]]


def by_trying(
    answered: Answered, place: Place, goal: Goal, lever: Lever, most: int
) -> SmallestSets:
    """The smallest sets of changes, looked for within a number of runs."""
    behind = facts_behind(answered, place, lever)
    judged = [each for each in answered.case.judged if always_judged(answered, each)]
    standing = sorted([*answered.case.supplied, *judged])
    missing = (
        _among_missing(answered, place, goal, lever, most)
        if not is_large(size_of(answered, place))
        else None
    )
    among = missing.smallest if missing is not None else None
    tried = _tried(
        answered,
        place,
        goal,
        behind.facts,
        len(behind.facts) if among is None or among.changes is None else among.changes,
    )
    if tried.bound and missing is not None and among is not None and among.changes is not None:
        among.missing_only, among.bound, among.stand_ins = True, tried.bound, []
        if tried.size == among.changes:  # fewer changes were all tried, of whatever facts
            among.tried = len(behind.facts)
        else:
            among.proved = False
        return SmallestSets(among, missing.changed, behind.not_listed, standing, behind.left)
    sets, complete = (
        sorted(tried.found, key=lambda each: _rank(each.changes)),
        not tried.bound and not tried.unsettled,
    )
    smallest = Smallest(
        goal.aim,
        goal.wanted,
        tried.size if sets else None,
        len(behind.facts),
        proved=complete or bool(sets and not tried.before),
        bound=tried.bound,
        more=bool(sets) and not complete,
        unsettled=tried.unsettled,
    )
    smallest.found_out = sum(lever.states(each.entity, each.name) for each in behind.facts)
    found = SmallestSets(smallest, [], behind.not_listed, standing, behind.left)
    if smallest.changes == 0:
        return found
    smallest.how_many = len(sets)
    smallest.facts = (
        0 if smallest.more else len({fact for each in sets for fact in _facts(each.changes)})
    )
    further = {_facts(each.changes) for each in sets[most:]}
    for changes, really in sets[:most]:
        words = [
            changed_fact(fact.entity, fact.attribute, fact.now, value) for fact, value, _ in changes
        ]
        found.changed.append(changed(answered, place, goal, _values(changes), really))
        smallest.proposals.append(
            proposal(answered, place, found.changed[-1], words, _distance(changes))
        )
        smallest.proposals[-1].other_values = _facts(changes) in further
    return found


class _Leading(NamedTuple):
    """A set of changes that reaches the goal, and what the attribute really may be then."""

    changes: Changes
    really: list[Value]


@dataclass
class _Tried:
    """What trying has found. bound: how far was looked if not to the end; unsettled: sets of which
    it cannot be told whether they do.

    before: of these, how many of fewer changes than those found.
    """

    found: list[_Leading]
    size: int = 0
    bound: str = ""
    unsettled: int = 0
    before: int = 0


def _tried(
    answered: Answered, place: Place, goal: Goal, facts: list[ChangeableFact], largest: int
) -> _Tried:
    """The smallest sets that reach the goal; sets of missing facts come first."""
    nodes, size = hangs_on(answered, place), size_of(answered, place)
    trying = Incremental(
        answered.program, answered.case, answered.as_at, answered.parameters, nodes, answered.result
    )
    ordered = sorted(facts, key=lambda each: not each.now.missing)
    tried, sets, spent = _Tried([]), 0, 0
    for tried.size in range(largest + 1):
        tried.before = tried.unsettled
        for changes in _sets(ordered, tried.size):
            if sets >= LEAST_TRIED and spent + trying.work > MOST_WORK:
                fewer = f"all sets of fewer than {tried.size} changes were tried, and some of {tried.size}"
                tried.bound = fewer if tried.size > 1 else "only some single changes were tried"
                return tried
            sets, spent = sets + 1, spent + EACH
            possible = trying.possible(_values(changes), place)
            if goal.excluded(possible):
                continue
            if not possible.determined:
                sets, spent = sets + EXACTLY, spent + EXACTLY * size
            really = _really(answered, place, changes, possible, size)
            if really is None:
                tried.unsettled += 1
            elif goal.reached(really):
                tried.found.append(_Leading(changes, really))
        if tried.found:
            break
    return tried


def _really(
    answered: Answered, place: Place, changes: Changes, possible: Possible, size: int
) -> list[Value] | None:
    """What an attribute really may be with these changes; `None` where that cannot be told."""
    if possible.determined:
        return [possible.value]
    if is_large(size):
        return None
    case = with_facts(answered.case, _values(changes))
    return really_possible(
        answered.program, case, answered.as_at, answered.parameters, place, possible
    )


def _among_missing(
    answered: Answered, place: Place, goal: Goal, lever: Lever, most: int
) -> SmallestSets | None:
    """The smallest sets that only state facts that are missing; `None` where there is no formula
    for that either.
    """
    entities = answered.program.vocabulary.entities

    def may_change(entity: Entity, name: str) -> bool:
        return (
            lever.may_change(entity, name)
            and present(entity, name, entities[entity.type].attributes[name]).missing
        )

    try:
        formula = Formula(
            answered.program,
            answered.case,
            answered.as_at,
            answered.parameters,
            answered.case.entities[place[0]],
            place[1],
            may_change,
            "filled",
            lever.takes,
        )
        return smallest_of(formula, answered, place, goal, most)
    except (NotExpressible, TooManyWays):
        return None


def _sets(facts: list[ChangeableFact], size: int) -> Iterator[Changes]:
    for chosen in combinations(facts, size):
        for values in product(*(fact.others for fact in chosen)):
            yield [(fact, value, far) for fact, (value, far) in zip(chosen, values, strict=True)]


def _facts(changes: Changes) -> frozenset[int]:
    """Which facts are changed."""
    return frozenset(id(fact) for fact, _, _ in changes)


def _values(changes: Changes) -> dict[Place, Value]:
    return {(fact.entity.index, fact.name): value for fact, value, _ in changes}


def _distance(changes: Changes) -> int:
    return sum(far for _, _, far in changes)


def _rank(changes: Changes) -> tuple[int, list[tuple[int, str, int]]]:
    """As the solver's sets are ranked: see `solver.smallest_sets`."""
    places = [
        (fact.entity.index, fact.name, [each for each, _ in fact.others].index(value))
        for fact, value, _ in changes
    ]
    return _distance(changes), places
