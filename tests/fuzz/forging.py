"""Forged ledgers: a genuine one with one document changed, and every digest and hash computed anew,
through every command.

Such a ledger verifies: nothing in the file tells that it is forged. What is asked of the commands
is an answer or a message with a code, and never a traceback: `python -m tests.fuzz.forging
[FORGERIES [SEED]]`. Without an argument, as many as the environment variable RULEWRIGHT_FORGERIES
says, else 500.
"""

from __future__ import annotations

import copy
import json
import math
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from rulewright.cli import group
from rulewright.ir.stored import stored_classes
from rulewright.ledger import Ledger
from rulewright.ledger.entries import COLUMNS
from rulewright.ledger.store import APPLICATION, FORMAT, OBJECTS
from rulewright.syntax.canonical import digest_of_bytes
from rulewright.workbench import Rules, case_from
from tests import records, small

_CLASSES = [each.name for each in stored_classes()]
DOCUMENTS = ("envelope", "decision", "case", "terms", "program")
CODES = (0, 1, 2, 3)
LONGEST = 10.0  # seconds of the processor for a command
RULEBOOK = {"v": records.VOCABULARY, "part": records.PART, "p": records.POLICY.format("in force")}
CASE = {
    "case": "a thing that scored 3",
    "as at": "2021-04-01",
    "thing": {"score": 3, "mark": "good"},
}


# -- genuine ledgers


def genuine(folder: Path) -> Path:
    """A ledger of every kind of entry, of two rulebooks; the first of them and a case are in
    `folder`.
    """
    (folder / "rules").mkdir()
    for name, text in RULEBOOK.items():
        (folder / "rules" / f"{name}.yaml").write_text(text, "utf-8")
    (folder / "case.json").write_text(json.dumps(CASE), "utf-8")
    (folder / "school").mkdir()
    policy = "policy: s\nstatus: in force\nin force: {from: 2020-01-01}\nparts: [part.yaml]\npublish: [the report of a school]\n"
    for name, text in (("vocabulary", small.VOCABULARY), ("part", small.PART), ("s", policy)):
        (folder / "school" / f"{name}.yaml").write_text(text, "utf-8")
    things, schools = Rules(folder / "rules"), Rules(folder / "school")
    path = folder / "genuine.ledger"
    with Ledger.open(path, clock=records.ticking()) as ledger:
        ledger.append(
            things.answer(case_from(CASE)), recorded_by="A. Clerk", approved_by="B. Chair"
        )
        ledger.append(
            things.answer(case_from(CASE)),
            recorded_by="A. Clerk",
            kind="correction",
            reason="misread",
            supersedes=1,
        )
        ledger.append(schools.answer(case_from(small.CASE)), recorded_by="A. Clerk")
        ledger.append(
            things.answer(case_from(CASE), set={"pass mark": "3"}),
            recorded_by="C. Analyst",
            kind="what-if",
        )
        ledger.append(things.answer(case_from(CASE)), recorded_by="A. Clerk")
    return path


@dataclass
class Stored:
    """All that a ledger stores, parsed: its programs by their digests, and of each entry its
    documents by name.
    """

    programs: dict[str, Any]
    entries: list[dict[str, Any]]

    @classmethod
    def of(cls, path: Path) -> Stored:
        """What is stored in a file."""
        connection = sqlite3.connect(path)
        programs = {
            digest: json.loads(archive)
            for digest, archive in connection.execute("SELECT digest, archive FROM programs")
        }
        entries = [
            dict(zip(("envelope", "decision", "case", "terms"), map(json.loads, row), strict=True))
            for row in connection.execute(
                "SELECT envelope, decision, case_text, terms FROM entries ORDER BY number"
            )
        ]
        connection.close()
        return cls(programs, entries)

    def document(self, number: int, name: str) -> Any:
        """One document of an entry."""
        return (
            self.programs[self.entries[number - 1]["envelope"]["program"]]
            if name == "program"
            else self.entries[number - 1][name]
        )

    def put(self, number: int, name: str, document: Any) -> None:
        """Another in its place."""
        if name == "program":
            self.programs[self.entries[number - 1]["envelope"]["program"]] = document
        else:
            self.entries[number - 1][name] = document

    def write(self, path: Path) -> Path:
        """A file whose digests and hashes all agree, as whoever knows the format can make it."""
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in (
            *OBJECTS.values(),
            f"PRAGMA application_id = {APPLICATION}",
            f"PRAGMA user_version = {FORMAT}",
            "BEGIN",
        ):
            connection.execute(statement)
        digests = {
            digest: digest_of_bytes(_bytes(program)) for digest, program in self.programs.items()
        }
        for digest, program in self.programs.items():
            connection.execute(
                "INSERT OR IGNORE INTO programs VALUES (?, ?)", (digests[digest], _bytes(program))
            )
        previous = None
        for number, entry in enumerate(self.entries, 1):
            envelope = entry["envelope"]
            stored = {name: _bytes(entry[name]) for name in ("decision", "case", "terms")}
            program = superseded = None
            if isinstance(envelope, dict):
                for name, content in stored.items():
                    _again(envelope, name, digest_of_bytes(content))
                _again(envelope, "program", digests.get(_text(envelope.get("program"))))
                _again(envelope, "previous", previous)
                program, superseded = envelope.get("program"), envelope.get("supersedes")
            content = _bytes(envelope)
            previous = digest_of_bytes(content)
            row = (
                number,
                previous,
                _text(program),
                superseded if type(superseded) is int and abs(superseded) < 2**63 else None,
                content,
            )
            connection.execute(
                f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, *stored.values()),
            )
        connection.execute("COMMIT")
        connection.close()
        return path


