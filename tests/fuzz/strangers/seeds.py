"""What is spoiled: the folders of the galleries, of what is shipped and of what is made, and how
often each is.
"""

from __future__ import annotations

from functools import cache

from tests.fuzz.dice import Dice

from .galleries import (
    COMMON,
    ROOT,
    TESTS,
    Seed,
    checked,
    compared,
    laid_over,
    named_by_commands,
    rulebooks,
    shipped,
)
from .written import generated, imported, in_a_repository, ledgers


@cache
def seeds() -> dict[str, list[Seed]]:
    """All of them but those that are generated, by their kind, always in the same order."""
    sheets = ("", TESTS / "sheets/common")
    return {
        "errors": list(laid_over("errors/RW*/*/expected.txt", ("", COMMON))),
        "editing": list(
            laid_over("editing/*/*/command", ("", TESTS / "editing/common"), part="before")
        ),
        "imports": [*laid_over("sheets/imports/*/command", sheets), *imported()],
        "suites": list(laid_over("scenarios/suites/*/command", ("rules/", COMMON / "rules"))),
        "commands": [
            seed
            for name in ("cli", "explain", "unread")
            for seed in named_by_commands(f"{name}/*/command", ROOT)
        ],
        "lookups": list(named_by_commands("handbook/lookups/*/command", TESTS / "handbook")),
        "checks": list(checked()),
        "compared": [*compared(), *in_a_repository()],
        "rulebooks": list(rulebooks()),
        "shipped": list(shipped()),
        "ledgers": list(ledgers()),
    }


SHARES = (
    (11, "errors"), (12, "editing"), (12, "imports"), (8, "suites"), (14, "commands"), (7, "lookups"), (4, "checks"), (4, "compared"),
    (8, "rulebooks"), (5, "shipped"), (15, "ledgers"), (12, "generated"),
)  # fmt: skip


def seed_of(dice: Dice) -> Seed:
    """One of the seeds."""
    kind = dice.weighted(SHARES)
    return generated(dice) if kind == "generated" else dice.pick(seeds()[kind])
