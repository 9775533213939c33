"""Nothing that somebody else wrote acts in what we write: every word of a rulebook, a case and a ledger goes through every page.

The files that commands write are those of `tests/cli/test_outputs.py`, which holds every option that writes one, in every form: a new
page joins by its line there. What is printed in such a form is in `PRINTED`, and who makes a document in `MAKERS`.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from tests.cli.test_outputs import WRITERS

from .hostile import ID, NAME, TEXT, case, named, rulebook, schools, written
from .live import CHECKS, check_annotations, check_html, check_json, check_junit, check_markdown, check_text

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine" / "rulewright"
FILE = '"><img src=x onerror=alert(1)>'  # in the name of a file, which cannot hold a slash
NAMES = {
    "example": named("second"), "stricter": named("third"), "stages": named("sizes"), "rules": f"rules{FILE}",
    "case.yaml": f"case{FILE}.yaml", "scenarios.yaml": f"scenarios{FILE}.yaml", "d.ledger": f"d{FILE}.ledger",
}  # fmt: skip
FORMS = [(command, ending) for command, endings in WRITERS.items() for ending in endings]
PRINTED = {
    "read example --rules rules": check_markdown, "read stricter --rules rules": check_markdown,
    "read example --rules rules --as html": check_html,
    f"rule {shlex.quote(named('visits.due'))} --rules rules --policy example": check_markdown,
    f"rule {shlex.quote(named('worst-of'))} --rules rules --policy example": check_markdown,
    "interpretations --rules rules --policy example": check_markdown,
    "test scenarios.yaml --rules rules": check_text, "test scenarios.yaml --rules rules --format junit": check_junit,
    "test scenarios.yaml --rules rules --format github": check_annotations, "test scenarios.yaml --rules rules --json": check_json,
    "run case.yaml --rules rules --json": check_json, "ledger export d.ledger": check_json,
}  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a rulebook, a case, scenarios and a ledger."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in rulebook().items():
        path = folder / NAMES["rules"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / NAMES["case.yaml"]).write_text(written(case()), "utf-8")
    (folder / NAMES["scenarios.yaml"]).write_text(written(schools()), "utf-8")
    return folder


@pytest.fixture
def hostile(world: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, as the present one."""
    monkeypatch.chdir(world)
    if not Path(NAMES["d.ledger"]).exists():
        said = " ".join(f"{option} {shlex.quote(TEXT)}" for option in ("--recorded-by", "--approved-by", "--reason"))
        result = invoke(f"run case.yaml --rules rules --record d.ledger {said}")
        assert result.exit_code == 0, result.output
    return world


def invoke(command: str, *more: str) -> Result:
    result = CliRunner().invoke(group, [*(NAMES.get(each, each) for each in shlex.split(command)), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.each_case_traced
@pytest.mark.parametrize(("command", "ending"), FORMS)
def test_nothing_acts_in_a_file_that_a_command_writes(command: str, ending: str, hostile: Path) -> None:
    path = Path(f"out-{abs(hash((command, ending)))}{FILE}{ending}")
    result = invoke(command, str(path))
    assert result.exit_code in (0, 1), result.output
    said = CHECKS[ending](path.read_bytes())
    assert NAME in said or ID in said or ending in (".csv",), "no word of the rulebook is in it"


@pytest.mark.each_case_traced
@pytest.mark.parametrize("command", PRINTED)
def test_nothing_acts_in_a_form_that_is_printed(command: str, hostile: Path) -> None:
    result = invoke(command)
    assert result.exit_code in (0, 1), result.output
    said = PRINTED[command](result.stdout_bytes)
    assert NAME in said or ID in said
