"""`rulewright rule`: one rule in full, and how it stands to everything else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .defaults import belonging
from .terminal import say_json, say_text


@click.command("rule", short_help="Show one rule and everything connected with it")
@click.argument("name", metavar="ID")
@policy_option
@rules_option
@click.option(
    "--scenarios",
    type=click.Path(path_type=Path),
    help="Folder or file of scenarios (default: those of the shipped rulebook).",
)
@json_option
@handled
def command(
    name: str, policy: str | None, rules: Path | None, scenarios: Path | None, as_json: bool
) -> int:
    """Show a rule, table, row, principle, use, parameter or interpretation in full: by its ID, as
    trails show it.
    """
    from rulewright.documents.markdown import as_markdown
    from rulewright.handbook.answers import in_full
    from rulewright.handbook.cache import handbooks
    from rulewright.handbook.default import policy_meant
    from rulewright.handbook.firing_scenarios import firings, that_fire
    from rulewright.handbook.record import HandbookEntry, as_record
    from rulewright.handbook.search import find

    book = Rules(rules)
    chosen = policy_meant(book, policy)
    books = handbooks(book, chosen)
    found = find(books, chosen, name)
    if isinstance(found.card, HandbookEntry):
        scenarios = scenarios or belonging("scenarios", book)
        if scenarios is not None:
            found = replace(found, scenarios=that_fire(firings(book, [scenarios]), found.name))
    if as_json:
        say_json(json.dumps(as_record(found), ensure_ascii=False))
    else:
        say_text(as_markdown(in_full(books[chosen], found), level=1))
    return FINE
