"""`rulewright test`: do the scenarios hold?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulewright.engines.registry import BOTH, CHOICES
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules

from .common import handled, json_option, policy_option, rules_option
from .defaults import shipped
from .numbers import WholeNumber
from .outputs import form_of
from .terminal import console, say, say_text

if TYPE_CHECKING:
    from rulewright.testing.reports import SuiteReport
    from rulewright.testing.tally import Tally
    from rulewright.testing.verdict import Verdict

_SOURCES = (
    ".yaml",
    ".yml",
    ".csv",
    ".xlsx",
    ".jsonl",
)  # scenarios, facts, rows and rules; no report is one of these
FORMATS = {
    "text": (".txt", ".log"),
    "json": (".jsonl", ".json"),
    "junit": (".xml",),
    "github": (".txt", ".log"),
}  # and their endings


@click.command("test", short_help="Run scenarios against their expectations")
@click.argument("paths", nargs=-1, metavar="[SCENARIOS]...", type=click.Path(path_type=Path))
@rules_option
@policy_option
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="Only scenarios with this tag, or with one of several.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="TEXT",
    help="Only scenarios so called: a part of the name, or a pattern with `*`.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first scenario that does not hold.")
@click.option(
    "--workers",
    type=WholeNumber(1, 512),
    metavar="N",
    help="Run on N cores (default: all, where there are many scenarios).",
)
@click.option(
    "--engine",
    type=click.Choice(CHOICES),
    default=BOTH,
    show_default=True,
    help="Which engine answers.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="The form of the report (default: by the name of its file).",
)
@json_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report there: `.txt`, `.jsonl` or `.xml`.",
)
@handled
def command(
    paths: tuple[Path, ...],
    rules: Path | None,
    policy: str | None,
    tags: tuple[str, ...],
    names: tuple[str, ...],
    fail_fast: bool,
    workers: int | None,
    engine: str,
    form: str | None,
    as_json: bool,
    output: Path | None,
) -> int:
    """Run the SCENARIOS (files or folders; default: the shipped ones) and report each difference
    with file and line.
    """
    from rulewright.testing.parallel import verdicts
    from rulewright.testing.reports import report
    from rulewright.testing.runner import load_scenarios
    from rulewright.testing.selection import selected
    from rulewright.testing.suite import is_written_for
    from rulewright.testing.tally import Tally

    if as_json and form not in (None, "json"):
        raise click.UsageError(
            f"`--json` and `--format {form}` are two forms of the report; give one of them"
        )
    book = Rules(rules)
    paths = paths or (shipped("scenarios", book),)
    if output is not None:
        _refuse_what_is_read(output, paths, book)
        form = form_of(output, "report", FORMATS, "json" if as_json else form)
    scenarios = selected(load_scenarios(paths), tags, names, policy)
    writer, tally = report("json" if as_json else form or "text"), Tally(policy=policy or "")
    tally.none_names_it = policy is not None and not any(
        is_written_for(book, each, policy) for each in scenarios
    )
    shown = _reported(
        verdicts(book, scenarios, policy, engine, workers), writer, tally, len(scenarios), fail_fast
    )
    if output is None:
        for text in shown:
            say_text(text)
    else:
        from rulewright.syntax.file_writer import write_whole

        write_whole(output, "".join(shown).encode())
        say(f"{tally}; wrote {output}")
    return tally.exit_code


def _refuse_what_is_read(output: Path, paths: tuple[Path, ...], book: Rules) -> None:
    """A report never replaces a scenario or a rule. Raises `InputError` (RW438)."""
    from rulewright.syntax.file_writer import refuse_unwritable
    from rulewright.testing.runner import scenario_files

    refuse_unwritable(output)
    if not output.is_file():
        return
    path = output.resolve()
    scenarios = {each.path.resolve() for each in scenario_files(paths)}
    if path.suffix in _SOURCES or path.is_relative_to(book.root.resolve()) or path in scenarios:
        raise InputError(
            Problem(
                Place(str(output)),
                "RW438",
                f"`{output}` is not replaced: it is read here, or may be",
                "write to another file",
            )
        )


def _reported(
    found: Iterator[Verdict], writer: SuiteReport, tally: Tally, number: int, fail_fast: bool
) -> Iterator[str]:
    """What the report says, bit by bit. Somebody who interrupts is still told what was learnt."""
    try:
        for verdict in _with_progress(found, number):
            tally.count(verdict)
            yield writer.of(verdict)
            if fail_fast and not verdict.passed:
                break
    except KeyboardInterrupt:
        tally.interrupted = True
    tally.not_run = number - tally.tests
    found.close()  # type: ignore[attr-defined]
    yield writer.end(tally)


def on_a_terminal() -> bool:
    """Whether a person sees what is written beside the report."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _with_progress(found: Iterator[Verdict], number: int) -> Iterator[Verdict]:
    """The same verdicts, counted on a terminal while they come."""
    if not on_a_terminal() or number < 2:
        yield from found
        return
    from rich.progress import Progress

    with Progress(console=console(err=True), transient=True) as progress:
        task = progress.add_task("scenarios", total=number)
        for verdict in found:
            progress.advance(task)
            yield verdict
