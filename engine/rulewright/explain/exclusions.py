"""What leaves an item of a collection out, or perhaps out: the tests of a `where` that it does not
surely pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from rulewright.decision.outcome import Read
from rulewright.decision.tracer import Trail, listed, reached_item
from rulewright.engines.calculus import status_of
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import (
    Below,
    Collection,
    Condition,
    Each,
    Except,
    Joined,
    Same,
    Union,
    Where,
)
from rulewright.ir.traversal import counted_in, nouns_in, sides


def collections_of(condition: Condition) -> list[Collection]:
    """The collections that a condition counts, in the order of its tallies; not those of conditions
    inside it.
    """
    body = condition.body
    return [] if isinstance(body, Joined) else [each for each, _ in counted_in(body)]


def left_out_by(
    collection: Collection, entity: Entity, evaluation: Evaluation, trail: Trail
) -> dict[str, list[Read]]:
    """What such tests look at, by the path of the item; nothing for one that passes them all.

    `entity`: the rule's.
    """
    found: dict[str, list[Read]] = {}
    for item in listed(collection, entity):
        for at, attribute in dict.fromkeys(_failing(collection, item, entity, evaluation)):
            found.setdefault(item.path, []).append(trail.read(at, attribute))
    return found


def _failing(
    collection: Collection, item: Entity, entity: Entity, evaluation: Evaluation
) -> Iterator[tuple[Entity, str]]:
    match collection:
        case Where(of, tests):
            yield from _failing(of, item, entity, evaluation)
            for test in tests:
                if status_of(evaluation.ask(test, entity, item)) != MET:
                    yield from (
                        (reached_item(noun.reach, entity, item), noun.attribute)
                        for noun in nouns_in(*sides(test))
                    )
        case Each(of, _) | Same(of, _):
            if item.parent is not None:
                yield from _failing(of, item.parent, entity, evaluation)
        case Except(of, _):
            yield from _failing(of, item, entity, evaluation)
        case Union(parts):
            ways = [
                list(_failing(each, item, entity, evaluation))
                for each in parts
                if item in listed(each, entity)
            ]
            if all(ways):  # one that lets it in is enough
                yield from (each for way in ways for each in way)
        case Below():
            return
        case _:
            assert_never(collection)
