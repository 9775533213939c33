"""`rulewright what-if`: what would change a rating?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.engines.answering import Answered
from rulewright.language.errors import InputError, Place, Problem
from rulewright.workbench import Rules, cases

from .asking import date_option
from .common import FINE, handled, json_option, policy_option, rules_option


@click.command("what-if")
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("attribute", metavar="ATTRIBUTE")
@click.option("--to", metavar="VALUE", help="The value wanted; `no value` can be asked for too.")
@click.option("--fragile", is_flag=True, 
              help="The smallest changes that would lose the present value: told also without `--to` and `--set`.")  # fmt: skip
@click.option("--set", "facts", multiple=True, metavar="FACT=VALUE",
              help="Change a fact, by its path, and see what follows and where the two answers part.")  # fmt: skip
@click.option("--keep", multiple=True, metavar="FACT",
              help="Keep facts as they are: an attribute, a thing with all below it, or the path of one fact.")  # fmt: skip
@click.option("--change", multiple=True, metavar="FACT", help="Change such facts only.")
@click.option("--most", default=20, show_default=True, metavar="N", type=click.IntRange(1, 1000), help="Show so many sets of changes.")
@rules_option
@policy_option
@date_option
@json_option
@handled
def command(file: Path, attribute: str, to: str | None, fragile: bool, facts: tuple[str, ...], keep: tuple[str, ...],
            change: tuple[str, ...], most: int, rules: Path | None, policy: str | None, as_at: str | None, as_json: bool) -> int:  # fmt: skip
    """Tell the smallest changes to the facts of CASE that give ATTRIBUTE another value.

    Of an undetermined value: which values are really possible, and which missing facts would settle it.
    """
    if sum((to is not None, fragile, bool(facts))) > 1:
        raise InputError(Problem(Place(""), "RW635", "`--to`, `--fragile` and `--set` ask different things", "use one of them"))
    book = Rules(rules)
    for text in cases(file):
        answered = book.answer(text, policy=policy, as_at=as_at)
        if facts:
            _proposed(book, answered, attribute, facts, as_json)
        else:
            _changes(book, answered, attribute, to, keep, change, most, as_json)
    return FINE


def _changes(book: Rules, answered: Answered, attribute: str, to: str | None, keep: tuple[str, ...], change: tuple[str, ...],
             most: int, as_json: bool) -> None:  # fmt: skip
    from rulewright.explain.what_if.words import lines

    for number, found in enumerate(book.what_if(answered, attribute, to=to, keep=keep, change=change, most=most)):
        if as_json:
            click.echo(json.dumps(found.to_json(), ensure_ascii=False, separators=(",", ":")))
            continue
        if number:
            click.echo()
        for line in lines(found):
            click.echo(line)


def _proposed(book: Rules, answered: Answered, attribute: str, facts: tuple[str, ...], as_json: bool) -> None:
    from rulewright.explain.difference.side_by_side import side_by_side

    changed = book.changed(answered, dict(_pair(each) for each in facts))
    found = book.difference(answered, changed, attribute)
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, separators=(",", ":")))
        return
    click.echo("\n".join(side_by_side(found)))


def _pair(written: str) -> tuple[str, str]:
    path, equals, value = written.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError(Problem(Place(""), "RW633", f"`{written}` is not `FACT=VALUE`", "write for instance `Surgery > safe=good`"))
    return path.strip(), value.strip()
