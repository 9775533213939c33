"""One style for the YAML that people write, reached by changing only the characters that need it.

The style: UTF-8 without a byte order mark, lines that end in LF, one line end at the end of the
file; no spaces at line ends, no two blank lines in a row; two spaces an indent, dashes of a list
two spaces further than its name; one space after a name's colon, a dash and a comma, none inside
brackets; quotation marks only where they are needed, and double ones. Order, line breaks, comments
and the alignment of comments are the author's.

`styled` works on the tokens of the parser: what stands in a token is copied, what stands between
two tokens (spaces, line ends, comments) is written anew. It refuses its own result unless the tree
and the comments are the same as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import yaml

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.yaml_loader import Parser, check_yaml
from rulewright.syntax.yaml_text import requoted

from .yaml_nodes import end_of_block, indent_of_block, said

_FLOW_OPEN = (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)
_FLOW_CLOSE = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_STEP = 2
_NO_END = 1_000_000


def styled(text: str, file: str) -> str:
    """`text` of a YAML file in the house style; the same text when it is in it already.

    Raises `InputError`: what the loader finds (RW104 to RW110), RW437 when the result would not
    mean the same.
    """
    check_yaml(text, file)
    plain = _BREAK.sub("\n", text.removeprefix("\ufeff"))
    written = _Writer(plain).write(_pieces(plain))
    if not _same(text, written):
        raise InputError(
            Problem(
                Place(file),
                "RW437",
                "the file cannot be formatted without changing what it says",
                "it is left as it is; write in a simpler form what is unusual in it",
            )
        )
    return written


_BREAK = re.compile("\r\n?|\x85")  # ends of lines that are read as `\n`


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same, comments included, and each beside the same word."""
    try:
        return all(
            mine == its
            for (_, mine), (_, its) in zip_longest(said(one), said(other), fillvalue=(None, ""))
        )
    except InputError:
        return False


@dataclass(slots=True)
class _Piece:
    """A token with text, where it stood, and in which column it goes when it begins a line."""

    token: Any
    start: int
    end: int
    column: int
    home: (
        int | None
    )  # its column at the beginning of a line; `None`: it moves as what it belongs to moves
    is_key: bool = False
    in_flow: bool = False
    block: tuple[int, int] = (
        0,
        0,
    )  # the old and the new column of the block of entries that it is in


def _pieces(text: str) -> Iterator[_Piece]:
    """The tokens of a text that have characters, each with the column that its place in the tree
    gives it.
    """
    levels: list[
        tuple[str, int, int]
    ] = []  # of each open block collection: its kind, its new and its old column
    depth = 0
    is_key = False

    def inner() -> int:
        return levels[-1][1] + _STEP if levels else 0

    for token in yaml.scan(text, Loader=Parser):
        start, end = token.start_mark.index, token.end_mark.index
        home: int | None = None
        if isinstance(token, yaml.BlockMappingStartToken):
            levels.append(("map", inner(), token.start_mark.column))
        elif isinstance(token, yaml.BlockSequenceStartToken):
            levels.append(("list", inner(), token.start_mark.column))
        elif isinstance(token, yaml.BlockEndToken):
            while levels and levels[-1][0] == "list in line":
                levels.pop()
            levels.pop()
        elif isinstance(token, yaml.BlockEntryToken):
            if levels and levels[-1][0] == "map":
                levels.append(
                    ("list in line", inner(), token.start_mark.column)
                )  # its dashes stood below the name itself
            home = levels[-1][1] if levels else 0
        elif isinstance(token, yaml.KeyToken):
            if not depth and levels and levels[-1][0] == "list in line":
                levels.pop()
            is_key = True
        if start == end or isinstance(token, yaml.StreamStartToken | yaml.StreamEndToken):
            continue
        if not depth and home is None:
            home = (
                levels[-1][1]
                if levels and (is_key or isinstance(token, yaml.ValueToken))
                else inner()
            )
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            end = end_of_block(text, start, end, levels[-1][2] if levels else 0)
        block = (levels[-1][2], levels[-1][1]) if levels else (0, 0)
        yield _Piece(
            token,
            start,
            end,
            token.start_mark.column,
            home,
            is_key and isinstance(token, yaml.ScalarToken),
            depth > 0,
            block,
        )
        depth += isinstance(token, _FLOW_OPEN) - isinstance(token, _FLOW_CLOSE)
        if isinstance(token, yaml.ScalarToken):
            is_key = False


