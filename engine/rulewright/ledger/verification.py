"""Verifying a ledger: every digest, the chain, and that all that is stored twice agrees.

No rulebook is needed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rulewright.ir.archive import LARGE, SCHEMA
from rulewright.syntax.canonical import document_of, refuse_other_than_canonical

from . import queries
from .clock import SetBack, set_back
from .envelope import AFTER, RATINGS, Envelope, envelope_from
from .heads import Head
from .store import STATISTICS, format_of, objects_of

# in canonical JSON these bytes stand nowhere else: in a text the quotation marks have a backslash
_A_RATING = b'"not a rating":[]'


class Broken(Exception):
    """Something stored is not what was recorded.

    `entry` is its number; 0: a program, or the file itself.
    """

    def __init__(self, entry: int, what: str) -> None:
        self.entry, self.what = entry, what
        super().__init__(f"entry {entry}: {what}" if entry else what)


class NotAsPublished(Broken):
    """The ledger does not go on from a published head: it was changed, or the head is that of
    another ledger.
    """


def programs_of(rows: Iterable[tuple[Any, Any]]) -> set[str]:
    """The digests of the programs stored. Raises `Broken` when one is not what its digest says."""
    found: set[str] = set()
    for digest, content in rows:
        if (
            not isinstance(digest, str)
            or not isinstance(content, bytes)
            or _digest(content) != digest
        ):
            raise Broken(0, f"the program `{_short(digest)}` is not what its digest says")
        if digest in found:
            raise Broken(0, f"the program `{_short(digest)}` is stored twice")
        try:
            refuse_other_than_canonical(
                document_of(content, SCHEMA, "program", LARGE), content, "program"
            )
        except ValueError as error:
            raise Broken(0, f"`{_short(digest)}`: {error}") from None
        found.add(digest)
    return found


def alone(row: tuple[Any, ...]) -> Envelope:
    """The envelope of an entry that agrees with its own digests. Raises `Broken`."""
    here, hash, program, supersedes, *contents = row
    envelope_bytes, decision, case, terms = contents
    if not type(envelope_bytes) is type(decision) is type(case) is type(terms) is bytes:
        raise Broken(here, "what is stored is not of the kind that is stored")
    try:
        envelope = envelope_from(envelope_bytes)
    except ValueError as error:
        raise Broken(here, str(error)) from None
    if hash != _digest(envelope_bytes):
        raise Broken(here, "its hash is not that of its envelope")
    if envelope.number != here:
        raise Broken(here, f"its envelope is that of entry {envelope.number}")
    if _digest(decision) != envelope.decision:
        raise Broken(here, "the decision is not what the envelope's digest says")
    if _digest(case) != envelope.case:
        raise Broken(here, "the case is not what the envelope's digest says")
    if _digest(terms) != envelope.terms:
        raise Broken(here, "the terms are not what the envelope's digest says")
    if program != envelope.program:
        raise Broken(here, "it names two programs")
    if supersedes != envelope.supersedes:
        row_says, envelope_says = (
            f"entry {each}" if each is not None else "nothing"
            for each in (supersedes, envelope.supersedes)
        )
        raise Broken(
            here,
            f"its row says that it supersedes {row_says}, and its envelope says {envelope_says}",
        )
    return envelope


def between(row: tuple[Any, ...], before: str | None, after: bytes | None) -> Envelope:
    """The envelope of an entry that agrees with itself and its neighbours: the hash of the entry
    before, the envelope of the next one.

    `None`: there is no such entry. Raises `Broken`.
    """
    here = row[0]
    envelope = alone(row)
    if envelope.previous != before:
        raise _not_after(here)
    if after is not None:
        try:
            follows = envelope_from(after).previous
        except ValueError as error:
            raise Broken(here + 1, str(error)) from None
        if follows != row[1]:
            raise _not_after(here + 1)
    return envelope


def _not_after(here: int) -> Broken:
    """Either of two neighbours may have been changed: nothing in the file tells which."""
    if here == 1:
        return Broken(here, "it is the first, and names an entry before it: `previous` is a hash")
    return Broken(
        here,
        f"it does not follow entry {here - 1}: its `previous` is another hash, so one of the two was changed",
    )


@dataclass
class Chain:
    """What is known of the entries so far, to which the next one must fit."""

    programs: set[str]
    number: int = 0
    hash: str | None = None
    recorded_at: str = ""
    set_back: list[SetBack] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    whatifs: set[int] = field(default_factory=set)
    superseded: set[int] = field(default_factory=set)

    def follow(self, row: tuple[Any, ...]) -> Envelope:
        """Take the next entry. Raises `Broken` when it is not what was recorded after the last."""
        number, hash, program = row[:3]
        here = self.number + 1
        if type(number) is not int or number != here:
            raise Broken(here, f"it is not there; the next entry is numbered `{number}`")
        envelope = alone(row)
        if envelope.previous != self.hash:
            raise _not_after(here)
        if program not in self.programs:
            raise Broken(here, "its program is not there")
        self._keeps_the_rules(here, envelope, row[5])
        if envelope.recorded_at < self.recorded_at and (
            found := set_back(here, self.recorded_at, envelope.recorded_at)
        ):
            self.set_back.append(found)
        self.number, self.hash, self.recorded_at = here, hash, envelope.recorded_at
        self.used.add(program)
        return envelope

    def _keeps_the_rules(self, here: int, envelope: Envelope, decision: bytes) -> None:
        """What every program that appends must heed."""
        if envelope.kind in RATINGS and _A_RATING not in decision:
            raise Broken(
                here, f"it is a {envelope.kind}, and its outcome is stamped as not a rating"
            )
        before = envelope.supersedes
        if (before is not None) != (envelope.kind in AFTER) or (
            before is not None and not envelope.reason
        ):
            raise Broken(
                here,
                f"its kind is {envelope.kind}, and what it supersedes and why does not fit that",
            )
        if before is not None:
            if not 0 < before < here or before in self.whatifs or before in self.superseded:
                raise Broken(here, f"it supersedes entry {before}, which cannot be")
            self.superseded.add(before)
        if envelope.kind == "what-if":
            self.whatifs.add(here)

    def end(self) -> None:
        """There are no more entries. Raises `Broken` when a program belongs to none."""
        idle = sorted(self.programs - self.used)
        if idle:
            raise Broken(0, f"the program `{_short(idle[0])}` belongs to no entry")


# -- the whole file


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of a ledger that is as it was recorded: its head, and the entries whose time
    lies before that of the one before.
    """

    head: Head
    set_back: list[SetBack]


