"""A document without a form: sections, paragraphs, lists, tables and cards, which a renderer writes
as Markdown or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Id:
    """A name as the files have it; with an anchor it leads there."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Strong:
    """What must not be missed."""

    text: str


@dataclass(frozen=True, slots=True)
class Small:
    """A remark beside the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another place of the document."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Note:
    """The number of a source, leading to it."""

    number: int


Piece = str | Id | Strong | Small | Link | Note
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. tone: `remark` and `source` stand back behind the text."""

    line: Line
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of a list, and what stands below it."""

    line: Line
    below: tuple[Block, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, perhaps numbered."""

    entries: tuple[ListEntry, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table with a caption; the first cell of a row is its header."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class TermList:
    """Terms and what is said of each."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A rule or another entry: its title, which may be empty, its id shown small, and its text."""

    title: str
    id: str
    anchor: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    anchor: str
    blocks: tuple[Block, ...]
    listed: bool = True  # in the contents


Block = Paragraph | Listing | Matrix | TermList | Card | Section


@dataclass(frozen=True, slots=True)
class Page:
    """A whole document: title, the facts under it, and its sections. data: JSON that a page carries
    for machines.
    """

    title: str
    subtitle: str
    facts: TermList
    sections: tuple[Section, ...]
    data: str = ""


def spoken(text: str) -> Iterator[str | Id]:
    """Text in which names stand between backticks, as text and names."""
    for number, each in enumerate(_NAMED.split(text)):
        if each:
            yield Id(each) if number % 2 else each
