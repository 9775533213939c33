"""`rulewright words`: the words of the vocabulary, and which rules read and give them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json


@click.command("words", short_help="List the vocabulary of a policy")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@policy_option
@rules_option
@json_option
@handled
def command(words: tuple[str, ...], policy: str | None, rules: Path | None, as_json: bool) -> int:
    """List the words of a policy's vocabulary, or show those in which all of the WORDS occur, with
    the rules that read them.
    """
    from rulewright.explain.page import table_lines
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.record import as_record
    from rulewright.handbook.words import in_a_row, in_lines
    from rulewright.handbook.words import words as look_up

    book = Rules(rules)
    found = look_up(book.program(policy_meant(book, policy)), words)
    if as_json:
        for each in found:
            say_json(json.dumps(as_record(each), ensure_ascii=False))
    elif not found:
        say("no word is called that")
    elif words:
        say(*(line for each in found for line in in_lines(each)))
    else:
        say(
            *table_lines(
                ["word", "what", "of", "values", "unless stated"], list(map(in_a_row, found))
            )
        )
    return FINE
