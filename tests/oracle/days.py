"""Calendar months, as periods of the policy count them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day.

    >>> months_later(date(2024, 2, 29), 24)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within(day: date, months: int, as_at: date) -> bool:
    """Whether a day lies at most that many months back, and not ahead."""
    return day <= as_at <= months_later(day, months)


def first_within(months: int, as_at: date) -> date:
    """The earliest day that lies within so many months."""
    day = months_later(as_at, -months) - timedelta(days=4)
    while not within(day, months, as_at):
        day += timedelta(days=1)
    return day
