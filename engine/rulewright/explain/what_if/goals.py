"""What is asked for: that an attribute has a value, loses the present one, or is no longer in conflict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rulewright.engines.result import Possible
from rulewright.engines.solver.circuit import Lit
from rulewright.engines.solver.formula import Formula
from rulewright.language.types import Value


@dataclass(frozen=True)
class Goal:
    """What is asked for. `wanted`: the value in words; `reached`: whether possible values are it; `literal`: the same, in a formula."""

    aim: Literal["have", "lose", "end conflict"]
    wanted: str
    reached: Callable[[Possible], bool]
    literal: Callable[[Formula], Lit]


def goal_to_have(wanted: Value, words: str) -> Goal:
    """That the attribute is determined, and is `wanted` (`None`: no value)."""
    return Goal("have", words, lambda found: found.determined and found.value == wanted, lambda formula: formula.is_just(wanted))


def goal_to_lose(present: Value, words: str) -> Goal:
    """That the attribute is no longer determined to be what it is."""
    return Goal("lose", words, lambda found: not (found.determined and found.value == present),
                lambda formula: -formula.is_just(present))  # fmt: skip


def goal_to_end_the_conflict() -> Goal:
    """That the attribute has one value, or none."""
    return Goal("end conflict", "conflict", lambda found: found.determined, lambda formula: formula.is_determined())
