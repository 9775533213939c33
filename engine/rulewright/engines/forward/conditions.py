"""Conditions: each waits until its inputs are settled, and then becomes a condition fact, met or
undecided.

A condition that is not met becomes nothing: no fact, so no rule that needs it fires.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from rulewright.engines.result import (
    MET,
    NO,
    NOT_MET,
    OUT,
    UNDECIDED,
    YES,
    Finding,
    Outcomes,
    Status,
    Tally,
)
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Joined, Quantified

from .collections import Follower
from .comparisons import STATUS, amount_comparer
from .counters import Quantity, QuantityPlan
from .expressions import Awaited, PlannedExpression, TestPlan
from .value_sets import Held, NumberSpan

if TYPE_CHECKING:
    from .engine import Run

Answer = Callable[["Run", Entity], Status]


class ConditionPlan:
    """A condition, ready for any entity: what it waits for, and how it is answered then.

    plain: it waits for nothing and no collection stands in it, so that it is answered from the
    facts of the case. own: the attribute, where one of the entity itself is compared with written
    values; remembered: what came of it.
    """

    __slots__ = ("answer", "awaits", "number", "own", "parts", "plain", "quantities", "remembered")

    def __init__(
        self,
        number: int,
        answer: Answer,
        awaits: tuple[Awaited, ...] = (),
        quantities: tuple[QuantityPlan, ...] = (),
        parts: tuple[ConditionPlan, ...] = (),
    ) -> None:
        self.number = number
        self.answer = answer
        self.awaits = awaits
        self.quantities = quantities
        self.parts = parts
        self.plain = not (awaits or quantities or parts)
        self.own = ""
        self.remembered: dict[Held, Outcomes] = {}


class Waiting:
    """One condition of one entity, until it is settled and after."""

    __slots__ = ("finding", "followers", "here", "plan", "settled", "status", "uses", "waiting")

    def __init__(self, run: Run, plan: ConditionPlan, here: Entity) -> None:
        self.plan = plan
        self.here = here
        self.status: Status = NOT_MET
        self.settled = False
        self.finding: Finding | None = None
        self.followers: list[tuple[Follower, int]] | None = None
        self.uses: list[
            tuple[int, int, int]
        ] = []  # layer, rule at hand, place among its conditions
        waiting = run.follow(plan, self, 0, here, None)
        for part in plan.parts:
            inner = run.condition(part, here)
            if not inner.settled:
                inner.followers = [*(inner.followers or ()), (self, 0)]
                waiting += 1
        self.waiting = waiting
        if not waiting:
            self._settle(run)

    def arrive(self, run: Run, place: int) -> None:
        """One more input is settled."""
        self.waiting -= 1
        if not self.waiting:
            self._settle(run)

    def _settle(self, run: Run) -> None:
        self.settled = True
        status = self.status = self.plan.answer(run, self.here)
        if status != NOT_MET:
            for layer, rule, place in self.uses:
                run.conditions_of[layer].append((rule, place, status))
        for follower, there in self.followers or ():
            follower.arrive(run, there)

    def serve(self, run: Run, layer: int, rule: int, place: int) -> None:
        """Become a condition fact of a rule as soon as it is settled."""
        if not self.settled:
            self.uses.append((layer, rule, place))
        elif self.status != NOT_MET:
            run.conditions_of[layer].append((rule, place, self.status))


PLAIN = (Finding(NOT_MET), Finding(UNDECIDED), Finding(MET))


def finding_of(run: Run, plan: ConditionPlan, here: Entity) -> Finding:
    """What became of a condition, with the items of each collection in it."""
    if plan.plain:
        return PLAIN[plan.answer(run, here)]
    found = run.condition(plan, here)
    if found.finding is None:
        tallies: tuple[Tally, ...] = tuple(
            [run.quantity(each, here).shown() for each in plan.quantities]
        )
        parts = tuple([finding_of(run, each, here) for each in plan.parts])
        found.finding = Finding(found.status, tallies, parts)
    return found.finding


# -- how conditions are answered


def of_test(number: int, test: TestPlan) -> ConditionPlan:
    """A comparison, or whether something is known."""
    ask = test.ask
    plan = ConditionPlan(
        number, lambda run, here: STATUS[ask(run, here, None)], test.awaits, test.quantities
    )
    plan.own, plan.remembered = test.own, test.remembered
    return plan


def of_parts(number: int, body: Joined, parts: tuple[ConditionPlan, ...]) -> ConditionPlan:
    """`all of`, `any of`, `none of`."""
    pick: Callable[..., Status] = min if body.kind == "all of" else max
    empty = MET if body.kind == "all of" else NOT_MET
    negated = body.kind == "none of"

    def answer(run: Run, here: Entity) -> Status:
        status: Status = pick((run.condition(each, here).status for each in parts), default=empty)
        return MET - status if negated else status

    return ConditionPlan(number, answer, parts=parts)


def of_quantity(
    number: int, body: Quantified, counted: QuantityPlan, amount: PlannedExpression | None
) -> ConditionPlan:
    """How many items pass a test."""
    judge = _judge(body, counted.number)
    awaits: tuple[Awaited, ...] = ()
    quantities: tuple[QuantityPlan, ...] = (counted,)
    if amount is not None:
        awaits, quantities = amount.awaits, (counted, *amount.quantities)
        judge = _against(body.kind, amount, counted.number)
    return ConditionPlan(number, judge, awaits, quantities)


def _judge(body: Quantified, number: int) -> Answer:
    """`every` and `no`, or a share of the items."""
    if body.kind in ("every", "no"):
        against = NO if body.kind == "every" else YES
        perhaps = Quantity.may_be_against if body.kind == "every" else Quantity.may_be_counted

        def none_of(run: Run, here: Entity) -> Status:
            quantity = run.quantities[number, here.index]
            if quantity.seen[against]:
                return NOT_MET
            return UNDECIDED if perhaps(quantity) else MET

        return none_of
    share = body.share if body.share is not None else Fraction(0)
    compare = amount_comparer(body.kind)
    weights = [(_weight(each, share, min), _weight(each, share, max)) for each in range(8)]

    def share_of(run: Run, here: Entity) -> Status:
        seen = run.quantities[number, here.index].seen
        low = sum(found * weight for found, (weight, _) in zip(seen, weights, strict=True))
        high = sum(found * weight for found, (_, weight) in zip(seen, weights, strict=True))
        return STATUS[compare(NumberSpan(low, high), [NumberSpan(0, 0)])]

    return share_of


def _weight(outcomes: int, share: Fraction, pick: Callable[..., Fraction]) -> Fraction:
    """What an item adds at least, or at most, to `at least SHARE of`."""
    each = ((OUT, Fraction(0)), (YES, 1 - share), (NO, -share))
    return pick((weight for outcome, weight in each if outcomes & outcome), default=Fraction(0))


def _against(kind: str, amount: PlannedExpression, number: int) -> Answer:
    """The number of items counted, against an amount."""
    compare = amount_comparer(kind)

    def number_of(run: Run, here: Entity) -> Status:
        quantity = run.quantities[number, here.index]
        return STATUS[compare(quantity.counted(), [amount.read(run, here, None)])]

    return number_of
