"""`rulewright new`: a policy, a rule, a case or a scenario to begin with."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules, shown_path

from .common import FINE, complete_policies, handled, policy_option, rules_option, told_of_the_rest
from .defaults import rulebook_here
from .terminal import say

if TYPE_CHECKING:
    from rulewright.editing.new_file import New
    from rulewright.ir.program import Program

_out_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file (default: NAME.yaml in the present folder).",
)


@click.group("new", short_help="Begin a policy, a rule, a case or a scenario")
def command() -> None:
    """Begin a policy, a rule, a case or a scenario: a file with every field explained."""


@command.command("policy", short_help="Begin a policy that amends another")
@click.argument("name")
@click.option(
    "--amends", required=True, shell_complete=complete_policies, help="The policy that it changes."
)
@click.option("--title", default="", help="Its title.")
@rules_option
@handled
def begin_policy(name: str, amends: str, title: str, rules: Path | None) -> int:
    """Begin the policy NAME, an amendment of another one."""
    from rulewright.editing.new_policy import new_policy

    return _written(new_policy(Rules(rules, to_mend=True).book, name, amends, title, _where(rules)))


@command.command("rule", short_help="Begin a rule in a part of the rulebook")
@click.argument("name", metavar="ID")
@click.option("--of", required=True, help="Of what it speaks, such as `key question of a service`.")
@click.option(
    "--part",
    default="",
    help="The part of the rulebook that it goes into (default: one named for its id).",
)
@rules_option
@handled
def begin_rule(name: str, of: str, part: str, rules: Path | None) -> int:
    """Begin the rule ID at the end of a part of the rulebook, or in a new part."""
    from rulewright.editing.new_rule import new_rule

    rulebook = Rules(rules, to_mend=True)
    return _written(new_rule(rulebook.book, _program(rulebook), name, of, part, _where(rules)))


@command.command("scenario", short_help="Begin a scenario")
@click.argument("name")
@policy_option
@_out_option
@rules_option
@handled
def begin_scenario(name: str, policy: str | None, output: Path | None, rules: Path | None) -> int:
    """Begin the scenario NAME: a case and what must come out of it."""
    return _case(name, policy, output, rules, expects=True)


@command.command("case", short_help="Begin a case")
@click.argument("name")
@policy_option
@_out_option
@rules_option
@handled
def begin_case(name: str, policy: str | None, output: Path | None, rules: Path | None) -> int:
    """Begin the case NAME."""
    return _case(name, policy, output, rules, expects=False)


def _case(
    name: str, policy: str | None, output: Path | None, rules: Path | None, expects: bool
) -> int:
    from rulewright.editing.new_case import new_case

    rulebook = Rules(rules)
    chosen = rulebook.choose(policy).policy if policy is not None else _in_force(rulebook)
    return _written(
        new_case(
            rulebook.program(chosen),
            rulebook.policies,
            name,
            policy is not None,
            output,
            expects,
            _where(rules),
        )
    )


def _where(rules: Path | None) -> str:
    """The option that the next command needs to find the same rulebook."""
    default = None if "RULEWRIGHT_RULES" in os.environ else rulebook_here()
    return "" if rules is None or rules == default else f" --rules {shlex.quote(shown_path(rules))}"


def _in_force(rulebook: Rules) -> str:
    """The last policy in force; where none is, the last that was, or else the last one."""
    return next(_nearest_first(rulebook))


def _nearest_first(rulebook: Rules) -> Iterator[str]:
    """The policies: those in force, then those that were, then those proposed, and of each the last
    one first.
    """
    for status in ("in force", "superseded", "proposed"):
        yield from (each.id for each in reversed(rulebook.policies) if each.status == status)


def _program(rulebook: Rules) -> Program:
    """The program of the first of these policies that can be used.

    Raises `InputError` where none can.
    """
    problems = list(rulebook.book.unread)
    for each in _nearest_first(rulebook):
        try:
            return rulebook.program(each)
        except InputError as error:
            problems += error.problems
    raise InputError(problems)


def _written(new: New) -> int:
    new.write()
    say(f"{'wrote' if new.before is None else 'added to'} {new.shown}")
    say(f"next: {new.next}")
    told_of_the_rest(new.left)
    return FINE
