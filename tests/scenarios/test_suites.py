"""Suites of scenarios and what `rulewright test` says of them: each folder of `suites/` holds
files, a command and what is printed.

The files are laid over `tests/errors/common`, a small rulebook. `RULEWRIGHT_REWRITE=1` rewrites
what is expected.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from rulewright.cli import group
from rulewright.schemas import schemas
from rulewright.syntax.yaml_loader import load_yaml_file
from tests.workbooks import build

HERE = Path(__file__).parent / "suites"
COMMON = Path(__file__).parents[1] / "errors" / "common"
SUITES = sorted(path.parent.name for path in HERE.glob("*/command"))
OWN = ("command", "expected.txt")
SCHEMAS = {
    name: Draft202012Validator(schema)
    for name, schema in schemas().items()
    if name in ("case", "tested")
}
REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"


def lay(name: str, folder: Path) -> None:
    """The files of a suite over the common rulebook."""
    shutil.copytree(COMMON / "rules", folder / "rules", dirs_exist_ok=True)
    shutil.copytree(HERE / name, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OWN))
    build(folder)


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The suite of several policies, as the folder in which one works."""
    lay("several-policies-in-one-scenario", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(command: str) -> Result:
    result = CliRunner().invoke(group, shlex.split(command)[1:])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.each_case_traced
@pytest.mark.parametrize("name", SUITES)
def test_a_suite_is_told_as_it_should(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(name, tmp_path)
    monkeypatch.chdir(tmp_path)
    command = (HERE / name / "command").read_text("utf-8")
    result = invoke(command)
    got = f"$ {command}{result.output}exit code {result.exit_code}\n"
    got += "".join(
        f"\n{each}:\n{(tmp_path / each).read_text('utf-8')}"
        for each in ("report.xml",)
        if (tmp_path / each).exists()
    )
    expected = HERE / name / "expected.txt"
    if REWRITE:
        expected.write_text(got, "utf-8")
    assert got == expected.read_text("utf-8")


@pytest.mark.parametrize(
    "path", sorted(HERE.glob("*/**/*.yaml")), ids=lambda path: path.relative_to(HERE).as_posix()
)
def test_the_schema_accepts_every_form(path: Path) -> None:
    if "rules" not in path.parts:
        tree = load_yaml_file(path)
        assert [each.message for each in SCHEMAS["case"].iter_errors(tree)] == []


def test_the_schema_refuses_a_table_without_rows_and_facts_that_are_no_mapping() -> None:
    validator = SCHEMAS["case"]
    assert not validator.is_valid([{"scenarios": "beds"}])
    assert not validator.is_valid({"facts": ["beds"]})


def test_each_line_of_json_is_as_the_schema_says(suite: Path) -> None:
    lines = invoke("rulewright test scenarios.yaml --json --rules rules").output.splitlines()
    validator = SCHEMAS["tested"]
    assert [
        [each.message for each in validator.iter_errors(json.loads(line))] for line in lines
    ] == [[]] * 4


KNOWN = {  # what readers of JUnit XML know of each element
    "testsuites": {"name", "tests", "failures", "errors", "time", "disabled"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package"},
    "testcase": {"name", "classname", "time", "status", "assertions", "file", "line"},
    "failure": {"message", "type"}, "error": {"message", "type"}, "skipped": {"message"},
}  # fmt: skip
WITHIN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "skipped"},
}


def test_junit_xml_is_as_its_readers_know_it(suite: Path) -> None:
    root = ElementTree.fromstring(
        invoke(
            "rulewright test scenarios.yaml --policy later --format junit --rules rules"
        ).output.encode()
    )
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) <= KNOWN[element.tag]
        assert {each.tag for each in element} <= WITHIN.get(element.tag, set())
    for holder in (root, *root.iter("testsuite")):
        counted = [str(len(list(holder.iter(each)))) for each in ("testcase", "failure", "error")]
        assert [holder.get(each) for each in ("tests", "failures", "errors")] == counted
    assert [each.get("skipped") for each in root] == [str(len(list(root.iter("skipped"))))]
    assert all(len(each) <= 1 for each in root.iter("testcase"))


@pytest.mark.each_case_traced
@pytest.mark.parametrize("form", ["junit", "github", "text"])
def test_a_report_has_one_form(form: str, suite: Path) -> None:
    both = invoke(f"rulewright test scenarios.yaml --rules rules --format {form} --json")
    assert (both.exit_code, both.stdout) == (2, "")
    assert (
        f"`--json` and `--format {form}` are two forms of the report; give one of them"
        in both.stderr
    )
    same = invoke("rulewright test scenarios.yaml --rules rules --format json --json")
    assert same.output == invoke("rulewright test scenarios.yaml --rules rules --json").output


def test_a_report_replaces_nothing_that_is_read(suite: Path) -> None:
    (suite / "rows.csv").write_text("case\n", "utf-8")
    before = {each: each.read_bytes() for each in suite.rglob("*") if each.is_file()}
    for output in ("scenarios.yaml", "rules/part.yaml", "rows.csv"):
        result = invoke(f"rulewright test scenarios.yaml --rules rules -o {output}")
        told = f"{output}: RW438 `{output}` is not replaced: it is read here, or may be; write to another file\n"
        assert (result.exit_code, result.output) == (2, told)
    assert {each: each.read_bytes() for each in suite.rglob("*") if each.is_file()} == before


@pytest.mark.parametrize("command", ["test scenarios.yaml -o", "coverage scenarios.yaml --html"])
def test_where_a_report_cannot_be_written_nothing_is_run(
    command: str, suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rulewright.testing.runner.load_scenarios", None)
    for output, what in (
        ("none/report.html", "there is no folder `none`"),
        ("folder.html", "it is a folder"),
    ):
        Path("folder.html").mkdir(exist_ok=True)
        result = invoke(f"rulewright {command} {output} --rules rules")
        assert result.exit_code == 2
        assert (
            f"RW438 `{output}` cannot be written: {what}" in result.output
            or "is a directory" in result.output
        )


def test_a_pipe_takes_the_report_and_stays(suite: Path) -> None:
    os.mkfifo("pipe")
    plain = invoke("rulewright test scenarios.yaml --rules rules")
    with open(os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)) as reader:
        assert (
            invoke("rulewright test scenarios.yaml --rules rules -o pipe").exit_code
            == plain.exit_code
        )
        assert reader.read() == plain.stdout
    assert Path("pipe").is_fifo()


def test_several_cores_say_what_one_says(suite: Path) -> None:
    command = "rulewright test scenarios.yaml --rules rules --json --workers"
    assert invoke(f"{command} 2").output == invoke(f"{command} 1").output


def test_somebody_who_interrupts_is_told_what_was_learnt(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("rulewright.testing.parallel.run_scenarios", interrupted)
    result = invoke("rulewright test scenarios.yaml --rules rules")
    assert result.output == "1 passed, 0 failed, 3 not run; interrupted\n"
    assert result.exit_code == 130


def test_a_terminal_is_shown_how_far_it_is(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = invoke("rulewright test scenarios.yaml --rules rules")
    monkeypatch.setattr("rulewright.cli.test.on_a_terminal", lambda: True)
    shown = invoke("rulewright test scenarios.yaml --rules rules")
    assert "scenarios" in shown.stderr
    assert (shown.stdout, shown.exit_code) == (plain.stdout, plain.exit_code)
