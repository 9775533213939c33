"""The types of values, and how each reads what a person wrote.

Inside the engines a value is a `str` (on a scale or in a list of choices, and free text), a `bool`
(yes/no), an `int` or `Fraction` (numbers, exact), or an `int` that counts days (dates). `NO_VALUE`
(`None`) is the known absence of a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from rulewright.syntax.text import Boolean, Text, key

Value = str | bool | int | Fraction | None
NO_VALUE = None

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")
_MONTHS = re.compile(r"(0|[1-9][0-9]*) (months?|years?)\Z")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values in order, worst first, and known values outside the order."""

    name: str
    order: tuple[str, ...]
    outside: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        return self.order + self.outside

    def describe(self) -> str:
        return self.name

    def expected(self) -> str:
        return "one of " + ", ".join(f"`{each}`" for each in self.values)

    def parse(self, text: str) -> str | None:
        return _pick(text, self.values)

    def show(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list of words, without an order."""

    values: tuple[str, ...]

    @property
    def name(self) -> str:
        return "one of " + ", ".join(self.values)

    def describe(self) -> str:
        return self.name

    def expected(self) -> str:
        return "one of " + ", ".join(f"`{each}`" for each in self.values)

    def parse(self, text: str) -> str | None:
        return _pick(text, self.values)

    def show(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    name: str = "yes/no"
    values: tuple[bool, ...] = (False, True)

    def describe(self) -> str:
        return self.name

    def expected(self) -> str:
        return "`yes` or `no`"

    def parse(self, text: str) -> bool | None:
        return {"yes": True, "no": False}.get(text.strip().lower())

    def show(self, value: Value) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Number:
    """A number within a range (both ends included; an end that is `None` is open).

    `whole`: integers only.
    """

    whole: bool
    low: int | Fraction | None = None
    high: int | Fraction | None = None

    @property
    def name(self) -> str:
        kind = "whole number" if self.whole else "number"
        if self.low is None and self.high is None:
            return kind
        if self.high is None:
            return f"{kind} from {show_number(self.low)}"
        if self.low is None:
            return f"{kind} up to {show_number(self.high)}"
        return f"{kind} {show_number(self.low)}..{show_number(self.high)}"

    def describe(self) -> str:
        return self.name

    def expected(self) -> str:
        return f"a {self.name}"

    def parse(self, text: str) -> int | Fraction | None:
        value = parse_number(text)
        if value is None or (self.whole and not isinstance(value, int)):
            return None
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            return None
        return value

    def show(self, value: Value) -> str:
        return show_number(value)


@dataclass(frozen=True, slots=True)
class Date:
    """A day. Inside the engines an `int`: days since 1 January of the year 1."""

    name: str = "date"

    def describe(self) -> str:
        return self.name

    def expected(self) -> str:
        return "a date such as `2024-03-01`"

    def parse(self, text: str) -> int | None:
        return parse_date(text)

    def show(self, value: Value) -> str:
        return show_date(value)


@dataclass(frozen=True, slots=True)
class Months:
    """A length of time in calendar months (parameters only)."""

    name: str = "months"

    def describe(self) -> str:
        return "length of time"

    def expected(self) -> str:
        return "a length of time such as `24 months`"

    def parse(self, text: str) -> int | None:
        return parse_months(text)

    def show(self, value: Value) -> str:
        return f"{value} months"


@dataclass(frozen=True, slots=True)
class Words:
    """Free text."""

    name: str = "text"

    def describe(self) -> str:
        return self.name

    def expected(self) -> str:
        return "text"

    def parse(self, text: str) -> str | None:
        return None if isinstance(text, Boolean) else " ".join(text.split()) or None

    def show(self, value: Value) -> str:
        return str(value)


Type = Scale | Choice | YesNo | Number | Date | Months | Words
FINITE = (Scale, Choice, YesNo)


def as_asked(text: Text, kind: Type | None) -> Text:
    """TRUE and FALSE of a spreadsheet as `yes` and `no`, where a yes/no is asked."""
    if isinstance(text, Boolean) and isinstance(kind, YesNo):
        return Text.at("yes" if text == "TRUE" else "no", text.place)
    return text


def _pick(text: str, values: tuple[str, ...]) -> str | None:
    return _by_key(values).get(key(text))


@lru_cache(maxsize=256)
def _by_key(values: tuple[str, ...]) -> dict[str, str]:
    """Values by their keys; of two with one key the first."""
    return {key(each): each for each in reversed(values)}


def parse_number(text: str) -> int | Fraction | None:
    """An exact number: `3` is an `int`, `62.5` a `Fraction`.

    `012`, `1e3`, `1_000` are not numbers.
    """
    text = text.strip()
    if not _NUMBER.match(text) or len(text) > 40:
        return None
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value


def parse_date(text: str) -> int | None:
    """`2024-03-01` as a count of days, or `None` when there is no such day."""
    found = _DATE.match(text.strip())
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).toordinal()
    except ValueError:
        return None


def parse_months(text: str) -> int | None:
    """`24 months` or `2 years` as a count of months."""
    found = _MONTHS.match(" ".join(text.split()))
    if not found or len(found[1]) > 6:
        return None
    return int(found[1]) * (12 if found[2].startswith("year") else 1)


def show_number(value: Value) -> str:
    """An exact number in decimals where it has finitely many (at most 12), else as a fraction."""
    if isinstance(value, Fraction):
        scaled = value * 10**12
        if scaled.denominator == 1:
            sign = "-" if scaled < 0 else ""
            whole, rest = divmod(abs(scaled.numerator), 10**12)
            return f"{sign}{whole}.{rest:012d}".rstrip("0").rstrip(".")
        return f"{value.numerator}/{value.denominator}"
    return str(value)


def show_date(value: Value) -> str:
    """A count of days as `2024-03-01`."""
    return date.fromordinal(value).isoformat() if isinstance(value, int) else str(value)


def add_months(day: int, months: int) -> int:
    """`day` plus calendar months, clamped to the month's end.

    Beyond the calendar: its first or last day.
    """
    start = date.fromordinal(day)
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    if year < 1:
        return 1
    if year > 9999:
        return date.max.toordinal()
    after = (
        date(year + month // 11, (month + 1) % 12 + 1, 1).toordinal()
        if (year, month) < (9999, 11)
        else date.max.toordinal() + 1
    )
    first = date(year, month + 1, 1).toordinal()
    return min(first + start.day - 1, after - 1)
