"""A ledger as JSON lines: complete, so that all digests can be checked by others without SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rulewright.decision import record
from rulewright.syntax.canonical import refuse_other_than_canonical

from . import stored_cases, terms
from .records import FORMS, EntryLine, ProgramLine

if TYPE_CHECKING:
    from .entries import Entry
    from .ledger import Ledger

_KNOWN = {"decision": record.SCHEMA, "case": stored_cases.SCHEMA, "terms": terms.SCHEMA}


def json_lines(ledger: Ledger) -> Iterator[str]:
    """Each program before the first entry that names it, then the entry, one a line.

    For a ledger that verifies. Each entry is checked again. Raises `Broken`, `InputError` (RW912).
    """
    told: set[str] = set()
    for entry in ledger.checked():
        if entry.program_digest not in told:
            told.add(entry.program_digest)
            yield _program_line(entry.program_digest, ledger.program(entry.program_digest))
        with ledger.reading(entry):
            line = _line(entry)
        yield line


def _program_line(digest: str, archive: bytes) -> str:
    """A `ProgramLine`: the archive is canonical JSON, and so stands in it is stored."""
    return f'{{"schema":"rulewright/{FORMS[ProgramLine]}/1","program digest":"{digest}","program":{archive.decode()}}}'


def _line(entry: Entry) -> str:
    """An `EntryLine`: the documents are canonical JSON, and so stand in it as they are stored.

    Raises `ValueError`.
    """
    documents = ",".join(f'"{name}":{_document(entry, name).decode()}' for name in _KNOWN)
    return f'{{"schema":"rulewright/{FORMS[EntryLine]}/1","hash":"{entry.hash}","envelope":{entry.envelope_bytes.decode()},{documents}}}'


def _document(entry: Entry, name: str) -> bytes:
    """One document, which is of the form that it names; or of one that is not known here, for
    whoever knows it. Raises `ValueError`.
    """
    content: bytes = getattr(entry, f"{name}_bytes")
    try:
        _ = getattr(entry, name)
    except ValueError:
        document = json.loads(content)
        if (
            not isinstance(document, dict)
            or not isinstance(form := document.get("schema"), str)
            or form == _KNOWN[name]
        ):
            raise
        refuse_other_than_canonical(document, content, name)
    return content
