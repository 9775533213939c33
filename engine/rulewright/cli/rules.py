"""`rulewright rules`: the rules of a policy, one a line."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json


@click.command("rules", short_help="List the rules of a policy")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@policy_option
@rules_option
@json_option
@handled
def command(words: tuple[str, ...], policy: str | None, rules: Path | None, as_json: bool) -> int:
    """List the rules of a policy (default: the one in force), or those in which all of the WORDS
    occur.
    """
    from rulewright.explain.page import table_lines
    from rulewright.handbook.answers import marks, matching
    from rulewright.handbook.cache import handbook
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.record import as_record

    book = Rules(rules)
    found = matching(handbook(book, policy_meant(book, policy)), words)
    if as_json:
        for each, _ in found:
            say_json(json.dumps(as_record(each), ensure_ascii=False))
    elif found:
        rows = [[each.id, each.about, each.of, marks(cited)] for each, cited in found]
        say(*table_lines(["id", "about", "of", "source"], rows))
    else:
        say("no rule says that; `rulewright words` looks for words of the vocabulary")
    return FINE
