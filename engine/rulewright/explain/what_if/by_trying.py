"""Where there is no formula of sensible size: missing facts first, by a formula of these alone; then any changes, one set after the
other. It is exact as far as it looks, and it says how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from rulewright.engines.answering import Answered
from rulewright.engines.reference import Evaluation, evaluate
from rulewright.engines.result import Possible
from rulewright.engines.solver.facts import present
from rulewright.engines.solver.formula import Formula
from rulewright.engines.solver.numbers import NotExpressible
from rulewright.engines.solver.samples import TooManyWays
from rulewright.language.cases import Entity
from rulewright.language.entities import Fact as Stated
from rulewright.language.entities import with_facts
from rulewright.language.types import Value
from rulewright.program.nodes import Kind

from .confirming import Place, changed, changed_fact, proposal
from .goals import Goal
from .hanging import Fact, always_judged, facts_behind, hangs_on
from .levers import Lever
from .possible_values import really_possible
from .record import Smallest
from .search import Found, smallest_of

MOST_WORK = 60_000  # attributes that are worked out for all that is tried: about five seconds
LEAST_TRIED = 100  # sets, however much each of them is
EXACTLY = 9  # so many more, where what is really possible has to be found out

Changes = list[tuple[Fact, Value, int]]


def by_trying(answered: Answered, place: Place, goal: Goal, lever: Lever, most: int) -> Found:
    """The smallest sets of changes, looked for within a number of runs."""
    behind = facts_behind(answered, place, lever)
    judged = [each for each in answered.case.judged if always_judged(answered, each)]
    standing = sorted([*answered.case.supplied, *judged])
    missing = _among_missing(answered, place, goal, lever, most)
    among = missing.smallest if missing is not None else None
    tried = _tried(answered, place, goal, behind.facts, len(behind.facts) if among is None or among.changes is None else among.changes)
    if tried.bound and missing is not None and among is not None and among.changes is not None:
        among.missing_only, among.bound, among.stand_ins = True, tried.bound, []
        if tried.size == among.changes:  # fewer changes were all tried, of whatever facts
            among.tried = len(behind.facts)
        else:
            among.proved = False
        return Found(among, missing.changed, behind.not_listed, standing, behind.left)
    sets, complete = sorted(tried.found, key=_rank), not tried.bound and not tried.unsettled
    smallest = Smallest(goal.aim, goal.wanted, tried.size if sets else None, len(behind.facts),
                        proved=complete or bool(sets and not tried.before), bound=tried.bound,
                        more=bool(sets) and not complete, unsettled=tried.unsettled)  # fmt: skip
    smallest.found_out = sum(lever.states(each.entity, each.name) for each in behind.facts)
    found = Found(smallest, [], behind.not_listed, standing, behind.left)
    if smallest.changes == 0:
        return found
    smallest.how_many = len(sets)
    smallest.facts = 0 if smallest.more else len({id(fact) for changes in sets for fact, _, _ in changes})
    further = {frozenset(id(fact) for fact, _, _ in changes) for changes in sets[most:]}
    for changes in sets[:most]:
        words = [changed_fact(fact.entity, fact.attribute, fact.now, value) for fact, value, _ in changes]
        case = with_facts(answered.case, _values(changes))
        result = evaluate(answered.program, case, answered.as_at, answered.parameters)
        really = really_possible(answered.program, case, answered.as_at, answered.parameters, place, result.settled[place].possible)
        found.changed.append(changed(answered, place, goal, _values(changes), really))
        smallest.proposals.append(proposal(answered, place, found.changed[-1], words, _distance(changes)))
        smallest.proposals[-1].other_values = frozenset(id(fact) for fact, _, _ in changes) in further
    return found


@dataclass
class _Tried:
    """What trying has found. bound: how far was looked if not to the end; unsettled: sets of which it cannot be told whether they do.

    before: of these, how many of fewer changes than those found.
    """

    found: list[Changes]
    size: int = 0
    bound: str = ""
    unsettled: int = 0
    before: int = 0


def _tried(answered: Answered, place: Place, goal: Goal, facts: list[Fact], largest: int) -> _Tried:
    """The smallest sets that reach the goal; sets of missing facts come first."""
    trying = _Trying(answered, place)
    left = max(LEAST_TRIED, MOST_WORK // trying.work)
    ordered = sorted(facts, key=lambda each: not each.now.missing)
    tried = _Tried([])
    for tried.size in range(largest + 1):
        tried.before = tried.unsettled
        for changes in _sets(ordered, tried.size):
            if left <= 0:
                fewer = f"all sets of fewer than {tried.size} changes were tried, and some of {tried.size}"
                tried.bound = fewer if tried.size > 1 else "only some single changes were tried"
                return tried
            left -= 1
            possible = trying.gives(changes)
            if goal.excluded(possible):
                continue
            really: list[Value] | None = [possible.value]
            if not possible.determined:
                left -= EXACTLY
                case = with_facts(answered.case, _values(changes))
                really = really_possible(answered.program, case, answered.as_at, answered.parameters, place, possible)
            if really is None:
                tried.unsettled += 1
            elif goal.reached(really):
                tried.found.append(changes)
        if tried.found:
            break
    return tried


class _Trying:
    """Works out one attribute, and what it depends on, for one set of changes after the other."""

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


def _among_missing(answered: Answered, place: Place, goal: Goal, lever: Lever, most: int) -> Found | None:
    """The smallest sets that only state facts that are missing; `None` where there is no formula for that either."""
    entities = answered.program.vocabulary.entities

    def may_change(entity: Entity, name: str) -> bool:
        return lever.may_change(entity, name) and present(entity, name, entities[entity.type].attributes[name]).missing

    try:
        formula = Formula(answered.program, answered.case, answered.as_at, answered.parameters, answered.case.entities[place[0]], place[1],
                          may_change, "filled", lever.takes)  # fmt: skip
        return smallest_of(formula, answered, place, goal, most)
    except (NotExpressible, TooManyWays):
        return None


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
