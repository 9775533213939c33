"""Facts and attributes of a case by their paths."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.decision.answered import Answered


def paths(answered: Answered, places: Iterable[tuple[int, str]]) -> list[str]:
    """The path of each attribute: the index of an entity and the attribute's key."""
    entities, vocabulary = answered.case.entities, answered.program.vocabulary
    return [
        f"{entities[index].path} > {vocabulary.entities[entities[index].type].attributes[name].name}"
        for index, name in places
    ]
