"""Large ledgers: an append costs the same, reading takes no more memory, and an index that lies
reaches nothing that is said.
"""

from __future__ import annotations

import json
import lzma
import shlex
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.ledger import Broken, Ledger
from rulewright.ledger.drafts import Archives, DraftEntry, draft
from rulewright.ledger.export import json_lines
from rulewright.ledger.heads import head_from_text
from rulewright.ledger.listing import lines, listing
from rulewright.ledger.provenance import prov_lines
from rulewright.ledger.same_case import LOOKED_AT, notes
from rulewright.ledger.store import FORMAT, INDEXES, OBJECTS
from rulewright.syntax.errors import InputError
from tests import records

FIXTURES = Path(__file__).parent / "fixtures"
SMALL, LARGE = 100, 2_000


@cache
def made() -> DraftEntry:
    return draft(records.answered(3), Archives().of)


def on_case(number: int) -> DraftEntry:
    """The decision on a case of another name, which reaches nothing else of it."""
    old, new = b"a thing that scored 3", f"thing {number}".encode()
    return replace(
        made(),
        name=new.decode(),
        decision=made().decision.replace(old, new),
        case=made().case.replace(old, new),
    )


def ledger_of(path: Path, count: int, cases: int | None = None) -> Path:
    """A ledger with that many decisions, on that many cases or each on its own."""
    with Ledger.open(path, clock=records.ticking()) as ledger:
        ledger.append_all(
            [on_case(number % (cases or count)) for number in range(count)], recorded_by="A. Clerk"
        )
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of(tmp_path_factory.mktemp("small") / "l.ledger", SMALL)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of(tmp_path_factory.mktemp("large") / "l.ledger", LARGE)


def copy_of(path: Path, folder: Path) -> Path:
    there = folder / f"copy-{path.parent.name}.ledger"
    there.write_bytes(path.read_bytes())
    return there


def invoke(command: str, path: Path) -> Result:
    result = CliRunner().invoke(group, shlex.split(command.replace("LEDGER", str(path))))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# -- work


