"""`rulewright check`: is the rulebook sound?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.language.errors import InputError, Problem
from rulewright.workbench import Rules

from .common import FINE, WRONG_INPUT, handled, json_option, rules_option


@click.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@rules_option
@json_option
@handled
def command(folder: Path | None, rules: Path | None, as_json: bool) -> int:
    """Read the rulebook in FOLDER and report every error, and what is suspicious."""
    from rulewright.checks import check

    try:
        book = Rules(folder or rules)
        found: list[Problem] = check(book.book)
    except InputError as error:
        found = list(error.problems)
    errors = sum(1 for each in found if each.severity == "error")
    if as_json:
        for each in found:
            click.echo(json.dumps(as_record(each), ensure_ascii=False))
    else:
        for each in found:
            click.echo(str(each))
        warnings = len(found) - errors
        click.echo(f"{_some(errors, 'error')}, {_some(warnings, 'warning')}")
    return WRONG_INPUT if errors else FINE


def as_record(problem: Problem) -> dict[str, object]:
    """A problem as JSON."""
    return {"file": problem.place.file, "line": problem.place.line, "column": problem.place.column, "code": problem.code,
            "severity": problem.severity, "message": problem.message, "help": problem.help}  # fmt: skip


def _some(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
