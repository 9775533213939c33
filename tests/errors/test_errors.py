"""The gallery of mistakes: each folder `CODE/mistake/` holds a wrong input beside what the command
line answers.

A case folder is laid over `common/`, a small rulebook and case without mistakes, so it shows only
the mistake. `command` holds the command line (without it: `COMMAND`), `expected.txt` what is
printed and the exit code. Inputs that are too large or too odd to be kept as files are made by a
function of `ODD`; a workbook is made from the text `NAME.xlsx.txt`.

`RULEWRIGHT_REWRITE=1` rewrites the expected files.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.amendments.seals import Sealing, write_seal
from rulewright.cli import group
from rulewright.compiler.compiler import compile_policy
from rulewright.decision import running
from rulewright.decision.outcome import Decision
from rulewright.editing import assignment as setting
from rulewright.engines.evaluator import evaluate as reference
from rulewright.engines.result import Trace
from rulewright.facts import shared_facts as given
from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.ir.types import Value
from rulewright.ledger import clock, drafts, store
from rulewright.ledger.envelope import MadeWith
from rulewright.rulebook.rulebook import Rulebook, load_rulebook
from rulewright.spreadsheets import archive as archives
from rulewright.spreadsheets import workbooks
from rulewright.syntax import files, shipped
from rulewright.syntax import yaml_loader as loading
from rulewright.syntax.canonical import canonical_quickly, digest_of_bytes
from rulewright.syntax.errors import Problem
from tests.workbooks import build, workbook

HERE = Path(__file__).parent
COMMAND = "rulewright run case.yaml --rules rules"
CASES = sorted(path.parent.relative_to(HERE).as_posix() for path in HERE.glob("RW*/*/expected.txt"))
REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"
ANSWERS = {
    "RW603": 3,
    "RW604": 3,
    "RW834": 1,
    "RW906": 0,
    "RW913": 1,
    "RW914": 1,
}  # the engine refuses, something differs, it is only told
OWN = ("command", "expected.txt")


Preparation = Callable[[Path, pytest.MonkeyPatch], None]


def holds(name: str, content: bytes) -> Preparation:
    """A file that is too large or too odd to be kept here."""

    def prepare(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / name).write_bytes(content)

    return prepare


def becomes_a_folder(name: str) -> Preparation:
    def prepare(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return prepare


def becomes_a_pipe(name: str) -> Preparation:
    """A pipe into which nobody writes: whoever waits for its end waits for ever."""

    def prepare(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return prepare


def becomes_a_socket(name: str) -> Preparation:
    def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder)  # the path of a socket may not be long
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(name)

    return prepare


def becomes_a_link(name: str, target: str) -> Preparation:
    def prepare(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(folder / target)

    return prepare


def may_not_be_read(name: str) -> Preparation:
    """Taking the permission away does not stop an administrator, so the reading itself is
    refused.
    """

    def prepare(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        first = files._first

        def refuse(path: Path, length: int, how: int = 0) -> tuple[bytes, int]:
            if path.name == name:
                raise files.RefusedFile("RW101", "cannot be read: permission denied")
            return first(path, length, how)

        monkeypatch.setattr(files, "_first", refuse)

    return prepare


def keeps_in_a_folder_of_everybody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "shared").mkdir()
    (folder / "shared").chmod(0o777)
    monkeypatch.setenv("RULEWRIGHT_CACHE", "shared")


def is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rulebook is the one that is installed with the package."""
    monkeypatch.setattr(shipped, "INSTALLED", folder / "rules")
    monkeypatch.setattr(shipped, "PACKAGE", folder / "rules")


def many_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 3)  # two thousand files would be slow to make
    (folder / "rules" / "more.yaml").write_text("- parameter: p\n  value: 1\n", "utf-8")


