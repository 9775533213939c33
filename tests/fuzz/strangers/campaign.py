"""Many inputs, and the figures of what was run."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from .calls import TOGETHER, findings
from .findings import Finding, judged, judged_again, made_small
from .inputs import Input, made
from .oracle import asked
from .runner import ENDED, Run, Runner

SHARE = 250  # inputs of one job
REAL = 80  # one input in so many is run as a real process too
IN_MEMORY = "/dev/shm"  # a folder that many systems keep in memory
# where findings are kept, unless RULEWRIGHT_FINDINGS names another folder
FOLDER = Path("build/strangers")


@contextmanager
def place_in_memory() -> Iterator[Path]:
    """An empty folder; in memory where the system has a place for that."""
    folder = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="rulewright-strangers-", dir=folder) as base:
        yield Path(base)


@dataclass
class Figures:
    """What was run, how it ended, and what was found, one example of each cause."""

    commands: Counter[tuple[str, int]] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    findings: dict[str, Finding] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")
    real: int = 0

    def note(self, given: Input, ran: Run) -> None:
        """Count one run."""
        self.commands[asked(given.arguments).command, -ran.ended_by or ran.code] += 1
        self.slowest = max(self.slowest, (ran.seconds, given.number))
        self.largest = max(self.largest, (ran.memory, given.number))

    def add(self, other: Figures) -> None:
        self.commands += other.commands
        self.causes += other.causes
        self.findings = {**other.findings, **self.findings}
        self.slowest, self.largest = (
            max(self.slowest, other.slowest),
            max(self.largest, other.largest),
        )
        self.real += other.real

    def show(self) -> str:
        total = sum(self.commands.values()) or 1
        codes = Counter[int]()
        for (_, code), number in self.commands.items():
            codes[code] += number
        shares = ", ".join(
            f"{100 * number / total:.0f} % exit code {code}"
            for code, number in sorted(codes.items())
        )
        lines = [
            f"{total:,} inputs ({self.real:,} as real processes too): {shares}",
            f"slowest {self.slowest[0]:.1f} s ({self.slowest[1]}), largest {self.largest[0] >> 20} MB ({self.largest[1]})",
        ]
        for name in sorted({name for name, _ in self.commands}):
            ended = {
                code: number
                for (command, code), number in sorted(self.commands.items())
                if command == name
            }
            told = ", ".join(f"{code}: {number:,}" for code, number in ended.items())
            lines.append(f"  {name or '(no command)'}: {sum(ended.values()):,} ({told})")
        lines += [
            f"{number:6,} {cause} ({self.findings[cause].given.number})"
            for cause, number in self.causes.most_common()
        ]
        return "\n".join(lines)


def run(seed: str, inputs: range, folder: Path | None = None, patience: float = 25.0) -> Figures:
    """Run these inputs of a seed.

    The first finding of each cause is made small, and kept in `folder` unless one is there already.
    """
    figures = Figures()
    with place_in_memory() as base:
        runner = Runner(base)
        for number in inputs:
            given = made(f"{seed}/{number}")
            ran = runner.run(given.files, given.arguments)
            figures.note(given, ran)
            faulty = judged(given, ran, runner)
            if number % REAL == REAL - 1:
                figures.real += 1
                faulty += judged_again(given, ran, runner)
            for each in faulty:
                figures.causes[each.fault.cause] += 1
                if each.fault.cause not in figures.findings:
                    new = folder is None or not each.place(folder).exists()
                    figures.findings[each.fault.cause] = small = (
                        made_small(each, runner, patience) if new else each
                    )
                    if folder is not None and new:
                        small.keep(folder)
    return figures


def job(work: tuple[str, range, str]) -> Figures:
    """`run`, as work for another process."""
    seed, inputs, folder = work
    return run(seed, inputs, folder=Path(folder))


def call(work: tuple[str, range]) -> list[dict[str, str]]:
    """Calls of the Python interface, as work for another process: what is found."""
    seed, numbers = work
    found = list[dict[str, str]]()
    with place_in_memory() as base:
        runner = Runner(base)
        for at in range(numbers.start, numbers.stop, TOGETHER):
            some = range(at, min(at + TOGETHER, numbers.stop))
            said = runner.ask(lambda some=some: "\n".join(findings(seed, some)), {})  # type: ignore[misc]
            if said.startswith(ENDED):
                cause = f"some of {TOGETHER} calls end the process: {said.partition(chr(10))[0]}"
                found.append({"number": f"{seed}/{at}", "cause": cause, "error": said})
            else:
                found += map(json.loads, said.split("\n")[:-1] if said.strip() else [])
    return found


def calls_campaign(seed: str, calls: int, processes: int) -> int:
    """Make many calls of the Python interface; how many causes were found."""
    started = time.perf_counter()
    causes: Counter[str] = Counter()
    jobs = [(seed, range(at, min(calls, at + SHARE))) for at in range(0, calls, SHARE)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for each in (one for found in pool.map(call, jobs) for one in found):
            causes[each["cause"]] += 1
            if causes[each["cause"]] == 1:
                print(
                    "\n" + "\n".join(f"{name}: {text}" for name, text in each.items()), flush=True
                )
    taken = time.perf_counter() - started
    print(
        f"{calls:,} calls of the Python interface, {taken:.0f} s, {calls / taken:.0f} a second; {len(causes)} causes"
    )
    print("".join(f"{number:6,} {cause}\n" for cause, number in causes.most_common()), flush=True)
    return len(causes)


def campaign(seed: str, inputs: int, processes: int, folder: Path) -> Figures:
    """Run many inputs in several processes."""
    started = time.perf_counter()
    figures = Figures()
    jobs = [
        (seed, range(at, min(inputs, at + SHARE)), str(folder)) for at in range(0, inputs, SHARE)
    ]
    # not an executor with `max_tasks_per_child`, which can wait for ever (python/cpython#115634)
    with get_context("spawn").Pool(processes, maxtasksperchild=8) as pool:
        for each in pool.imap(job, jobs):
            for cause, finding in each.findings.items():
                if cause not in figures.findings:
                    print(f"\n{finding.show()[:2_000]}\n", flush=True)
            figures.add(each)
            print(
                f"{sum(figures.commands.values()):,} inputs, {len(figures.causes)} causes, {time.perf_counter() - started:.0f} s",
                flush=True,
            )
    print(figures.show())
    taken = time.perf_counter() - started
    print(
        f"{taken:.0f} s, {inputs / taken:.0f} inputs a second; {len(figures.causes)} causes",
        flush=True,
    )
    return figures


def findings_folder() -> Path:
    """Where findings are kept."""
    return Path(os.environ.get("RULEWRIGHT_FINDINGS", FOLDER))
