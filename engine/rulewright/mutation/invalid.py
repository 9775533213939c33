"""Mutants that `rulewright check` refuses. The rules could not be left so, so they do not count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from rulewright.compiler.changed_policy import Base
from rulewright.compiler.memory import remembered_base
from rulewright.compiler.tables import Row, Table, overlaps
from rulewright.ir.nodes import Compare, Condition, NodeKey, Rule
from rulewright.lint.compiled import Compiled, WrittenRule
from rulewright.lint.gaps_in_tables import gaps_in_tables, gaps_of, gaps_of_small
from rulewright.lint.masked_rows import masked_in, masked_rows
from rulewright.lint.nullability import Rooms
from rulewright.lint.rules_that_never_fire import rules_that_never_fire
from rulewright.lint.satisfiability import impossible
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import slug

from .mutant import Effect, Mutant
from .operators.rules import NEVER, table_of

Rows = list[tuple[Rule, Rule | None]]  # rows, each with what stands in its place


class Refusing:
    """Says of the mutants of a rulebook which of them `check` finds an error in that was not there
    before.
    """

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._policies: dict[str, _Policy] = {}

    def reason(self, mutant: Mutant) -> str:
        """Why `check` refuses a mutant, in its words; nothing where it does not."""
        for policy, effect in mutant.effects.items():
            if policy in self.book.policies and effect.rules:
                reason = self._policy(policy).reason(effect)
                if reason:
                    return reason
        return ""

    def without(self, policy: str, base: Base) -> str:
        """Why `check` refuses a policy of which a change of its amendments is left out."""
        known = {each.message for each in _errors(self._policy(policy).compiled)}
        return next(
            (each.message for each in _errors(Compiled(base)) if each.message not in known), ""
        )

    def _policy(self, name: str) -> _Policy:
        if name not in self._policies:
            self._policies[name] = _Policy(Compiled(remembered_base(self.book, name)))
        return self._policies[name]


def _errors(policy: Compiled) -> Iterator[Problem]:
    for check in (gaps_in_tables, masked_rows, rules_that_never_fire):
        yield from (each for each in check(policy) if each.severity == "error")


class _Policy:
    """One policy, with its tables and what its rules can see."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.rooms = Rooms(compiled)

    @cached_property
    def tables(self) -> dict[str, tuple[str, Table]]:
        """The tables by the names that their rows begin with; with them the name under which
        `check` knows them.
        """
        unroller = self.compiled.unroller
        split = {name: name.partition(" > ") for name in unroller.small_tables}
        small = {
            f"{principle}.{slug(word)}": (name, unroller.small_tables[name])
            for name, (principle, _, word) in split.items()
        }
        return small | {name: (name, table) for name, (table, _) in unroller.tables.items()}

    def reason(self, effect: Effect) -> str:
        """Why `check` refuses what a mutant does to this policy."""
        changed = [
            (where, old, new) for where, old, new in effect.rules if isinstance(where, NodeKey)
        ]
        tables: dict[str, Rows] = {}
        for _, old, new in changed:
            if table_of(old) in self.tables:
                tables.setdefault(table_of(old), []).append((old, new))
        for name, rows in tables.items():
            reason = self._table(name, rows)
            if reason:
                return reason
        return self._never_fires(changed)

    # -- tables

    def _table(self, name: str, rows: Rows) -> str:
        known, table = self.tables[name]
        changed = _with_rows(name, table, rows)
        if isinstance(changed, str):
            return changed
        first = self._is_first(known)
        if not first:
            for one, other, shown in overlaps(changed):
                return f"the rows `{one.id}` and `{other.id}` of `{known}` both hold for {shown}"
        before = {each.message for each in self._errors(known, table, first)}
        return next(
            (
                each.message
                for each in self._errors(known, changed, first)
                if each.message not in before
            ),
            "",
        )

    def _is_first(self, name: str) -> bool:
        item = self.compiled.assembly.items.get(name)
        return item is not None and item.tree.get("hit") == "first"

    def _errors(self, name: str, table: Table, first: bool) -> Iterator[Problem]:
        if not table.rows:
            return
        if name in self.compiled.unroller.small_tables:
            yield from gaps_of_small(name, table)
            return
        yield from (
            each for each in gaps_of(self.compiled, name, table) if each.severity == "error"
        )
        if first:
            yield from (each for each in masked_in(name, table) if each.severity == "error")

    # -- rules

    def _never_fires(self, changed: list[tuple[NodeKey, Rule, Rule | None]]) -> str:
        """Why a rule could never fire in any of its uses; one that is deleted is not asked."""
        asked = [
            (where, old, new)
            for where, old, new in changed
            if new is not None and new.conditions not in (old.conditions, (NEVER,))
        ]
        if not asked or not all(
            self._impossible(where, new) and not self._impossible(where, old)
            for where, old, new in asked
        ):
            return ""
        where, _, new = asked[0]
        return f"`{WrittenRule(new, (where.kind,), where.attribute).name}` can never fire"

    def _impossible(self, where: NodeKey, rule: Rule) -> bool:
        return bool(rule.conditions) and impossible(
            rule.conditions, self.rooms, self.compiled.scope((where.kind,))
        )


def _with_rows(name: str, table: Table, rows: Rows) -> Table | str:
    """The table with some of its rows changed; in words, where no cell of a table could say
    that.
    """
    news: dict[str, Row | None] = {}
    for old, new in rows:
        row = next(
            (each for each in table.rows if old.id.partition("@")[0] == f"{name}[{each.id}]"), None
        )
        if row is None:
            return table
        if new is None or new.conditions == (NEVER,):
            news[row.id] = None
            continue
        cells = _cells(row, old, new)
        if isinstance(cells, str):
            return cells
        news[row.id] = replace(row, cells=cells)
    found = [news.get(each.id, each) for each in table.rows]
    return replace(table, rows=tuple(each for each in found if each is not None))


def _cells(row: Row, old: Rule, new: Rule) -> tuple[Condition | None, ...] | str:
    filled = [at for at, cell in enumerate(row.cells) if cell is not None]
    cells = list(row.cells)
    gone = len(old.conditions) - len(new.conditions)
    kept = list(new.conditions)
    for at, before in zip(filled, old.conditions, strict=False):
        after = kept[0] if kept else None
        if gone and (after is None or after.body != before.body):
            cells[at], gone = None, gone - 1
            continue
        assert after is not None
        kept.pop(0)
        if after.body == before.body:
            continue
        if not isinstance(after.body, Compare):
            return f"no cell of a table says `{after.text}`"
        cells[at] = after
    return tuple(cells)


__all__ = ["Refusing"]
