"""The shipped scenarios hold, on both engines, and show each rule and each other reading of the
rulebook at work.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rulewright.coverage import coverage, exceptions_in
from rulewright.decision.outcome import FiringShown, Outcome
from rulewright.testing.runner import Tested as Ran
from rulewright.testing.runner import load_scenarios, run_scenarios
from rulewright.workbench import Rules

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    p.relative_to(ROOT).as_posix()
    for p in (ROOT / "scenarios").rglob("*")
    if p.is_dir() and list(p.glob("*.yaml"))
)

# These ask only what a case states (`is known`, `is missing`, how many there are): no fact left out
# makes them undecided.
NEVER_UNDECIDED = {
    "trusts.levels-not-entered",
    "location-ratings.acute", "location-ratings.other-types", "location-ratings.several-or-unknown-types",
    "location-ratings.to-be-stated", "locations.judged-rating-not-used", "merger.predecessors",
    "single-ratings-of-predecessors.listed", "service-findings.by-whom-and-when", "service-findings.listed",
    "service-findings.none-recorded", "services-picture", "statements.eighth-of-a-service",
    "trusts.judged-rating-not-used", "trusts.ratings-not-entered",
}  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


@pytest.fixture(scope="module")
def tested(rules: Rules) -> dict[str, list[Ran]]:
    return {
        folder: list(run_scenarios(rules, load_scenarios([ROOT / folder]))) for folder in FOLDERS
    }


def as_written(rule: str) -> str:
    """The rule as somebody wrote it: a principle's rule once, however often it is used."""
    return rule.partition("@")[0]


def outcomes(tested: dict[str, list[Ran]]) -> Iterator[Outcome]:
    yield from (each.outcome for results in tested.values() for each in results if each.outcome)


def firings(tested: dict[str, list[Ran]], policy: str, status: str) -> Iterator[FiringShown]:
    for outcome in outcomes(tested):
        if outcome.decision.policy.id == policy:
            yield from (each for each in outcome.decision.firings if each.status == status)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_scenario_holds(folder: str, tested: dict[str, list[Ran]]) -> None:
    failed = [
        f"{each.scenario.place}: {each.differences or each.error}"
        for each in tested[folder]
        if not each.passed
    ]
    assert tested[folder]
    assert failed == []


@pytest.mark.parametrize("policy", ["legacy", "guidance-2024-03"])
def test_every_rule_of_a_policy_that_was_ever_in_force_is_fired_by_some_scenario_under_it(
    policy: str, rules: Rules, tested: dict[str, list[Ran]]
) -> None:
    fired = {as_written(each.rule) for each in firings(tested, policy, "fired")}
    assert sorted({as_written(each.id) for each in rules.program(policy).rules} - fired) == []


def test_every_rule_that_another_policy_brings_is_fired_by_some_scenario_under_it(
    rules: Rules, tested: dict[str, list[Ran]]
) -> None:
    seen = {
        as_written(each.id)
        for policy in ("legacy", "guidance-2024-03")
        for each in rules.program(policy).rules
    }
    for policy in rules.policies:
        own = {as_written(each.id) for each in rules.program(policy.id).rules} - seen
        assert (
            sorted(own - {as_written(each.rule) for each in firings(tested, policy.id, "fired")})
            == []
        )


def test_every_policy_has_scenarios(rules: Rules, tested: dict[str, list[Ran]]) -> None:
    assert {policy.id for policy in rules.policies} == {
        outcome.decision.policy.id for outcome in outcomes(tested)
    }


def test_every_rule_with_conditions_is_seen_undecided_or_can_never_be(
    rules: Rules, tested: dict[str, list[Ran]]
) -> None:
    conditional, may_fire = set(), set()
    for policy in rules.policies:
        conditional |= {
            as_written(rule.id) for rule in rules.program(policy.id).rules if rule.conditions
        }
        may_fire |= {as_written(each.rule) for each in firings(tested, policy.id, "may fire")}
    assert conditional - may_fire == NEVER_UNDECIDED


def test_every_rule_is_expected_to_fire_somewhere_and_not_to_fire_elsewhere(
    rules: Rules, tested: dict[str, list[Ran]]
) -> None:
    expected: dict[str, set[str]] = {
        word: set() for word in ("because", "notes", "warnings", "and not")
    }
    for results in tested.values():
        for each in results:
            for expect in (
                each.scenario.tree.get("expect") or {},
                *(each.scenario.tree.get("under reading") or {}).values(),
            ):
                collect(expect, expected)
    firing = expected["because"] | expected["notes"] | expected["warnings"]
    for policy in rules.policies:
        written = rules.program(policy.id).rules
        assert sorted({as_written(each.id) for each in written} - firing) == []
        assert (
            sorted(
                {as_written(each.id) for each in written if each.conditions} - expected["and not"]
            )
            == []
        )


def collect(expect: dict[str, Any], found: dict[str, set[str]]) -> None:
    """The rules that an expectation names, by the word before them, as written."""
    for word, value in expect.items():
        if word in found:
            found[word] |= {
                as_written(str(each))
                for each in (value if isinstance(value, list | dict) else [value])
            }
        elif isinstance(value, dict):
            collect(value, found)


def test_every_other_reading_changes_an_answer_of_some_scenario(
    rules: Rules, tested: dict[str, list[Ran]]
) -> None:
    known = {each.name for policy in rules.policies for each in rules.readings(policy.id)}
    changing = {
        name
        for results in tested.values()
        for each in results
        if each.outcome
        for name, outcome in each.readings.items()
        if answers(outcome) != answers(each.outcome)
    }
    assert sorted(known - changing) == []


def answers(outcome: Outcome) -> object:
    """What a reading can change for readers: values, what is published, notes and warnings, whether
    it is a rating.
    """
    decision = outcome.decision
    return (
        [(each.entity, each.attribute, each.status, each.value) for each in decision.answers],
        [(each.entity, each.attribute, each.status) for each in decision.not_published],
        {(each.entity, each.rule, each.status) for each in decision.notices},
        [each for each in decision.not_a_rating if "read otherwise" not in each],
    )


def test_every_rule_takes_effect_and_every_condition_matters(rules: Rules) -> None:
    """Met and not met; what remains is proved, or explained in `coverage-exceptions.yaml`."""
    folder = ROOT / "scenarios"
    ours = [each for each in load_scenarios([folder]) if "/real/2018/" not in each.file]
    found = coverage(rules, ours, exceptions=exceptions_in([folder]))
    left = [
        (each.place, each.rule, gap.what)
        for each in (*found.rules, *found.conditions)
        for gap in each.gaps
        if gap.counts
    ]
    assert left == []
    assert found.total.covered == found.total.of > 500
    assert found.not_run == []
    assert found.unused_exceptions == []
    assert [
        each.reading
        for one in found.interpretations
        for each in one.readings
        if each.told_apart is None
    ] == []
