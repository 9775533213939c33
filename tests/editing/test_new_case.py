"""The lines that a new case shows in comments can be taken as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.language.cases import bind_case, load_cases
from rulewright.workbench import Rules


@pytest.mark.parametrize("rules", ["tests/editing/common/rules", "rules/cqc"])
def test_every_fact_that_is_shown_can_be_stated(rules: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    made = CliRunner().invoke(group, ["new", "case", "all facts", "--rules", rules, "-o", str(file)])
    assert made.exit_code == 0, made.output
    text = re.sub(r"^( +)# ", r"\1", file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(text, "utf-8")
    (case,) = load_cases(file)
    rulebook = Rules(rules)
    choice, _ = rulebook.decide_policy(case)
    bound = bind_case(case, rulebook.program(choice.policy).vocabulary)
    assert sum(len(entity.facts) for entity in bound.entities) > 5
