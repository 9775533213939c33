"""Decisions in effect on the same facts: a case may be recorded several times, for instance as at
another date.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rulewright.syntax.errors import InputError
from rulewright.syntax.text import few

from .verification import Broken

if TYPE_CHECKING:
    from .entries import Entry
    from .ledger import Ledger

# entries on the same case, the latest first: a case that was recorded very often costs no more
LOOKED_AT = 100


def notes(ledger: Ledger, entries: Iterable[Entry]) -> dict[int, str]:
    """What to note of decisions just recorded whose case an earlier entry decides already, by their
    numbers.
    """
    found = {each.number: _note(ledger, each) for each in entries}
    return {number: note for number, note in found.items() if note}


def _note(ledger: Ledger, new: Entry) -> str:
    """On the first earlier entry as at the same date under the same policy, else on the first of
    all.
    """
    try:
        earlier = [
            (each, each.outline)
            for each in ledger.deciding(new.envelope.case, new.number, LOOKED_AT)
        ]
    except (Broken, InputError, ValueError):
        return "the same case stands already in an entry that cannot be read; `rulewright ledger verify` tells which"
    if not earlier:
        return ""
    asked = new.outline.as_at, new.outline.policy
    alike = next((pair for pair in earlier if (pair[1].as_at, pair[1].policy) == asked), None)
    entry, said = alike or earlier[0]
    ratings = few([f"{label} {value}" for label, value in said.ratings]) or "no rating"
    note = f"the same case stands already as entry {entry.number}, decided as at {said.as_at} under {said.policy}: {ratings}"
    return (
        note
        if alike is None
        else f"{note}; to correct that entry, record with `--kind correction --supersedes {entry.number}`"
    )
