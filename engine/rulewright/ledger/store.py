"""The file of a ledger: one SQLite file that only grows.

Two tables, `programs` and `entries`; triggers refuse to change or delete a row, and to insert one
that is not the next. The triggers keep honest hands from slips. Whoever can write the file can take
them away; that is found by `verify`, not prevented.

Indexes find the entries on a case, and the entry that superseded another, without going through all
envelopes. They hold nothing that the entries do not say, and only appending asks them: what is said
of a ledger is read from the entries. Format 1 has not the two that look into the envelopes; the
first append makes them.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.files import DATABASE, RefusedFile, begins
from rulewright.syntax.shipped import refuse_shipped

APPLICATION = 0x52574C47  # "RWLG", by which `file` and SQLite tell whose a database is
FORMAT = 2
PATIENCE = 20.0  # seconds to wait for others that write

# What an envelope says, for SQL. In canonical JSON these bytes stand nowhere else: in a text the
# quotation marks have a backslash.
# a digest, as bytes
CASE_SAID = """substr(envelope, instr(envelope, CAST('"case":"' AS BLOB)) + 8, 71)"""
# or 0
SUPERSEDES_SAID = """CAST(CAST(substr(envelope, instr(envelope, CAST('"supersedes":' AS BLOB)) + 13, 20) AS TEXT) AS INTEGER)"""

INDEXES = {  # since format 2
    "cases": f"CREATE INDEX cases ON entries ({CASE_SAID})",
    "superseded_said": f"CREATE INDEX superseded_said ON entries ({SUPERSEDES_SAID})",
}
OBJECTS = {
    "programs": "CREATE TABLE programs (digest TEXT NOT NULL PRIMARY KEY, archive BLOB NOT NULL) STRICT",
    "entries": "CREATE TABLE entries (number INTEGER NOT NULL PRIMARY KEY, hash TEXT NOT NULL, program TEXT NOT NULL, "
    "supersedes INTEGER, envelope BLOB NOT NULL, decision BLOB NOT NULL, case_text BLOB NOT NULL, terms BLOB NOT NULL) STRICT",
    "superseded": "CREATE UNIQUE INDEX superseded ON entries (supersedes) WHERE supersedes IS NOT NULL",
    "programs_stay": "CREATE TRIGGER programs_stay BEFORE UPDATE ON programs "
    "BEGIN SELECT RAISE(ABORT, 'a ledger is never changed'); END",
    "programs_remain": "CREATE TRIGGER programs_remain BEFORE DELETE ON programs "
    "BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END",
    "programs_once": "CREATE TRIGGER programs_once BEFORE INSERT ON programs "
    "WHEN EXISTS (SELECT 1 FROM programs WHERE digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'a program is kept once'); END",
    "entries_stay": "CREATE TRIGGER entries_stay BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'a ledger is never changed'); END",
    "entries_remain": "CREATE TRIGGER entries_remain BEFORE DELETE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END",
    "entries_follow": "CREATE TRIGGER entries_follow BEFORE INSERT ON entries "
    "WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entries) "
    "BEGIN SELECT RAISE(ABORT, 'an entry is appended after the last one'); END",
    **INDEXES,
}  # fmt: skip

# What `ANALYZE` and `PRAGMA optimize` make: how many rows there are, for SQLite's own plans. Names
# that begin so are SQLite's alone.
STATISTICS = {
    "sqlite_stat1": "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    "sqlite_stat4": "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
}


def open_for_appending(path: Path, shown: str, patience: float = PATIENCE) -> sqlite3.Connection:
    """A connection that appends durably; the file is made where there is none.

    Raises `InputError`: RW901 (cannot be opened), RW902 (not a ledger), RW903 (newer), RW904
    (locked), RW905 (disk), RW438 (installed).
    """
    refuse_shipped(path, shown)
    _refuse_others(path, shown)
    with told(shown):
        connection = sqlite3.connect(
            path, timeout=patience, isolation_level=None, check_same_thread=False
        )
    try:
        with told(shown):
            _set_up(connection, shown)
            _write_ahead(connection, patience)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(
                "PRAGMA fullfsync = ON"
            )  # where the system's own fsync leaves data in the drive's cache
            connection.execute("PRAGMA checkpoint_fullfsync = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path, shown: str, patience: float = PATIENCE) -> sqlite3.Connection:
    """A connection that cannot write.

    Errors as for `open_for_appending`, and RW901 where there is no file.
    """
    _refuse_others(path, shown)
    if not path.exists():
        raise InputError(
            Problem(
                Place(shown),
                "RW901",
                f"there is no ledger `{shown}`",
                "`rulewright run CASE --record LEDGER` makes one",
            )
        )
    with told(shown, reading=True):
        try:
            return _reading(_address(path), shown, patience)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (
                sqlite3.SQLITE_FULL,
                sqlite3.SQLITE_IOERR,
            ) or _waiting(path):
                raise
            return _reading(
                _as_it_is(path), shown, patience
            )  # the disk has no room for SQLite's notes


def _reading(address: str, shown: str, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.text_factory = lambda content: content.decode(
            "utf-8", "backslashreplace"
        )  # told as broken, not a failure
        _check(connection, shown)
    except BaseException:
        connection.close()
        raise
    return connection


def _address(path: Path) -> str:
    """Where SQLite reads.

    It keeps notes beside the file while it does, and takes them away; where they may not be written
    and nothing waits in the log, the file is read as it is.
    """
    if _may_write(path) and _may_write(path.absolute().parent):
        return f"{path.absolute().as_uri()}?mode=rw"
    return f"{path.absolute().as_uri()}?mode=ro" if _waiting(path) else _as_it_is(path)


def _as_it_is(path: Path) -> str:
    """Where SQLite reads a file without looking for changes, and without notes beside it."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _waiting(path: Path) -> bool:
    """Whether entries wait in the log beside the file."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _refuse_others(path: Path, shown: str) -> None:
    """A folder, or a file of another kind: SQLite would take a short one for an empty database, and
    write over it.
    """
    if os.path.isdir(path):
        raise InputError(
            Problem(Place(shown), "RW901", f"`{shown}` is a folder, not a ledger", "name a file")
        )
    try:
        begun = begins(path, len(DATABASE))
    except RefusedFile as error:
        if error.missing:
            return
        raise InputError(
            Problem(
                Place(shown), "RW901", f"the ledger `{shown}` {error.reason}", "name another file"
            )
        ) from None
    if begun not in (b"", DATABASE):
        raise _other(shown)


def _other(shown: str) -> InputError:
    return InputError(
        Problem(
            Place(shown),
            "RW902",
            f"`{shown}` is not a ledger",
            "name a file that `--record` has made",
        )
    )


def _set_up(connection: sqlite3.Connection, shown: str) -> None:
    """The tables, where the file is empty; else a check that it is a ledger."""
    if format_of(connection) == 0 and not _holds_something(connection):
        connection.execute("BEGIN EXCLUSIVE")
        try:
            if not _holds_something(connection):  # nobody else was faster
                for statement in OBJECTS.values():
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    _check(connection, shown)


def _holds_something(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])


def _check(connection: sqlite3.Connection, shown: str) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = format_of(connection)
    if application != APPLICATION:
        raise _other(shown)
    if version not in (1, FORMAT):
        raise InputError(
            Problem(
                Place(shown),
                "RW903",
                f"the ledger has the format {version}, this version of rulewright knows {FORMAT}",
                "use a newer version",
            )
        )


def format_of(connection: sqlite3.Connection) -> int:
    """The number of the file's format."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def objects_of(version: int) -> dict[str, str]:
    """The tables, indexes and triggers of a format, each with the statement that makes it."""
    return {
        name: statement
        for name, statement in OBJECTS.items()
        if version == FORMAT or name not in INDEXES
    }


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the indexes that an older format lacks.

    Called within the transaction of an append, so that both are done or neither.
    """
    if format_of(connection) < FORMAT:
        for name, statement in INDEXES.items():
            connection.execute(f"DROP INDEX IF EXISTS {name}")
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """The write-ahead log: one flush to the disk for each append.

    Switching to it does not wait for others, so we do.
    """
    until = time.monotonic() + patience
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) not in (
                sqlite3.SQLITE_BUSY,
                sqlite3.SQLITE_LOCKED,
            ) or time.monotonic() > until:
                raise
            time.sleep(0.01)


# -- errors


@contextmanager
def told(shown: str, reading: bool = False) -> Iterator[None]:
    """What SQLite cannot do, as a sentence with a code. reading: nothing was to be written."""
    try:
        yield
    except sqlite3.Error as error:
        tell(error, shown, reading)
    except UnicodeDecodeError:  # SQLite's own message holds what is broken
        raise InputError(_damaged(shown, "it cannot be read")) from None


def _damaged(shown: str, how: str) -> Problem:
    return Problem(
        Place(shown),
        "RW912",
        f"the file `{shown}` is damaged: {how}",
        "keep it is, and go back to a copy",
    )


def tell(error: sqlite3.Error, shown: str, reading: bool = False) -> NoReturn:
    """Raise the error of SQLite as an `InputError` (RW901, RW902, RW904, RW905, RW912)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    place = Place(shown)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        problem = Problem(
            place,
            "RW904",
            f"somebody else is writing to `{shown}` for too long",
            "nothing was recorded; try again",
        )
    elif code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and reading:
        problem = Problem(
            place,
            "RW905",
            f"`{shown}` cannot be read: {error}",
            "the disk is full, or fails: SQLite keeps notes beside a "
            "ledger while it reads; make room, or read a copy on another disk",
        )
    elif code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        problem = Problem(
            place,
            "RW905",
            f"`{shown}` cannot be written to the disk: {error}",
            "nothing was recorded, and nothing that was is lost; make room and try again",
        )
    elif code == sqlite3.SQLITE_NOTADB:
        raise _other(shown) from None
    elif code in (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
    ):
        what = "cannot be written to" if code == sqlite3.SQLITE_READONLY else "cannot be opened"
        problem = Problem(
            place,
            "RW901",
            f"the ledger `{shown}` {what}",
            "check that the file and its folder may be read and written",
        )
    else:
        problem = _damaged(shown, str(error))
    raise InputError(problem) from None
