"""RW730: an amendment changes the rows of a table, and another table with the same rows stays as it
is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rulewright.compiler.tables import Table
from rulewright.ir.types import Number
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import Text, key, place_of, slug

from .compiled import Compiled

CODE = "RW730"


def tables_left_alike(policy: Compiled) -> Iterator[Problem]:
    """Each table of numbers that the amendment does not mention and that had the same rows as a
    table that it changes.
    """
    amended = policy.amended
    if amended is None:
        return
    before, after = _rows(amended), _rows(policy)
    changed = sorted(name for name, rows in before.items() if name in after and after[name] != rows)
    for name in changed:
        for other, rows in sorted(before.items()):
            if (
                other not in changed
                and other in after
                and rows == before[name]
                and not _named(policy, other)
            ):
                yield Problem(
                    place_of(_line(policy, name)),
                    CODE,
                    f"`{name}` is changed, and `{other}`, which had the same rows, is not",
                    f"change it too, or state under `replaces` that it stays the same: `{other.partition('.')[0]}: {{about: …}}`",
                    "warning",
                )


def _rows(policy: Compiled) -> dict[str, Any]:
    """What the tables of numbers say, by the names that amendments use."""
    tables = {name: table for name, (table, _) in policy.unroller.tables.items()}
    tables |= {
        f"{principle}.{slug(word)}": table
        for name, table in policy.unroller.small_tables.items()
        for principle, _, word in [name.partition(" > ")]
    }
    found = {name: _said(table) for name, table in tables.items()}
    return {name: said for name, said in found.items() if said is not None}


def _said(table: Table) -> Any:
    regions = table.regions
    if (
        regions is None
        or len(regions) < 2
        or not any(isinstance(asked.type, Number) for _, asked in table.inputs)
    ):
        return None
    return sorted(
        ((key(row.then), cells) for row, cells in zip(table.rows, regions, strict=True)), key=repr
    )


def _lines(policy: Compiled) -> list[Text]:
    model = policy.assembly.policy
    return [*model.replaces, *model.repeals]


def _named(policy: Compiled, table: str) -> bool:
    """Whether the amendment says something of a table, a row or the principle that it is in."""
    return any(
        each.partition("[")[0] in (table, table.partition(".")[0]) for each in _lines(policy)
    )


def _line(policy: Compiled, table: str) -> Text:
    lines = [
        each
        for each in _lines(policy)
        if each.partition("[")[0] == table or each.partition("[")[0] == table.partition(".")[0]
    ]
    return next(iter(lines), policy.assembly.policy.policy)
