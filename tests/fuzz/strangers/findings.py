"""A finding: an input, what does not hold of it, made small and kept as files."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from .inputs import Input
from .oracle import Fault, faults, same_again
from .runner import Run, Runner
from .texts import bytes_of, text_of
from .workspace import lay

PATIENCE = 25.0  # seconds to make one input small


@dataclass(frozen=True)
class Finding:
    """An input and what is wrong with what came of it."""

    given: Input
    fault: Fault
    code: int
    errors: str

    def show(self) -> str:
        """The finding in words, with the line that makes the input again."""
        command = "rulewright " + " ".join(shlex.quote(each) for each in self.given.arguments)
        return (
            f"{self.fault.cause}\nseed {self.given.number} of {self.given.origin}; spoiled: {', '.join(self.given.done) or 'nothing'}\n"
            f"again: python -m tests.fuzz.strangers again {self.given.number}\n$ {command}\nexit code {self.code}\n\n"
            f"{self.fault.detail}\n\n{self.errors}"
        )

    def place(self, folder: Path) -> Path:
        """Where the findings of this cause are kept."""
        return folder / "".join(c if c.isalnum() else "-" for c in self.fault.cause[:100])

    def keep(self, folder: Path) -> None:
        """Write it into a folder of its own: what was found, and the files in which the command is
        run.
        """
        place = self.place(folder)
        lay(self.given.files, place / "work")
        (place / "finding.txt").write_bytes(self.show().encode("utf-8", "surrogateescape"))


def found(given: Input, runner: Runner) -> list[Finding]:
    """Run an input; everything that does not hold of it."""
    return judged(given, runner.run(given.files, given.arguments), runner)


def judged(given: Input, run: Run, runner: Runner) -> list[Finding]:
    """Everything that does not hold of a run."""
    return _findings(given, run, faults(given, run, runner))


def judged_again(given: Input, run: Run, runner: Runner) -> list[Finding]:
    """Run the input of a run once more as a process that begins from nothing; what does not hold of
    it, and of both together.
    """
    other = runner.run(given.files, given.arguments, real=True)
    return _findings(given, other, [*faults(given, other, runner), *same_again(given, run, other)])


def _findings(given: Input, run: Run, wrong: list[Fault]) -> list[Finding]:
    errors = run.errors.decode("utf-8", "replace")[-3_000:]
    return [Finding(given, fault, run.code, errors) for fault in wrong]


def made_small(finding: Finding, runner: Runner, patience: float = PATIENCE) -> Finding:
    """The finding with fewer files, arguments and lines, as long as the fault is the same."""
    if finding.fault.cause.startswith(("hangs", "takes")):
        return finding
    until = time.monotonic() + patience

    def same(trial: Input) -> Finding | None:
        if time.monotonic() > until:
            return None
        return next(
            (each for each in found(trial, runner) if each.fault.cause == finding.fault.cause), None
        )

    for name in sorted(finding.given.files):
        finding = same(finding.given.without(name)) or finding
    for at in reversed(range(1, len(finding.given.arguments))):
        for number in (2, 1):  # an option with its value, or one word
            arguments = finding.given.arguments
            finding = (
                same(replace(finding.given, arguments=arguments[:at] + arguments[at + number :]))
                or finding
            )
    for name in sorted(finding.given.files):
        finding = _with_fewer_lines(finding, name, same)
    return finding


def _with_fewer_lines(
    finding: Finding, name: str, same: Callable[[Input], Finding | None]
) -> Finding:
    """Leave out ever smaller runs of lines of a file."""
    content = finding.given.files[name]
    if not isinstance(content, bytes) or content[:2] in (b"PK", b"SQ"):
        return finding
    lines = text_of(content).split("\n")
    step = max(1, len(lines) // 2)
    while True:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + step :]
            smaller = same(
                replace(
                    finding.given, files={**finding.given.files, name: bytes_of("\n".join(fewer))}
                )
            )
            if smaller is None:
                at += step
            else:
                finding, lines = smaller, fewer
        if step == 1:
            return finding
        step //= 2
