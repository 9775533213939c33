"""The report on an entry: its decision, made again from what is stored, with who recorded it, when and why."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from rulewright.pages.document import Document
from rulewright.report import Recorded, compose, gather

from .entries import Entry

if TYPE_CHECKING:
    from .ledger import Ledger


def report_on(ledger: Ledger, number: int) -> Document:
    """The report on entry `number`. Raises `Broken`, `InputError` (RW911, RW912, RW914), `EngineError`."""
    entry = ledger.readable(ledger.genuine(number))
    answered = ledger.answered(number)
    later = ledger.superseded().get(number)
    recorded = Recorded(PurePath(ledger.shown).name, number, tuple(_facts(entry, later)), ledger.standing(entry, later))
    return compose(gather(answered, entry.decision_bytes.decode(), recorded=recorded))


def _facts(entry: Entry, later: int | None) -> list[tuple[str, str]]:
    said = entry.envelope
    found = [("Kind of entry", said.kind), ("Recorded at", said.recorded_at), ("Recorded by", said.recorded_by),
             ("Approved by", said.approved_by), ("Reason", said.reason),
             ("Supersedes", f"entry {said.supersedes}" if said.supersedes else ""),
             ("Superseded by", f"entry {later}" if later else ""), ("Hash of the entry", entry.hash),
             ("Decision on record", said.decision), ("Program on record", said.program)]  # fmt: skip
    return [(name, value) for name, value in found if value]
