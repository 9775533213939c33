"""The report on an entry: its decision, made again from what is stored, with who recorded it, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulewright.pages.document import Document
from rulewright.report import Recorded, compose, gather

from .entries import Entry
from .envelope import OVERTAKEN

if TYPE_CHECKING:
    from .ledger import Ledger


def report_on(ledger: Ledger, number: int) -> Document:
    """The report on entry `number`. Raises `Broken`, `InputError` (RW911, RW912, RW914), `EngineError`."""
    entry = ledger.readable(ledger.genuine(number))
    answered = ledger.answered(number)
    later = ledger.superseded().get(number)
    recorded = Recorded(ledger.shown, number, tuple(_facts(entry, later)), _standing(ledger, entry, later))
    return compose(gather(answered, entry.decision_bytes.decode(), recorded=recorded))


def _facts(entry: Entry, later: int | None) -> list[tuple[str, str]]:
    said = entry.envelope
    found = [("Kind of entry", said.kind), ("Recorded at", said.recorded_at), ("Recorded by", said.recorded_by),
             ("Approved by", said.approved_by), ("Reason", said.reason),
             ("Supersedes", f"entry {said.supersedes}" if said.supersedes else ""),
             ("Superseded by", f"entry {later}" if later else ""), ("Hash of the entry", entry.hash),
             ("Decision on record", said.decision), ("Program on record", said.program)]  # fmt: skip
    return [(name, value) for name, value in found if value]


def _standing(ledger: Ledger, entry: Entry, later: int | None) -> str:
    """What the entry must not be taken for: it no longer stands, or never was a decision that stands."""
    said = entry.envelope
    if later is not None:
        overtaken = ledger.overtaken(later)
        by = ledger.entry(later).envelope
        return f"{overtaken} at {by.recorded_at}: {by.reason}"
    if said.kind in ("suspended", "quashed"):
        return f"{OVERTAKEN[said.kind]}: this entry took entry {said.supersedes} back ({said.reason})"
    return "a what-if, not a decision" if said.kind == "what-if" else ""
