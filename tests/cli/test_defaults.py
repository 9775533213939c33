"""The shipped scenarios and properties are those of the shipped rulebook: for one's own nothing is
run that was not named.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.cli.defaults import is_shipped, rulebook_here, shipped
from rulewright.workbench import Rules
from tests.conftest import no_file_longer_than

ROOT = Path(__file__).parents[2]
OWN = "tests/errors/common/rules"
AMENDED = "policy: mine\nstatus: proposed\namends: legacy\n"


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    "command",
    ["test", "coverage", "mutate", "suggest", "suggest --uncovered", "properties", "test --json"],
)
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
    named = invoke(
        f"rule trust.lowest --rules {OWN} --scenarios tests/errors/common/scenarios.yaml"
    )
    assert "the worst service counts" in named.stdout


def test_a_copy_of_the_shipped_rulebook_has_the_shipped_scenarios(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules" / "cqc", tmp_path / "mine")
    (tmp_path / "mine" / "policies" / "mine.yaml").write_text(AMENDED, "utf-8")
    assert is_shipped(Rules())
    assert is_shipped(Rules(tmp_path / "mine"))
    assert shipped("scenarios", Rules(tmp_path / "mine")) == ROOT / "scenarios"
    assert not is_shipped(Rules(OWN))


# -- a copy to work in


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as `rulewright copy` makes it, and the commands called in it."""
    monkeypatch.chdir(tmp_path)
    result = invoke("copy work")
    assert result.exit_code == 0, result.output
    assert "\nnext: `cd work`; commands take the copy there" in result.stdout
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def test_a_copy_holds_what_is_shipped(copied: Path) -> None:
    for name in ("rules/cqc", "scenarios", "properties", "schemas"):
        shipped_files = {
            path.relative_to(ROOT).as_posix(): path.read_bytes()
            for path in (ROOT / name).rglob("*")
            if path.is_file()
        }
        own = {
            path.relative_to(copied).as_posix(): path.read_bytes()
            for path in (copied / name).rglob("*")
            if path.is_file()
        }
        assert own == shipped_files
    assert {path.name for path in copied.iterdir()} == {
        "rules",
        "scenarios",
        "properties",
        "schemas",
    }


def test_no_copy_is_made_in_a_rulebook_or_without_a_name(copied: Path) -> None:
    for folder in ("rules/cqc", "rules/cqc/mine"):
        result = invoke(f"copy {folder}")
        told = f"{folder}: RW438 `{folder}` cannot be written: it lies in a rulebook; choose another folder\n"
        assert (result.exit_code, result.stderr) == (2, told)
    result = invoke("copy ''")
    assert (result.exit_code, result.stderr) == (
        2,
        "RW438 the folder has no name; name a folder, or write `.` for this one\n",
    )
    assert {path.name for path in copied.iterdir()} == {
        "rules",
        "scenarios",
        "properties",
        "schemas",
    }


def test_a_copy_is_taken_without_being_named(copied: Path) -> None:
    made = invoke("new policy mine --amends legacy")
    assert made.stdout == (
        "wrote rules/cqc/policies/mine.yaml\n"
        "next: say what changes: `rulewright set 'TARGET=VALUE' --policy mine`, or write it into the file\n"
    )
    assert "\nmine " in invoke("policies").stdout
    assert shipped("scenarios", Rules("rules/cqc")) == copied / "scenarios"
    (
        copied / "rules" / "cqc" / "policies" / "consultation-2021-without-visits.yaml"
    ).unlink()  # it need not have all the shipped policies
    assert shipped("properties", Rules("rules/cqc")) == copied / "properties"
    shutil.rmtree(copied / "scenarios")
    assert invoke("test").stderr.startswith("RW805 no scenarios are named")


def test_another_rulebook_beside_a_copy_has_its_scenarios_where_it_is_one_too(copied: Path) -> None:
    shutil.copytree("rules/cqc", "rules/mine")
    shutil.copytree(ROOT / OWN, "rules/other")
    assert shipped("scenarios", Rules("rules/mine")) == copied / "scenarios"
    assert invoke("test --rules rules/other").stderr.startswith("RW805 no scenarios are named")


def test_what_is_named_goes_before_a_copy(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\nexample " in invoke(f"policies --rules {ROOT / OWN}").stdout
    monkeypatch.setenv("RULEWRIGHT_RULES", str(ROOT / OWN))
    assert "\nexample " in invoke("policies").stdout
    made = invoke("new policy mine --amends legacy --rules rules/cqc").stdout
    assert "--policy mine --rules rules/cqc`" in made  # else the next command would take the other


def test_in_the_projects_own_folder_the_shipped_rulebook_is_its_own() -> None:
    assert rulebook_here() is None


def test_nothing_of_a_copy_is_left_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with no_file_longer_than(20_000):
        result = invoke("copy one/two")
    assert result.exit_code == 2
    assert result.stderr.startswith("one/two: RW438 `one/two` cannot be written: file too large")
    assert not [*tmp_path.iterdir()]
    (tmp_path / "file").write_text("", "utf-8")
    assert (
        invoke("copy file/two").stderr
        == "file: RW438 `file` is a file, not a folder; choose another folder\n"
    )
    (tmp_path / "taken" / "scenarios").mkdir(parents=True)
    assert (
        invoke("copy taken").stderr
        == "taken: RW430 there is already `scenarios` in `taken`; choose another folder\n"
    )
    assert [*(tmp_path / "taken").iterdir()] == [tmp_path / "taken" / "scenarios"]
