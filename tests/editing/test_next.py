"""What `new` says is to be done next can be done as it says, in whatever folder the rulebook is."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group

HERE = Path(__file__).parent


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments), prog_name="rulewright")


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    "new",
    [
        "policy later --amends plain",
        "rule apart.from --of school --part apart.yaml",
        "case 'a small school'",
        "scenario 'a small school'",
        "case one -o 'two words.yaml'",
    ],
)
@pytest.mark.parametrize("folder", ["rules", "my rules", "it's ours"])
def test_the_next_command_finds_the_rulebook(
    new: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(HERE / "common" / "rules", tmp_path / folder)
    for each in (tmp_path / folder).rglob("mine.yaml"):
        each.unlink()
    monkeypatch.chdir(tmp_path)
    made = invoke("new", *shlex.split(new), "--rules", folder)
    assert made.exit_code == 0, made.output
    (command,) = re.findall(r"`(rulewright .+?)`", made.output)
    words = shlex.split(command.replace("TARGET=VALUE", "title=another").replace("NAME", "another"))
    assert words[-2:] == ["--rules", folder]
    done = invoke(*words[1:])
    assert done.exit_code == (2 if words[1] == "test" else 0), (
        done.output
    )  # what a scenario expects is still to be written
    assert ("`expect`" if words[1] == "test" else "") in done.output
