"""A ledger as JSON lines: complete, so that all digests can be checked by others without SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .reports import ProgramLine, line_of, report

if TYPE_CHECKING:
    from .ledger import Ledger


def json_lines(ledger: Ledger) -> Iterator[str]:
    """Each program before the first entry that names it, then the entry, one a line."""
    told: set[str] = set()
    for entry in ledger.entries():
        if entry.program_digest not in told:
            told.add(entry.program_digest)
            yield report(ProgramLine(entry.program_digest, json.loads(ledger.program(entry.program_digest))))
        yield report(line_of(entry))
