"""Many cases told by several processes. How many has no effect on what is found.

What was found for one difference is tried first for the next; so that this hangs on the cases
alone, the first cases are told by one process, and the others in parts of a fixed size, each of
which begins with what the first ones taught.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright.facts.cases import CaseText
from rulewright.testing.processes import in_order, on_cores

from .causes import Causes
from .pairs import CaseDifferences, Pair, tell

PART = 50  # cases


@dataclass(frozen=True)
class CasePair:
    """A case, and the two policies that it is told under."""

    pair: Pair
    text: CaseText
    as_at: int


def told_of(
    asked: list[CasePair], engine: str, workers: int | None = None
) -> Iterator[CaseDifferences]:
    """What each case gives, in their order. Raises `EngineError`."""
    yield from (
        tell(each.pair, each.text, each.as_at, each.pair.causes, engine) for each in asked[:PART]
    )
    parts = [asked[start : start + PART] for start in range(PART, len(asked), PART)]
    for part in in_order(on_cores(lambda part: _part(part, engine), parts, workers)):
        yield from part


def _part(asked: list[CasePair], engine: str) -> list[CaseDifferences]:
    causes: dict[int, Causes] = {}
    found = []
    for each in asked:
        own = causes.setdefault(id(each.pair), each.pair.causes.copy())
        found.append(tell(each.pair, each.text, each.as_at, own, engine))
    return found
