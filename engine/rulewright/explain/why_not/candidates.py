"""What could give an attribute a value: which rules conclude it, copy or work it out, limit to it,
or leave it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from rulewright.engines.calculus import cap, certain, compare
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import YES, Anything, Interval, Outcomes, Possible
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Known, Noun, Parameter, Rule, Test
from rulewright.ir.nodes import Literal as Written
from rulewright.ir.operators import OPERATORS
from rulewright.ir.program import Node
from rulewright.ir.types import (
    FINITE,
    Choice,
    Date,
    Number,
    Scale,
    Type,
    Value,
    Words,
    YesNo,
    add_months,
    parse_number,
)
from rulewright.ir.vocabulary import Attribute
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import Text, key

How = Literal[
    "concludes it", "copies it", "works it out", "limits to it", "otherwise", "no rule fires"
]


class _Unstated:
    """Instead of a value: that the case does not state a fact."""

    def __repr__(self) -> str:
        return "not stated"


UNSTATED: Any = _Unstated()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The value asked for: one, or several that would all do (`63..87`). `words`: as one says it;
    `any_value`: not *no value*.

    interval: numbers or days that would do besides; with `but`: those that would not, while all
    others do, and none.
    """

    words: str
    values: tuple[Value, ...] = ()
    interval: Interval | None = None
    any_value: bool = False
    but: bool = False

    def has(self, value: Value) -> bool:
        """Whether the value is one of these."""
        if self.any_value:
            return value is not None and value is not UNSTATED
        if (
            self.interval is not None
            and isinstance(value, int | Fraction)
            and not isinstance(value, bool)
        ):
            return self._within(value) != self.but
        return value in self.values

    def _within(self, value: int | Fraction) -> bool:
        assert self.interval is not None
        low, high = self.interval
        return (low is None or value >= low) and (high is None or value <= high)

    @property
    def impossible(self) -> bool:
        """Whether no value at all would do."""
        return not self.values and self.interval is None and not self.any_value

    def stated(self) -> Wanted:
        """The same, of a fact that is never without a value."""
        return replace(
            self,
            words=self.words.removesuffix(" or no value"),
            values=tuple(each for each in self.values if each is not None),
        )

    def holds(self, possible: Possible) -> bool:
        """Whether only such values are possible."""
        if possible.determined:
            return self.has(possible.value)
        if possible.conflict or (possible.no_value and not self.has(None)):
            return False
        if isinstance(possible.values, Interval):
            return self._holds_all(possible.values)
        return not isinstance(possible.values, Anything) and all(
            self.has(each) for each in possible.values
        )

    def _holds_all(self, values: Interval) -> bool:
        if self.any_value:
            return True
        low, high = values
        if self.interval is None or low is None or high is None:
            return False
        within = self._within(low) and self._within(high)
        start, end = self.interval
        apart = (end is not None and low > end) or (start is not None and high < start)
        return apart if self.but else within

    def may(self, possible: Possible) -> bool:
        """Whether such a value is among the possible ones."""
        if possible.no_value and self.has(None):
            return True
        if isinstance(possible.values, tuple) and not isinstance(
            possible.values, Interval | Anything
        ):
            return any(self.has(each) for each in possible.values)
        if isinstance(possible.values, Anything) or self.any_value or self.but:
            return True
        low, high = possible.values
        ends = [(each, each) for each in self.values if isinstance(each, int | Fraction)]
        ends += [(self.interval.low, self.interval.high)] if self.interval is not None else []  # type: ignore[list-item]
        return any(
            (high is None or start is None or start <= high)
            and (low is None or end is None or end >= low)
            for start, end in ends
        )

    def nearest(self, now: Possible, kind: Type) -> list[Value]:
        """Some of these values, those nearest to what there is now first."""
        if self.interval is not None:
            return [
                each
                for each in (*_at_the_ends(self.interval, self.but, now, kind), None)
                if self.has(each)
            ]
        every = every_value(kind) or _SOME.get(type(kind), [0])
        found = [each for each in (every if self.any_value else self.values) if self.has(each)]
        order = list(kind.values) if isinstance(kind, Scale) else []
        if not order or not now.determined or now.value not in order:
            return sorted(found, key=lambda each: each is None)
        places: dict[Value, int] = {value: place for place, value in enumerate(order)}
        outside = kind.outside if isinstance(kind, Scale) else ()
        here = places[now.value]
        return sorted(
            found,
            key=lambda each: (each is None, each in outside, abs(places.get(each, here) - here)),
        )


