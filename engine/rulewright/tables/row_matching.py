"""Which row of one table became which row of another."""

from __future__ import annotations

from collections.abc import Sequence

from rulewright.syntax.text import Text

from .grid import Row, named, same_row, shown

Pairs = list[tuple[int | None, int | None]]  # old and new row; `None`: removed, or added

_NEAR = 500  # rows: a changed row is not looked for farther away


def paired(old: Sequence[Row], new: Sequence[Row], short: bool) -> Pairs:
    """The new rows in their order, each with the old one that it was, and then the old ones that
    are gone.

    Rows are known by their ids (in a short table by their conclusion); rows without ids by what
    they hold.
    """
    names = [_name(row, short) for row in old]
    wanted = [_name(row, short) for row in new]
    if all(names) and all(wanted):
        at = {name: index for index, name in enumerate(names)}
        found: Pairs = [(at.pop(name, None), index) for index, name in enumerate(wanted)]
    else:
        found = _by_content(old, new)
    left = {before for before, _ in found}
    return found + [(index, None) for index in range(len(old)) if index not in left]


def _name(row: Row, short: bool) -> str:
    return named(row.get("id") or (row["then"] if short else ""))


def _by_content(old: Sequence[Row], new: Sequence[Row]) -> Pairs:
    """Rows that hold the same wherever they stand; of the others those that have the most cells in
    common, at least half.
    """
    columns = sorted({column for row in (*old, *new) for column in row} - {"id", "note"})
    before, after = (
        [tuple(named(row.get(each, "")) for each in columns) for row in rows] for rows in (old, new)
    )
    places: dict[tuple[str, ...], list[int]] = {}
    for index in reversed(range(len(old))):
        places.setdefault(before[index], []).append(index)
    found: dict[int, int] = {
        index: places[cells].pop() for index, cells in enumerate(after) if places.get(cells)
    }
    was_left = [index for index in range(len(old)) if index not in {*found.values()}]
    near = (
        (was, now)
        for was in was_left
        for now in range(max(0, was - _NEAR), min(len(new), was + _NEAR))
        if now not in found
    )
    like = sorted(
        (-same, abs(was - now), was, now)
        for was, now in near
        if (same := _alike(before[was], after[now]))
    )
    taken: set[int] = set()
    for _, _, was, now in like:
        if was not in taken and now not in found:
            found[now] = was
            taken.add(was)
    return [(found.get(index), index) for index in range(len(new))]


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many cells two rows have in common; 0 when they are not the same row."""
    same = [cell for cell, twin in zip(one, other, strict=True) if cell == twin and cell]
    return len(same) if 2 * len(same) >= len(one) and any(each != "-" for each in same) else 0


def changed_cells(old: Row, new: Row) -> Row:
    """The cells that a row did not hold before."""
    if same_row(old, new):
        return {}
    absent = Text("")
    return {
        each: new.get(each, absent)
        for each in {**old, **new}
        if shown(old.get(each, absent)) != shown(new.get(each, absent))
    }