def many_bytes(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES_OF_A_RULEBOOK", 500)


def many_values(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More in the case than in any file of the rulebook."""
    monkeypatch.setattr(loading, "MAX_VALUES", 300)
    (folder / "case.yaml").write_text(
        "case: an example trust\nas at: 2024-03-01\ntags:\n" + "- one\n" * 300, "utf-8"
    )


def facts(*contents: str) -> Preparation:
    """Files of facts, numbered from 0."""

    def prepare(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "facts").mkdir()
        for number, content in enumerate(contents):
            (folder / "facts" / f"{number}.yaml").write_text(
                f"facts: number {number}\n{content}\n", "utf-8"
            )

    return prepare


def facts_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "MAX_LAID", 200)
    services = ", ".join(f"{{name: S{number}}}" for number in range(50))
    facts(f"trust: {{services: [{services}]}}\ngiven: [1.yaml, 1.yaml]", "trust: {beds: 5}")(
        folder, monkeypatch
    )


def merges(number: int) -> Preparation:
    """A workbook that merges so many ranges, where a few are allowed."""

    def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbooks, "MAX_MERGED", number - 1)
        ranges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, number + 1))
        text = (
            f"= trust\nname\n! xml </sheetData> => </sheetData><mergeCells>{ranges}</mergeCells>\n"
        )
        (folder / "case.xlsx").write_bytes(workbook(text))

    return prepare


def many_elements(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ELEMENTS", 1_000)
    (folder / "case.xlsx").write_bytes(
        workbook(f"= trust\nname\n! xml <sheetData> => <sheetData>{'<row/>' * 2_000}\n")
    )


def without_forward(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "forward_engine", lambda: None)


def with_an_engine_that_errs(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that leaves out an answer."""

    def evaluate(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Trace:
        result = reference(program, case, as_at, parameters)
        _, *others = result.settled.items()
        return replace(result, settled=dict(others))

    monkeypatch.setattr(running, "forward_engine", lambda: evaluate)


def sealed(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    book = load_rulebook(folder / "rules")
    write_seal(
        book,
        compile_policy(book, "example"),
        Sealing("as adopted", "A. Clerk", "2024-03-01T09:30:00Z"),
    )


def changes_meanwhile(name: str) -> Preparation:
    """Somebody else writes the file while the rulebook with the edit is compiled."""

    def prepare(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        read, verify = files._first, setting.verify

        def other(path: Path, length: int, how: int = 0) -> tuple[bytes, int]:
            data, size = read(path, length, how)
            return data + b"# changed" * (path.name == name), size

        def verify_slowly(
            book: Rulebook, texts: dict[str, str], changed: str
        ) -> tuple[Problem, ...]:
            monkeypatch.setattr(files, "_first", other)
            return verify(book, texts, changed)

        monkeypatch.setattr(setting, "verify", verify_slowly)

    return prepare


def may_not_be_written(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_where: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)


def recorded(
    then: Callable[[sqlite3.Connection], object] | None = None,
    now: str = "2024-03-04T09:30:00+00:00",
) -> Preparation:
    """A ledger of the example trust, one decision, recorded at that time; then changed by other
    means.
    """

    def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(now))
        assert answer(f"{COMMAND} --record decisions.ledger --recorded-by 'A. Clerk'")[1] == 0
        monkeypatch.setattr(
            clock, "now", lambda: datetime.fromisoformat("2024-03-04T09:30:00+00:00")
        )
        monkeypatch.setattr(store, "PATIENCE", 0.05)
        if then is not None:
            connection = sqlite3.connect("decisions.ledger", isolation_level=None)
            then(connection)
            connection.close()

    return prepare


def recorded_ahead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger whose entry was recorded at a time to come; the hashes of entries are those of one
    machine.
    """
    monkeypatch.setattr(
        drafts,
        "made_with",
        lambda _: MadeWith(["reference", "forward"], "", "0.1.0", "3.11.7", "Linux x86_64"),
    )
    recorded(now="2099-01-01T00:00:00+00:00")(folder, monkeypatch)


def without_guards(*statements: str) -> Callable[[sqlite3.Connection], object]:
    """Rows changed as only somebody can who takes the triggers away, and puts them back."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TRIGGER entries_stay")
        for statement in statements:
            connection.execute(statement)
        connection.execute(store.OBJECTS["entries_stay"])

    return change


def forged(document: str, **changed: object) -> Preparation:
    """A ledger whose one entry stores another document, with every digest computed anew: it
    verifies.
    """

    def forge(connection: sqlite3.Connection) -> None:
        column, table = ("archive", "programs") if document == "program" else (document, "entries")
        [[content]] = connection.execute(f"SELECT {column} FROM {table}").fetchall()
        [[envelope]] = connection.execute("SELECT envelope FROM entries").fetchall()
        whole = json.loads(content)
        (whole["program"] if document == "program" else whole).update(changed)
        new = canonical_quickly(whole)
        said = canonical_quickly({**json.loads(envelope), document: digest_of_bytes(new)})
        for trigger in ("entries_stay", "programs_stay"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(f"UPDATE {table} SET {column} = ?", (new,))
        connection.execute(
            "UPDATE entries SET envelope = ?, hash = ?", (said, digest_of_bytes(said))
        )
        if document == "program":
            connection.execute("UPDATE programs SET digest = ?", (digest_of_bytes(new),))
            connection.execute("UPDATE entries SET program = ?", (digest_of_bytes(new),))
        for trigger in ("entries_stay", "programs_stay"):
            connection.execute(store.OBJECTS[trigger])

    def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        recorded(forge)(folder, monkeypatch)
        assert answer("rulewright ledger verify decisions.ledger")[1] == 0

    return prepare


NO_WORDS = {
    "is": "Vocabulary",
    **{each: {"map": []} for each in ("scales", "entities", "collections", "plurals")},
}
HELD: list[sqlite3.Connection] = []  # connections that hold a lock while a command runs


def with_somebody_who_writes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(lambda connection: connection.execute("PRAGMA journal_mode = DELETE"))(
        folder, monkeypatch
    )
    other = sqlite3.connect("decisions.ledger", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    HELD.append(other)


def on_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite is told that there is no room beyond the pages that the ledger has."""
    recorded()(folder, monkeypatch)
    write_ahead = store._write_ahead

    def with_limit(connection: sqlite3.Connection, patience: float) -> None:
        write_ahead(connection, patience)
        connection.execute("PRAGMA max_page_count = 1")  # it is never less than there are

    monkeypatch.setattr(store, "_write_ahead", with_limit)


def with_a_decision_that_another_version_made(here: bytes, there: bytes) -> Preparation:
    """A ledger whose decision another version recorded, which wrote `there` in place of what this
    one writes.
    """

    def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = drafts.decision_bytes

        def otherwise(decision: Decision) -> bytes:
            assert here in made(decision)
            return made(decision).replace(here, there)

        monkeypatch.setattr(drafts, "decision_bytes", otherwise)
        recorded()(folder, monkeypatch)

    return prepare


def with_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger whose head was signed by one key, and the public part of another."""
    recorded()(folder, monkeypatch)
    for command in (
        "keygen office",
        "keygen other",
        "sign decisions.ledger --key office.key -o decisions.head",
    ):
        assert answer(f"rulewright ledger {command}")[1] == 0


def without_what_signs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded()(folder, monkeypatch)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)


SUPERSEDED = "--kind correction --supersedes 1 --reason 'a wrong date'"


def corrected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded()(folder, monkeypatch)
    assert (
        answer(f"{COMMAND} --record decisions.ledger --recorded-by 'A. Clerk' {SUPERSEDED}")[1] == 0
    )


ELEVEN_MEGABYTES = b"- " + b"x" * 11_000_000
LATIN_1 = (
    "case: an example trust\nas at: 2024-03-01\nabout: caf\u00e9\ntrust: {beds: 120}\n".encode(
        "latin-1"
    )
)
RULE = "- rule: trust.ready\n  of: trust\n  when: [the {}]\n  then: the stage is ready\n"
PARENTHESES = RULE.format("beds is " + "(" * 5_000 + "100" + ")" * 5_000).encode()
OLD_KIND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ENCRYPTED = OLD_KIND + "EncryptedPackage".encode("utf-16-le")


NAMES = {"_rels___rels": "_rels/.rels", "mimetype_": "mimetype"}


def archive(how: int = zipfile.ZIP_DEFLATED, /, **parts: bytes) -> bytes:
    """A zip archive; `__` in a name stands for a slash, the last `_` for the dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", how) as new:
        for name, content in parts.items():
            new.writestr(NAMES.get(name, ".".join(name.replace("__", "/").rsplit("_", 1))), content)
    return data.getvalue()


def in_a_repository(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    """All files are committed."""
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "all")):
        named = ("-c", "user.name=A Person", "-c", "user.email=person@example.org")
        subprocess.run(
            ["git", "-C", str(folder), *named, *arguments], check=True, capture_output=True
        )


SHEET = workbook("= trust\nname | beds\nExample Trust | 120\n")
STYLED = "= trust\nname\n! format A1 {}\n"
DEEP = f"= trust\nname\n! xml <sheetData> => {'<a>' * 200}<sheetData>\n"
ATTRIBUTES = (
    "= trust\nname\n! xml <sheetData> => <a "
    + " ".join(f"a{number}=''" for number in range(200))
    + "/><sheetData>\n"
)
ENDLESS = "= trust\nname\n! xml <sheetData> => <a b='" + "x" * 500_000 + "'/><sheetData>\n"
LONG = f"= trust\nname | {'x' * 32_000} \n! xml {'x' * 32_000} => {'x' * 40_000}\n"
FORMULAS = "= case\ncase | many formulas\n= trust\nname | beds\n" + "formula =1 | formula =2\n" * 75
BILLION = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>'
)
RELATIONS = b'<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>'
BOMB = archive(
    _rels___rels=RELATIONS, xl__workbook_xml=b"<workbook>" + b" " * 61_000_000 + b"</workbook>"
)
ENTITIES = archive(_rels___rels=RELATIONS, xl__workbook_xml=BILLION)
THINGS = "case: many services\nas at: 2024-03-01\ntrust:\n  services:\n" + "".join(
    f"    - {{name: S{n}}}\n" for n in range(20_001)
)
MISTAKES = "case: many words\nas at: 2024-03-01\ntrust:\n" + "".join(
    f"  word {n}: 1\n" for n in range(600)
)
ODD: dict[str, Preparation] = {
    "RW101/a-pipe-as-a-case": becomes_a_pipe("case.yaml"),
    "RW101/a-pipe-in-a-rulebook": becomes_a_pipe("rules/more.yaml"),
    "RW101/a-socket-in-a-rulebook": becomes_a_socket("rules/more.yaml"),
    "RW101/facts-from-a-pipe": becomes_a_pipe("pipe.yaml"),
    "RW101/rows-from-a-pipe": becomes_a_pipe("pipe.csv"),
    "RW102/a-case-of-20001-things": holds("case.yaml", THINGS.encode()),
    "RW102/a-case-of-600-mistakes": holds("case.yaml", MISTAKES.encode()),
    "RW102/a-rulebook-of-much-text": many_bytes,
    "RW102/a-million-words": many_values,
    "RW102/a-cell-of-a-long-text": holds("case.xlsx", workbook(LONG)),
    "RW102/more-than-1000-files-of-facts": facts(
        *(f"given: {n + 1}.yaml" for n in range(1_001)), "trust: {beds: 5}"
    ),
    "RW102/facts-laid-over-each-other-too-often": facts_without_end,
    "RW102/many-merged-ranges": merges(3),
    "RW114/a-number-format-of-300-characters": holds(
        "case.xlsx", workbook(STYLED.format("0" * 300))
    ),
    "RW114/elements-nested-deeply": holds("case.xlsx", workbook(DEEP)),
    "RW114/an-element-of-many-attributes": holds("case.xlsx", workbook(ATTRIBUTES)),
    "RW114/an-element-without-an-end": holds("case.xlsx", workbook(ENDLESS)),
    "RW114/many-elements": many_elements,
    "RW114/many-parts": holds("case.xlsx", archive(**{f"part{n}_xml": b"" for n in range(2_001)})),
    "RW114/another-way-of-packing": holds(
        "case.xlsx", archive(zipfile.ZIP_LZMA, _rels___rels=b"<x/>")
    ),
    "RW115/150-formulas": holds("case.xlsx", workbook(FORMULAS)),
    "RW124/a-link-among-files-to-format": becomes_a_link("suite/linked.yaml", "elsewhere.yaml"),
    "RW124/a-link-in-a-rulebook": becomes_a_link("rules/more.yaml", "elsewhere.yaml"),
    "RW124/a-link-among-scenarios": becomes_a_link("suite/linked.yaml", "elsewhere.yaml"),
    "RW124/a-link-in-place-of-a-part": becomes_a_link("rules/part.yaml", "elsewhere.yaml"),
    "RW124/a-link-in-place-of-exceptions": becomes_a_link(
        "suite/coverage-exceptions.yaml", "elsewhere.yaml"
    ),
    "RW124/a-link-in-place-of-the-rows-to-import": becomes_a_link(
        "rules/part.yaml", "elsewhere.yaml"
    ),
    "RW124/a-link-to-a-folder-of-facts": becomes_a_link("suite/shared", "elsewhere"),
    "RW438/a-copy-into-what-is-installed": is_installed,
    "RW438/a-part-of-the-installed-rulebook": is_installed,
    "RW438/a-policy-for-the-installed-rulebook": is_installed,
    "RW438/a-seal-for-the-installed-rulebook": is_installed,
    "RW114/a-workbook-of-the-old-kind": holds("case.xls", OLD_KIND),
    "RW114/a-workbook-with-a-password": holds("case.xlsx", ENCRYPTED),
    "RW114/a-workbook-cut-short": holds("case.xlsx", SHEET[: len(SHEET) // 2]),
    "RW114/a-workbook-that-unpacks-to-61-mb": holds("case.xlsx", BOMB),
    "RW114/a-workbook-with-entities": holds("case.xlsx", ENTITIES),
    "RW114/a-zip-archive-that-is-no-workbook": holds(
        "case.xlsx", archive(word__document_xml=b"<x/>")
    ),
    "RW114/an-opendocument-file": holds("case.ods", archive(mimetype_=b"x", content_xml=b"<x/>")),
    "RW114/text-called-xlsx": holds("case.xlsx", b"trust;beds\n"),
    "RW103/a-utf-16-csv-file": holds(
        "rules/stages.csv", "id,beds,then\nsmall,-,ready\n".encode("utf-16")
    ),
    "RW101/a-file-that-may-not-be-read": may_not_be_read("case.yaml"),
    "RW101/a-folder-called-part-yaml": becomes_a_folder("rules/part.yaml"),
    "RW101/a-link-that-leads-nowhere": becomes_a_link("case.yaml", "nowhere.yaml"),
    "RW101/a-link-to-itself": becomes_a_link("rules/part.yaml", "rules/part.yaml"),
    "RW102/an-11-mb-case": holds("case.yaml", ELEVEN_MEGABYTES),
    "RW102/an-11-mb-part": holds("rules/part.yaml", ELEVEN_MEGABYTES),
    "RW102/too-many-files": many_files,
    "RW103/a-case-that-is-not-utf-8": holds("case.yaml", LATIN_1),
    "RW103/a-table-that-is-not-utf-8": holds(
        "rules/stages.csv", b"id,beds,then\nsmall,up to 99,not ready \x96 yet\n"
    ),
    "RW104/an-empty-case": holds("case.yaml", b""),
    "RW104/what-if-of-an-empty-case": holds("case.yaml", b""),
    "RW104/an-empty-csv-file": holds("rules/stages.csv", b"\n"),
    "RW108/a-hundred-nested-lists": holds(
        "rules/part.yaml", b"\n".join(b" " * i + b"-" for i in range(100)) + b" x\n"
    ),
    "RW108/100000-open-brackets": holds("case.yaml", b"[" * 100_000),
    "RW108/100000-open-brackets-in-json": holds("case.jsonl", b"[" * 100_000),
    "RW112/an-empty-folder": becomes_a_folder("empty"),
    "RW119/a-folder-that-everybody-may-write-into": keeps_in_a_folder_of_everybody,
    "RW302/5000-open-parentheses": holds("rules/part.yaml", PARENTHESES),
    "RW310/a-word-of-200000-letters": holds(
        "rules/part.yaml", RULE.format("b" * 200_000 + " is 5").encode()
    ),
    "RW420/rows-of-a-sealed-policy": sealed,
    "RW434/a-rule-for-a-sealed-policy": sealed,
    "RW434/a-sealed-policy-made-proposed-first": sealed,
    "RW434/a-value-of-a-sealed-policy": sealed,
    "RW435/a-file-that-changed-meanwhile": changes_meanwhile("part.yaml"),
    "RW438/a-file-that-may-not-be-written": may_not_be_written,
    "RW438/a-link-to-a-folder-elsewhere": becomes_a_link("rules/link", "."),
    "RW603/engines-that-disagree": with_an_engine_that_errs,
    "RW604/no-forward-engine": without_forward,
    "RW832/a-folder-that-the-revision-has-not": in_a_repository,
    "RW805/no-scenario-files": becomes_a_folder("empty"),
    "RW901/a-pipe-in-place-of-a-ledger": becomes_a_pipe("decisions.ledger"),
    "RW916/a-device-in-place-of-a-head": recorded(),
    "RW918/a-device-in-place-of-a-key": recorded(),
    "RW901/a-folder-in-place-of-a-ledger": becomes_a_folder("decisions.ledger"),
    "RW903/a-newer-format": recorded(
        lambda connection: connection.execute(f"PRAGMA user_version = {store.FORMAT + 1}")
    ),
    "RW904/somebody-else-writes": with_somebody_who_writes,
    "RW905/a-full-disk": on_a_full_disk,
    "RW906/a-clock-that-was-ahead": recorded_ahead,
    "RW909/an-entry-that-is-superseded-already": corrected,
    "RW909/an-entry-that-is-not-there": recorded(),
    "RW911/an-entry-that-is-not-there": recorded(),
    "RW912/a-decision-that-is-none": forged("decision", firings=[1]),
    "RW912/a-program-that-does-not-fit": forged("program", vocabulary=NO_WORDS),
    "RW912/a-program-that-is-none": forged(
        "program", nodes=[{"is": "Kind", "entity": "trust", "parent": "", "member": ""}]
    ),
    "RW912/terms-that-are-none": forged("terms", **{"as at": True}),
    "RW912/an-entry-of-a-newer-form": with_a_decision_that_another_version_made(
        b"rulewright/decision/2", b"rulewright/decision/3"
    ),
    "RW913/a-broken-entry-shown": recorded(without_guards("UPDATE entries SET envelope = x'7b7d'")),
    "RW913/a-broken-entry-to-go-on-from": recorded(
        without_guards("UPDATE entries SET terms = x'7b7d'")
    ),
    "RW913/a-decision-changed-by-other-means": recorded(
        without_guards(
            "UPDATE entries SET decision = CAST(replace(decision, 'requires improvement', 'outstanding') AS BLOB)"
        )
    ),
    "RW913/a-ledger-cut-short": recorded(),
    "RW913/guards-taken-away": recorded(
        lambda connection: connection.execute("DROP TRIGGER entries_remain")
    ),
    "RW914/a-decision-of-another-version": with_a_decision_that_another_version_made(
        b'"possible":["ready"]', b'"possible":["not ready"]'
    ),
    "RW915/a-head-signed-by-somebody-else": with_keys,
    "RW916/a-signed-head-without-a-key": with_keys,
    "RW916/a-file-that-is-no-head": recorded(),
    "RW917/a-key-that-is-there-already": with_keys,
    "RW918/a-public-key-to-sign-with": with_keys,
    "RW919/nothing-that-signs": without_what_signs,
}


def folder_for(case: str, tmp_path: Path) -> Path:
    """The common files and those of the case over them."""
    folder = tmp_path / "work"
    shutil.copytree(HERE / "common", folder)
    shutil.copytree(HERE / case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*OWN))
    build(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder, to see that nothing was written."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file():
            found[name] = "link" if path.is_symlink() else "folder" if path.is_dir() else "pipe"
        else:
            with path.open("rb") as file:
                found[name] = file.read()
    return found


def answer(command: str) -> tuple[str, int]:
    """What a command prints, and its exit code. A traceback fails the test."""
    program, *arguments = shlex.split(command)
    assert program == "rulewright"
    result = CliRunner().invoke(group, arguments, prog_name="rulewright")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output, result.exit_code


@pytest.mark.each_case_traced
@pytest.mark.parametrize("case", CASES)
def test_mistake(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_for(case, tmp_path)
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    if case in ODD:
        ODD[case](folder, monkeypatch)
    monkeypatch.chdir(folder)
    before = contents(folder)
    written = HERE / case / "command"
    command = written.read_text("utf-8").strip() if written.exists() else COMMAND
    output, code = answer(command)
    got = f"$ {command}\n{output}exit code {code}\n"
    expected = HERE / case / "expected.txt"
    if REWRITE:
        expected.write_text(got, "utf-8")
    assert got == expected.read_text("utf-8")
    kind = case.partition("/")[0]
    assert code == ANSWERS.get(kind, 2)
    assert kind in output
    if kind not in (
        "RW603",
        "RW906",
    ):  # both trails of engines that disagree are kept for us; of a clock it is only told
        assert contents(folder) == before
    while HELD:
        HELD.pop().close()
