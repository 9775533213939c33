"""`rulewright report`: one decision as a page for a board or a court."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules, cases

from .answers import date_option, set_option, settings_of
from .common import FINE, handled, policy_option, rules_option, tell_broken
from .ledger_options import tell_otherwise
from .numbers import WholeNumber
from .outputs import refuse_no_page, write_output

if TYPE_CHECKING:
    from rulewright.documents.document import Page


@click.command("report", short_help="Write the report on a decision as a page")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.option(
    "--entry",
    metavar="N",
    type=WholeNumber(1, 2**63 - 1),
    help="CASE is a ledger: report on this entry, as it was recorded.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The page to write (`.html`).",
)
@rules_option
@policy_option
@date_option
@set_option
@handled
def command(
    file: Path,
    entry: int | None,
    output: Path,
    rules: Path | None,
    policy: str | None,
    as_at: str | None,
    settings: tuple[str, ...],
) -> int:
    """Write the report on the decision of CASE: the rating, why, what stood in the way, what it
    hinges on.
    """
    from rulewright.documents.html import html

    refuse_no_page(output)
    if output.resolve() == file.resolve():
        raise InputError(
            Problem(
                Place(str(output)),
                "RW438",
                f"`{output}` is not replaced: it is what the report is on",
                "write to another file",
            )
        )
    changes = settings_of(settings)
    if entry is None:
        document = _of_a_case(file, rules, policy, as_at, changes)
    elif policy or as_at or changes:
        raise InputError(
            Problem(
                Place(""),
                "RW642",
                "an entry has its own policy, date and parameters",
                "leave the other options out",
            )
        )
    else:
        found = _of_an_entry(file, entry, Rules(rules) if _named("rules") else None)
        if isinstance(found, int):
            return found
        document = found
    write_output(output, html(document))
    return FINE


def _named(option: str) -> bool:
    """Whether somebody wrote the option; the environment may name a rulebook for other commands."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _of_a_case(
    file: Path, rules: Path | None, policy: str | None, as_at: str | None, changes: dict[str, str]
) -> Page:
    found = cases(file)
    if len(found) != 1:
        raise InputError(
            Problem(
                Place(str(file)),
                "RW623",
                f"`{file}` holds {len(found)} cases, and a report is on one",
                "put the case into a file of its own",
            )
        )
    book = Rules(rules)
    return book.report(book.answer(found[0], policy=policy, as_at=as_at, set=changes))


def _of_an_entry(file: Path, number: int, rules: Rules | None) -> Page | int:
    """The report on an entry; the exit code where the ledger is not as it was recorded, or the
    decision comes out otherwise.
    """
    from rulewright.ledger import Broken, Ledger
    from rulewright.ledger.entry_report import report_on

    with Ledger.open(file, append=False) as ledger:
        try:
            return report_on(ledger, number, rules)
        except Broken as broken:
            return tell_broken(ledger.shown, broken)
        except InputError as error:
            return tell_otherwise(error)
