"""Every byte that is stored is covered: whatever is changed, dropped, swapped, doubled or cut off
is found.
"""

from __future__ import annotations

import copy
import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rulewright.ledger import Ledger
from rulewright.ledger.entries import COLUMNS
from rulewright.ledger.heads import Head
from rulewright.ledger.store import FORMAT, OBJECTS
from rulewright.ledger.verification import Broken, Chain, programs_of
from rulewright.syntax.canonical import canonical_quickly, digest_of_bytes
from rulewright.syntax.errors import InputError
from tests import records

Row = tuple[Any, ...]
Programs = list[tuple[Any, Any]]
Change = Callable[[sqlite3.Connection], object]
NAMES = COLUMNS.split(", ")


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of a decision, its correction, and a what-if under another program."""
    path = tmp_path_factory.mktemp("three") / "l.ledger"
    with Ledger.open(path, clock=records.ticking()) as ledger:
        ledger.append(records.answered(3), recorded_by="A. Clerk", approved_by="B. Chair")
        ledger.append(
            records.answered(7),
            recorded_by="A. Clerk",
            kind="correction",
            reason="misread",
            supersedes=1,
        )
        ledger.append(
            records.answered(7, status="proposed"), recorded_by="C. Analyst", kind="what-if"
        )
    return path


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return records.ledger_of(tmp_path_factory.mktemp("many") / "l.ledger", 200)


def rows_of(path: Path) -> tuple[Programs, list[Row]]:
    connection = sqlite3.connect(path)
    programs = connection.execute("SELECT digest, archive FROM programs").fetchall()
    entries = connection.execute(f"SELECT {COLUMNS} FROM entries ORDER BY number").fetchall()
    connection.close()
    return programs, entries


def states(programs: Programs, entries: list[Row]) -> list[Chain]:
    """What is known before each entry, and after the last: verifying goes on from there as it would
    from the beginning.
    """
    chain = Chain(programs_of(programs))
    found = [copy.deepcopy(chain)]
    for row in entries:
        chain.follow(row)
        found.append(copy.deepcopy(chain))
    chain.end()
    return found


def follow(start: Chain, entries: list[Row]) -> Chain:
    chain = copy.deepcopy(start)
    for row in entries:
        chain.follow(row)
    return chain


def intact(start: Chain, entries: list[Row]) -> bool:
    try:
        follow(start, entries).end()
    except Broken:
        return False
    return True


def changes(value: Any) -> Iterator[Any]:
    """`value` with each of its bytes changed in turn."""
    if isinstance(value, bytes):
        for at in range(len(value)):
            yield value[:at] + bytes([value[at] ^ (1 << at % 8)]) + value[at + 1 :]
    elif isinstance(value, str):
        for at, character in enumerate(value):
            yield value[:at] + chr(ord(character) ^ 1) + value[at + 1 :]
    elif value is None:
        yield 1
    else:
        yield from (value ^ (1 << bit) for bit in range(8))


# -- bytes


def test_each_byte_of_three_entries_is_covered(three: Path) -> None:
    programs, entries = rows_of(three)
    before = states(programs, entries)
    tried = 0
    for number, row in enumerate(entries):
        for column in range(len(NAMES)):
            for changed in changes(row[column]):
                new = (*row[:column], changed, *row[column + 1 :])
                assert not intact(before[number], [new, *entries[number + 1 :]]), (
                    number,
                    NAMES[column],
                    changed,
                )
                tried += 1
    assert tried > 6_000


def test_each_byte_of_the_programs_is_covered(three: Path) -> None:
    programs, _ = rows_of(three)
    tried = 0
    for number, (digest, content) in enumerate(programs):
        others = programs[:number] + programs[number + 1 :]
        for changed in [
            *((each, content) for each in changes(digest)),
            *((digest, each) for each in changes(content)),
        ]:
            with pytest.raises(Broken, match="is not what its digest says"):
                programs_of([changed])
            tried += 1
        assert len(programs_of(others)) == 1
    assert tried > 7_000


def test_5000_changes_of_200_entries_are_found(many: Path) -> None:
    programs, entries = rows_of(many)
    before = states(programs, entries)
    chance = random.Random(5)
    for _ in range(5_000):
        number, column = chance.randrange(len(entries)), chance.randrange(len(NAMES))
        row = entries[number]
        changed = chance.choice(
            list(changes(row[column]))
            if not isinstance(row[column], bytes)
            else [one_byte(row[column], chance)]
        )
        new = (*row[:column], changed, *row[column + 1 :])
        with pytest.raises(Broken) as broken:
            follow(before[number], [new, *entries[number + 1 : number + 3]])
        assert broken.value.entry in (number + 1, number + 2)


def one_byte(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ chance.randrange(1, 256)]) + content[at + 1 :]


# -- rows


def numbered(rows: list[Row], anew: bool) -> list[Row]:
    """The rows with the numbers that they would have where they stand now, or with their own, in
    their order.
    """
    return (
        [(at, *row[1:]) for at, row in enumerate(rows, 1)]
        if anew
        else sorted(rows, key=lambda row: row[0])
    )


@pytest.mark.parametrize("anew", [True, False])
@pytest.mark.parametrize("ledger", ["three", "many"])
def test_a_dropped_swapped_or_doubled_entry_is_found(
    ledger: str, anew: bool, request: pytest.FixtureRequest
) -> None:
    """What stands before the change is as it was, so verifying goes on from there."""
    programs, entries = rows_of(request.getfixturevalue(ledger))
    before, count = states(programs, entries), len(entries)
    for at in range(count):
        if (
            at < count - 1 or ledger == "three"
        ):  # without its last one, a chain is consistent: see heads; here a program is idle then
            dropped = numbered(entries[:at] + entries[at + 1 :], anew)
            assert not intact(before[at], dropped[at:]), f"entry {at + 1} dropped"
        doubled = numbered([*entries[: at + 1], entries[at], *entries[at + 1 :]], anew)
        assert not intact(before[at], doubled[at:]), f"entry {at + 1} doubled"
        for other in range(at + 1, min(at + 3, count)):
            swapped = list(entries)
            swapped[at], swapped[other] = (
                (entries[at][0], *entries[other][1:]),
                (entries[other][0], *entries[at][1:]),
            )
            assert not intact(before[at], swapped[at:]), f"entries {at + 1} and {other + 1} swapped"


def test_a_ledger_cut_short_is_found_by_a_published_head_only(many: Path) -> None:
    programs, entries = rows_of(many)
    assert all(intact(each, []) for each in states(programs, entries)[1:])
    for count in range(200):
        cut = (
            written(many.with_name(f"cut-{count}.ledger"), programs, entries[:count])
            if count % 40 == 1
            else None
        )
        if cut is None:
            continue
        with Ledger.open(cut, append=False) as ledger:
            assert ledger.verify().entries == count
            with pytest.raises(
                Broken, match="it is not there: the published head counts 200 entries"
            ):
                ledger.verify(Head(200, entries[-1][1]))


def test_a_ledger_goes_on_from_each_of_its_heads_and_from_no_other(many: Path) -> None:
    _, entries = rows_of(many)
    with Ledger.open(many, append=False) as ledger:
        for number in (1, 77, 200):
            assert ledger.verify(Head(number, entries[number - 1][1])) == Head(200, entries[-1][1])
            with pytest.raises(
                Broken, match=f"entry {number}: its hash is not that of the published head"
            ):
                ledger.verify(Head(number, entries[number - 2][1]))


def test_a_ledger_that_is_written_anew_in_every_hash_is_found_by_a_head(
    three: Path, tmp_path: Path
) -> None:
    """Whoever can write the file can make a chain that is consistent; the published head is what
    stops them.
    """
    programs, entries = rows_of(three)
    rewritten: list[Row] = []
    previous = None
    for row in entries:
        envelope = json.loads(row[4]) | {"previous": previous, "recorded by": "Mallory"}
        content = canonical_quickly(envelope)
        previous = digest_of_bytes(content)
        rewritten.append((row[0], previous, row[2], row[3], content, *row[5:]))
    path = written(tmp_path / "l.ledger", programs, rewritten)
    with Ledger.open(path, append=False) as ledger:
        assert ledger.verify().entries == 3
        with pytest.raises(Broken, match="entry 3: its hash is not that of the published head"):
            ledger.verify(Head(3, entries[-1][1]))


def written(path: Path, programs: Programs, entries: list[Row]) -> Path:
    """A file with these rows, as somebody makes it who keeps to the format."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(OBJECTS["programs"])
    connection.execute(OBJECTS["entries"])
    connection.executemany("INSERT INTO programs VALUES (?, ?)", programs)
    connection.executemany(
        f"INSERT INTO entries ({COLUMNS}) VALUES ({', '.join('?' * len(NAMES))})", entries
    )
    for name, statement in OBJECTS.items():
        if name not in ("programs", "entries"):
            connection.execute(statement)
    connection.execute("PRAGMA application_id = 1381452871")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.close()
    return path


