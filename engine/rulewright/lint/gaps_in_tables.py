"""RW701: values of a table's declared range for which no row holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from rulewright.compiler.scope import Scope
from rulewright.compiler.table_cover import TooLarge
from rulewright.compiler.tables import Table, example_of
from rulewright.ir.nodes import Compare, Expression, Literal, NodeKey, Noun, Rule
from rulewright.ir.types import Date, Number, Type, Value
from rulewright.ir.value_sets import Region, Span, example, meet, region
from rulewright.syntax.errors import Problem
from rulewright.syntax.text import slug

from .amended_tables import Findings, told_where_made
from .compiled import Compiled
from .nullability import within
from .producers import copied
from .wording import show_region, whose

CODE = "RW701"
_MOST_SHOWN = 4
Piece = tuple[Region, ...]  # for each input the values


def gaps_in_tables(policy: Compiled) -> Iterator[Problem]:
    """Each gap with an example, and every attribute that then has no value. One that an amendment
    makes is told there.

    A table is no puzzle with pieces missing where something else gives the value: an `otherwise`, a
    rule without conditions, or a rule for just these inputs. Values that no rule can give an input
    are left out too.
    """
    yield from told_where_made(policy, _tables_with_gaps)


def _tables_with_gaps(policy: Compiled) -> Findings:
    for name, (table, _) in sorted(policy.unroller.tables.items()):
        yield from ((name, each) for each in gaps_of(policy, name, table))
    for name, table in sorted(policy.unroller.small_tables.items()):
        principle, _, word = name.partition(" > ")
        yield from ((f"{principle}.{slug(word)}", each) for each in gaps_of_small(name, table))


def gaps_of(policy: Compiled, name: str, table: Table) -> Iterator[Problem]:
    """The gaps of a table of the policy, whose rows may be others than the policy has."""
    item = policy.assembly.items[name]
    nodes = sorted(
        {
            draft.node
            for draft in policy.unroller.drafts
            if draft.rule.written.startswith(f"{name}[")
        }
    )
    open_, partly = [], False
    scope = policy.scope(tuple(node.kind for node in nodes))
    gaps, all_found = where_none_holds(
        table, [_values_given(expression, policy, scope) for _, expression in table.inputs]
    )
    if not all_found:
        yield Problem(
            item.place,
            CODE,
            f"`{name}` has more combinations of its inputs than are gone through, so a gap may go unnoticed",
            "split the table",
            "warning",
        )
    elsewhere = [_Elsewhere(policy, node, name, table) for node in nodes]
    for gap in gaps:
        others = [each.gives(gap) for each in elsewhere]
        if all(each == "always" for each in others):
            continue
        partly = partly or "sometimes" in others
        open_.append(gap)
    if open_:
        served = whose(policy.program.vocabulary, _served(policy, nodes))
        yield Problem(
            item.place,
            CODE,
            f"no row of `{name}` holds for {_shown(table, open_)}, so {served} "
            f"{'may have' if partly else 'have' if _several(policy, nodes) else 'has'} no value there",
            _advice(item.tree.get("hit") == "first"),
            "warning" if partly else "error",
        )


def gaps_of_small(name: str, table: Table) -> Iterator[Problem]:
    """The gaps of a table that is a word of a principle."""
    cover = table.cover
    pieces = (
        tuple((place, place) for place in places)
        for runs in (cover.gaps() if cover is not None else ())
        for places in product(*(range(first, last + 1) for first, last in runs))
    )
    for each in islice(pieces, 3):
        assert cover is not None
        yield Problem(
            table.rows[0].place,
            CODE,
            f"no row of `{name}` holds for {example_of(table, cover.first(each))}: then it has no value",
            "change a row, or add one, so that every number has its row",
        )


def _advice(first: bool) -> str:
    how = (
        "add a last row for all that is left (`-`)" if first else "widen a row beside it, add a row"
    )
    return f"{how}, or say what holds `otherwise`"


def _several(policy: Compiled, nodes: list[NodeKey]) -> bool:
    return len({(each.entity, each.attribute) for each in _served(policy, nodes)}) > 1


def where_none_holds(table: Table, given: Sequence[Region | None]) -> tuple[list[Piece], bool]:
    """Where no row holds, and whether that is all. given: for each input the values that it can
    have, where they are known.
    """
    cover = table.cover
    if cover is None:
        return [], True
    left: list[Piece] = []
    all_found = True
    try:
        for runs in cover.gaps():
            piece = tuple(
                values if some is None else meet(values, some)
                for values, some in zip(cover.values(runs), given, strict=True)
            )
            left += [piece] if all(piece) else []
    except TooLarge:
        all_found = False
    for axis in reversed(range(len(cover.kinds))):
        left = joined(left, axis, cover.kinds[axis])
    return left, all_found


def _values_given(expression: Expression, policy: Compiled, scope: Scope) -> Region | None:
    """The values that an input can have, of a derived one whose rules give certain values only."""
    if not isinstance(expression, Noun) or expression.given:
        return None
    found: set[Value] = set()
    for kind in scope.reached(expression.reach):
        node = policy.nodes.get(
            NodeKey(kind.entity, kind.parent, kind.member, expression.attribute)
        )
        if node is None or node.attribute.may_be_judged or node.limits:
            return None
        values = [rule.value for rule in node.giving]
        if not values or not all(isinstance(each, Literal) for each in values):
            return None
        found |= {
            each.value
            for each in values
            if isinstance(each, Literal) and isinstance(each.value, str | bool)
        }
    return frozenset(found) or None


def joined(pieces: list[Piece], axis: int, kind: Type) -> list[Piece]:
    """The pieces, those that differ in one input only and touch there made one."""
    alike: dict[Piece, list[Region]] = {}
    for piece in pieces:
        alike.setdefault((*piece[:axis], *piece[axis + 1 :]), []).append(piece[axis])
    found: list[Piece] = []
    for others, values in alike.items():
        found += [(*others[:axis], each, *others[axis:]) for each in _touching(values, kind)]
    return found


def _touching(values: list[Region], kind: Type) -> list[Region]:
    finite = [each for each in values if isinstance(each, frozenset)]
    if finite:
        return [frozenset().union(*finite)]
    found: list[Span] = []
    for span in (span for each in values if isinstance(each, tuple) for span in each):
        if found and _touch(
            found[-1], span, isinstance(kind, Date) or (isinstance(kind, Number) and kind.whole)
        ):
            found[-1] = Span(found[-1].low, span.high, found[-1].low_open, span.high_open)
        else:
            found.append(span)
    return [(each,) for each in found]


def _touch(one: Span, other: Span, whole_numbers: bool) -> bool:
    """Whether nothing lies between two spans, the first below the other."""
    if one.high is None or other.low is None:
        return False
    return (
        one.high + 1 == other.low
        if whole_numbers
        else one.high == other.low and not (one.high_open and other.low_open)
    )


def _shown(table: Table, gaps: list[Piece]) -> str:
    words = []
    for gap in gaps[:_MOST_SHOWN]:
        cells = [
            ("" if name == "input" else f"{name} ", values, expression.type)
            for values, (name, expression) in zip(gap, table.inputs, strict=True)
        ]
        shown = ", ".join(name + show_region(values, kind) for name, values, kind in cells if kind)
        witness = ", ".join(
            name + kind.show(example(values, kind)) for name, values, kind in cells if kind
        )
        words.append(shown if shown == witness else f"{shown} (for instance {witness})")
    more = len(gaps) - _MOST_SHOWN
    words += [f"{more} more"] if more > 0 else []
    joint = "; " if len(table.inputs) > 1 else ", "
    return joint.join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]


class _Elsewhere:
    """The rules besides a table that give an attribute a value."""

    def __init__(self, policy: Compiled, node: NodeKey, name: str, table: Table) -> None:
        found = policy.nodes[node]
        self._table = table
        self._otherwise = found.otherwise is not None
        self._others = [rule for rule in found.rules if not rule.written.startswith(f"{name}[")]

    def gives(self, gap: Piece) -> str:
        """Whether they give one in a gap of the table: always, sometimes or never."""
        if self._otherwise or any(_covers(rule, self._table, gap) for rule in self._others):
            return "always"
        return "sometimes" if self._others else "never"


def _covers(rule: Rule, table: Table, gap: Piece) -> bool:
    inputs = {expression: values for values, (_, expression) in zip(gap, table.inputs, strict=True)}
    for condition in rule.conditions:
        body = condition.body
        if not isinstance(body, Compare) or body.left not in inputs or body.left.type is None:
            return False
        values = region(body)
        if values is None or not within(inputs[body.left], values, body.left.type):
            return False
    return True


def _served(policy: Compiled, nodes: list[NodeKey]) -> list[NodeKey]:
    """The attributes of the table, and those that are copies of them, in layers."""
    found = set(nodes)
    for node in policy.program.nodes:
        scope = policy.scope((node.key.kind,))
        if any(source in found for rule in node.rules for source in copied(rule, scope)):
            found.add(node.key)
    return [node.key for node in policy.program.nodes if node.key in found]
