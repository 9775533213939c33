"""`python -m tests.fuzz.strangers [INPUTS [SEED [PROCESSES]]]`, or `again SEED/N` for one input.
Exit code 1 when something is found.

For every five inputs one call of the Python interface is made; `calls [CALLS [SEED [PROCESSES]]]`
makes such calls alone.
"""

from __future__ import annotations

import os
import random
import shlex
import sys
import tempfile
from pathlib import Path

from .campaign import calls_campaign, campaign, findings_folder
from .findings import judged
from .inputs import made
from .runner import Runner
from .workspace import lay


def again(number: str) -> int:
    """Make one input again, lay it into a folder, run it, and say what is found."""
    given = made(number)
    place = findings_folder() / "again" / number.replace("/", "-")
    lay(given.files, place)
    print(
        f"{given.origin}; spoiled: {', '.join(given.done) or 'nothing'}\n$ cd {place} && rulewright {shlex.join(given.arguments)}"
    )
    with tempfile.TemporaryDirectory() as base:
        runner = Runner(Path(base))
        run = runner.run(given.files, given.arguments)
        print(
            f"exit code {run.code}, signal {run.ended_by}, {run.seconds:.2f} s, {run.memory >> 20} MB\n{run.trace}"
        )
        print((run.output + run.errors).decode("utf-8", "replace"))
        findings = judged(given, run, runner)
    for each in findings:
        print(f"\n{each.show()}")
    return 1 if findings else 0


def main(arguments: list[str]) -> int:
    """Run the inputs and the calls, or one input again."""
    if arguments[:1] == ["again"]:
        return again(arguments[1])
    only_calls = arguments[:1] == ["calls"]
    arguments = arguments[only_calls:]
    number = int(arguments[0] if arguments else os.environ.get("RULEWRIGHT_STRANGERS", "5000"))
    seed = arguments[1] if len(arguments) > 1 else str(random.SystemRandom().randrange(10**9))
    processes = int(arguments[2]) if len(arguments) > 2 else 2
    print(
        f"\n{number:,} inputs of strangers from seed {seed}; findings in {findings_folder()}",
        flush=True,
    )
    if only_calls:
        return 1 if calls_campaign(seed, number, processes) else 0
    causes = campaign(seed, number, processes, findings_folder()).causes
    return 1 if calls_campaign(seed, number // 5, processes) or causes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
