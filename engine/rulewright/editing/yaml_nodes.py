"""A YAML text as a tree of nodes that know their characters, so that one value can be changed in
place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from rulewright.syntax.text import Text, key
from rulewright.syntax.yaml_loader import events, same_in_quotes

BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_COMMENT = re.compile("#[^\r\n\x85\u2028\u2029]*")


@dataclass(slots=True)
class YamlNode:
    """A text, a list, a mapping or nothing, from character `start` up to `end`, spaces and comments
    behind it left out.

    margin: the column of the block of entries that it is in. named_until: where its name ends. A
    node that stands in no text is only what is meant.
    """

    kind: str  # text, list, map, nothing
    start: int = 0
    end: int = 0
    value: str = ""
    style: str = ""
    in_flow: bool = False  # inside brackets
    flow: bool = False  # itself in brackets
    margin: int = -1
    named_until: int = 0
    # of a list the name is the entry itself
    entries: list[tuple[YamlNode, YamlNode]] = field(default_factory=list)

    def named(self, name: str) -> tuple[YamlNode, YamlNode] | None:
        """The entry of that name of a mapping, in any spelling."""
        exact = next((each for each in self.entries if each[0].value == name), None)
        return exact or next(
            (each for each in self.entries if key(each[0].value) == key(name)), None
        )

    def get(self, name: str) -> YamlNode | None:
        """The value of that name of a mapping."""
        found = self.named(name) if self.kind == "map" else None
        return found[1] if found else None

    @property
    def items(self) -> list[YamlNode]:
        """The entries of a list."""
        return [value for _, value in self.entries]

    @property
    def is_block_text(self) -> bool:
        """Whether it is a text below a sign (`|`, `>-`)."""
        return self.style in ("|", ">")

    def becomes(self, other: YamlNode) -> None:
        """From now on `other` is meant here."""
        self.kind, self.value, self.style, self.entries = (
            other.kind,
            other.value,
            other.style,
            other.entries,
        )

    def says(self, other: YamlNode) -> bool:
        """Whether both mean the same, the order of names included."""
        if (self.kind, self.value, len(self.entries)) != (
            other.kind,
            other.value,
            len(other.entries),
        ):
            return False
        if (
            self.kind == "text"
            and bool(self.style) != bool(other.style)
            and not same_in_quotes(self.value)
        ):
            return False
        pairs = (
            (mine, its)
            for one, another in zip(self.entries, other.entries, strict=True)
            for mine, its in zip(one, another, strict=True)
        )
        return all(mine.says(its) for mine, its in pairs)


def meant(tree: Any) -> YamlNode:
    """What a tree of texts, lists and mappings says."""
    if isinstance(tree, str):
        quoted = (isinstance(tree, Text) and tree.quoted) or tree in ("", "~", "null")
        return YamlNode("text", value=str(tree), style='"' if quoted else "")
    if isinstance(tree, Mapping):
        return YamlNode(
            "map", entries=[(meant(name), meant(value)) for name, value in tree.items()]
        )
    if isinstance(tree, list):
        return YamlNode("list", entries=[(each, each) for each in map(meant, tree)])
    return YamlNode("nothing")


def compose(text: str) -> YamlNode:
    """The tree of a text. Raises `InputError` where the loader's parser cannot read it."""
    nodes = (
        each
        for each in events(text, "")
        if isinstance(each, yaml.NodeEvent | yaml.CollectionEndEvent)
    )
    return _Composer(text, nodes).node(next(nodes), in_flow=False, margin=-1)


def end_of_document(text: str) -> int:
    """Where the sign `...` begins that ends a text; without one its end."""
    ends = (
        each
        for each in events(text, "")
        if isinstance(each, yaml.DocumentEndEvent) and each.explicit
    )
    return next((_span(each, _shift(text))[0] for each in ends), len(text))


def _shift(text: str) -> int:
    """By how much the parser counts too few characters: not the mark with which a text may
    begin.
    """
    return 1 if text.startswith("\ufeff") else 0


def _span(event: Any, shift: int) -> tuple[int, int]:
    return int(event.start_mark.index) + shift, int(event.end_mark.index) + shift


