"""What mutating found, as it is shown: in words, and as JSON (`schemas/mutation.json`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.decision.outcome import plain

SCHEMA = "rulewright/mutation/1"
Verdict = Literal["noticed", "survives", "equal", "undecided", "refused", "not tried"]


@dataclass(slots=True)
class MutantShown:
    """One mutant. place: where it stands; policies: those that have it and are run, or all that
    have it where none is run.

    verdict: `noticed` by a scenario (`by`), `survives` (`by`: the scenario whose outcome is
    another; or `because`: what a case that was looked for tells), `equal` (no case tells it apart,
    and `because` says why), `undecided` (no scenario notices, and nobody knows whether any case
    would; `because`: one was looked for), `refused` by `rulewright check` (`because`: what it
    says), or `not tried`. own: the policy asked for, an amendment, changes or adds the rule itself.
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
    own: bool = False

    def waits_for(self, not_run: Iterable[str]) -> bool:
        """Whether only policies have it of which no scenario speaks."""
        return set(self.policies) <= set(not_run)


@dataclass(slots=True)
class Mutation:
    """Every mutant that was asked for, in the order in which they are written; `seed` where only a
    sample was.

    Of an amendment that was asked for, those of what it changes itself come first.

    broken: scenarios that do not hold under the rules as they are. borrowed: of the policy asked
    for, how many scenarios of other policies do not hold under it. not_run: the policies that no
    scenario speaks of, so that nobody notices a change of what they alone say.
    """

    mutants: list[MutantShown]
    scenarios: int
    checks: int
    broken: list[str] = field(default_factory=list)
    borrowed: int = 0
    not_run: list[str] = field(default_factory=list)
    policy: str = ""
    stopped: bool = False
    seed: int | None = None
    schema: str = SCHEMA

    def count(self, verdict: Verdict) -> int:
        """How many have a verdict."""
        return sum(each.verdict == verdict for each in self.mutants)

    @property
    def told(self) -> int:
        """How many the score is of: those tried, neither proved equal nor refused."""
        return self.count("noticed") + self.count("survives") + self.count("undecided")

    @property
    def score(self) -> float | None:
        """The share of those noticed among those that count, in per cent; of none there is no
        score.
        """
        return 100.0 * self.count("noticed") / self.told if self.told else None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, in the order of `schemas/mutation.json`."""
        found: dict[str, Any] = plain(self)
        return {"schema": found.pop("schema"), **found}
