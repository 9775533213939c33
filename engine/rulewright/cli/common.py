"""What the commands share: where the rules are, how errors end, how output is written."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from rulewright.syntax.errors import InputError, Problem, lines
from rulewright.syntax.visible import visible
from rulewright.workbench import Rules

from .defaults import rulebook_here
from .endings import DIFFERENT, FINE, REFUSED, WRONG_INPUT, code_after
from .terminal import say, say_json

if TYPE_CHECKING:
    from rulewright.ledger import Broken
    from rulewright.rulebook.rulebook import Rulebook

__all__ = ["DIFFERENT", "FINE", "REFUSED", "WRONG_INPUT"]


def complete_policies(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The policies of the rulebook in use, for the shell."""
    try:
        rules = Rules(context.params.get("rules"))
    except InputError:
        return []
    return [
        CompletionItem(p.id, help=visible(p.title))
        for p in rules.policies
        if p.id.startswith(incomplete) and p.id == visible(p.id)
    ]


rules_option = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    envvar="RULEWRIGHT_RULES",
    callback=lambda _context, _option, named: named or rulebook_here(),
    help="Folder of the rulebook (default: `rules/cqc` in the present folder, else the shipped one for NHS trusts).",
)
policy_option = click.option(
    "--policy", shell_complete=complete_policies, help="The policy, by name."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, one line for each result."
)


def handled(command: Callable[..., int]) -> Callable[..., None]:
    """Bad input ends with its message and exit code 2, a refusing engine with 3, never with a
    traceback.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        if isinstance(sys.stdout, __import__("io").TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        try:
            code = command(*args, **kwargs)
        except click.ClickException:
            raise  # click adds the usage of the command to it
        except (Exception, KeyboardInterrupt) as error:
            code = code_after(error)
        sys.exit(code)

    return wrapped


def on_terminal() -> bool:
    """Whether a person reads the output as it comes."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def told_of_tables(before: Rulebook, rules: Path | None) -> None:
    """Print what an edit that was written leaves wrong in decision tables."""
    from rulewright.lint import new_in_tables

    found = new_in_tables(before, Rules(rules, to_mend=True).book)
    if found:
        say("written; `rulewright check` now finds:")
    for line in lines(found):
        say(f"  {line}")


def told_of_the_rest(left: Sequence[Problem], written: bool = True, dry: bool = False) -> None:
    """Print what is still wrong with a rulebook after an edit.

    `dry`: that was only tried, and whose difference is the output.
    """
    if left:
        say("written; still wrong:" if written and not dry else "still wrong:", err=dry)
    for line in lines(left):
        say(f"  {line}", err=dry)


def tell_broken(ledger: str, broken: Broken, as_json: bool = False) -> int:
    """Print what of a ledger is not as it was recorded; the exit code."""
    if as_json:
        from rulewright.ledger.records import Verified, report

        say_json(report(Verified(False, None, broken.entry or None, broken.what)))
    else:
        say(f"{ledger}: RW913 {broken}; {_meaning(broken)}", err=True)
    return DIFFERENT


def _meaning(broken: Broken) -> str:
    from rulewright.ledger.verification import NotAsPublished

    if isinstance(broken, NotAsPublished):
        return "the ledger is not as it was published, or the head is that of another ledger"
    return "the ledger is not as it was recorded"
