"""Which policy is meant where none is named.

No clock is asked: the same files give the same answer on every day.
"""

from __future__ import annotations

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.workbench import Rules


def policy_meant(rules: Rules, named: str | None) -> str:
    """The one named; else the last by date that is in force; else the only one.

    Raises `InputError` (RW402, RW611).
    """
    if named is not None:
        return rules.choose(named).policy
    in_force = [each for each in rules.policies if each.status == "in force"]
    if in_force:
        return max(in_force, key=lambda each: each.since or 0).id
    if len(rules.policies) == 1:
        return rules.policies[0].id
    listed = ", ".join(f"`{each.id}`" for each in rules.policies)
    raise InputError(
        Problem(
            Place(rules.shown),
            "RW611",
            "no policy of this rulebook is in force",
            f"name one of {listed}",
        )
    )
