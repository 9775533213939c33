"""Work on several cores: the processes are forked when all is ready, so that each has everything
without being sent it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from rulewright.syntax.errors import EngineError

Piece = TypeVar("Piece")
Found = TypeVar("Found")

_AT_WORK: list[
    tuple[Callable[[Any], Any], Sequence[Any]]
] = []  # what the processes share that are forked from this one


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_cores(
    work: Callable[[Piece], Found], pieces: Sequence[Piece], workers: int | None = None
) -> Iterator[tuple[int, Found]]:
    """What work makes of each piece, with the number of the piece, as soon as it is done.

    workers: so many processes, by default one for each core. One works here, and so do all where a
    system cannot fork. Whoever does not go on (an interrupt, a failure, `close`) ends the
    processes. Raises what `work` raises, and `EngineError` where a process is ended from outside.
    """
    workers = min(workers or cores(), len(pieces))
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from ((number, work(piece)) for number, piece in enumerate(pieces))
        return

    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    _AT_WORK.append((work, pieces))
    # what is there is never thrown away: looking through it would only copy it into every process
    gc.freeze()
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_begin,
        initargs=(os.getpid(),),
    )
    try:
        for done in as_completed([pool.submit(_work_on, number) for number in range(len(pieces))]):
            yield done.result()
    except BrokenProcessPool as error:
        raise EngineError(
            "a process that helped was ended from outside; is there too little memory? Fewer `--workers` need less"
        ) from error
    except BaseException:
        for process in list(
            pool._processes.values()
        ):  # in the middle of a piece; from Python 3.14 on there is `terminate_workers`
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()
        _AT_WORK.pop()


def in_order(found: Iterable[tuple[int, Found]]) -> Iterator[Found]:
    """What `on_cores` gives, in the order of the pieces."""
    early: dict[int, Found] = {}
    awaited = 0
    for number, each in found:
        early[number] = each
        while awaited in early:
            yield early.pop(awaited)
            awaited += 1


def _begin(parent: int) -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # an interrupt goes to all; the first process ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.set_threshold(100_000, 20, 20)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End when the first process is gone, however it ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _work_on(number: int) -> tuple[int, Any]:
    work, pieces = _AT_WORK[-1]
    return number, work(pieces[number])
