"""Changing a few words of a YAML file that people wrote: every other byte stays, comments too.

The text is parsed for where its nodes begin and end; edits are gathered and made from the end to the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from rulewright.language.errors import InputError
from rulewright.language.loading import load_yaml
from rulewright.language.text import Map, Seq, Text

Pair = tuple[yaml.Node, yaml.Node]
Edit = tuple[int, int, str]  # from where to where, and what comes there
Edited = tuple[int, list[Edit]]  # an entry that stays, with edits inside it
Entry = int | str | Edited


@dataclass
class Splice:
    """A text and the edits that it will get."""

    text: str
    edits: list[Edit] = field(default_factory=list)

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def root(self) -> yaml.Node:
        """The whole file, parsed."""
        node = yaml.compose(self.text, Loader=yaml.SafeLoader)
        assert node is not None
        return node

    def replace(self, start: int, end: int, new: str) -> None:
        self.edits.append((start, end, new.replace("\n", self.newline)))

    def done(self) -> str:
        """The text with all edits made."""
        text = self.text
        for start, end, new in sorted(self.edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def replace_node(self, node: yaml.Node, new: str) -> None:
        """Other text in the place of a node."""
        self.replace(*other_node(node, new))

    # -- parts of it --------------------------------------------------------------------------------------------------

    def _bounds(self, node: yaml.Node) -> list[tuple[int, int]]:
        """Where each entry of a list or mapping begins and ends: in brackets itself, else its lines and the comments above it."""
        firsts, lasts = _entries(node)
        if _in_brackets(node):
            return [(a.start_mark.index, b.end_mark.index) for a, b in zip(firsts, lasts, strict=True)]
        starts = [self._line_start(each.start_mark.index) for each in firsts]
        starts[1:] = [self._with_comments(each) for each in starts[1:]]
        ends = [*starts[1:], self._line_end(_last_sign(lasts[-1]))]
        return list(zip(starts, ends, strict=True))

    def rebuild(self, node: yaml.Node, entries: Sequence[Entry]) -> None:
        """Write the entries of a list or mapping anew: a number is the entry that was there, text a new one."""
        bounds = self._bounds(node)
        if _in_brackets(node):
            new = ", ".join(each if isinstance(each, str) else self._kept(each, bounds) for each in entries)
            start, end = (bounds[0][0], bounds[-1][1]) if bounds else (node.start_mark.index + 1, node.end_mark.index - 1)
            self.edits.append((start, end, new))
            return
        begin = " " * node.start_mark.column + ("- " if isinstance(node, yaml.SequenceNode) else "")
        lines = [f"{begin}{each}{self.newline}" if isinstance(each, str) else self._kept(each, bounds) for each in entries]
        whole = [each if each.endswith("\n") else each + self.newline for each in lines]
        if not self.text[: bounds[-1][1]].endswith("\n"):
            whole[-1] = whole[-1].removesuffix(self.newline)
        self.edits.append((bounds[0][0], bounds[-1][1], "".join(whole)))

    def _kept(self, each: int | Edited, bounds: list[tuple[int, int]]) -> str:
        index, edits = each if isinstance(each, tuple) else (each, [])
        start, end = bounds[index]
        inner = Splice(self.text[start:end])
        for first, last, new in edits:
            inner.replace(first - start, last - start, new)
        return inner.done()

    def drop(self, pair: Pair) -> None:
        """Takes a whole entry of a block mapping away, with its lines."""
        self.replace(self._line_start(pair[0].start_mark.index), self._line_end(_last_sign(pair[1])), "")

    def append(self, lines: str) -> None:
        """Lines at the end of the file."""
        gap = "" if not self.text or self.text.endswith("\n") else "\n"
        self.replace(len(self.text), len(self.text), gap + lines)

    def _with_comments(self, start: int) -> int:
        """The beginning of the comment lines directly above a line."""
        while start > 0 and self.text[(above := self._line_start(start - 1)) : start].lstrip().startswith("#"):
            start = above
        return start

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1


def _in_brackets(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _entries(node: yaml.Node) -> tuple[list[yaml.Node], list[yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return [k for k, _ in node.value], [v for _, v in node.value]
    return list(node.value), list(node.value)


def _last_sign(node: yaml.Node) -> int:
    """The last character of a node; a block's own end mark lies behind the comments and blank lines that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        node = _entries(node)[1][-1]
    return max(node.start_mark.index, node.end_mark.index - 1)


def entry(node: yaml.Node | None, name: str) -> Pair | None:
    """The key and value of that name in a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((k, v) for k, v in node.value if isinstance(k, yaml.ScalarNode) and k.value == name), None)


def scalar(value: str) -> str:
    """`value` as YAML, plain where that is read back as it is, else in quotes."""
    if re.fullmatch(r"[\w.].*", value) and not re.search(r"[\[\]{},#&*!|>%@`\"':]", value) and _read_back(value) == value:
        return value
    if "'" not in value and _read_back(f"'{value}'") == value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_back(written: str) -> str | None:
    try:
        tree = load_yaml("{x: " + written + "}", "")
    except InputError:
        return None
    value = tree[Text("x")] if isinstance(tree, Map) and len(tree) == 1 else None
    return str(value) if isinstance(value, Text) else None


def other_value(node: yaml.Node, value: str) -> Edit:
    """Another value in the place of one."""
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return node.start_mark.index, node.end_mark.index, scalar(value) + ("\n" if block else "")


def other_node(node: yaml.Node, new: str) -> Edit:
    """Other text in the place of a whole node."""
    return node.start_mark.index, _last_sign(node) + 1, new


def flow(value: object) -> str:
    """A mapping, list or text in brackets on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Seq | list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(str(value))
