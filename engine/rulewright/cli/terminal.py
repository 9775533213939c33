"""Where text leaves for a terminal or a pipe: every command prints by these functions, and by
nothing else (ruff sees to it).

What they are given may hold words that strangers wrote, in which no character acts
(`syntax.visible`); colours are added behind that, so that only ours are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from rulewright.syntax.visible import visible, visible_json, visible_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


_AT_ONCE = 200


def say(*lines: str, err: bool = False) -> None:
    """Print lines; a line break inside one is written out, so that none begins but ours."""
    click.echo("\n".join(map(visible, lines)), err=err)


def say_text(text: str) -> None:
    """Print a text of several lines, such as a document, as it is."""
    click.echo(visible_lines(text), nl=False)


def say_json(*written: str) -> None:
    """Print lines of JSON, which read as they did."""
    click.echo("\n".join(map(visible_json, written)))


def say_all(lines: Iterable[str], how: Callable[..., None] = say) -> bool:
    """Print very many lines, some hundreds at once; whether there were any.

    What came before something goes wrong is printed.
    """
    some, waiting = False, list[str]()
    try:
        for line in lines:
            some = True
            waiting.append(line)
            if len(waiting) == _AT_ONCE:
                printed, waiting = waiting, []
                how(*printed)
    finally:
        if waiting:
            how(*waiting)
    return some


def say_for_now(text: str) -> None:
    """Show a line on a terminal that the next one replaces."""
    click.echo(f"\r\x1b[K{visible(text)}", err=True, nl=False)


def console(err: bool = False) -> Console:
    """The output with colours, for `styled` texts; `err`: the error output of somebody who
    watches.
    """
    from rich.console import Console

    return Console(stderr=err, force_terminal=err or None)


def styled(text: str, style: str = "") -> Text:
    """A line in a style of ours. Words in square brackets are words, not markup."""
    from rich.text import Text

    return Text(visible(text), style=style)
