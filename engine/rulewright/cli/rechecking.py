"""`rulewright ledger recheck`: recorded cases under today's rulebook."""

from __future__ import annotations

from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import DIFFERENT, FINE, handled, json_option, rules_option
from .opening import entry_option, ledger_argument, open_ledger, told_where_broken
from .terminal import say, say_json


@click.command("recheck")
@ledger_argument
@entry_option
@rules_option
@json_option
@handled
@told_where_broken
def recheck(ledger: Path, numbers: tuple[int, ...], rules: Path | None, as_json: bool) -> int:
    """Decide recorded cases under today's rulebook.

    Each falls into one of three piles: the same, different, cannot be answered any more. Each stored program is compared with the sealed
    policy of that name.
    """
    from rulewright.ledger import rechecking
    from rulewright.ledger.piles import piles
    from rulewright.ledger.reports import report

    with open_ledger(ledger) as opened:
        book = Rules(rules)
        cases = list(rechecking.recheck(opened, book, numbers or None))
        programs = list(rechecking.recheck_programs(opened, book, numbers or None))
    if as_json:
        for each in (*cases, *programs):
            say_json(report(each))
    else:
        say(*piles(cases, programs))
    same = all(each.verdict == "same" for each in cases) and not any(each.differs for each in programs)
    return FINE if same else DIFFERENT
