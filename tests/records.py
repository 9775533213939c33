"""Decisions and ledgers that tests share: a thing with a score, answered, and recorded at times
that are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.compiler.compiler import compile_policy
from rulewright.decision.answered import Answered, answer
from rulewright.facts.cases import bind_case
from rulewright.ir.program import Program
from rulewright.ledger import Ledger
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.workbench import case_from, parameters_at

VOCABULARY = """
scales: {rating: {order: [bad, fair, good]}}
entities:
  thing:
    plural: things
    given: {score: {whole number: 0..10}, mark: rating, note: text}
    derived: {result: rating}
"""
PART = """
- parameter: pass mark
  value: 4.5
- {rule: low, of: thing, when: the score is less than the pass mark, then: the result is bad}
- {rule: as-marked, of: thing, otherwise: the result is the mark}
"""
POLICY = "policy: p\nstatus: {}\nin force: {{from: 2020-01-01}}\nparts: [part.yaml]\n"
DAY = 737_881
START = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


@cache
def program(status: str = "in force", part: str = PART) -> Program:
    """The policy of the thing."""
    return compile_policy(
        rulebook_from_texts(
            {"v.yaml": VOCABULARY, "part.yaml": part, "p.yaml": POLICY.format(status)}
        ),
        "p",
    )


def answered(
    score: int | str = 7,
    mark: str = "good",
    status: str = "in force",
    set: dict[str, str] | None = None,
    compiled: Program | None = None,
    **more: Any,
) -> Answered:
    """A thing, answered."""
    compiled = compiled or program(status)
    text = case_from(
        {
            "case": f"a thing that scored {score}",
            "as at": "2021-04-01",
            "thing": {"score": score, "mark": mark, **more},
        }
    )
    parameters, changed = parameters_at(compiled, DAY, set or {})
    choice = PolicyChoice("p", "asked for by name", (("q", "another was asked for by name"),))
    return answer(
        text,
        compiled,
        bind_case(text, compiled.vocabulary, compiled.idle, compiled.judged_as_one),
        DAY,
        parameters,
        changed,
        choice,
    )


def ticking(start: datetime = START) -> Any:
    """A clock that goes on by a second whenever it is asked."""

    def moments() -> Iterator[datetime]:
        moment = start
        while True:
            yield moment
            moment += timedelta(seconds=1)

    ticks = moments()
    return lambda: next(ticks)


def ledger_of(path: Path, count: int = 3, **said: Any) -> Path:
    """A ledger with that many decisions."""
    with Ledger.open(path, clock=ticking()) as ledger:
        for number in range(count):
            ledger.append(
                answered(number % 11),
                recorded_by="A. Clerk",
                approved_by=f"B. Chair {number}",
                **said,
            )
    return path
