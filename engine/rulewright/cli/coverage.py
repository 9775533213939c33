"""`rulewright coverage`: what do the scenarios cover of the rules?"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.language.errors import InputError, Place, Problem
from rulewright.workbench import Rules, data_folder

from .common import DIFFERENT, FINE, handled, json_option, policy_option, rules_option
from .numbers import Number

if TYPE_CHECKING:
    from rulewright.scenarios.coverage import Coverage


@click.command("coverage")
@click.argument("paths", nargs=-1, metavar="[SCENARIOS]...", type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option("--undecided", is_flag=True, help="Ask that each condition is undecided somewhere, too.")
@click.option("--fail-under", metavar="PERCENT", type=Number(0, 100), help="Exit with 1 where less is covered.")
@click.option("--html", "page", metavar="FILE", type=click.Path(path_type=Path), help="Also write a page (`.html`).")
@json_option
@handled
def command(paths: tuple[Path, ...], rules: Path | None, policy: str | None, undecided: bool, fail_under: float | None,
            page: Path | None, as_json: bool) -> int:  # fmt: skip
    """Which rules and conditions do the SCENARIOS (files or folders; default: the shipped ones) cover, and which not?"""
    from rulewright.language.filing import refuse_unwritable, write_whole
    from rulewright.pages.html import html
    from rulewright.scenarios.coverage import coverage, exceptions_in
    from rulewright.scenarios.coverage.page import page as as_page
    from rulewright.scenarios.coverage.words import text
    from rulewright.scenarios.testing import load_scenarios

    if page is not None and page.suffix != ".html":
        raise InputError(Problem(Place(""), "RW641", f"`{page}` is not the name of a page", "let it end in `.html`"))
    if page is not None:
        refuse_unwritable(page)
    named = paths or (data_folder() / "scenarios",)
    found = coverage(Rules(rules), load_scenarios(named), policy, exceptions_in(named), undecided)
    if page is not None:
        write_whole(page, html(as_page(found)).encode())
    click.echo(json.dumps(found.to_json(), ensure_ascii=False) if as_json else text(found))
    short = _short_of(found, Fraction(str(fail_under))) if fail_under is not None else ""
    if short:
        click.echo(short, err=True)
    return DIFFERENT if short else FINE


def _short_of(found: Coverage, fail_under: Fraction) -> str:
    """Why the scenarios do not pass: a gate never passes on nothing."""
    from rulewright.scenarios.coverage.words import not_run, percent, shown_percent

    if found.not_run:
        return not_run(found)
    if not found.total.of:
        return "there is nothing to be covered, so there is no percentage"
    return f"covered is {percent(found.total)}, less than {shown_percent(fail_under)} %" if found.total.percent < fail_under else ""
