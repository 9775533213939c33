"""The pytest plugin, in a project of somebody else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rulewright.syntax.visible import visible_lines
from tests.scenarios.test_suites import lay

SETTINGS = """[pytest]
rulewright_scenarios = scenarios/*.yaml scenarios/*.csv
rulewright_rules = rules
addopts = -p no:cacheprovider -p no:hypothesispytest -p no:xdist -p no:cov --strict-markers --tb=short
"""
ROWS = "case,given,beds,expect > stage\nfew,facts.yaml,,not ready\nmany,facts.yaml,500,not ready\n"
Run = Callable[..., tuple[str, int]]
MORE = """- case: the same name
  as at: 2024-03-01
  trust: {beds: 5}
  expect: {stage: not ready}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A project with scenarios, facts that they share, a table in a CSV file, and a file with a
    mistake.
    """
    tmp_path = pytester.path
    lay("several-policies-in-one-scenario", tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios.yaml").rename(tmp_path / "scenarios" / "policies.yaml")
    (tmp_path / "scenarios" / "facts.yaml").write_text(
        "facts: few beds\nas at: 2024-03-01\ntrust: {beds: 5}\n"
    )
    (tmp_path / "scenarios" / "beds.csv").write_text(ROWS)
    (tmp_path / "scenarios" / "twice.yaml").write_text(MORE + MORE)
    (tmp_path / "scenarios" / "coverage-exceptions.yaml").write_text("exceptions: []\n")
    (tmp_path / "other.yaml").write_text(MORE)
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    return tmp_path


@pytest.fixture
def run(project: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What pytest prints in that project, and its exit code."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PYTEST_ADDOPTS", "")

    def run(*arguments: str) -> tuple[str, int]:
        done = pytester.runpytest_inprocess(*arguments)
        return "\n".join([*done.outlines, *done.errlines]), int(done.ret)

    return run


def test_scenarios_are_tests_of_a_project_with_lines_and_the_words_of_rulewright_test(
    project: Path, run: Run
) -> None:
    output, code = run("-v", "--continue-on-collection-errors", "--junitxml", "report.xml")
    assert code == 1
    assert "test_own.py::test_own PASSED" in output
    assert "scenarios/policies.yaml::a trust of 150 beds PASSED" in output
    assert "scenarios/beds.csv::few PASSED" in output
    assert (
        "scenarios/policies.yaml:9:9: a trust of 300 beds\n  scenarios/policies.yaml:16:20: `stage` under the policy `later`"
        in output
    )
    assert "    stages[ready] is in rules/policies/later.yaml:6, replaced by `later`\n" in output
    assert (
        "scenarios/policies.yaml:25:12: RW802 `stag` is not a derived attribute of this case; did you mean `stage`?"
        in output
    )
    assert "scenarios/beds.csv:3:4: `stage`: expected `not ready`, got `ready`" in output
    assert (
        "scenarios/twice.yaml:5:9: RW806 two scenarios of this file are called `the same name`"
        in output
    )
    assert "Traceback" not in output
    assert "other.yaml" not in output
    assert "facts.yaml" not in output
    assert "exceptions" not in output
    assert "3 failed, 4 passed, 1 error" in output
    cases = ElementTree.parse(project / "report.xml").getroot().iter("testcase")
    assert {each.get("name") for each in cases} >= {"a trust of 300 beds", "few", "test_own"}


def test_a_scenario_leads_no_further_than_the_folder_that_a_pattern_names(
    project: Path, run: Run
) -> None:
    (project / "shared.yaml").write_text("facts: few beds\nas at: 2024-03-01\ntrust: {beds: 5}\n")
    (project / "scenarios" / "twice.yaml").write_text(
        "- case: out\n  given: ../shared.yaml\n  expect: {stage: not ready}\n"
    )
    (project / "scenarios" / "linked.yaml").symlink_to("../other.yaml")
    output, code = run("scenarios")
    assert code == 2
    assert (
        "scenarios/twice.yaml:2:10: RW124 `../shared.yaml` leads out of the folder that was named"
        in output
    )
    assert (
        "scenarios/linked.yaml: RW124 `scenarios/linked.yaml` is a link that leads out of its folder"
        in output
    )


def test_tags_are_marks_and_lines_stand_in_the_report(project: Path, run: Run) -> None:
    (project / "scenarios" / "twice.yaml").unlink()
    output, code = run(
        "-m", "both-policies", "--junitxml", "report.xml", "-o", "junit_family=xunit1"
    )
    assert (code, "1 passed, 6 deselected" in output) == (0, True)
    [case] = ElementTree.parse(project / "report.xml").getroot().iter("testcase")
    assert (case.get("file"), case.get("line")) == ("scenarios/policies.yaml", "0")


def test_a_pattern_that_no_file_fits_is_told_unless_files_are_chosen(
    project: Path, run: Run
) -> None:
    (project / "scenarios" / "twice.yaml").unlink()
    (project / "pytest.ini").write_text(
        SETTINGS.replace("scenarios/*.csv", "scenarios/[ab]*.csv"), "utf-8"
    )
    told = "rulewright_scenarios: no file that is collected fits `scenarios/[ab]*.csv`"
    assert told in run("--collect-only")[0]
    assert told not in run("--collect-only", "scenarios")[0]


def test_a_tag_that_pytest_acts_on_skips_nothing(project: Path, run: Run) -> None:
    (project / "scenarios" / "twice.yaml").write_text(
        MORE.replace("  trust", "  tags: [skip, xfail]\n  trust").replace("not ready", "ready")
    )
    output, code = run("scenarios/twice.yaml")
    assert (code, "1 failed" in output) == (1, True)
    assert run("scenarios/twice.yaml", "-m", "tag-skip and tag-xfail")[1] == 1


def test_a_rulebook_that_is_not_there_is_told_once(project: Path, run: Run) -> None:
    (project / "pytest.ini").write_text(SETTINGS.replace("= rules\n", "= rulez\n"), "utf-8")
    output, code = run()
    assert (output, code) == ("ERROR: rulewright_rules: there is no folder `rulez`\n", 4)


def test_without_a_name_the_rulebook_is_the_copy_of_the_project(project: Path, run: Run) -> None:
    (project / "pytest.ini").write_text(SETTINGS.replace("rulewright_rules = rules\n", ""), "utf-8")
    (project / "rules").rename(project / "moved")
    assert (
        "stages[ready] is in" not in run("scenarios/policies.yaml")[0]
    )  # the shipped rulebook knows nothing of it
    (project / "rules").mkdir()
    (project / "moved").rename(project / "rules" / "cqc")
    assert (
        "stages[ready] is in rules/cqc/policies/later.yaml:6" in run("scenarios/policies.yaml")[0]
    )


@pytest.mark.untraced
def test_where_no_scenario_is_collected_nothing_of_the_package_is_imported() -> None:
    code = (
        "import sys, rulewright.testing.plugin as plugin; "
        "print(sorted(each for each in sys.modules if each.partition('.')[0] in ('rulewright', 'lark', 'yaml', 'pydantic')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['rulewright', 'rulewright.testing', 'rulewright.testing.plugin']\n"


def test_what_would_act_on_a_terminal_is_written_out(project: Path, run: Run) -> None:
    name = "o\x1bd\u202ed"
    (project / "scenarios" / f"{name}.yaml").write_text(
        '- {case: "a\\u200bb", as at: 2024-03-01, tags: ["t\\u2060g"], trust: {beds: 5}, expect: {stage: ready}}\n',
        "utf-8",
    )
    (project / "scenarios" / f"{name}-wrong.yaml").write_text(
        "case: x\nas at: !!%1b%5b31m y\n", "utf-8"
    )
    output, code = run("-v", "--continue-on-collection-errors", "--junitxml", "report.xml")
    assert code == 1
    assert visible_lines(output) == output
    assert "scenarios/o\\x1bd\\u202ed.yaml::a\\u200bb FAILED" in output
    assert "scenarios/o\\x1bd\\u202ed.yaml:1:10: a\\u200bb\n" in output
    assert (
        "scenarios/o\\x1bd\\u202ed-wrong.yaml:2:8: RW109 a tag (`!!\\x1b[31m`) is not allowed"
        in output
    )
    assert "ERROR scenarios/o\\x1bd\\u202ed-wrong.yaml" in output
