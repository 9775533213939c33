"""What mutating found, as it is shown: in words, and as JSON (`schemas/mutation.json`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.engines.outcome import plain

SCHEMA = "rulewright/mutation/1"
Verdict = Literal["noticed", "survives", "equal", "undecided", "not tried"]


@dataclass(slots=True)
class MutantShown:
    """One mutant. place: where it stands; policies: those that have it.

    verdict: `noticed` by a scenario (`by`), `survives` (`by`: the scenario whose outcome is another; or `because`: what a case that
    was looked for tells), `equal` (no case tells it apart, and `because` says why), `undecided` (no scenario notices, and nobody knows
    whether any case would; `because`: one was looked for), or `not tried`.
    """

    sentence: str
    operator: str
    rule: str
    place: str
    policies: list[str]
    verdict: Verdict
    before: str = ""
    after: str = ""
    by: str = ""
    because: str = ""


@dataclass(slots=True)
class Mutation:
    """Every mutant that was asked for, in the order in which they are written; `seed` where only a sample was.

    not_run: the policies under which no scenario is run, so that nothing of what they alone say was changed (where all rules were asked for).
    """

    mutants: list[MutantShown]
    scenarios: int
    checks: int
    broken: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    stopped: bool = False
    seed: int | None = None
    schema: str = SCHEMA

    def count(self, verdict: Verdict) -> int:
        """How many have a verdict."""
        return sum(each.verdict == verdict for each in self.mutants)

    @property
    def told(self) -> int:
        """How many the score is of: those tried and not proved equal."""
        return self.count("noticed") + self.count("survives") + self.count("undecided")

    @property
    def score(self) -> float:
        """The share of those noticed among those tried and not proved equal, in per cent; 100 where there are none."""
        return 100.0 if not self.told else 100.0 * self.count("noticed") / self.told

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, in the order of `schemas/mutation.json`."""
        found: dict[str, Any] = plain(self)
        return {"schema": found.pop("schema"), **found}
