"""Checks answered under the rules as they are: what mutants are tried on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rulewright.decision.answered import Answered
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.registry import EVALUATOR
from rulewright.engines.result import Trace
from rulewright.facts.cases import CaseText, Entity
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Program
from rulewright.syntax.errors import EngineError, InputError
from rulewright.syntax.text import Map
from rulewright.testing.suite import Check, ask, checks_of, held
from rulewright.workbench import Rules


@dataclass(eq=False)
class BaselineCheck:
    """A check that holds under the rules as they are, with all that was worked out for it.

    named: the rules that it names, as written.
    """

    check: Check
    answered: Answered
    named: frozenset[str] = frozenset()

    @property
    def policy(self) -> str:
        """The policy, and the other reading under which it is checked."""
        return named(self.answered.program)

    @property
    def result(self) -> Trace:
        return self.answered.result

    @cached_property
    def evaluation(self) -> Evaluation:
        """All that was worked out on the way to the result: only once a mutant asks for it."""
        answered = self.answered
        found = Evaluation(answered.program, answered.case, answered.as_at, answered.parameters)
        found.run()
        return found

    @cached_property
    def entities(self) -> dict[Kind, list[Entity]]:
        """What the case holds, by kind."""
        found: dict[Kind, list[Entity]] = {}
        for entity in self.answered.case.entities:
            found.setdefault(Kind.of(entity), []).append(entity)
        return found

    @cached_property
    def fired(self) -> frozenset[str]:
        """The rules that fire in it or may."""
        result = self.result
        fired = {
            firing.rule
            for each in result.settled.values()
            for firing in (*each.firings, *each.limits)
        }
        return frozenset(
            map(
                _base,
                fired | {firing.rule for firings in result.notices.values() for firing in firings},
            )
        )


def named(program: Program) -> str:
    """What a policy is called here: under another reading it is another."""
    return f"{program.policy} under {program.reading}" if program.reading else program.policy


def trials_of(
    rules: Rules, texts: Iterable[CaseText], policy: str | None = None
) -> tuple[list[BaselineCheck], list[Check]]:
    """The checks that hold, and those that do not or cannot be run: these notice nothing."""
    found: list[BaselineCheck] = []
    broken: list[Check] = []
    for text in texts:
        for check in checks_of(text, policy):
            try:
                trial = BaselineCheck(
                    check,
                    ask(rules, check, EVALUATOR.shown),
                    frozenset(map(_base, _named(check.expect))),
                )
                holds = not held(check, trial.answered)
            except (InputError, EngineError):
                holds = False
            if holds:
                found.append(trial)
            else:
                broken.append(check)
    return found, broken


def _base(rule: str) -> str:
    return rule.partition("@")[0]


def _named(expect: Any) -> Iterator[str]:
    """Every word of the expectations that may be a rule's."""
    if isinstance(expect, Map):
        for each in expect.values():
            yield from _named(each)
    elif isinstance(expect, list):
        for each in expect:
            yield from _named(each)
    elif isinstance(expect, str):
        yield str(expect)
