"""Running a suite on several cores. The verdicts come in the order of the scenarios, however many cores there are."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from rulewright.language.cases import CaseText
from rulewright.language.errors import EngineError, InputError
from rulewright.workbench import Rules

from .narrowing import Narrowing
from .suite import checks_of
from .testing import run_scenarios
from .verdict import Verdict, verdict_of, verdict_without_run

MANY = 64  # with fewer scenarios other processes cost more than they save
_AT_ONCE = 25  # scenarios that are handed to a core together

_rules: Rules
_scenarios: Sequence[CaseText]
_policy: str | None
_engine: str
_narrowing: Narrowing


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def verdicts(rules: Rules, scenarios: Sequence[CaseText], policy: str | None = None, engine: str = "both",
             workers: int | None = None) -> Iterator[Verdict]:  # fmt: skip
    """The verdict on each scenario, in their order. `workers`: on so many cores; by default on all where there are many."""
    if workers is None:
        workers = cores() if len(scenarios) >= MANY else 1
    workers = min(workers, len(scenarios))
    if workers <= 1:
        yield from _each(rules, scenarios, policy, engine, Narrowing(rules, policy, engine))
    else:
        yield from _on_several(rules, scenarios, policy, engine, workers)


def _each(rules: Rules, scenarios: Iterable[CaseText], policy: str | None, engine: str, narrowing: Narrowing) -> Iterator[Verdict]:
    for scenario in scenarios:
        if narrowing.holds(scenario):
            yield verdict_without_run(scenario, passed=True)
        else:
            yield from map(verdict_of, run_scenarios(rules, [scenario], policy, engine))


def _on_several(rules: Rules, scenarios: Sequence[CaseText], policy: str | None, engine: str, workers: int) -> Iterator[Verdict]:
    from concurrent.futures import ProcessPoolExecutor

    forks = "fork" in multiprocessing.get_all_start_methods()
    if forks:  # what is compiled before is there in every process
        _compile(rules, scenarios, policy)
        gc.freeze()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    given = (rules if forks else rules.root, scenarios, policy, engine)
    pieces = [range(start, min(start + _AT_ONCE, len(scenarios))) for start in range(0, len(scenarios), _AT_ONCE)]
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=given)
    try:
        for found in pool.map(_piece, pieces):
            yield from found
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        gc.unfreeze()


def _begin(rules: Any, scenarios: Sequence[CaseText], policy: str | None, engine: str) -> None:
    """What a process needs; it goes on when somebody interrupts the one that asked, which then stops it."""
    global _rules, _scenarios, _policy, _engine, _narrowing  # noqa: PLW0603
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(100_000, 20, 20)
    _rules = rules if isinstance(rules, Rules) else Rules(rules)
    _scenarios, _policy, _engine = scenarios, policy, engine
    _narrowing = Narrowing(_rules, policy, engine)


def _piece(numbers: range) -> list[Verdict]:
    return list(_each(_rules, [_scenarios[number] for number in numbers], _policy, _engine, _narrowing))


def _compile(rules: Rules, scenarios: Sequence[CaseText], policy: str | None) -> None:
    """Every policy that the scenarios ask for, and its other readings where one asks for them."""
    for scenario in scenarios:
        with suppress(InputError, EngineError):  # told with the scenario
            for check in checks_of(scenario, policy):
                choice, _ = rules.decide_policy(scenario, check.policy)
                rules.program(choice.policy)
                if check.reading is not None:
                    rules.readings(choice.policy)
