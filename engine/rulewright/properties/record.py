"""What became of a declared property, as a record: versioned JSON, and all that the text says."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.decision.outcome import plain

SCHEMA = "rulewright/property/1"


@dataclass(slots=True)
class FactStated:
    """A fact of a case, and its value in words. `default`: a case that is silent has it too."""

    entity: str
    attribute: str
    value: str
    default: bool = False


@dataclass(slots=True)
class Raised:
    """A fact that is better in the second of two cases."""

    entity: str
    attribute: str
    value: str
    better: str


@dataclass(slots=True)
class ValueGiven:
    """What a case gives for an attribute, and the rules that decided it; both engines say so.

    `missing`: what it hangs on.
    """

    entity: str
    attribute: str
    value: str
    status: Literal["determined", "undetermined", "conflict"]
    decided_by: list[str] = field(default_factory=list)
    limited_by: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Counterexample:
    """A case in which a property does not hold; of `monotone` two, whose second has better facts
    and a worse result.

    facts: the open facts that matter, the same in both; the result is the same whatever `others`
    open facts are. at: of a condition, the thing at which it was asked, and what became of it.
    """

    raised: list[Raised]
    facts: list[FactStated]
    others: int
    gives: list[ValueGiven]
    better_gives: list[ValueGiven] = field(default_factory=list)
    at: str = ""
    condition: Literal["", "met", "not met", "undecided"] = ""


@dataclass(slots=True)
class Reached:
    """A value that was asked for: whether some case has it, and which facts of it matter."""

    value: str
    reached: bool
    facts: list[FactStated] = field(default_factory=list)
    others: int = 0
    gives: list[ValueGiven] = field(default_factory=list)


@dataclass(slots=True)
class Checked:
    """A property and what became of it.

    about: the path of the attribute, or the conditions; of: where they are asked. open_facts: how
    many facts vary that it may hang on, and without_effect those that it does not; cases: how many
    ways there are to state the former (at most, where the space has conditions). undecided: why
    nothing could be shown. not_compared: of `monotone`, results that some cases have and that are
    no better or worse than any other. written: the file that the cases found were written to.
    """

    property: str
    file: str
    line: int
    policy: str
    as_at: str
    kind: Literal["monotone", "reachable", "always", "never"]
    about: list[str]
    expected: bool
    because: str
    verdict: Literal["holds", "does not hold", "undecided"]
    open_facts: int = 0
    cases: int = 0
    without_effect: int = 0
    conditions: bool = False
    of: str = ""
    reading: str = ""
    undecided: str = ""
    not_compared: list[str] = field(default_factory=list)
    counterexamples: list[Counterexample] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    written: str = ""
    schema: str = SCHEMA

    @builtins.property  # `property` is a field
    def as_declared(self) -> bool:
        """Whether it holds where that is expected, and does not where that is."""
        return self.verdict == ("holds" if self.expected else "does not hold")

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        found: dict[str, Any] = {"schema": self.schema, **plain(self)}
        return found
