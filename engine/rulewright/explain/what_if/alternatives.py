"""Sets of changes of the same facts, told together: each fact with the values that will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb

from .record import Proposal

MOST_VALUES, FIRST_VALUES = 9, 4  # a longer list of values is cut


@dataclass(frozen=True)
class Alternatives:
    """A fact as it is, and the values any one of which will do, whatever the other facts of the way
    take of theirs.
    """

    entity: str
    attribute: str
    now: str
    then: tuple[str, ...]


@dataclass
class ChangeAlternatives:
    """Sets of changes in one: each fact takes any of its values. gives: what they all give, or
    perhaps do; cut: other values do too.
    """

    changes: list[Alternatives]
    gives: list[str]
    cut: bool = False
    perhaps: bool = False


@dataclass
class Family:
    """Ways in one: all of `always`, and any `some` of `of`. `cut`: other values of these do too."""

    always: list[Alternatives]
    some: int
    of: list[Alternatives]
    cut: bool = False


def ways(proposals: Sequence[Proposal]) -> list[ChangeAlternatives]:
    """All of the proposals and no others, those of the same facts that give the same put together
    where that says the same.
    """
    found: list[ChangeAlternatives] = []
    for each in proposals:
        changes = [Alternatives(c.entity, c.attribute, c.now, (c.then,)) for c in each.changes]
        found.append(ChangeAlternatives(changes, each.gives, each.other_values, each.perhaps))
    merged = True
    while merged:
        merged = False
        for index, way in enumerate(found):
            for other in found[index + 1 :]:
                at = _where_they_part(way, other)
                if at is not None:
                    mine = way.changes[at]
                    way.changes[at] = replace(mine, then=(*mine.then, *other.changes[at].then))
                    way.cut = way.cut or other.cut
                    found.remove(other)
                    merged = True
                    break
            if merged:
                break
    return found


def _where_they_part(one: ChangeAlternatives, other: ChangeAlternatives) -> int | None:
    """The one fact in whose values two ways of the same facts differ."""
    if (one.gives, one.perhaps) != (other.gives, other.perhaps):
        return None
    if [(c.entity, c.attribute) for c in one.changes] != [
        (c.entity, c.attribute) for c in other.changes
    ]:
        return None
    parting = [
        index
        for index, (a, b) in enumerate(zip(one.changes, other.changes, strict=True))
        if a.then != b.then
    ]
    return parting[0] if len(parting) == 1 else None


def family(found: Sequence[ChangeAlternatives]) -> Family | None:
    """The ways in one, where they change the same facts but for any so many of some others."""
    if len(found) < 3 or any(each.gives != found[0].gives for each in found):
        return None
    sets = [frozenset(each.changes) for each in found]
    common = frozenset.intersection(*sets)
    rest = [
        each
        for each in dict.fromkeys(c for way in found for c in way.changes)
        if each not in common
    ]
    some = len(sets[0]) - len(common)
    facts = {(each.entity, each.attribute) for each in rest}
    if len(facts) < len(rest) or len(found) != comb(len(rest), some):
        return None
    cut = any(each.cut for each in found)
    return (
        Family([each for each in found[0].changes if each in common], some, rest, cut)
        if common or some > 1
        else None
    )


def families(
    found: Sequence[ChangeAlternatives],
) -> list[ChangeAlternatives | tuple[Family, list[str]]]:
    """The ways, those that differ in one fact of several told as one family with what they all
    give.
    """
    told: list[ChangeAlternatives | tuple[Family, list[str]]] = []
    left = list(found)
    while left:
        way = left[0]
        alike = (
            max((_differing_in(each, way, left) for each in way.changes), key=len)
            if len(way.changes) > 1
            else [way]
        )
        facts = [(each.entity, each.attribute) for one in alike for each in _apart(one, alike)]
        if len(alike) < 2 or len(set(facts)) < len(facts):
            told.append(left.pop(0))
            continue
        common = [each for each in way.changes if all(each in one.changes for one in alike)]
        told.append(
            (
                Family(
                    common,
                    1,
                    [each for one in alike for each in _apart(one, alike)],
                    any(one.cut for one in alike),
                ),
                way.gives,
            )
        )
        left = [each for each in left if each not in alike]
    return told


def _differing_in(
    change: Alternatives, way: ChangeAlternatives, others: Sequence[ChangeAlternatives]
) -> list[ChangeAlternatives]:
    """The ways that have something else in place of one change of a way, and that way."""
    rest = [each for each in way.changes if each is not change]
    return [
        each
        for each in others
        if not each.perhaps
        and each.gives == way.gives
        and len(each.changes) == len(way.changes)
        and all(one in each.changes for one in rest)
    ]


def _apart(way: ChangeAlternatives, alike: Sequence[ChangeAlternatives]) -> list[Alternatives]:
    return [each for each in way.changes if not all(each in one.changes for one in alike)]


def either(values: Sequence[str]) -> str:
    """`good or outstanding`; of whole numbers in a row the first and the last: `62..70`; of a long
    list the first few.
    """
    if all(each.isdecimal() for each in values):
        values = sorted(values, key=int)
    told: list[str] = []
    at = 0
    while at < len(values):
        end = at
        while (
            end + 1 < len(values)
            and values[end].isdecimal()
            and values[end + 1] == str(int(values[end]) + 1)
        ):
            end += 1
        if end - at >= 2:
            told.append(f"{values[at]}..{values[end]}")
        else:
            told += values[at : end + 1]
        at = end + 1
    if len(told) > MOST_VALUES:
        told = [*told[:FIRST_VALUES], f"one of {len(told) - FIRST_VALUES} others"]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"
