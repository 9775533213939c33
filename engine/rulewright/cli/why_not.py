"""`rulewright why-not`: why an attribute of a case does not have a value, and what could have given
it, nearest first.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from .answers import answered_cases, date_option, set_option, settings_of
from .common import FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json


@click.command("why-not", short_help="Explain why an attribute does not have another value")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("attribute", metavar="ATTRIBUTE")
@click.argument("value", metavar="VALUE")
@rules_option
@policy_option
@date_option
@set_option
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Follow every rule further down, not only the nearest.",
)
@json_option
@handled
def command(
    file: Path,
    attribute: str,
    value: str,
    rules: Path | None,
    policy: str | None,
    as_at: str | None,
    settings: tuple[str, ...],
    everything: bool,
    as_json: bool,
) -> int:
    """Tell why ATTRIBUTE of CASE does not have VALUE: what could have given it, and what kept that
    from it.
    """
    from rulewright.explain.why_not import why_not
    from rulewright.explain.why_not.page import head, sections

    from .outcomes import write_page

    told = 0
    for answered in answered_cases(file, rules, policy, as_at, settings_of(settings)):
        for each in why_not(answered, attribute, value, everything):
            if as_json:
                say_json(json.dumps(each.to_json(), ensure_ascii=False, separators=(",", ":")))
                continue
            if told:
                say()
            told += 1
            write_page(head(each), sections(each, everything))
    return FINE
