"""A ledger as JSON lines: complete, so that all digests can be checked by others without SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ledger import Ledger

SCHEMA = "rulewright/ledger-line/1"


def json_lines(ledger: Ledger) -> Iterator[str]:
    """Each program before the first entry that names it, then the entry, one a line."""
    told: set[str] = set()
    for entry in ledger.entries():
        if entry.program_digest not in told:
            told.add(entry.program_digest)
            yield _line({"program digest": entry.program_digest, "program": json.loads(ledger.program(entry.program_digest))})
        yield _line({
            "hash": entry.hash, "envelope": json.loads(entry.envelope_bytes), "decision": json.loads(entry.decision_bytes),
            "case": json.loads(entry.case_bytes), "terms": json.loads(entry.terms_bytes),
        })  # fmt: skip


def _line(content: dict[str, Any]) -> str:
    return json.dumps({"schema": SCHEMA, **content}, ensure_ascii=False, separators=(",", ":"))
