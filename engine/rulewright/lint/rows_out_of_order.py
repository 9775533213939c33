"""RW729: a table in which a better input gives a worse rating."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rulewright.compiler.tables import Row, Table
from rulewright.ir.types import Number, Scale, Type
from rulewright.ir.value_sets import Exact, Region
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import text_of

from .amended_tables import Findings, told_where_made
from .compiled import Compiled
from .wording import show_region

CODE = "RW729"


def rows_out_of_order(policy: Compiled) -> Iterator[Problem]:
    """Each pair of neighbouring rows whose ratings go against the rest of the table.

    Ratings may rise or fall with a number: as they did in the amended policy, else as most rows
    have it. With a rating of the same scale they rise.
    """
    yield from told_where_made(policy, _tables_out_of_order)


def _tables_out_of_order(policy: Compiled) -> Findings:
    amended = policy.amended
    for name, (table, served) in sorted(policy.unroller.tables.items()):
        scale = served[0].type if served else None
        if not isinstance(scale, Scale) or policy.assembly.items[name].tree.get("hit") == "first":
            continue
        before = (
            amended.unroller.tables[name][0]
            if amended is not None and name in amended.unroller.tables
            else None
        )
        for index, (_, asked) in enumerate(table.inputs):
            steps = list(_steps(table, index, scale))
            direction = _direction(
                asked.type,
                scale,
                list(_steps(before, index, scale)) if before is not None else [],
                steps,
            )
            for rise, one, other in steps:
                if direction and rise * direction < 0:
                    what = _asked(policy, name, table.inputs[index][0])
                    said = [
                        f"`{text_of(row.then)}` for {show_region(cell, asked.type)}"
                        for row, cell in (one, other)
                        if asked.type
                    ]
                    yield (
                        name,
                        Problem(
                            other[0].place,
                            CODE,
                            f"the ratings of `{name}` go against the order of {what}: "
                            f"{' and then '.join(said)}",
                            "see whether two rows were mixed up",
                            "warning",
                        ),
                    )


def _direction(asked: Type | None, scale: Scale, before: list[Step], steps: list[Step]) -> int:
    """Whether the ratings should rise (1) or fall (-1)."""
    if isinstance(asked, Scale):
        return 1 if asked.name == scale.name else 0
    for found in (before, steps):
        rises = sum(1 for rise, _, _ in found if rise > 0)
        falls = sum(1 for rise, _, _ in found if rise < 0)
        if found is before and rises and falls:
            continue  # it had no order before
        if rises or falls:
            return 1 if rises >= falls else -1
    return 0


Side = tuple[Row, Region]
Step = tuple[int, Side, Side]
"""By how much the rating rises between two neighbouring rows, and these with their cells, the
lower first."""


def _steps(table: Table, index: int, scale: Scale) -> Iterator[Step]:
    """The neighbours along one input, the other inputs being the same."""
    regions, asked = table.regions, table.inputs[index][1].type
    if regions is None or asked is None or index >= len(regions[0]):
        return
    groups: dict[tuple[Region, ...], list[tuple[Exact, int, Side]]] = {}
    for row, cells in zip(table.rows, regions, strict=True):
        rating, low = scale.parse(row.then), _lowest(cells[index], asked)
        if low is not None and rating in scale.order:
            others = (*cells[:index], *cells[index + 1 :])
            groups.setdefault(others, []).append(
                (low, scale.order.index(str(rating)), (row, cells[index]))
            )
    for group in groups.values():
        for (_, first, one), (_, second, other) in pairwise(
            sorted(group, key=lambda each: each[0])
        ):
            yield second - first, one, other


def _lowest(cell: Region, kind: Type) -> Exact | None:
    """Where a cell begins, if it is of a number or of values of a scale that lie together."""
    if isinstance(kind, Number) and isinstance(cell, tuple) and len(cell) == 1:
        return cell[0].low if cell[0].low is not None else -(10**18)
    if isinstance(kind, Scale) and isinstance(cell, frozenset):
        places = sorted(kind.order.index(str(each)) for each in cell if each in kind.order)
        if places and len(places) == len(cell) and places[-1] - places[0] == len(places) - 1:
            return places[0]
    return None


def _asked(policy: Compiled, table: str, column: str) -> str:
    tree = policy.assembly.items[table].tree
    return (
        text_of(tree["input"]) if tree.get("input") else text_of(tree["inputs"].get(column, column))
    )
