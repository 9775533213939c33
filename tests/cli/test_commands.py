"""What the commands print, byte for byte: `command` beside `expected.txt`.

`RULEWRIGHT_REWRITE=1` rewrites them.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from rulewright.cli import COMMANDS, group
from rulewright.decision.running import WITHOUT_FORWARD

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/command"))


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.mark.each_case_traced
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_command_prints_what_it_should(folder: Path) -> None:
    result = invoke((folder / "command").read_text())
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    got = f"{result.stdout}{result.stderr}exit code {result.exit_code}\n".replace(
        f"reference; {WITHOUT_FORWARD};", "reference and forward;"
    )
    if os.environ.get("RULEWRIGHT_REWRITE"):
        (folder / "expected.txt").write_text(got, "utf-8")
    assert got == (folder / "expected.txt").read_text("utf-8")


def test_every_outcome_is_one_line_of_json() -> None:
    result = invoke("run tests/cli/several.jsonl --json")
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["schema"] == second["schema"] == "rulewright/outcome/1"
    assert first["decision"]["case"] == "first"
    answers = {
        (each["entity"], each["attribute"]): each["possible"]
        for each in second["decision"]["answers"]
    }
    assert answers["Nursing", "overall rating"] == ["inadequate"]


def test_every_answer_of_several_cases_says_of_which_case_it_is() -> None:
    result = invoke("run tests/cli/several.jsonl --only 'overall rating' --json")
    whole = map(json.loads, invoke("run tests/cli/several.jsonl --json").stdout.splitlines())
    cases = [each["decision"]["case"] for each in whole]
    said = [json.loads(line)["case"] for line in result.stdout.splitlines()]
    assert list(dict.fromkeys(said)) == cases


def test_bad_and_good_cases_in_one_call_are_all_told_and_the_worst_code_wins() -> None:
    result = invoke("run tests/cli/undated.yaml tests/cli/judged.yaml tests/cli/no-such-file.yaml")
    assert result.exit_code == 2
    assert "RW414" in result.stderr
    assert "RW101" in result.stderr
    assert "Nursing" in result.stdout


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("run tests/cli/judged.yaml --policy legacy --policy guidance-2024-03", "--policy"),
        ("run tests/cli/judged.yaml --as-at 2021-01-01 --as-at=2022-01-01", "--as-at"),
        ("what-if tests/cli/judged.yaml 'Nursing > safe' --to good --to outstanding", "--to"),
        ("ledger show l.ledger 1 --json", ""),
        ("ledger verify l.ledger --head a --key k --head b", "--head"),
        ("report tests/cli/judged.yaml -o a.html --output b.html", "--output"),
    ],
)
def test_an_option_that_takes_one_value_is_given_once(command: str, option: str) -> None:
    result = invoke(command)
    assert result.exit_code == 2
    assert (f"Error: `{option}` is given 2 times; give it once\n" in result.stderr) == bool(option)


def test_options_that_may_be_repeated_are(tmp_path: Path) -> None:
    settings = "--set 'service view period=12 months' --set 'most services overdue=1'"
    assert "given 2 times" not in invoke(f"run tests/cli/judged.yaml {settings}").stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "report tests/cli/judged.yaml -o .html",
            "RW641 `.html` is not the name of a page; put a name before `.html`\n",
        )
    ],
)
def test_what_cannot_be_meant_is_told(command: str, said: str) -> None:
    result = invoke(command)
    assert (result.exit_code, result.stderr) == (2, said)


@pytest.mark.parametrize("line", ["", "ledger", "new", "table"])
def test_no_summary_of_a_command_is_cut(line: str) -> None:
    shown = CliRunner().invoke(group, [*line.split(), "--help"], terminal_width=80).stdout
    summaries = shown.split("Commands:")[1].split("\n\n")[0].strip().splitlines()
    assert len(summaries) > 2
    for each in summaries:
        assert not each.endswith((".", "…")), each


@pytest.mark.parametrize("name", list(COMMANDS))
def test_help_shows_in_brackets_what_may_be_left_out(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    for each in command.params:
        if isinstance(each, click.Argument):
            assert each.make_metavar(click.Context(command)).startswith("[") == (not each.required)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("test --workers many", "'--workers': `many` is not a whole number"),
        ("mutate --seed 1.5", "'--seed': `1.5` is not a whole number"),
        ("suggest --most ''", "'--most': `` is not a whole number"),
        ("coverage --fail-under abc", "'--fail-under': `abc` is not a number"),
        ("coverage --fail-under nan", "'--fail-under': `nan` is not a number"),
        ("mutate --fail-under inf", "'--fail-under': `inf` is not a number"),
        ("ledger show a.ledger first", "'N': `first` is not a whole number"),
        ("mutate --sample 0", "'--sample': 0 is not in the range x>=1."),
    ],
)
def test_what_is_no_number_is_told_in_plain_words(command: str, said: str) -> None:
    result = invoke(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(f"Error: Invalid value for {said}\n")


def test_an_answer_as_json() -> None:
    result = invoke("run tests/cli/judged.yaml --only 'Nursing > safe' --json")
    answer = json.loads(result.stdout)
    assert answer["possible"] == ["good"]
    assert answer["judgement"]["rules gave"] == ["requires improvement"]
    assert answer["judgement"]["passes limits"] == ["enforcement.requirement-notice"]


def test_everything_can_be_shown() -> None:
    brief, full = (
        invoke("run tests/cli/judged.yaml").stdout,
        invoke("run tests/cli/judged.yaml --all").stdout,
    )
    assert len(full) > len(brief)


def test_policies_are_completed_in_the_shell() -> None:
    from click.shell_completion import ShellComplete

    completion = ShellComplete(group, {}, "rulewright", "_RULEWRIGHT_COMPLETE")
    assert "legacy" in [item.value for item in completion.get_completions(["run", "--policy"], "")]
    assert "run" in [item.value for item in completion.get_completions([], "r")]


def test_a_terminal_gets_a_tree_with_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from rulewright.cli import outcomes

    monkeypatch.setattr(outcomes, "on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    shown = invoke("run tests/cli/judged.yaml").stdout
    assert "the lead inspector" in shown
    assert "\u2514" in shown


def test_a_setting_without_a_value_is_refused() -> None:
    result = invoke("run tests/cli/judged.yaml --set nonsense")
    assert result.exit_code == 2
    assert "is not `parameter=value`" in result.stderr


def test_a_policy_is_sealed_by_the_command(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "rules"
    shutil.copytree(HERE / "withdrawing", folder)
    result = invoke(f"seal p --reason 'as adopted' --rules {folder}")
    assert result.exit_code == 0
    assert result.stdout.startswith("sealed p as sha256:")
    assert "as adopted" in (folder / "seals.yaml").read_text()
    assert invoke(f"seal q --reason x --rules {folder}").exit_code == 2
    rules = folder / "rules.yaml"
    rules.write_text(rules.read_text().replace("value: 5", "value: 6"))
    refused = invoke(f"run tests/cli/withdrawn.yaml --rules {folder}")
    assert refused.exit_code == 2
    assert "RW420" in refused.stderr


def test_where_a_supplied_value_was_taken_from_is_shown() -> None:
    result = invoke("run scenarios/real/2024-25/REM.yaml --json")
    [supplied] = json.loads(result.stdout)["decision"]["supplied"]
    assert supplied == {
        "entity": "trust",
        "attribute": "well-led percentage",
        "value": "75",
        "origin": "cqc-reports-2024-25, row 2",
    }


def test_a_mistake_of_many_cases_is_counted(tmp_path: Path) -> None:
    """One case after the other is answered, and what is wrong with all of them is told as of one
    file.
    """
    case = {"as at": "2021-04-01", "trust": {"trust typ": "acute"}}
    path = tmp_path / "cases.jsonl"
    path.write_text(
        "".join(f"{json.dumps({'case': f'case {number}', **case})}\n" for number in range(130))
    )
    result = invoke(f"run {path}")
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert len(told) == 101
    assert told[-1].endswith("cases.jsonl: RW501 and 30 more like these")
