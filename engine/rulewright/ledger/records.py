"""What is said of a ledger in JSON: one class for each form, from which the schemas are generated.

A document in a document (`envelope`, `decision`, `case`, `terms`, `program`) has a schema of its
own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from rulewright.decision.outcome import OtherReading, plain

if TYPE_CHECKING:
    from .entries import Entry

Document = dict[str, Any]
ProgramVerdict = Literal[
    "as sealed",
    "as sealed earlier",
    "recorded as a proposal",
    "not as sealed",
    "as today",
    "not as today",
    "cannot be compared",
]


@dataclass(frozen=True, slots=True)
class ListedRating:
    """A published rating of the outermost thing, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry in a list.

    superseded_by: the number of the entry that did, or `null`; overtaken: what it made of this one;
    stands: whether the entry is a decision that stands. case, entity: the names of the case and of
    its outermost thing; as_at: the day of the decision. same_case: the other decisions in effect on
    the same facts, if this is one, at most 20 of them; same_case_more: how many there are besides.
    set_back: the time of the entry before, where that of this one lies more than a few seconds
    before it.
    """

    hash: str
    envelope: Document
    superseded_by: int | None
    overtaken: str
    stands: bool
    case: str
    entity: str
    as_at: str
    policy: str
    ratings: list[ListedRating]
    same_case: list[int]
    same_case_more: int = 0
    set_back: str = ""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with all that is stored of it but its program. readings: other readings, where they
    were tried on its case.
    """

    hash: str
    envelope: Document
    superseded_by: int | None
    decision: Document
    case: Document
    terms: Document
    readings: list[OtherReading] | None = None


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A line of an export: a program, before the first entry that names it."""

    program_digest: str
    program: Document


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of an export: an entry."""

    hash: str
    envelope: Document
    decision: Document
    case: Document
    terms: Document


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` found: the head of an intact ledger; else the first entry that is broken
    (`null`: the file) and how.

    compared_with: the published head that the ledger goes on from, absent where it was compared
    with none; signed: whether that was signed; newer: how many entries are newer than it. set_back:
    the entries whose time lies more than a few seconds before that of the entry before.
    """

    intact: bool
    head: Document | None = None
    entry: int | None = None
    what: str = ""
    compared_with: Document | None = None
    signed: bool = False
    newer: int | None = None
    set_back: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Replayed:
    """An entry, made again.

    `difference`: where and how it differs; `answers_differ`: not only in what is said of them.
    """

    number: int
    case: str
    engines: list[str]
    same: bool
    answers_differ: bool = False
    difference: str = ""


@dataclass(frozen=True, slots=True)
class RatingThen:
    """A published rating, as recorded and as today's rulebook gives it, each with the rules that
    decided or limited it.

    Values are all that are possible; none, where the rating is not given.
    """

    entity: str
    attribute: str
    label: str
    recorded: list[str]
    today: list[str]
    decided_by: list[str]
    decided_by_today: list[str]


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A recorded case under today's rulebook.

    stands: whether the entry is a decision that stands; overtaken: what became of it. policy_today:
    the policy that decides the case today, empty where none does. changes: the ratings that differ;
    not_a_rating: why today's outcome would be none, where the recorded one was; otherwise_decided:
    ratings that are the same and are decided or limited by other rules. why: why the case cannot be
    answered any more.
    """

    number: int
    case: str
    as_at: str
    kind: str
    stands: bool
    overtaken: str
    verdict: Literal["same", "different", "cannot be answered"]
    policy: str
    policy_today: str
    changes: list[RatingThen] = field(default_factory=list)
    not_a_rating: list[str] = field(default_factory=list)
    otherwise_decided: list[RatingThen] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecheckedProgram:
    """A stored program beside the seal of the policy of that name in today's rulebook.

    stored: the digest of its meaning; sealed: that of the seal, absent where there is none. `as
    sealed earlier`: a seal that was replaced, and what is said of it in `why`. `recorded as a
    proposal`: the policy was proposed then, and was sealed with another meaning since. `as today`,
    `not as today`: the policy has no seal, and was compared as it is today.
    """

    program_digest: str
    policy: str
    entries: list[int]
    verdict: ProgramVerdict
    stored: str = ""
    sealed: str = ""
    why: str = ""

    @property
    def differs(self) -> bool:
        """Whether what is stored is not what the rulebook says today."""
        return self.verdict not in ("as sealed", "as today")


FORMS: dict[type, str] = {
    ListedEntry: "listed-entry", ShownEntry: "shown-entry", ProgramLine: "ledger-line", EntryLine: "ledger-line", Verified: "verified",
    Replayed: "replayed", Rechecked: "rechecked", RecheckedProgram: "rechecked",
}  # fmt: skip


def report(said: Any) -> str:
    """One of these as a line of JSON."""
    return json.dumps(
        {"schema": f"rulewright/{FORMS[type(said)]}/1", **plain(said)},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def shown(
    entry: Entry, superseded_by: int | None, readings: list[OtherReading] | None = None
) -> ShownEntry:
    """An entry as `show` shows it."""
    line = line_of(entry)
    return ShownEntry(
        line.hash, line.envelope, superseded_by, line.decision, line.case, line.terms, readings
    )


def line_of(entry: Entry) -> EntryLine:
    """An entry in an export."""
    documents = (entry.envelope_bytes, entry.decision_bytes, entry.case_bytes, entry.terms_bytes)
    return EntryLine(entry.hash, *map(json.loads, documents))
