"""Where a finding about a table is told: at the amendment that brings it about, not at the part
that it amends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from rulewright.amendments.target import matches
from rulewright.syntax.errors import Place, Problem
from rulewright.syntax.text import place_of

from .compiled import Compiled

Findings = Iterator[
    tuple[str, Problem]
]  # a table, as amendments call it, and what is wrong with it


def told_where_made(policy: Compiled, find: Callable[[Compiled], Findings]) -> Iterator[Problem]:
    """What `find` finds in a policy and not in the one that it amends, where the amendment changes
    the table.
    """
    own = list(find(policy))
    amended = policy.amended if own else None
    before = {problem for _, problem in find(amended)} if amended is not None else set()
    for table, problem in own:
        if problem in before:
            continue  # told of the policy that this one amends
        if amended is None or table.partition(".")[0] not in amended.assembly.items:
            yield problem
        else:
            yield replace(
                problem,
                place=_line(policy, table, problem.place),
                message=f"under `{policy.name}` {problem.message}",
            )


def _line(policy: Compiled, table: str, place: Place) -> Place:
    """The line of the amendment that changes the table: of a row, else of the table; without any
    the policy's first.
    """
    model = policy.assembly.policy
    if place.file == place_of(model.policy).file:
        return place
    lines = [*model.replaces, *model.repeals]
    rows = [each for each in lines if each.startswith(f"{table}[")]
    whole = [
        each for each in lines if matches(table, each) or matches(table.partition(".")[0], each)
    ]
    return place_of(next(iter([*rows, *whole, model.policy])))
