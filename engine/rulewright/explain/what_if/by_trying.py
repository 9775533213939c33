"""Where there is no formula of sensible size: missing facts first, by a formula of these alone; then any changes, one set after the
other. It is exact as far as it looks, and it says how far."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from rulewright.engines.answering import Answered
from rulewright.engines.reference import Evaluation
from rulewright.engines.result import Possible
from rulewright.engines.solver.facts import present
from rulewright.engines.solver.formula import Formula
from rulewright.engines.solver.numbers import NotExpressible
from rulewright.language.cases import Entity
from rulewright.language.entities import Fact as Stated
from rulewright.language.entities import with_facts
from rulewright.language.types import Value
from rulewright.program.nodes import Kind

from .by_formula import smallest_of
from .confirming import Place, changed_fact, proposal
from .fixing import Fixing
from .goals import Goal
from .hanging import Fact, always_judged, facts_behind, hangs_on
from .naming import paths
from .record import Smallest, WhatIf

MOST_WORK = 60_000  # attributes that are worked out for all that is tried: about five seconds
LEAST_TRIED = 100  # sets, however much each of them is

Changes = list[tuple[Fact, Value, int]]


def by_trying(record: WhatIf, answered: Answered, place: Place, goal: Goal, fixing: Fixing, most: int) -> None:
    """Put the smallest sets of changes into a record, as `changing.add_smallest` does, looked for within a number of runs."""
    facts, not_listed = facts_behind(answered, place, fixing)
    record.not_tried = paths(answered, not_listed)
    judged = [each for each in answered.case.judged if always_judged(answered, each)]
    record.standing = paths(answered, sorted([*answered.case.supplied, *judged]))
    missing = _among_missing(answered, place, goal, fixing, most)
    largest = len(facts) if missing is None or missing.changes is None else missing.changes
    found, size, bound = _tried(answered, place, goal, facts, largest)
    if bound and missing is not None and missing.changes is not None:
        missing.missing_only, missing.bound, missing.stand_ins = True, bound, []
        if size == missing.changes:  # fewer changes were all tried, of whatever facts
            missing.tried = len(facts)
        else:
            missing.proved = False
        record.smallest = missing
        return
    smallest = record.smallest = Smallest(goal.aim, goal.wanted, size if found else None, len(facts),
                                          proved=bool(found) or not bound, bound=bound, more=bool(found and bound))  # fmt: skip
    if size == 0:
        return
    smallest.how_many = len(found)
    smallest.facts = 0 if smallest.more else len({id(fact) for changes in found for fact, _, _ in changes})
    ordered = sorted(found, key=_rank)
    further = {frozenset(id(fact) for fact, _, _ in changes) for changes in ordered[most:]}
    for changes in ordered[:most]:
        words = [changed_fact(fact.entity, fact.attribute, fact.now, value) for fact, value, _ in changes]
        proposed = proposal(answered, place, goal, _values(changes), words, _distance(changes))
        proposed.other_values = frozenset(id(fact) for fact, _, _ in changes) in further
        smallest.proposals.append(proposed)


def _tried(answered: Answered, place: Place, goal: Goal, facts: list[Fact], largest: int) -> tuple[list[Changes], int, str]:
    """The smallest sets that reach the goal, their size, and how far was looked if not to the end; sets of missing facts come first."""
    trying = _Trying(answered, place)
    left = max(LEAST_TRIED, MOST_WORK // trying.work)
    ordered = sorted(facts, key=lambda each: not each.now.missing)
    found: list[Changes] = []
    size = 0
    for size in range(largest + 1):
        for changes in _sets(ordered, size):
            if left == 0:
                fewer = f"all sets of fewer than {size} changes were tried, and some of {size}"
                return found, size, fewer if size > 1 else "only some single changes were tried"
            left -= 1
            if goal.reached(trying.gives(changes)):
                found.append(changes)
        if found:
            break
    return found, size, ""


class _Trying:
    """Works out one attribute, and what it hangs on, for one set of changes after the other."""

    def __init__(self, answered: Answered, place: Place) -> None:
        self.answered, self.place = answered, place
        self.case = with_facts(answered.case, {})  # its own: facts are changed in it, and put back
        by_kind: dict[Kind, list[Entity]] = {}
        for entity in self.case.entities:
            by_kind.setdefault(Kind.of(entity), []).append(entity)
        self.steps = [(node, entity) for node in hangs_on(answered, place) for entity in by_kind.get(node.key.kind, ())]

    @property
    def work(self) -> int:
        """How many attributes are worked out for each set, and a little for what comes with it."""
        return len(self.steps) + 5

    def gives(self, changes: Changes) -> Possible:
        """The possible values of the attribute under these changes."""
        before = [(each, each.facts, each.unknown) for each in {self.case.entities[fact.entity.index] for fact, _, _ in changes}]
        for fact, value, _ in changes:
            entity = self.case.entities[fact.entity.index]
            entity.facts, entity.unknown = {**entity.facts, fact.name: Stated(value, entity.place)}, entity.unknown - {fact.name}
        evaluation = Evaluation(self.answered.program, self.case, self.answered.as_at, self.answered.parameters)
        for node, entity in self.steps:
            evaluation.result.settled[entity.index, node.key.attribute] = evaluation.settle(node, entity)
        for entity, facts, unknown in before:
            entity.facts, entity.unknown = facts, unknown
        return evaluation.result.settled[self.place].possible


def _among_missing(answered: Answered, place: Place, goal: Goal, fixing: Fixing, most: int) -> Smallest | None:
    """The smallest sets that only state facts that are missing; `None` where there is no formula for that either."""
    entities = answered.program.vocabulary.entities

    def may_change(entity: Entity, name: str) -> bool:
        return fixing.may_change(entity, name) and present(entity, name, entities[entity.type].attributes[name]).missing

    try:
        formula = Formula(answered.program, answered.case, answered.as_at, answered.parameters, answered.case.entities[place[0]], place[1],
                          may_change)  # fmt: skip
    except NotExpressible:
        return None
    return smallest_of(formula, answered, place, goal, most)


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
