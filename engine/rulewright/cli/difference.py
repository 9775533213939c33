"""`rulewright difference`: two outcomes side by side, and where they part."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules, cases

from .answers import date_option, settings_of
from .common import DIFFERENT, FINE, handled, json_option, policy_option, rules_option
from .terminal import say, say_json


@click.command("difference", short_help="Show how the outcomes of two cases differ")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("other_file", metavar="[OTHER]", required=False, type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option(
    "--against-policy",
    metavar="POLICY",
    help="The policy of the other outcome (default: as for the first).",
)
@date_option
@click.option("--against-as-at", metavar="DATE", help="The date of the other decision.")
@click.option(
    "--against-set",
    "settings",
    multiple=True,
    metavar="PARAMETER=VALUE",
    help="Change a parameter for the other outcome.",
)
@click.option("--only", metavar="ATTRIBUTE", help="Compare one attribute: its name, or its path.")
@click.option("--all", "everything", is_flag=True, help="List everything, however much it is.")
@json_option
@handled
def command(
    file: Path,
    other_file: Path | None,
    rules: Path | None,
    policy: str | None,
    against_policy: str | None,
    as_at: str | None,
    against_as_at: str | None,
    settings: tuple[str, ...],
    only: str | None,
    everything: bool,
    as_json: bool,
) -> int:
    """Compare the outcome of CASE with that of the case OTHER, or with its own under another
    policy, date or parameter.
    """
    from rulewright.explain.difference import difference
    from rulewright.explain.difference.side_by_side import side_by_side

    if other_file is None and against_policy is None and against_as_at is None and not settings:
        raise InputError(
            Problem(
                Place(""),
                "RW622",
                "there is nothing to compare with",
                "name a second case, or use `--against-policy`, `--against-as-at` or `--against-set`",
            )
        )
    changes = settings_of(settings)
    book = Rules(rules)
    one_case = _single(file)
    other_case = one_case if other_file is None else _single(other_file)
    one = book.answer(one_case, policy=policy, as_at=as_at)
    other = book.answer(
        other_case, policy=against_policy or policy, as_at=against_as_at or as_at, set=changes
    )
    found = difference(one, other, only)
    if as_json:
        say_json(json.dumps(found.to_json(), ensure_ascii=False, separators=(",", ":")))
    else:
        say(*side_by_side(found, everything))
    return DIFFERENT if found.differs else FINE


def _single(file: Path) -> CaseText:
    found = cases(file)
    if len(found) != 1:
        raise InputError(
            Problem(
                Place(str(file)),
                "RW623",
                f"`{file}` holds {len(found)} cases, and one is compared with one",
                "put the case into a file of its own",
            )
        )
    return found[0]
