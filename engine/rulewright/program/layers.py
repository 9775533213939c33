"""Which attribute depends on which, and the order that follows.

A cycle is an error that prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.vocabulary import Vocabulary

from .collecting import collection_kinds
from .nodes import (
    Aggregate,
    Arithmetic,
    Below,
    Collection,
    Compare,
    Condition,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Kind,
    Known,
    Literal,
    NodeKey,
    Noun,
    Quantified,
    Round,
    Rule,
    Same,
    Test,
    Union,
    Where,
)
from .scope import Scope


def reads(rule: Rule, scope: Scope) -> set[NodeKey]:
    """The attributes, derived and given, that a rule reads when it is a rule of the kinds of
    `scope`.
    """
    found: set[NodeKey] = set()
    for condition in rule.conditions:
        found.update(_condition(condition, scope))
    if rule.value is not None:
        found.update(_expression(rule.value, scope))
    for piece in rule.template:
        if isinstance(piece, Below | Each | Same | Except | Where | Union):
            found.update(_collection(piece, scope))
        elif not isinstance(piece, str):
            found.update(_expression(piece, scope))
    return found


def condition_reads(condition: Condition, scope: Scope) -> set[NodeKey]:
    """The attributes that a condition reads."""
    return set(_condition(condition, scope))


def _condition(condition: Condition, scope: Scope) -> Iterator[NodeKey]:
    match condition.body:
        case Joined(_, parts):
            for part in parts:
                yield from _condition(part, scope)
        case Quantified(_, collection, test, amount):
            yield from _collection(collection, scope)
            yield from _test(test, scope.inside(collection_kinds(collection, scope)))
            if amount is not None:
                yield from _expression(amount, scope)
        case Compare() | Known():
            yield from _test(condition.body, scope)


def _test(test: Test, scope: Scope) -> Iterator[NodeKey]:
    if isinstance(test, Known):
        yield from _expression(test.noun, scope)
    else:
        for side in (test.left, *test.right):
            yield from _expression(side, scope)


def _expression(expression: Expression, scope: Scope) -> Iterator[NodeKey]:
    match expression:
        case Noun(reach, attribute):
            for kind in scope.reached(reach):
                yield NodeKey(kind.entity, kind.parent, kind.member, attribute)
        case Arithmetic(_, left, right):
            yield from _expression(left, scope)
            yield from _expression(right, scope)
        case Round(_, of):
            yield from _expression(of, scope)
        case Count(collection, test):
            yield from _collection(collection, scope)
            if test is not None:
                yield from _test(test, scope.inside(collection_kinds(collection, scope)))
        case Aggregate(_, collection, noun):
            yield from _collection(collection, scope)
            yield from _expression(noun, scope.inside(collection_kinds(collection, scope)))
        case _:
            assert isinstance(expression, Literal) or expression is not None


def _collection(collection: Collection, scope: Scope) -> Iterator[NodeKey]:
    match collection:
        case Where(of, tests):
            yield from _collection(of, scope)
            inner = scope.inside(collection_kinds(of, scope))
            for test in tests:
                yield from _test(test, inner)
        case Each(of, _) | Same(of, _) | Except(of, _):
            yield from _collection(of, scope)
        case Union(parts):
            for part in parts:
                yield from _collection(part, scope)


def layers(
    needs: dict[NodeKey, set[NodeKey]],
    vocabulary: Vocabulary,
    blamed: Callable[[list[NodeKey]], Place],
) -> dict[NodeKey, int]:
    """The layer of each node: 0 for those that read given facts only, else one above the highest
    they read.

    Raises `InputError` (RW320) with the cycle printed, when one attribute depends on itself.
    `blamed`: where a cycle is told; each of its nodes reads the next one, and the last is the
    first.
    """
    found: dict[NodeKey, int] = {}
    state: dict[NodeKey, Iterator[NodeKey]] = {}
    for start in sorted(needs):
        if start in found:
            continue
        path = [start]
        state[start] = iter(sorted(needs[start]))
        while path:
            node = path[-1]
            following = next(state[node], None)
            if following is None:
                found[node] = 1 + max(
                    (found[each] for each in needs[node] if each in found), default=-1
                )
                path.pop()
                del state[node]
            elif following in state:
                circle = [*path[path.index(following) :], following]
                shown = " <- ".join(name_of(each, vocabulary) for each in circle)
                raise InputError(
                    Problem(
                        blamed(circle),
                        "RW320",
                        f"an attribute depends on itself: {shown}",
                        "change one of these rules, so that it reads something else",
                    )
                )
            elif following not in found and following in needs:
                state[following] = iter(sorted(needs[following]))
                path.append(following)
    return found


def name_of(node: NodeKey, vocabulary: Vocabulary) -> str:
    """A node in words: `rating of the key question safe of a location`."""
    entity = vocabulary.entities[node.entity]
    attribute = entity.attributes.get(node.attribute)
    words = f"{attribute.name if attribute else node.attribute} of a {entity.name}"
    if node.member:
        words = (
            f"{attribute.name if attribute else node.attribute} of the {entity.name} {node.member}"
        )
    return words + (f" of a {vocabulary.entities[node.parent].name}" if node.parent else "")


def kinds_in(vocabulary: Vocabulary) -> list[Kind]:
    """Every kind of entity that a case may hold."""
    found = []
    for name, entity in vocabulary.entities.items():
        for parent in vocabulary.parents(name) or [""]:
            found += [Kind(name, parent, member) for member in entity.members or ("",)]
    return found
