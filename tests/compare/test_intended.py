"""What is intended: any other difference, and any line that did not happen, ends in exit code 1."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import invoke

from .editing import RULES, Edit, edited

COMPARE = f"compare first second --rules {RULES} --cases tests/compare/cases.yaml"


def filled(path: Path) -> Path:
    """A draft with every reason and approval filled in."""
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("reason:\n", "reason: so it was decided\n").replace(
            "approved by:\n", "approved by: the Board\n"
        ),
        "utf-8",
    )
    return path


def test_a_draft_filled_in_answers_for_every_difference(tmp_path: Path) -> None:
    path = tmp_path / "intended.yaml"
    assert invoke(f"{COMPARE} --write-intended {path}").exit_code == 1
    result = invoke(f"{COMPARE} --intended {filled(path)} --json")
    record = json.loads(result.stdout)
    assert result.exit_code == 0
    assert record["counts"]["not intended"] == 0
    assert {each["intended"] for each in record["differences"]} == {"so it was decided (the Board)"}
    assert sum(each["differences"] for each in record["intended"]) == record["counts"]["differ"] > 0


def test_a_draft_answers_for_deciding_rules_too(tmp_path: Path) -> None:
    new, path = tmp_path / "new", tmp_path / "intended.yaml"
    part = "parts/rating.yaml"
    renamed = [
        (part, "- rule: overall.core"),
        (part, "overrides: [overall.core]"),
        ("policies/second.yaml", "overall.core:"),
    ]
    edited(
        new,
        [
            Edit(file, text, text.replace("overall.core", "overall.renamed"), ())
            for file, text in renamed
        ],
    )
    command = f"compare {RULES} {new} --policy first --cases tests/compare/cases.yaml"
    assert "decided by overall.core -> decided by overall.renamed" in " ".join(
        invoke(f"{command} --write-intended {path}").stdout.split()
    )
    assert invoke(f"{command} --intended {filled(path)}").exit_code == 0


def test_a_draft_that_is_not_filled_in_intends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "intended.yaml"
    invoke(f"{COMPARE} --write-intended {path}")
    result = invoke(f"{COMPARE} --intended {path}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("RW833 `reason` is left empty") == 5


def test_a_draft_never_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "intended.yaml"
    path.write_text("mine", "utf-8")
    result = invoke(f"{COMPARE} --write-intended {path}")
    assert (result.exit_code, result.stdout, path.read_text("utf-8")) == (2, "", "mine")
    assert result.stderr.startswith(f"{path}: RW835 ")


def test_any_other_difference_ends_in_exit_code_1(tmp_path: Path) -> None:
    path = tmp_path / "intended.yaml"
    line = '  - {case: "*", attribute: "* > rating", before: not stated, after: not published, reason: so, approved by: me}'
    path.write_text(f"intended:\n{line}\n", "utf-8")
    result = invoke(f"{COMPARE} --intended {path}")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}:2:5: RW834 ")
    path.write_text(
        "intended:\n" + line.replace("before: not stated", 'before: "*"') + "\n", "utf-8"
    )
    assert invoke(f"{COMPARE} --intended {path}").stderr == ""
    lines = [
        f"  - {{case: rated*, attribute: {attribute}, before: {before}, after: not published, reason: so, approved by: me}}\n"
        for attribute, before in (("Maternity > rating", "outstanding"), ("'* > rating'", "good"))
    ]
    path.write_text("".join(["intended:\n", *lines]), "utf-8")
    result = invoke(f"{COMPARE} --intended {path}")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "not intended: 3 of 5 differences" in result.stdout


def test_a_line_that_did_not_happen_says_what_did(tmp_path: Path) -> None:
    path = tmp_path / "intended.yaml"
    invoke(f"{COMPARE} --write-intended {path}")
    text = filled(path).read_text("utf-8")
    cases = {
        (
            'after: "requires improvement"',
            'after: "inadequate"',
        ): "it went from `good` to `requires improvement`",
        (
            'case: "two good services"',
            'case: "two god services"',
        ): "did you mean `two good services`?",
        (
            'attribute: "Maternity > rating"',
            'attribute: "Maternity > ratting"',
        ): "did you mean `Maternity > rating` or",
        (
            'attribute: "Maternity > rating"',
            'attribute: "Maternity > caring > rating"',
        ): "did you mean",
    }
    for (old, new), help in cases.items():
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        result = invoke(f"{COMPARE} --intended {path}")
        [line] = result.stderr.splitlines()
        assert (result.exit_code, line.split(" ")[1], help in line) == (1, "RW834", True), line


def test_a_star_in_the_name_of_a_case_is_its_own(tmp_path: Path) -> None:
    cases, path = tmp_path / "cases.yaml", tmp_path / "intended.yaml"
    text = (
        Path("tests/compare/cases.yaml")
        .read_text("utf-8")
        .split("\n- case: an inadequate service")[0]
    )
    one, other = (text.replace("two good services", f'"{name}"') for name in ("a*b", "axxb"))
    cases.write_text(one + other, "utf-8")
    command = f"compare first second --rules {RULES} --cases {cases}"
    invoke(f"{command} --write-intended {path}")
    head, *lines = filled(path).read_text("utf-8").split("  - case: ")
    path.write_text(
        head + "".join(f"  - case: {each}" for each in lines if not each.startswith('"axxb"')),
        "utf-8",
    )
    result = json.loads(invoke(f"{command} --intended {path} --json").stdout)
    assert {each["case"] for each in result["differences"] if not each.get("intended")} == {"axxb"}


def test_a_draft_of_no_differences_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "intended.yaml"
    command = f"compare first first --rules {RULES} --cases tests/compare/cases.yaml"
    assert invoke(f"{command} --write-intended {path}").exit_code == 0
    assert invoke(f"{command} --intended {path}").exit_code == 0


def test_where_one_of_two_files_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    page, draft = tmp_path / "same.html", tmp_path / "intended.yaml"
    for options, told in (
        (
            f"--html {tmp_path}/folder.html --write-intended {draft}",
            "cannot be written: it is a folder",
        ),
        (
            f"--html {tmp_path}/none/page.html --write-intended {draft}",
            f"cannot be written: there is no folder `{tmp_path}/none`",
        ),
        (
            f"--html {page} --write-intended {tmp_path}/none/x",
            f"cannot be written: there is no folder `{tmp_path}/none`",
        ),
        (f"--html {page} --write-intended {page}", "cannot be both the page and the draft"),
    ):
        result = invoke(f"{COMPARE} {options}")
        assert (
            result.exit_code,
            result.stdout,
            "RW438" in result.stderr,
            told in result.stderr,
        ) == (2, "", True, True)
    assert [each.name for each in tmp_path.iterdir()] == ["folder.html"]
