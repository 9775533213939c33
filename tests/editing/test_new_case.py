"""The lines that a new case shows in comments can be taken as they are."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.editing.new_files import create_file
from rulewright.facts.cases import bind_case, load_cases
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules
from tests.conftest import no_file_longer_than


@pytest.mark.parametrize("rules", ["tests/editing/common/rules", "rules/cqc"])
def test_every_fact_that_is_shown_can_be_stated(rules: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    made = CliRunner().invoke(
        group, ["new", "case", "all facts", "--rules", rules, "-o", str(file)]
    )
    assert made.exit_code == 0, made.output
    text = re.sub(r"^( +)# ", r"\1", file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(text, "utf-8")
    (case,) = load_cases(file)
    rulebook = Rules(rules)
    choice, _ = rulebook.decide_policy(case)
    bound = bind_case(case, rulebook.program(choice.policy).vocabulary)
    assert sum(len(entity.facts) for entity in bound.entities) > 5


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with no_file_longer_than(1024):
        made = CliRunner().invoke(group, ["new", "case", "big", "-o", str(file)])
    assert "RW438" in made.output
    assert "file too large" in made.output
    assert made.exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_is_never_written_over_another(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:  # as on disks that know no second names
        monkeypatch.setattr(os, "link", refuse)
    file = tmp_path / "one.yaml"
    create_file(file, b"first", "one.yaml")
    with pytest.raises(InputError, match="RW430"):
        create_file(file, b"second", "one.yaml")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("one.yaml", b"first")
    ]
