"""The gallery of mistakes: each folder `CODE/mistake/` holds a wrong input beside what the command line answers.

A case folder is laid over `common/`, a small rulebook and case without mistakes, so it shows only the mistake. `command`
holds the command line (without it: `COMMAND`), `expected.txt` what is printed and the exit code. Inputs that are too large
or too odd to be kept as files are made by a function of `ODD`.

`RULEWRIGHT_REWRITE=1` rewrites the expected files.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from rulewright.cli import group

HERE = Path(__file__).parent
COMMAND = "rulewright run case.yaml --rules rules"
CASES = sorted(path.parent.relative_to(HERE).as_posix() for path in HERE.glob("RW*/*/expected.txt"))
REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"
ANSWERS = {"RW603": 3, "RW604": 3}  # the engine refuses: no mistake of the person's
OWN = ("command", "expected.txt")


def replaced_by_folder(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()


def replaced_by_dangling_link(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to(folder / "nowhere.yaml")


def replaced_by_loop(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to(folder / name)


def made(name: str, content: bytes) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda folder, _: (folder / name).write_bytes(content) and None


ODD: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {}


def folder_for(case: str, tmp_path: Path) -> Path:
    """The common files and those of the case over them."""
    folder = tmp_path / "work"
    shutil.copytree(HERE / "common", folder)
    shutil.copytree(HERE / case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OWN))
    return folder


def contents(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder, to see that nothing was written."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found[name] = "link" if path.is_symlink() else "folder" if path.is_dir() else path.read_bytes()
    return found


def answer(command: str) -> tuple[str, int]:
    """What a command prints, and its exit code. A traceback fails the test."""
    program, *arguments = shlex.split(command)
    assert program == "rulewright"
    result = CliRunner().invoke(group, arguments, prog_name="rulewright")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output, result.exit_code


@pytest.mark.parametrize("case", CASES)
def test_mistake(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_for(case, tmp_path)
    if case in ODD:
        ODD[case](folder, monkeypatch)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    before = contents(folder)
    written = HERE / case / "command"
    command = written.read_text("utf-8").strip() if written.exists() else COMMAND
    output, code = answer(command)
    got = f"$ {command}\n{output}exit code {code}\n"
    expected = HERE / case / "expected.txt"
    if REWRITE:
        expected.write_text(got, "utf-8")
    assert got == expected.read_text("utf-8")
    kind = case.partition("/")[0]
    assert code == ANSWERS.get(kind, 2)
    assert kind in output
    if kind != "RW603":  # both trails of engines that disagree are kept for us
        assert contents(folder) == before
