"""Entries in a list: of which case, decided as at which day, and the ratings of the outermost
thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from rulewright.decision.record import Outline

from .clock import SetBack, set_back
from .envelope import Envelope, named, overtaken, standing
from .recheck_report import entries_named
from .records import ListedEntry, ListedRating

if TYPE_CHECKING:
    from .entries import Entry
    from .ledger import Ledger

NAMED = 20  # other entries on the same case that are named


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry in a list. later: what is said of the entry that superseded it; same_case: all
    decisions in effect on its case, if it is one.
    """

    entry: Entry
    outline: Outline
    later: Envelope | None
    stands: bool
    same_case: Sequence[int]
    set_back: SetBack | None

    @property
    def overtaken(self) -> str:
        """What became of it, such as `quashed by entry 3`."""
        return overtaken(self.later)

    @property
    def others(self) -> list[int]:
        """The first of the other decisions in effect on its case."""
        return list(islice((each for each in self.same_case if each != self.entry.number), NAMED))

    @property
    def unnamed(self) -> int:
        """How many there are besides."""
        return max(0, len(self.same_case) - 1 - NAMED)

    def to_json(self) -> ListedEntry:
        """The entry as `list --json` has it."""
        said, ratings = self.outline, [ListedRating(*each) for each in self.outline.ratings]
        return ListedEntry(
            self.entry.hash,
            json.loads(self.entry.envelope_bytes),
            self.later.number if self.later else None,
            self.overtaken,
            self.stands,
            said.case,
            said.entity,
            said.as_at,
            said.policy,
            ratings,
            self.others,
            self.unnamed,
            self.set_back.before if self.set_back else "",
        )


def listing(ledger: Ledger, words: Iterable[str] = ()) -> Iterator[Listed]:
    """The entries in which every word occurs, in any case; each entry is checked, whether it is
    listed or not.

    Raises `Broken` at the first entry that is not as it was recorded, `InputError` (RW912).
    """
    wanted = [word.casefold() for word in words]
    superseded = ledger.superseded()
    decided_again = ledger.decided_again(superseded)
    before = ""
    for entry in ledger.checked():
        envelope, later = entry.envelope, ledger.said_of(superseded.get(entry.number))
        stands = not standing(envelope, later)
        same_case = decided_again.get(envelope.case, ()) if stands else ()
        behind = set_back(entry.number, before, envelope.recorded_at)
        found = Listed(entry, ledger.outline(entry), later, stands, same_case, behind)
        before = envelope.recorded_at
        if not wanted or _holds(found, wanted):
            yield found


def lines(found: Listed) -> Iterator[str]:
    """The lines that list an entry."""
    envelope, said = found.entry.envelope, found.outline
    note = f"  ({found.overtaken})" if found.later else ""
    kind = named(envelope.kind, envelope.supersedes)
    yield f"{envelope.number}  {envelope.recorded_at[:19]}Z  {kind}  {said.case}, as at {said.as_at}{note}"
    for label, value in said.ratings:
        yield f"   {label}: {value}" + ("" if found.stands else " (not in effect)")
    if found.others:
        more = f" and {found.unnamed:,} more" if found.unnamed else ""
        yield f"   the same case is also decided by {entries_named(found.others)}{more}"
    if found.set_back:
        yield f"   recorded after entry {envelope.number - 1}, whose time is {found.set_back.before[:19]}Z: one of the two clocks was wrong"


def _holds(found: Listed, words: list[str]) -> bool:
    """Whether all words stand in what is said of an entry."""
    envelope, said = found.entry.envelope, found.outline
    text = "\n".join(
        [
            *lines(found),
            envelope.kind,
            said.entity,
            said.policy,
            said.title,
            envelope.recorded_by,
            envelope.approved_by,
            envelope.reason,
            found.entry.hash,
        ]
    ).casefold()
    return all(word in text for word in words)
