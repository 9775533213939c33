"""What scenarios cover of a rulebook, as a record: versioned JSON, and all that the page and the
text say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from rulewright.decision.outcome import plain

SCHEMA = "rulewright/coverage/1"

Came = Literal["met", "not met", "undecided"]
TAKES_EFFECT = "takes effect"


@dataclass(slots=True)
class FirstShown:
    """What became of something, and the first scenario that shows it, with its file and line."""

    what: str
    scenario: str
    place: str


@dataclass(slots=True)
class Gap:
    """What no scenario shows. cannot_be: why no case can; excepted: why a person left it out.

    Without either it is a hole.
    """

    what: str
    cannot_be: str = ""
    excepted: str = ""

    @property
    def counts(self) -> bool:
        """Whether a scenario is still to be written."""
        return not self.cannot_be and not self.excepted


@dataclass(slots=True)
class ConditionCovered:
    """A condition as written. rule: what it stands in. shown: met, not met, undecided, where it
    mattered for the outcome.
    """

    rule: str
    place: str
    condition: str
    policies: list[str]
    shown: list[FirstShown] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


@dataclass(slots=True)
class RuleCovered:
    """A rule, row, limit or note as written. shown: fired, did not fire, may have fired, defeated,
    and whether it took effect.
    """

    rule: str
    place: str
    effect: Literal["value", "otherwise", "limit", "note", "warning"]
    conclusion: str
    policies: list[str]
    shown: list[FirstShown] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    row: bool = False


@dataclass(slots=True)
class OverrideCovered:
    """A rule that goes before another, or before judgements.

    shown: a scenario in which it would make a difference if it did not; absent where none is.
    cannot_be: why it never makes one, where that is proved.
    """

    rule: str
    place: str
    before: str
    shown: FirstShown | None = None
    cannot_be: str = ""


@dataclass(slots=True)
class ReadingCovered:
    """Another reading. run: a scenario that expects something under it; told_apart: one whose
    outcome it changes.
    """

    reading: str
    run: FirstShown | None = None
    told_apart: FirstShown | None = None


@dataclass(slots=True)
class InterpretationCovered:
    """An interpretation. rules: how many rest on it; took_effect: how many of these took effect
    somewhere.
    """

    interpretation: str
    place: str
    rules: int
    took_effect: int
    readings: list[ReadingCovered] = field(default_factory=list)


@dataclass(slots=True)
class ParameterValue:
    """A value of a parameter. since: the day from which it holds, where it does not always; used: a
    decision of its days was run.
    """

    value: str
    since: str = ""
    used: bool = False


@dataclass(slots=True)
class ParameterCovered:
    """A parameter. read: some condition or conclusion that names it mattered."""

    parameter: str
    place: str
    read: bool
    values: list[ParameterValue] = field(default_factory=list)


@dataclass(slots=True)
class EncodedBy:
    """What a paragraph is encoded by. things: rules and conditions that it is made of; covered: how
    many of these are.
    """

    name: str
    covered: int
    things: int


@dataclass(slots=True)
class ParagraphCovered:
    """A paragraph of a document that was seen in whole, and what became of it: the rules that
    encode it, and how far they are covered.
    """

    document: str
    paragraph: str
    fate: Literal["encoded by", "judgement", "context", "not yet"]
    encoded_by: list[EncodedBy] = field(default_factory=list)

    @property
    def covered(self) -> bool:
        """Whether all that encodes it is covered."""
        return all(each.covered == each.things for each in self.encoded_by)


@dataclass(slots=True)
class WithdrawalCovered:
    """A withdrawal. shown: withdrawn, not yet, undecided. gaps: which of the first two no scenario
    shows.
    """

    attribute: str
    place: str
    policies: list[str]
    shown: list[FirstShown] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Share:
    """How many of some things are covered. cannot_be, excepted: those that are not counted among
    `of`.
    """

    covered: int
    of: int
    cannot_be: int = 0
    excepted: int = 0

    @property
    def percent(self) -> Fraction:
        """The share in percent; of nothing all is covered."""
        return Fraction(100 * self.covered, self.of) if self.of else Fraction(100)

    def __add__(self, other: Share) -> Share:
        return Share(
            self.covered + other.covered,
            self.of + other.of,
            self.cannot_be + other.cannot_be,
            self.excepted + other.excepted,
        )


@dataclass(slots=True)
class PolicyCovered:
    """One policy by the scenarios that run under it. runs: how many; conditions: two for each
    condition, met and not met.
    """

    policy: str
    title: str
    runs: int
    rules: Share
    conditions: Share


@dataclass(slots=True)
class UnusedException:
    """An exception that is not needed any more, and why."""

    place: str
    rule: str
    what: str
    because: str


@dataclass(slots=True)
class Coverage:
    """What scenarios cover. share_of_rules, share_of_conditions: each thing counted once in all
    policies that have it.

    undecided: whether it is asked that each condition is undecided somewhere, too.
    """

    scenarios: int
    policies: list[PolicyCovered]
    not_run: list[str]
    share_of_rules: Share
    share_of_conditions: Share
    undecided: bool
    rules: list[RuleCovered]
    conditions: list[ConditionCovered]
    overrides: list[OverrideCovered]
    interpretations: list[InterpretationCovered]
    parameters: list[ParameterCovered]
    paragraphs: list[ParagraphCovered]
    withdrawals: list[WithdrawalCovered]
    unused_exceptions: list[UnusedException] = field(default_factory=list)
    schema: str = SCHEMA

    @property
    def total(self) -> Share:
        """Rules and conditions together."""
        return self.share_of_rules + self.share_of_conditions

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values, in the order of `schemas/coverage.json`."""
        found: dict[str, Any] = plain(self)
        return {
            "schema": self.schema,
            **{name: content for name, content in found.items() if name != "schema"},
        }
