"""`rulewright table`: decision tables and cases as spreadsheets."""

from __future__ import annotations

from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, policy_option, rules_option, told_of_tables, told_of_the_rest
from .outputs import write_output
from .terminal import say

out_option = click.option(
    "-o", "--output", metavar="FILE", required=True, help="The file to write: `.csv` or `.xlsx`."
)


@click.group("table", short_help="Exchange decision tables with spreadsheets")
def command() -> None:
    """Decision tables as spreadsheets, there and back; empty workbooks for cases."""


@command.command("export", short_help="Write a decision table as a spreadsheet")
@click.argument("table")
@out_option
@policy_option
@rules_option
@handled
def export(table: str, output: str, policy: str | None, rules: Path | None) -> int:
    """Write TABLE as it is in its part, or under a policy, into a CSV file or a workbook."""
    from rulewright.tables.export import export_table

    data = export_table(Rules(rules), table, output, policy)
    write_output(Path(output), data)
    return FINE


@command.command("import", short_help="Take a decision table back from a spreadsheet")
@click.argument("file")
@click.argument("table")
@click.option(
    "--in",
    "into",
    metavar="FILE",
    help="A policy's file: the rows that changed become its amendment.",
)
@rules_option
@handled
def take(file: str, table: str, into: str | None, rules: Path | None) -> int:
    """Take the rows of TABLE from FILE (`.csv`, `.xlsx`, `.xlsx#SHEET`) into its part, or into a
    policy that amends.
    """
    from rulewright.tables.import_table import import_table

    own = Rules(rules, to_mend=True)
    before = own.book
    found = import_table(own, file, table, into)
    for row in found.rows:
        say(row)
    say(
        f"wrote {found.file}"
        if found.file
        else f"nothing to change: {file} holds the rows of {table} as they are"
    )
    if not found.checked:
        say(f"note: no policy has the table {table}, so its cells were not read")
    elif found.file:
        told_of_tables(before, rules)
        told_of_the_rest(found.left)
    return FINE


@command.command("template", short_help="Write an empty workbook for a case")
@click.option(
    "-o", "--output", metavar="FILE", required=True, help="The workbook to write (`.xlsx`)."
)
@policy_option
@rules_option
@handled
def template(output: str, policy: str | None, rules: Path | None) -> int:
    """Write an empty workbook for a case: a sheet for each kind of thing, with the values to choose
    from.
    """
    from rulewright.syntax.errors import InputError, Place, Problem
    from rulewright.tables.case_template import template as made

    if not output.lower().endswith(".xlsx"):
        raise InputError(
            Problem(
                Place(output),
                "RW606",
                f"`{output}` is not a workbook",
                "give it a name that ends in `.xlsx`",
            )
        )
    write_output(Path(output), made(Rules(rules), policy))
    return FINE
