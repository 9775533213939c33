"""RW702: rows of a `first` table that never win, because earlier rows take all of their cases."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.compiler.table_cover import TooLarge
from rulewright.compiler.tables import Table
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import key

from .amended_tables import Findings, told_where_made
from .compiled import Compiled
from .wording import listed

CODE = "RW702"


def masked_rows(policy: Compiled) -> Iterator[Problem]:
    """Each masked row with the rows above it; an error where these conclude something else.

    Rows of a *unique* table never overlap (RW326), so only `hit: first` can mask.
    """
    yield from told_where_made(policy, _tables_with_masked_rows)


def _tables_with_masked_rows(policy: Compiled) -> Findings:
    for name, (table, _) in sorted(policy.unroller.tables.items()):
        if policy.assembly.items[name].tree.get("hit") != "first":
            continue
        yield from ((name, each) for each in masked_in(name, table))


def masked_in(name: str, table: Table) -> Iterator[Problem]:
    """The masked rows of a `first` table."""
    try:
        masked = table.cover.masked() if table.cover is not None else {}
    except TooLarge:
        yield Problem(
            table.rows[0].place,
            CODE,
            f"`{name}` has more combinations of its inputs than are gone through, so a masked row "
            "may go unnoticed",
            "split the table",
            "warning",
        )
        return
    for index, masking in masked.items():
        row = table.rows[index]
        above = [table.rows[i] for i in sorted(masking)]
        differs = any(key(each.then) != key(row.then) for each in above)
        rows = f"row{'s' if len(above) > 1 else ''} {listed(each.id for each in above)}"
        yield Problem(
            row.place,
            CODE,
            f"the row `{row.id}` of `{name}` never wins: {rows} above it "
            f"{'take' if len(above) > 1 else 'takes'} all of its cases",
            "move it up, narrow what stands above it, or take it out",
            "error" if differs else "warning",
        )
