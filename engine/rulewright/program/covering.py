"""Where the rows of a decision table hold: which of them meet, where none holds, and which row is the first.

Each row is a box: for each input the values with which it holds. Rows are compared all at once, as bit masks, and the space of the
inputs is gone through in stretches in which the same rows hold, never value by value.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from rulewright.language.types import Type

from .pieces import Pieces, Run, cut, meeting
from .regions import Region, whole

Box = tuple[tuple[Run, ...], ...]  # for each input its pieces
MOST_PIECES = 200_000  # combinations of pieces of all inputs that are always gone through
MOST_VISITS = 5_000_000  # rows that are looked at on the way through more combinations than that


class TooLarge(Exception):
    """A table has more combinations of its inputs than can be gone through."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of pieces of each input, throughout which the same rows are the first two (or fewer) that hold."""

    runs: tuple[Run, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Cover:
    """The rows of a table, and the types of its inputs. `regions`: for each row the values of each input with which it holds."""

    regions: Sequence[tuple[Region, ...]]
    kinds: Sequence[Type]

    @cached_property
    def columns(self) -> tuple[Pieces, ...]:
        """For each input its declared values, cut at the ends of every row."""
        return tuple(cut((row[at] for row in self.regions), kind, whole(kind)) for at, kind in enumerate(self.kinds))

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The rows in pieces."""
        return tuple(tuple(column.runs[region] for column, region in zip(self.columns, row, strict=True)) for row in self.regions)

    @cached_property
    def size(self) -> int:
        """The number of combinations of pieces."""
        return prod(len(column.values) for column in self.columns)

    # -- questions ----------------------------------------------------------------------------------------------------

    @cached_property
    def disjoint(self) -> bool:
        """Whether no two rows hold together."""
        return not any(self._met)

    @property
    def complete(self) -> bool:
        """Whether some row holds whatever values the inputs have. Raises `TooLarge`."""
        return next(self.gaps(), None) is None

    def gaps(self) -> Iterator[tuple[Run, ...]]:
        """Where no row holds, in order. Raises `TooLarge` where looking for them all would take too long."""
        filled = len(self.kinds) > 1 and self.disjoint
        if filled and sum(map(_volume, self.boxes)) == self.size:
            return
        for cell in self._cells(range(len(self.boxes)), self.boxes, self._visits(), filled=filled):
            if not cell.rows:
                yield cell.runs

    def overlaps(self) -> dict[tuple[int, int], tuple[Region, ...]]:
        """The first two rows wherever two or more hold, in order, with the first values where it is they.

        In a table too large to go through: for each row the first one before it that it meets.
        """
        if self.disjoint:
            return {}
        met = [number for number, others in enumerate(self._met) if others]
        found: dict[tuple[int, int], tuple[Region, ...]] = {}
        try:
            for cell in self._cells(met, self.boxes, self._visits()):
                if len(cell.rows) > 1:
                    found.setdefault((cell.rows[0], cell.rows[1]), self.first(cell.runs))
        except TooLarge:
            found = dict(self._met_before())
        return dict(sorted(found.items(), key=lambda each: each[0]))

    def masked(self) -> dict[int, set[int]]:
        """For each row that holds somewhere and is first nowhere: the rows that are first where it holds. Raises `TooLarge`."""
        visits = self._visits()
        winning = {cell.rows[0] for cell in self._cells(range(len(self.boxes)), self.boxes, visits) if cell.rows}
        found: dict[int, set[int]] = {}
        for number, box in enumerate(self.boxes):
            if number not in winning and all(box):
                inside = [_common(each, box) for each in self.boxes[:number]]
                above = [other for other, each in enumerate(inside) if all(each)]
                found[number] = {cell.rows[0] for cell in self._cells(above, inside, visits) if cell.rows}
        return found

    def first(self, runs: tuple[Run, ...]) -> tuple[Region, ...]:
        """The first piece of each run."""
        return tuple(column.values[first] for column, (first, _) in zip(self.columns, runs, strict=True))

    def values(self, runs: tuple[Run, ...]) -> tuple[Region, ...]:
        """For each input the values of a run."""
        return tuple(column.region(run) for column, run in zip(self.columns, runs, strict=True))

    # -- rows that meet, as bit masks -----------------------------------------------------------------------------------

    @cached_property
    def _met(self) -> list[int]:
        """For each row the rows that it meets, itself left out."""
        columns = []
        for at, column in enumerate(self.columns):
            holders: dict[Region, int] = {}
            for number, row in enumerate(self.regions):
                holders[row[at]] = holders.get(row[at], 0) | 1 << number
            columns.append(meeting(column, holders))
        found = []
        for number, row in enumerate(self.regions):
            others = ~(1 << number)
            for met, region in zip(columns, row, strict=True):
                others &= met[region]
            found.append(others)
        return found

    def _met_before(self) -> Iterator[tuple[tuple[int, int], tuple[Region, ...]]]:
        for number, others in enumerate(self._met):
            lowest = (others & -others).bit_length() - 1
            if 0 <= lowest < number:
                common = _common(self.boxes[lowest], self.boxes[number])
                yield (lowest, number), self.first(tuple(runs[0] for runs in common))

    # -- going through the inputs one by one ----------------------------------------------------------------------------

    def _visits(self) -> _Visits:
        return _Visits(None if self.size <= MOST_PIECES else MOST_VISITS)

    def _cells(self, rows: Sequence[int], boxes: Sequence[Box], visits: _Visits, before: tuple[Run, ...] = (),
               filled: bool = False) -> Iterator[Cell]:  # fmt: skip
        """The space of the inputs that are left after some pieces of the first ones, in the order of their pieces.

        rows: those that are asked about, in order. filled: parts that rows fill, which do not meet, may be left out.
        """
        column, *others = self.columns[len(before) :]
        for run, holding in _stretches(rows, boxes, len(before), len(column.values)):
            runs = (*before, run)
            visits.count(len(holding) if others else 1)
            if not others:
                yield Cell(runs, tuple(holding[:2]))
            elif not holding:
                yield Cell((*runs, *(each.everything for each in others)), ())
            elif not filled or sum(_volume(boxes[row][len(runs) :]) for row in holding) < prod(len(each.values) for each in others):
                yield from self._cells(self._visible(holding, boxes, len(runs)), boxes, visits, runs, filled)

    def _visible(self, rows: Sequence[int], boxes: Sequence[Box], at: int) -> Sequence[int]:
        """The rows up to the second one that holds whatever the inputs from `at` on are: nobody asks about a third."""
        everywhere = 0
        for place, each in enumerate(rows):
            everywhere += all(runs == (column.everything,) for runs, column in zip(boxes[each][at:], self.columns[at:], strict=True))
            if everywhere == 2:
                return rows[: place + 1]
        return tuple(rows)


class _Visits:
    """Counts the work done for one question."""

    def __init__(self, most: int | None) -> None:
        self._left = most

    def count(self, rows: int) -> None:
        """Raises `TooLarge` when it is too much."""
        if self._left is not None:
            self._left -= rows
            if self._left < 0:
                raise TooLarge


def _stretches(rows: Sequence[int], boxes: Sequence[Box], at: int, size: int) -> Iterator[tuple[Run, list[int]]]:
    """The pieces of one input in runs, each with the rows that hold throughout it. The list changes as it goes on."""
    events = sorted(event for row in rows for first, last in boxes[row][at] for event in ((first, 1, row), (last + 1, 0, row)))
    holding: list[int] = []
    start = 0
    for place, begins, row in events:
        if place > start:
            yield (start, place - 1), holding
            start = place
        if begins:
            insort(holding, row)
        else:
            del holding[bisect_left(holding, row)]
    if start < size:
        yield (start, size - 1), holding


def _volume(box: Box) -> int:
    """The number of combinations of pieces in a box."""
    return prod(sum(last - first + 1 for first, last in runs) for runs in box)


def _common(one: Box, other: Box) -> Box:
    """The pieces of two boxes that are in both."""
    return tuple(tuple(_common_runs(*runs)) for runs in zip(one, other, strict=True))


def _common_runs(one: tuple[Run, ...], other: tuple[Run, ...]) -> Iterator[Run]:
    for a, b in one:
        for c, d in other:
            if max(a, c) <= min(b, d):
                yield max(a, c), min(b, d)
