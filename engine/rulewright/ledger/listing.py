"""Entries in a list: of which case, decided as at which day, and the ratings of the outermost thing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .envelope import named
from .piles import entries_named
from .reports import ListedEntry, ListedRating
from .same_case import standing_decisions

if TYPE_CHECKING:
    from .entries import Entry
    from .ledger import Ledger


def listing(ledger: Ledger, words: Iterable[str] = ()) -> Iterator[ListedEntry]:
    """The entries in which every word occurs, in any case; each entry is checked, whether it is listed or not.

    Raises `Broken` at the first entry that is not as it was recorded, `InputError` (RW912).
    """
    wanted = [word.casefold() for word in words]
    superseded = ledger.superseded()
    decisions = standing_decisions(ledger, superseded)
    for entry in ledger.checked():
        later = superseded.get(ledger.readable(entry).number)
        stands = not ledger.standing(entry, later)
        same = [each for each in decisions.get(entry.envelope.case, ()) if each != entry.number] if stands else []
        found = listed(entry, later, ledger.overtaken(later), stands, same)
        text = _said(entry, found).casefold()
        if all(word in text for word in wanted):
            yield found


def listed(entry: Entry, superseded_by: int | None, overtaken: str, stands: bool, same_case: list[int]) -> ListedEntry:
    """An entry in a list. overtaken: what became of it, such as `quashed by entry 3`."""
    decision = entry.decision
    ratings = [ListedRating(each.label, each.value) for each in decision.answers if each.published and each.entity == decision.root]
    return ListedEntry(entry.hash, json.loads(entry.envelope_bytes), superseded_by, overtaken, stands, decision.case, decision.entity,
                       decision.as_at, decision.policy.id, ratings, same_case)  # fmt: skip


def lines(found: ListedEntry) -> Iterator[str]:
    """The lines that list an entry."""
    envelope = found.envelope
    kind = named(envelope["kind"], envelope["supersedes"])
    note = f"  ({found.overtaken})" if found.overtaken else ""
    yield f"{envelope['number']}  {envelope['recorded at'][:19]}Z  {kind}  {found.case}, as at {found.as_at}{note}"
    for each in found.ratings:
        yield f"   {each.label}: {each.value}" + ("" if found.stands else " (not in effect)")
    if found.same_case:
        yield f"   the same case is also decided by {entries_named(found.same_case)}"


def _said(entry: Entry, found: ListedEntry) -> str:
    """All that a search looks at."""
    envelope, policy = entry.envelope, entry.decision.policy
    return "\n".join([*lines(found), envelope.kind, found.entity, policy.id, policy.title, envelope.recorded_by, envelope.approved_by,
                      envelope.reason, entry.hash])  # fmt: skip
