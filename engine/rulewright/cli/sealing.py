"""`rulewright seal`: fix the meaning of a policy that is or was in force."""

from __future__ import annotations

from pathlib import Path

import click

from rulewright.language.errors import InputError, Place, Problem
from rulewright.workbench import Rules

from .common import FINE, handled, rules_option, told_of_the_rest


@click.command("seal")
@click.argument("policy")
@click.option("--reason", required=True, help="Why the policy is sealed, or sealed anew.")
@rules_option
@handled
def command(policy: str, reason: str, rules: Path | None) -> int:
    """Seal POLICY with the digest of its present meaning: later edits that change it are errors."""
    from rulewright.program.compiling import compile_policy
    from rulewright.program.seals import write_seal

    if not reason.strip():
        raise InputError(Problem(Place(""), "RW420", "a seal needs a reason", "write why the policy is sealed after `--reason`"))
    book = Rules(rules, to_mend=True)
    if book.book.unread:  # what was sealed may stand there
        raise InputError(book.book.unread)
    book.choose(policy)
    program = compile_policy(book.book, policy)
    path = write_seal(book.book, program, reason)
    click.echo(f"sealed {policy} as {program.digest} in {book.shown}/{path.name}")
    if program.status == "proposed":
        click.echo(f"note: {policy} is proposed; to change it after all, seal it anew")
    told_of_the_rest(book.problems)
    return FINE
