"""`rulewright policies`: which policies there are."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, rules_option
from .terminal import say, say_json


@click.command("policies", short_help="List the policies")
@rules_option
@json_option
@handled
def command(rules: Path | None, as_json: bool) -> int:
    """List the policies of the rulebook: id, title, status, dates, what each amends, how many rules
    it has.
    """
    from rulewright.explain.page import table_lines
    from rulewright.handbook.answers import policy_rows
    from rulewright.handbook.counts import counts

    book = Rules(rules)
    rows = policy_rows(book.policies, counts(book))
    if as_json:
        for row in rows:
            say_json(
                json.dumps(
                    {name: each for name, each in row.items() if each not in ("", None)},
                    ensure_ascii=False,
                )
            )
        return FINE
    columns = ["id", "title", "status", "dates", "amends", "rules"]
    say(*table_lines(columns, [[str(row[name]) for name in columns] for row in rows]))
    return FINE
