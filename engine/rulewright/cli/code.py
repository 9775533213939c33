"""`rulewright code`: what a code in a message means, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.shipped import PAGES_OF_CODES, data_folder

from .common import FINE, handled
from .terminal import say_text


@click.command("code", short_help="Explain the code of a message")
@click.argument("code")
@handled
def command(code: str) -> int:
    """Show the page of a CODE, such as RW301: what it means, an example, what to do."""
    pages = {path.stem: path for path in (data_folder() / PAGES_OF_CODES).glob("RW*.md")}
    page = pages.get(code.upper())
    if page is None:
        raise InputError(
            Problem(Place(""), "RW640", f"there is no code `{code}`", _nearest(code.upper(), pages))
        )
    say_text(re.sub(r"<!--.*?-->\n+", "", page.read_text("utf-8")))
    return FINE


def _nearest(code: str, pages: Iterable[str]) -> str:
    """The codes that begin so; else those nearest to it."""
    begun = (
        [f"`{each}`" for each in sorted(pages) if each.startswith(code)]
        if len(code) > len("RW")
        else []
    )
    return f"codes that begin with it: {', '.join(begun)}" if begun else nearest(code, pages)
