"""Work divided among cores: nothing of it hangs on how many there are, and nothing is left running."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator

import pytest

from rulewright.language.errors import EngineError
from rulewright.scenarios.cores import in_order, on_cores

pytestmark = pytest.mark.untraced


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_every_piece_is_worked_on_once_and_comes_in_order(workers: int) -> None:
    assert list(in_order(on_cores(lambda piece: piece * 2, range(20), workers))) == list(range(0, 40, 2))


def test_where_a_system_cannot_fork_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.scenarios.cores.multiprocessing.get_all_start_methods", lambda: ["spawn"])
    assert [found for _, found in on_cores(lambda _piece: os.getpid(), range(4), 2)] == [os.getpid()] * 4


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    def work(piece: int) -> int:
        if piece == 7:
            raise EngineError("seven")
        return piece

    with pytest.raises(EngineError, match="seven"):
        list(on_cores(work, range(20), 2))


def test_a_process_that_is_killed_is_told_instead_of_waited_for() -> None:
    with pytest.raises(EngineError, match="was ended from outside"):
        list(on_cores(lambda piece: os.kill(os.getpid(), signal.SIGKILL) if piece else None, range(4), 2))


def test_who_does_not_go_on_ends_the_work_in_the_middle_of_a_piece() -> None:
    found = on_cores(lambda piece: time.sleep(600) if piece else None, range(3), 2)
    assert next(found) == (0, None)
    found.close()  # type: ignore[attr-defined]


def test_work_within_work_is_kept_apart() -> None:
    outer = on_cores(lambda piece: piece, range(4), 2)
    first = next(outer)
    inner = sorted(on_cores(lambda piece: -piece, range(4), 2))
    assert inner == [(0, 0), (1, -1), (2, -2), (3, -3)]
    assert sorted([first, *outer]) == [(each, each) for each in range(4)]
