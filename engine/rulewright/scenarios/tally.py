"""How many scenarios passed, failed, could not be run."""

from __future__ import annotations

from dataclasses import dataclass

from .verdict import Verdict


@dataclass
class Tally:
    """The numbers of a run. `interrupted`: that somebody stopped it; `stopped`: that the first failure did."""

    passed: int = 0
    failed: int = 0
    wrong: int = 0
    refused: int = 0
    left_out: int = 0
    not_run: int = 0
    interrupted: bool = False

    def count(self, verdict: Verdict) -> None:
        """Count one."""
        if verdict.errors:
            self.refused += verdict.refused
            self.wrong += not verdict.refused
        elif verdict.left_out:
            self.left_out += 1
        elif verdict.passed:
            self.passed += 1
        else:
            self.failed += 1

    @property
    def tests(self) -> int:
        """How many were run, or could not be."""
        return self.passed + self.failed + self.wrong + self.refused + self.left_out

    @property
    def exit_code(self) -> int:
        """0 when all hold, 1 when some do not, 2 when some could not be run, 3 when the engines disagree."""
        return 130 if self.interrupted else 3 if self.refused else 2 if self.wrong else 1 if self.failed else 0

    def __str__(self) -> str:
        parts = [f"{self.passed} passed", f"{self.failed} failed"]
        parts += [f"{self.wrong + self.refused} could not be run"] * bool(self.wrong + self.refused)
        parts += [f"{self.left_out} left out"] * bool(self.left_out)
        parts += [f"{self.not_run} not run"] * bool(self.not_run)
        return ", ".join(parts) + ("; interrupted" if self.interrupted else "")
