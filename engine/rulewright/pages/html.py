"""A document as one HTML page that needs nothing else: no script, no network, its style inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from .document import (
    Block,
    Card,
    Document,
    Id,
    Line,
    Listing,
    Matrix,
    Note,
    Paragraph,
    Piece,
    Section,
    Small,
    Strong,
    Terms,
    spoken,
)

DEEPEST = 6


def html(document: Document) -> str:
    """The whole page."""
    style = (Path(__file__).parent / "page.css").read_text("utf-8")
    return "\n".join([
        "<!doctype html>", '<html lang="en-GB">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{escape(document.title)}</title>",
        f"<style>\n{style}</style>", "</head>", "<body>", '<a class="skip" href="#main">Skip to the text</a>',
        "<header>", f"<p>{escape(document.subtitle)}</p>", f"<h1>{_text(document.title)}</h1>", *_terms(document.facts), "</header>",
        '<nav aria-labelledby="contents">', '<h2 id="contents">Contents</h2>', *_contents(document.sections), "</nav>",
        '<main id="main" tabindex="-1">', *(line for each in document.sections for line in _block(each, 2)), "</main>",
        *_data(document.data), "</body>", "</html>", "",
    ])  # fmt: skip


def _data(data: str) -> Iterator[str]:
    """JSON for machines; nothing in it can end the element."""
    if data:
        safe = data.replace("<", "\\u003c")
        yield f'<script type="application/json" id="record-json">{safe}</script>'


def _text(text: str) -> str:
    return "".join(escape(each) if isinstance(each, str) else f"<code>{escape(each.text)}</code>" for each in spoken(text))


def _line(line: Line) -> str:
    return "".join(_piece(each) for each in line)


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return _text(piece)
    if isinstance(piece, Id):
        shown = f"<code>{escape(piece.text)}</code>"
        return f'<a href="#{escape(piece.anchor)}">{shown}</a>' if piece.anchor else shown
    if isinstance(piece, Strong):
        return f"<strong>{_text(piece.text)}</strong>" if piece.text else ""
    if isinstance(piece, Small):
        return f"<small>{_text(piece.text)}</small>"
    if isinstance(piece, Note):
        return f'<a href="#source-{piece.number}">[{piece.number}]</a>'
    return f'<a href="#{escape(piece.anchor)}">{_text(piece.text)}</a>' if piece.anchor else _text(piece.text)


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Section(title, anchor, blocks):
            yield "<section>"
            yield _heading(level, _text(title), anchor)
            for each in blocks:
                yield from _block(each, level + 1)
            yield "</section>"
        case Card(title, identity, anchor, blocks):
            yield '<article class="card">'
            shown = f"<small><code>{escape(identity)}</code></small>"
            yield _heading(level, f"{_text(title)} {shown}" if title else shown, anchor)
            for each in blocks:
                yield from _block(each, level + 1)
            yield "</article>"
        case Paragraph(line, tone):
            kind = f' class="{tone}"' if tone else ""
            yield f"<p{kind}>{_line(line)}</p>"
        case Listing():
            yield from _listing(block, level)
        case Matrix():
            yield from _matrix(block)
        case Terms():
            yield from _terms(block)


def _heading(level: int, shown: str, anchor: str) -> str:
    tag = f"h{min(level, DEEPEST)}"
    place = f' id="{anchor}"' if anchor else ""
    return f"<{tag}{place}>{shown}</{tag}>"


def _listing(listing: Listing, level: int) -> Iterator[str]:
    tag = "ol" if listing.numbered else "ul"
    yield f"<{tag}>"
    for each in listing.entries:
        anchor = f' id="{each.anchor}"' if each.anchor else ""
        below = [line for block in each.below for line in _block(block, level)]
        yield from (f"<li{anchor}>{_line(each.line)}", *below, "</li>") if below else (f"<li{anchor}>{_line(each.line)}</li>",)
    yield f"</{tag}>"


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield f'<div class="wide" role="region" aria-label="Table: {escape(matrix.caption)}" tabindex="0">'
    yield f"<table>\n<caption>{_text(matrix.caption)}</caption>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{_text(each)}</th>' for each in matrix.head) + "</tr></thead>"
    yield "<tbody>"
    for first, *rest in matrix.rows:
        cells = "".join(f"<td>{_line(each)}</td>" for each in rest)
        yield f'<tr><th scope="row">{_line(first)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _terms(terms: Terms) -> Iterator[str]:
    yield "<dl>"
    for term, line in terms.pairs:
        yield f"<div><dt>{escape(term)}</dt><dd>{_line(line)}</dd></div>"
    yield "</dl>"


def _contents(blocks: Iterable[Block]) -> Iterator[str]:
    listed = [each for each in blocks if isinstance(each, Section) and each.listed]
    if listed:
        yield "<ul>"
        for each in listed:
            inner = list(_contents(each.blocks))
            link = f'<a href="#{each.anchor}">{_text(each.title)}</a>'
            yield from (f"<li>{link}", *inner, "</li>") if inner else (f"<li>{link}</li>",)
        yield "</ul>"
