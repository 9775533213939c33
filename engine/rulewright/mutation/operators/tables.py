"""Changes of a table as a whole: two neighbouring rows, the boundary between them, the input that
all rows share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from rulewright.compiler.authors_words import in_style_of
from rulewright.compiler.rendering import Renderer
from rulewright.ir.nodes import Compare, Expression, Rule
from rulewright.mutation.mutant import Mutant
from rulewright.mutation.written_entries import WrittenEntries

from .bands import lowest, moved_boundaries
from .rules import NEVER, RuleChange, name_of, table_of

Pairs = list[tuple[Rule, Rule]]  # rules, each with what stands in its place


def tables_of(rules: Iterable[Rule]) -> list[list[Rule]]:
    """The rows of each table among the rules of an attribute, in order of their values where these
    have one.
    """
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        if table_of(rule):
            found.setdefault(f"{table_of(rule)}@{rule.id.partition('@')[2]}", []).append(rule)
    return [_in_order(rows) for rows in found.values()]


def _in_order(rows: list[Rule]) -> list[Rule]:
    """From the lowest band to the highest; rows that are no bands as they are written."""
    begins = [lowest(row.conditions[0]) if row.conditions else None for row in rows]
    if (
        len(
            {
                row.conditions[0].body.left
                for row in rows
                if row.conditions and isinstance(row.conditions[0].body, Compare)
            }
        )
        > 1
    ):
        begins = [None]
    if None in begins or len(set(begins)) < len(begins):
        return sorted(rows, key=lambda each: (each.place, each.id))
    return [
        row for _, row in sorted(zip(begins, rows, strict=True), key=lambda each: each[0] or (0, 0))
    ]


def rows_swapped(rows: list[Rule]) -> Iterator[tuple[Mutant, Pairs]]:
    """Two neighbouring rows with each other's conclusions."""
    for one, other in pairwise(rows):
        if one.value != other.value:
            mutant = Mutant(
                "rows swapped",
                name_of(one),
                one.place,
                name_of(other),
                f"`{name_of(one)}` and `{name_of(other)}` have each other's conclusions",
                one.text,
                other.text,
            )
            yield (
                mutant,
                [
                    (one, replace(one, value=other.value, text=other.text)),
                    (other, replace(other, value=one.value, text=one.text)),
                ],
            )


def boundaries_moved(rules: Iterable[Rule], renderer: Renderer) -> Iterator[tuple[Mutant, Pairs]]:
    """The boundary between two neighbouring rows, or rules, one step higher and one lower."""
    for each in moved_boundaries(rules):
        lower, upper = name_of(each.lower), name_of(each.upper)
        what = (
            f"`{lower}` ends at `{each.ends[1]}` instead of `{each.ends[0]}`, and `{upper}` begins at `{each.begins[1]}` instead of "
            f"`{each.begins[0]}`"
        )
        mutant = Mutant(
            "boundary moved",
            lower,
            each.lower.place,
            f"{upper} {each.begins[1]}",
            what,
            f"{each.ends[0]} | {each.begins[0]}",
            f"{each.ends[1]} | {each.begins[1]}",
        )
        pairs = [(each.lower, each.new_lower), (each.upper, each.new_upper)]
        yield mutant, [(old, reworded(old, new, renderer)) for old, new in pairs]


def reworded(old: Rule, new: Rule, renderer: Renderer) -> Rule:
    """A changed rule whose changed conditions say what they ask, in the style of the old ones."""
    conditions = tuple(
        after
        if after.body == before.body
        else replace(after, text=in_style_of(before, renderer).body(after.body))
        for before, after in zip(old.conditions, new.conditions, strict=True)
    )
    return replace(new, conditions=conditions)


def input_changed(
    rows: list[Rule], changes: Iterable[RuleChange], written: WrittenEntries, renderer: Renderer
) -> Iterator[tuple[Mutant, Pairs]]:
    """A change of the input in all rows: it is written once. changes: those of the first row
    alone.
    """
    table = table_of(rows[0])
    for change in changes:
        turned = other_input(rows[0], change.rule)
        if turned is not None:
            before, after = _input_words(rows[0], *turned, renderer)
            place = written.input_of(table) or change.place
            what = f"`{before}` becomes `{after}` in `{table}`"
            yield (
                Mutant(change.operator, table, place, f"{before} > {after}", what, before, after),
                [
                    (row, reworded(row, new, renderer))
                    for row in rows
                    if (new := _with_input(row, *turned)) is not row
                ],
            )


def _input_words(
    row: Rule, old: Expression, new: Expression, renderer: Renderer
) -> tuple[str, str]:
    """What a row compares, and what it would compare, in the style of its condition."""
    style = next(
        in_style_of(each, renderer)
        for each in row.conditions
        if isinstance(each.body, Compare) and each.body.left == old
    )
    return style.expression(old), style.expression(new)


def other_input(row: Rule, changed: Rule) -> tuple[Expression, Expression] | None:
    """What a row compares, and what it does with a change; nothing where it compares the same."""
    if len(row.conditions) == len(changed.conditions) and changed.conditions != (NEVER,):
        for one, other in zip(row.conditions, changed.conditions, strict=True):
            if (
                isinstance(one.body, Compare)
                and isinstance(other.body, Compare)
                and one.body.left != other.body.left
            ):
                return one.body.left, other.body.left
    return None


def _with_input(row: Rule, old: Expression, new: Expression) -> Rule:
    conditions = tuple(
        replace(each, body=replace(each.body, left=new))
        if isinstance(each.body, Compare) and each.body.left == old
        else each
        for each in row.conditions
    )
    return row if conditions == row.conditions else replace(row, conditions=conditions)
