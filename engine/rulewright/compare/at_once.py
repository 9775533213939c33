"""Many cases told by several processes. How many has no effect on what is found.

What was found for one difference is tried first for the next; so that this hangs on the cases alone, the first cases are told by one
process, and the others in parts of a fixed size, each of which begins with what the first ones taught.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from rulewright.language.cases import CaseText

from .causes import Causes
from .pairs import Pair, Told, tell

PART = 50  # cases


@dataclass(frozen=True)
class Asked:
    """A case, and the two policies that it is told under."""

    pair: Pair
    text: CaseText
    as_at: int


@dataclass(frozen=True)
class _Work:
    asked: list[Asked]
    engine: str


_WORK: list[_Work] = []  # what the processes that are made after this share


def told_of(asked: list[Asked], engine: str, workers: int | None = None) -> Iterator[Told]:
    """What each case gives, in their order. Raises `EngineError`."""
    work = _Work(asked, engine)
    yield from (tell(each.pair, each.text, each.as_at, each.pair.causes, engine) for each in asked[:PART])
    starts = range(PART, len(asked), PART)
    processes = min(workers or _processors(), len(starts))
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        for start in starts:
            yield from _part(work, start)
        return
    _WORK.append(work)
    try:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
            for part in pool.map(_part_elsewhere, starts):
                yield from part
    finally:
        _WORK.pop()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _part_elsewhere(start: int) -> list[Told]:
    return _part(_WORK[-1], start)


def _part(work: _Work, start: int) -> list[Told]:
    causes: dict[int, Causes] = {}
    found = []
    for each in work.asked[start : start + PART]:
        own = causes.setdefault(id(each.pair), each.pair.causes.copy())
        found.append(tell(each.pair, each.text, each.as_at, own, work.engine))
    return found
