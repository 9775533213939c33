"""The envelope of an entry: who recorded what, when, why, after which entry.

Its digest is the hash of the entry.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from rulewright.decision.documents import document_as
from rulewright.decision.outcome import plain
from rulewright.syntax.canonical import canonical_quickly, refuse_other_than_canonical
from rulewright.syntax.declared_types import reader

from .clock import moment_of

SCHEMA = "rulewright/entry/1"
Kind = Literal["decision", "correction", "suspended", "quashed", "what-if"]
KINDS: tuple[Kind, ...] = ("decision", "correction", "suspended", "quashed", "what-if")
RATINGS: tuple[Kind, ...] = ("decision", "correction")  # what is stamped *not a rating* is neither
AFTER: tuple[Kind, ...] = (
    "correction",
    "suspended",
    "quashed",
)  # they supersede an entry, and say why
TAKEN_BACK: tuple[Kind, ...] = (
    "suspended",
    "quashed",
)  # they take back what an entry of the same case decided

OVERTAKEN: dict[Kind, str] = {
    "correction": "corrected",
    "suspended": "suspended",
    "quashed": "quashed",
}  # what became of it
_NOUNS: dict[str, str] = {"suspended": "suspension", "quashed": "quashing"}


def overtaken(by: Envelope | None) -> str:
    """What an entry is that was superseded, such as `quashed by entry 3`; nothing where none did.
    by: the entry that did.
    """
    return "" if by is None else f"{OVERTAKEN.get(by.kind, 'superseded')} by entry {by.number}"


def standing(entry: Envelope, by: Envelope | None) -> str:
    """Why an entry is not in effect: it no longer is, or never was a decision in effect; nothing
    where it is.
    """
    if by is not None:
        return f"{overtaken(by)} at {by.recorded_at}: {by.reason}"
    if entry.kind in TAKEN_BACK:
        return f"this entry {'suspends' if entry.kind == 'suspended' else 'quashes'} entry {entry.supersedes}: {entry.reason}"
    return "a what-if, not a decision" if entry.kind == "what-if" else ""


def named(kind: str, supersedes: int | None) -> str:
    """What an entry is, in words, such as `suspension of entry 2`."""
    return _NOUNS.get(kind, kind) + (f" of entry {supersedes}" if supersedes else "")


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What made a decision: the engines, why one of them is missing, the version, and what it ran
    on.
    """

    engines: list[str]
    note: str
    version: str
    python: str
    platform: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that is said of one entry. `previous`: the hash of the entry before; `supersedes`: the
    number of an entry.

    `decision`, `case`, `terms` and `program` are digests of what is stored beside the envelope.
    """

    number: int
    previous: str | None
    kind: Kind
    supersedes: int | None
    reason: str
    recorded_at: str
    recorded_by: str
    approved_by: str
    decision: str
    case: str
    terms: str
    program: str
    made_by: MadeWith

    def bytes(self) -> bytes:
        """The envelope in canonical JSON."""
        return canonical_quickly({"schema": SCHEMA, **plain(self)})


def envelope_from(content: bytes) -> Envelope:
    """The envelope of a document. Raises `ValueError`, which says what is wrong with it."""
    return _usual_envelope(content) or _any_envelope(content)


def _any_envelope(content: bytes) -> Envelope:
    found = document_as(Envelope, content, SCHEMA, "envelope")
    try:
        moment_of(found.recorded_at)
    except ValueError as error:
        raise ValueError(
            f"the envelope does not hold what an envelope holds: `recorded at`: {error}"
        ) from None
    return found


# -- quickly

# Verifying and listing read every envelope of a ledger. One in whose texts nothing is escaped has
# one canonical form, which is this.
_TEXT, _NUMBER = r'"([^"\\\x00-\x1f]*)"', "([1-9][0-9]{0,14})"
_USUAL = re.compile(
    f'{{"approved by":{_TEXT},"case":{_TEXT},"decision":{_TEXT},"kind":"({"|".join(KINDS)})","made by":({{[^}}]*}}),"number":{_NUMBER},'
    f'"previous":(?:null|{_TEXT}),"program":{_TEXT},"reason":{_TEXT},"recorded at":{_TEXT},"recorded by":{_TEXT},"schema":"{SCHEMA}",'
    f'"supersedes":(?:null|{_NUMBER}),"terms":{_TEXT}}}'
)


def _usual_envelope(content: bytes) -> Envelope | None:
    """The envelope, where it is in the usual form."""
    try:
        found = _USUAL.fullmatch(content.decode())
        if found is None:
            return None
        (
            approved_by,
            case,
            decision,
            kind,
            made_by,
            number,
            previous,
            program,
            reason,
            recorded_at,
            recorded_by,
            before,
            terms,
        ) = found.groups()
        moment_of(recorded_at)
        return Envelope(
            int(number),
            previous,
            cast(Kind, kind),
            int(before) if before else None,
            reason,
            recorded_at,
            recorded_by,
            approved_by,
            decision,
            case,
            terms,
            program,
            _made_with(made_by),
        )
    except (ValueError, RecursionError):
        return None  # what is wrong is said where any envelope is read


@lru_cache
def _made_with(content: str) -> MadeWith:
    """What made a decision: the same for most entries. Raises `ValueError`."""
    document = json.loads(content)
    found: MadeWith = reader(MadeWith)(document)
    refuse_other_than_canonical(document, content.encode(), "envelope")
    return found
