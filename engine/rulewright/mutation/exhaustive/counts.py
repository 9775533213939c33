"""What may come of all quantities over one collection together: its items are put in one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from rulewright.engines.calculus import (
    certain,
    compare_intervals,
    compare_numbers,
    status_of,
    weighed,
)
from rulewright.engines.result import (
    MET,
    NO,
    NOT_MET,
    OUT,
    UNDECIDED,
    YES,
    Interval,
    Outcomes,
    Possible,
    Status,
)
from rulewright.ir.nodes import Collection, Compare, Count, Literal, Noun, Quantified, Test, Where
from rulewright.ir.operators import counting_operator
from rulewright.ir.vocabulary import Attribute

from .outcomes import TooMany, Vector, free, subject, vectors

MOST_STEPS = 60_000  # an item put into a state
Quantity = Quantified | Compare
Masks = frozenset[int]  # for each item that is undecided somewhere: in which tallies, as bits


class ItemTests(NamedTuple):
    """A collection without its filters, and what is asked of each item: the filters, then the
    test.
    """

    base: Collection
    filters: tuple[Test, ...]
    test: Test | None


def asked(collection: Collection, test: Test | None) -> ItemTests:
    """A collection taken apart."""
    filters: tuple[Test, ...] = ()
    while isinstance(collection, Where):
        filters, collection = (*collection.tests, *filters), collection.of
    return ItemTests(collection, filters, test)


def quantity(body: object) -> ItemTests | None:
    """What a condition counts, where it compares that with numbers written out."""
    if isinstance(body, Quantified) and (body.amount is None or isinstance(body.amount, Literal)):
        return asked(body.collection, body.test)
    if isinstance(body, Compare) and isinstance(body.left, Count) and body.fixed:
        return asked(body.left.collection, body.left.test)
    return None


class CountOutcomes(NamedTuple):
    """How many items surely and possibly count, whether some do not, or may not; what each part
    weighs at least and at most.
    """

    surely: int = 0
    possibly: int = 0
    no: bool = False
    may_not: bool = False
    weights: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass
class Counting:
    """The quantities over one collection. size: how many items it has, where that is fixed;
    wavering: items may be in or not.
    """

    size: int | None
    wavering: bool
    declared: dict[Noun, list[Attribute]]
    bodies: list[Quantity]
    tallies: list[ItemTests] = field(default_factory=list)
    of: list[int] = field(default_factory=list)  # the tally of each body

    def __post_init__(self) -> None:
        for body in self.bodies:
            found = quantity(body)
            assert found is not None
            if found not in self.tallies:
                self.tallies.append(found)
            self.of.append(self.tallies.index(found))
        numbers = [number for body in self.bodies for number in _numbers(body)]
        self.most = int(max(numbers, default=Fraction(0))) + 2
        self.shares = [
            sorted(
                {
                    body.share
                    for body, at in zip(self.bodies, self.of, strict=True)
                    if at == i and isinstance(body, Quantified) and body.share is not None
                }
            )
            for i in range(len(self.tallies))
        ]

    def signatures(self) -> set[tuple[tuple[Status, ...], Masks]]:
        """What may come of the quantities together, and for which of them one item is undecided.

        Raises `TooMany`.
        """
        items = self._items()
        start = (
            tuple(
                CountOutcomes(weights=((Fraction(0), Fraction(0)),) * len(each))
                for each in self.shares
            ),
            Masks(),
        )
        found, steps = {start}, 0
        if self.size is None:
            waiting = [start]
            while waiting:
                steps += len(waiting) * len(items)
                if steps > MOST_STEPS:
                    raise TooMany
                new = {self._with(state, item) for state in waiting for item in items} - found
                found |= new
                waiting = list(new)
        else:
            for _ in range(self.size):
                steps += len(found) * len(items)
                if steps > MOST_STEPS:
                    raise TooMany
                found = {self._with(state, item) for state in found for item in items}
        return {(self._statuses(tallies), masks) for tallies, masks in found}

    def _items(self) -> set[Vector]:
        """What may come of one item in each tally."""
        tests: list[Test] = []
        for each in self.tallies:
            tests += [
                test
                for test in (*each.filters, *((each.test,) if each.test is not None else ()))
                if test not in tests
            ]
        groups: dict[Noun, list[Test]] = {}
        alone = []
        for test in tests:
            noun = subject(test)
            if noun is not None and noun in self.declared:
                groups.setdefault(noun, []).append(test)
            else:
                alone.append(test)
        columns = [
            (some, vectors(some, noun, self.declared[noun])) for noun, some in groups.items()
        ] + [([each], free(each)) for each in alone]
        size = 1
        for _, ways in columns:
            size *= len(ways)
        if size > MOST_STEPS // 30:
            raise TooMany
        order = [test for some, _ in columns for test in some]
        found: set[Vector] = set()
        for chosen in product(*(each for _, each in columns)):
            outcomes = [outcome for way in chosen for outcome in way]
            for present in (MET, UNDECIDED, NOT_MET) if self.wavering else (MET,):
                found.add(
                    tuple(self._outcome(each, order, outcomes, present) for each in self.tallies)
                )
        return found

    def _outcome(
        self, tally: ItemTests, order: list[Test], outcomes: list[Outcomes], present: Status
    ) -> Outcomes:
        present = min(
            present, *(status_of(outcomes[order.index(each)]) for each in tally.filters), MET
        )
        if present == NOT_MET:
            return OUT
        answer = YES if tally.test is None else outcomes[order.index(tally.test)]
        return answer if present == MET else answer | OUT

    def _with(
        self, state: tuple[tuple[CountOutcomes, ...], Masks], item: Vector
    ) -> tuple[tuple[CountOutcomes, ...], Masks]:
        tallies, masks = state
        mask = sum(1 << i for i, outcome in enumerate(item) if outcome not in (YES, NO, OUT))
        found = tuple(
            self._counted(tally, outcome, shares)
            for tally, outcome, shares in zip(tallies, item, self.shares, strict=True)
        )
        return found, masks | {mask} if mask else masks

    def _counted(
        self, tally: CountOutcomes, outcome: Outcomes, shares: list[Fraction]
    ) -> CountOutcomes:
        weights = tuple(
            (low + min(w), high + max(w))
            for (low, high), share in zip(tally.weights, shares, strict=True)
            for w in (weighed(outcome, share),)
        )
        limit = self.most if self.size is None else self.size
        return CountOutcomes(
            min(tally.surely + (outcome == YES), limit),
            min(tally.possibly + bool(outcome & YES), limit),
            tally.no or outcome == NO,
            tally.may_not or bool(outcome & NO),
            weights,
        )

    def _statuses(self, tallies: tuple[CountOutcomes, ...]) -> tuple[Status, ...]:
        return tuple(
            self._status(body, tallies[at], self.shares[at])
            for body, at in zip(self.bodies, self.of, strict=True)
        )

    def _status(self, body: Quantity, tally: CountOutcomes, shares: list[Fraction]) -> Status:
        counted = Possible(Interval(tally.surely, tally.possibly))
        if isinstance(body, Compare):
            return status_of(compare_numbers(body.op, [counted, *_written(body.right)]))
        if body.kind == "every":
            return MET if not tally.may_not else NOT_MET if tally.no else UNDECIDED
        if body.kind == "no":
            return MET if not tally.possibly else NOT_MET if tally.surely else UNDECIDED
        if body.share is not None:
            low, high = tally.weights[shares.index(body.share)]
            return status_of(
                compare_intervals(
                    counting_operator(body.kind), Interval(low, high), [Interval(0, 0)]
                )
            )
        assert body.amount is not None
        return status_of(
            compare_numbers(counting_operator(body.kind), [counted, *_written((body.amount,))])
        )


def _written(right: Iterable[object]) -> list[Possible]:
    return [certain(each.value, each.type) for each in right if isinstance(each, Literal)]


def _numbers(body: Quantity) -> list[Fraction]:
    written = body.right if isinstance(body, Compare) else (body.amount,)
    return [
        Fraction(each.value)
        for each in written
        if isinstance(each, Literal) and isinstance(each.value, int | Fraction)
    ]
