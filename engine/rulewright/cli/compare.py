"""`rulewright compare`: what changed between two policies, rulebooks or revisions, what it does to
cases, and which change did it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.engines.registry import BOTH, EVALUATOR
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.errors import lines as told

from .common import DIFFERENT, FINE, handled, json_option, policy_option, rules_option
from .defaults import is_shipped, shipped
from .outputs import YAML, form_of, refuse_no_page, write_output, wrote
from .terminal import say, say_json

if TYPE_CHECKING:
    from rulewright.compare.record import Comparison


@click.command("compare", short_help="Compare two policies, rulebooks or revisions")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@rules_option
@policy_option
@click.option(
    "--cases",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file or folder of cases (default: the shipped scenarios); may be repeated.",
)
@click.option(
    "--intended",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The differences that are intended; any other ends in exit code 1.",
)
@click.option(
    "--write-intended",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write a draft of such a file; an old one is not replaced.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the comparison as one page, for a board.",
)
@click.option(
    "--engine",
    type=click.Choice((EVALUATOR.shown, BOTH)),
    default=EVALUATOR.shown,
    show_default=True,
    help="Which engine answers; `both` are cross-checked.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Show every field of every change, and every difference.",
)
@json_option
@handled
def command(
    old: str,
    new: str,
    rules: Path | None,
    policy: str | None,
    files: tuple[Path, ...],
    intended: Path | None,
    write_intended: Path | None,
    page: Path | None,
    engine: str,
    everything: bool,
    as_json: bool,
) -> int:
    """Compare OLD with NEW: two policies, two folders of rulebooks, or two git revisions (`REV` or
    `REV:FOLDER`).
    """
    from rulewright.compare.approvals import draft, held_against, load_intended
    from rulewright.compare.comparison import compare
    from rulewright.compare.sides import sides
    from rulewright.syntax.file_writer import write_new
    from rulewright.testing.runner import load_scenarios

    _check_outputs(page, write_intended)
    lines = load_intended(intended) if intended is not None else None
    texts = load_scenarios(files) if files else []
    with sides(old, new, rules, policy) as (one, other):
        if not files:
            # an old revision may lack a policy of today
            newest = one.rules if is_shipped(one.rules) else other.rules
            texts = load_scenarios([shipped("scenarios", newest, "name cases with `--cases`")])
        found = compare(one, other, texts, engine)
    missed: list[Problem] = []
    if lines is not None:
        found, missed = held_against(found, lines)
    if write_intended is not None:
        write_new(write_intended, draft(found).encode())
    _show(found, page, everything, as_json)
    if write_intended is not None:
        wrote(write_intended, as_json)
    for line in told(missed):
        say(line, err=True)
    if lines is None:
        return DIFFERENT if found.differs else FINE
    return DIFFERENT if missed or found.counts.not_intended else FINE


def _check_outputs(page: Path | None, write_intended: Path | None) -> None:
    """Before anything takes time. Raises `InputError` (RW438, RW641, RW835)."""
    from rulewright.syntax.file_writer import refuse_unwritable

    if (
        page is not None
        and write_intended is not None
        and page.resolve() == write_intended.resolve()
    ):
        raise InputError(
            Problem(
                Place(str(page)),
                "RW438",
                f"`{page}` cannot be both the page and the draft",
                "name two files",
            )
        )
    if page is not None:
        refuse_no_page(page)
    if write_intended is not None:
        refuse_unwritable(write_intended)
        form_of(write_intended, "draft of intended differences", YAML)
    if write_intended is not None and write_intended.exists():
        raise InputError(
            Problem(
                Place(str(write_intended)),
                "RW835",
                f"`{write_intended}` is there already",
                "a draft never replaces a file, which may hold reasons; name another one",
            )
        )


def _show(found: Comparison, page: Path | None, everything: bool, as_json: bool) -> None:
    from rulewright.compare.text_report import lines

    if as_json:
        say_json(json.dumps(found.to_json(), ensure_ascii=False, separators=(",", ":")))
    else:
        say(*lines(found, everything))
    if page is not None:
        from rulewright.compare.page import compose
        from rulewright.documents.html import html

        write_output(page, html(compose(found)), as_json)
