"""What the commands that ask about answers share: reading the cases of a file and answering
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from rulewright.decision.answered import Answered
from rulewright.workbench import Rules, cases

from .run import settings_of

date_option = click.option(
    "--as-at", metavar="DATE", help="The date of the decision, instead of the case's own."
)
set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="Change a parameter for this run.",
)


def answered_cases(
    file: Path, rules: Path | None, policy: str | None, as_at: str | None, changes: dict[str, str]
) -> Iterator[Answered]:
    """Each case of a file, answered. Raises `InputError`, `EngineError`."""
    book = Rules(rules)
    for case in cases(file):
        yield book.answer(case, policy=policy, as_at=as_at, set=changes)


__all__ = ["answered_cases", "date_option", "set_option", "settings_of"]
