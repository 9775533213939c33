"""`rulewright copy`: the shipped rulebook, and what belongs to it, to work in."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from rulewright.syntax.errors import InputError, Place, Problem

from .common import FINE, handled
from .terminal import say


@click.command("copy", short_help="Copy the shipped rulebook, to work in")
@click.argument("folder", metavar="DIR", type=click.Path())
@handled
def command(folder: str) -> int:
    """Copy the shipped rulebook, scenarios, properties and schemas into DIR, to work there.

    In that folder commands take the copy without `--rules`.
    """
    from rulewright.editing.working_copy import make_copy

    if not folder.strip():
        raise InputError(
            Problem(
                Place(""),
                "RW438",
                "the folder has no name",
                "name a folder, or write `.` for this one",
            )
        )
    make_copy(Path(folder), folder)
    say(f"copied the rulebook, its scenarios and properties, and the schemas into {folder}")
    here = Path(folder).resolve() == Path.cwd().resolve()
    go = "" if here else f"`cd {shlex.quote(folder)}`; "
    say(
        f"next: {go}commands take the copy there: `rulewright test`, `rulewright new policy NAME --amends POLICY`"
    )
    return FINE
