"""What is asked for: that an attribute has a value, loses the present one, or is no longer in
conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rulewright.engines.result import Possible
from rulewright.ir.types import Value
from rulewright.solver.circuit import Lit
from rulewright.solver.formula import Formula
from rulewright.solver.values import Open

from .possible_values import CONFLICT, includes


@dataclass(frozen=True)
class Goal:
    """What is asked for. wanted: the value in words; reached: whether really possible values are
    it; excluded: whether they cannot be, by what the engines say is possible.

    holds: the same in a formula, of the attribute's value there. always: whether it has to hold
    however missing facts are filled in; else one way to fill them in will do.
    """

    aim: Literal["have", "lose", "end conflict"]
    wanted: str
    reached: Callable[[Sequence[Value]], bool]
    holds: Callable[[Formula, Open], Lit]
    excluded: Callable[[Possible], bool] = lambda _possible: False
    always: bool = True


def goal_to_have(wanted: Value, words: str) -> Goal:
    """That the attribute is `wanted` (`None`: has no value), whatever the missing facts are."""
    return Goal(
        "have",
        words,
        lambda found: list(found) == [wanted],
        lambda formula, value: formula.joining.is_just(value, wanted),
        lambda possible: not includes(possible, wanted),
    )


def goal_to_lose(present: Value, words: str) -> Goal:
    """That the attribute really may be something else than it is."""
    return Goal(
        "lose",
        words,
        lambda found: list(found) != [present],
        lambda formula, value: -formula.joining.is_just(value, present),
        always=False,
    )


def goal_to_end_the_conflict() -> Goal:
    """That the attribute is not in conflict, whatever the missing facts are."""
    return Goal(
        "end conflict",
        CONFLICT,
        lambda found: CONFLICT not in found,
        lambda _formula, value: -value.conflict,
    )
