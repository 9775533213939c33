"""Whether conditions can hold together, by their own words: fixed values, declared ranges, fixed
numbers of items.

What is called impossible here is impossible in every case. The reverse does not hold: conditions
that no case can meet may pass as possible. Facts that are missing do not matter: whatever they are,
they have a value of their declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from rulewright.compiler.bounds import size
from rulewright.compiler.collections import collection_kinds
from rulewright.compiler.scope import Scope
from rulewright.ir.nodes import (
    Collection,
    Compare,
    Condition,
    Count,
    Except,
    Expression,
    Joined,
    Known,
    Literal,
    Quantified,
    Test,
    Where,
)
from rulewright.ir.operators import counting_operator
from rulewright.ir.types import Number, Scale
from rulewright.ir.value_sets import Region, Span, meet, region, whole, whole_numbers

from .nullability import Rooms, beside, within

MOST_ALTERNATIVES = 256
Body = Compare | Known | Quantified
Said = tuple[Body, bool]  # a condition without joins, and whether it holds
_COUNT = Number(True, 0)


@dataclass(frozen=True, slots=True)
class CountBounds:
    """The number of items of a collection whose `subject` has a value of `values` (or no value, if
    `nothing`).
    """

    collection: Collection
    subject: Expression | Test | None = None
    values: Region | None = None
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """The values that are left for something, and whether *no value* is."""

    values: Region
    nothing: bool

    @property
    def empty(self) -> bool:
        return not self.values and not self.nothing


@dataclass
class Consequences:
    """What follows from conditions that are said to hold, or not to hold."""

    rooms: Rooms
    scope: Scope
    left: dict[Expression | CountBounds, Room] = field(default_factory=dict)
    said: dict[Body, bool] = field(default_factory=dict)
    grasped: bool = True  # everything said is in `left`

    def say(self, body: Body, holds: bool) -> bool:
        """Take one condition in. False: it contradicts what was said before, or its own words."""
        if (
            isinstance(body, Known) and not body.wanted
        ):  # `is missing` is the negation of `is known`
            body, holds = Known(body.noun, True), not holds
        if self.said.setdefault(body, holds) != holds:
            return False
        match body:
            case Compare():
                return self._compare(body, holds)
            case Known(noun) if not noun.given:
                some = whole(noun.type)
                return some is None or self._narrow(noun, some if holds else _none(some), not holds)
            case Quantified():
                return self._quantified(body, holds)
        self.grasped = False
        return True

    def _compare(self, body: Compare, holds: bool) -> bool:
        values = self.rooms.allowed(body, holds)
        if values is None:
            self.grasped = False
            return True
        if isinstance(body.left, Count):
            return self._narrow(self._tally(body.left.collection, body.left.test), values, False)
        return self._narrow(body.left, values, not holds)

    def _quantified(self, body: Quantified, holds: bool) -> bool:
        counted: Region | None
        if body.kind == "every":
            tally, counted = self._not_counted(body), (Span(0, 0),)
        elif body.kind == "no":
            tally, counted = self._tally(body.collection, body.test), (Span(0, 0),)
        elif body.share is not None:
            self.grasped = False
            always = (body.kind, int(body.share)) in (
                ("at least", 0),
                ("at most", 1),
            ) and body.share in (0, 1)
            never = (body.kind, int(body.share)) in (
                ("less than", 0),
                ("more than", 1),
            ) and body.share in (0, 1)
            return not (always and not holds) and not (never and holds)
        else:
            assert body.amount is not None
            tally, counted = (
                self._tally(body.collection, body.test),
                _amounts(body.kind, body.amount, holds),
            )
            if not isinstance(body.amount, Literal):
                self.grasped = False
                return counted is None or self._narrow(tally, counted, False)
        if counted is None:
            self.grasped = False
            return True
        return self._narrow(tally, counted if holds else beside(counted, _COUNT), False)

    def _tally(self, collection: Collection, test: Test | None) -> CountBounds:
        if test is None:
            return CountBounds(collection)
        values = region(test)
        if values is None or not isinstance(test, Compare):
            return CountBounds(collection, test)
        return CountBounds(collection, test.left, values)

    def _not_counted(self, body: Quantified) -> CountBounds:
        """The items that speak against `every`: not those that are passed over, but those without a
        value.
        """
        test = body.test
        values = region(test)
        kind = self.rooms.kind(test.left) if isinstance(test, Compare) else None
        if values is None or not isinstance(test, Compare) or kind is None:
            return CountBounds(body.collection, test, None, True)
        against = beside(values, kind)
        if test.skips_outside and isinstance(kind, Scale) and isinstance(against, frozenset):
            against -= set(kind.outside)
        return CountBounds(body.collection, test.left, against, True)

    # -- what is left

    def _narrow(self, subject: Expression | CountBounds, values: Region, nothing: bool) -> bool:
        before = self.left.get(subject) or self.room(subject)
        if before is None:
            self.grasped = False
            return True
        after = Room(meet(before.values, values), before.nothing and nothing)
        self.left[subject] = after
        return not after.empty

    def room(self, subject: Expression | CountBounds) -> Room | None:
        """All that something may be."""
        if isinstance(subject, CountBounds):
            return Room((self._span(subject),), False)
        kind = self.rooms.kind(subject)
        values = whole(kind) if kind is not None else None
        return (
            None
            if values is None
            else Room(values, self.rooms.may_have_no_value(subject, self.scope))
        )

    def _span(self, tally: CountBounds) -> Span:
        low, high = size(tally.collection, self.scope)
        if tally.subject is None:
            return Span(low, high)
        subject = tally.subject
        kind = None if isinstance(subject, Compare | Known) else self.rooms.kind(subject)
        if tally.values is None or isinstance(subject, Compare | Known) or kind is None:
            return Span(0, high)
        inner = self.scope.inside(collection_kinds(tally.collection, self.scope))
        domain = whole(kind)
        nothing = self.rooms.may_have_no_value(subject, inner)
        if (
            domain is not None
            and not meet(tally.values, domain)
            and not (tally.nothing and nothing)
        ):
            return Span(0, 0)
        full = (
            domain is not None and not beside(tally.values, kind) and (tally.nothing or not nothing)
        )
        return Span(low if full else 0, high)

    def settle(self) -> bool:
        """Whether the numbers of items fit: what is part of something is not more than the
        whole.
        """
        tallies = [each for each in self.left if isinstance(each, CountBounds)]
        for each in tallies:
            everything = CountBounds(each.collection)
            if everything not in self.left:
                room = self.room(everything)
                assert room is not None
                self.left[everything] = room
        tallies = [each for each in self.left if isinstance(each, CountBounds)]
        for _ in tallies:
            for one, other in product(tallies, repeat=2):
                if one is not other and _is_part(one, other) and not self._fit(one, other):
                    return False
        return True

    def _fit(self, part: CountBounds, all_: CountBounds) -> bool:
        low = min((s.low for s in self._spans(part) if s.low is not None), default=None)
        highs = [s.high for s in self._spans(all_)]
        return self._narrow(all_, (Span(low, None),), False) and (
            None in highs
            or self._narrow(part, (Span(None, max(h for h in highs if h is not None)),), False)
        )

    def _spans(self, tally: CountBounds) -> tuple[Span, ...]:
        values = self.left[tally].values
        assert isinstance(values, tuple)
        return values


def _amounts(kind: str, amount: Expression, holds: bool) -> Region | None:
    """How many are counted when a quantity holds."""
    if isinstance(amount, Literal):
        number = amount.value
        if not isinstance(number, int | Fraction):
            return None
        return whole_numbers(counting_operator(kind), number)
    low = amount.type.low if isinstance(amount.type, Number) else None
    if holds and low is not None and kind in ("at least", "more than", "exactly"):
        return (Span(-(-low // 1) if kind != "more than" else low // 1 + 1, None),)
    return None


def _none(region_: Region) -> Region:
    return frozenset() if isinstance(region_, frozenset) else ()


def is_part_of(one: Collection, other: Collection) -> bool:
    """Whether every item of one collection is in another, as both are written."""
    while one != other:
        if not isinstance(one, Where | Except):
            return False
        one = one.of
    return True


def _is_part(one: CountBounds, other: CountBounds) -> bool:
    if not is_part_of(one.collection, other.collection):
        return False
    if other.subject is None:
        return True
    if one.subject != other.subject or (one.nothing and not other.nothing):
        return False
    if one.values is None or other.values is None:
        return one.values is None and other.values is None and one.nothing == other.nothing
    kind = (
        None
        if isinstance(one.subject, Compare | Known) or one.subject is None
        else one.subject.type
    )
    return kind is not None and within(one.values, other.values, kind)


# -- conditions


def alternatives(conditions: Sequence[tuple[Condition, bool]]) -> list[list[Said]] | None:
    """The ways in which conditions hold (or, with False, do not); `None` when there are too many to
    go through.
    """
    found: list[list[Said]] = [[]]
    for condition, holds in conditions:
        ways = _ways(condition, holds)
        if ways is None or len(found) * len(ways) > MOST_ALTERNATIVES:
            return None
        found = [[*before, *way] for before in found for way in ways]
    return found


def _ways(condition: Condition, holds: bool) -> list[list[Said]] | None:
    body = condition.body
    if not isinstance(body, Joined):
        return [[(body, holds)]]
    inner = holds if body.kind != "none of" else not holds
    if (body.kind == "all of") == inner:  # all parts hold, or (of `any of` and `none of`) none does
        return alternatives([(part, inner) for part in body.parts])
    ways: list[list[Said]] = []
    for part in body.parts:
        more = _ways(part, inner)
        if more is None:
            return None
        ways += more
    return ways


def models(
    conditions: Sequence[tuple[Condition, bool]], rooms: Rooms, scope: Scope
) -> Iterator[Consequences] | None:
    """What follows in each way in which the conditions may hold together; `None` when there are too
    many ways.
    """
    ways = alternatives(conditions)
    return None if ways is None else _consistent(ways, rooms, scope)


def _consistent(ways: list[list[Said]], rooms: Rooms, scope: Scope) -> Iterator[Consequences]:
    for way in ways:
        facts = Consequences(rooms, scope)
        if all(facts.say(body, holds) for body, holds in way) and facts.settle():
            yield facts


def impossible(
    conditions: Sequence[Condition], rooms: Rooms, scope: Scope, *unless: Condition
) -> bool:
    """Whether no case can meet all the conditions while none of those in `unless` holds."""
    found = models(
        [*((each, True) for each in conditions), *((each, False) for each in unless)], rooms, scope
    )
    return found is not None and next(found, None) is None


def certain(condition: Condition, rooms: Rooms, scope: Scope) -> bool:
    """Whether a condition holds in every case."""
    return impossible((), rooms, scope, condition)
