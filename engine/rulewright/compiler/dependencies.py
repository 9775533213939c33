"""Which attribute depends on which, and the order that follows.

A cycle is an error that prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rulewright.ir import traversal
from rulewright.ir.nodes import Collection, Condition, Kind, NodeKey, Noun, Rule
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import InputError, Place, Problem

from .collections import collection_kinds
from .scope import Scope


def reads(term: Rule | Condition, scope: Scope) -> set[NodeKey]:
    """The attributes, derived and given, that a rule or condition reads where it is of the kinds of
    `scope`.
    """
    found: set[NodeKey] = set()
    inside: dict[Collection, Scope] = {}
    for noun, over, _ in traversal.reads(term):
        if not isinstance(noun, Noun):
            continue
        if over is not None and over not in inside:
            inside[over] = scope.inside(collection_kinds(over, scope))
        for kind in (scope if over is None else inside[over]).reached(noun.reach):
            found.add(NodeKey(kind.entity, kind.parent, kind.member, noun.attribute))
    return found


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
