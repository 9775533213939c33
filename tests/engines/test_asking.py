"""What is asked one thing at a time is what the whole decision says."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright import Rules
from rulewright.decision.answered import Answered
from rulewright.decision.lazy_answers import LazyAnswers
from rulewright.syntax.shipped import data_folder
from rulewright.testing.runner import load_scenarios
from rulewright.testing.suite import ask, checks_of

pytestmark = pytest.mark.untraced

FILES = (
    "legacy/site-visits.yaml",
    "guidance-2024-03/withdrawal.yaml",
    "guidance-2024-03/judgement-and-scope.yaml",
    "consultation-2021/single-rating.yaml",
)


@pytest.mark.parametrize("file", FILES)
def test_asking_one_thing_at_a_time_says_what_the_decision_says(file: str) -> None:
    rules = Rules()
    checks = [
        check
        for text in load_scenarios([Path(data_folder() / "scenarios" / file)])
        for check in checks_of(text)
    ]
    assert len(checks) > 1
    for check in checks:
        answered = ask(rules, check, "reference")
        assert asked_of(answered) == decided(answered)


def asked_of(answered: Answered) -> object:
    asked = LazyAnswers(answered)
    said = [each for entity in asked.case.entities for each in asked.of(entity)]
    values = [
        (
            each.path,
            each.published,
            each.main,
            each.status,
            list(each.possible),
            each.decided_by,
            each.missing,
        )
        for each in said
    ]
    rules = {
        rule: (asked.fired(rule), asked.may_fire(rule), asked.defeating(rule))
        for rule in asked.program.rules_by_id
    }
    return (
        values,
        rules,
        asked.not_a_rating,
        {each.path: each.hidden for each in said if each.hidden is not None},
    )


def decided(answered: Answered) -> object:
    decision = answered.decision
    values = [
        (
            f"{a.entity} > {a.attribute}",
            a.published,
            a.main,
            a.status,
            a.possible,
            (*a.decided_by, *a.limited_by),
            tuple(a.missing),
        )
        for a in decision.answers
    ]
    rules = {}
    for rule in answered.program.rules_by_id:
        firings = [each for each in decision.firings if each.rule == rule]
        fired = any(each.status == "fired" and not each.defeated_by for each in firings)
        may = any(each.status == "may fire" for each in firings)
        rules[rule] = (fired, may, sorted({name for each in firings for name in each.defeated_by}))
    return (
        values,
        rules,
        decision.not_a_rating,
        {f"{each.entity} > {each.attribute}": each for each in decision.not_published},
    )
