"""Running a case: both engines, cross-checked. They refuse to answer when they disagree."""

from __future__ import annotations

from rulewright.engines.registry import BOTH, EVALUATOR, FORWARD, Tracing, tracing
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.ir.types import Value
from rulewright.syntax.errors import EngineError

WITHOUT_FORWARD = f"{FORWARD.missing}; the {EVALUATOR.shown} engine answered alone"


class EnginesDisagree(EngineError):
    """Two engines gave different answers to one case. traces: by the names of the engines."""

    def __init__(self, case: Case, evaluator: Trace, forward: Trace) -> None:
        self.case = case
        self.traces = {EVALUATOR.shown: evaluator, FORWARD.shown: forward}
        self.differences = tuple(differences(case, evaluator, forward))
        super().__init__(
            f"the engines disagree about `{case.name}`: {'; '.join(self.differences[:3])}"
        )


def forward_engine() -> Tracing | None:
    """The forward engine, or `None` where durable_rules cannot be imported."""
    return tracing(FORWARD)


def run(
    program: Program, case: Case, as_at: int, parameters: dict[str, Value], engine: str = BOTH
) -> tuple[Trace, list[str], str]:
    """The trace, the engines that gave it, and a note where one could not.

    Raises `EnginesDisagree`; `EngineError` when `forward` is asked for and cannot be imported.
    """
    forward = forward_engine() if engine != EVALUATOR.shown else None
    if engine == FORWARD.shown:
        if forward is None:
            raise EngineError(f"{FORWARD.missing}; {FORWARD.install}")
        return forward(program, case, as_at, parameters), [FORWARD.shown], ""
    evaluator = tracing(EVALUATOR)
    assert evaluator is not None
    trace = evaluator(program, case, as_at, parameters)
    if engine == EVALUATOR.shown or forward is None:
        return trace, [EVALUATOR.shown], WITHOUT_FORWARD if engine == BOTH else ""
    other = forward(program, case, as_at, parameters)
    if other != trace:
        raise EnginesDisagree(case, trace, other)
    return trace, [EVALUATOR.shown, FORWARD.shown], ""


def differences(case: Case, one: Trace, other: Trace) -> list[str]:
    """Where two results part, in words."""
    found = []
    for place in sorted(one.settled.keys() | other.settled.keys()):
        first, second = one.settled.get(place), other.settled.get(place)
        if first != second:
            where = f"{case.entities[place[0]].path} > {place[1]}"
            found.append(f"{where}: {EVALUATOR.shown} {first}, {FORWARD.shown} {second}")
    if one.notices != other.notices:
        found.append(
            f"notes and warnings: {EVALUATOR.shown} {one.notices}, {FORWARD.shown} {other.notices}"
        )
    if (one.scope, one.withdrawn) != (other.scope, other.withdrawn):
        found.append("scope or withdrawals")
    return found
