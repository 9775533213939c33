"""Counts, sums, shares, lowest and highest: kept up as the values of the items come in.

A quantity follows the derived attributes that are asked of its items. Whenever the last input of one item is settled,
the item is tallied; when all are, the quantity is settled and told to those who follow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulewright.engines.result import MET, OUT, UNDECIDED, YES, Outcomes, Tally
from rulewright.language.cases import Entity
from rulewright.language.types import Scale, Type

from .extremes import LowestNumber, LowestOnScale
from .formulas import Formula, TestPlan
from .possible import FULL, Held, Span
from .rosters import Follower, RosterPlan
from .sums import Average, Sum

if TYPE_CHECKING:
    from .running import Run

Total = Sum | Average | LowestNumber | LowestOnScale

# What may come of an item when nothing is asked but whether it is in, by its presence.
PRESENT: tuple[Outcomes, ...] = (OUT, YES | OUT, YES)


class QuantityPlan:
    """A quantity over a collection, ready for any entity.

    kind: `count` (of the items that pass `test`, or that are there), `sum`, `average`, `lowest` or `highest` (of `noun`).
    """

    __slots__ = ("kind", "noun", "number", "of", "roster", "test")

    def __init__(self, number: int, kind: str, roster: RosterPlan, test: TestPlan | None, noun: Formula | None,
                 of: Type | None) -> None:  # fmt: skip
        self.number = number
        self.kind = kind
        self.roster = roster
        self.test = test
        self.noun = noun
        self.of = of

    def start(self) -> Total | None:
        """An empty total, for a quantity that adds values up."""
        if self.kind == "count":
            return None
        if self.kind == "sum":
            return Sum()
        if self.kind == "average":
            return Average()
        return LowestOnScale(self.of, self.kind) if isinstance(self.of, Scale) else LowestNumber(self.kind)


class Quantity:
    """One quantity as seen from one entity. `seen[o]`: how many items have the outcomes `o` so far."""

    __slots__ = ("followers", "here", "open", "plan", "roster", "seen", "tally", "totalled", "waiting")

    def __init__(self, run: Run, plan: QuantityPlan, here: Entity) -> None:
        self.plan = plan
        self.here = here
        self.totalled = plan.start()
        self.followers: list[tuple[Follower, int]] = []
        roster = self.roster = run.roster(plan.roster, here)
        size = self.open = len(roster.items)
        self.tally: list[Outcomes] = [0] * size
        self.seen = [0] * 8
        self.waiting = [0] * size
        asked: Formula | TestPlan | None = plan.test or plan.noun
        awaits, quantities = (asked.awaits, asked.quantities) if asked is not None else ((), ())
        unsure = roster.waiting
        for place, item in enumerate(roster.items):
            pending = run.follow(awaits, quantities, self, place, here, item) if awaits or quantities else 0
            if unsure is not None and unsure[place]:
                pending += 1
            self.waiting[place] = pending
            if not pending:
                self._take(run, place)
        if unsure is not None and any(unsure):
            roster.followers.append(self)

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
        presence = self.roster.presence[place]
        plan = self.plan
        if plan.test is None:
            outcomes = PRESENT[presence]
            if self.totalled is not None and presence:
                assert plan.noun is not None
                value = plan.noun.read(run, self.here, self.roster.items[place])
                self.totalled.take(value, presence == MET)  # type: ignore[arg-type]
        elif not presence:
            outcomes = OUT
        else:
            outcomes = plan.test.ask(run, self.here, self.roster.items[place])
            if presence == UNDECIDED:
                outcomes |= OUT
        self.tally[place] = outcomes
        self.seen[outcomes] += 1
        self.open -= 1

    # -- what it comes to ---------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether every item is tallied."""
        return not self.open

    def total(self) -> Held:
        """The number counted, or the total."""
        if self.totalled is not None:
            return self.totalled.total()
        return self.counted()

    def counted(self) -> Span:
        """From the certainly counted to the possibly counted."""
        return Span(self.seen[YES], self.may_be(YES), FULL)

    def may_be(self, outcome: Outcomes) -> int:
        """Of how many items one outcome may come."""
        return sum(number for outcomes, number in enumerate(self.seen) if outcomes & outcome)

    def shown(self) -> Tally:
        """What may become of each item."""
        return tuple(self.tally)
