"""The ledger: decisions on record, in the order in which they were recorded.

    >>> from rulewright.ledger import Ledger                # doctest: +SKIP
    >>> with Ledger.open("decisions.ledger") as ledger:     # doctest: +SKIP
    ...     entry = ledger.append(rules.answer(case), recorded_by="A. Clerk")
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rulewright.language.canonical import digest_of_bytes
from rulewright.language.errors import InputError, Place, Problem

from . import clock as clocks
from . import store
from .clock import Clock
from .drafts import Archives, Draft, check, check_names, draft
from .entries import COLUMNS, Entry, Row
from .envelope import OVERTAKEN, TAKEN_BACK, Envelope, Kind
from .heads import Head
from .record import decision_bytes
from .store import OBJECTS, STATISTICS, open_for_appending, open_for_reading, tell, told
from .verifying import Broken, Chain, NotAsPublished, alone, between, programs_of

if TYPE_CHECKING:
    from rulewright.engines.answering import Answered

    from .reports import Replayed

UNREADABLE = "another version may have recorded it: `rulewright ledger verify` tells whether it is as it was recorded"
_ALL = f"SELECT {COLUMNS} FROM entries NOT INDEXED ORDER BY number"


class Ledger:
    """A ledger, open. Use `Ledger.open`; it is a context manager.

    One object is for one thread; several processes may append to one file at once.
    """

    def __init__(self, connection: sqlite3.Connection, shown: str, clock: Clock | None) -> None:
        self.shown = shown
        self._connection = connection
        self._clock = clock
        self._archives = Archives()
        self._stored: set[str] = set()  # programs that are known to be there

    @classmethod
    def open(cls, path: Path | str, *, append: bool = True, clock: Clock | None = None,
             patience: float | None = None) -> Ledger:  # fmt: skip
        """Open a ledger, to append to it (it is made where there is none) or only to read it.

        `clock`: gives the time at which entries are recorded; `patience`: seconds to wait for others that write. Raises
        `InputError` (RW901 to RW905).
        """
        path = Path(path)
        opened = (open_for_appending if append else open_for_reading)(path, str(path), store.PATIENCE if patience is None else patience)
        return cls(opened, str(path), clock)

    def close(self) -> None:
        """Close the file; it is then one file, without notes beside it, unless others have it open."""
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # -- appending ----------------------------------------------------------------------------------------------------

    def draft(self, answered: Answered) -> Draft:
        """A case answered, ready to be appended. Raises `EngineError` for one whose rules are in conflict, `InputError` (RW907)."""
        return draft(answered, self._archives.of)

    def append(self, answered: Answered | Draft, *, recorded_by: str, approved_by: str = "", kind: Kind = "decision",
               reason: str = "", supersedes: int | None = None) -> Entry:  # fmt: skip
        """Append one case answered. When this returns, the entry is on the disk. Errors as for `append_all`."""
        [entry] = self.append_all([answered], recorded_by=recorded_by, approved_by=approved_by, kind=kind, reason=reason,
                                  supersedes=supersedes)  # fmt: skip
        return entry

    def append_all(self, several: Sequence[Answered | Draft], *, recorded_by: str, approved_by: str = "", kind: Kind = "decision",
                   reason: str = "", supersedes: int | None = None) -> list[Entry]:  # fmt: skip
        """Append cases answered, all of them or none.

        Raises `InputError`: RW904 (locked), RW905 (disk), RW906 (the clock went back), RW907 (not a rating, or facts changed since the
        case was read), RW908 (kind, reason and `supersedes` do not fit), RW909 (what is superseded cannot be). Raises `Broken` where the
        last entry, or the one that is superseded, is not what was recorded: nothing is put on top of that.
        """
        drafts = [each if isinstance(each, Draft) else self.draft(each) for each in several]
        check(drafts, kind, reason, supersedes, self.shown)
        check_names(self.shown, **{"recorded by": recorded_by, "approved by": approved_by, "reason": reason})
        with told(self.shown), self._transaction():
            self._check_superseded(supersedes, kind, drafts)
            last = self._last()
            number, previous = (last.number, last.hash) if last is not None else (0, None)
            recorded_at = self._moment(last)
            entries = []
            for each in drafts:
                number += 1
                envelope = Envelope(number, previous, kind, supersedes, reason, recorded_at, recorded_by, approved_by,
                                    digest_of_bytes(each.decision), digest_of_bytes(each.case), digest_of_bytes(each.terms),
                                    each.program.digest, each.made_by)  # fmt: skip
                entries.append(self._insert(envelope, each))
                previous = entries[-1].hash
        self._stored.update(each.program.digest for each in drafts)
        return entries

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _check_superseded(self, number: int | None, kind: Kind, drafts: Sequence[Draft]) -> None:
        if number is None:
            return
        found = self._connection.execute("SELECT 1 FROM entries WHERE number = ?", (number,)).fetchone()
        later = self._connection.execute("SELECT number FROM entries WHERE supersedes = ?", (number,)).fetchone()
        if found is None:
            problem = Problem(Place(self.shown), "RW909", f"there is no entry {number} to supersede", "`rulewright ledger list` lists them")
        elif later is not None:
            problem = Problem(Place(self.shown), "RW909", f"entry {number} is superseded already, by entry {later[0]}",
                              f"supersede entry {later[0]}")  # fmt: skip
        elif self.genuine(number).envelope.kind == "what-if":
            problem = Problem(Place(self.shown), "RW909", f"entry {number} is a what-if, which nothing supersedes", "name a decision")
        else:
            self._check_same_case(number, kind, drafts[0])
            return
        raise InputError(problem)

    def _check_same_case(self, number: int, kind: Kind, new: Draft) -> None:
        """A correction is of the same outermost thing; what is suspended or quashed is of the same case."""
        old = self.readable(self.entry(number)).decision
        what, whom = new.about
        if kind in TAKEN_BACK and (old.case, old.entity) != (what, whom):
            problem = Problem(Place(self.shown), "RW909", f"entry {number} is of another case, `{old.case}` of `{old.entity}`, not "
                              f"`{what}` of `{whom}`", "name the entry of this case, or run the case of that entry")  # fmt: skip
        elif old.entity != whom:
            problem = Problem(Place(self.shown), "RW909", f"entry {number} decides on `{old.entity}`, and this correction on `{whom}`",
                              f"name an entry on `{whom}`; if the name itself was wrong, quash entry {number} and record a "
                              "decision")  # fmt: skip
        else:
            return
        raise InputError(problem)

    def _last(self) -> Entry | None:
        """The last entry, checked, so that an entry put after it follows what was recorded. Raises `Broken`."""
        number = self._connection.execute("SELECT max(number) FROM entries").fetchone()[0]
        return None if number is None else self.genuine(number)

    def _moment(self, last: Entry | None) -> str:
        """The time of the entry, taken while nobody else can append. Raises `InputError` (RW906)."""
        moment = clocks.written((self._clock or clocks.now)())
        before = last.envelope.recorded_at if last is not None else ""
        if moment < before:
            raise InputError(Problem(Place(self.shown), "RW906", f"the clock says `{moment}`, and the last entry was recorded at `{before}`",
                                     "nothing was recorded; set the clock right"))  # fmt: skip
        return moment

    def _insert(self, envelope: Envelope, stored: Draft) -> Entry:
        program = stored.program
        if program.digest not in self._stored:
            known = self._connection.execute("SELECT 1 FROM programs WHERE digest = ?", (program.digest,)).fetchone()
            if known is None:
                self._connection.execute("INSERT INTO programs VALUES (?, ?)", (program.digest, program.content))
        content = envelope.bytes()
        row: Row = (envelope.number, digest_of_bytes(content), program.digest, envelope.supersedes, content, stored.decision, stored.case,
                    stored.terms)  # fmt: skip
        self._connection.execute(f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return Entry(*row)

    # -- reading ------------------------------------------------------------------------------------------------------

    def entries(self) -> Iterator[Entry]:
        """All entries, in order."""
        for row in self._rows():
            yield Entry(*row)

    def entry(self, number: int) -> Entry:
        """One entry. Raises `InputError` (RW911)."""
        with told(self.shown):
            row = self._connection.execute(f"SELECT {COLUMNS} FROM entries WHERE number = ?", (number,)).fetchone()
        if row is None:
            count = self.head().entries
            raise InputError(Problem(Place(self.shown), "RW911", f"there is no entry {number}", f"the ledger has {count}"))
        return Entry(*row)

    def genuine(self, number: int) -> Entry:
        """One entry that agrees with its own digests, with the entries beside it, and with the one that superseded it.

        Raises `Broken` where it does not, `InputError` (RW911).
        """
        entry = self.entry(number)
        with told(self.shown):
            beside = dict(self._connection.execute("SELECT number, hash FROM entries WHERE number = ?", (number - 1,)))
            after = self._connection.execute("SELECT envelope FROM entries WHERE number = ?", (number + 1,)).fetchone()
            later = self._connection.execute(f"SELECT {COLUMNS} FROM entries WHERE supersedes IS ? OR instr(envelope, CAST(? AS BLOB)) "
                                             "ORDER BY supersedes IS ?", (number, f'"supersedes":{number},', number)).fetchone()  # fmt: skip
        if number > 1 and not beside:
            raise Broken(number - 1, f"it is not there; the next entry is numbered `{number}`")
        between(entry.row, beside.get(number - 1), after[0] if after else None)
        if later is not None:
            alone(later)
        return entry

    def checked(self) -> Iterator[Entry]:
        """All entries, in order, each checked as `verify` checks it. Raises `Broken` at the first that is not what was recorded.

        Whether a program is what its digest says is not asked: `verify` does that.
        """
        with told(self.shown):
            chain = Chain({digest for (digest,) in self._connection.execute("SELECT digest FROM programs")})
        for row in self._rows():
            chain.follow(row)
            yield Entry(*row)

    def answered(self, number: int) -> Answered:
        """The decision of an entry, made again from what is stored of it, with all that explanations start from.

        Raises `Broken` where the entry is not what was recorded; `InputError` (RW911, RW912; RW914 where it does not come out the
        same in every byte), `EngineError`.
        """
        from rulewright.program.archive import UnreadableArchive, program_from

        from .replaying import made_again

        entry = self.genuine(number)
        archive = self.program(entry.program_digest)
        programs_of([(entry.program_digest, archive)])
        try:
            found = made_again(entry, program_from(archive))
        except (UnreadableArchive, ValueError, KeyError, TypeError) as error:
            raise InputError(Problem(Place(self.shown), "RW912", f"entry {number} cannot be read: {error}", UNREADABLE)) from None
        if decision_bytes(found.decision) != entry.decision_bytes:
            raise InputError(Problem(Place(self.shown), "RW914", f"entry {number} does not come out as it was recorded",
                                     "`rulewright ledger replay` tells where it differs"))  # fmt: skip
        return found

    def superseded(self) -> dict[int, int]:
        """The entries that were superseded, each with the one that did."""
        with told(self.shown):
            return dict(self._connection.execute("SELECT supersedes, number FROM entries WHERE supersedes IS NOT NULL ORDER BY number"))

    def overtaken(self, later: int | None) -> str:
        """What an entry that was superseded by entry `later` is now, such as `quashed by entry 3`; nothing where none did.

        Raises `Broken` where the later one is not what was recorded.
        """
        if later is None:
            return ""
        return f"{OVERTAKEN.get(alone(self.entry(later).row).kind, 'superseded')} by entry {later}"

    def standing(self, entry: Entry, later: int | None) -> str:
        """Why an entry is not in effect: it no longer is, or never was a decision in effect; nothing where it is.

        `later`: the entry that superseded it. Raises `Broken` where that is not what was recorded.
        """
        said = entry.envelope
        if later is not None:
            by = alone(self.entry(later).row)
            return f"{OVERTAKEN.get(by.kind, 'superseded')} by entry {later} at {by.recorded_at}: {by.reason}"
        if said.kind in TAKEN_BACK:
            return f"this entry {'suspends' if said.kind == 'suspended' else 'quashes'} entry {said.supersedes}: {said.reason}"
        return "a what-if, not a decision" if said.kind == "what-if" else ""

    def envelopes(self) -> Iterator[tuple[int, bytes]]:
        """The number and envelope of each entry, in order, unchecked."""
        with told(self.shown):
            yield from self._connection.execute("SELECT number, envelope FROM entries ORDER BY number")

    def readable(self, entry: Entry) -> Entry:
        """The entry, where all that is stored of it can be read. Raises `InputError` (RW912)."""
        try:
            _ = entry.envelope, entry.decision, json.loads(entry.case_bytes), entry.terms
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError(Problem(Place(self.shown), "RW912", f"entry {entry.number} cannot be read: {error}", UNREADABLE)) from None
        return entry

    def program(self, digest: str) -> bytes:
        """The archive of a program that entries name."""
        with told(self.shown):
            found = self._connection.execute("SELECT archive FROM programs WHERE digest = ?", (digest,)).fetchone()
        if found is None:
            raise InputError(Problem(Place(self.shown), "RW912", f"the program `{digest[:19]}` is not there", "`rulewright ledger verify`"))
        content: bytes = found[0]
        return content

    def head(self) -> Head:
        """How many entries there are, and the hash of the last: it stands for all of them."""
        with told(self.shown):
            last = self._connection.execute("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1").fetchone()
        return Head(*last) if last else Head(0, None)

    def _rows(self) -> Iterator[Row]:
        with told(self.shown):
            for row in self._connection.execute(_ALL):  # noqa: UP028  (`yield from` would close a cursor of a ledger that is closed)
                yield row

    # -- proving ------------------------------------------------------------------------------------------------------

    def verify(self, head: Head | None = None) -> Head:
        """Check every entry and program, and against a head that was published. Gives the head that was found.

        Raises `Broken` at the first thing that is not as it was recorded.
        """
        with self._snapshot():
            self._check_guards()
            chain = Chain(programs_of(self._connection.execute("SELECT digest, archive FROM programs NOT INDEXED ORDER BY rowid")))
            for row in self._connection.execute(_ALL):
                chain.follow(row)
                if head is not None and chain.number == head.entries and chain.hash != head.hash:
                    raise NotAsPublished(chain.number, f"its hash is not that of the published head, `{head.hash}`")
            chain.end()
        if head is not None and chain.number < head.entries:
            raise NotAsPublished(chain.number + 1, f"it is not there: the published head counts {head.entries:,} entries, "
                                 f"the ledger {chain.number:,}")  # fmt: skip
        return Head(chain.number, chain.hash)

    def replay(self, numbers: Iterable[int] | None = None, engine: str = "both") -> Iterator[Replayed]:
        """Make each decision again, from its stored program, case and terms; or those of some entries only.

        Raises `Broken` when the ledger does not verify.
        """
        from .replaying import replay

        self.verify()
        entries = self.entries() if numbers is None else map(self.entry, numbers)
        return replay(self, entries, engine)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """All is read as it stood at one moment, while others append."""
        try:
            self._connection.execute("BEGIN")
            yield
        except UnicodeDecodeError:  # SQLite's own message holds what is broken
            raise Broken(0, "the file is damaged") from None
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB):
                raise Broken(0, f"the file is damaged: {error}") from None
            tell(error, self.shown)
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _check_guards(self) -> None:
        """The tables and triggers are those that were made, but for the statistics that SQLite keeps for itself."""
        rows = self._connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
        found = {name: sql for name, sql in rows if STATISTICS.get(name) != sql}
        for name in sorted(OBJECTS.keys() | found.keys()):
            if found.get(name) != OBJECTS.get(name):
                what = "is not what it was" if name in found and name in OBJECTS else "is new" if name in found else "was taken away"
                raise Broken(0, f"`{name}` of the file {what}: the file was changed by other means")
