"""A YAML text as a tree of nodes that know their characters, so that one value can be changed in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from rulewright.language.text import key

from .spelling import LOADER, block_without_end


@dataclass(slots=True)
class Node:
    """A text, a list, a mapping or nothing, from character `start` up to `end`, spaces and comments behind it left out."""

    kind: str  # text, list, map, nothing
    start: int
    end: int
    value: str = ""
    style: str = ""
    in_flow: bool = False  # inside brackets
    flow: bool = False  # itself in brackets
    entries: list[tuple[Node, Node]] = field(default_factory=list)  # of a list the name is the entry itself

    def named(self, name: str) -> tuple[Node, Node] | None:
        """The entry of that name of a mapping, in any spelling."""
        exact = next((each for each in self.entries if each[0].value == name), None)
        return exact or next((each for each in self.entries if key(each[0].value) == key(name)), None)

    def get(self, name: str) -> Node | None:
        """The value of that name of a mapping."""
        found = self.named(name) if self.kind == "map" else None
        return found[1] if found else None

    @property
    def items(self) -> list[Node]:
        """The entries of a list."""
        return [value for _, value in self.entries]


def _end_of(event: Any) -> int:
    return int(event.end_mark.index)


def compose(text: str) -> Node:
    """The tree of a text that the loader has accepted."""
    events = (each for each in yaml.parse(text, Loader=LOADER) if isinstance(each, yaml.NodeEvent | yaml.CollectionEndEvent))
    return _node(text, events, next(events), in_flow=False)


def _node(text: str, events: Iterator[Any], event: Any, in_flow: bool) -> Node:
    start, end = int(event.start_mark.index), int(event.end_mark.index)
    if isinstance(event, yaml.ScalarEvent):
        if event.style in ("|", ">"):
            end = start + len(block_without_end(text[start:end]))
        empty = not event.style and event.value in ("", "~", "null")
        return Node("nothing" if empty else "text", start, end, event.value, event.style or "", in_flow)
    flow = bool(event.flow_style)
    found = Node("map" if isinstance(event, yaml.MappingStartEvent) else "list", start, end, in_flow=in_flow, flow=flow)
    inner = next(events)
    while not isinstance(inner, yaml.CollectionEndEvent):
        name = _node(text, events, inner, in_flow or flow)
        value = _node(text, events, next(events), in_flow or flow) if found.kind == "map" else name
        found.entries.append((name, value))
        inner = next(events)
    if flow:
        found.end = _end_of(inner)
    elif found.entries:
        found.end = max(found.entries[-1][0].end, found.entries[-1][1].end)
    return found
