"""Hold many generated cases against the library: `python -m tests.oracle [CASES [SEED
[PROCESSES]]]`.

Prints what was compared, and the first difference of each kind, made small. Exit code 1 when there
is one.
"""

from __future__ import annotations

import random
import sys
import time
from multiprocessing import get_context

from .campaign import job, kind_of, lines, show
from .cases import GUIDANCE, LEGACY, Asked
from .comparing import Difference, Figures

SHARE = 100  # pairs of cases in one piece of work


def main(arguments: list[str]) -> int:
    """Compare so many cases, half of them complete, half of them for each policy."""
    cases = int(arguments[0]) if arguments else 20000
    seed = arguments[1] if len(arguments) > 1 else str(random.SystemRandom().randrange(10**9))
    processes = int(arguments[2]) if len(arguments) > 2 else 2
    print(f"comparing {cases:,} cases from seed {seed}", flush=True)
    started = time.perf_counter()
    each = -(-cases // 4)
    work = [
        (policy, seed, range(at, min(at + SHARE, each)))
        for at in range(0, each, SHARE)
        for policy in (LEGACY, GUIDANCE)
    ]
    figures = Figures()
    first: dict[tuple[str, ...], tuple[Asked, Difference]] = {}
    with get_context("spawn").Pool(processes) as pool:
        for some, differences in pool.imap(job, work):
            figures.add(some)
            for asked, difference in differences:
                first.setdefault(kind_of(asked, difference), (asked, difference))
    print("\n".join(lines(figures)))
    for asked, difference in first.values():
        print(f"\n{show(asked, difference)}", flush=True)
    found = {policy: figures.counts[f"differences, {policy}"] for policy in (LEGACY, GUIDANCE)}
    print(
        f"{time.perf_counter() - started:.0f} s; differences: {', '.join(f'{policy} {number:,}' for policy, number in found.items())}"
    )
    return 1 if first else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
