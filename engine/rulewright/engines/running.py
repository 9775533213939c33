"""Running a case: both engines, cross-checked. They refuse to answer when they disagree."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from rulewright.language.cases import Case
from rulewright.language.errors import EngineError
from rulewright.language.types import Value
from rulewright.program.model import Program

from .result import Result

Engine = Callable[[Program, Case, int, dict[str, Value]], Result]

ENGINES = ("both", "reference", "forward")
NO_FORWARD = "the forward engine is not there: durable_rules cannot be imported"
WITHOUT_FORWARD = f"{NO_FORWARD}; the reference engine answered alone"


class EnginesDisagree(EngineError):
    """Two engines gave different answers to one case. Carries both."""

    def __init__(self, case: Case, reference: Result, forward: Result) -> None:
        self.case, self.reference, self.forward = case, reference, forward
        self.differences = tuple(differences(case, reference, forward))
        super().__init__(
            f"the engines disagree about `{case.name}`: {'; '.join(self.differences[:3])}"
        )


@cache
def forward_engine() -> Engine | None:
    """The forward engine, or `None` where durable_rules cannot be imported."""
    try:
        from .forward import evaluate
    except ImportError:
        return None
    return evaluate


def run(
    program: Program, case: Case, as_at: int, parameters: dict[str, Value], engine: str = "both"
) -> tuple[Result, list[str], str]:
    """The result, the engines that gave it, and a note where one could not.

    Raises `EnginesDisagree`; `EngineError` when `forward` is asked for and cannot be imported.
    """
    from .reference import evaluate as reference_engine

    forward = forward_engine() if engine != "reference" else None
    if engine == "forward":
        if forward is None:
            raise EngineError(
                f"{NO_FORWARD}; `pip install 'rulewright[forward]'` installs it, before Python 3.13"
            )
        return forward(program, case, as_at, parameters), ["forward"], ""
    reference = reference_engine(program, case, as_at, parameters)
    if engine == "reference" or forward is None:
        return reference, ["reference"], WITHOUT_FORWARD if engine == "both" else ""
    other = forward(program, case, as_at, parameters)
    if other != reference:
        raise EnginesDisagree(case, reference, other)
    return reference, ["reference", "forward"], ""


def differences(case: Case, one: Result, other: Result) -> list[str]:
    """Where two results part, in words."""
    found = []
    for place in sorted(one.settled.keys() | other.settled.keys()):
        first, second = one.settled.get(place), other.settled.get(place)
        if first != second:
            where = f"{case.entities[place[0]].path} > {place[1]}"
            found.append(f"{where}: reference {first}, forward {second}")
    if one.notices != other.notices:
        found.append(f"notes and warnings: reference {one.notices}, forward {other.notices}")
    if (one.scope, one.withdrawn) != (other.scope, other.withdrawn):
        found.append("scope or withdrawals")
    return found
