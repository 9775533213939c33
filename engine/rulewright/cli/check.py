"""`rulewright check`: is the rulebook sound?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.syntax.errors import InputError, Problem, few, lines
from rulewright.syntax.shipped import data_folder
from rulewright.workbench import Rules

from .common import FINE, WRONG_INPUT, handled, json_option, rules_option
from .terminal import say, say_json


@click.command("check", short_help="Check a rulebook for errors and doubtful rules")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@rules_option
@json_option
@click.option(
    "--properties",
    "properties",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Ask these properties of amendments (default: the shipped ones, those beside RULES).",
)
@handled
def command(
    folder: Path | None, rules: Path | None, properties: tuple[Path, ...], as_json: bool
) -> int:
    """Read the rulebook in FOLDER and report every error, and what is suspicious.

    An amendment that breaks a property of the policy that it amends, such as that better facts
    never give a worse rating, is among it.
    """
    from rulewright.lint import check
    from rulewright.lint.checks import compile_all
    from rulewright.properties.amendments import check_amendments

    found: list[Problem] = []
    try:
        book = Rules(folder or rules)
        found = check(book.book)
        if all(each.severity != "error" for each in found):
            looked = check_amendments(book, compile_all(book.book)[0], properties or beside(book))
            found = sorted({*found, *looked.problems, *looked.left_out})
    except InputError as error:
        found += error.problems
    errors = sum(1 for each in found if each.severity == "error")
    if as_json:
        for each in few(found):
            say_json(json.dumps(as_record(each), ensure_ascii=False))
    else:
        for line in lines(found):
            say(line)
        warnings = sum(1 for each in found if each.severity == "warning")
        say(f"{_some(errors, 'error')}, {_some(warnings, 'warning')}")
    return WRONG_INPUT if errors else FINE


def beside(rules: Rules) -> list[Path]:
    """Where properties of a rulebook may stand: the shipped ones, and a folder beside that of the
    rulebook or of all rulebooks.
    """
    root = rules.root.resolve()
    return [
        folder / "properties"
        for folder in dict.fromkeys((root.parent, root.parent.parent, data_folder()))
    ]


def as_record(problem: Problem) -> dict[str, object]:
    """A problem as JSON."""
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "help": problem.help,
        **({"more": problem.more} if problem.more else {}),
    }


def _some(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
