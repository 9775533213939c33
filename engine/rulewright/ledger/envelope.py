"""The envelope of an entry: who recorded what, when, why, after which entry. Its digest is the hash of the entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rulewright.engines.outcome import plain
from rulewright.language.canonical import canonical_quickly, document_of, is_canonical

SCHEMA = "rulewright/entry/1"
Kind = Literal["decision", "correction", "suspended", "quashed", "what-if"]
KINDS: tuple[Kind, ...] = ("decision", "correction", "suspended", "quashed", "what-if")
RATINGS: tuple[Kind, ...] = ("decision", "correction")  # what is stamped *not a rating* is neither
AFTER: tuple[Kind, ...] = ("correction", "suspended", "quashed")  # they supersede an entry, and say why
TAKEN_BACK: tuple[Kind, ...] = ("suspended", "quashed")  # they take back what an entry of the same case decided

OVERTAKEN: dict[Kind, str] = {"correction": "corrected", "suspended": "suspended", "quashed": "quashed"}  # what became of it
_NOUNS: dict[str, str] = {"suspended": "suspension", "quashed": "quashing"}


def named(kind: str, supersedes: int | None) -> str:
    """What an entry is, in words, such as `suspension of entry 2`."""
    return _NOUNS.get(kind, kind) + (f" of entry {supersedes}" if supersedes else "")


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What made a decision: the engines, why one of them is missing, the version, and what it ran on."""

    engines: list[str]
    note: str
    version: str
    python: str
    platform: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """All that is said of one entry. `previous`: the hash of the entry before; `supersedes`: the number of an entry.

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


_TEXTS = ("reason", "recorded at", "recorded by", "approved by", "decision", "case", "terms", "program")
_NAMES = {"schema", "number", "previous", "kind", "supersedes", "made by", *_TEXTS}
_MADE = {"engines", "note", "version", "python", "platform"}


def envelope_from(content: bytes) -> Envelope:
    """The envelope of a document. Raises `ValueError`, which says what is wrong with it."""
    document = document_of(content, SCHEMA, "envelope")
    made = document.get("made by")
    if document.keys() != _NAMES or not isinstance(made, dict) or made.keys() != _MADE:
        raise ValueError("the envelope does not hold what an envelope holds")
    number, previous, supersedes = document["number"], document["previous"], document["supersedes"]
    well_formed = (
        type(number) is int
        and (previous is None or isinstance(previous, str))
        and (supersedes is None or type(supersedes) is int)
        and document["kind"] in KINDS
        and all(isinstance(document[each], str) for each in _TEXTS)
        and all(isinstance(made[each], str) for each in _MADE - {"engines"})
        and isinstance(made["engines"], list)
        and all(isinstance(each, str) for each in made["engines"])
    )
    if not well_formed:
        raise ValueError("the envelope does not hold what an envelope holds")
    if not is_canonical(document, content):
        raise ValueError("the envelope is not in canonical form")
    return Envelope(
        number, previous, document["kind"], supersedes, document["reason"], document["recorded at"], document["recorded by"],
        document["approved by"], document["decision"], document["case"], document["terms"], document["program"], MadeWith(**made),
    )  # fmt: skip
