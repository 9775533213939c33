"""The interpretations that are written inside rules, and the other readings of all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rulewright.language.rulebook import as_seq
from rulewright.language.text import Map, Text

from .assembly import Assembly


def readings_of(assembly: Assembly) -> Iterator[tuple[str, Text, Map]]:
    """Each other reading: the interpretation that it is of, its name, and the amendment that it is, as written."""
    for item in assembly.items.values():
        if item.kind == "interpretation":
            yield from _of(str(item.id), item.tree)
        yield from _within(item.tree)


def interpretations_written_in(tree: Any) -> set[str]:
    """The interpretations that are written out in an entry, its rules among it."""
    found = {str(each["id"]) for each in as_seq(tree.get("interpretation")) if isinstance(each, dict)}
    return found.union(*(interpretations_written_in(rule) for rule in tree.get("rules") or []))


def _within(tree: Any) -> Iterator[tuple[str, Text, Map]]:
    """The readings of interpretations that are written inside rules."""
    if isinstance(tree, dict):
        for written in as_seq(tree.get("interpretation")):
            if isinstance(written, Map):
                yield from _of(str(written["id"]), written)
        for rule in tree.get("rules") or []:
            yield from _within(rule)


def _of(identity: str, tree: Map) -> Iterator[tuple[str, Text, Map]]:
    for name, reading in (tree.get("other readings") or {}).items():
        if isinstance(reading, Map):
            yield identity, name, reading
