"""Where files may lie that cases and scenarios lead to: below what was named, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright import InputError, cases
from rulewright.cli import group
from rulewright.coverage import exceptions_in
from rulewright.properties import load_properties
from rulewright.testing.runner import load_scenarios, scenario_files

ROOT = Path(__file__).parents[2]
SHARED = "- case: north\n  given: ../shared/trust.yaml\n  expect: {stage: ready}\n"
FACTS = "facts: a trust\nas at: 2024-03-01\ntrust: {name: North, beds: 120}\n"
OUT = "RW124 `../shared/trust.yaml` leads out of the folder that was named"


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a suite in two folders, and with something that is nobody's business beside
    it.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RULEWRIGHT_WITHIN", raising=False)
    for name in ("suite/north", "suite/shared", "private"):
        Path(name).mkdir(parents=True)
    Path("suite/north/north.yaml").write_text(SHARED)
    Path("suite/shared/trust.yaml").write_text(FACTS)
    Path("private/salaries.csv").write_text("name,salary\nA. Clerk,30000\n")
    Path("private/facts.yaml").write_text(FACTS)
    return tmp_path


def printed(command: str) -> tuple[int, str]:
    """A command's exit code and what it prints."""
    result = CliRunner().invoke(
        group, [*command.split(), "--rules", str(ROOT / "tests/errors/common/rules")]
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize(
    "named",
    [
        "suite",
        "suite/north suite/shared",
        "suite/north/north.yaml suite/shared",
        ".",
        "suite/shared suite/north",
    ],
)
def test_a_suite_that_shares_facts_runs_where_the_folder_of_both_is_named_or_each_of_them(
    named: str, suite: Path
) -> None:
    if named == ".":
        Path("private/facts.yaml").unlink()
    assert printed(f"test {named}") == (0, "1 passed, 0 failed\n")


@pytest.mark.parametrize("named", ["suite/north", "suite/north/north.yaml"])
def test_where_only_one_is_named_the_other_is_out_of_reach(
    named: str, suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = printed(f"test {named}")
    assert (code, OUT in output) == (2, True)
    monkeypatch.setenv("RULEWRIGHT_WITHIN", "suite")
    assert printed(f"test {named}") == (0, "1 passed, 0 failed\n")


def test_a_case_leads_below_its_own_folder_or_where_the_environment_says(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, output = printed("run suite/north/north.yaml")
    assert (code, OUT in output) == (2, True)
    monkeypatch.setenv("RULEWRIGHT_WITHIN", str(suite / "suite"))
    assert printed("run suite/north/north.yaml")[0] == 0
    monkeypatch.setenv("RULEWRIGHT_WITHIN", str(suite / "private"))
    assert printed("run suite/north/north.yaml")[0] == 2


def test_in_python_a_folder_can_be_named_as_well(suite: Path) -> None:
    with pytest.raises(InputError, match="RW124"):
        cases("suite/north/north.yaml")
    [found] = cases("suite/north/north.yaml", within="suite")
    assert found.tree["trust"]["beds"] == "120"


@pytest.mark.parametrize(
    "line",
    [
        "rows: ../../private/salaries.csv",
        "rows: /etc/passwd",
        "rows: ../shared/../../private/salaries.csv",
        "rows: salaries.csv",
        "rows: linked/salaries.csv",
        "rows: ../../private/none.csv",
    ],
)
def test_nothing_is_shown_of_a_file_elsewhere_not_even_whether_it_is_there(
    line: str, suite: Path
) -> None:
    Path("suite/north/salaries.csv").symlink_to(suite / "private/salaries.csv")
    Path("suite/north/linked").symlink_to("../../private")
    Path("suite/north/north.yaml").write_text(f"- scenarios: x\n  as at: 2024-03-01\n  {line}\n")
    code, output = printed("test suite")
    assert code == 2
    assert output == (
        f"suite/north/north.yaml:3:9: RW124 `{line.removeprefix('rows: ')}` leads out of the folder that was named; put the file "
        "below it, or name in `RULEWRIGHT_WITHIN` the folder that holds both\n"
    )


def test_facts_that_lead_further_have_to_stay_in_the_folder_too(suite: Path) -> None:
    Path("suite/shared/trust.yaml").write_text(FACTS + "given: ../../private/facts.yaml\n")
    code, output = printed("test suite")
    assert (
        code,
        output.startswith(
            "suite/shared/trust.yaml:4:8: RW124 `../../private/facts.yaml` leads out"
        ),
    ) == (2, True)


def test_a_link_that_was_found_is_read_where_it_leads_below_the_folder(suite: Path) -> None:
    Path("suite/shared/again.yaml").symlink_to("../north/north.yaml")
    assert printed("test suite") == (0, "2 passed, 0 failed\n")
    Path("private/other.yaml").write_text(
        "- case: other\n  as at: 2024-03-01\n  trust: {beds: 120}\n  expect: {stage: ready}\n"
    )
    Path("suite/other.yaml").symlink_to("../private/other.yaml")
    code, output = printed("test suite")
    assert (
        code,
        "suite/other.yaml: RW124 `suite/other.yaml` is a link that leads out of its folder"
        in output,
    ) == (2, True)


def test_a_link_that_was_named_is_read_wherever_it_leads(suite: Path) -> None:
    """What lies below the link is then below the folder."""
    Path("here").symlink_to("suite")
    assert printed("test here") == (0, "1 passed, 0 failed\n")
    Path("case.yaml").symlink_to("suite/north/north.yaml")
    Path("shared").symlink_to("suite/shared")
    code, output = printed("test case.yaml")
    assert (code, "case.yaml:2:10: RW124" in output) == (2, True)
    Path("case.yaml").unlink()
    Path("private/other.yaml").write_text("case: other\nas at: 2024-03-01\ntrust: {beds: 120}\n")
    Path("case.yaml").symlink_to("private/other.yaml")
    assert printed("run case.yaml")[0] == 0


def test_a_pipe_among_scenarios_is_told_and_a_link_that_leads_nowhere_is_passed_over(
    suite: Path,
) -> None:
    Path("suite/.#north.yaml").symlink_to(
        "somebody@somewhere"
    )  # so an editor marks a file that is being edited
    assert printed("test suite") == (0, "1 passed, 0 failed\n")
    os.mkfifo("suite/pipe.yaml")
    code, output = printed("test suite")
    assert (
        code,
        output.startswith("suite/pipe.yaml: RW101 `suite/pipe.yaml` is a pipe, not a file"),
    ) == (2, True)


def test_exceptions_and_properties_stay_in_their_folder_too(suite: Path) -> None:
    Path("suite/coverage-exceptions.yaml").symlink_to("../private/facts.yaml")
    with pytest.raises(InputError, match=r"suite/coverage-exceptions\.yaml: RW124"):
        exceptions_in([Path("suite")])
    Path("suite/linked.yaml").symlink_to("../private/facts.yaml")
    with pytest.raises(InputError, match=r"suite/linked\.yaml: RW124"):
        load_properties([Path("suite")])


def test_the_shipped_scenarios_and_properties_load_whichever_of_their_files_and_folders_is_named() -> (
    None
):
    scenarios = ROOT / "scenarios"
    folders = [
        scenarios,
        *(each for each in scenarios.rglob("*") if each.is_dir() and list(each.rglob("*.yaml"))),
    ]
    files = [each.path for each in scenario_files([scenarios])]
    assert (
        sum(len(load_scenarios([each])) for each in files) == len(load_scenarios([scenarios])) > 100
    )
    assert all(load_scenarios([each]) for each in folders)
    assert all(load_properties([each]) for each in (ROOT / "properties").glob("*.yaml"))
