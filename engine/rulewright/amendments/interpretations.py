"""The interpretations of a policy, those that are written inside rules among them, and the other
readings of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rulewright.language.models import InterpretationModel
from rulewright.language.rulebook import as_seq
from rulewright.language.text import Map, Text

from .assembly import Assembly


@dataclass(frozen=True, slots=True)
class Interpretation:
    """An interpretation as written. entry: where it is written out; its own id where it stands by
    itself.
    """

    id: Text
    entry: str
    tree: dict[Any, Any]


def interpretations_of(assembly: Assembly) -> Iterator[Interpretation]:
    """Each interpretation of a policy: by itself, written out in a rule, or in what a use has of
    its own, or in the policy.
    """
    yield from _in_entries(assembly)
    for (use, _), own in assembly.local.items():
        yield from _within(own, use)
    for name in assembly.interpreting:
        written = assembly.book.policies[name].interpretation
        if isinstance(written, InterpretationModel):
            yield Interpretation(
                written.id, name, written.model_dump(by_alias=True, exclude_none=True)
            )


def readings_of(assembly: Assembly) -> Iterator[tuple[str, Text, Map]]:
    """Each other reading: the interpretation that it is of, its name, and the amendment that it is,
    as written.
    """
    for each in _in_entries(assembly):
        for name, reading in (each.tree.get("other readings") or {}).items():
            if isinstance(reading, Map):
                yield str(each.id), name, reading


def interpretations_written_in(tree: Any) -> set[str]:
    """The interpretations that are written out in an entry, its rules among it."""
    return {str(each.id) for each in _within(tree, "")}


def _in_entries(assembly: Assembly) -> Iterator[Interpretation]:
    for item in assembly.items.values():
        if item.kind == "interpretation":
            yield Interpretation(item.id, str(item.id), item.tree)
        yield from _within(item.tree, str(item.id))


def _within(tree: Any, entry: str) -> Iterator[Interpretation]:
    """The interpretations that are written inside rules."""
    if isinstance(tree, dict):
        for written in as_seq(tree.get("interpretation")):
            if isinstance(written, dict):
                yield Interpretation(written["id"], entry, written)
        for rule in tree.get("rules") or []:
            yield from _within(rule, entry)
