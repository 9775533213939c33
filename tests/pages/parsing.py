"""A page as a browser would read it, and whether it is sound."""

from __future__ import annotations

import re
from html.parser import HTMLParser

EMPTY = ("area", "base", "br", "hr", "img", "link", "meta")


class Page(HTMLParser):
    """What a page consists of: its headings, the places in it, where its links lead, and its
    text.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.places: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.cells: list[list[str]] = []
        self.data = ""
        self.text = ""
        self._cell: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in EMPTY:
            self.open.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th"):
            self._cell = []
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.places.append(value or "")
            elif name in ("href", "src"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in ("td", "th"):
            self.cells[-1].append("".join(self._cell or []))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
        if self.open and self.open[-1] == "script":
            self.data += data
        elif not (self.open and self.open[-1] == "style"):
            self.text += data


def sound(text: str) -> Page:
    """The page, if every element ends, headings follow one another, links lead somewhere, and
    nothing comes from elsewhere.
    """
    page = Page(text)
    assert page.open == []
    assert page.headings.count(1) == 1
    assert all(
        after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False)
    )
    assert len(page.places) == len(set(page.places))
    assert {each.removeprefix("#") for each in page.links} <= set(page.places)
    assert not page.tags & {"img", "link", "iframe", "object"}
    assert text.count("<script") == text.count('<script type="application/json"')
    assert not re.search(r"(?i)(src|href|url|action)\s*[=(]\s*[\"']?\s*(https?:)?//", text)
    return page
