"""The times at which entries are recorded: what the clock of the computer said. The order of
entries is that of their numbers.

Everything that records takes a clock as an argument; `now` is the one that it takes otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rulewright.syntax.declared_types import shortened
from rulewright.syntax.errors import Place, Problem

Clock = Callable[[], datetime]
# by which the clocks of two machines that append may differ without a word
TOLERANCE = timedelta(seconds=5)
_FORM = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z")


def now() -> datetime:
    """The present time, in UTC."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """A moment as entries hold it, such as `2024-03-01T09:30:00.000000Z`: the order of the texts is
    that of the moments.
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment_of(text: str) -> datetime:
    """The moment that an entry holds. Raises `ValueError`."""
    try:
        if _FORM.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:  # the 30th of February
        pass
    raise ValueError(f"{shortened(text)} is not a time")


@dataclass(frozen=True, slots=True)
class SetBack:
    """An entry whose time lies before that of the entry before it: one of the two clocks was wrong,
    and nothing tells which.
    """

    number: int
    recorded_at: str
    before: str

    def __str__(self) -> str:
        return (
            f"entry {self.number} is recorded at `{self.recorded_at}`, and entry {self.number - 1} before it at `{self.before}`: "
            "one of the two clocks was wrong"
        )

    def problem(self, shown: str) -> Problem:
        """The same, as what is said of the ledger `shown` (RW906)."""
        return Problem(
            Place(shown),
            "RW906",
            str(self),
            "entries are in the order of their numbers, whatever their times",
        )


def set_back(number: int, before: str, recorded_at: str) -> SetBack | None:
    """What is to be said of entry `number`, where its time lies well before that of the entry
    before it. Raises `ValueError`.
    """
    if recorded_at >= before or moment_of(before) - moment_of(recorded_at) <= TOLERANCE:
        return None
    return SetBack(number, recorded_at, before)
