"""Four processes append to one ledger and are killed at random (kill -9): what one of them has
acknowledged is there.

`python -m tests.fuzz.killing [KILLS [SEED]]`. Without an argument, as many as the environment
variable RULEWRIGHT_KILLS says, else 20.
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rulewright.ledger import Ledger
from rulewright.ledger.drafts import Archives, draft
from tests import records

APPENDER = Path(__file__).parents[1] / "ledger" / "appender.py"
PROCESSES = 4
LONGEST = 60.0  # seconds in which some process must acknowledge an entry after a kill


@dataclass(frozen=True)
class Aftermath:
    """What was acknowledged, and what is there: of each entry its number, its hash and the name
    that only it has.
    """

    kills: int
    acknowledged: set[tuple[str, str, str]]
    there: list[tuple[str, str, str]]
    entries: int

    def mistakes(self) -> list[str]:
        """What must not be."""
        lost, names = self.acknowledged - set(self.there), [name for _, _, name in self.there]
        found = [f"acknowledged and not there: {each}" for each in sorted(lost)]
        found += ["an entry is there twice"] if len(set(names)) < len(names) else []
        # at most the one at hand of each that was killed
        most = len(self.acknowledged) + self.kills + PROCESSES
        found += (
            [f"{len(self.there)} entries are there, {self.entries} verify"]
            if self.entries != len(self.there)
            else []
        )
        return found + (
            [f"{len(self.there)} entries are there, and at most {most} were begun"]
            if len(self.there) > most
            else []
        )


class Appenders:
    """The processes, each of which writes what it has acknowledged into a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "l.ledger"
        self._folder, self._draft = folder, folder / "draft.pickle"
        self._draft.write_bytes(pickle.dumps(draft(records.answered(), Archives().of)))
        self._told: list[Path] = []
        self._running = [self._start() for _ in range(PROCESSES)]

    def _start(self) -> subprocess.Popen[bytes]:
        self._told.append(self._folder / f"acknowledged-{len(self._told)}")
        command = [
            sys.executable,
            str(APPENDER),
            str(self.ledger),
            str(self._draft),
            str(self._told[-1]),
        ]
        return subprocess.Popen(
            command, env={**os.environ, "RULEWRIGHT_CACHE": "off"}, stderr=subprocess.PIPE
        )

    def kill(self, number: int) -> None:
        """Kill one, and start another in its place.

        Raises `RuntimeError` where it had ended by itself.
        """
        process = self._running[number]
        process.kill()
        _, said = process.communicate()
        if process.returncode != -signal.SIGKILL:
            raise RuntimeError(
                f"a process that appends ended with {process.returncode}: {said.decode()}"
            )
        self._running[number] = self._start()

    def stop(self) -> None:
        """Kill all."""
        for process in self._running:
            with suppress(ProcessLookupError):
                process.kill()
            process.communicate()

    def size(self) -> int:
        """How many bytes were acknowledged."""
        return sum(each.stat().st_size for each in self._told if each.exists())

    def acknowledged(self) -> set[tuple[str, str, str]]:
        """All that was acknowledged."""
        lines = [
            line.split()
            for each in self._told
            if each.exists()
            for line in each.read_text("utf-8").splitlines()
        ]
        return {(number, hash, name) for number, hash, name in lines}


def aftermath(folder: Path, kills: int, seed: str) -> Aftermath:
    """Kill that often, each time when something more was acknowledged."""
    dice = random.Random(seed)
    appenders = Appenders(folder)
    try:
        for _ in range(kills):
            before, until = appenders.size(), time.monotonic() + LONGEST
            while appenders.size() == before and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(dice.uniform(0.0, 0.1))
            appenders.kill(dice.randrange(PROCESSES))
    finally:
        appenders.stop()
    with Ledger.open(appenders.ledger) as ledger:
        entries = ledger.verify().entries
        there = [
            (str(each.number), each.hash, each.envelope.approved_by) for each in ledger.entries()
        ]
    return Aftermath(kills, appenders.acknowledged(), there, entries)


def main(arguments: list[str]) -> int:
    """Run it, and print the figures."""
    kills = int(arguments[0] if arguments else os.environ.get("RULEWRIGHT_KILLS", "20"))
    seed = arguments[1] if len(arguments) > 1 else str(random.SystemRandom().randrange(10**9))
    print(f"\nkilling processes that append, {kills} times, seed {seed}", flush=True)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = aftermath(Path(folder), kills, seed)
    for mistake in found.mistakes():
        print(mistake)
    print(
        f"  {len(found.acknowledged):,} entries acknowledged, {found.entries:,} there, {time.perf_counter() - start:.0f} s; "
        f"{len(found.mistakes())} failures"
    )
    return 1 if found.mistakes() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
