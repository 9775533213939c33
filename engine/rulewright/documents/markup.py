"""HTML as a type: markup is `Html`, everything else is text, and text that comes among markup is
escaped.

`Html("<hr>")` is for markup that stands in the source, word by word (ruff refuses anything else,
S704). All other markup is made by `element` out of text and markup, and a function that returns
`Html` cannot return a plain string (mypy refuses that).
"""

from __future__ import annotations

from typing import Any, Self

from markupsafe import Markup

from rulewright.syntax.visible import visible_json, visible_lines


class Html(Markup):
    """Markup. What is joined to it, put into it or added to it is escaped unless it is markup
    itself.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        """Text as markup that shows it, with nothing in it that acts (`visible`); markup as it
        is.
        """
        return super().escape(s if hasattr(s, "__html__") else visible_lines(str(s)))


def element(name: str, *inside: str, **attributes: str) -> Html:
    """An element around text and markup. An attribute without a value is left out; `class_` stands
    for `class`, `aria_label` for `aria-label`.

    >>> element("a", "R&D", id="", href="#r-d")
    Html('<a href="#r-d">R&amp;D</a>')
    """
    stated = "".join(
        f' {each.rstrip("_").replace("_", "-")}="{Html.escape(value)}"'
        for each, value in attributes.items()
        if value
    )
    return Html(f"<{name}{stated}>{Html().join(inside)}</{name}>")  # noqa: S704  (the names are ours, the rest is escaped)


def container(name: str, *lines: str, **attributes: str) -> Html:
    """An element whose text and markup stand on lines of their own."""
    return element(name, *(each for line in lines for each in ("\n", line)), "\n", **attributes)


def stylesheet(style: str) -> Html:
    """A style of ours, as it is in its file."""
    return Html(f"<style>\n{style}</style>")  # noqa: S704


def embedded(data: str, id: str) -> Html:
    """JSON for machines, which reads as the same values; nothing in it can end the element or begin
    another one.
    """
    safe = visible_json(data).replace("<", "\\u003c")
    return Html(f'<script type="application/json" id="{Html.escape(id)}">{safe}</script>')  # noqa: S704
