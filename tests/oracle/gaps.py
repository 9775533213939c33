"""Facts taken away from a complete case."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.fuzz.dice import Dice

from .cases import Asked
from .facts import FACTS, Tree
from .words import QUESTIONS

DEFAULTED = {
    (entity, name)
    for entity, facts in FACTS.items()
    for name, (_, default) in facts.items()
    if default is not ...
}
MAIN = {"key question": "judged rating", "statement": "score"}


def with_gaps(dice: Dice, asked: Asked, most: int = 4) -> Asked:
    """The case without some of its facts: left out, or said to be unknown where silence would mean
    a default.
    """
    tree = deepcopy(asked.tree)
    places = list(_places(tree["trust"], "trust"))
    for _ in range(dice.number(1, most)):
        holder, word, entity = dice.pick(places)
        _take_away(dice, holder, word, entity)
    return Asked(tree, asked.policy, asked.settings, complete=False)


def _places(thing: Tree, entity: str) -> Iterator[tuple[Tree, Any, str]]:
    """Where facts of a thing and of those below it are written: the mapping, the word in it, what
    kind of thing.
    """
    yield from ((thing, each, entity) for each in thing if each in FACTS[entity])
    yield thing, None, entity
    yield from (
        (thing.setdefault("key questions", {}), each, "key question")
        for each in thing.get("key questions", {})
    )
    if entity == "service" and thing.get("key questions"):
        yield from ((thing["key questions"], each, "key question") for each in QUESTIONS)
    for word in [each for each in thing if each.endswith("quality statements")]:
        yield from ((thing[word], each, "statement") for each in thing[word])
    for word, below in (
        ("locations", "location"),
        ("services", "service"),
        ("predecessors", "predecessor"),
    ):
        for each in thing.get(word, []):
            yield from _places(each, below)


def _take_away(dice: Dice, holder: Tree, word: Any, entity: str) -> None:
    if word is None:  # of the thing itself: something that has a default
        names = [
            name for of, name in sorted(DEFAULTED) if of == entity and name != "kind of service"
        ]
        if names:
            holder[dice.pick(names)] = "unknown"
        return
    if entity in MAIN:
        said = holder.get(word)
        facts: Tree = (
            dict(said)
            if isinstance(said, dict)
            else {MAIN[entity]: said}
            if said is not None
            else {}
        )
        name = (
            dice.pick([MAIN[entity], *facts]) if dice.chance(75) else dice.pick(list(FACTS[entity]))
        )
        holder[word] = facts
        holder, word = facts, name
    if word not in FACTS[entity]:
        return
    if (entity, word) in DEFAULTED or dice.chance(30):
        holder[word] = "unknown"
    else:
        holder.pop(word, None)
