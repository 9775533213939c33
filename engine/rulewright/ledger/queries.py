"""What is asked of the file of a ledger, in SQL.

What is said of a ledger to somebody is read from the entries themselves (`NOT INDEXED`): whoever
can write the file can make an index that lies. Appending asks the indexes, so that it takes as long
in a large ledger as in a small one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator
from typing import Any

from .entries import COLUMNS, Row
from .store import CASE_SAID, SUPERSEDES_SAID

_RATING = " OR ".join(
    f"""instr(envelope, CAST('"kind":"{kind}"' AS BLOB))""" for kind in ("decision", "correction")
)


def all_rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """All entries, in order."""
    for row in connection.execute(f"SELECT {COLUMNS} FROM entries NOT INDEXED ORDER BY number"):  # noqa: UP028  (`yield from` would
        yield row  # close a cursor of a ledger that is closed)


def row_of(connection: sqlite3.Connection, number: int) -> Row | None:
    """One entry."""
    found: Row | None = connection.execute(
        f"SELECT {COLUMNS} FROM entries NOT INDEXED WHERE number = ?", (number,)
    ).fetchone()
    return found


def append_row(connection: sqlite3.Connection, row: Row) -> None:
    """Put an entry after the last one."""
    connection.execute(f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def last_number(connection: sqlite3.Connection) -> int | None:
    """The number of the last entry."""
    number: int | None = connection.execute(
        "SELECT max(number) FROM entries NOT INDEXED"
    ).fetchone()[0]
    return number


def one_column(connection: sqlite3.Connection, column: str, number: int) -> Any:
    """What stands in one column of an entry; `None` where there is no such entry."""
    found = connection.execute(
        f"SELECT {column} FROM entries NOT INDEXED WHERE number = ?", (number,)
    ).fetchone()
    return found and found[0]


# -- which entry superseded which


def superseding(connection: sqlite3.Connection, number: int) -> list[Row]:
    """The entries whose row or envelope says that they supersede entry `number`: each later one is
    looked at.
    """
    said = f'"supersedes":{number},'.encode()
    return connection.execute(
        f"SELECT {COLUMNS} FROM entries NOT INDEXED WHERE number > ? AND (supersedes = ? OR instr(envelope, ?)) "
        "ORDER BY number",
        (number, number, said),
    ).fetchall()


def superseding_quickly(connection: sqlite3.Connection, number: int) -> list[Row]:
    """The same, as the indexes have it."""
    either = f"SELECT number FROM entries WHERE supersedes = ? UNION SELECT number FROM entries WHERE {SUPERSEDES_SAID} = ?"
    return connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE number IN ({either}) ORDER BY number",
        (number, number),
    ).fetchall()


def superseded(connection: sqlite3.Connection) -> dict[int, int]:
    """The entries that were superseded, each with the one whose row says so."""
    return dict(
        connection.execute(
            "SELECT supersedes, number FROM entries NOT INDEXED WHERE supersedes IS NOT NULL ORDER BY number"
        )
    )


# -- decisions on the same facts


def decided_again(
    connection: sqlite3.Connection, superseded: Container[int]
) -> dict[str, list[int]]:
    """The cases that several decisions and corrections are on which are not `superseded`, each by
    its digest with their numbers.
    """
    rows = connection.execute(
        f"SELECT {CASE_SAID}, group_concat(number) FROM entries NOT INDEXED WHERE ({_RATING}) GROUP BY 1 "
        "HAVING count(*) > 1"
    )
    found = {
        case.decode(errors="replace"): [
            each for each in sorted(map(int, numbers.split(","))) if each not in superseded
        ]
        for case, numbers in rows
        if isinstance(case, bytes)
    }
    return {case: numbers for case, numbers in found.items() if len(numbers) > 1}


def deciding_quickly(
    connection: sqlite3.Connection, case: str, before: int, most: int
) -> list[int]:
    """Of the latest entries on a case before entry `before`, as the indexes have it, the decisions
    and corrections that none superseded.

    most: how many entries are looked at.
    """
    latest = f"SELECT number, envelope FROM entries WHERE {CASE_SAID} = ? AND number < ? ORDER BY number DESC LIMIT ?"
    rows = connection.execute(
        f"SELECT number FROM ({latest}) AS latest WHERE ({_RATING}) AND NOT EXISTS "
        "(SELECT 1 FROM entries WHERE supersedes = latest.number) ORDER BY number",
        (case.encode(), before, most),
    )
    return [number for (number,) in rows]


# -- programs


def all_programs(connection: sqlite3.Connection) -> Iterator[tuple[Any, Any]]:
    """The digest and archive of each program."""
    query = "SELECT digest, archive FROM programs NOT INDEXED ORDER BY rowid"
    for row in connection.execute(query):  # noqa: UP028  (as above)
        yield row


def digests(connection: sqlite3.Connection) -> set[Any]:
    """The digest of each program."""
    return {digest for (digest,) in connection.execute("SELECT digest FROM programs NOT INDEXED")}


def program_of(connection: sqlite3.Connection, digest: str) -> Any:
    """The archive of a program; `None` where it is not there."""
    found = connection.execute(
        "SELECT archive FROM programs WHERE digest = ?", (digest,)
    ).fetchone()
    return found and found[0]


def keep_program(connection: sqlite3.Connection, digest: str, archive: bytes) -> None:
    """Keep a program, where it is not there yet."""
    if connection.execute("SELECT 1 FROM programs WHERE digest = ?", (digest,)).fetchone() is None:
        connection.execute("INSERT INTO programs VALUES (?, ?)", (digest, archive))