def verification(connection: sqlite3.Connection, head: Head | None) -> Verification:
    """Check a file that is read as it stands at one moment: its tables, every program and entry,
    and its indexes.

    Raises `Broken` at the first thing that is not as it was recorded, or that does not go on from
    the published `head`; `sqlite3.Error`.
    """
    try:
        _check_guards(connection)
        chain = Chain(programs_of(queries.all_programs(connection)))
        for row in queries.all_rows(connection):
            chain.follow(row)
            if head is not None and chain.number == head.entries and chain.hash != head.hash:
                raise NotAsPublished(
                    chain.number, f"its hash is not that of the published head, `{head.hash}`"
                )
        chain.end()
        if head is not None and chain.number < head.entries:
            raise NotAsPublished(
                chain.number + 1,
                f"it is not there: the published head counts {head.entries:,} entries, "
                f"the ledger {chain.number:,}",
            )
        _check_indexes(connection)
    except UnicodeDecodeError:  # SQLite's own message holds what is broken
        raise Broken(0, "the file is damaged") from None
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_ERROR,
            sqlite3.SQLITE_NOTADB,
        ):
            raise Broken(0, f"the file is damaged: {error}") from None
        raise
    return Verification(Head(chain.number, chain.hash), chain.set_back)


def _check_guards(connection: sqlite3.Connection) -> None:
    """The tables, indexes and triggers are those that were made, but for the statistics that SQLite
    keeps for itself.
    """
    made = objects_of(format_of(connection))
    found = {
        name: sql
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        )
        if STATISTICS.get(name) != sql
    }
    for name in sorted(made.keys() | found.keys()):
        if found.get(name) != made.get(name):
            what = (
                "is not what it was"
                if name in found and name in made
                else "is new"
                if name in found
                else "was taken away"
            )
            raise Broken(0, f"`{name}` of the file {what}: the file was changed by other means")


def _check_indexes(connection: sqlite3.Connection) -> None:
    """The indexes hold what the tables do: appending asks them."""
    [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise Broken(0, f"the file is damaged: {found}")


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _short(digest: object) -> str:
    return str(digest)[:19]
