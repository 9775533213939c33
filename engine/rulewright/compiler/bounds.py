"""How many items a collection has at least and at most, by the declarations alone."""

from __future__ import annotations

from typing import assert_never

from rulewright.ir.nodes import Below, Collection, Each, Except, Same, Union, Where

from .collections import collection_kinds
from .scope import Scope

Size = tuple[int, int | None]  # at least, and at most (`None`: any number)


def size(collection: Collection, scope: Scope) -> Size:
    """The bounds of the number of items, in every case."""
    match collection:
        case Below(_, entity, deep):
            members = _members(entity, scope)
            return (members, members) if members and not deep else (0, None)
        case Each(of, entity):
            return _each(of, entity, _members(entity, scope), scope)
        case Except(Each(of, entity), without):
            return _each(of, entity, _members(entity, scope) - len(set(without)), scope)
        case Except(of, without):
            low, high = size(of, scope)
            return max(0, low - len(set(without))), None if high is None else max(
                0, high - len(set(without))
            )
        case Same(of, _):
            return size(of, scope)
        case Where(of, _):
            return 0, size(of, scope)[1]
        case Union(parts):
            sizes = [size(each, scope) for each in parts]
            highs = [high for _, high in sizes if high is not None]
            return max(low for low, _ in sizes), sum(highs) if len(highs) == len(sizes) else None
        case _:
            assert_never(collection)


def _members(entity: str, scope: Scope) -> int:
    return len(scope.vocabulary.entities[entity].members)


def _each(of: Collection, entity: str, members: int, scope: Scope) -> Size:
    if not _members(entity, scope):
        return 0, None
    low, high = size(of, scope)
    always = all(
        entity in scope.vocabulary.entities[each.entity].fixed_below
        for each in collection_kinds(of, scope)
    )
    return low * members if always else 0, None if high is None else high * members
