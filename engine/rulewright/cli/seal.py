"""`rulewright seal`: fix the meaning of a policy that is or was in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules

from .common import FINE, handled, rules_option, told_of_the_rest
from .people import named_or_user
from .terminal import say

if TYPE_CHECKING:
    from rulewright.amendments.seals import Sealing


@click.command("seal", short_help="Seal a policy against unnoticed change")
@click.argument("policy")
@click.option("--reason", required=True, help="Why the policy is sealed, or sealed anew.")
@click.option("--sealed-by", metavar="NAME", help="Who seals (default: the user of the system).")
@rules_option
@handled
def command(policy: str, reason: str, sealed_by: str | None, rules: Path | None) -> int:
    """Seal POLICY with the digest of its present meaning: later edits that change it are errors."""
    from rulewright.amendments.seals import write_seal
    from rulewright.compiler.compiler import compile_policy

    sealing = _sealing(reason, named_or_user(sealed_by, "--sealed-by", "seals", "RW422"))
    book = Rules(rules, to_mend=True)
    if book.book.unread:  # what was sealed may stand there
        raise InputError(book.book.unread)
    book.choose(policy)
    program = compile_policy(book.book, policy)
    before = book.book.seals.get(policy)
    path = write_seal(book.book, program, sealing)
    say(f"sealed {policy} as {program.digest} in {book.shown}/{path.name}")
    if before is not None:
        same = (
            "a seal of the same meaning"
            if str(before.digest) == program.digest
            else str(before.digest)
        )
        say(f"it replaces {same} ({before.reason}), which is kept under `earlier`")
    if program.status == "proposed":
        say(f"note: {policy} is proposed; to change it after all, seal it anew")
    told_of_the_rest(book.problems)
    return FINE


def _sealing(reason: str, by: str) -> Sealing:
    """Why the policy is sealed, by whom, and that it is now. Raises `InputError` (RW422)."""
    from rulewright.amendments.seals import Sealing
    from rulewright.ledger import clock

    for what, text, option in (
        ("reason", " ".join(reason.split()), "--reason TEXT"),
        ("name", " ".join(by.split()), "--sealed-by NAME"),
    ):
        if not text:
            raise InputError(
                Problem(
                    Place(""),
                    "RW422",
                    f"the {what} is empty that the seal is to keep",
                    f"give it with `{option}`",
                )
            )
        if not text.isprintable():
            raise InputError(
                Problem(
                    Place(""),
                    "RW422",
                    f"the {what} that the seal is to keep holds a character that cannot be printed",
                    "write it in letters",
                )
            )
    return Sealing(reason, by, f"{clock.written(clock.now())[:19]}Z")
