"""`rulewright sources`: from documents to rules, and from rules to documents."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json


@click.command("sources", short_help="Show which rules follow from which paragraphs")
@click.argument("document", required=False)
@policy_option
@rules_option
@json_option
@handled
def command(document: str | None, policy: str | None, rules: Path | None, as_json: bool) -> int:
    """Show what became of each paragraph of the documents (or of DOCUMENT), and where each rule
    comes from.
    """
    from rulewright.handbook import answers, sources
    from rulewright.handbook.cache import handbook
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.record import as_record

    book = Rules(rules)
    shown = handbook(book, policy_meant(book, policy))
    mapped = sources.documents(shown, document)
    cited = [
        each
        for each in sources.rules(shown)
        if document is None or any(one.document == document for one in each.citations)
    ]
    if as_json:
        for one in (*mapped, *cited):
            say_json(json.dumps(as_record(one), ensure_ascii=False))
        return FINE
    for number, each in enumerate(mapped):
        say(*([""] if number else []), *answers.document_lines(each))
    say("", "rules and their sources")
    for entry in cited:
        say(f"  {answers.sourced_line(entry)}")
    return FINE
