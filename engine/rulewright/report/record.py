"""What a report says, before it is laid out: every part is a record that can be had by itself
too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rulewright.decision.outcome import Answer, Decision, MadeBy, OtherReading
from rulewright.explain.record import Explanation
from rulewright.explain.what_if.record import WhatIf
from rulewright.explain.why_not.record import WhyNot
from rulewright.ir.program import Document, Interpretation, Reading


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where the decision is in a ledger: as text, each with its name. standing: why it is not in
    effect, where it is not.
    """

    ledger: str
    entry: int
    facts: tuple[tuple[str, str], ...]
    standing: str = ""
    what_if: bool = False


@dataclass(slots=True)
class Report:
    """One decision, with what explains it.

    answers: what is reported on, the main result first. explanations: why, for each of these.
    better: why the main result is not the next better value; absent where there is none, or where
    it is not determined. readings: other readings tried, absent where they were not; untried: then
    those of each interpretation, by its id, and why_untried. hinges: what would lose the main
    result, or settle it. documents: those that rules cite which the page names, whether or not they
    fired; remarks: what the rules say of them, by document. besides: interpretations on which such
    rules rest that did not fire. disclaimer: what the policy says that it must not be taken for.
    canonical: the decision as a record, in canonical JSON.
    """

    decision: Decision
    made_by: MadeBy
    answers: list[Answer]
    explanations: list[Explanation]
    better: WhyNot | None
    readings: list[OtherReading] | None
    hinges: WhatIf | None
    documents: list[Document]
    canonical: str
    recorded: Recorded | None = None
    remarks: dict[str, list[str]] = field(default_factory=dict)
    besides: list[Interpretation] = field(default_factory=list)
    disclaimer: str = ""
    untried: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    why_untried: str = ""

    @property
    def main(self) -> Answer | None:
        """The main result, where something is reported on."""
        return self.answers[0] if self.answers else None