class _Composer:
    def __init__(self, text: str, nodes: Iterator[Any]) -> None:
        self.text, self.shift, self.nodes = text, _shift(text), nodes

    def node(self, event: Any, in_flow: bool, margin: int) -> YamlNode:
        start, end = _span(event, self.shift)
        if isinstance(event, yaml.ScalarEvent):
            empty = not event.style and event.value in ("", "~", "null")
            if event.style in ("|", ">"):
                end = end_of_block(self.text, start, end, margin)
            return YamlNode(
                "nothing" if empty else "text",
                start,
                end,
                "" if empty else event.value,
                event.style or "",
                in_flow,
                False,
                margin,
            )
        flow = bool(event.flow_style)
        kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
        found = YamlNode(kind, start, end, in_flow=in_flow, flow=flow, margin=margin)
        inside = (in_flow or flow, margin if flow else event.start_mark.column)
        inner = next(self.nodes)
        while not isinstance(inner, yaml.CollectionEndEvent):
            name = self.node(inner, *inside)
            value = name
            if kind == "map":
                value = self.node(next(self.nodes), *inside)
                value.named_until = name.end
            found.entries.append((name, value))
            inner = next(self.nodes)
        if flow:
            found.end = _span(inner, self.shift)[1]
        elif found.entries:
            found.end = max(found.entries[-1][0].end, found.entries[-1][1].end)
        return found


def indent_of_block(sign: str, lines: Iterable[str], margin: int) -> int:
    """By how much a text below a sign (`|`, `>2-`) is indented; `margin`: the column of the block
    of entries that it is in.
    """
    stated = re.search("[1-9]", sign.partition("#")[0])
    if stated:
        return max(margin, 0) + int(stated[0])
    return min(
        (len(each) - len(each.lstrip(" ")) for each in lines if each.strip(" ")), default=1_000
    )


def end_of_block(text: str, start: int, end: int, margin: int) -> int:
    """Where a text below a sign ends, the empty lines behind it left out; a line with more spaces
    than its indent is text.
    """
    breaks = [(each.start(), each.end()) for each in BREAK.finditer(text, start, end)]
    if not breaks:
        return end
    sign = text[start : breaks[0][0]]
    if "+" in sign.partition("#")[0]:  # all of them are text
        return breaks[-1][0] if breaks[-1][1] == end else end
    begins = [begin for _, begin in breaks]
    lines = [
        text[begin:stop]
        for begin, stop in zip(begins, [*(stop for stop, _ in breaks[1:]), end], strict=True)
    ]
    indent = indent_of_block(sign, lines, margin)
    while lines and not lines[-1].strip(" ") and len(lines[-1]) <= indent:
        lines.pop()
    return begins[len(lines) - 1] + len(lines[-1]) if lines else breaks[0][0]


def comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments of a text, each with where it begins.

    Raises `InputError` where it cannot be read.
    """
    return ((at, each) for at, each in said(text) if at is not None)


def said(text: str) -> Iterator[tuple[int | None, Any]]:
    """All that a text says, in order: its comments, each with where it begins; its values and how
    they lie in one another.

    Two texts that say the same mean the same, and each comment stands by the same word. Raises
    `InputError`.
    """
    shift, at = _shift(text), 0
    for event in events(text, ""):
        if isinstance(event, yaml.ScalarEvent):
            start, end = _span(event, shift)
            yield from (
                (at + each.start(), each[0].rstrip()) for each in _COMMENT.finditer(text[at:start])
            )
            value = event.value
            yield None, (value, bool(event.style) and not same_in_quotes(value))
            if event.style in ("|", ">"):
                sign = BREAK.search(text, start, end)
                yield from (
                    (start + each.start(), each[0].rstrip())
                    for each in _COMMENT.finditer(text[start : sign.start() if sign else end])
                )
            at = max(at, end)
        elif isinstance(event, yaml.CollectionStartEvent):
            yield (
                None,
                (type(event), isinstance(event, yaml.SequenceStartEvent) and event.flow_style),
            )
        elif isinstance(event, yaml.CollectionEndEvent):
            yield None, type(event)
    yield from ((at + each.start(), each[0].rstrip()) for each in _COMMENT.finditer(text[at:]))
