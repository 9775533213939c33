"""`rulewright ledger recheck`: recorded cases under today's rulebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

import click

from rulewright.workbench import Rules

from .common import DIFFERENT, FINE, handled, json_option, rules_option
from .ledger_options import entry_option, ledger_argument, open_ledger, told_where_broken
from .terminal import say, say_json

T = TypeVar("T")


@click.command("recheck", short_help="Decide recorded cases under today's rulebook")
@ledger_argument
@entry_option
@rules_option
@json_option
@handled
@told_where_broken
def recheck(ledger: Path, numbers: tuple[int, ...], rules: Path | None, as_json: bool) -> int:
    """Decide recorded cases under today's rulebook.

    Each falls into one of three piles: the same, different, cannot be answered any more. Each
    stored program is compared with the sealed policy of that name.
    """
    from rulewright.ledger.recheck import recheck, recheck_programs
    from rulewright.ledger.recheck_report import piles
    from rulewright.ledger.records import report

    same = True

    def noted(found: Iterable[T], differs: Callable[[T], bool]) -> Iterator[T]:
        nonlocal same
        for each in found:
            same = same and not differs(each)
            yield each

    with open_ledger(ledger) as opened:
        book = Rules(rules)
        cases = noted(recheck(opened, book, numbers or None), lambda each: each.verdict != "same")
        programs = noted(recheck_programs(opened, book, numbers or None), lambda each: each.differs)
        for line in map(report, chain(cases, programs)) if as_json else piles(cases, programs):
            (say_json if as_json else say)(line)
    return FINE if same else DIFFERENT
