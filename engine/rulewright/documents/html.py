"""A document as one HTML page that needs nothing else: no script, no network, its style inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from .document import (
    Block,
    Card,
    Id,
    Line,
    Link,
    ListEntry,
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
from .markup import Html, container, element, embedded, stylesheet

DEEPEST = 6
RECORD = "record-json"  # the id of the element with the data for machines


def html(document: Page) -> str:
    """The whole page."""
    head = container(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", document.title),
        stylesheet((Path(__file__).parent / "page.css").read_text("utf-8")),
    )
    body = container(
        "body",
        element("a", "Skip to the text", class_="skip", href="#main"),
        container(
            "header",
            element("p", document.subtitle),
            element("h1", _text(document.title)),
            _terms(document.facts),
        ),
        container(
            "nav",
            element("h2", "Contents", id="contents"),
            *_contents(document.sections),
            aria_labelledby="contents",
        ),
        container(
            "main", *(_block(each, 2) for each in document.sections), id="main", tabindex="-1"
        ),
        *([embedded(document.data, RECORD)] if document.data else []),
    )
    return str(Html("<!doctype html>\n{}\n").format(container("html", head, body, lang="en-GB")))


def _text(text: str) -> Html:
    return Html().join(
        each if isinstance(each, str) else element("code", each.text) for each in spoken(text)
    )


def _line(line: Line) -> Html:
    return Html().join(map(_piece, line))


def _piece(piece: Piece) -> Html:
    match piece:
        case str():
            return _text(piece)
        case Id(text, anchor):
            return _link(element("code", text), anchor)
        case Strong(text):
            return element("strong", _text(text)) if text else Html()
        case Small(text):
            return element("small", _text(text))
        case Note(number):
            return _link(_text(f"[{number}]"), f"source-{number}")
        case Link(text, anchor):
            return _link(_text(text), anchor)


def _link(shown: Html, anchor: str) -> Html:
    return element("a", shown, href=f"#{anchor}") if anchor else shown


def _block(block: Block, level: int) -> Html:
    match block:
        case Section(title, anchor, blocks):
            return container(
                "section",
                _heading(level, _text(title), anchor),
                *(_block(each, level + 1) for each in blocks),
            )
        case Card(title, identity, anchor, blocks):
            name = element("small", element("code", identity))
            shown = Html(" ").join((_text(title), name)) if title else name
            return container(
                "article",
                _heading(level, shown, anchor),
                *(_block(each, level + 1) for each in blocks),
                class_="card",
            )
        case Paragraph(line, tone):
            return element("p", _line(line), class_=tone)
        case Listing():
            return _listing(block, level)
        case Matrix():
            return _matrix(block)
        case TermList():
            return _terms(block)


def _heading(level: int, shown: Html, anchor: str) -> Html:
    return element(f"h{min(level, DEEPEST)}", shown, id=anchor)


def _listing(listing: Listing, level: int) -> Html:
    return container(
        "ol" if listing.numbered else "ul", *(_entry(each, level) for each in listing.entries)
    )


def _entry(entry: ListEntry, level: int) -> Html:
    below = [line for each in entry.below for line in ("\n", _block(each, level))]
    return element("li", _line(entry.line), *below, *(["\n"] if below else []), id=entry.anchor)


def _matrix(matrix: Matrix) -> Html:
    heads = (element("th", _text(each), scope="col") for each in matrix.head)
    head, body = (
        element("thead", element("tr", *heads)),
        container("tbody", *map(_row, matrix.rows)),
    )
    table = container("table", element("caption", _text(matrix.caption)), head, body)
    return container(
        "div",
        table,
        class_="wide",
        role="region",
        aria_label=f"Table: {matrix.caption}",
        tabindex="0",
    )


def _row(row: tuple[Line, ...]) -> Html:
    first, *others = row
    return element(
        "tr",
        element("th", _line(first), scope="row"),
        *(element("td", _line(each)) for each in others),
    )


def _terms(terms: TermList) -> Html:
    return container(
        "dl",
        *(
            element("div", element("dt", term), element("dd", _line(line)))
            for term, line in terms.pairs
        ),
    )


def _contents(blocks: Iterable[Block]) -> Iterator[Html]:
    """The list of sections, if there are any."""
    listed = [each for each in blocks if isinstance(each, Section) and each.listed]
    if listed:
        yield container("ul", *map(_listed, listed))


def _listed(section: Section) -> Html:
    below = [line for each in _contents(section.blocks) for line in ("\n", each)]
    return element(
        "li",
        element("a", _text(section.title), href=f"#{section.anchor}"),
        *below,
        *(["\n"] if below else []),
    )
