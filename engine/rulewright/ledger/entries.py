"""An entry of a ledger as it is read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

from rulewright.decision.record import Outline, decision_from, outline_of

from .envelope import Envelope, envelope_from
from .stored_cases import case_from_bytes
from .terms import Terms, terms_from

if TYPE_CHECKING:
    from rulewright.decision.outcome import Decision
    from rulewright.facts.cases import CaseText

Row = tuple[int, str, str, int | None, bytes, bytes, bytes, bytes]
COLUMNS = "number, hash, program, supersedes, envelope, decision, case_text, terms"

UNREADABLE = "another version may have recorded it, or somebody may have changed it: compare the ledger with a published head"


@dataclass(frozen=True)
class Entry:
    """One entry: its number and hash, and the bytes that are stored."""

    number: int
    hash: str
    program_digest: str
    supersedes: int | None
    envelope_bytes: bytes
    decision_bytes: bytes
    case_bytes: bytes
    terms_bytes: bytes

    @classmethod
    def checked(cls, row: Row, envelope: Envelope) -> Entry:
        """The entry of a row whose envelope was read when it was checked."""
        entry = cls.__new__(cls)
        entry.__dict__.update(zip(_NAMES, row, strict=True), envelope=envelope)
        return entry

    @cached_property
    def envelope(self) -> Envelope:
        """What is said of the entry. Raises `ValueError` when it is broken."""
        return envelope_from(self.envelope_bytes)

    @cached_property
    def decision(self) -> Decision:
        """The decision, in words. Raises `ValueError` when it is broken."""
        return decision_from(self.decision_bytes)

    @property
    def outline(self) -> Outline:
        """What a list says of the decision. Raises `ValueError` when it is broken."""
        return outline_of(self.decision_bytes)

    @cached_property
    def case(self) -> CaseText:
        """The case as it was written. Raises `ValueError` when it is broken."""
        return case_from_bytes(self.case_bytes, f"entry {self.number}")

    @cached_property
    def terms(self) -> Terms:
        """What else the decision was made on. Raises `ValueError` when it is broken."""
        return terms_from(self.terms_bytes)


_NAMES = tuple(each.name for each in fields(Entry))
