"""What is worked out from a part of a policy holds under the whole policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright import Rules
from rulewright.syntax.shipped import data_folder
from rulewright.testing.narrowing import Narrowing
from rulewright.testing.runner import load_scenarios, run_scenarios

pytestmark = pytest.mark.untraced

SCENARIOS = data_folder() / "scenarios"
FILES = (
    "legacy/small-and-suspended.yaml",
    "legacy/site-visits.yaml",
    "guidance-2024-03/withdrawal.yaml",
    "guidance-2024-03/judgement-and-scope.yaml",
    "better-regulation-2026/judged-directly.yaml",
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


@pytest.mark.parametrize("policy", [None, "legacy", "better-regulation-2026"])
def test_a_scenario_holds_in_part_as_it_does_under_the_whole_policy(
    policy: str | None, rules: Rules
) -> None:
    scenarios = load_scenarios([Path(SCENARIOS / each) for each in FILES])
    narrowing = Narrowing(rules, policy, "both")
    held = [narrowing.holds(each) for each in scenarios]
    run = list(run_scenarios(rules, scenarios, policy, "reference"))
    assert held == [each.passed and not each.against for each in run]
    assert any(held)
    assert policy is None or not all(held)