# -- files


def broken(three: Path, folder: Path, change: Change) -> str:
    """What is said of a copy of the ledger that was changed by other means."""
    path = folder / "copy.ledger"
    path.write_bytes(three.read_bytes())
    connection = sqlite3.connect(path, isolation_level=None)
    for name in (
        "programs_stay",
        "programs_remain",
        "entries_stay",
        "entries_remain",
        "entries_follow",
    ):
        connection.execute(f"DROP TRIGGER {name}")
    change(connection)
    for name in (
        "programs_stay",
        "programs_remain",
        "entries_stay",
        "entries_remain",
        "entries_follow",
    ):
        connection.execute(OBJECTS[name])
    connection.close()
    with Ledger.open(path, append=False) as ledger, pytest.raises(Broken) as error:
        ledger.verify()
    return str(error.value)


def sql(statement: str, *values: Any) -> Change:
    return lambda connection: connection.execute(statement, values)


def program(content: bytes) -> Change:
    return sql("INSERT INTO programs VALUES (?, ?)", digest_of_bytes(content), content)


def enveloped(**changed: Any) -> Change:
    """Entry 3 with another envelope, whose hash is right."""

    def change(connection: sqlite3.Connection) -> None:
        [content] = connection.execute("SELECT envelope FROM entries WHERE number = 3").fetchone()
        new = canonical_quickly(
            {
                each: value
                for each, value in (json.loads(content) | changed).items()
                if value != "gone"
            }
        )
        connection.execute(
            "UPDATE entries SET envelope = ?, hash = ? WHERE number = 3",
            (new, digest_of_bytes(new)),
        )

    return change


