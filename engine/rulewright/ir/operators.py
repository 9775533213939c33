"""The comparison operators: all that is to be said of one in one object.

The forward engine works out by itself what comes of a comparison, as a second reading of the same
meaning; it takes only the structure of an operator from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeVar

from .types import Date, Number, Scale, Type, add_months

Exact = int | Fraction
End = TypeVar("End")
Truth = TypeVar("Truth")


class Bounds(NamedTuple):
    """The numbers from `low` to `high` (`None`: no end); an open end is not included itself."""

    low: Exact | None
    high: Exact | None
    low_open: bool = False
    high_open: bool = False


class Algebra(Protocol[End, Truth]):
    """How the ends of intervals are compared: exactly, or as gates of a formula."""

    def reaches(self, high: End, low: End) -> Truth:
        """Whether something up to `high` can be at least something from `low` on."""

    def below(self, low: End, high: End) -> Truth:
        """Whether something from `low` on can be less than something up to `high`."""

    def equal(self, one: End, other: End) -> Truth:
        """Whether both are the same number."""

    def later(self, day: End, months: tuple[End, End]) -> End:
        """The day a number of months after another."""

    def both(self, one: Truth, other: Truth) -> Truth:
        """Whether two hold."""

    def either(self, one: Truth, other: Truth) -> Truth:
        """Whether one of two holds."""

    def all(self, each: Sequence[Truth]) -> Truth:
        """Whether all hold."""

    def any(self, each: Sequence[Truth]) -> Truth:
        """Whether one holds."""

    def no(self, one: Truth) -> Truth:
        """Whether it does not hold."""


Side = tuple[Any, Any]  # the lowest and the highest that one side may be
May = Callable[[Algebra[Any, Any], Side, Sequence[Side]], tuple[Any, Any]]


@dataclass(frozen=True)
class Phrases:
    """What a comparison asks for, with `{}` for each value that it compares with.

    plain, date, scale, cell: in a rule, by the type of the values; `cell` of numbers in a table.
    needed, needed_number, needed_scale: in an explanation, where that differs.
    """

    plain: str
    date: str = ""
    scale: str = ""
    cell: str = ""
    needed: str = ""
    needed_number: str = ""
    needed_scale: str = ""

    def in_rule(self, kind: Type | None, *, cell: bool = False) -> str:
        """The phrase of a rule for values of a type; cell: in a table."""
        number = self.cell if cell else ""
        return self._of_type(kind, number, self.date, self.scale) or self.plain

    def in_explanation(self, kind: Type | None) -> str:
        """The phrase of an explanation for values of a type."""
        special = self._of_type(kind, self.needed_number, "", self.needed_scale)
        return special or self.needed or self.in_rule(kind)

    @staticmethod
    def _of_type(kind: Type | None, number: str, date: str, scale: str) -> str:
        if isinstance(kind, Number):
            return number
        if isinstance(kind, Date):
            return date
        return scale if isinstance(kind, Scale) else ""


@dataclass(frozen=True)
class Operator:
    """One comparison operator.

    may: whether it may hold of some intervals, and whether it may fail. bounds: the numbers, or the
    ranks on a scale, of which it holds; `None` where fixed values do not show that. operands: how
    many stand on its right (`None`: any number). by_order: values outside the order pass it over.
    denies: it holds of all but some values. negation: the operator that holds of every value of
    which this does not. converse: the same comparison from right to left. neighbours: the operators
    that a slip of the pen may have meant.
    """

    name: str
    may: May
    bounds: Callable[[Sequence[Exact]], tuple[Bounds, ...] | None]
    phrases: Phrases
    operands: int | None = 1
    by_order: bool = False
    denies: bool = False
    negation: str = ""
    converse: str = ""
    neighbours: tuple[str, ...] = ()

    @property
    def is_ordering(self) -> bool:
        """Whether it compares with one end of an order: `at least`, `less than`."""
        return self.by_order and self.operands == 1

    def holds(self, value: Exact, others: Sequence[Exact]) -> bool:
        """Whether it holds of one number, day or rank."""
        pairs = [(each, each) for each in others]
        return bool(self.may(EXACT, (value, value), pairs)[0])

    def distance(self, value: Exact, others: Sequence[Exact]) -> Exact | None:
        """How far a number, or rank, of which it does not hold is from the nearest of which it
        does; `None` where that is not counted.
        """
        spans = self.bounds(others)
        if spans is None or self.denies:
            return None
        return min(max(_short(each, value), 0) for each in spans)

    def phrase(self, kind: Type | None, words: Sequence[str]) -> str:
        """What it asks for in an explanation, where these are the words of its right side."""
        phrase = self.phrases.in_explanation(kind)
        if self.operands is None:
            first, joint = phrase.split("{}")[:2]
            return first + joint.join(words)
        return phrase.format(*words)


def _short(bounds: Bounds, value: Exact) -> Exact:
    low, high, low_open, high_open = bounds
    if low is not None and (value < low or (low_open and value == low)):
        return low - value + low_open
    return value - high + high_open if high is not None else 0


# -- intervals


class Exactly:
    """Ends that are numbers; `None` is an open end."""

    def reaches(self, high: Exact | None, low: Exact | None) -> bool:
        return high is None or low is None or high >= low

    def below(self, low: Exact | None, high: Exact | None) -> bool:
        return low is None or high is None or low < high

    def equal(self, one: Exact | None, other: Exact | None) -> bool:
        return one is not None and one == other

    def later(self, day: Exact | None, months: tuple[Exact | None, Exact | None]) -> Exact | None:
        number = months[0] if isinstance(months[0], int) else 0
        return None if day is None else add_months(int(day), number)

    def both(self, one: bool, other: bool) -> bool:
        return one and other

    def either(self, one: bool, other: bool) -> bool:
        return one or other

    def all(self, each: Sequence[bool]) -> bool:
        return all(each)

    def any(self, each: Sequence[bool]) -> bool:
        return any(each)

    def no(self, one: bool) -> bool:
        return not one


EXACT = Exactly()


def _at_least(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    (low, high), (least, most) = left, right[0]
    return ends.reaches(high, least), ends.below(low, most)


def _less_than(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    (low, high), (least, most) = left, right[0]
    return ends.below(low, most), ends.reaches(high, least)


def _at_most(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    (low, high), (least, most) = left, right[0]
    return ends.reaches(most, low), ends.below(least, high)


def _more_than(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    (low, high), (least, most) = left, right[0]
    return ends.below(least, high), ends.reaches(most, low)


def _between(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    (low, high), (least, most), (top_least, top_most) = left, *right
    inside = [ends.reaches(high, least), ends.reaches(top_most, low), ends.reaches(top_most, least)]
    return ends.all(inside), ends.either(ends.below(low, most), ends.below(top_least, high))


def _within(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    (low, high), months, (day_low, day_high) = left, *right
    first, last = ends.later(low, months), ends.later(high, months)
    yes = ends.both(ends.reaches(day_high, low), ends.reaches(last, day_low))
    return yes, ends.either(ends.below(day_low, high), ends.below(first, day_high))


def _one_of(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    low, high = left
    yes = ends.any(
        [ends.both(ends.reaches(high, least), ends.reaches(most, low)) for least, most in right]
    )
    known = ends.equal(low, high)
    same = [
        ends.all([known, ends.equal(low, least), ends.equal(low, most)]) for least, most in right
    ]
    return yes, ends.no(ends.any(same))


def _none_of(ends: Algebra[Any, Any], left: Side, right: Sequence[Side]) -> tuple[Any, Any]:
    yes, no = _one_of(ends, left, right)
    return no, yes


# -- value sets


def _each(values: Sequence[Exact]) -> tuple[Bounds, ...]:
    return tuple(Bounds(each, each) for each in sorted(set(values)))


def _all_but(values: Sequence[Exact]) -> tuple[Bounds, ...]:
    return (Bounds(None, values[0], high_open=True), Bounds(values[0], None, low_open=True))


def _not_shown(_: Sequence[Exact]) -> None:
    return None


# -- the operators

_ALL = (
    Operator(
        "is",
        _one_of,
        _each,
        Phrases("{}"),
        negation="is not",
        converse="is",
        neighbours=("at least", "at most"),
    ),
    Operator(
        "is not",
        _none_of,
        _all_but,
        Phrases("not {}"),
        denies=True,
        negation="is",
        converse="is not",
    ),
    Operator(
        "one of",
        _one_of,
        _each,
        Phrases("one of {}", needed="{} or {}"),
        operands=None,
        negation="not one of",
    ),
    Operator(
        "not one of",
        _none_of,
        _not_shown,  # seals of policies rest on it: such a row is never told apart from others
        Phrases("not one of {}", needed="neither {} nor {}"),
        operands=None,
        denies=True,
        negation="one of",
    ),
    Operator(
        "at least",
        _at_least,
        lambda values: (Bounds(values[0], None),),
        Phrases("at least {}", date="on or after {}", scale="{} or better", cell="{} or more"),
        by_order=True,
        negation="less than",
        converse="at most",
        neighbours=("at most", "more than"),
    ),
    Operator(
        "at most",
        _at_most,
        lambda values: (Bounds(None, values[0]),),
        Phrases("at most {}", date="on or before {}", scale="{} or worse", cell="up to {}"),
        by_order=True,
        negation="more than",
        converse="at least",
        neighbours=("at least", "less than"),
    ),
    Operator(
        "more than",
        _more_than,
        lambda values: (Bounds(values[0], None, low_open=True),),
        Phrases("more than {}", date="after {}", needed_scale="better than {}"),
        by_order=True,
        negation="at most",
        converse="less than",
        neighbours=("less than", "at least"),
    ),
    Operator(
        "less than",
        _less_than,
        lambda values: (Bounds(None, values[0], high_open=True),),
        Phrases("less than {}", date="before {}", needed_scale="worse than {}"),
        by_order=True,
        negation="at least",
        converse="more than",
        neighbours=("more than", "at most"),
    ),
    Operator(
        "between",
        _between,
        lambda values: (Bounds(values[0], values[1]),),
        Phrases("between {} and {}", cell="{}..{}", needed="from {} to {}", needed_number="{}..{}"),
        operands=2,
        by_order=True,
    ),
    Operator("within", _within, _not_shown, Phrases("within {} of {}"), operands=2),
)

OPERATORS: dict[str, Operator] = {each.name: each for each in _ALL}


def counting_operator(kind: str) -> str:
    """The operator by which a quantity compares a number of items: `exactly` is `is`."""
    return "is" if kind == "exactly" else kind
