"""`rulewright suggest`: scenarios for the changes of rules that no scenario notices."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules

from .common import FINE, handled, json_option, policy_option, rules_option
from .defaults import shipped
from .endings import INTERRUPTED
from .mutate import progress_on_terminal
from .numbers import WholeNumber
from .outputs import YAML, form_of
from .terminal import say, say_json


@click.command("suggest", short_help="Write scenarios for edits that none would notice")
@click.argument("paths", nargs=-1, metavar="[SCENARIOS]...", type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option(
    "--rule",
    "only",
    multiple=True,
    metavar="PATTERN",
    help="Only for changes of these rules, such as `aggregation.*`.",
)
@click.option(
    "--uncovered",
    is_flag=True,
    help="For conditions and rules that `rulewright coverage` calls not covered instead.",
)
@click.option("--most", type=WholeNumber(min=1), help="Look at no more than so many changes.")
@click.option("--workers", type=WholeNumber(min=1), help="Processes (default: one for each core).")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write a new scenario file there."
)
@json_option
@handled
def command(
    paths: tuple[Path, ...],
    rules: Path | None,
    policy: str | None,
    only: tuple[str, ...],
    uncovered: bool,
    most: int | None,
    workers: int | None,
    output: Path | None,
    as_json: bool,
) -> int:
    """Write a scenario for each change of the rules that none of the SCENARIOS (default: the
    shipped ones) notices.

    What it expects is what the present rules give: a person confirms it, or corrects it.
    """
    from rulewright.editing.new_files import create_file, refuse_taken
    from rulewright.suggest.runner import as_file, suggest
    from rulewright.suggest.uncovered import suggest_for_holes
    from rulewright.testing.runner import load_scenarios

    if output is not None and as_json:
        raise click.UsageError(
            "`--json` is printed and `--output` writes a scenario file; give one of them"
        )
    if output is not None:
        refuse_taken(output, str(output))
        form_of(output, "file of scenarios", YAML)
    look = suggest_for_holes if uncovered else suggest
    book = Rules(rules)
    texts = load_scenarios(paths or (shipped("scenarios", book),))
    with progress_on_terminal() as progress:
        found = look(
            book,
            texts,
            policy=policy,
            only=only,
            most=most,
            workers=workers or 0,
            progress=progress,
        )
    if as_json:
        for each in found.suggestions:
            say_json(json.dumps(each.to_json(), ensure_ascii=False))
    elif output is not None and found.suggestions:
        create_file(output, ("\n".join(as_file(found)) + "\n").encode(), str(output))
        say(
            f"{_some(len(found.suggestions), 'scenario')} written to {output}: confirm or correct what each expects"
        )
    else:
        for line in as_file(found):
            say(line)
        if not found.suggestions and not found.without and not found.stopped:
            say(
                "nothing to suggest: all that can be covered is covered"
                if uncovered
                else "nothing to suggest: every change that could be told is noticed",
                err=True,
            )
    for what in found.without:
        say(f"no scenario found that tells it if {what}", err=True)
    if found.stopped:
        say(
            f"interrupted: {found.looked} of {_some(found.asked, 'change')} looked at"
            if found.asked
            else "interrupted before the first change was looked at",
            err=True,
        )
        return INTERRUPTED
    return FINE


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