class _Writer:
    """Writes pieces one after another, with the space between them in style."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: list[str] = []  # finished
        self.line = ""  # being written
        self.line_shift = 0  # by how much the present line moved to the right
        self.flow_shifts: list[int] = []  # of each open bracket, by how much it moved

    def write(self, pieces: Iterable[_Piece]) -> str:
        previous: _Piece | None = None
        for piece in pieces:
            self._gap(previous, piece)
            self._piece(piece)
            previous = piece
        self._gap(previous, None)
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        return "\n".join(self.lines) + "\n"

    def _gap(self, before: _Piece | None, after: _Piece | None) -> None:
        gap = self.text[before.end if before else 0 : after.start if after else len(self.text)]
        first, *rest = gap.split("\n")
        if not rest and after is not None and before is not None:
            self.line += _space(before, after, first)
            return
        if not rest and after is not None:
            self._indent(after)
            return
        if before is not None:
            self._comment_behind(first)
        else:
            rest = gap.split("\n")
        comment_lines = rest if after is None else rest[:-1]
        moved = self._shift_of(after)
        if before is not None:
            self._end_line()
        for line in comment_lines:
            comment = line.strip()
            if comment:
                column = len(line) - len(line.lstrip())
                column = min(
                    self._column_of_comment(column, before, after, moved), self.most_for_comment
                )
                self.line = " " * max(0, column) + comment
            elif self.lines[-1:] in ([], [""]):
                continue  # a blank line at the top, or after another
            self._end_line()
        if after is not None:
            self._indent(after)

    def _column_of_comment(
        self, column: int, before: _Piece | None, after: _Piece | None, moved: int
    ) -> int:
        """A comment on a line of its own goes with what it stands in line with: what follows, or
        else what precedes it.
        """
        if after is not None and column == after.column:
            return column + moved
        if before is not None and column == self.last_home[0]:
            return self.last_home[1]
        return column + (moved if after is not None else self.line_shift)

    last_home = (0, 0)  # the old and the new column of the last line that began with a token

    def _shift_of(self, piece: _Piece | None) -> int:
        if piece is None:
            return 0
        if piece.home is not None:
            return piece.home - piece.column
        return max(self.flow_shifts[-1] if self.flow_shifts else 0, -piece.column)

    def _indent(self, piece: _Piece) -> None:
        self.line_shift = self._shift_of(piece)
        self.line = " " * (piece.column + self.line_shift)
        self.last_home = (piece.column, piece.column + self.line_shift)

    def _comment_behind(self, gap: str) -> None:
        """A comment keeps its column (comments of several lines stand in one) where there is room,
        else its distance.
        """
        comment = gap.strip()
        if comment:
            distance = len(gap) - len(gap.lstrip())
            start = (
                max(self.old_column + distance, len(self.line) + _STEP)
                if distance > 1
                else len(self.line) + 1
            )
            self.line = self.line.ljust(start) + comment

    old_column = 0  # where the last piece ended in the old text

    literal = False  # whether the present line ends in text whose spaces count

    def _end_line(self, as_it_is: bool = False) -> None:
        self.lines.append(self.line if as_it_is or self.literal else self.line.rstrip(" \t"))
        self.line, self.literal = "", False

    # the last column in which a comment is not read as more of the text above it
    most_for_comment = _NO_END

    def _piece(self, piece: _Piece) -> None:
        token, written = piece.token, self.text[piece.start : piece.end]
        self.most_for_comment = _NO_END
        self.old_column = piece.end - (self.text.rfind("\n", 0, piece.end) + 1)
        if isinstance(token, _FLOW_OPEN):
            self.flow_shifts.append(len(self.line) - piece.column)
        elif isinstance(token, _FLOW_CLOSE):
            self.flow_shifts.pop()
        if not isinstance(token, yaml.ScalarToken):
            self.line += written
        elif "\n" in written:
            self._several_lines(piece, written)
        else:
            self.line += requoted(written, token.value, token.style, in_flow=piece.in_flow)

    def _several_lines(self, piece: _Piece, written: str) -> None:
        first, *rest = written.split("\n")
        literal = piece.token.style in ("|", ">")
        content = indent_of_block(first, rest, piece.block[0])
        stated = literal and any(each.isdecimal() for each in first.partition("#")[0])
        shift = piece.block[1] - piece.block[0] if stated else self.line_shift
        self.line += first
        for line in rest:
            self._end_line(as_it_is=literal or self.line.endswith("\\ "))
            blank = not line.strip(" ")
            spaces = len(line) - len(line.lstrip(" "))
            least = 0 if literal or piece.in_flow else piece.block[1] + 1  # less would end the text
            self.line = (
                ""
                if blank and (not literal or len(line) <= content)
                else " " * max(least, spaces + shift) + line[spaces:]
            )
        self.literal = literal
        self.most_for_comment = content + shift - 1 if literal else _NO_END


def _space(before: _Piece, after: _Piece, written: str) -> str:
    """What stands between two tokens of one line."""
    one, other = before.token, after.token
    if isinstance(one, _FLOW_OPEN) or isinstance(other, (*_FLOW_CLOSE, yaml.FlowEntryToken)):
        return ""
    if isinstance(other, yaml.ValueToken):
        return "" if isinstance(one, yaml.ScalarToken) else written
    if isinstance(one, yaml.ValueToken | yaml.BlockEntryToken | yaml.FlowEntryToken):
        return " "
    return written
