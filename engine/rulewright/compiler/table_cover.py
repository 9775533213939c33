"""Where the rows of a decision table hold: which of them meet, where none holds, and which row is
the first.

Each row is a box: for each input the values with which it holds. Rows are compared all at once, as
bit masks, and the space of the inputs is gone through in stretches in which the same rows hold,
never value by value.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from rulewright.ir.partitions import Pieces, Run, cut, meeting
from rulewright.ir.types import Type
from rulewright.ir.value_sets import Region, whole

Box = tuple[tuple[Run, ...], ...]  # for each input its pieces
MOST_PIECES = 200_000  # combinations of pieces of all inputs that are always gone through
MOST_VISITS = 5_000_000  # rows that are looked at on the way through more combinations than that


class TooLarge(Exception):
    """A table has more combinations of its inputs than can be gone through."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of pieces of each input, throughout which the same rows are the first two (or fewer)
    that hold.
    """

    runs: tuple[Run, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Cover:
    """The rows of a table, and the types of its inputs.

    `regions`: for each row the values of each input with which it holds.
    """

    regions: Sequence[tuple[Region, ...]]
    kinds: Sequence[Type]

    @cached_property
    def columns(self) -> tuple[Pieces, ...]:
        """For each input its declared values, cut at the ends of every row."""
        return tuple(
            cut((row[at] for row in self.regions), kind, whole(kind))
            for at, kind in enumerate(self.kinds)
        )

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The rows in pieces."""
        return tuple(
            tuple(column.runs[region] for column, region in zip(self.columns, row, strict=True))
            for row in self.regions
        )

    @cached_property
    def size(self) -> int:
        """The number of combinations of pieces."""
        return prod(len(column.values) for column in self.columns)

    # -- questions

    @cached_property
    def disjoint(self) -> bool:
        """Whether no two rows hold together."""
        return not any(self._met)

    @property
    def complete(self) -> bool:
        """Whether some row holds whatever values the inputs have. Raises `TooLarge`."""
        return next(self.gaps(), None) is None

    def gaps(self) -> Iterator[tuple[Run, ...]]:
        """Where no row holds, in order.

        Raises `TooLarge` where looking for them all would take too long.
        """
        filled = len(self.kinds) > 1 and self.disjoint
        if filled and sum(_volumes(box)[0] for box in self.boxes) == self.size:
            return
        for cell in self._walk(filled=filled).cells(range(len(self.boxes))):
            if not cell.rows:
                yield cell.runs

    def overlaps(self) -> dict[tuple[int, int], tuple[Region, ...]]:
        """The first two rows wherever two or more hold, in order, with the first values where it is
        they.

        In a table too large to go through: for each row the first one before it that it meets.
        """
        if self.disjoint:
            return {}
        met = [number for number, others in enumerate(self._met) if others]
        found: dict[tuple[int, int], tuple[Region, ...]] = {}
        try:
            for cell in self._walk().cells(met):
                if len(cell.rows) > 1:
                    found.setdefault((cell.rows[0], cell.rows[1]), self.first(cell.runs))
        except TooLarge:
            found = dict(self._met_before())
        return dict(sorted(found.items(), key=lambda each: each[0]))

    def masked(self) -> dict[int, set[int]]:
        """For each row that holds somewhere and is first nowhere: the rows that are first where it
        holds. Raises `TooLarge`.
        """
        walk = self._walk()
        winning = {cell.rows[0] for cell in walk.cells(range(len(self.boxes))) if cell.rows}
        return {
            number: {cell.rows[0] for cell in walk.within(box, range(number))}
            for number, box in enumerate(self.boxes)
            if number not in winning and all(box)
        }

    def first(self, runs: tuple[Run, ...]) -> tuple[Region, ...]:
        """The first piece of each run."""
        return tuple(
            column.values[first] for column, (first, _) in zip(self.columns, runs, strict=True)
        )

    def values(self, runs: tuple[Run, ...]) -> tuple[Region, ...]:
        """For each input the values of a run."""
        return tuple(column.region(run) for column, run in zip(self.columns, runs, strict=True))

    # -- rows that meet, as bit masks

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

    # -- going through the inputs one by one

    def _walk(self, filled: bool = False) -> _Walk:
        return _Walk(
            self.columns,
            self.boxes,
            _Visits(None if self.size <= MOST_PIECES else MOST_VISITS),
            filled,
        )


