"""What time it is. Everything that records takes a clock as an argument; this is the one that it takes otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present time, in UTC."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """A moment as entries hold it, such as `2024-03-01T09:30:00.000000Z`: the order of the texts is that of the moments."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
