"""What cannot be made again is not replaced by an output, and numbers that no ledger reaches are
refused.
"""

from __future__ import annotations

import shlex
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group

ROOT = Path(__file__).parents[2]


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "case.html").write_bytes((ROOT / "scenarios/real/2024-25/REM.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    recorded = invoke(
        f"run {ROOT / 'scenarios/real/2024-25/REM.yaml'} --record d.ledger --recorded-by clerk"
    )
    assert recorded.exit_code == 0, recorded.output
    (tmp_path / "link").symlink_to("d.ledger")
    (tmp_path / "k.key").write_text("-----BEGIN PRIVATE KEY-----\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        ("ledger export d.ledger -o d.ledger", "d.ledger"),
        ("ledger export link -o d.ledger", "d.ledger"),
        ("ledger export d.ledger -o link", "d.ledger"),
        ("ledger export d.ledger -o k.key", "k.key"),
        ("read legacy -o d.ledger", "d.ledger"),
        ("report case.html -o case.html", "case.html"),
    ],
)
def test_a_ledger_a_key_and_the_case_at_hand_are_not_replaced(
    command: str, spared: str, folder: Path
) -> None:
    before = (folder / spared).read_bytes()
    result = invoke(command)
    assert result.exit_code == 2
    assert "RW438" in result.stderr
    assert "is not replaced" in result.stderr
    assert (folder / spared).read_bytes() == before


@pytest.mark.parametrize(
    "command",
    [
        "ledger show d.ledger {}",
        "ledger replay d.ledger --entry {}",
        "report d.ledger --entry {} -o x.html",
    ],
)
def test_a_number_that_no_ledger_reaches_is_refused(command: str, folder: Path) -> None:
    result = invoke(command.format(10**23))
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)


def test_a_head_nested_too_deeply_is_no_head(folder: Path) -> None:
    (folder / "deep.json").write_text("[" * 100_000 + "]" * 100_000, "utf-8")
    result = invoke("ledger verify d.ledger --head deep.json")
    assert result.exit_code == 2
    assert "RW916" in result.stderr


def test_a_report_on_an_entry_that_does_not_stand_says_so_first(folder: Path) -> None:
    case = ROOT / "scenarios/real/2024-25/REM.yaml"
    taken = invoke(
        f"run {case} --record d.ledger --recorded-by clerk --kind quashed --supersedes 1 --reason 'the court said so'"
    )
    assert taken.exit_code == 0, taken.output
    for number, said in (
        (1, "quashed by entry 2 at "),
        (2, "this entry quashes entry 1: the court said so"),
    ):
        assert invoke(f"report d.ledger --entry {number} -o e.html").exit_code == 0
        head = (folder / "e.html").read_text("utf-8").partition("<nav")[0]
        assert "(not in effect)</h1>" in head
        assert said in head
        assert "the court said so" in head
    listed = invoke("ledger list d.ledger").stdout
    assert "(quashed by entry 2)" in listed.splitlines()[0]


def test_a_report_on_an_entry_that_stands_says_nothing_of_it(folder: Path) -> None:
    assert invoke("report d.ledger --entry 1 -o e.html").exit_code == 0
    page = (folder / "e.html").read_text("utf-8")
    assert "Not in effect" not in page
    assert "(not in effect)" not in page


def test_a_report_on_a_ledger_asks_which_entry(folder: Path) -> None:
    came = invoke("report d.ledger -o e.html")
    assert came.exit_code == 2
    assert came.output.startswith(
        "d.ledger: RW103 this is a ledger or another database, not a text; "
    )
    assert "`rulewright report --entry N`" in came.output
    assert not Path("e.html").exists()


@pytest.mark.parametrize(
    "envelope", [b'{"a":', None], ids=["that cannot be read", "of a kind that supersedes nothing"]
)
@pytest.mark.parametrize(
    "command",
    [
        "ledger list d.ledger",
        "ledger show d.ledger 1",
        "report d.ledger --entry 1 -o e.html",
        "report d.ledger --entry 2 -o e.html",
    ],
)
def test_a_later_entry_that_was_edited_ends_in_no_traceback(
    envelope: bytes | None, command: str, folder: Path
) -> None:
    quashed = invoke(
        f"run {ROOT / 'scenarios/real/2024-25/REM.yaml'} --record d.ledger --recorded-by clerk --kind quashed "
        "--supersedes 1 --reason mistaken"
    )
    assert quashed.exit_code == 0, quashed.output
    connection = sqlite3.connect("d.ledger")
    for (trigger,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    [[stored]] = connection.execute("SELECT envelope FROM entries WHERE number = 2").fetchall()
    edited = (
        envelope if envelope is not None else bytes(stored).replace(b'"quashed"', b'"decision"')
    )
    connection.execute("UPDATE entries SET envelope = ? WHERE number = 2", (edited,))
    connection.commit()
    connection.close()
    came = invoke(command)
    assert came.exception is None or isinstance(came.exception, SystemExit)
    assert came.exit_code == 1
    said = (
        "the envelope is not JSON"
        if envelope is not None
        else "its hash is not that of its envelope"
    )
    assert f"RW913 entry 2: {said}" in came.stderr
