"""`rulewright mutate`: would the scenarios notice a wrong edit of the rules?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.workbench import Rules

from .common import DIFFERENT, FINE, handled, policy_option, rules_option
from .defaults import shipped
from .endings import INTERRUPTED
from .numbers import ANY_WHOLE_NUMBER, BoundedNumber, WholeNumber
from .terminal import console, say, say_json

if TYPE_CHECKING:
    from rulewright.mutation.record import Mutation
    from rulewright.mutation.runner import Progress


@click.command("mutate", short_help="Find wrong edits that no scenario would notice")
@click.argument("paths", nargs=-1, metavar="[SCENARIOS]...", type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option(
    "--rule",
    "only",
    multiple=True,
    metavar="PATTERN",
    help="Only mutants of these rules, such as `aggregation.*`.",
)
@click.option("--sample", type=WholeNumber(min=1), help="Only so many mutants, chosen by the seed.")
@click.option("--seed", type=ANY_WHOLE_NUMBER, default=0, show_default=True, help="Which sample.")
@click.option("--workers", type=WholeNumber(min=1), help="Processes (default: one for each core).")
@click.option(
    "--search",
    "searching",
    is_flag=True,
    help="Look for a case that tells each one that is undecided.",
)
@click.option("--readings", is_flag=True, help="Also change what other readings alone say.")
@click.option(
    "--fail-under",
    type=BoundedNumber(0, 100),
    help="Exit with 1 when fewer per cent of the mutants are noticed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document with every mutant.")
@handled
def command(
    paths: tuple[Path, ...],
    rules: Path | None,
    policy: str | None,
    only: tuple[str, ...],
    sample: int | None,
    seed: int,
    workers: int | None,
    searching: bool,
    readings: bool,
    fail_under: float | None,
    as_json: bool,
) -> int:
    """Change one thing in the rules at a time, and tell which changes none of the SCENARIOS
    (default: the shipped ones) notices.
    """
    from rulewright.mutation.render import lines
    from rulewright.mutation.runner import mutate
    from rulewright.suggest.runner import search
    from rulewright.testing.runner import load_scenarios

    book = Rules(rules)
    texts = load_scenarios(paths or (shipped("scenarios", book),))
    with progress_on_terminal() as progress:
        found = mutate(
            book,
            texts,
            policy=policy,
            only=only,
            sample=sample,
            seed=seed,
            workers=workers or 0,
            progress=progress,
            search=search if searching else None,
            readings=readings,
        )
    if as_json:
        say_json(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        for line in lines(found):
            say(line)
    if found.stopped:
        return INTERRUPTED
    short = _short_of(found, fail_under) if fail_under is not None else ""
    if short:
        say(short, err=True)
    return DIFFERENT if short else FINE


def _short_of(found: Mutation, fail_under: float) -> str:
    """Why the scenarios do not pass: a gate never passes on nothing."""
    if found.not_run:
        named = ", ".join(f"`{each}`" for each in found.not_run)
        how = (
            f"write `policy: {found.not_run[0]}` in one"
            if len(found.not_run) == 1
            else "write `policy: NAME` in one for each"
        )
        return f"no scenario is written for {named} ({how}), so nothing holds {'them' if len(found.not_run) > 1 else 'it'} to account"
    if found.score is None:
        return "no mutant counts, so there is no score"
    return (
        f"noticed are {found.score:.1f} %, less than {fail_under:g} %"
        if found.score < fail_under
        else ""
    )


@contextmanager
def progress_on_terminal() -> Iterator[Progress | None]:
    """How far it is, where a person waits for it."""
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress as Bar

    with Bar(console=console(err=True), transient=True) as bar:
        task = bar.add_task("mutants", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