@dataclass
class _Visits:
    """How many rows may still be looked at; `None`: any number."""

    left: int | None

    def count(self, rows: int) -> None:
        """Raises `TooLarge` when they are too many."""
        if self.left is not None:
            self.left -= rows
            if self.left < 0:
                raise TooLarge


class _Walk:
    """A way through the whole space of some inputs. filled: parts that rows fill, which do not
    meet, may be left out.
    """

    def __init__(
        self, columns: Sequence[Pieces], boxes: Sequence[Box], visits: _Visits, filled: bool = False
    ) -> None:
        self._columns, self._boxes, self._visits, self._filled = columns, boxes, visits, filled
        self._sizes = _products([len(column.values) for column in columns])
        self._volumes = [_volumes(box) for box in boxes]

    def within(self, box: Box, rows: Iterable[int]) -> Iterator[Cell]:
        """The cells of a box in which some of the rows hold."""
        boxes = [_common(self._boxes[row], box) for row in rows]
        inside = _Walk(self._columns, boxes, self._visits)
        return (
            cell
            for cell in inside.cells([number for number, each in enumerate(boxes) if all(each)])
            if cell.rows
        )

    def cells(self, rows: Sequence[int], before: tuple[Run, ...] = ()) -> Iterator[Cell]:
        """What is left of the space after pieces of the first inputs, in the order of the pieces.
        Raises `TooLarge`.

        rows: those that are asked about, in order.
        """
        at = len(before)
        inner = at + 1
        last = inner == len(self._columns)
        for run, holding in _stretches(rows, self._boxes, at, len(self._columns[at].values)):
            runs = (*before, run)
            self._visits.count(1 if last else len(holding))
            if last:
                yield Cell(runs, tuple(holding[:2]))
            elif not holding:
                yield Cell((*runs, *(column.everything for column in self._columns[inner:])), ())
            elif (
                not self._filled
                or sum(self._volumes[row][inner] for row in holding) < self._sizes[inner]
            ):
                yield from self.cells(self._visible(holding, inner), runs)

    def _visible(self, rows: list[int], at: int) -> list[int]:
        """The rows up to the second one that holds whatever the inputs from `at` on are: nobody
        asks about a third.
        """
        everywhere = [
            place for place, row in enumerate(rows) if self._volumes[row][at] == self._sizes[at]
        ]
        return rows[: everywhere[1] + 1] if len(everywhere) > 1 else rows[:]


def _stretches(
    rows: Sequence[int], boxes: Sequence[Box], at: int, size: int
) -> Iterator[tuple[Run, list[int]]]:
    """The pieces of one input in runs, each with the rows that hold throughout it.

    The list changes as it goes on.
    """
    events = sorted(
        event
        for row in rows
        for first, last in boxes[row][at]
        for event in ((first, 1, row), (last + 1, 0, row))
    )
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


def _volumes(box: Box) -> list[int]:
    """The numbers of combinations of pieces in a box, of all inputs and of those from each one
    on.
    """
    return _products([sum(last - first + 1 for first, last in runs) for runs in box])


def _products(sizes: list[int]) -> list[int]:
    return [prod(sizes[at:]) for at in range(len(sizes) + 1)]


def _common(one: Box, other: Box) -> Box:
    """The pieces of two boxes that are in both."""
    return tuple(tuple(_common_runs(*runs)) for runs in zip(one, other, strict=True))


def _common_runs(one: tuple[Run, ...], other: tuple[Run, ...]) -> Iterator[Run]:
    for a, b in one:
        for c, d in other:
            if max(a, c) <= min(b, d):
                yield max(a, c), min(b, d)
