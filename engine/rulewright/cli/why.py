"""`rulewright why`: why an attribute of a case has its value, at four lengths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .answers import answered_cases, date_option, set_option, settings_of
from .common import FINE, handled, policy_option, rules_option
from .terminal import say, say_json

if TYPE_CHECKING:
    from rulewright.explain.record import Explanation

LENGTHS = ("sentence", "page", "tree", "json")


@click.command("why", short_help="Explain why an attribute has its value")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("attribute", metavar="ATTRIBUTE")
@rules_option
@policy_option
@date_option
@set_option
@click.option(
    "--as",
    "length",
    type=click.Choice(LENGTHS),
    default="page",
    show_default=True,
    help="How much to tell, and how.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Also what did not lead to the value, at every step."
)
@handled
def command(
    file: Path,
    attribute: str,
    rules: Path | None,
    policy: str | None,
    as_at: str | None,
    settings: tuple[str, ...],
    length: str,
    everything: bool,
) -> int:
    """Tell why ATTRIBUTE of CASE has its value: by its name, or its path (`Maternity > safe`)."""
    from rulewright.explain.why import why

    told = 0
    for answered in answered_cases(file, rules, policy, as_at, settings_of(settings)):
        for each in why(answered, attribute, everything):
            if told and length in ("page", "tree"):
                say()
            told += 1
            _tell(each, length)
    return FINE


def _tell(explanation: Explanation, length: str) -> None:
    if length == "json":
        say_json(json.dumps(explanation.to_json(), ensure_ascii=False, separators=(",", ":")))
    elif length == "sentence":
        from rulewright.explain.sentences import stamped

        say(stamped(explanation))
    elif length == "tree":
        from rulewright.explain.branches import tree

        from .outcomes import write_branches

        for reason in explanation.asked.not_a_rating:
            say(f"NOT A RATING: {reason}")
        write_branches([tree(explanation.why)])
    else:
        from rulewright.explain.reasons_page import head, sections

        from .outcomes import write_page

        write_page(head(explanation), sections(explanation))
