"""Cases as they are written: made smaller, and with facts put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rulewright.facts.cases import Case, Entity
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import NOWHERE
from rulewright.syntax.text import Map, Seq, Text, key

Step = str | int
_STAYS = ("case", "as at", "policy", "tags", "expect")


def copied(tree: Any) -> Any:
    """A tree of its own, without places."""
    if isinstance(tree, dict):
        return Map({Text(name): copied(value) for name, value in tree.items()})
    if isinstance(tree, list):
        return Seq([copied(each) for each in tree])
    return (
        Text.at(tree, NOWHERE, quoted=isinstance(tree, Text) and tree.quoted)
        if isinstance(tree, str)
        else tree
    )


def facts_only(tree: Map) -> Map:
    """A case without what is said about it and expected of it."""
    gone = ("expect", "under", "under reading", "tags", "about", "source", "published", "case")
    return Map({Text(name): copied(value) for name, value in tree.items() if name not in gone})


# -- smaller


def shrunk(tree: Map, still: Callable[[Map], bool]) -> Map:
    """The tree without whatever it does without: large pieces are tried before small ones, until
    nothing more can go.
    """
    again = True
    while again:
        again = False
        for path in sorted(
            _paths(tree), key=lambda each: (len(each), [str(step) for step in each])
        ):
            if not _there(tree, path):
                continue
            fewer = _without(tree, path)
            if still(fewer):
                tree, again = fewer, True
    return tree


def _paths(tree: Any, above: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    steps = (
        list(tree.items())
        if isinstance(tree, dict)
        else list(enumerate(tree))
        if isinstance(tree, list)
        else []
    )
    for step, below in reversed(steps):
        if above or step not in _STAYS:
            if above and step != "name":
                yield (*above, step)
            yield from _paths(below, (*above, step))


def _there(tree: Any, path: tuple[Step, ...]) -> bool:
    for step in path:
        if isinstance(tree, dict):
            if step not in tree:
                return False
        elif not isinstance(tree, list) or not isinstance(step, int) or step >= len(tree):
            return False
        tree = tree[step]
    return True


def _without(tree: Any, path: tuple[Step, ...]) -> Any:
    """A copy without one piece, and without what is empty then."""
    step, rest = path[0], path[1:]
    if isinstance(tree, list):
        kept = [
            _without(each, rest) if index == step and rest else each
            for index, each in enumerate(tree)
            if index != step or rest
        ]
        return Seq([each for each in kept if each not in ({}, [])])
    found = Map()
    for name, value in tree.items():
        if name != step:
            found[name] = value
        elif rest and (inner := _without(value, rest)) not in ({}, []):
            found[name] = inner
    return found


# -- facts put in


def with_fact(
    tree: Map, case: Case, entity: Entity, name: str, value: Value, vocabulary: Vocabulary
) -> None:
    """State a fact in a tree that the case was read from."""
    attribute = vocabulary.entities[entity.type].attributes[name]
    below = _found(tree, case, entity, vocabulary)
    shown = attribute.show(value)
    for known in [each for each in below if key(str(each)) == name]:
        del below[known]
    below[Text(attribute.name)] = Text.at(shown, NOWHERE, quoted=True)  # a text `unknown` is a fact


def _found(tree: Map, case: Case, entity: Entity, vocabulary: Vocabulary) -> Map:
    """The mapping of an entity; one of a fixed member is made where there is none, or only its main
    attribute.
    """
    if entity.parent is None:
        name = next(each for each in tree if key(str(each)) == entity.type)
        found: Map = tree[name]
        return found
    above = _found(tree, case, entity.parent, vocabulary)
    declared = vocabulary.entities[entity.type]
    group = next(
        (each for each in above if key(str(each)) in (key(declared.plural), entity.type)), None
    )
    if entity.member:
        if group is None:
            group = Text(declared.plural)
            above[group] = Map()
        members: Map = above[group]
        member = next((each for each in members if key(str(each)) == key(entity.member)), None)
        if member is None:
            member = Text(
                next(each for each in declared.members if key(each) == key(entity.member))
            )
            members[member] = Map()
        if not isinstance(members[member], dict):
            members[member] = Map(
                {Text(declared.attributes[key(declared.main_attribute)].name): members[member]}
            )
        inner: Map = members[member]
        return inner
    assert group is not None
    listed: Map = next(
        each
        for each in above[group]
        if isinstance(each, Map) and key(str(each.get("name", ""))) == key(entity.name)
    )
    return listed


def short(tree: Any, vocabulary: Vocabulary) -> Any:
    """Members of which only the main attribute is stated, written short: `freedom to speak up:
    2`.
    """
    mains = {
        key(each.plural): each.main_attribute
        for each in vocabulary.entities.values()
        if each.members and each.main_attribute
    }

    def walk(node: Any) -> Any:
        if isinstance(node, list):
            return Seq([walk(each) for each in node])
        if not isinstance(node, dict):
            return node
        found = Map()
        for name, value in node.items():
            main = mains.get(key(str(name)))
            if main and isinstance(value, dict):
                value = Map(
                    {
                        member: next(iter(below.values()))
                        if isinstance(below, dict) and [key(str(w)) for w in below] == [key(main)]
                        else below
                        for member, below in value.items()
                    }
                )
            found[name] = walk(value)
        return found

    return walk(tree)
