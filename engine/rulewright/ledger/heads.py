"""The head of a ledger: how many entries it has and the hash of the last.

Published, it fixes all that lies before.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from rulewright.syntax.canonical import canonical_quickly

SCHEMA = "rulewright/head/1"
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """The number of entries, and the hash of the last one (`None`: there is none)."""

    entries: int
    hash: str | None

    def to_json(self) -> dict[str, Any]:
        """The head as plain JSON values (`schemas/head.json`)."""
        return {"schema": SCHEMA, "entries": self.entries, "hash": self.hash}

    def bytes(self) -> bytes:
        """The head in canonical JSON."""
        return canonical_quickly(self.to_json())

    def __str__(self) -> str:
        return f"{self.entries:,} {'entry' if self.entries == 1 else 'entries'}, {self.hash or 'no hash'}"


def proved(found: Head, published: Head | None, signed: bool = False) -> str:
    """What is proved of a ledger that verifies and has the head `found`, in words.

    `published`: the head it was compared with.
    """
    consistent = f"consistent with itself: {found}"
    if published is None:
        return f"{consistent}; not compared with a published head"
    head = f"the {'signed' if signed else 'published'} head"
    matched = (
        f"{head} covers no entry"
        if published.entries == 0
        else f"{_matching(published.entries)} {head}"
    )
    return f"{consistent}; {matched}; {_newer(published.entries + 1, found.entries)}"


def _matching(last: int) -> str:
    return "entry 1 matches" if last == 1 else f"entries 1 to {last:,} match"


def _newer(first: int, last: int) -> str:
    if first > last:
        return "no entry is newer"
    return (
        f"entry {first:,} is newer" if first == last else f"entries {first:,} to {last:,} are newer"
    )


def head_from(document: Any) -> Head:
    """The head of a parsed document. Raises `ValueError`."""
    if (
        not isinstance(document, dict)
        or document.get("schema") != SCHEMA
        or document.keys() != {"schema", "entries", "hash"}
    ):
        raise ValueError(f"this is not a head of the form `{SCHEMA}`")
    entries, hash = document["entries"], document["hash"]
    if type(entries) is not int or entries < 0 or (hash is None) != (entries == 0):
        raise ValueError("the head counts no entries")
    if hash is not None and not (isinstance(hash, str) and _HASH.fullmatch(hash)):
        raise ValueError("the head has no hash")
    return Head(entries, hash)


def head_from_text(text: str) -> Head:
    """The head of a JSON text. Raises `ValueError`."""
    return head_from(json.loads(text))
