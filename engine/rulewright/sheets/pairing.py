"""Which row of one table became which row of another."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from rulewright.language.text import Text

from .tables import Row, named, same_row, shown

Pairs = list[tuple[int | None, int | None]]  # old and new row; `None`: removed, or added


def paired(old: Sequence[Row], new: Sequence[Row], short: bool) -> Pairs:
    """The new rows in their order, each with the old one that it was, and then the old ones that are gone.

    Rows are known by their ids (in a short table by their conclusion); rows without ids by what they hold.
    """
    names = [_name(row, short) for row in old]
    wanted = [_name(row, short) for row in new]
    if all(names) and all(wanted):
        at = {name: index for index, name in enumerate(names)}
        found: Pairs = [(at.get(name), index) for index, name in enumerate(wanted)]
    else:
        found = _by_content(old, new)
    left = {before for before, _ in found}
    return found + [(index, None) for index in range(len(old)) if index not in left]


def _name(row: Row, short: bool) -> str:
    return named(row.get("id") or (row["then"] if short else ""))


def _by_content(old: Sequence[Row], new: Sequence[Row]) -> Pairs:
    columns = sorted({column for row in (*old, *new) for column in row})
    before, after = ([tuple(shown(row.get(each, "")) for each in columns) for row in rows] for rows in (old, new))
    found: dict[int, int | None] = dict.fromkeys(range(len(new)))
    for kind, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind in ("equal", "replace"):
            found.update(zip(range(j, j_end), range(i, i_end), strict=False))
    return [(was, became) for became, was in found.items()]


def changed_cells(old: Row, new: Row) -> Row:
    """The cells that a row did not hold before."""
    if same_row(old, new):
        return {}
    absent = Text("")
    return {each: new.get(each, absent) for each in {**old, **new} if shown(old.get(each, absent)) != shown(new.get(each, absent))}
