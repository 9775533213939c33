"""The ledger: decisions on record, in the order in which they were recorded.

>>> from rulewright.ledger import Ledger                # doctest: +SKIP
>>> with Ledger.open("decisions.ledger") as ledger:     # doctest: +SKIP
...     entry = ledger.append(rules.answer(case), recorded_by="A. Clerk")
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rulewright.decision.record import Outline, decision_bytes
from rulewright.engines.registry import BOTH
from rulewright.syntax.canonical import digest_of_bytes
from rulewright.syntax.errors import InputError, Place, Problem

from . import clock as clocks
from . import queries, store
from .clock import Clock, SetBack, set_back
from .drafts import Archives, DraftEntry, check, check_names, draft
from .entries import UNREADABLE, Entry, Row
from .envelope import RATINGS, TAKEN_BACK, Envelope, Kind, envelope_from
from .heads import Head
from .store import bring_up_to_date, open_for_appending, open_for_reading, told
from .verification import Broken, Chain, Verification, alone, between, programs_of, verification

if TYPE_CHECKING:
    from rulewright.decision.answered import Answered

    from .records import Replayed


class Ledger:
    """A ledger, open. Use `Ledger.open`; it is a context manager.

    One object is for one thread; several processes may append to one file at once.
    """

    def __init__(
        self, connection: sqlite3.Connection, shown: str, clock: Clock | None, reading: bool = False
    ) -> None:
        self.shown = shown
        self._reading = reading
        self._connection = connection
        self._clock = clock
        self._archives = Archives()
        self._stored: set[str] = set()  # programs that are known to be there

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        append: bool = True,
        clock: Clock | None = None,
        patience: float | None = None,
    ) -> Ledger:
        """Open a ledger, to append to it (it is made where there is none) or only to read it.

        `clock`: gives the time at which entries are recorded; `patience`: seconds to wait for
        others that write. Raises `InputError` (RW901 to RW905).
        """
        path = Path(path)
        opened = (open_for_appending if append else open_for_reading)(
            path, str(path), store.PATIENCE if patience is None else patience
        )
        return cls(opened, str(path), clock, not append)

    def close(self) -> None:
        """Close the file; it is then one file, without notes beside it, unless others have it
        open.
        """
        self._connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _told(self) -> AbstractContextManager[None]:
        """What SQLite cannot do is told: of a ledger opened to be read, as what cannot be read."""
        return told(self.shown, self._reading)

    # -- appending

    def draft(self, answered: Answered) -> DraftEntry:
        """A case answered, ready to be appended.

        Raises `EngineError` for one whose rules are in conflict, `InputError` (RW907).
        """
        return draft(answered, self._archives.of)

    def append(
        self,
        answered: Answered | DraftEntry,
        *,
        recorded_by: str,
        approved_by: str = "",
        kind: Kind = "decision",
        reason: str = "",
        supersedes: int | None = None,
    ) -> Entry:
        """Append one case answered.

        When this returns, the entry is on the disk. Errors as for `append_all`.
        """
        [entry] = self.append_all(
            [answered],
            recorded_by=recorded_by,
            approved_by=approved_by,
            kind=kind,
            reason=reason,
            supersedes=supersedes,
        )
        return entry

    def append_all(
        self,
        several: Sequence[Answered | DraftEntry],
        *,
        recorded_by: str,
        approved_by: str = "",
        kind: Kind = "decision",
        reason: str = "",
        supersedes: int | None = None,
    ) -> list[Entry]:
        """Append cases answered, all of them or none.

        Raises `InputError`: RW904 (locked), RW905 (disk), RW907 (not a rating, or facts changed
        since the case was read), RW908 (kind, reason and `supersedes` do not fit), RW909 (what is
        superseded cannot be). Raises `Broken` where the last entry, or the one that is superseded,
        is not what was recorded: nothing is put on top of that.

        The time of the entries is what the clock says, even if it stands before that of the last
        entry: `set_back` tells of that.
        """
        drafts = [each if isinstance(each, DraftEntry) else self.draft(each) for each in several]
        check(drafts, kind, reason, supersedes, self.shown)
        check_names(
            self.shown, **{"recorded by": recorded_by, "approved by": approved_by, "reason": reason}
        )
        with told(self.shown), self._transaction():
            bring_up_to_date(self._connection)
            self._check_superseded(supersedes, kind, drafts)
            number = queries.last_number(self._connection) or 0
            # what is put after it follows what was recorded
            previous = self.genuine(number).hash if number else None
            recorded_at = clocks.written((self._clock or clocks.now)())
            entries = []
            for each in drafts:
                number += 1
                envelope = Envelope(
                    number,
                    previous,
                    kind,
                    supersedes,
                    reason,
                    recorded_at,
                    recorded_by,
                    approved_by,
                    digest_of_bytes(each.decision),
                    digest_of_bytes(each.case),
                    digest_of_bytes(each.terms),
                    each.program.digest,
                    each.made_by,
                )
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

    def _check_superseded(
        self, number: int | None, kind: Kind, drafts: Sequence[DraftEntry]
    ) -> None:
        if number is None:
            return
        if queries.one_column(self._connection, "number", number) is None:
            problem = Problem(
                Place(self.shown),
                "RW909",
                f"there is no entry {number} to supersede",
                "`rulewright ledger list` lists them",
            )
        elif later := [alone(row) for row in queries.superseding_quickly(self._connection, number)]:
            problem = Problem(
                Place(self.shown),
                "RW909",
                f"entry {number} is superseded already, by entry {later[0].number}",
                f"supersede entry {later[0].number}",
            )
        elif self.genuine(number).envelope.kind == "what-if":
            problem = Problem(
                Place(self.shown),
                "RW909",
                f"entry {number} is a what-if, which nothing supersedes",
                "name a decision",
            )
        else:
            self._check_same_case(number, kind, drafts[0])
            return
        raise InputError(problem)

    def _check_same_case(self, number: int, kind: Kind, new: DraftEntry) -> None:
        """A correction is of the same outermost thing; what is suspended or quashed is of the same
        case.
        """
        old = self.readable(self.genuine(number)).decision
        what, whom = new.about
        if kind in TAKEN_BACK and (old.case, old.entity) != (what, whom):
            problem = Problem(
                Place(self.shown),
                "RW909",
                f"entry {number} is of another case, `{old.case}` of `{old.entity}`, not "
                f"`{what}` of `{whom}`",
                "name the entry of this case, or run the case of that entry",
            )
        elif old.entity != whom:
            problem = Problem(
                Place(self.shown),
                "RW909",
                f"entry {number} decides on `{old.entity}`, and this correction on `{whom}`",
                f"name an entry on `{whom}`; if the name itself was wrong, quash entry {number} and record a "
                "decision",
            )
        else:
            return
        raise InputError(problem)

    def _insert(self, envelope: Envelope, stored: DraftEntry) -> Entry:
        program = stored.program
        if program.digest not in self._stored:
            queries.keep_program(self._connection, program.digest, program.content)
        content = envelope.bytes()
        row: Row = (
            envelope.number,
            digest_of_bytes(content),
            program.digest,
            envelope.supersedes,
            content,
            stored.decision,
            stored.case,
            stored.terms,
        )
        queries.append_row(self._connection, row)
        return Entry.checked(row, envelope)

    def set_back(self, entry: Entry) -> SetBack | None:
        """What is to be said of the time of a genuine entry, where it lies well before that of the
        entry before it.
        """
        with self._told():
            before = queries.one_column(self._connection, "envelope", entry.number - 1)
        if not isinstance(before, bytes) or digest_of_bytes(before) != entry.envelope.previous:
            return None  # it is not the entry that this one follows: `verify` says so
        try:
            return set_back(
                entry.number, envelope_from(before).recorded_at, entry.envelope.recorded_at
            )
        except ValueError:
            return None

    # -- reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read within is read as it stood at one moment, while others append."""
        if self._connection.in_transaction:
            yield
            return
        with self._told():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def entries(self) -> Iterator[Entry]:
        """All entries, in order, unchecked."""
        for row in self._rows():
            yield Entry(*row)

    def entry(self, number: int) -> Entry:
        """One entry, unchecked. Raises `InputError` (RW911)."""
        return Entry(*self._row(number))

    def checked(self) -> Iterator[Entry]:
        """All entries, in order, each checked as `verify` checks it. Raises `Broken` at the first
        that is not what was recorded.

        Whether a program is what its digest says is not asked: `verify` does that.
        """
        with self._told():
            chain = Chain(queries.digests(self._connection))
        for row in self._rows():
            yield Entry.checked(row, chain.follow(row))

    def genuine(self, number: int) -> Entry:
        """One entry that agrees with its own digests and with the entries beside it.

        Raises `Broken`, `InputError` (RW911).
        """
        row = self._row(number)
        with self._told():
            before = queries.one_column(self._connection, "hash", number - 1)
            after = queries.one_column(self._connection, "envelope", number + 1)
        if number > 1 and before is None:
            raise Broken(number - 1, f"it is not there; the next entry is numbered `{number}`")
        return Entry.checked(row, between(row, before, after))

    def successor(self, number: int) -> Envelope | None:
        """What is said of the entry that superseded entry `number`, if one did.

        Raises `Broken` where it is not what was recorded.
        """
        with self._told():
            later = queries.superseding(self._connection, number)
        found = [alone(row) for row in later]
        if len(found) > 1:
            raise Broken(found[1].number, f"it supersedes entry {number}, which cannot be")
        return found[0] if found else None

    def superseded(self) -> dict[int, int]:
        """The entries that were superseded, each with the one whose row says that it did."""
        with self._told():
            return queries.superseded(self._connection)

    def said_of(self, number: int | None) -> Envelope | None:
        """What is said of one entry, checked alone, such as one that superseded another.

        Raises `Broken`, `InputError` (RW911).
        """
        return None if number is None else alone(self._row(number))

    def decided_again(self, superseded: Container[int]) -> dict[str, list[int]]:
        """The cases on which several decisions are in effect, each by its digest, with the numbers
        of the entries.
        """
        with self._told():
            return queries.decided_again(self._connection, superseded)

    def deciding(self, case: str, before: int, most: int) -> list[Entry]:
        """Of the latest entries on a case before entry `before`, the decisions in effect, as the
        indexes have it, each checked as `genuine`.

        most: how many entries are looked at. Raises `Broken`.
        """
        with self._told():
            numbers = queries.deciding_quickly(self._connection, case, before, most)
        found = map(self.genuine, numbers)
        return [
            each for each in found if each.envelope.case == case and each.envelope.kind in RATINGS
        ]

    def readable(self, entry: Entry) -> Entry:
        """The entry, where all that is stored of it is what the forms of the documents say.

        Raises `InputError` (RW912).
        """
        with self.reading(entry):
            _ = entry.envelope, entry.decision, entry.case, entry.terms
        return entry

    def outline(self, entry: Entry) -> Outline:
        """What a list says of the decision of an entry. Raises `InputError` (RW912)."""
        try:
            return entry.outline
        except (ValueError, RecursionError) as error:
            raise self._unreadable(entry, error) from None

    @contextmanager
    def reading(self, entry: Entry) -> Iterator[None]:
        """What is read within is of an entry.

        Raises `InputError` (RW912) where that is of no form that is known here.
        """
        try:
            yield
        except (ValueError, RecursionError) as error:
            raise self._unreadable(entry, error) from None

    def _unreadable(self, entry: Entry, error: Exception) -> InputError:
        return InputError(
            Problem(
                Place(self.shown),
                "RW912",
                f"entry {entry.number} cannot be read: {error}",
                UNREADABLE,
            )
        )

    def answered(self, number: int) -> Answered:
        """The decision of an entry, made again from what is stored of it, with all that
        explanations start from.

        Raises `Broken` where the entry is not what was recorded; `InputError` (RW911, RW912; RW914
        where it does not come out the same in every byte), `EngineError`.
        """
        from rulewright.ir.archive import program_from

        from .replay import made_again

        entry = self.genuine(number)
        archive = self.program(entry.program_digest)
        programs_of([(entry.program_digest, archive)])
        with self.reading(entry):
            try:
                found = made_again(entry, program_from(archive))
            except InputError as error:
                raise ValueError(
                    f"its case is not one of its program: {error.problems[0]}"
                ) from None
        if decision_bytes(found.decision) != entry.decision_bytes:
            raise InputError(
                Problem(
                    Place(self.shown),
                    "RW914",
                    f"entry {number} does not come out as it was recorded",
                    "`rulewright ledger replay` tells where it differs",
                )
            )
        return found

    def program(self, digest: str) -> bytes:
        """The archive of a program that entries name. Raises `InputError` (RW912)."""
        with self._told():
            found = queries.program_of(self._connection, digest)
        if not isinstance(found, bytes):
            raise InputError(
                Problem(
                    Place(self.shown),
                    "RW912",
                    f"the program `{digest[:19]}` is not there",
                    "`rulewright ledger verify`",
                )
            )
        return found

    def head(self) -> Head:
        """How many entries there are, and the hash of the last: it stands for all of them."""
        with self._told():
            last = queries.last_number(self._connection)
            hash = queries.one_column(self._connection, "hash", last) if last is not None else None
        return Head(last or 0, hash)

    def _rows(self) -> Iterator[Row]:
        with self._told():
            for row in queries.all_rows(self._connection):  # noqa: UP028  (as there)
                yield row

    def _row(self, number: int) -> Row:
        with self._told():
            row = queries.row_of(self._connection, number)
        if row is None:
            count = self.head().entries
            raise InputError(
                Problem(
                    Place(self.shown),
                    "RW911",
                    f"there is no entry {number}",
                    f"the ledger has {count}",
                )
            )
        return row

    # -- proving

    def verify(self, head: Head | None = None) -> Head:
        """Check every entry and program, and against a head that was published. Gives the head that
        was found.

        Raises `Broken` at the first thing that is not as it was recorded.
        """
        return self.verification(head).head

    def verification(self, head: Head | None = None) -> Verification:
        """As `verify`, and which entries have a time that lies well before that of the entry
        before.
        """
        with self._told(), self.snapshot():
            return verification(self._connection, head)

    def replay(
        self, numbers: Iterable[int] | None = None, engine: str = BOTH
    ) -> Iterator[Replayed]:
        """Make each decision again, from its stored program, case and terms; or those of some
        entries only.

        Raises `Broken` when the ledger does not verify.
        """
        from .replay import replay

        self.verify()
        entries = self.checked() if numbers is None else map(self.genuine, numbers)
        return replay(self, entries, engine)
