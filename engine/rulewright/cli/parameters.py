"""`rulewright parameters`: the parameters of a policy."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json


@click.command("parameters", short_help="List the parameters of a policy")
@policy_option
@rules_option
@json_option
@handled
def command(policy: str | None, rules: Path | None, as_json: bool) -> int:
    """List the parameters of a policy: value now, dates, meaning, source, and what a policy set
    otherwise.
    """
    from rulewright.explain.page import table_lines
    from rulewright.handbook.answers import parameter_row
    from rulewright.handbook.cache import handbook
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.record import as_record

    book = Rules(rules)
    found = handbook(book, policy_meant(book, policy)).parameters
    if as_json:
        for each in found:
            say_json(json.dumps({**as_record(each), "now": each.now}, ensure_ascii=False))
    elif found:
        columns = ["parameter", "value now", "by date", "meaning", "source", "set by a policy"]
        rows = [parameter_row(each) for each in found]
        used = [number for number in range(len(columns)) if any(row[number] for row in rows)]
        say(*table_lines([columns[i] for i in used], [[row[i] for i in used] for row in rows]))
    else:
        say("the policy has no parameters")
    return FINE