def steps(path: Path, action: Callable[[Ledger], object]) -> int:
    """How many hundreds of steps SQLite takes."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    with Ledger.open(path) as ledger:
        ledger._connection.set_progress_handler(step, 100)
        action(ledger)
        ledger._connection.set_progress_handler(None, 0)
    return count


def appended(ledger: Ledger, draft: DraftEntry, **said: Any) -> None:
    entry = ledger.append(draft, recorded_by="A. Clerk", **said)
    notes(ledger, [entry])


APPENDS: dict[str, Callable[[Ledger], object]] = {
    "a decision on a new case": lambda ledger: appended(ledger, on_case(1_000_000)),
    "a decision on a case that was decided": lambda ledger: appended(ledger, on_case(7)),
    "a correction of an early entry": lambda ledger: appended(
        ledger, on_case(7), kind="correction", reason="x", supersedes=8
    ),
    "a what-if": lambda ledger: appended(ledger, on_case(7), kind="what-if"),
}


@pytest.mark.parametrize("action", APPENDS.values(), ids=APPENDS)
def test_an_append_takes_as_many_steps_in_a_large_ledger_as_in_a_small_one(
    action: Callable[[Ledger], object], small: Path, large: Path, tmp_path: Path
) -> None:
    few, many = (steps(copy_of(each, tmp_path), action) for each in (small, large))
    assert many <= few + 10, (
        f"{few} hundred steps among {SMALL} entries, {many} hundred among {LARGE}"
    )


def test_a_case_that_was_decided_very_often_costs_no_more(tmp_path: Path) -> None:
    few, many = (
        ledger_of(tmp_path / "few.ledger", LOOKED_AT + 10, 1),
        ledger_of(tmp_path / "many.ledger", LARGE, 1),
    )
    action = APPENDS["a decision on a new case"]
    again = lambda ledger: appended(ledger, on_case(0))  # noqa: E731
    assert steps(many, again) <= steps(few, again) + 10
    assert steps(many, action) <= steps(few, action) + 10
    with Ledger.open(many) as ledger:
        entry = ledger.append(on_case(0), recorded_by="A. Clerk")
        # of the latest hundred; the entry before is on another case
        first = entry.number - 1 - LOOKED_AT
        assert f"stands already as entry {first}, " in notes(ledger, [entry])[entry.number]


def test_of_very_many_decisions_on_one_case_a_list_names_the_first(tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "l.ledger", 300, 1)
    listed = [
        json.loads(line) for line in invoke("ledger list LEDGER --json", path).stdout.splitlines()
    ]
    assert [(each["same case"], each["same case more"]) for each in (listed[0], listed[-1])] == [
        (list(range(2, 22)), 279),
        (list(range(1, 21)), 279),
    ]
    said = [
        line
        for line in invoke("ledger list LEDGER", path).stdout.splitlines()
        if "same case" in line
    ]
    assert (said[0], said[-1]) == (
        "   the same case is also decided by entries 2 to 21 and 279 more",
        "   the same case is also decided by entries 1 to 20 and 279 more",
    )
    assert len(said) == 300


# -- memory


def goes_through(found: Iterable[Any]) -> None:
    for _ in found:
        pass


READING: dict[str, Callable[[Ledger], object]] = {
    "verify": Ledger.verify,
    "list": lambda ledger: goes_through("\n".join(lines(each)) for each in listing(ledger)),
    "list as JSON": lambda ledger: goes_through(
        each.to_json() for each in listing(ledger, ["thing"])
    ),
    "export": lambda ledger: goes_through(json_lines(ledger)),
    "export as PROV": lambda ledger: goes_through(prov_lines(ledger)),
    "one entry": lambda ledger: (ledger.readable(ledger.genuine(50)), ledger.successor(50)),
}


def peak(path: Path, action: Callable[[Ledger], object]) -> int:
    """Bytes at most, beyond those that were there."""
    with Ledger.open(path, append=False) as ledger:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            action(ledger)
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("action", READING.values(), ids=READING)
def test_reading_a_large_ledger_takes_little_more_memory_than_a_small_one(
    action: Callable[[Ledger], object], small: Path, large: Path
) -> None:
    peak(small, action)  # what is made once and kept
    grown = peak(large, action) - peak(small, action)
    assert grown < 100 * (LARGE - SMALL), (
        f"{grown / (LARGE - SMALL):.0f} bytes for each entry more, of some 1,700"
    )


@pytest.mark.parametrize("name", ["x.jsonl", "x.prov"])
def test_an_export_is_written_as_it_is_made(
    name: str, small: Path, large: Path, tmp_path: Path
) -> None:
    def export(path: Path) -> int:
        tracemalloc.start()
        try:
            assert invoke(f"ledger export LEDGER -o {tmp_path}/{name}", path).exit_code == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    export(small)
    few, many = export(small), export(large)
    assert many - few < 100 * (LARGE - SMALL)
    form = "prov" if name.endswith("prov") else "jsonl"
    assert (tmp_path / name).read_text("utf-8") == invoke(
        f"ledger export LEDGER --as {form}", large
    ).stdout


def test_an_export_that_is_broken_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """The third decision is of no form that is known: two have been written when that comes out."""
    path, output = tmp_path / "l.ledger", tmp_path / "x.prov"
    with Ledger.open(path) as ledger:
        strange = made().decision.replace(b"rulewright/decision/2", b"rulewright/decision/3")
        ledger.append_all(
            [on_case(1), on_case(2), replace(made(), decision=strange)], recorded_by="A. Clerk"
        )
    output.write_text("what was there\n", "utf-8")
    result = invoke(f"ledger export LEDGER -o {output}", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "RW912 entry 3 cannot be read" in result.stderr
    assert output.read_text("utf-8") == "what was there\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["l.ledger", "x.prov"]


# -- indexes that lie


def lying(path: Path, *names: str) -> None:
    """Empty the indexes of those names, so that their definitions say nothing of it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    for name in names:
        connection.execute(
            "UPDATE sqlite_schema SET sql = ? WHERE name = ?",
            (f"CREATE INDEX {name} ON entries (hash) WHERE 0", name),
        )
    connection.execute("PRAGMA writable_schema = RESET")
    for name in names:
        connection.execute(f"REINDEX {name}")
    connection.execute("PRAGMA writable_schema = ON")
    for name in names:
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (OBJECTS[name], name))
    connection.execute("PRAGMA writable_schema = RESET")
    connection.execute("ANALYZE")  # so that SQLite prefers them
    connection.close()


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """Four decisions, of which entry 2 corrects entry 1 and entry 4 is on the case of entry 3."""
    path = tmp_path / "l.ledger"
    with Ledger.open(path, clock=records.ticking()) as ledger:
        ledger.append(on_case(1), recorded_by="A. Clerk")
        ledger.append(
            on_case(1), recorded_by="A. Clerk", kind="correction", reason="misread", supersedes=1
        )
        ledger.append_all([on_case(2), on_case(2)], recorded_by="A. Clerk")
    return path