_SOME: dict[type, list[Value]] = {Words: ["some words"], Date: [1]}


def _at_the_ends(interval: Interval, but: bool, now: Possible, kind: Type) -> list[Value]:
    """The numbers or days of the calendar at the ends of an interval, or just beyond them; the
    nearest first.
    """
    low, high = interval
    step = Fraction(1)
    ends = [low - step if but else low] if low is not None else []
    ends += [high + step if but else high] if high is not None else []
    here = now.value if now.determined and isinstance(now.value, int | Fraction) else None
    found: list[Value] = [int(each) if Fraction(each).denominator == 1 else each for each in ends]
    if here is not None:
        found.sort(key=lambda each: abs(Fraction(each) - here))  # type: ignore[arg-type]
    if isinstance(kind, Date):
        found = [
            each for each in found if isinstance(each, int) and 1 <= each <= date.max.toordinal()
        ]
    return found or _SOME.get(type(kind), [0])


def wanted_value(written: str, attribute: Attribute, node: Node | None) -> Wanted:
    """The value that a person asks about. Raises `InputError` (RW621).

    `node`: the rules of a derived attribute. A number that they work out may lie beyond the
    declared range.
    """
    kind = attribute.type
    nothing = key(written) in ("no value", "none") or attribute.means_none(written)
    value = None if nothing and isinstance(kind, Words) else kind.parse(Text(written))
    if value is None and isinstance(kind, Number) and node is not None and _works_out(node):
        value = parse_number(written)
    if value is not None:
        return Wanted(kind.show(value), (value,))
    if nothing:
        return Wanted(attribute.none_is or "no value", (None,))
    known = (
        [str(kind.show(each)) for each in kind.values] if isinstance(kind, Scale | Choice) else []
    )
    raise InputError(
        Problem(
            Place(""),
            "RW621",
            f"`{written}` is not a value that `{attribute.name}` can have",
            (nearest(written, known) if known else "") or f"expected {kind.expected()}",
        )
    )


def _works_out(node: Node) -> bool:
    """Whether some rule or limit concludes something else than a value that is written in it."""
    return any(not isinstance(rule.value, Written) for rule in node.every_rule)


def wanted_by(test: Test, right: list[Possible], words: str, outcomes: Outcomes) -> Wanted | None:
    """The values of a test's left side with which it comes out as one of `outcomes`; `None` where
    that is not plain.
    """
    counted = outcomes == YES
    if isinstance(test, Known):
        if test.wanted == counted:
            return Wanted("stated" if test.noun.given else "known", any_value=True)
        return Wanted("not stated", (UNSTATED,)) if test.noun.given else Wanted("no value", (None,))
    kind = test.left.type
    if isinstance(kind, FINITE):
        every: tuple[Value, ...] = (
            *((True, False) if not isinstance(kind, Scale | Choice) else kind.values),
            None,
        )
        values = tuple(
            each for each in every if compare(test, certain(each, kind), right) & ~outcomes == 0
        )
        return Wanted(words, values) if set(values) - {None} else None
    if not all(each.determined and isinstance(each.value, int | Fraction) for each in right):
        return None
    interval = _interval(
        test.op, [each.value for each in right if isinstance(each.value, int | Fraction)], kind
    )
    if interval is None:
        return None
    but = counted == (OPERATORS[test.op].denies)
    return Wanted(words, (None,) if not counted else (), interval, but=but)


