"""Ledgers spoiled: bytes of the file, its tables, and forgeries whose digests are all right."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from rulewright.ledger.entries import COLUMNS
from rulewright.syntax.canonical import canonical_quickly, digest_of_bytes
from tests.fuzz.dice import Dice

from .texts import BYTES, spoiled
from .trees import spoil

_NAMES = COLUMNS.split(", ")
_VALUES = (
    None,
    0,
    -1,
    1.5,
    2**62,
    "",
    "x",
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff",
    "sha256:" + "0" * 64,
)
_STATEMENTS = (
    "DELETE FROM entries WHERE number = 1", "UPDATE entries SET number = number + 1", "DROP TABLE programs", "DELETE FROM programs",
    "PRAGMA user_version = 2", "PRAGMA application_id = 7", "PRAGMA journal_mode = DELETE", "PRAGMA user_version = 0",
    "CREATE TABLE sqlx (a)", "CREATE VIEW entries2 AS SELECT * FROM entries", "DROP INDEX superseded", "ANALYZE", "VACUUM",
    "ALTER TABLE entries RENAME TO others", "ALTER TABLE entries ADD COLUMN more TEXT", "DELETE FROM entries",
    "CREATE TRIGGER x AFTER INSERT ON entries BEGIN DELETE FROM entries WHERE number = 1; END",
)  # fmt: skip


def spoiled_ledger(data: bytes, dice: Dice) -> bytes:
    """The file of a ledger with something otherwise.

    Raises `ValueError` where it cannot be opened.
    """
    if dice.chance(15):
        return dice.pick(BYTES)(data, dice)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "l"
        path.write_bytes(data)
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            _change(connection, dice)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise ValueError(str(error)) from None
        finally:
            connection.close()
        return path.read_bytes()


def _change(connection: sqlite3.Connection, dice: Dice) -> None:
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    match dice.below(10):
        case 0:
            connection.execute(dice.pick(_STATEMENTS))
        case 1:
            _set_anything(connection, dice)
        case _:
            _forge(connection, dice)
    for _, statement in guards if dice.chance(95) else guards[1:]:
        connection.execute(statement)


def _set_anything(connection: sqlite3.Connection, dice: Dice) -> None:
    """A field of an entry otherwise, whatever its digests say."""
    column, number = dice.pick(_NAMES), dice.number(1, 4)
    found = connection.execute(
        f"SELECT {column} FROM entries WHERE number = ?", (number,)
    ).fetchone()
    value = dice.pick(_VALUES)
    if found is not None and isinstance(found[0], bytes) and dice.chance(70):
        value = spoiled(found[0], dice)
    connection.execute(f"UPDATE entries SET {column} = ? WHERE number = ?", (value, number))


def _forge(connection: sqlite3.Connection, dice: Dice) -> None:
    """A document of an entry otherwise, and all digests that depend on it made anew, so that the
    chain is sound.
    """
    rows = connection.execute(f"SELECT {COLUMNS} FROM entries ORDER BY number").fetchall()
    entries = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    if not entries:
        return
    programs = dict(connection.execute("SELECT digest, archive FROM programs").fetchall())
    entry, what = (
        dice.pick(entries),
        dice.pick(("decision", "decision", "terms", "case_text", "archive", "envelope")),
    )
    if what == "archive":
        old = entry["program"]
        archive = _otherwise(programs[old], dice)
        new = digest_of_bytes(archive)
        connection.execute(
            "UPDATE programs SET digest = ?, archive = ? WHERE digest = ?", (new, archive, old)
        )
        for each in entries:
            each["program"] = new if each["program"] == old else each["program"]
    else:
        entry[what] = _otherwise(entry[what], dice)
    previous = None
    for each in entries:
        _digest_anew(each, previous)
        previous = each["hash"]
        names = ", ".join(f"{name} = ?" for name in _NAMES[1:])
        connection.execute(
            f"UPDATE entries SET {names} WHERE number = ?",
            (*(each[name] for name in _NAMES[1:]), each["number"]),
        )


def _otherwise(content: bytes, dice: Dice) -> bytes:
    tree = json.loads(content)
    for _ in range(dice.pick((1, 1, 1, 3))):
        tree = spoil(tree, dice)
    return _canonical(tree)


def _canonical(tree: Any) -> bytes:
    """In canonical form where there is one."""
    try:
        return canonical_quickly(tree)
    except (ValueError, TypeError):
        return json.dumps(tree, default=str, sort_keys=True, separators=(",", ":")).encode()


def _digest_anew(entry: dict[str, Any], previous: str | None) -> None:
    envelope = json.loads(entry["envelope"])
    if isinstance(envelope, dict):
        names = {"decision": "decision", "case": "case_text", "terms": "terms"}
        envelope |= {
            name: digest_of_bytes(entry[column])
            for name, column in names.items()
            if name in envelope
        }
        envelope |= {"program": entry["program"], "previous": previous}
    entry["envelope"] = _canonical(envelope)
    entry["hash"] = digest_of_bytes(entry["envelope"])