@pytest.mark.parametrize(
    "command",
    [
        "list LEDGER",
        "list LEDGER --json",
        "show LEDGER 1",
        "show LEDGER 2",
        "show LEDGER 3",
        "replay LEDGER",
    ],
)
def test_an_index_that_lies_reaches_nothing_that_is_said(command: str, corrected: Path) -> None:
    before = invoke(f"ledger {command}", corrected)
    lying(corrected, "superseded", *INDEXES)
    after = invoke(f"ledger {command}", corrected)
    if command.startswith("replay"):  # what verifies first says what is wrong
        assert (after.exit_code, after.stdout) == (1, "")
    else:
        assert (after.exit_code, after.stdout) == (before.exit_code, before.stdout)


@pytest.mark.parametrize("name", ["superseded", *INDEXES])
def test_an_index_that_lies_is_found(name: str, corrected: Path) -> None:
    lying(corrected, name)
    result = invoke("ledger verify LEDGER", corrected)
    assert result.exit_code == 1
    assert "RW913 the file is damaged: " in result.stderr
    assert name in result.stderr


def test_what_is_superseded_already_is_found_by_either_index(corrected: Path) -> None:
    for name in ("superseded", "superseded_said"):
        path = copy_of(corrected, corrected.parent)
        lying(path, name)
        with (
            Ledger.open(path) as ledger,
            pytest.raises(InputError, match="RW909 entry 1 is superseded already, by entry 2"),
        ):
            ledger.append(
                on_case(1), recorded_by="A. Clerk", kind="correction", reason="x", supersedes=1
            )


def test_without_its_indexes_a_ledger_is_appended_to_more_slowly(corrected: Path) -> None:
    connection = sqlite3.connect(corrected, isolation_level=None)
    for name in INDEXES:
        connection.execute(f"DROP INDEX {name}")
    connection.close()
    assert "`cases` of the file was taken away" in invoke("ledger verify LEDGER", corrected).stderr
    with Ledger.open(corrected) as ledger:
        entry = ledger.append(on_case(2), recorded_by="A. Clerk")
        assert "stands already as entry 3," in notes(ledger, [entry])[5]
        with pytest.raises(InputError, match="RW909 entry 1 is superseded already, by entry 2"):
            ledger.append(
                on_case(1), recorded_by="A. Clerk", kind="correction", reason="x", supersedes=1
            )


# -- the format before


@pytest.fixture(params=sorted(each.name for each in FIXTURES.glob("*.ledger.xz")))
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A ledger of format 1, which has no index into the envelopes."""
    path = tmp_path / request.param.removesuffix(".xz")
    path.write_bytes(lzma.decompress((FIXTURES / request.param).read_bytes()))
    assert format_of(path) == 1
    return path


def format_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    [found] = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(found)


def test_reading_an_older_ledger_leaves_it_as_it_is(older: Path) -> None:
    before = older.read_bytes()
    for command in (
        "verify LEDGER",
        "list LEDGER",
        "show LEDGER 1",
        "head LEDGER",
        "export LEDGER",
    ):
        assert invoke(f"ledger {command}", older).exit_code == 0
    assert older.read_bytes() == before


def test_the_first_append_gives_an_older_ledger_its_indexes(older: Path) -> None:
    head = head_from_text((FIXTURES / f"{older.name}.head").read_text("utf-8"))
    with Ledger.open(older) as ledger:
        again = ledger.append(on_case(0), recorded_by="A. Clerk")
        assert again.number == head.entries + 1
        assert ledger.verify(head).entries == again.number
    assert format_of(older) == FORMAT
    with Ledger.open(older) as ledger:
        entry = ledger.append(on_case(0), recorded_by="A. Clerk")
        assert f"stands already as entry {again.number}," in notes(ledger, [entry])[entry.number]
        assert ledger.verify(head).entries == entry.number


def test_an_append_that_is_refused_changes_nothing_of_an_older_ledger(older: Path) -> None:
    with Ledger.open(older) as ledger:
        before = ledger.verify()
        with pytest.raises(InputError, match="RW909 there is no entry 99"):
            ledger.append(
                on_case(0), recorded_by="A. Clerk", kind="correction", reason="x", supersedes=99
            )
        assert ledger.verify() == before
    assert format_of(older) == 1


def test_an_older_ledger_has_no_other_index(older: Path) -> None:
    connection = sqlite3.connect(older, isolation_level=None)
    connection.execute(OBJECTS["cases"])
    connection.close()
    with (
        Ledger.open(older, append=False) as ledger,
        pytest.raises(Broken, match="`cases` of the file is new"),
    ):
        ledger.verify()
