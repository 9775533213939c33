"""Work divided among cores: nothing of it hangs on how many there are, and nothing is left
running.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rulewright.syntax.errors import EngineError
from rulewright.testing.processes import in_order, on_cores

pytestmark = pytest.mark.untraced


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_every_piece_is_worked_on_once_and_comes_in_order(workers: int) -> None:
    assert list(in_order(on_cores(lambda piece: piece * 2, range(20), workers))) == list(
        range(0, 40, 2)
    )


def test_where_a_system_cannot_fork_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rulewright.testing.processes.multiprocessing.get_all_start_methods", lambda: ["spawn"]
    )
    assert [found for _, found in on_cores(lambda _piece: os.getpid(), range(4), 2)] == [
        os.getpid()
    ] * 4


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    def work(piece: int) -> int:
        if piece == 7:
            raise EngineError("seven")
        return piece

    with pytest.raises(EngineError, match="seven"):
        list(on_cores(work, range(20), 2))


def test_a_process_that_is_killed_is_told_instead_of_waited_for() -> None:
    with pytest.raises(EngineError, match="was ended from outside"):
        list(
            on_cores(
                lambda piece: os.kill(os.getpid(), signal.SIGKILL) if piece else None, range(4), 2
            )
        )


def test_who_does_not_go_on_ends_the_work_in_the_middle_of_a_piece() -> None:
    found = on_cores(lambda piece: time.sleep(600) if piece else None, range(3), 2)
    assert next(found) == (0, None)
    found.close()  # type: ignore[attr-defined]


def test_processes_end_with_the_one_that_began_them_however_it_ends(tmp_path: Path) -> None:
    script = (
        f"import os, time; from pathlib import Path; from rulewright.testing.processes import on_cores\n"
        f"def work(piece): Path({str(tmp_path)!r}, str(os.getpid())).touch(); time.sleep(600)\n"
        "list(on_cores(work, range(2), 2))"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as first:
        until(lambda: len(list(tmp_path.iterdir())) == 2)
        first.kill()
    until(lambda: not any(Path(f"/proc/{each.name}").exists() for each in tmp_path.iterdir()))


def until(happened: Callable[[], bool]) -> None:
    for _ in range(300):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within 30 seconds")


@pytest.mark.parametrize("sent", [signal.SIGTERM])
def test_a_command_that_is_ended_ends_what_it_began(sent: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "rulewright",
        "compare",
        "HEAD",
        "HEAD",
        "--cases",
        "scenarios",
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        until(lambda: any(tmp_path.iterdir()) or process.poll() is not None)
        process.send_signal(sent)
    assert process.returncode in (143, -sent, 0)
    assert not list(tmp_path.iterdir())


def test_work_within_work_is_kept_apart() -> None:
    outer = on_cores(lambda piece: piece, range(4), 2)
    first = next(outer)
    inner = sorted(on_cores(lambda piece: -piece, range(4), 2))
    assert inner == [(0, 0), (1, -1), (2, -2), (3, -3)]
    assert sorted([first, *outer]) == [(each, each) for each in range(4)]
