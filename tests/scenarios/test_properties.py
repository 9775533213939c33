"""Declared properties: the shipped ones are as declared, what is found is a scenario, and two runs
say the same.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from rulewright.cli import group
from rulewright.properties import check, load_properties
from rulewright.properties.case_writer import as_text
from rulewright.schemas import schemas
from rulewright.syntax.yaml_loader import load_yaml_file
from rulewright.workbench import Rules

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "properties").glob("*.yaml"))
OWN = "tests/cli/properties.yaml"
RULES = ["--rules", "tests/errors/common/rules"]


@pytest.mark.untraced
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_properties_are_as_declared_and_their_records_validate(path: Path) -> None:
    rules = Rules()
    validator = Draft202012Validator(schemas()["property"])
    for declared in load_properties([path]):
        record = check(rules, declared).record
        assert record.as_declared, record
        assert [
            each.message for each in validator.iter_errors(json.loads(json.dumps(record.to_json())))
        ] == []


def test_every_policy_has_properties_and_is_asked_whether_it_is_monotone() -> None:
    asked = {(str(each.policy), each.kind) for each in load_properties(SHIPPED)}
    for policy in Rules().policies:
        assert {(policy.id, "monotone"), (policy.id, "reachable")} <= asked


@pytest.mark.parametrize("path", [*SHIPPED, ROOT / OWN], ids=lambda path: path.stem)
def test_files_of_properties_validate(path: Path) -> None:
    assert [
        each.message
        for each in Draft202012Validator(schemas()["properties"]).iter_errors(load_yaml_file(path))
    ] == []


def test_what_is_found_is_written_as_scenarios_that_hold(tmp_path: Path) -> None:
    folder = tmp_path / "found"
    runner = CliRunner()
    first = runner.invoke(group, ["properties", OWN, "--write", str(folder), *RULES])
    assert first.exit_code == 3
    assert len(list(folder.iterdir())) == 6  # two hold and give no case
    tested = runner.invoke(group, ["test", str(folder), *RULES])
    assert tested.output == "8 passed, 0 failed\n", tested.output
    again = runner.invoke(group, ["properties", OWN, "--write", str(folder), *RULES])
    assert again.exit_code == 2
    assert again.stderr.count("RW430") == 6
    assert again.stdout.splitlines()[-1] == first.stdout.splitlines()[-1]  # the verdict


def test_a_file_in_place_of_the_folder_is_told_before_anything_is_checked(tmp_path: Path) -> None:
    (tmp_path / "found").write_text("mine", "utf-8")
    for folder in ("found", "found/deeper"):
        told = CliRunner().invoke(
            group, ["properties", OWN, "--write", str(tmp_path / folder), *RULES]
        )
        assert (told.exit_code, told.stdout) == (2, "")
        assert told.stderr.endswith(
            f"RW438 `{(tmp_path / 'found').as_posix()}` is a file, not a folder; choose another folder\n"
        )


def test_two_runs_say_the_same_and_find_the_same_cases() -> None:
    rules = Rules(ROOT / "tests" / "errors" / "common" / "rules")
    once, again = ([check(rules, each) for each in load_properties([ROOT / OWN])] for _ in range(2))
    assert [each.record.to_json() for each in once] == [each.record.to_json() for each in again]
    texts = [[as_text(each.posed, found) for found in each.found] for each in once]
    assert texts == [[as_text(each.posed, found) for found in each.found] for each in again]
