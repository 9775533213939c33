"""How many scenarios passed, failed, could not be run."""

from __future__ import annotations

from dataclasses import dataclass

from .verdict import Verdict


@dataclass
class Tally:
    """The numbers of a run. `interrupted`: that somebody stopped it; `stopped`: that the first
    failure did.

    changed, unchanged: of the scenarios that hold under their own policies and not under `policy`,
    by whether it changes anything that they expect `against` the policy that it amends.
    none_names_it: no scenario was written for `policy`.
    """

    passed: int = 0
    failed: int = 0
    wrong: int = 0
    refused: int = 0
    left_out: int = 0
    not_run: int = 0
    changed: int = 0
    unchanged: int = 0
    against: str = ""
    policy: str = ""
    none_names_it: bool = False
    interrupted: bool = False

    def count(self, verdict: Verdict) -> None:
        """Count one."""
        if verdict.errors:
            self.refused += verdict.refused
            self.wrong += not verdict.refused
        elif verdict.left_out:
            self.left_out += 1
        elif verdict.against:
            self.against = verdict.against
            self.changed += not verdict.passed
            self.unchanged += verdict.passed
        elif verdict.passed:
            self.passed += 1
        else:
            self.failed += 1

    @property
    def tests(self) -> int:
        """How many were run, or could not be."""
        return (
            self.passed
            + self.failed
            + self.wrong
            + self.refused
            + self.left_out
            + self.changed
            + self.unchanged
        )

    @property
    def exit_code(self) -> int:
        """0 when all hold and nothing changes, 1 when not, 2 when some could not be run, 3 when the
        engines disagree.
        """
        return (
            130
            if self.interrupted
            else 3
            if self.refused
            else 2
            if self.wrong
            else 1
            if self.failed or self.changed
            else 0
        )

    def __str__(self) -> str:
        parts = [f"{self.passed} passed", f"{self.failed} failed"]
        parts += [f"{self.wrong + self.refused} could not be run"] * bool(self.wrong + self.refused)
        parts += [f"{self.left_out} left out"] * bool(self.left_out)
        parts += [f"{self.not_run} not run"] * bool(self.not_run)
        told = ", ".join(parts) + self._compared()
        told += (
            f"; no scenario is written for `{self.policy}` (write `policy: {self.policy}` in one)"
            * self.none_names_it
        )
        return told + "; interrupted" * self.interrupted

    def _compared(self) -> str:
        """What became of the scenarios of other policies that do not hold under this one."""
        number = self.changed + self.unchanged
        if not number:
            return ""
        which = (
            "scenario written for another policy does"
            if number == 1
            else "scenarios written for another policy do"
        )
        return f"; {number} {which} not hold here: {self.changed} changed against `{self.against}`, {self.unchanged} unchanged"
