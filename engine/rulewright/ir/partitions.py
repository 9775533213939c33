"""The values of one type cut where any of some regions begins or ends: each piece lies wholly
inside or outside each region.

Everything about many regions is worked out on the numbers of pieces, in about n log n steps for n
regions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from .types import FINITE, Date, Number, Type, Value, Words
from .value_sets import Exact, Region, Span, tidy

Run = tuple[int, int]  # pieces that follow one another: the first and the last


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces in order, and of which each region consists, in runs."""

    values: tuple[Region, ...]
    runs: Mapping[Region, tuple[Run, ...]]

    def of(self, region: Region) -> frozenset[int]:
        """The numbers of the pieces of a region."""
        return frozenset(
            number for first, last in self.runs[region] for number in range(first, last + 1)
        )

    @property
    def everything(self) -> Run:
        """All pieces."""
        return 0, len(self.values) - 1

    def region(self, run: Run) -> Region:
        """The values of pieces that follow one another."""
        first, last = self.values[run[0]], self.values[run[1]]
        if isinstance(first, frozenset):
            return frozenset().union(
                *(each for each in self.values[run[0] : run[1] + 1] if isinstance(each, frozenset))
            )
        assert isinstance(first, tuple) and isinstance(last, tuple)
        return (Span(first[0].low, last[-1].high, first[0].low_open, last[-1].high_open),)


def cut(regions: Iterable[Region], kind: Type, domain: Region | None = None) -> Pieces:
    """The pieces of the domain, which is one span or a set; without a domain, of all numbers or
    days, or of the texts in the regions.
    """
    distinct = list(dict.fromkeys(regions))
    if isinstance(kind, FINITE):
        return _groups(distinct, kind.values)
    if isinstance(kind, Words):
        return _groups(distinct, tuple({value: None for region in distinct for value in region}))
    return _stretches(distinct, kind, domain)


def _groups(regions: list[Region], values: Iterable[Any]) -> Pieces:
    """Values that the same regions contain, in order."""
    containing: dict[Value, list[int]] = {value: [] for value in values}
    for number, region in enumerate(regions):
        assert isinstance(region, frozenset)
        for value in region & containing.keys():
            containing[value].append(number)
    groups: dict[tuple[int, ...], list[Value]] = {}
    for value, inside in containing.items():
        groups.setdefault(tuple(inside), []).append(value)
    pieces: list[list[int]] = [[] for _ in regions]
    for place, group in enumerate(groups):
        for number in group:
            pieces[number].append(place)
    return Pieces(
        tuple(map(frozenset, groups.values())),
        dict(zip(regions, map(_in_runs, pieces), strict=True)),
    )


def _in_runs(pieces: Sequence[int]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for each in pieces:
        if runs and runs[-1][1] == each - 1:
            runs[-1] = runs[-1][0], each
        else:
            runs.append((each, each))
    return tuple(runs)


def _stretches(regions: list[Region], kind: Type, domain: Region | None) -> Pieces:
    """The ends of all spans, and what lies between them.

    Whole numbers have nothing between 3 and 4.
    """
    [within] = tidy(domain, kind) if isinstance(domain, tuple) else (Span(None, None),)
    spans = [span for region in regions for span in region if isinstance(span, Span)]
    ends: list[Exact] = sorted(
        {end for span in (*spans, within) for end in (span.low, span.high) if end is not None}
    )
    places = {
        end: 2 * number + 1 for number, end in enumerate(ends)
    }  # of a stretch between two ends: the even number between

    def extent(span: Span) -> Run:
        first = 0 if span.low is None else places[span.low] + span.low_open
        return first, 2 * len(ends) if span.high is None else places[span.high] - span.high_open

    whole_numbers = isinstance(kind, Date) or (isinstance(kind, Number) and kind.whole)
    pieces: list[Region] = []
    before = [0]  # how many pieces there are before each place
    first, last = extent(within)
    for place in range(2 * len(ends) + 1):
        piece = _piece(place, ends, whole_numbers) if first <= place <= last else None
        pieces += [] if piece is None else [(piece,)]
        before.append(len(pieces))
    runs: dict[Region, tuple[Run, ...]] = {}
    for region in regions:
        extents = [extent(span) for span in region if isinstance(span, Span)]
        runs[region] = tuple(
            (before[a], before[b + 1] - 1) for a, b in extents if before[a] < before[b + 1]
        )
    return Pieces(tuple(pieces), runs)


def _piece(place: int, ends: Sequence[Exact], whole_numbers: bool) -> Span | None:
    """An end, at an odd place, or what lies between two ends."""
    if place % 2:
        return Span(ends[place // 2], ends[place // 2])
    low = ends[place // 2 - 1] if place else None
    high = ends[place // 2] if place < 2 * len(ends) else None
    if not whole_numbers:
        return Span(low, high, low is not None, high is not None)
    span = Span(None if low is None else low + 1, None if high is None else high - 1)
    return None if span.empty else span


def meeting(pieces: Pieces, holders: Mapping[Region, int]) -> dict[Region, int]:
    """For each region of `pieces` the holders of all regions that share a piece with it.

    `holders`: a set of numbers for each of some regions, as a bit mask; no number holds two of
    them.
    """
    enter: dict[int, int] = {}
    leave: dict[int, int] = {}
    for region, bits in holders.items():
        for first, last in pieces.runs[region]:
            enter[first] = enter.get(first, 0) | bits
            leave[last + 1] = leave.get(last + 1, 0) | bits
    begins = {first for runs in pieces.runs.values() for first, _ in runs}
    holding: dict[int, int] = {}
    now = 0
    for place in sorted(enter.keys() | leave.keys() | begins):
        now = now & ~leave.get(place, 0) | enter.get(place, 0)
        if place in begins:
            holding[place] = now
    entering = _Entering(enter)
    return {
        region: reduce(
            or_, (holding[first] | entering.within(first + 1, last) for first, last in runs), 0
        )
        for region, runs in pieces.runs.items()
    }


_BLOCK = 64


class _Entering:
    """The masks of what begins at some places, all those between two places made one."""

    def __init__(self, masks: Mapping[int, int]) -> None:
        self._places = sorted(masks)
        self._masks = [masks[each] for each in self._places]
        self._blocks = [
            reduce(or_, self._masks[start : start + _BLOCK], 0)
            for start in range(0, len(self._masks), _BLOCK)
        ]

    def within(self, first: int, last: int) -> int:
        start, end = bisect_left(self._places, first), bisect_right(self._places, last)
        low, high = -(-start // _BLOCK), end // _BLOCK
        if low >= high:
            return reduce(or_, self._masks[start:end], 0)
        parts = (
            self._masks[start : low * _BLOCK],
            self._blocks[low:high],
            self._masks[high * _BLOCK : end],
        )
        return reduce(or_, (each for part in parts for each in part), 0)
