"""Running scenarios to see what of the rules they show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rulewright.amendments.policy_selection import in_force_on
from rulewright.decision.answered import Answered
from rulewright.engines.registry import EVALUATOR
from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import InputError, Place, Problem, Problems
from rulewright.syntax.text import key
from rulewright.testing.suite import ask, checks_of
from rulewright.workbench import Rules

from .observer import CoverageSeen, Observer
from .relevance import Weighing
from .written_rules import WrittenPolicy, written


@dataclass
class CoverageRun:
    """What scenarios have shown of a rulebook, or of one policy, `only`. observers, runs: by name
    of the policy. ran: the numbers of the scenarios that were run.

    readings: by policy and name of the reading, the first scenario that ran under it, and the first
    whose outcome it changed.
    """

    rules: Rules
    scenarios: list[CaseText]
    only: str | None = None
    observers: dict[str, Observer] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    ran: set[int] = field(default_factory=set)
    readings: dict[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)

    @property
    def policies(self) -> dict[str, WrittenPolicy]:
        """What each policy that was run says, in order of name."""
        return {name: self.observers[name].policy for name in sorted(self.observers)}

    def seen(self, policy: str) -> CoverageSeen:
        """What was shown of one policy."""
        return self.observers[policy].seen


def gather(rules: Rules, scenarios: Iterable[CaseText], policy: str | None = None) -> CoverageRun:
    """Every scenario run as it says, under other policies and readings too; `policy`: only where
    that is under this one.

    Raises `InputError` with the mistakes of all scenarios; RW844 where none runs under the policy.
    """
    found = CoverageRun(rules, list(scenarios), policy)
    if policy is not None:
        rules.choose(policy)
    problems = Problems()
    for number, text in enumerate(found.scenarios):
        try:
            _run(found, text, number)
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    if not found.runs:
        raise InputError(
            Problem(
                Place(""),
                "RW844",
                f"no scenario runs under `{policy}`",
                "name scenarios whose date or `policy:` leads to it",
            )
        )
    return found


def _run(found: CoverageRun, text: CaseText, number: int) -> None:
    """The checks of a scenario.

    Where it speaks of another reading alone, it is run under the policy too.
    """
    answered: dict[str, Answered] = {}
    for check in checks_of(text):
        policy = found.rules.decide_policy(text, check.policy)[0].policy
        if found.only in (None, policy):
            found.ran.add(number)
            if policy not in answered:
                answered[policy] = ask(found.rules, replace(check, reading=None), EVALUATOR.shown)
                _take(found, answered[policy], number)
            if check.reading is not None:
                _take_reading(
                    found, answered[policy], ask(found.rules, check, EVALUATOR.shown), number
                )


def _take(found: CoverageRun, answered: Answered, number: int) -> None:
    policy = answered.choice.policy
    found.runs[policy] = found.runs.get(policy, 0) + 1
    if policy not in found.observers:
        found.observers[policy] = Observer(written(answered.program))
    found.observers[policy].observe(Weighing.of(answered), number)


def _take_reading(found: CoverageRun, answered: Answered, other: Answered, number: int) -> None:
    at = (answered.choice.policy, key(other.program.reading))
    ran, told_apart = found.readings.get(at, (number, None))
    if told_apart is None and _values(answered) != _values(other):
        told_apart = number
    found.readings[at] = (ran, told_apart)


def _values(answered: Answered) -> dict[tuple[str, str], object]:
    """What the case comes to: the possible values of all attributes that have names, what is
    withdrawn or noted, whether it is a rating.
    """
    case, result = answered.case, answered.result
    found: dict[tuple[str, str], object] = {}
    for (index, name), settled in result.settled.items():
        if "@" not in name:
            found[case.entities[index].path, name] = settled.possible
    for index, firings in result.notices.items():
        found[case.entities[index].path, ""] = [(each.rule, each.status) for each in firings]
    in_force = in_force_on(answered.program.since, answered.program.until, answered.as_at)
    found["", ""] = [in_force, *(each.status for each in (*result.scope, *result.withdrawn))]
    return found
