"""Changing a few words of a YAML file that people wrote: every other byte stays, comments too.

The text is parsed for where its nodes begin and end; edits are gathered and made from the end to
the beginning. What they give is read again and compared with what is meant, so that no edit is made
that means something else, or loses a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rulewright.syntax.errors import InputError, Place
from rulewright.syntax.yaml_text import in_brackets, spelled, yaml_lines

from .yaml_nodes import BREAK, YamlNode, comments, compose, end_of_document, meant

Edit = tuple[int, int, str]  # from where to where, and what comes there
_BLANK = re.compile("(?:[ \t\r\n\x85\u2028\u2029]|#[^\r\n\x85\u2028\u2029]*)*")
_COLON = re.compile(f"{_BLANK.pattern}:")


class UnsafeEditError(Exception):
    """An edit that would mean something else than it should, or would not keep `comments`, each
    with its place.
    """

    def __init__(self, comments: Sequence[tuple[Place, str]] = ()) -> None:
        super().__init__()
        self.comments = tuple(comments)


@dataclass(frozen=True)
class RewrittenEntry:
    """An entry of a list or mapping that is written anew.

    was: the number of the entry that it was, whose comments go with it; `None`: a new one. name,
    tree: what it says, the name where it is in a mapping; without a tree it says what it said, and
    what was put in its place inside it.
    """

    was: int | None = None
    name: str = ""
    tree: Any = None


class Splice:
    """A text, and the edits that it will get. Raises `InputError` where the text cannot be read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = compose(text)
        first = BREAK.search(text)
        self.newline = first[0] if first else "\n"
        self.edits: list[Edit] = []
        self._starts = [0, *(each.end() for each in BREAK.finditer(text))]
        self._comments = list(comments(text))
        self._comment_starts = {at for at, _ in self._comments}
        self._unplaced: list[
            tuple[int, str]
        ] = []  # comments of which nobody can say to which entry they belong
        self._gone: list[tuple[int, int]] = []  # what was taken away, with its comments

    # -- edits

    def replace(self, node: YamlNode, tree: Any) -> None:
        """Another value in the place of one: a text, or a list or mapping in brackets.

        What a node says already stays.
        """
        wanted = meant(tree)
        if node.says(wanted):
            return
        new = spelled(tree, node.in_flow) if isinstance(tree, str) else in_brackets(tree)
        if node.is_block_text:
            self._replace_below_a_sign(node, new)
        elif node.kind in ("list", "map") and not node.flow:
            self._replace_block(node, new)
        else:
            lone = (
                node.in_flow and node.named_until and not _COLON.match(self.text, node.named_until)
            )  # a name alone in brackets
            self._edit(node.start, node.end, f": {new}" if lone else new)
        node.becomes(wanted)

    def add(self, node: YamlNode, name: str, tree: Any, behind: int | None = None) -> None:
        """Another entry of a mapping, in its own style: at its end, or below the line of character
        `behind`.
        """
        if node.kind == "nothing":
            self.fill(node, {name: tree})
            return
        number = len(node.entries)
        if node.flow:
            comma = ", " if node.entries else ""
            at = max((max(a.end, b.end) for a, b in node.entries), default=node.start + 1)
            self._edit(at, at, f"{comma}{spelled(name, True)}: {in_brackets(tree)}")
        else:
            lines = yaml_lines({name: tree}, node.entries[0][0].margin)
            at = self._add_lines(node.end if behind is None else behind, lines)
            number = sum(each.start < at for each, _ in node.entries)
        entries = [*node.entries[:number], (meant(name), meant(tree)), *node.entries[number:]]
        node.becomes(YamlNode("map", entries=entries))

    def fill(self, node: YamlNode, tree: Any) -> None:
        """The value of a name that has none, or one that is empty: a mapping below it, else behind
        it.
        """
        if not isinstance(tree, Mapping) or node.start < node.end or node.in_flow:
            self.replace(node, tree)
        else:
            self._add_lines(node.end, yaml_lines(tree, node.margin + 2))
            node.becomes(meant(tree))

    def append(self, name: str, tree: Any) -> None:
        """Another entry of the outermost mapping, at the end of the file."""
        self.add(self.root, name, tree, behind=self._end)

    def append_item(self, item: str) -> None:
        """Another entry of the outermost list, written out with its dash and comments, below an
        empty line at the end of the file.
        """
        (entry,) = compose(item).entries
        margin = " " * (self.root.entries[0][0].margin if self.root.entries else 0)
        self._add_lines(self._end, ["", *(f"{margin}{each}" for each in item.splitlines())])
        self.root.becomes(YamlNode("list", entries=[*self.root.entries, entry]))

    def rebuild(self, node: YamlNode, entries: Sequence[RewrittenEntry], kind: str) -> None:
        """Write the entries of a list or mapping anew, as a node of that `kind`."""
        bounds = self._bounds(node)
        kept = {each.was for each in entries}
        self._gone += [bound for number, bound in enumerate(bounds) if number not in kept]
        if node.flow:
            self._rebuild_flow(node, entries, kind, bounds)
        else:
            self._rebuild_block(node, entries, kind, bounds)
        said = [
            (meant(each.name), meant(each.tree))
            if each.tree is not None
            else node.entries[each.was or 0]
            for each in entries
        ]
        node.becomes(
            YamlNode(kind, entries=said if kind == "map" else [(value, value) for _, value in said])
        )

    def drop(self, node: YamlNode, name: str) -> None:
        """Take an entry of a mapping away, with its lines where it has lines of its own."""
        number = next(number for number, (each, _) in enumerate(node.entries) if each.value == name)
        if node.flow:
            self.rebuild(
                node,
                [RewrittenEntry(each) for each in range(len(node.entries)) if each != number],
                "map",
            )
            return
        key, value = node.entries[number]
        bound = self._line_start(key.start), self._line_end(max(key.end, value.end))
        self._gone.append(bound)
        self.edits.append((*bound, ""))
        node.becomes(YamlNode("map", entries=[*node.entries[:number], *node.entries[number + 1 :]]))

    # -- the result

    def done(self, file: str = "") -> str:
        """The text with all edits made.

        Raises `UnsafeEditError`, which names comments by their place in `file`.
        """
        text = self._applied(0, len(self.text), self.edits)
        try:
            right = compose(text).says(self.root)
            left = Counter(each for _, each in comments(text))
        except InputError:
            raise UnsafeEditError from None
        lost = set(self._unplaced)
        for at, comment in self._comments:
            if not any(start <= at < end for start, end in self._gone):
                left[comment] -= 1
                if left[comment] < 0:
                    lost.add((at, comment))
        if lost or not right:
            raise UnsafeEditError([(self._place(at, file), each) for at, each in sorted(lost)])
        return text

    def moved(self, at: int) -> int:
        """Where a character of the text stands in the result."""
        return at + sum(len(new) - (end - start) for start, end, new in self.edits if end <= at)

    # -- writing

    def _edit(self, start: int, end: int, new: str) -> None:
        """Other characters, kept apart from those around them."""
        before = (
            " " if self.text[start - 1 : start] in (":", "-") and new[:1] not in (",", ":") else ""
        )
        behind = " " if self.text[end : end + 1] == "#" else ""
        self.edits.append((start, end, f"{before}{new}{behind}"))

    def _replace_below_a_sign(self, node: YamlNode, new: str) -> None:
        """A text below its sign becomes one on the line of the sign, whose comment stays."""
        line_end = next(
            (each.start() for each in BREAK.finditer(self.text, node.start, node.end)), node.end
        )
        sign = self.text[node.start : line_end].partition("#")[0].rstrip(" \t")
        self._edit(node.start, node.start + len(sign), new)
        if line_end < node.end:
            self.edits.append((line_end, node.end, ""))

    def _replace_block(self, node: YamlNode, new: str) -> None:
        """A list or mapping on lines of its own becomes one behind its name, unless a comment is
        between them.

        A comment behind its last entry speaks of that, and has no place then.
        """
        self._unplace(node.end, self._line_end(node.end))
        above = len(self.text[: node.start].rstrip(" \t\r\n\x85\u2028\u2029"))
        if self.text[above - 1 : above] in (":", "-") and not self._in_a_comment(above - 1):
            self._edit(above, node.end, new)
        else:
            self._edit(
                node.start,
                node.end,
                " " * max(0, node.margin + 2 - (node.start - self._line_start(node.start))) + new,
            )

    def _add_lines(self, behind: int, lines: Iterable[str]) -> int:
        """Lines below that of a character; where they begin."""
        at = self._line_end(behind)
        text = "".join(f"{each}{self.newline}" for each in lines)
        ended = (
            at < len(self.text)
            or self._starts[-1] == at
            or any(each[0] == at for each in self.edits)
        )
        self.edits.append((at, at, text if ended else self.newline + text))
        return at

    def _rebuild_flow(
        self,
        node: YamlNode,
        entries: Sequence[RewrittenEntry],
        kind: str,
        bounds: list[tuple[int, int]],
    ) -> None:
        self._unplace(node.start, node.end, bounds)
        inside = self._take_edits(bounds)
        new = ", ".join(
            self._applied(*bounds[each.was], inside[each.was])
            if each.was is not None and each.tree is None
            else _in_flow(each, kind)
            for each in entries
        )
        if kind != node.kind:
            self.edits.append(
                (node.start, node.end, f"[{new}]" if kind == "list" else f"{{{new}}}")
            )
        elif bounds:
            self.edits.append((bounds[0][0], bounds[-1][1], new))
        else:
            self.edits.append((node.start + 1, node.end - 1, new))

    def _rebuild_block(
        self,
        node: YamlNode,
        entries: Sequence[RewrittenEntry],
        kind: str,
        bounds: list[tuple[int, int]],
    ) -> None:
        if not entries or entries[0].was != 0:
            self._unplace(self._with_comments(bounds[0][0]), bounds[0][0])
        inside = self._take_edits(bounds)
        margin = " " * node.entries[0][0].margin
        pieces = []
        for each in entries:
            written = (
                ""
                if each.tree is None
                else f"{'- ' if kind == 'list' else f'{spelled(each.name)}: '}{in_brackets(each.tree)}"
            )
            if each.was is None:
                pieces.append(f"{margin}{written}{self.newline}")
                continue
            if written:
                name, value = node.entries[each.was]
                inside[each.was] = [(name.start, max(name.end, value.end), written)]
            pieces.append(self._applied(*bounds[each.was], inside[each.was]))
        whole = [each if BREAK.search(each[-1:]) else each + self.newline for each in pieces]
        if not BREAK.search(self.text[bounds[-1][1] - 1 : bounds[-1][1]]):
            whole[-1] = whole[-1].removesuffix(self.newline)
        self.edits.append((bounds[0][0], bounds[-1][1], "".join(whole)))

    def _take_edits(self, bounds: list[tuple[int, int]]) -> list[list[Edit]]:
        """The edits within each of these bounds; they are no longer among the others."""
        starts = [start for start, _ in bounds]
        found: list[list[Edit]] = [[] for _ in bounds]
        others: list[Edit] = []
        for each in self.edits:
            number = bisect_right(starts, each[0]) - 1
            if number > 0 and each[0] == each[1] == bounds[number - 1][1]:
                number -= 1  # a line more below the last of the entry before
            inside = number >= 0 and each[1] <= bounds[number][1]
            (found[number] if inside else others).append(each)
        self.edits = others
        return found

    def _applied(self, start: int, end: int, edits: list[Edit]) -> str:
        pieces = []
        for first, last, new in sorted(
            edits, key=lambda each: each[:2]
        ):  # of equal ones the earlier first
            pieces += [self.text[start:first], new]
            start = last
        return "".join([*pieces, self.text[start:end]])

    # -- places

    def _bounds(self, node: YamlNode) -> list[tuple[int, int]]:
        """Where each entry of a list or mapping begins and ends: in brackets itself, else its lines
        and the comments above it.
        """
        if node.flow:
            return [(name.start, max(name.end, value.end)) for name, value in node.entries]
        starts = [
            self._line_start(self._begins(node, number)) for number in range(len(node.entries))
        ]
        starts[1:] = [self._with_comments(each) for each in starts[1:]]
        return list(zip(starts, [*starts[1:], self._line_end(node.end)], strict=True))

    def _begins(self, node: YamlNode, number: int) -> int:
        """Where an entry of a block begins, one of a list with its dash."""
        if node.kind == "map":
            return node.entries[number][0].start
        if not number:
            return node.start
        found = _BLANK.match(self.text, node.items[number - 1].end)
        assert found is not None
        return found.end()

    def _with_comments(self, start: int) -> int:
        """The beginning of the comment lines directly above a line; one that is indented more goes
        on from what is above it.
        """
        indent = _indent(self.text[start : self._line_end(start)])
        while start > 0:
            above = self._line_start(start - 1)
            margin = _indent(self.text[above:start])
            if above + margin not in self._comment_starts or margin > indent:
                break
            start = above
        return start

    def _unplace(self, start: int, end: int, apart: Sequence[tuple[int, int]] = ()) -> None:
        self._unplaced += [
            (at, each)
            for at, each in self._comments
            if start <= at < end and not any(a <= at < b for a, b in apart)
        ]

    def _in_a_comment(self, at: int) -> bool:
        number = bisect_right(self._comments, at, key=lambda each: each[0]) - 1
        return number >= 0 and at < self._line_end(self._comments[number][0])

    def _line_start(self, at: int) -> int:
        return self._starts[bisect_right(self._starts, at) - 1]

    def _line_end(self, at: int) -> int:
        """Behind the end of a line."""
        number = bisect_right(self._starts, at)
        return self._starts[number] if number < len(self._starts) else len(self.text)

    @cached_property
    def _end(self) -> int:
        """Where the last line of the document ends, comments at its end included."""
        end = end_of_document(self.text)
        return max(len(self.text[:end].rstrip(" \t\r\n\x85\u2028\u2029")), self.root.end)

    def _place(self, at: int, file: str) -> Place:
        return Place(file, bisect_right(self._starts, at), at - self._line_start(at) + 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _in_flow(entry: RewrittenEntry, kind: str) -> str:
    written = in_brackets(entry.tree)
    return written if kind == "list" else f"{spelled(entry.name, True)}: {written}"
