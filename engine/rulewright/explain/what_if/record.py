"""What would change a value, as a record: versioned JSON, and all that the page of text says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.decision.outcome import plain

SCHEMA = "rulewright/what-if/1"


@dataclass(slots=True)
class ChangedFact:
    """A fact as it is and as it would be.

    `now` is `missing` for what nobody stated, and names a default as such.
    """

    entity: str
    attribute: str
    now: str
    then: str


@dataclass(slots=True)
class Proposal:
    """A set of changes, how far they are together, and what the attribute really may be then.

    other_values: other values of the same facts do too, in sets that are not among those told.
    perhaps: missing facts whose values cannot be listed leave open what it really may be; `gives`
    is then all that the engines say is possible.
    """

    changes: list[ChangedFact]
    distance: int
    gives: list[str]
    other_values: bool = False
    perhaps: bool = False


@dataclass(slots=True)
class StandIns:
    """A change of the first proposal, and the facts any one of which could change instead.

    `more`: there may be others.
    """

    entity: str
    attribute: str
    instead: list[str]
    more: bool = False


@dataclass(slots=True)
class Failed:
    """Facts whose changes do not lead there: of which kinds (as the vocabulary says who can change
    them), how many, whether proved.

    bound: how far was looked, where that was not to the end; found_out: as of `Smallest`.
    """

    by: list[str]
    tried: int
    proved: bool
    bound: str = ""
    found_out: int = 0


@dataclass(slots=True)
class Smallest:
    """The smallest sets of changes that give a value, lose the present one, or end a conflict.

    wanted: the value that is aimed at, or to be lost. changes: how many facts each set changes,
    absent where no set was found. tried: how many facts could change. proved: that no smaller set
    of these does it, or that none does at all. bound: how far was looked, where that was not to the
    end. how_many: sets of that size, or with `more` at least that many; facts: how many facts they
    change in all, absent where `more`. unsettled: sets of which it could not be told whether they
    do. by: who can change the facts that could change, nothing where all could; failed: facts of
    fewer kinds that were looked at before; left: how many facts stay because of their kind;
    found_out: how many of those that could change do so only by being stated, whatever their kind.
    missing_only: the sets are the smallest of those that only state missing facts; how far others
    were looked for, `bound` says.
    """

    aim: Literal["have", "lose", "end conflict"]
    wanted: str
    changes: int | None
    tried: int
    proved: bool
    bound: str = ""
    how_many: int = 0
    more: bool = False
    facts: int = 0
    missing_only: bool = False
    unsettled: int = 0
    by: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    left: int = 0
    found_out: int = 0
    proposals: list[Proposal] = field(default_factory=list)
    stand_ins: list[StandIns] = field(default_factory=list)


@dataclass(slots=True)
class IfGiven:
    """What would be possible if a missing fact had this value."""

    value: str
    possible: list[str]


@dataclass(slots=True)
class MissingFact:
    """A missing fact and what each of its values would leave possible.

    `left`: how many values, on average over its own, times 100.
    """

    entity: str
    attribute: str
    left: int
    given: list[IfGiven]


@dataclass(slots=True)
class Settling:
    """The values that are really possible, and which missing facts would settle most, first.

    exact: some way to fill in the missing facts gives each of them; else `bound` says why
    `possible` may hold too many. not_ranked: how many missing facts were not looked at, because
    there are too many.
    """

    possible: list[str]
    exact: bool
    bound: str = ""
    not_ranked: int = 0
    missing: list[MissingFact] = field(default_factory=list)


@dataclass(slots=True)
class DependentAssumption:
    """An interpretation on which an answer depends: under its other reading some of the sets of
    changes give something else.

    proposals: the numbers of those sets, from 1; none where it is what is really possible that
    differs. gives: what each of them gives then, or what is really possible then.
    """

    interpretation: str
    assumed: str
    mark: str
    reading: str
    meaning: str
    proposals: list[int]
    gives: list[list[str]]


@dataclass(slots=True)
class WhatIf:
    """What would change an attribute's value. It is hypothetical, never a rating.

    about: what the case says of itself. standing_of_policy: how the policy stands where it is not
    simply in force. now: the values that are possible with the facts as they are. assumptions:
    those whose other reading changes an answer told here; readings_not_tried: so many other
    readings might, and were not tried because the case is too large. stands: that it is itself
    supplied or judged, or withdrawn (by the policy `withdrawn_by`), so that nothing is looked for.
    kept, only: facts that somebody asked to keep, or to change and no others; not_tried: facts that
    it may depend on, but whose values cannot be listed; standing: supplied and judged values that
    it may depend on, which stay.
    """

    case: str
    entity: str
    attribute: str
    label: str
    policy: str
    as_at: str
    now: list[str]
    stands: Literal["", "supplied", "judged", "given earlier", "withdrawn"] = ""
    withdrawn_by: str = ""
    smallest: Smallest | None = None
    settling: Settling | None = None
    kept: list[str] = field(default_factory=list)
    only: list[str] = field(default_factory=list)
    not_tried: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    about: str = ""
    standing_of_policy: str = ""
    assumptions: list[DependentAssumption] = field(default_factory=list)
    readings_not_tried: int = 0
    schema: str = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        found: dict[str, Any] = {"schema": self.schema, **plain(self)}
        return found
