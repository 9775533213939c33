"""`rulewright what-if`: what would change a rating?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from rulewright.decision.answered import Answered
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules

from .answers import answered_cases, date_option
from .common import FINE, handled, json_option, on_terminal, policy_option, rules_option
from .numbers import WholeNumber
from .terminal import say, say_for_now, say_json

Told = tuple[dict[str, Any], list[str]]  # a record as JSON values, and in words


@click.command("what-if", short_help="Find the smallest changes that alter a rating")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("attribute", metavar="ATTRIBUTE")
@click.option("--to", metavar="VALUE", help="The value wanted; `no value` can be asked for too.")
@click.option(
    "--fragile",
    is_flag=True,
    help="The smallest changes that leave the value unsure, or settle it; the same without --to.",
)
@click.option(
    "--set",
    "facts",
    multiple=True,
    metavar="FACT=VALUE",
    help="Change a fact, by its path, and see what follows and where the two answers part.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="FACT",
    help="Keep facts as they are: an attribute, a thing with all below it, or the path of one fact.",
)
@click.option("--change", multiple=True, metavar="FACT", help="Change such facts only.")
@click.option(
    "--any-fact", is_flag=True, help="Propose facts of every kind at once, not improvements first."
)
@click.option(
    "--most",
    default=20,
    show_default=True,
    metavar="N",
    type=WholeNumber(1, 1000),
    help="Show at most so many sets of changes.",
)
@rules_option
@policy_option
@date_option
@json_option
@handled
def command(
    file: Path,
    attribute: str,
    to: str | None,
    fragile: bool,
    facts: tuple[str, ...],
    keep: tuple[str, ...],
    change: tuple[str, ...],
    any_fact: bool,
    most: int,
    rules: Path | None,
    policy: str | None,
    as_at: str | None,
    as_json: bool,
) -> int:
    """Tell the smallest changes to the facts of CASE that give ATTRIBUTE the value wanted, or leave
    its own unsure; improvements first.

    Of an undetermined value: which values are really possible, and which missing facts would settle
    it.
    """
    _check_options(to, fragile, facts, keep, change, any_fact)
    book = Rules(rules)
    told = 0
    for answered in answered_cases(file, rules, policy, as_at, {}):
        if facts:
            records = iter([_proposed(book, answered, attribute, facts)])
        else:
            records = _changes(book, answered, attribute, to, keep, change, any_fact, most)
        for record, lines in records:
            if as_json:
                say_json(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
                continue
            say(*([""] if told else []), *lines)
            told += 1
    return FINE


def _check_options(
    to: str | None,
    fragile: bool,
    facts: tuple[str, ...],
    keep: tuple[str, ...],
    change: tuple[str, ...],
    any_fact: bool,
) -> None:
    """Refuse what would have no effect. Raises `InputError` (RW635)."""
    if sum((to is not None, fragile, bool(facts))) > 1:
        raise InputError(
            Problem(
                Place(""),
                "RW635",
                "`--to`, `--fragile` and `--set` ask different things",
                "use one of them",
            )
        )
    if facts and (keep or change or any_fact):
        option = "--keep" if keep else "--change" if change else "--any-fact"
        raise InputError(
            Problem(
                Place(""),
                "RW635",
                f"`--set` says which facts change, so `{option}` has no meaning beside it",
                "use one of them",
            )
        )


def _changes(
    book: Rules,
    answered: Answered,
    attribute: str,
    to: str | None,
    keep: tuple[str, ...],
    change: tuple[str, ...],
    any_fact: bool,
    most: int,
) -> Iterator[Told]:
    """One record after the other, each as soon as it is found; a terminal is told meanwhile what is
    being looked at.
    """
    from rulewright.explain.naming import answers_named
    from rulewright.explain.what_if.render import lines

    paths = [
        f"{each.entity} > {each.attribute}" for each in answers_named(answered.decision, attribute)
    ]
    for number, path in enumerate(paths, 1):
        _looking_at(f"looking for changes of {path} ({number} of {len(paths)})")
        found = book.what_if(
            answered, path, to=to, keep=keep, change=change, any_fact=any_fact, most=most
        )
        _looking_at("")
        yield from ((each.to_json(), list(lines(each))) for each in found)


def _looking_at(text: str) -> None:
    """A line on a terminal that the next one replaces."""
    if on_terminal() and sys.stderr.isatty():
        say_for_now(text)


def _proposed(book: Rules, answered: Answered, attribute: str, facts: tuple[str, ...]) -> Told:
    from rulewright.explain.difference.side_by_side import side_by_side

    pairs = [_pair(each) for each in facts]
    for index, (path, _) in enumerate(pairs):
        if path in dict(pairs[:index]):
            raise InputError(
                Problem(Place(""), "RW633", f"`{path}` is changed twice", "keep one of them")
            )
    found = book.difference(answered, book.changed(answered, dict(pairs)), attribute)
    return found.to_json(), list(side_by_side(found))


def _pair(written: str) -> tuple[str, str]:
    path, equals, value = written.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError(
            Problem(
                Place(""),
                "RW633",
                f"`{written}` is not `FACT=VALUE`",
                "write for instance `Surgery > safe=good`",
            )
        )
    return path.strip(), value.strip()
