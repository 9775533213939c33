"""The shipped scenarios hold, on both engines, and every rule of the rulebook is fired by one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.scenarios.testing import Tested as Ran
from rulewright.scenarios.testing import load_scenarios, run_scenarios
from rulewright.workbench import Rules

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "scenarios").rglob("*") if p.is_dir() and list(p.glob("*.yaml")))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


@pytest.fixture(scope="module")
def tested(rules: Rules) -> dict[str, list[Ran]]:
    return {folder: list(run_scenarios(rules, load_scenarios([ROOT / folder]))) for folder in FOLDERS}


def as_written(rule: str) -> str:
    """The rule as somebody wrote it: a principle's rule once, however often it is used."""
    return rule.partition("@")[0]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_scenario_holds(folder: str, tested: dict[str, list[Ran]]) -> None:
    failed = [f"{each.scenario.place}: {each.differences or each.error}" for each in tested[folder] if not each.passed]
    assert tested[folder]
    assert failed == []


def test_every_rule_is_fired_by_some_scenario(rules: Rules, tested: dict[str, list[Ran]]) -> None:
    fired = {firing.rule for results in tested.values() for each in results if each.outcome
             for firing in each.outcome.decision.firings if firing.status == "fired"}  # fmt: skip
    for policy in rules.policies:
        never = {as_written(rule.id) for rule in rules.program(policy.id).rules} - {as_written(each) for each in fired}
        assert sorted(never) == []


def test_every_rule_is_seen_undecided_or_is_certain(rules: Rules, tested: dict[str, list[Ran]]) -> None:
    may = {firing.rule for results in tested.values() for each in results if each.outcome
           for firing in each.outcome.decision.firings if firing.status == "may fire"}  # fmt: skip
    with_conditions = {rule.id for policy in rules.policies for rule in rules.program(policy.id).rules if rule.conditions}
    assert len(with_conditions & may) > 0.5 * len(with_conditions)
