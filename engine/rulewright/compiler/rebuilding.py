"""A compiled policy with some rules changed, taken away or put in, without reading its files again.

For those who ask what a change of rules would do: hundreds of changed programs in the time of one
compilation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rulewright.ir.entities import ANY_JUDGEMENT
from rulewright.ir.nodes import Compare, Expression, NodeKey, Rule
from rulewright.ir.program import Exhaustive, Node, Program
from rulewright.ir.value_sets import Region, meet, region, whole
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import InputError, Place, Problem

from .dependencies import layers, reads
from .disjointness import exhaustive, never_disagreeing
from .priorities import defeating, overridden, reach
from .scope import scope_of_read
from .table_cover import MOST_PIECES, Cover
from .unused_kinds import idle_sets


def rebuilt(
    node: Node, rules: Iterable[Rule], otherwise: Rule | None, limits: Iterable[Rule]
) -> Node:
    """The attribute with these rules in place of its own: what overrides, agrees and covers is
    settled anew.

    A rule goes before those that its `overrides` names and, through them, before those that they go
    before; ids of rules that are not there have no effect. Raises `InputError` (RW329) when rules
    go before one another in a circle.
    """
    found = tuple(sorted(rules, key=lambda rule: rule.id))
    if (found, otherwise, limits := tuple(sorted(limits, key=lambda rule: rule.id))) == (
        node.rules,
        node.otherwise,
        node.limits,
    ):
        return node
    above = _above(found)
    settled = overridden(found, above, [ANY_JUDGEMENT in rule.overrides for rule in found])
    apart = never_disagreeing(settled)
    covering = (*exhaustive(settled, [None] * len(settled)), *_tables(node, settled))
    return replace(
        node,
        rules=settled,
        above=above,
        apart=apart,
        exhaustive=covering,
        otherwise=otherwise,
        limits=limits,
    )


def with_nodes(
    program: Program, nodes: Iterable[Node], without: Iterable[NodeKey] = (), **changed: Any
) -> Program:
    """The program with these attributes in place of its own of the same keys (or beside them), and
    without others.

    `changed`: other fields of the program: parameters, notices, vocabulary, published, withdrawals,
    scope. The digest is left empty: nothing is recorded of a changed program. Raises `InputError`
    (RW320) when an attribute would depend on itself.
    """
    new = {node.key: node for node in nodes}
    kept = {
        node.key: node
        for node in program.nodes
        if node.key not in new and node.key not in set(without)
    }
    program = replace(program, digest="", **changed)
    vocabulary = program.vocabulary
    needs = {each: needed_by(node, vocabulary) for each, node in new.items()}
    placed = kept | new
    if any(
        other in placed and placed[other].layer >= placed[each].layer
        for each, read in needs.items()
        for other in read
    ):
        needs |= {each: needed_by(node, vocabulary) for each, node in kept.items()}
        derived = {
            each: {other for other in read if other in placed} for each, read in needs.items()
        }
        layer = layers(derived, vocabulary, lambda circle: _place_of(placed[circle[0]]))
        placed = {
            each: node if node.layer == layer[each] else replace(node, layer=layer[each])
            for each, node in placed.items()
        }
    asked = frozenset(other for read in needs.values() for other in read if other not in placed)
    used = replace(program, nodes=tuple(new.values()))
    return replace(
        program,
        nodes=tuple(sorted(placed.values(), key=lambda node: (node.layer, node.key))),
        asks=program.asks | asked,
        idle=program.idle
        & idle_sets(replace(used, asks=program.asks | asked), scope_of_read(vocabulary)),
    )


def needed_by(node: Node, vocabulary: Vocabulary) -> set[NodeKey]:
    """The attributes, derived and given, that an attribute's rules read."""
    scope = scope_of_read(vocabulary, node.key.kind)
    return {each for rule in node.every_rule for each in reads(rule, scope)}


def _place_of(node: Node) -> Place:
    rule = next(iter(node.every_rule))
    return rule.place


def _above(rules: tuple[Rule, ...]) -> tuple[frozenset[int], ...]:
    """For each rule those that defeat it."""
    places = {rule.id: number for number, rule in enumerate(rules)}
    below = [[places[each] for each in rule.overrides if each in places] for rule in rules]
    found = defeating([sum(1 << each for each in others) for others in below])
    if found is None:
        rule = next(each for number, each in enumerate(rules) if number in reach(below, number))
        raise InputError(
            Problem(
                rule.place,
                "RW329",
                f"`{rule.id}` goes before itself",
                "take one of the `overrides` away",
            )
        )
    return found


def _tables(node: Node, rules: tuple[Rule, ...]) -> list[Exhaustive]:
    """The tables of several inputs that still have a row for all values."""
    found = []
    for known in (each for each in node.exhaustive if len(each.inputs) > 1):
        table = {node.rules[i].table for i in known.rules}
        rows = [i for i, rule in enumerate(rules) if rule.table in table and rule.table]
        if (
            not all(table) or not rows
        ):  # a table whose rows are not named keeps its cover while all of them stand
            rows = [
                i
                for i, rule in enumerate(rules)
                if rule.id in {node.rules[j].id for j in known.rules}
            ]
        if rows and _covers([rules[i] for i in rows], known.inputs):
            found.append(Exhaustive(frozenset(rows), known.inputs))
    return found


def _covers(rows: list[Rule], inputs: tuple[Expression, ...]) -> bool:
    """Whether some row holds whatever values the inputs have."""
    regions = []
    for rule in rows:
        cells = _cells(rule, inputs)
        if cells is None:
            return False
        regions.append(cells)
    kinds = [each.type for each in inputs if each.type is not None]
    if len(kinds) != len(inputs):
        return False
    cover = Cover(regions, kinds)
    return cover.size <= MOST_PIECES and cover.complete


def _cells(rule: Rule, inputs: tuple[Expression, ...]) -> tuple[Region, ...] | None:
    """For each input the values with which a row holds; `None` where it also asks for something
    else.
    """
    found: list[Region] = []
    for each in inputs:
        values = whole(each.type) if each.type is not None else None
        if values is None:
            return None
        found.append(values)
    for condition in rule.conditions:
        body = condition.body
        values = region(body) if isinstance(body, Compare) and body.left in inputs else None
        if values is None or not isinstance(body, Compare):
            return None
        at = inputs.index(body.left)
        found[at] = meet(found[at], values)
    return tuple(found)