def _interval(op: str, ends: list[int | Fraction], kind: Type | None) -> Interval | None:
    """The numbers or days that compare so; of `is not`, those that do not."""
    if op == "within":
        months, day = ends
        known = isinstance(months, int) and isinstance(day, int)
        return Interval(first_day_within(int(months), int(day)), day) if known else None
    operator = OPERATORS[op]
    if operator.denies and operator.operands is not None:
        operator = OPERATORS[operator.negation]
    spans = operator.bounds(ends) if operator.operands is not None or len(ends) == 1 else None
    if spans is None or len(spans) > 1:
        return None
    low, high, low_open, high_open = spans[0]
    if (low_open or high_open) and isinstance(kind, Number) and not kind.whole:
        return None
    return Interval(
        None if low is None else low + low_open, None if high is None else high - high_open
    )


def first_day_within(months: int, day: int) -> int:
    """The earliest day within a number of months of a day."""
    first = max(1, add_months(day, -months) - 3)  # the end of a month may be shorter
    while add_months(first, months) < day:
        first += 1
    return first


def ways_to(
    wanted: Wanted, node: Node, entity: Entity, evaluation: Evaluation, given: Possible
) -> list[tuple[Rule, How]]:
    """The rules that could give an attribute the value.

    `given`: what the rules give without a limit.
    """
    found = [
        (rule, how)
        for rule in node.rules
        if (how := how_it_could(rule, wanted, node, evaluation, entity)) is not None
    ]
    found += [
        (rule, "limits to it")
        for rule in node.limits
        if _limits_to(rule, wanted, given, node.attribute.type, entity, evaluation)
    ]
    if (
        node.otherwise is not None
        and how_it_could(node.otherwise, wanted, node, evaluation, entity) is not None
    ):
        found.append((node.otherwise, "otherwise"))
    return found


def how_it_could(
    rule: Rule, wanted: Wanted, node: Node, evaluation: Evaluation, entity: Entity
) -> How | None:
    """How a rule that concludes a value could give this one, perhaps lowered by a limit; `None`
    where it never does.
    """
    given = concluded(rule, evaluation)
    if given is not None:
        return (
            "concludes it"
            if wanted.has(given[0]) or _may_be_lowered(given[0], wanted, node, evaluation, entity)
            else None
        )
    return "copies it" if isinstance(rule.value, Noun) else "works it out"


def concluded(rule: Rule, evaluation: Evaluation) -> tuple[Value] | None:
    """The one value that a rule always gives; `None` for one that copies or works it out."""
    value = rule.value
    if isinstance(value, Written):
        return (value.value,)
    return (evaluation.parameters[value.name],) if isinstance(value, Parameter) else None


def every_value(kind: Type) -> list[Value]:
    """All values of a type that has so few."""
    return (
        list(kind.values)
        if isinstance(kind, Scale | Choice)
        else [True, False]
        if isinstance(kind, YesNo)
        else []
    )


def _may_be_lowered(
    value: Value, wanted: Wanted, node: Node, evaluation: Evaluation, entity: Entity
) -> bool:
    """Whether some limit, if it acted, would bring the value down to what is wanted."""
    kind = node.attribute.type
    return any(
        wanted.holds(cap(certain(value, kind), evaluation.value(limit.value, entity).value, kind))
        for limit in node.limits
        if limit.value is not None
    )


def _limits_to(
    rule: Rule, wanted: Wanted, given: Possible, kind: Type, entity: Entity, evaluation: Evaluation
) -> bool:
    """Whether the limit would bring what the rules give down to the value."""
    assert rule.value is not None
    if not given.determined or given.value is None:
        return False
    capped = cap(given, evaluation.value(rule.value, entity).value, kind)
    return capped != given and wanted.holds(capped)
