"""Run many generated pairs: `python -m tests.fuzz [PAIRS [SEED [PROCESSES]]]`. Exit code 1 when a
property fails.

Without an argument, as many as the environment variable RULEWRIGHT_FUZZ says, else 20,000.
"""

from __future__ import annotations

import os
import random
import sys
import time
from multiprocessing import get_context

from .campaign import Figures, job
from .properties import forward
from .shrinking import Failure

SHARE = 500  # pairs from one seed, so that the processes end together


def main(arguments: list[str]) -> int:
    """Run the pairs, print the figures and every failure."""
    pairs = int(arguments[0] if arguments else os.environ.get("RULEWRIGHT_FUZZ", "20000"))
    seed = arguments[1] if len(arguments) > 1 else str(random.SystemRandom().randrange(10**9))
    processes = int(arguments[2]) if len(arguments) > 2 else 2
    engines = "both engines" if forward else "the reference engine alone: forward cannot be loaded"
    print(f"\nfuzzing {pairs:,} pairs from seed {seed}, {engines}", flush=True)
    started = time.perf_counter()
    jobs = [
        (f"{seed}.{number}", min(SHARE, pairs - number * SHARE))
        for number in range(-(-pairs // SHARE))
    ]
    figures, failures = Figures(), list[Failure]()
    memory: list[int] = []
    with get_context("spawn").Pool(processes) as pool:
        for (name, _), (some, found) in zip(jobs, pool.imap(job, jobs), strict=True):
            memory.append(some.counts.pop("megabytes"))
            figures.add(some)
            failures += found
            for each in found:
                print(f"\nseed {name}\n{each.show()}", flush=True)
    figures.counts["megabytes"] = max(memory, default=0)
    first = max(memory[:processes], default=0)
    print(f"{figures.show()} at most, {first} MB after the first {SHARE:,} pairs of each process")
    print(f"  {time.perf_counter() - started:.0f} s; {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
