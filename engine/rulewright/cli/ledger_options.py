"""What the commands about a ledger share: which file, which entries, and what is said of one that
is not as it was recorded.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rulewright.syntax.errors import InputError, lines

from .common import DIFFERENT, tell_broken
from .numbers import WholeNumber
from .terminal import say

if TYPE_CHECKING:
    from rulewright.ledger import Ledger

ledger_argument = click.argument("ledger", metavar="LEDGER", type=click.Path(path_type=Path))
entry_option = click.option(
    "--entry",
    "numbers",
    metavar="N",
    type=WholeNumber(1, 2**63 - 1),
    multiple=True,
    help="Only this entry; may be repeated.",
)


def open_ledger(ledger: Path) -> Ledger:
    """A ledger, open to be read. Raises `InputError`."""
    from rulewright.ledger import Ledger

    return Ledger.open(ledger, append=False)


def tell_otherwise(error: InputError) -> int:
    """Print that a decision comes out differently; the exit code.

    Raises the error where it is another one.
    """
    if any(each.code != "RW914" for each in error.problems):
        raise error
    for line in lines(error.problems):
        say(line, err=True)
    return DIFFERENT


def told_where_broken(command: Callable[..., int]) -> Callable[..., int]:
    """Report what is not as it was recorded, or is not made again so, with exit code 1; that is not
    a mistake of whoever asks.
    """

    @functools.wraps(command)
    def wrapped(ledger: Path, **others: Any) -> int:
        from rulewright.ledger import Broken

        try:
            return command(ledger=ledger, **others)
        except Broken as broken:
            return tell_broken(str(ledger), broken, others.get("as_json", False))
        except InputError as error:
            return tell_otherwise(error)

    return wrapped
