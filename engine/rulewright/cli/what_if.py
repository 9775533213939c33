"""`rulewright what-if`: what would change a rating?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from rulewright.workbench import Rules, cases

from .common import FINE, handled, json_option, policy_option, rules_option


@click.command("what-if")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("attribute")
@click.option("--to", metavar="VALUE", help="The value wanted; without it: what would lose the present value.")
@click.option("--keep", multiple=True, metavar="FACT",
              help="Keep facts as they are: an attribute, a thing with all below it, or the path of a fact.")  # fmt: skip
@click.option("--change", multiple=True, metavar="FACT", help="Change such facts only.")
@click.option("--most", default=20, show_default=True, metavar="N", type=click.IntRange(1, 1000), help="Show so many sets of changes.")
@click.option("--as-at", metavar="DATE", help="The date of the decision, instead of the case's own.")
@rules_option
@policy_option
@json_option
@handled
def command(case: Path, attribute: str, to: str | None, keep: tuple[str, ...], change: tuple[str, ...], most: int, as_at: str | None,
            rules: Path | None, policy: str | None, as_json: bool) -> int:  # fmt: skip
    """What is the smallest change to the facts of CASE that gives ATTRIBUTE another value?

    Of an undetermined value: which values are really possible, and which missing facts would settle it.
    """
    from rulewright.explain.what_if.words import lines

    book = Rules(rules)
    for text in cases(case):
        found = book.what_if(text, attribute, to=to, keep=keep, change=change, most=most, policy=policy, as_at=as_at)
        if as_json:
            click.echo(json.dumps(found.to_json(), ensure_ascii=False, separators=(",", ":")))
        else:
            for line in lines(found):
                click.echo(line)
    return FINE
