"""A document as Markdown: headings with anchors, lists, tables; readable as plain text too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from rulewright.syntax.visible import visible

from .document import (
    Block,
    Card,
    Id,
    Line,
    Listing,
    Matrix,
    Note,
    Page,
    Paragraph,
    Piece,
    Section,
    Small,
    Strong,
    TermList,
    spoken,
)
from .markup import element

_SPECIAL = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_BEGINS = re.compile(r"^( *)(?:(\d+)([.)])|([-+#>=]))")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"\s*\n\s*")
_BACKTICKS = re.compile("`+")
# what needs no percent sign in the address of a place, brackets of ids among it
_IN_A_FRAGMENT = "!$&'*+,;=:@/?[]"
DEEPEST = 6


def markdown(document: Page) -> str:
    """The whole document."""
    lines = [f"# {escaped(document.title)}", "", *_terms(document.facts)]
    lines += ["## Contents", "", *_contents(document.sections), ""]
    for each in document.sections:
        lines += _block(each, 2)
    return "\n".join(lines).rstrip() + "\n"


def as_markdown(blocks: Iterable[Block], level: int = 2) -> str:
    """Some blocks alone."""
    return "\n".join(line for each in blocks for line in _block(each, level)).rstrip() + "\n"


def escaped(text: str) -> str:
    """Text on one line, with what Markdown would read as a sign made plain, and nothing in it that
    acts (`visible`).
    """
    return _SPECIAL.sub(lambda found: "\\" + found[0], _on_one_line(text))


def _on_one_line(text: str) -> str:
    return visible(_BREAK.sub(" ", text))


def _line(line: Line, anchors: bool = True) -> str:
    text = "".join(_piece(each) for each in line)
    return _BEGINS.sub(r"\1\2\\\3\4", text)


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return "".join(
            escaped(each) if isinstance(each, str) else code(each.text) for each in spoken(piece)
        )
    if isinstance(piece, Id):
        return _link(code(piece.text), piece.anchor)
    if isinstance(piece, Strong):
        return f"**{_piece(piece.text)}**" if piece.text else ""
    if isinstance(piece, Small):
        return _piece(piece.text)
    if isinstance(piece, Note):
        return f"[\\[{piece.number}\\]](#source-{piece.number})"
    return _link(escaped(piece.text), piece.anchor)


def _link(shown: str, anchor: str) -> str:
    return f"[{shown}](#{quote(visible(anchor), safe=_IN_A_FRAGMENT)})" if anchor else shown


def _place(anchor: str) -> str:
    return element("a", id=visible(anchor))


def code(text: str) -> str:
    """A name as it is written in the files; one that no cell of a table could hold as a name is
    ordinary text.
    """
    if not text or "\\|" in text:
        return escaped(text)
    text = _on_one_line(text)
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    pad = " " if longest else ""
    return f"{'`' * (longest + 1)}{pad}{text}{pad}{'`' * (longest + 1)}"


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Section(title, anchor, blocks):
            yield from (_place(anchor), "", f"{'#' * min(level, DEEPEST)} {_piece(title)}", "")
            for each in blocks:
                yield from _block(each, level + 1)
        case Card(title, identity, anchor, blocks):
            if anchor:
                yield from (_place(anchor), "")
            named = f"{_piece(title)} {code(identity)}" if title else code(identity)
            yield from (f"{'#' * min(level, DEEPEST)} {named}", "")
            for each in blocks:
                yield from _block(each, level + 1)
        case Paragraph(line):
            yield from (_line(line), "")
        case Listing():
            yield from (*_listing(block, ""), "")
        case Matrix():
            yield from (*_matrix(block), "")
        case TermList():
            yield from _terms(block)


def _listing(listing: Listing, indent: str) -> Iterator[str]:
    for number, each in enumerate(listing.entries, 1):
        sign = f"{number}. " if listing.numbered else "- "
        anchor = _place(each.anchor) if each.anchor else ""
        yield f"{indent}{sign}{anchor}{_line(each.line)}"
        inner = indent + " " * len(sign)
        for below in each.below:
            if isinstance(below, Listing):
                yield from _listing(below, inner)
            elif isinstance(below, Paragraph):
                yield from ("", f"{inner}{_line(below.line)}")


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield "| " + " | ".join(escaped(each) for each in matrix.head) + " |"
    yield "|" + " --- |" * len(matrix.head)
    for row in matrix.rows:
        yield "| " + " | ".join("".join(_in_a_cell(each) for each in cell) for cell in row) + " |"


def _in_a_cell(piece: Piece) -> str:
    """A piece with no bar that would end the cell; text has it escaped already, names between
    backticks not.
    """
    return _BAR.sub(r"\\|", _piece(piece))


def _terms(terms: TermList) -> Iterator[str]:
    for term, line in terms.pairs:
        yield f"- {escaped(term)}: {''.join(_piece(each) for each in line)}"
    yield ""


def _contents(blocks: Iterable[Block], indent: str = "") -> Iterator[str]:
    for each in blocks:
        if isinstance(each, Section) and each.listed:
            yield f"{indent}- {_link(escaped(each.title), each.anchor)}"
            yield from _contents(each.blocks, indent + "  ")
