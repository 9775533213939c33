"""`rulewright report`: one decision as a page for a board or a court."""

from __future__ import annotations

from pathlib import Path

import click

from rulewright.language.errors import InputError, Place, Problem
from rulewright.workbench import Rules, cases

from .asking import date_option, set_option, settings_of
from .common import FINE, handled, policy_option, rules_option


@click.command("report")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The page to write (`.html` or `.md`).")
@rules_option
@policy_option
@date_option
@set_option
@handled
def command(file: Path, output: Path, rules: Path | None, policy: str | None, as_at: str | None, settings: tuple[str, ...]) -> int:
    """Write the report on the decision of CASE: the rating, why, what stood in the way, what it hinges on."""
    from rulewright.pages.html import html

    if output.suffix != ".html":
        raise InputError(Problem(Place(""), "RW641", f"`{output}` is not the name of a page", "let it end in `.html`"))
    found = cases(file)
    if len(found) != 1:
        raise InputError(Problem(Place(str(file)), "RW623", f"`{file}` holds {len(found)} cases, and a report is on one",
                                 "put the case into a file of its own"))  # fmt: skip
    book = Rules(rules)
    answered = book.answer(found[0], policy=policy, as_at=as_at, set=settings_of(settings))
    output.write_text(html(book.report(answered)), "utf-8")
    click.echo(f"wrote {output}")
    return FINE
