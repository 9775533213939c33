"""What was acknowledged is there: processes killed at any moment, full disks, locked and foreign
files, clocks that are wrong.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.ledger import Ledger
from rulewright.ledger.listing import listing
from rulewright.ledger.store import APPLICATION, FORMAT, OBJECTS
from rulewright.syntax.errors import EngineError, InputError
from tests import records
from tests.conftest import no_file_longer_than
from tests.fuzz.killing import aftermath


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(InputError) as error:
        action()
    [problem] = error.value.problems
    return problem.code


def appended(path: Path, **said: object) -> object:
    with Ledger.open(path, patience=0.05) as ledger:
        return ledger.append(records.answered(), recorded_by="A. Clerk", **said)  # type: ignore[arg-type]


def verified(path: Path) -> int:
    with Ledger.open(path, append=False) as ledger:
        return ledger.verify().entries


# -- killed


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 here")
def test_of_four_processes_killed_at_random_every_acknowledged_entry_is_there(
    tmp_path: Path,
) -> None:
    found = aftermath(tmp_path, 12, "20240301")
    assert found.mistakes() == []
    assert len(found.acknowledged) >= 12


def test_threads_with_a_ledger_each_append_one_after_another(tmp_path: Path) -> None:
    path = tmp_path / "l.ledger"
    answered = records.answered()

    def append() -> None:
        with Ledger.open(path) as ledger:
            for _ in range(10):
                ledger.append(answered, recorded_by="A. Clerk")

    threads = [threading.Thread(target=append) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert verified(path) == 40


# -- disks and files


def test_on_a_full_disk_no_ledger_begins(tmp_path: Path) -> None:
    with no_file_longer_than(1024):
        assert code_of(lambda: appended(tmp_path / "l.ledger")) == "RW905"


@pytest.mark.parametrize("size", [1024, 5_000, 20_000, 34_000])
def test_on_a_full_disk_nothing_is_recorded_and_nothing_lost(size: int, tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    with Ledger.open(path) as ledger:
        several = [records.answered(each) for each in range(9)]
        with no_file_longer_than(size):
            assert code_of(lambda: ledger.append_all(several, recorded_by="A. Clerk")) == "RW905"
        assert ledger.verify().entries == 3
        ledger.append_all(several, recorded_by="A. Clerk")
    assert verified(path) == 12


def test_a_ledger_that_is_left_while_the_disk_is_full_is_whole(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    with no_file_longer_than(1024):
        assert code_of(lambda: appended(path)) == "RW905"
    assert verified(path) == 3
    appended(path)
    assert verified(path) == 4


@pytest.mark.parametrize(
    "command", ["list", "verify", "head", "show 1", "replay", "export", "export --as prov"]
)
def test_on_a_full_disk_a_ledger_is_read(command: str, tmp_path: Path) -> None:
    """There is no room for the notes that SQLite keeps beside the file."""
    path = records.ledger_of(tmp_path / "l.ledger")
    first, *others = command.split()
    arguments = ["ledger", first, str(path), *others]
    expected = CliRunner().invoke(group, arguments)
    with no_file_longer_than(1024):
        result = CliRunner().invoke(group, arguments)
    assert (
        (result.exit_code, result.stdout)
        == (expected.exit_code, expected.stdout)
        == (0, result.stdout)
    )


def test_on_a_full_disk_what_waits_in_the_log_is_not_passed_over(tmp_path: Path) -> None:
    """Without the log the last entry is missing: then nothing is read, and that is said, and not
    that nothing was written.
    """
    path, there = records.ledger_of(tmp_path / "l.ledger"), tmp_path / "copy.ledger"
    with Ledger.open(path) as ledger:
        ledger.append(records.answered(), recorded_by="A. Clerk")
        for end in ("", "-wal"):
            Path(f"{there}{end}").write_bytes(Path(f"{path}{end}").read_bytes())
    with no_file_longer_than(1024):
        result = CliRunner().invoke(group, ["ledger", "export", str(there)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        f"{there}: RW905 `{there}` cannot be read: disk I/O error; the disk is full, or fails: "
    )
    assert "written" not in result.stderr
    assert verified(there) == 4


@contextmanager
def nobody() -> Iterator[Path]:
    """A folder, and a user who is not its owner: an administrator may write everywhere."""
    folder = Path(tempfile.mkdtemp())
    user = os.geteuid() if hasattr(os, "geteuid") else -1
    try:
        yield folder
    finally:
        if user == 0:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other permissions")
def test_a_ledger_that_may_only_be_read_is_verified_and_made_again_and_not_written() -> None:
    with nobody() as folder:
        path = records.ledger_of(folder / "l.ledger")
        before = path.read_bytes()
        path.chmod(0o444)
        folder.chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(65534)
        assert code_of(lambda: appended(path)) == "RW901"
        assert code_of(lambda: appended(folder / "new.ledger")) == "RW901"
        assert verified(path) == 3
        with Ledger.open(path, append=False) as ledger:
            assert all(each.same for each in ledger.replay())
        assert path.read_bytes() == before
        assert [each.name for each in folder.iterdir()] == ["l.ledger"]


def test_a_ledger_opened_for_reading_takes_no_entry(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    with Ledger.open(path, append=False) as ledger:
        assert code_of(lambda: ledger.append(records.answered(), recorded_by="A. Clerk")) == "RW901"


def test_reading_leaves_the_file_as_it_is_and_nothing_beside_it(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    before = path.read_bytes()
    assert verified(path) == 3
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["l.ledger"]


def test_one_that_is_locked_for_too_long_says_so(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert code_of(lambda: appended(path)) == "RW904"
    assert verified(path) == 3  # readers do not wait
    other.execute("ROLLBACK")
    other.close()
    appended(path)


@pytest.mark.parametrize(
    "content", [b"case: an example trust\n" * 50, b"x", b"SQLite format 3\0" + bytes(200)]
)
def test_another_file_is_no_ledger_and_stays_as_it_is(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert code_of(lambda: appended(path)) == "RW902"
    assert code_of(lambda: verified(path)) == "RW902"
    assert path.read_bytes() == content


def test_another_database_is_no_ledger_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE entries (number)")
    other.commit()
    other.close()
    before = path.read_bytes()
    assert code_of(lambda: appended(path)) == "RW902"
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    """A process may be killed between making the file and filling it."""
    path = tmp_path / "l.ledger"
    path.touch()
    assert code_of(lambda: verified(path)) == "RW902"
    appended(path)
    assert verified(path) == 1


def test_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {FORMAT + 1}")
    other.close()
    assert code_of(lambda: appended(path)) == "RW903"
    assert code_of(lambda: verified(path)) == "RW903"


@pytest.mark.parametrize("name", ["", "no/such/folder/l.ledger"])
def test_where_no_ledger_can_be_there_is_none(name: str, tmp_path: Path) -> None:
    assert code_of(lambda: appended(tmp_path / name)) == "RW901"
    assert code_of(lambda: verified(tmp_path / name)) == "RW901"


def test_a_file_that_is_cut_short_is_damaged(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger", 20)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 // 4096 * 4096])
    assert code_of(lambda: appended(path)) in ("RW905", "RW912")


# -- clocks, kinds, and what is refused


def at_times(path: Path, *seconds: float) -> Path:
    """A ledger of entries recorded so many seconds after its start, by whatever clock."""
    for each in seconds:
        with Ledger.open(path, clock=lambda: records.START + timedelta(seconds=each)) as ledger:  # noqa: B023  (asked at once)
            ledger.append(records.answered(), recorded_by="A. Clerk")
    return path


YEARS = 75 * 365 * 86_400.0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ((0, -0.3, 0, -0.3), []),  # two machines, one of them a little behind
        ((0, -5), []),
        ((0, -5.000001), [2]),
        ((0, YEARS, 10, 20, 30), [3]),  # a clock that was wrong once
        ((0, YEARS, 10, YEARS, 20), [3, 5]),
        ((10, 0, 5, 20), [2]),
    ],
)
def test_whatever_the_clocks_say_entries_are_appended_and_it_is_told_where_one_was_wrong(
    seconds: tuple[float, ...], told: list[int], tmp_path: Path
) -> None:
    with Ledger.open(at_times(tmp_path / "l.ledger", *seconds), append=False) as ledger:
        assert [each.number for each in ledger.verification().set_back] == told
        assert [each.entry.number for each in listing(ledger) if each.set_back] == told
        assert [each.number for each in ledger.entries() if ledger.set_back(each)] == told
        assert [each.number for each in ledger.entries()] == list(range(1, len(seconds) + 1))
        assert ledger.verify().entries == len(seconds)
        assert all(each.same for each in ledger.replay())


REFUSED = [
    ("RW907", {"status": "proposed"}, {}),
    ("RW907", {"set": {"pass mark": "3"}}, {}),
    ("RW907", {"set": {"pass mark": "3"}}, {"kind": "correction", "reason": "x", "supersedes": 1}),
    ("RW908", {}, {"kind": "correction", "supersedes": 1}),
    ("RW908", {}, {"kind": "correction", "supersedes": 1, "reason": " "}),
    ("RW908", {}, {"kind": "suspended", "reason": "x"}),
    ("RW908", {}, {"kind": "quashed", "reason": "x"}),
    ("RW908", {}, {"kind": "decision", "supersedes": 1}),
    ("RW908", {}, {"kind": "what-if", "supersedes": 1, "reason": "x"}),
    ("RW909", {}, {"kind": "correction", "reason": "x", "supersedes": 9}),
    ("RW909", {}, {"kind": "correction", "reason": "x", "supersedes": 2}),
    ("RW909", {}, {"kind": "quashed", "reason": "x", "supersedes": 4}),
]


@pytest.mark.parametrize(
    ("code", "case", "said"), REFUSED, ids=[f"{code}-{n}" for n, (code, _, _) in enumerate(REFUSED)]
)
def test_what_does_not_fit_is_refused(
    code: str, case: dict[str, object], said: dict[str, object], tmp_path: Path
) -> None:
    """Of the ledger, entry 3 corrects entry 2 and entry 4 is a what-if."""
    with Ledger.open(records.ledger_of(tmp_path / "l.ledger", 2)) as ledger:
        ledger.append(
            records.answered(),
            recorded_by="A. Clerk",
            kind="correction",
            reason="a wrong score",
            supersedes=2,
        )
        ledger.append(records.answered(status="proposed"), recorded_by="A. Clerk", kind="what-if")
        answered = records.answered(**case)  # type: ignore[arg-type]
        assert code_of(lambda: ledger.append(answered, recorded_by="A. Clerk", **said)) == code  # type: ignore[arg-type]
        assert ledger.verify().entries == 4


@pytest.mark.parametrize(
    "said",
    [
        {"recorded_by": " "},
        {"recorded_by": "A\nClerk"},
        {"approved_by": "\x1b[2J"},
        {"approved_by": "\udc80"},
        {"reason": "x\u2028y", "kind": "correction", "supersedes": 1},
    ],
)
def test_names_that_nobody_can_read_are_refused(said: dict[str, object], tmp_path: Path) -> None:
    with Ledger.open(records.ledger_of(tmp_path / "l.ledger")) as ledger:
        assert (
            code_of(
                lambda: ledger.append(records.answered(), **{"recorded_by": "A. Clerk", **said})
            )
            == "RW908"
        )  # type: ignore[arg-type]
        assert ledger.verify().entries == 3


def test_several_are_appended_all_or_none(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        several = [records.answered(1), records.answered(2, status="proposed")]
        assert code_of(lambda: ledger.append_all(several, recorded_by="A. Clerk")) == "RW907"
        assert ledger.head().entries == 0
        both = [records.answered(1), records.answered(2)]
        said = {"kind": "correction", "reason": "x", "supersedes": 1}
        assert code_of(lambda: ledger.append_all(both, recorded_by="A. Clerk", **said)) == "RW908"  # type: ignore[arg-type]
        assert [each.number for each in ledger.append_all(both, recorded_by="A. Clerk")] == [1, 2]
        assert ledger.verify().entries == 2


CONFLICT = (
    records.PART
    + "- {rule: high, of: thing, when: the score is at most 2, then: the result is good}\n"
)


def test_a_conflict_is_not_recorded(tmp_path: Path) -> None:
    answered = records.answered(1, compiled=records.program(part=CONFLICT))
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        with pytest.raises(EngineError, match="`thing > result`"):
            ledger.append(answered, recorded_by="A. Clerk")
        assert ledger.head().entries == 0


def test_the_file_itself_refuses_to_change_or_lose_a_row(tmp_path: Path) -> None:
    connection = sqlite3.connect(records.ledger_of(tmp_path / "l.ledger"), isolation_level=None)
    columns = "number, hash, program, supersedes, envelope, decision, case_text, terms"
    for statement in (
        "UPDATE entries SET hash = 'x'",
        "UPDATE programs SET archive = x'00'",
        "DELETE FROM entries",
        "DELETE FROM programs",
        f"INSERT OR REPLACE INTO entries ({columns}) SELECT {columns} FROM entries WHERE number = 2",
        f"INSERT INTO entries ({columns}) SELECT 9, hash, program, 8, envelope, decision, case_text, terms FROM entries WHERE number = 2",
        "INSERT OR REPLACE INTO programs SELECT digest, x'00' FROM programs",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
    connection.close()


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger")
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE sql IS NOT NULL")
    } == OBJECTS.keys()
    connection.close()


def test_a_program_is_stored_once(tmp_path: Path) -> None:
    path = records.ledger_of(tmp_path / "l.ledger", 5)
    other = replace(records.program(), title="another title")
    with Ledger.open(path) as ledger:
        ledger.append(records.answered(compiled=other), recorded_by="A. Clerk")
        ledger.append(records.answered(compiled=other), recorded_by="A. Clerk")
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM programs").fetchone() == (2,)
    connection.close()
    assert verified(path) == 7