FOUND = [
    (sql("UPDATE entries SET decision = CAST(replace(decision, 'good', 'fair') AS BLOB)"), "entry 2: the decision is not what"),
    (sql("UPDATE entries SET case_text = x'7b7d' WHERE number = 2"), "entry 2: the case is not what the envelope's digest says"),
    (sql("UPDATE entries SET terms = x'' WHERE number = 1"), "entry 1: the terms are not what the envelope's digest says"),
    (sql("UPDATE entries SET hash = upper(hash) WHERE number = 1"), "entry 1: its hash is not that of its envelope"),
    (sql("UPDATE entries SET envelope = CAST(envelope || x'20' AS BLOB) WHERE number = 1"), "entry 1: the envelope is not in canonical form"),
    (sql("UPDATE entries SET envelope = x'7b' WHERE number = 1"), "entry 1: the envelope is not JSON"),
    (sql("UPDATE entries SET supersedes = NULL WHERE number = 2"), "entry 2: its row says that it supersedes nothing, and its envelope"),
    (sql("UPDATE entries SET program = 'x' WHERE number = 2"), "entry 2: it names two programs"),
    (sql("UPDATE entries SET number = 9 WHERE number = 3"), "entry 3: it is not there; the next entry is numbered `9`"),
    (sql("DELETE FROM entries WHERE number = 1"), "entry 1: it is not there; the next entry is numbered `2`"),
    (sql("DELETE FROM entries WHERE number = 3"), "belongs to no entry"),
    (sql("UPDATE programs SET archive = CAST(archive || x'20' AS BLOB)"), "is not what its digest says"),
    (sql("DELETE FROM programs WHERE digest = (SELECT program FROM entries WHERE number = 3)"), "entry 3: its program is not there"),
    (program(b'{"schema":"rulewright/program/1"}'), "belongs to no entry"),
    (program(b'{"schema":"rulewright/program/1" }'), "is not in canonical form"),
    (program(b'{"program":"\\ud800","schema":"rulewright/program/1"}'), "is not in canonical form"),
    (program(b"{"), "the program is not JSON"),
    (program(b"[" * 100_000), "the program is not JSON"),
    (program(b'{"schema":"rulewright/program/3"}'),
     "`rulewright/program/3`, and this version reads `rulewright/program/1` and `rulewright/program/2`"),
    (sql("CREATE VIEW notes AS SELECT 1"), "`notes` of the file is new"),
    (sql("DROP INDEX superseded"), "`superseded` of the file was taken away"),
    (sql("DROP TRIGGER programs_once"), "`programs_once` of the file was taken away"),
    (enveloped(previous=None), "entry 3: it does not follow entry 2: its `previous` is another hash, so one of the two was changed"),
    (sql("UPDATE entries SET supersedes = 3 WHERE number = 2"), "its row says that it supersedes entry 3, and its envelope says entry 1"),
    (enveloped(number=4), "entry 3: its envelope is that of entry 4"),
    (enveloped(schema="rulewright/entry/2"), "entry 3: the envelope has the form `rulewright/entry/2`"),
    (enveloped(reason=5), "entry 3: the envelope does not hold what an envelope holds"),
    (enveloped(reason="gone"), "entry 3: the envelope does not hold what an envelope holds"),
    (enveloped(**{"made by": {"engines": [1.0], "note": "", "version": "", "python": "", "platform": ""}}), "what an envelope holds"),
    (enveloped(kind="decision"), "entry 3: it is a decision, and its outcome is stamped as not a rating"),
    (enveloped(kind="quashed"), "entry 3: its kind is quashed, and what it supersedes and why does not fit that"),
    (enveloped(**{"recorded at": "2024-03-01"}), "what an envelope holds: `recorded at`: `2024-03-01` is not a time"),
    (enveloped(**{"recorded at": "2024-02-30T09:29:00.000000Z"}), "`recorded at`: `2024-02-30T09:29:00.000000Z` is not a time"),
]  # fmt: skip


