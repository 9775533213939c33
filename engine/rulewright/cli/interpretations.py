"""`rulewright interpretations`: what a policy rests on where the text does not decide."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json, say_text

MARKS = ("published", "reported", "from data", "assumed")


@click.command("interpretations", short_help="Show the interpretations that a policy rests on")
@click.argument("name", required=False, metavar="[ID]")
@policy_option
@rules_option
@click.option("--mark", type=click.Choice(MARKS), help="Only those with this mark.")
@json_option
@handled
def command(
    name: str | None, policy: str | None, rules: Path | None, mark: str | None, as_json: bool
) -> int:
    """Show the interpretations of a policy, or the one called ID: what is assumed, why, other
    readings, what rests on it.
    """
    from rulewright.documents.markdown import as_markdown
    from rulewright.handbook.cache import handbook
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.entry_cards import Cards, interpretation_card
    from rulewright.handbook.record import as_record

    book = Rules(rules)
    shown = handbook(book, policy_meant(book, policy))
    known = [each.id for each in shown.interpretations]
    if name is not None and name not in known:
        near = nearest(name, known) or "`rulewright interpretations` lists them"
        raise InputError(
            Problem(
                Place(""), "RW612", f"there is no interpretation `{name}` in `{shown.policy}`", near
            )
        )
    found = [
        each
        for each in shown.interpretations
        if name in (None, each.id) and mark in (None, each.mark)
    ]
    for number, each in enumerate(found):
        if as_json:
            say_json(json.dumps(as_record(each), ensure_ascii=False))
        else:
            say_text(
                ("\n" if number else "")
                + as_markdown([interpretation_card(Cards({}, ()), each)], level=1)
            )
    if not found and not as_json:
        say("there are none")
    return FINE
