"""The shipped scenarios and properties are those of the shipped rulebook: for one's own nothing is run that was not named."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.cli.defaults import is_shipped, shipped
from rulewright.workbench import Rules

ROOT = Path(__file__).parents[2]
OWN = "tests/errors/common/rules"
AMENDED = "policy: mine\nstatus: proposed\namends: legacy\n"


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.mark.each_case_traced
@pytest.mark.parametrize("command", ["test", "coverage", "mutate", "suggest", "suggest --uncovered", "properties", "test --json"])
def test_of_ones_own_rulebook_no_scenario_of_another_is_run(command: str) -> None:
    result = invoke(f"{command} --rules {OWN}")
    what = "properties" if command == "properties" else "scenarios"
    said = f"RW805 no {what} are named, and the shipped ones are not of the rulebook `{OWN}`; name files or folders of your own\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_nor_is_one_compared(tmp_path: Path) -> None:
    shutil.copytree(ROOT / OWN, tmp_path / "other")
    result = invoke(f"compare {OWN} {tmp_path}/other")
    assert result.exit_code == 2
    assert "RW805 no scenarios are named" in result.stderr
    assert result.stderr.endswith("; name cases with `--cases`\n")


def test_nor_does_one_fire_a_rule_of_ones_own() -> None:
    result = invoke(f"rule trust.lowest --rules {OWN}")
    assert result.exit_code == 0
    assert "Scenarios" not in result.stdout
    named = invoke(f"rule trust.lowest --rules {OWN} --scenarios tests/errors/common/scenarios.yaml")
    assert "the worst service counts" in named.stdout


def test_a_copy_of_the_shipped_rulebook_has_the_shipped_scenarios(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules" / "cqc", tmp_path / "mine")
    (tmp_path / "mine" / "policies" / "mine.yaml").write_text(AMENDED, "utf-8")
    assert is_shipped(Rules())
    assert is_shipped(Rules(tmp_path / "mine"))
    assert shipped("scenarios", Rules(tmp_path / "mine")) == ROOT / "scenarios"
    assert not is_shipped(Rules(OWN))
