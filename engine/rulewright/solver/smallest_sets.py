"""The smallest sets of changes under which something holds: how small, which, how many, and what
could stand in for what.

Sets are ranked by the number of changes, then by their distance (see `open_facts.distance`), then
by their order in the case. That no smaller set exists is proved: the solver
shows that fewer changes are contradictory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from .circuit import FALSE, TRUE, Circuit, Lit
from .formula import Asking, Formula
from .numbers import Num, constant, tidy
from .open_facts import OpenFact
from .ordered_models import Change, InOrder
from .samples import Samples

FEW = 3  # sets of so few changes are sought one size after the other
MANY = 700  # of more facts than these, larger sets are not sought
MANY_WITH_MISSING = 400  # the same, where a set has to hold however missing facts are filled in
MOST_STANDING_IN = 300  # questions about what could stand in for a change


@dataclass(frozen=True)
class Instead:
    """A change of the first set, and the facts any one of which could change instead.

    `all`: these are all.
    """

    change: Change
    others: list[OpenFact]
    all: bool


class Ranked(NamedTuple):
    """The first sets in order. how_many: there are, one more than the limit says more; facts: that
    all of them change, if counted.

    further: the facts of each set that is left out, where all are counted.
    """

    sets: list[list[Change]]
    how_many: int
    facts: int
    further: frozenset[frozenset[int]] = frozenset()  # of the facts' ids

    def has_further(self, changes: list[Change]) -> bool:
        """Whether other values of the same facts do too, in a set that is left out."""
        return frozenset(id(fact) for fact, _ in changes) in self.further


class SmallestSearch:
    """The smallest sets of changes of a formula's open facts under which `goal` holds.

    samples: that it holds however missing facts are filled in; without it some way of filling them
    in will do. size: the number of changes, `None` where no changes whatever bring it about, or
    `too_many`: more than `FEW`, of too many facts to seek them. Raises `TooManyWays`.
    """

    def __init__(self, formula: Formula, goal: Lit, samples: Samples | None = None) -> None:
        self.formula, self.samples = formula, samples
        self._required = [
            goal
        ]  # the goal, also under each way of filling in missing facts that a set was refuted by
        self.circuit: Circuit = formula.circuit
        self.facts = [each for each in formula.facts if each.changed != FALSE]
        self._asking = Asking(self.circuit)
        self._enough: Lit = TRUE
        self.too_many = False
        self.size = self._smallest()

    def ranked(self, most: int, limit: int) -> Ranked:
        """The first sets in order of their rank, at most `most`; not more than `limit` are
        counted.
        """
        found = list(islice(self._any_order(), limit + 1))
        if len(found) <= limit:
            facts = {id(fact) for each in found for fact, _ in each}
            ordered = sorted(found, key=self._rank)
            further = frozenset(frozenset(id(fact) for fact, _ in each) for each in ordered[most:])
            return Ranked(ordered[:most], len(found), len(facts), further)
        return Ranked(self._first(most), len(found), 0)

    def _rank(self, changes: list[Change]) -> tuple[int, list[tuple[int, str, int]]]:
        places = [
            (fact.entity.index, fact.key, fact.options.index(option)) for fact, option in changes
        ]
        return sum(option.distance for _, option in changes), places

    def _smallest(self) -> int | None:
        if not self._asking.holds(self._required):
            return None
        changed = [each.changed for each in self.facts]
        counted = self.circuit.counted(changed, FEW + 1)
        for size in range(min(FEW, len(self.facts)) + 1):
            self._enough = -counted[size] if size < len(counted) else TRUE
            while self._asking.holds([*self._required, self._enough]):
                if self._stands():
                    return size
        many = MANY_WITH_MISSING if self.samples is not None and self.formula.filled else MANY
        self.too_many = len(self.facts) > many and self._asking.holds(self._required)
        while not self.too_many and self._asking.holds(self._required):
            size = self._least(dict.fromkeys(changed, 1), self._required)
            counted = self.circuit.counted(changed, size + 1)
            self._enough = -counted[size] if size < len(counted) else TRUE
            if self._asking.holds([*self._required, self._enough]) and self._stands():
                return size
        return None

    def _stands(self) -> bool:
        """Whether the changes of the choice found last bring it about however missing facts are
        filled in; else they are ruled out.
        """
        if self.samples is None:
            return True
        refuting = self.samples.refuting(self._asking, [option.lit for _, option in self._chosen()])
        if refuting is not None:
            self._required.append(refuting)
        return refuting is None

    def _chosen(self) -> list[Change]:
        changed = [each for each in self.facts if self._asking.chosen(each.changed)]
        return [
            (fact, next(each for each in fact.options if self._asking.chosen(each.lit)))
            for fact in changed
        ]

    def _nearest(self, size: int) -> int:
        """The least distance of the smallest sets."""
        if size <= FEW:
            total = self._total(2 * size)
            for distance in range(size, 2 * size + 1):
                if self._asking.holds([*self._required, self._enough, -total.more_than(distance)]):
                    return distance
        weights = {option.lit: option.distance for each in self.facts for option in each.options}
        return self._least(weights, [*self._required, self._enough])

    def _least(self, weights: dict[Lit, int], required: list[Lit]) -> int:
        """The least total weight of literals that hold, where all that is required does: it can."""
        from pysat.examples.rc2 import RC2Stratified
        from pysat.formula import WCNF

        clauses: Any = WCNF()
        clauses.extend([*self.circuit.clauses, *([each] for each in required)])
        clauses.extend([[-each] for each in weights], weights=list(weights.values()))
        with RC2Stratified(clauses, solver="g3", minz=True) as search:
            search.compute()
            return int(search.cost)

    def close(self) -> None:
        """Give back the solver's memory."""
        self._asking.close()

    # -- the sets, one by one

    def _any_order(self) -> Iterator[list[Change]]:
        """Every set, in whatever order the solver finds them."""
        if not self.size:
            return
        here = self.circuit.new()  # what was found is crossed out under this alone
        while self._asking.holds([*self._required, self._enough, here]):
            found = self._chosen()
            if self._stands():
                self.circuit.require(-here, *(-option.lit for _, option in found))
                yield found

    def _first(self, most: int) -> list[list[Change]]:
        """The first sets, where there are too many to look at all."""
        while True:
            found = self._by_distance(most)
            if self.samples is None:
                return found
            lits = [[option.lit for _, option in each] for each in found]
            refuting = [
                lit
                for each in lits
                if (lit := self.samples.refuting(self._asking, each)) is not None
            ]
            if not refuting:
                return found
            self._required += refuting

    def _by_distance(self, most: int) -> list[list[Change]]:
        assert self.size is not None
        found: list[list[Change]] = []
        distance = self._nearest(self.size)
        total = self._total(distance + 3 * self.size)
        while len(found) < most:
            above = total.more_than(distance)
            given = [*self._required, self._enough, total.at_least(distance), -above]
            found += islice(
                InOrder(self._asking, self.circuit, self.facts, self.size, given).sets(),
                most - len(found),
            )
            if len(found) < most and not self._asking.holds([*self._required, self._enough, above]):
                break
            distance += 1
        return found

    def _total(self, most: int) -> Num:
        """The distance of all changes together, told apart up to `most`."""
        nums = [self._distance(each) for each in self.facts]
        numbers = self.formula.encoding.numbers
        while len(nums) > 1:  # a balanced tree keeps the formula small
            paired = [
                numbers.pairs(a, b, lambda x, y: min(x + y, most + 1))
                for a, b in zip(nums[::2], nums[1::2], strict=False)
            ]
            nums = paired + ([nums[-1]] if len(nums) % 2 else [])
        return nums[0]

    def _distance(self, fact: OpenFact) -> Num:
        steps = sorted({0, *(each.distance for each in fact.options)})
        reached = [
            self.circuit.any(each.lit for each in fact.options if each.distance >= step)
            if step
            else TRUE
            for step in steps
        ]
        return tidy(steps, reached) if fact.options else constant(0)

    # -- what stands in for what

    def instead(self, first: list[Change]) -> list[Instead]:
        """For each change of a set, the facts any one of which could change instead."""
        found = []
        left = MOST_STANDING_IN
        for change in first:
            others: list[OpenFact] = []
            given = [
                self._enough,
                -change[0].changed,
                *(each.lit for _, each in first if each is not change[1]),
            ]
            there = {id(fact) for fact, _ in first}
            while left > 0 and self._asking.holds(
                [*self._required, *given, *(-each.changed for each in others)]
            ):
                left -= 1
                more = [
                    each
                    for each in self.facts
                    if id(each) not in there and self._asking.chosen(each.changed)
                ]
                if self._stands():
                    others += more
            found.append(
                Instead(
                    change, sorted(others, key=lambda each: (each.entity.index, each.key)), left > 0
                )
            )
        return found
