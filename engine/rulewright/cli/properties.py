"""`rulewright properties`: does what was declared of a policy hold, for every case?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.syntax.errors import InputError, Problems
from rulewright.workbench import Rules

from .common import DIFFERENT, FINE, REFUSED, handled, json_option, policy_option, rules_option
from .defaults import shipped
from .terminal import say, say_json


@click.command("properties", short_help="Check declared properties over every case")
@click.argument("paths", nargs=-1, metavar="[PROPERTIES]...", type=click.Path(path_type=Path))
@click.option(
    "--only",
    metavar="WORDS",
    help="Check properties whose name holds these words, or that have them as a tag.",
)
@click.option(
    "--write",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Write the cases found (counterexamples, and cases that reach a value) as case files; none is overwritten.",
)
@rules_option
@policy_option
@json_option
@handled
def command(
    paths: tuple[Path, ...],
    only: str | None,
    folder: Path | None,
    rules: Path | None,
    policy: str | None,
    as_json: bool,
) -> int:
    """Check declared PROPERTIES (files or folders; default: the shipped ones) for every case of
    their spaces.

    Each is proved, or shown not to hold by a case that both engines confirm.
    """
    from rulewright.properties import check_all, load_properties
    from rulewright.properties.case_writer import files_of, write
    from rulewright.properties.render import lines, summary

    book = Rules(rules)
    declared = load_properties(paths or (shipped("properties", book),), policy, only)
    files = files_of(declared, folder) if folder is not None else {}
    records, unwritten = [], Problems()
    for number, each in enumerate(check_all(book, declared)):
        record = each.record
        if each.found and number in files:
            try:
                record.written = write(each.posed, each.found, files[number])
            except InputError as error:  # told at the end: what was found is worth more
                unwritten.take(error)
        records.append(record)
        if as_json:
            say_json(json.dumps(record.to_json(), ensure_ascii=False, separators=(",", ":")))
        else:
            say(*lines(record), "")
    if not as_json:
        say(summary(records))
    unwritten.stop_if_any()
    if any(each.verdict == "undecided" for each in records):
        return REFUSED
    return FINE if all(each.as_declared for each in records) else DIFFERENT
