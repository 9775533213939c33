"""`rulewright coverage`: what do the scenarios cover of the rules?"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.workbench import Rules

from .common import DIFFERENT, FINE, handled, json_option, policy_option, rules_option
from .defaults import shipped
from .numbers import BoundedNumber
from .outputs import refuse_no_page, write_output
from .terminal import say, say_json

if TYPE_CHECKING:
    from rulewright.coverage import Coverage


@click.command("coverage", short_help="Show which rules the scenarios cover")
@click.argument("paths", nargs=-1, metavar="[SCENARIOS]...", type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option(
    "--undecided", is_flag=True, help="Ask that each condition is undecided somewhere, too."
)
@click.option(
    "--fail-under",
    metavar="PERCENT",
    type=BoundedNumber(0, 100),
    help="Exit with 1 where less is covered.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write a page (`.html`).",
)
@json_option
@handled
def command(
    paths: tuple[Path, ...],
    rules: Path | None,
    policy: str | None,
    undecided: bool,
    fail_under: float | None,
    page: Path | None,
    as_json: bool,
) -> int:
    """Which rules and conditions do the SCENARIOS (files or folders; default: the shipped ones)
    cover, and which not?
    """
    from rulewright.coverage import coverage, exceptions_in
    from rulewright.coverage.page import page as as_page
    from rulewright.coverage.render import lines
    from rulewright.documents.html import html
    from rulewright.testing.runner import load_scenarios

    if page is not None:
        refuse_no_page(page)
    book = Rules(rules)
    named = paths or (shipped("scenarios", book),)
    found = coverage(book, load_scenarios(named), policy, exceptions_in(named), undecided)
    if as_json:
        say_json(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        say(*lines(found))
    if page is not None:
        write_output(page, html(as_page(found)), as_json)
    short = _short_of(found, Fraction(str(fail_under))) if fail_under is not None else ""
    if short:
        say(short, err=True)
    return DIFFERENT if short else FINE


def _short_of(found: Coverage, fail_under: Fraction) -> str:
    """Why the scenarios do not pass: a gate never passes on nothing."""
    from rulewright.coverage.render import not_run, percent, shown_percent

    if found.not_run:
        return not_run(found)
    if not found.total.of:
        return "there is nothing to be covered, so there is no percentage"
    return (
        f"covered is {percent(found.total)}, less than {shown_percent(fail_under)} %"
        if found.total.percent < fail_under
        else ""
    )