def _again(envelope: dict[str, Any], name: str, digest: str | None) -> None:
    """A digest is computed anew where there is one."""
    if isinstance(envelope.get(name), str) or (
        name == "previous" and name in envelope and envelope[name] is None
    ):
        envelope[name] = digest if digest is not None or name == "previous" else envelope[name]


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.isprintable() else "x"


class Written(str):
    """JSON as it is written, where `json` would not write it so."""


def _bytes(document: Any) -> bytes:
    """The canonical form; of what has none, what comes closest."""
    if isinstance(document, Written):
        return document.encode("utf-8", "surrogatepass")
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


# -- forgeries

PLAIN: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**53,
    10**30,
    1.5,
    math.nan,
    math.inf,
    "",
    "x",
    "unknown",
    "2021-04-01",
    "\ud800",
    "\x1b]0;title\x07\x1b[31m",
    "a\nb\r\u2028c",
    "x" * 100_000,
    [],
    {},
    [[]],
    [None],
    {"": None},
)
DEPTHS = (50, 900, 5_000)
Step = str | int


def paths(document: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The way to every value of a document, the outermost first."""
    yield path
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for step, each in inner:
        yield from paths(each, (*path, step))


def at(document: Any, path: tuple[Step, ...]) -> Any:
    """The value at the end of a way."""
    for step in path:
        document = document[step]
    return document


def replaced(document: Any, path: tuple[Step, ...], value: Any) -> Any:
    """The document with another value there."""
    if not path:
        return value
    found = copy.copy(document)
    found[path[0]] = replaced(document[path[0]], path[1:], value)
    return found


def removed(document: Any, path: tuple[Step, ...]) -> Any:
    """The document without that value."""
    inner = copy.copy(at(document, path[:-1]))
    del inner[path[-1]]
    return replaced(document, path[:-1], inner)


def deep(depth: int) -> Any:
    """A list in a list in a list."""
    found: Any = "x"
    for _ in range(depth):
        found = [found]
    return found


def forged(document: Any, dice: random.Random) -> Any:
    """A document changed in one place."""
    every = list(paths(document))
    path = (
        dice.choice(every)
        if dice.random() < 0.8
        else dice.choice([each for each in every if len(each) <= 2])
    )
    here = at(document, path)
    way = dice.randrange(9)
    if way == 0 and path:
        return removed(document, path)
    if way == 1 and isinstance(here, dict):
        return replaced(
            document,
            path,
            {**here, dice.choice(["colour", "is", "schema", "case", ""]): dice.choice(PLAIN)},
        )
    if way == 2 and isinstance(here, list):
        return replaced(
            document,
            path,
            dice.choice([[*here, *here], here[::-1], here[1:], [*here, None], [*here, deep(3)]]),
        )
    if way == 3:
        return replaced(document, path, at(document, dice.choice(every)))  # a value from elsewhere
    if way == 4 and isinstance(here, dict) and "is" in here:
        return replaced(document, path, {**here, "is": dice.choice([*_CLASSES, "Popen", "object"])})
    if way == 5 and isinstance(here, str):
        return replaced(
            document, path, dice.choice([here.upper(), here[::-1], here + "x", here[1:], here * 50])
        )
    if way == 6 and isinstance(here, int):
        return replaced(
            document, path, dice.choice([here + 1, -here, not here, here * 10**20, str(here)])
        )
    if way == 7 and dice.random() < 0.2:
        whole = _bytes(replaced(document, path, "#here#")).decode("utf-8", "surrogatepass")
        return Written(
            whole.replace('"#here#"', "[" * (depth := dice.choice(DEPTHS)) + "]" * depth)
        )
    return replaced(document, path, dice.choice(PLAIN))


# -- commands

READING = (
    "verify", "verify --json", "list", "list --json", "list thing", "show {n}", "show {n} --json", "show {n} --all", "show 1", "show 2",
    "show {n} --rules {rules}", "head", "export", "export --as prov", "export -o {folder}/x.jsonl", "export -o {folder}/x.prov",
    "replay", "replay --json", "replay --entry {n}", "recheck --rules {rules}", "recheck --rules {rules} --json", "recheck --rules {school}",
)  # fmt: skip
RECORD = "run {folder}/case.json --rules {rules} --record {ledger} --recorded-by A --only result"
OTHERS = (
    "report {ledger} --entry {n} -o {folder}/x.html",
    "report {ledger} --entry {n} -o {folder}/x.html --rules {rules}",
    RECORD,
    RECORD + " --kind correction --supersedes {n} --reason x",
)


def commands(number: int, ledger: Path, folder: Path) -> list[list[str]]:
    """Every command about a ledger, on entry `number`; those that append come last."""
    names = {
        "n": str(number),
        "ledger": str(ledger),
        "folder": str(folder),
        "rules": str(folder / "rules"),
        "school": str(folder / "school"),
    }
    reading = [
        ["ledger", first, str(ledger), *rest] for first, *rest in (each.split() for each in READING)
    ]
    return [
        [word.format(**names) for word in each]
        for each in (*reading, *(each.split() for each in OTHERS))
    ]


def mistakes(arguments: list[str]) -> Iterator[str]:
    """What is wrong with how a command ended."""
    result = CliRunner().invoke(group, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        import traceback

        yield (
            "".join(traceback.format_exception(*result.exc_info)[-4:])
            if result.exc_info
            else repr(result.exception)
        )
    elif result.exit_code not in CODES:
        yield f"exit code {result.exit_code}"
    elif (
        result.exit_code in (2, 3)
        and "RW9" not in result.stderr
        and "the engine refused" not in result.stderr
    ):
        yield f"exit code {result.exit_code} without a message of the ledger: {result.stderr[:300]}"


def campaign(number: int, seed: str, tell: Callable[[str], None] = print) -> int:
    """Make forgeries, put each through every command; how many ended as none may."""
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored = Stored.of(genuine(folder))
        for each in range(number):
            dice = random.Random(f"{seed}.{each}")
            entry, document = dice.randint(1, len(stored.entries)), dice.choice(DOCUMENTS)
            forgery = copy.deepcopy(stored)
            forgery.put(entry, document, forged(forgery.document(entry, document), dice))
            path = forgery.write(folder / "forged.ledger")
            for arguments in commands(entry, path, folder):
                start = time.process_time()
                found = list(mistakes(arguments))
                if (took := time.process_time() - start) > LONGEST:
                    found.append(f"it took {took:.0f} s")
                wrong += len(found)
                for mistake in found:
                    tell(
                        f"\nseed {seed}.{each}, the {document} of entry {entry}: {' '.join(arguments)}\n{mistake}"
                    )
    return wrong


def main(arguments: list[str]) -> int:
    """Run it, print the figures and every failure."""
    number = int(arguments[0] if arguments else os.environ.get("RULEWRIGHT_FORGERIES", "500"))
    seed = arguments[1] if len(arguments) > 1 else str(random.SystemRandom().randrange(10**9))
    print(f"\nforging {number:,} ledgers from seed {seed}", flush=True)
    start = time.perf_counter()
    wrong = campaign(number, seed, lambda text: print(text, flush=True))
    print(
        f"  {number * (len(READING) + len(OTHERS)):,} commands, {time.perf_counter() - start:.0f} s; {wrong} failures"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
