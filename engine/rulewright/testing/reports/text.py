"""The report for people: of each scenario that did not pass what differs, and where the rules stand
that decided it.
"""

from __future__ import annotations

from rulewright.syntax.visible import visible
from rulewright.testing.tally import Tally
from rulewright.testing.verdict import DecidedBy, Verdict


class TextReport:
    """Text, a line for each difference."""

    def __init__(self) -> None:
        self.told: set[str] = set()  # an error of the rulebook is told once, not with each scenario

    def of(self, verdict: Verdict) -> str:
        """The scenario, where it did not pass."""
        if verdict.passed or verdict.left_out:
            return ""
        lines = details(verdict, self.told)
        if verdict.errors and self.told.issuperset(verdict.errors):
            lines.append("as above")
        self.told.update(verdict.errors)
        return "".join(f"{visible(line)}\n" for line in headed(verdict, lines))

    def end(self, tally: Tally) -> str:
        """The numbers."""
        return f"{tally}\n"


def headed(verdict: Verdict, lines: list[str]) -> list[str]:
    """What is said of a scenario, below its place and name."""
    return [f"{verdict.at}: {verdict.scenario}", *(f"  {line}" for line in lines)]


def details(verdict: Verdict, told: set[str] | None = None) -> list[str]:
    """What did not hold, line by line; errors that were told before are left out."""
    lines: list[str] = []
    placed: set[str] = set()
    for difference, unmet in zip(verdict.differences, verdict.unmet, strict=True):
        lines.append(difference)
        told_now = [f"  {each.rule} is {_where(each)}" for each in unmet.decided_by]
        told_now += [f"  {each.rule}, which gives that, is {_where(each)}" for each in unmet.short]
        lines += [each for each in told_now if each not in placed]
        lines += [
            f"  it depends on {each}" for each in unmet.depends_on
        ]  # with each, so that none seems to depend on older lines alone
        placed.update(told_now)
    if verdict.differences:
        lines += [f"taken from {each}" for each in verdict.source]
    return lines + [each for each in verdict.errors if each not in (told or ())]


def _where(rule: DecidedBy) -> str:
    """Where a rule stands, the line that amends it, and what it counted."""
    return "; ".join(
        [
            f"in {rule.file}:{rule.line}" + (f", {rule.amended}" if rule.amended else ""),
            *rule.counts,
        ]
    )