@pytest.mark.each_case_traced
@pytest.mark.parametrize(("change", "said"), FOUND, ids=range(len(FOUND)))
def test_what_is_wrong_is_said_of_the_first_entry(
    change: Change, said: str, three: Path, tmp_path: Path
) -> None:
    assert said in broken(three, tmp_path, change)


@pytest.mark.parametrize(
    "care",
    [
        "ANALYZE",
        "PRAGMA optimize",
        "VACUUM",
        "REINDEX",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA wal_checkpoint",
    ],
)
def test_what_an_administrator_does_for_the_database_is_no_alarm(
    care: str, three: Path, tmp_path: Path
) -> None:
    path = tmp_path / "copy.ledger"
    path.write_bytes(three.read_bytes())
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in (care, "ANALYZE"):
        connection.execute(statement).fetchall()
    assert connection.execute(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"
    ).fetchone() == (1,)
    connection.close()
    with Ledger.open(path) as ledger, Ledger.open(three, append=False) as before:
        assert ledger.verify() == before.verify()
        assert ledger.append(records.answered(8), recorded_by="A. Clerk").number == 4
        assert [each.same for each in ledger.replay()] == [True] * 4


def test_a_table_that_only_has_the_name_of_a_statistic_is_found(
    three: Path, tmp_path: Path
) -> None:
    assert "`sqlite_stat1` of the file is new" in broken(three, tmp_path, disguised)


def disguised(connection: sqlite3.Connection) -> None:
    """A table under a name that SQLite keeps for itself."""
    connection.execute("CREATE TABLE notes (what)")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET name = 'sqlite_stat1', tbl_name = 'sqlite_stat1', sql = 'CREATE TABLE sqlite_stat1 (what)' "
        "WHERE name = 'notes'"
    )
    connection.execute("PRAGMA writable_schema = RESET")


@cache
def pages(path: Path) -> bytes:
    return path.read_bytes()


def test_a_byte_of_the_file_changes_nothing_or_is_found(three: Path, tmp_path: Path) -> None:
    """Not every byte of a file is of a row: some are free, or of an index.

    What is read is as it was, or an error is told.
    """
    programs, entries = rows_of(three)
    chance = random.Random(11)
    path = tmp_path / "copy.ledger"
    found = 0
    for _ in range(300):
        path.write_bytes(one_byte(pages(three), chance))
        try:
            with Ledger.open(path, append=False) as ledger:
                ledger.verify()
                assert [tuple(vars(each).values()) for each in ledger.entries()] == entries
                assert rows_of(path)[0] == programs
        except (Broken, InputError):
            found += 1
    assert found > 80
