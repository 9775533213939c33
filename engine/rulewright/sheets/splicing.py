"""Changing a few words of a YAML file that people wrote: every other byte stays, comments too.

The text is parsed for where its nodes begin and end; edits are gathered and made from the end to the beginning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.loading import load_yaml
from rulewright.language.text import Map, Seq, Text

_COMMENT = re.compile(r"#[^\r\n]*")
Pair = tuple[yaml.Node, yaml.Node]
Edit = tuple[int, int, str]  # from where to where, and what comes there
Edited = tuple[int, list[Edit]]  # an entry that stays, with edits inside it
Entry = int | str | Edited


@dataclass
class Splice:
    """A text and the edits that it will get."""

    text: str
    edits: list[Edit] = field(default_factory=list)
    unplaced: list[tuple[int, str]] = field(default_factory=list)  # comments of which nobody can say to which entry they belong
    gone: list[tuple[int, int]] = field(default_factory=list)  # what was taken away, with its comments

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

    def done_with_comments(self, place: Place) -> str:
        """The text with all edits made. Raises `InputError` (RW607) when a comment would be lost, or stand by another entry."""
        text = self.done()
        left = Counter(each for _, each in comments(text))
        lost = set(self.unplaced)
        for at, comment in comments(self.text):
            if not any(start <= at < end for start, end in self.gone):
                left[comment] -= 1
                if left[comment] < 0:
                    lost.add((at, comment))
        problems = [Problem(self._place(at, place.file), "RW607", f"the comment `{comment}` would not stay where it belongs",
                            "write block style, each comment on the line of what it speaks of; or make the change by hand")
                    for at, comment in sorted(lost)]  # fmt: skip
        if problems:
            raise InputError(problems)
        return text

    def _place(self, at: int, file: str) -> Place:
        return Place(file, self.text.count("\n", 0, at) + 1, at - self._line_start(at) + 1)

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
        numbers = [each[0] if isinstance(each, tuple) else each for each in entries if not isinstance(each, str)]
        self.gone += [each for number, each in enumerate(bounds) if number not in numbers]
        first = entries[0][0] if entries and isinstance(entries[0], tuple) else entries[0] if entries else None
        if _in_brackets(node):
            self._unplaced(node.start_mark.index, node.end_mark.index, bounds)
        elif first != 0:
            self._unplaced(self._with_comments(bounds[0][0]), bounds[0][0])
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

    def _unplaced(self, start: int, end: int, apart: Sequence[tuple[int, int]] = ()) -> None:
        self.unplaced += [(at, each) for at, each in comments(self.text) if start <= at < end and not any(a <= at < b for a, b in apart)]

    def add_below(self, node: yaml.MappingNode, lines: Sequence[str]) -> Edit:
        """More entries at the end of a block mapping, each on a line of its own."""
        at = self._line_end(_last_sign(node))
        indent = " " * node.start_mark.column
        text = "".join(f"{indent}{each}{self.newline}" for each in lines)
        return at, at, text if self.text[:at].endswith("\n") else self.newline + text.removesuffix(self.newline)

    def drop(self, pair: Pair) -> None:
        """Takes a whole entry of a block mapping away, with its lines."""
        start, end = self._line_start(pair[0].start_mark.index), self._line_end(_last_sign(pair[1]))
        self.gone.append((start, end))
        self.replace(start, end, "")

    def append(self, lines: str) -> None:
        """Lines at the end of the file."""
        gap = "" if not self.text or self.text.endswith("\n") else "\n"
        self.replace(len(self.text), len(self.text), gap + lines)

    def _with_comments(self, start: int) -> int:
        """The beginning of the comment lines directly above a line; one that is indented more goes on from what is above it."""
        indent = _indent(self.text[start:])
        while start > 0:
            line = self.text[(above := self._line_start(start - 1)) : start]
            if not line.lstrip().startswith("#") or _indent(line) > indent:
                break
            start = above
        return start

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def comments(text: str) -> list[tuple[int, str]]:
    """The comments of a text, each with where it begins."""
    found: list[tuple[int, str]] = []
    at = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        start, end = token.start_mark.index, token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            start = max(start, min(end, text.find("\n", start)))  # a comment may stand behind the sign
        found += [(at + each.start(), each[0].rstrip()) for each in _COMMENT.finditer(text[at:start])]
        at = max(at, end)
    return found


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


def other_entry(node: yaml.MappingNode, index: int, new: str) -> Edit:
    """Other text in the place of an entry of a mapping, its name and its value."""
    name, value = node.value[index]
    return name.start_mark.index, _last_sign(value) + 1, new


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
