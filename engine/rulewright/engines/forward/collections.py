"""Which entities a collection holds, and for each whether it is in: met, undecided, not met.

A roster is called for one collection and one entity of a rule. What `where` asks of an item is
answered as soon as its inputs are settled; then the item's place is told to all who follow the
roster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol, assert_never

from rulewright.engines.result import MET, NOT_MET, Status
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Below, Collection, Each, Except, Reach, Same, Test, Union, Where
from rulewright.ir.traversal import find

from .comparisons import STATUS

if TYPE_CHECKING:
    from .engine import Run
    from .expressions import TestPlan

Way = Callable[[Entity, Entity | None], Entity]
Demand = tuple[
    tuple["TestPlan", Entity], ...
]  # tests, each of one entity, that must all be met for an item to be in
Demands = tuple[Demand, ...]  # of which one must be met; none: not asked
Gather = Callable[[Entity], list[tuple[Entity, Demands]]]
ALWAYS: Demands = ((),)


class Follower(Protocol):
    """Whoever waits for something to be settled; `place` is where in its own list the input
    belongs.
    """

    def arrive(self, run: Run, place: int) -> None:
        """Take note that one more input is settled."""


def way_of(reach: Reach) -> Way:
    """How to get from the rule's entity, or from the item at hand, to another entity."""
    item, up, down = reach.item, reach.up, reach.down

    def go(here: Entity, at: Entity | None) -> Entity:
        found = at if item and at is not None else here
        if up:
            found = found.climb(up)
        for entity, member in down:
            found = found.child(entity, member)
        return found

    if up or down:
        return go
    return (lambda here, at: here if at is None else at) if item else (lambda here, at: here)


class RosterPlan:
    """A collection, ready to be called for any entity."""

    __slots__ = ("filtered", "gather", "number")

    def __init__(
        self, number: int, collection: Collection, test_plan: Callable[[Test], TestPlan]
    ) -> None:
        self.number = number
        self.gather = gatherer(collection, test_plan)
        self.filtered = any(find(Where, collection))


class Roster:
    """The items of one collection as seen from one entity, in the order of the case."""

    __slots__ = ("demands", "followers", "here", "items", "presence", "waiting", "watches")

    def __init__(self, run: Run, plan: RosterPlan, here: Entity) -> None:
        found = sorted(plan.gather(here), key=lambda each: each[0].index)
        self.here = here
        self.items = [item for item, _ in found]
        self.presence: list[Status] = [MET] * len(found)
        self.waiting: list[int] | None = None  # how many answers each item's place waits for
        self.followers: list[Follower] = []
        self.watches: dict[str, Watch] = {}
        if plan.filtered:
            self.demands = [demands for _, demands in found]
            self.waiting = [0] * len(found)
            for place in range(len(found)):
                self._ask(run, place)

    def _ask(self, run: Run, place: int) -> None:
        assert self.waiting is not None
        pending = 0
        for demand in self.demands[place]:
            for test, item in demand:
                pending += run.follow(test, self, place, self.here, item)
        self.waiting[place] = pending
        if not pending:
            self._decide(run, place)

    def arrive(self, run: Run, place: int) -> None:
        """One input of what `where` asks of the item at `place` is settled."""
        assert self.waiting is not None
        self.waiting[place] -= 1
        if not self.waiting[place]:
            self._decide(run, place)
            for each in self.followers:
                each.arrive(run, place)

    def _decide(self, run: Run, place: int) -> None:
        best = NOT_MET
        for demand in self.demands[place]:
            least = MET
            for test, item in demand:
                least = min(least, STATUS[test.ask(run, self.here, item)])
            best = max(best, least)
        self.presence[place] = best

    def watch(self, run: Run, attribute: str) -> Watch:
        """One derived attribute of all items."""
        found = self.watches.get(attribute)
        if found is None:
            found = self.watches[attribute] = Watch(run, self.items, attribute)
        return found


class Watch:
    """Passes on, to all quantities that ask for it, one derived attribute of the items of a roster
    when it is settled.
    """

    __slots__ = ("followers", "open")

    def __init__(self, run: Run, items: list[Entity], attribute: str) -> None:
        self.followers: list[Follower] = []
        self.open: list[int] = []  # for each item 1 as long as its attribute is not settled
        known, awaited = run.known, run.awaited
        for place, item in enumerate(items):
            index = item.index
            if attribute in known[index]:
                self.open.append(0)
            else:
                self.open.append(1)
                awaited[index].setdefault(attribute, []).append((self, place))

    def arrive(self, run: Run, place: int) -> None:
        """The attribute of the item at `place` is settled."""
        self.open[place] = 0
        for each in self.followers:
            each.arrive(run, place)


def gatherer(collection: Collection, test_plan: Callable[[Test], TestPlan]) -> Gather:
    """How to find the items of a collection from any entity, and what must be met for each to be
    in.
    """
    match collection:
        case Below(start, wanted, deep):
            way = way_of(start)
            if deep:
                return lambda here: [(each, ALWAYS) for each in way(here, None).below(wanted)]
            return lambda here: [
                (each, ALWAYS) for each in way(here, None).children.get(wanted, ())
            ]
        case Each(of, wanted):
            inner = gatherer(of, test_plan)
            return lambda here: [
                (c, demands) for each, demands in inner(here) for c in each.children.get(wanted, ())
            ]
        case Same(of, wanted):
            inner = gatherer(of, test_plan)
            return lambda here: [
                (each.child(wanted, here.member), demands) for each, demands in inner(here)
            ]
        case Except(of, members):
            inner = gatherer(of, test_plan)
            return lambda here: [each for each in inner(here) if each[0].member not in members]
        case Where(of, tests):
            inner = gatherer(of, test_plan)
            plans = tuple(test_plan(each) for each in tests)
            return lambda here: [
                (item, tuple(demand + tuple((plan, item) for plan in plans) for demand in demands))
                for item, demands in inner(here)
            ]
        case Union(parts):
            inners = [gatherer(each, test_plan) for each in parts]
            return lambda here: _each_once(pair for inner in inners for pair in inner(here))
        case _:
            assert_never(collection)


def _each_once(found: Iterable[tuple[Entity, Demands]]) -> list[tuple[Entity, Demands]]:
    """An item of several parts is in when it is in one of them."""
    merged: dict[Entity, Demands] = {}
    for item, demands in found:
        merged[item] = merged.get(item, ()) + demands
    return list(merged.items())
