"""Decisions in effect on the same facts: a case may be recorded several times, for instance as at another date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rulewright.language.errors import InputError
from rulewright.language.text import few

from .verifying import Broken

if TYPE_CHECKING:
    from rulewright.engines.outcome import Decision

    from .entries import Entry
    from .ledger import Ledger

_CASE = re.compile(rb'"case":"(sha256:[0-9a-f]+)"')  # in canonical JSON these stand nowhere else: see `verifying`
_RATING = re.compile(rb'"kind":"(?:decision|correction)"')


def standing_decisions(ledger: Ledger, superseded: Mapping[int, int]) -> dict[str, list[int]]:
    """The decisions and corrections that no entry superseded, by the digest of their case."""
    found: dict[str, list[int]] = {}
    for number, content in ledger.envelopes():
        case = _CASE.search(content) if isinstance(content, bytes) else None  # a forger may have written a text
        if case and number not in superseded and _RATING.search(content):
            found.setdefault(case[1].decode(), []).append(number)
    return found


def notes(ledger: Ledger, entries: list[Entry]) -> dict[int, str]:
    """What to note of decisions just recorded whose case an earlier entry decides already, by their numbers."""
    decisions = standing_decisions(ledger, ledger.superseded())
    earlier = {each.number: [other for other in decisions.get(each.envelope.case, ()) if other < each.number] for each in entries}
    return {each.number: _note(ledger, each, earlier[each.number]) for each in entries if earlier[each.number]}


def _note(ledger: Ledger, new: Entry, earlier: list[int]) -> str:
    """The first earlier entry as at the same date under the same policy, else the first of all."""
    try:
        decisions = {number: ledger.readable(ledger.genuine(number)).decision for number in earlier}
    except (Broken, InputError):
        return f"the same case stands already as entry {earlier[0]}, which cannot be read"
    alike = next((number for number in earlier if _asked(decisions[number]) == _asked(new.decision)), None)
    number = alike or earlier[0]
    found = decisions[number]
    ratings = [f"{each.label} {each.value}" for each in found.answers if each.published and each.entity == found.root]
    said = f"the same case stands already as entry {number}, decided as at {found.as_at} under {found.policy.id}: {few(ratings) or 'no rating'}"
    return said if alike is None else f"{said}; to correct that entry, record with `--kind correction --supersedes {number}`"


def _asked(decision: Decision) -> tuple[str, str]:
    return decision.as_at, decision.policy.id
