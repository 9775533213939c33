"""Running a suite on several cores.

The verdicts come in the order of the scenarios, however many cores there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from rulewright.engines.registry import BOTH
from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import EngineError, InputError
from rulewright.workbench import Rules

from .changed_scenarios import amended_by
from .narrowing import Narrowing
from .processes import cores, in_order, on_cores
from .runner import run_scenarios
from .suite import checks_of
from .verdict import Verdict, verdict_of, verdict_without_run

MANY = 64  # with fewer scenarios other processes cost more than they save
_AT_ONCE = 25  # scenarios that are handed to a core together


def verdicts(
    rules: Rules,
    scenarios: Sequence[CaseText],
    policy: str | None = None,
    engine: str = BOTH,
    workers: int | None = None,
) -> Iterator[Verdict]:
    """The verdict on each scenario, in their order.

    `workers`: on so many cores; by default on all where there are many.
    """
    if workers is None:
        workers = cores() if len(scenarios) >= MANY else 1
    narrowing = Narrowing(rules, policy, engine)

    def judged(some: Iterable[CaseText]) -> Iterator[Verdict]:
        for scenario in some:
            if narrowing.holds(scenario):
                yield verdict_without_run(scenario, passed=True)
            else:
                yield from map(verdict_of, run_scenarios(rules, [scenario], policy, engine))

    if workers < 2 or len(scenarios) < 2:
        yield from judged(scenarios)
        return
    _compile(rules, scenarios, policy)
    at_once = min(_AT_ONCE, -(-len(scenarios) // workers))
    pieces = [scenarios[start : start + at_once] for start in range(0, len(scenarios), at_once)]
    for some in in_order(on_cores(lambda piece: list(judged(piece)), pieces, workers)):
        yield from some


def _compile(rules: Rules, scenarios: Sequence[CaseText], policy: str | None) -> None:
    """Every policy that the scenarios ask for, and its other readings where one asks for them:
    once, before the work is divided.
    """
    for scenario in scenarios:
        with suppress(InputError, EngineError):  # told with the scenario
            for check in checks_of(scenario, policy):
                choice, _ = rules.decide_policy(scenario, check.policy)
                rules.program(choice.policy)
                if check.reading is not None:
                    rules.readings(choice.policy)
    amended = amended_by(rules, policy)
    if amended:
        with suppress(InputError):
            rules.program(amended)
