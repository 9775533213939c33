"""Run many generated pairs: `python -m fuzz PAIRS [SEED] [PROCESSES]`, with `tests` on the path. Exit code 1 when a property fails."""

from __future__ import annotations

import random
import sys
import time
from multiprocessing import get_context

from .campaign import Failure, Figures, forward, run

SHARE = 500  # pairs from one seed, so that the processes end together


def main(arguments: list[str]) -> int:
    """Run the pairs, print the figures and every failure."""
    pairs = int(arguments[0]) if arguments else 20_000
    seed = arguments[1] if len(arguments) > 1 else str(random.SystemRandom().randrange(10**9))
    processes = int(arguments[2]) if len(arguments) > 2 else 2
    print(f"\nfuzzing {pairs:,} pairs from seed {seed}{'' if forward else ', reference alone: the forward engine cannot be loaded'}", flush=True)
    started = time.perf_counter()
    jobs = [(f"{seed}.{number}", min(SHARE, pairs - number * SHARE)) for number in range(-(-pairs // SHARE))]
    figures, failures = Figures(), list[tuple[str, Failure]]()
    memory: list[int] = []
    with get_context("spawn").Pool(processes) as pool:
        for (name, _), (some, found) in zip(jobs, pool.imap(_job, jobs), strict=True):
            memory.append(some.counts.pop("megabytes"))
            figures.add(some)
            failures += [(name, each) for each in found]
    figures.counts["megabytes"] = max(memory, default=0)
    for name, failure in failures:
        print(f"\nseed {name}\n{failure.show()}")
    print(f"{figures.show()}\n  at first: {max(memory[:processes], default=0)} MB; {time.perf_counter() - started:.0f} s; {len(failures)} failures")
    return 1 if failures else 0


def _job(job: tuple[str, int]) -> tuple[Figures, list[Failure]]:
    return run(*job)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
