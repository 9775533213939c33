"""What `set`, `fmt` and `new` write, byte for byte; under `mend/` in a rulebook in which something
is wrong.

A case folder is laid over `common/`, a small rulebook: `before/` holds files that differ, `command`
the command lines, `expected.txt` what they print, `after/` every file that they wrote or changed.
`RULEWRIGHT_REWRITE=1` rewrites the last two.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.lint import check
from rulewright.rulebook.rulebook import load_rulebook
from tests.records import ticking

HERE = Path(__file__).parent
CASES = sorted(path.parent.relative_to(HERE).as_posix() for path in HERE.glob("*/*/command"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def answers(commands: str) -> str:
    """What the commands print, each with its exit code. A traceback fails the test."""
    shown = []
    for line in commands.splitlines():
        result = CliRunner().invoke(group, shlex.split(line)[1:], prog_name="rulewright")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        shown.append(f"$ {line}\n{result.output}exit code {result.exit_code}\n")
    return "".join(shown)


@pytest.mark.each_case_traced
@pytest.mark.parametrize("case", CASES)
def test_what_is_written(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    shutil.copytree(HERE / "common", work)
    if (HERE / case / "before").exists():
        shutil.copytree(HERE / case / "before", work, dirs_exist_ok=True)
    before = contents(work)
    monkeypatch.chdir(work)
    monkeypatch.setenv("LOGNAME", "aclerk")
    monkeypatch.setattr("rulewright.ledger.clock.now", ticking())  # seals keep who sealed, and when
    printed = answers((HERE / case / "command").read_text("utf-8"))
    after = {
        name: content for name, content in contents(work).items() if before.get(name) != content
    }
    kept = HERE / case / "after"
    if os.environ.get("RULEWRIGHT_REWRITE"):
        (HERE / case / "expected.txt").write_text(printed, "utf-8")
        shutil.rmtree(kept, ignore_errors=True)
        for name, content in after.items():
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            (kept / name).write_bytes(content)
    assert printed == (HERE / case / "expected.txt").read_text("utf-8")
    assert after == contents(kept)


@pytest.mark.parametrize("case", [each for each in CASES if each.startswith(("new", "set"))])
def test_what_is_written_has_no_errors(case: str, tmp_path: Path) -> None:
    """The rulebook with what was written, through all checks."""
    shutil.copytree(HERE / "common", tmp_path / "work")
    for layer in ("before", "after"):
        if (HERE / case / layer).exists():
            shutil.copytree(HERE / case / layer, tmp_path / "work", dirs_exist_ok=True)
    found = check(load_rulebook(tmp_path / "work" / "rules", "rules"))
    assert [str(each) for each in found if each.severity == "error"] == []


def test_the_shipped_rulebook_and_scenarios_are_in_style() -> None:
    result = CliRunner().invoke(group, ["fmt", "--check", "rules", "scenarios"])
    assert result.exit_code == 0, result.output
