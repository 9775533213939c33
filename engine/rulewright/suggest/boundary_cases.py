"""Cases on a boundary: what a changed comparison is about is supplied, or counted, at a value for
which the change makes a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations, product
from typing import Any

from rulewright.facts.cases import Case
from rulewright.ir.nodes import HERE, Compare, Count, Expression, Kind, NodeKey, Noun, Rule
from rulewright.ir.partitions import cut
from rulewright.ir.program import Program
from rulewright.ir.types import Value
from rulewright.ir.value_sets import Region, example, meet, region, whole
from rulewright.mutation.mutant import Effect
from rulewright.syntax.text import Map, Seq, Text

from .shrinker import copied
from .skeletons import skeletons

MOST_THINGS = 12  # things that a case gets, so that a count stands on a boundary
MOST_FEW = 3  # of these, things with another rating


def supplied(program: Program, effect: Effect, as_at: int) -> Iterator[tuple[Case, Map]]:
    """Cases without facts, each with what is supplied to it; one for each rule that a mutant
    changes.
    """
    seen: set[tuple[NodeKey, str]] = set()
    for where, old, new in effect.rules:
        if not isinstance(where, NodeKey):
            continue
        for about, value in _values(old, new):
            if (
                not isinstance(about, Noun)
                or about.given
                or about.reach != HERE
                or about.type is None
            ):
                continue
            attribute = program.vocabulary.entities[where.entity].attributes[about.attribute]
            shown = about.type.show(value)
            case = next(skeletons(program, as_at, {where.entity}, {where.kind}), None)
            if case is None or attribute.hidden or (where, shown) in seen:
                continue
            seen.add((where, shown))
            entity = next(each for each in case.entities if Kind.of(each) == where.kind)
            yield case, Map({Text(f"{entity.path} > {attribute.name}"): Text(shown)})


def _values(old: Rule, new: Rule | None) -> Iterator[tuple[Expression, Value]]:
    """What a rule compares, with a value that it allows with the change or without, not both; else
    one that it allows.
    """
    for index, condition in enumerate(old.conditions):
        body = condition.body
        if not isinstance(body, Compare) or body.left.type is None:
            continue
        before = region(body)
        changed = (
            new.conditions[index].body
            if new is not None and len(new.conditions) == len(old.conditions)
            else None
        )
        after = (
            region(changed)
            if isinstance(changed, Compare) and changed.left == body.left
            else before
        )
        domain = whole(body.left.type)
        if before is None or after is None or domain is None:
            continue
        pieces = cut([before, after], body.left.type, domain)
        told: list[Region] = [
            pieces.values[number] for number in sorted(pieces.of(before) ^ pieces.of(after))
        ] or [meet(before, domain)]
        if told[0]:
            yield body.left, example(told[0], body.left.type)


def many(program: Program, effect: Effect, tree: Map) -> Iterator[Map]:
    """A case with as many things in one of its lists as a changed count asks for: a few have one
    rating, the others another.
    """
    numbers = {
        value
        for _, old, new in effect.rules
        for about, value in _values(old, new)
        if isinstance(about, Count)
    }
    orders = {each.order for each in program.vocabulary.scales.values()}
    for number in sorted(
        each for each in numbers if isinstance(each, int) and MOST_FEW < each <= MOST_THINGS
    ):
        for path in _lists(tree):
            for order in sorted(orders):
                for few, (one, other) in product(range(1, MOST_FEW + 1), permutations(order, 2)):
                    yield _put(
                        tree,
                        path,
                        lambda thing, few=few, one=one, other=other, order=order, number=number: (
                            Seq(  # type: ignore[misc]
                                [
                                    _rated(thing, set(order), one if at < few else other, at + 1)
                                    for at in range(number)
                                ]
                            )
                        ),
                    )


def _lists(tree: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The lists of things, by the words that lead to them."""
    for word, below in tree.items() if isinstance(tree, dict) else ():
        if isinstance(below, list) and below and all(isinstance(each, dict) for each in below):
            yield (*above, str(word))
        yield from _lists(below, (*above, str(word)))


def _put(tree: Any, path: tuple[str, ...], made: Callable[[Any], Seq]) -> Map:
    found = Map()
    for word, below in tree.items():
        if str(word) != path[0]:
            found[word] = copied(below)
        else:
            found[word] = made(below[0]) if len(path) == 1 else _put(below, path[1:], made)
    return found


def _rated(tree: Any, scale: set[str], value: str, number: int) -> Map:
    """A thing with a name of its own, and one value wherever it has any of a scale."""

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return Map({Text(word): walk(below) for word, below in node.items()})
        if isinstance(node, list):
            return Seq([walk(each) for each in node])
        return Text(value if node in scale else node)

    found: Map = walk(tree)
    return Map(
        {
            word: Text(f"{below} {number}") if str(word) == "name" else below
            for word, below in found.items()
        }
    )
