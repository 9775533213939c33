"""`rulewright new`: a policy, a rule, a case or a scenario to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.language.errors import NOWHERE, InputError, Problem
from rulewright.language.text import slug
from rulewright.language.types import show_date
from rulewright.workbench import Rules

from .common import FINE, complete_policies, handled, policy_option, rules_option

if TYPE_CHECKING:
    from rulewright.editing.making import New

_out_option = click.option("-o", "--output", type=click.Path(path_type=Path), help="The file (default: NAME.yaml in the present folder).")


@click.group("new")
def command() -> None:
    """Begin a policy, a rule, a case or a scenario: a file with every field explained."""


@command.command("policy")
@click.argument("name")
@click.option("--amends", required=True, shell_complete=complete_policies, help="The policy that it changes.")
@click.option("--title", default="", help="Its title.")
@rules_option
@handled
def new_policy(name: str, amends: str, title: str, rules: Path | None) -> int:
    """Begin the policy NAME, an amendment of another one."""
    from rulewright.editing import making

    return _written(making.new_policy(Rules(rules).book, name, amends, title))


@command.command("rule")
@click.argument("name", metavar="ID")
@click.option("--of", required=True, help="Of what it speaks, such as `key question of a service`.")
@click.option("--part", default="", help="The part of the rulebook that it goes into (default: one named for its id).")
@rules_option
@handled
def new_rule(name: str, of: str, part: str, rules: Path | None) -> int:
    """Begin the rule ID at the end of a part of the rulebook, or in a new part."""
    from rulewright.editing import making

    rulebook = Rules(rules)
    policy = next((each for each in rulebook.policies if each.status == "in force"), rulebook.policies[0])
    return _written(making.new_rule(rulebook.book, rulebook.program(policy.id), name, of, part))


@command.command("scenario")
@click.argument("name")
@policy_option
@_out_option
@rules_option
@handled
def new_scenario(name: str, policy: str | None, output: Path | None, rules: Path | None) -> int:
    """Begin the scenario NAME: a case and what must come out of it."""
    return _case(name, policy, output, rules, expects=True)


@command.command("case")
@click.argument("name")
@policy_option
@_out_option
@rules_option
@handled
def new_case(name: str, policy: str | None, output: Path | None, rules: Path | None) -> int:
    """Begin the case NAME."""
    return _case(name, policy, output, rules, expects=False)


def _case(name: str, policy: str | None, output: Path | None, rules: Path | None, expects: bool) -> int:
    from rulewright.editing import making

    rulebook = Rules(rules)
    name = " ".join(name.split())
    file = output or Path(f"{slug(name)}.yaml")
    if not slug(name) or not name.isprintable() or (output is not None and output.suffix not in (".yaml", ".yml")):
        raise InputError(Problem(NOWHERE, "RW431", f"`{output if slug(name) else name}` cannot be the name of a case's file",
                                 "name it with letters and digits, and let the file end in `.yaml`"))  # fmt: skip
    in_force = [each for each in rulebook.policies if each.status == "in force"] or rulebook.policies
    chosen = policy or in_force[-1].id
    rulebook.choose(chosen)
    dated = next((each for each in rulebook.policies if each.id == chosen and each.dated), in_force[-1])
    day = dated.since or (dated.until or 738946) - 1  # the first day of the policy, or else the last one
    by_date = policy is None and dated.dated and in_force[-1].status != "proposed"
    where = f" --rules {rulebook.shown}" if rules is not None else ""
    text = making.new_case(rulebook.program(chosen).vocabulary, name, "" if by_date else chosen, show_date(day), expects)
    trial = f"rulewright {'test' if expects else 'run'} {file.as_posix()}{where}"
    return _written(making.New(file, file.as_posix(), None, text, f"fill it in, and try it: `{trial}`"))


def _written(new: New) -> int:
    new.write()
    click.echo(f"{'wrote' if new.before is None else 'added to'} {new.shown}")
    click.echo(f"next: {new.next}")
    return FINE
