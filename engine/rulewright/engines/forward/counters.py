"""Counts, sums, shares, lowest and highest: kept up as the values of the items come in.

A quantity follows the derived attributes that are asked of its items. Whenever the last input of
one item is settled, the item is tallied; when all are, the quantity is settled and told to those
who follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulewright.engines.result import MET, NO, OUT, UNDECIDED, YES, Outcomes, Tally
from rulewright.facts.cases import Entity

from .collections import Follower, RosterPlan
from .expressions import PlannedExpression, TestPlan
from .extremes import LowestNumber, LowestOnScale
from .sums import Average, Sum
from .value_sets import Held, Letters, NumberSpan

if TYPE_CHECKING:
    from .engine import Run

Total = Sum | Average | LowestNumber | LowestOnScale

# What may come of an item when nothing is asked but whether it is in, by its presence.
PRESENT: tuple[Outcomes, ...] = (OUT, YES | OUT, YES)


@dataclass(frozen=True, slots=True, eq=False)
class QuantityPlan:
    """A quantity over a collection, ready for any entity.

    kind: `count` (of the items that pass `test`, or that are there), `sum`, `average`, `lowest` or
    `highest` (of `noun`).
    """

    number: int
    kind: str
    roster: RosterPlan
    test: TestPlan | None = None
    noun: PlannedExpression | None = None

    def start(self) -> Total | None:
        """An empty total, for a quantity that adds values up."""
        if self.kind == "count":
            return None
        if self.kind == "sum":
            return Sum()
        if self.kind == "average":
            return Average()
        assert self.noun is not None
        notation = self.noun.notation
        return (
            LowestOnScale(notation, self.kind)
            if isinstance(notation, Letters)
            else LowestNumber(self.kind)
        )


class Quantity:
    """One quantity as seen from one entity.

    `seen[o]`: how many items have the outcomes `o` so far.
    """

    __slots__ = (
        "followers",
        "here",
        "open",
        "plan",
        "roster",
        "seen",
        "tally",
        "totalled",
        "waiting",
    )

    def __init__(self, run: Run, plan: QuantityPlan, here: Entity) -> None:
        self.plan = plan
        self.here = here
        self.totalled = plan.start()
        self.followers: list[tuple[Follower, int]] = []
        roster = self.roster = run.roster(plan.roster, here)
        size = self.open = len(roster.items)
        self.tally: list[Outcomes] = [0] * size
        self.seen = [0] * 8
        asked: PlannedExpression | TestPlan | None = plan.test or plan.noun
        unsure = roster.waiting
        if asked is not None and asked.awaits:
            pending = self._follow_each(run, asked)
        else:
            pending = [0] * size
            if asked is not None and asked.quantities:
                pending = [
                    run.follow(asked, self, place, here, item)
                    for place, item in enumerate(roster.items)
                ]
        if unsure is not None and any(unsure):
            pending = [
                number + (1 if roster_waits else 0)
                for number, roster_waits in zip(pending, unsure, strict=True)
            ]
            roster.followers.append(self)
        self.waiting = pending
        for place in range(size):
            if not pending[place]:
                self._take(run, place)

    def _follow_each(self, run: Run, asked: PlannedExpression | TestPlan) -> list[int]:
        """Follow the inputs of every item; how many each waits for."""
        items, here = self.roster.items, self.here
        if not asked.direct:
            return [run.follow(asked, self, place, here, item) for place, item in enumerate(items)]
        watch = self.roster.watch(run, asked.direct)
        watch.followers.append(self)
        return watch.open.copy()

    def arrive(self, run: Run, place: int) -> None:
        """One input of the item at `place` is settled."""
        waiting = self.waiting
        waiting[place] -= 1
        if not waiting[place]:
            self._take(run, place)
            if not self.open:
                for follower, there in self.followers:
                    follower.arrive(run, there)

    def _take(self, run: Run, place: int) -> None:
        roster, plan, test = self.roster, self.plan, self.plan.test
        presence = roster.presence[place]
        if test is None:
            outcomes = PRESENT[presence]
            if self.totalled is not None and presence:
                assert plan.noun is not None
                value = plan.noun.read(run, self.here, roster.items[place])
                self.totalled.take(value, presence == MET)  # type: ignore[arg-type]
        elif not presence:
            outcomes = OUT
        else:
            item = roster.items[place]
            remembered = (
                test.remembered.get(run.known[item.index][test.direct]) if test.direct else None
            )
            outcomes = test.ask(run, self.here, item) if remembered is None else remembered
            if presence == UNDECIDED:
                outcomes |= OUT
        self.tally[place] = outcomes
        self.seen[outcomes] += 1
        self.open -= 1

    # -- what it comes to

    @property
    def settled(self) -> bool:
        """Whether every item is tallied."""
        return not self.open

    def total(self) -> Held:
        """The number counted, or the total."""
        if self.totalled is not None:
            return self.totalled.total()
        return self.counted()

    def counted(self) -> NumberSpan:
        """From the certainly counted to the possibly counted."""
        return NumberSpan(self.seen[YES], self.may_be_counted())

    def may_be_counted(self) -> int:
        """How many items may be counted."""
        seen = self.seen
        return seen[YES] + seen[YES | OUT] + seen[YES | NO] + seen[YES | NO | OUT]

    def may_be_against(self) -> int:
        """How many items may be in and not counted."""
        seen = self.seen
        return seen[NO] + seen[NO | OUT] + seen[YES | NO] + seen[YES | NO | OUT]

    def shown(self) -> Tally:
        """What may become of each item."""
        return tuple(self.tally)
