"""Large ledgers: written, and what each command takes on them.

    python benchmarks/big_ledger.py FILE [ENTRIES]            writes one
    python benchmarks/big_ledger.py --append FILE [ENTRIES]   appends entries, one at a time
    python benchmarks/big_ledger.py --measure [ENTRIES...]    measures commands on one of each size

An entry is of some 8 kB, and of a fictional school. Of a hundred entries 98 are decisions, one is a
correction of the one before and one a what-if; every tenth case was decided before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulewright.ledger.drafts import DraftEntry
    from rulewright.workbench import Rules

AT_ONCE = 1_000  # entries in one append
SIZES = (1_000, 100_000)

VOCABULARY = """
scales: {grade: {order: [poor, fair, good, excellent]}}
entities:
  school:
    plural: schools
    has many: [class]
    given: {points: {whole number: 0..100}}
    derived: {report: grade, banded: grade}
  class:
    plural: classes
    has: [subject]
    derived: {result: grade}
  subject:
    plural: subjects
    main attribute: mark
    members:
      - reading
      - writing
      - sums
    given: {mark: grade, resit: {grade, unless stated: none}}
    derived: {grade: grade}
"""
PART = """
- {rule: marked, of: subject, then: the grade is the mark}
- {rule: resit, of: subject, when: the resit is poor or better, then: the grade is the resit, overrides: [marked]}
- {rule: result, of: class, then: the result is the lowest grade of the subjects}
- {rule: report, of: school, then: the report is the lowest result of the classes}
- {rule: passed, of: school, when: the points is at least 50, note: "passed: {the classes where the result is fair or better}"}
- table: bands
  of: school
  input: the points
  then: the banded
  rows: {poor: up to 49, fair: 50..69, good: 70..89, excellent: 90 or more}
"""
POLICY = """
policy: schools
status: in force
in force: {from: 2020-01-01}
parts: [part.yaml]
publish: [the report of a school, the banded of a school, the result of a class]
"""
MARKS = ("poor", "fair", "good", "excellent")


def school(number: int) -> dict[str, object]:
    """A fictional school of two classes, its marks varied by `number`."""
    marks = [MARKS[(number * 7 + step * step) % 4] for step in range(6)]
    classes = [
        {
            "name": name,
            "subjects": dict(zip(("reading", "writing", "sums"), marks[start:], strict=False)),
        }
        for name, start in (("1a", 0), ("1b", 3))
    ]
    return {
        "case": "a school #",
        "as at": "2023-06-01",
        "school": {"name": "Example School", "points": number % 101, "classes": classes},
    }


def rulebook(folder: Path) -> Path:
    """The rulebook of the schools, in `folder`."""
    folder.mkdir()
    for name, text in (("vocabulary", VOCABULARY), ("part", PART), ("policy", POLICY)):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def drafts(rules: Rules) -> Iterator[DraftEntry]:
    """Decisions without end, every tenth on a case that was decided before.

    A hundred are made by the engines, and then renamed.
    """
    from rulewright.ledger.drafts import Archives, draft
    from rulewright.workbench import case_from

    archives = Archives()
    made = [draft(rules.answer(case_from(school(number))), archives.of) for number in range(100)]
    number = 0
    while True:
        name = number - 1 if number % 10 == 9 else number
        yield renamed(made[name % 100], name)
        number += 1


def renamed(stored: DraftEntry, number: int) -> DraftEntry:
    """The same decision on a case of another name, which stands in both documents and reaches
    nothing else of them.
    """
    old, new = b'"a school #"', f'"school {number}"'.encode()
    return replace(
        stored,
        name=f"school {number}",
        decision=stored.decision.replace(old, new),
        case=stored.case.replace(old, new),
    )


def fill(path: Path, rules: Path, number: int) -> None:
    """A ledger of so many entries."""
    from rulewright.ledger import Ledger
    from rulewright.workbench import Rules

    stream = drafts(Rules(rules))
    with Ledger.open(path) as ledger:
        there = 0
        while there < number:
            several = [next(stream) for _ in range(min(AT_ONCE, number - there))]
            for start in range(0, len(several), 100):
                hundred = several[start : start + 100]
                if len(hundred) == 100:
                    ledger.append_all(hundred[:98], recorded_by="A. Clerk", approved_by="B. Chair")
                    ledger.append(
                        hundred[97],
                        recorded_by="A. Clerk",
                        kind="correction",
                        reason="misread",
                        supersedes=there + 98,
                    )
                    ledger.append(hundred[99], recorded_by="C. Analyst", kind="what-if")
                else:
                    ledger.append_all(hundred, recorded_by="A. Clerk", approved_by="B. Chair")
                there += len(hundred)


def append(path: Path, rules: Path, number: int) -> None:
    """Append `number` entries to a ledger, one at a time."""
    from rulewright.ledger import Ledger
    from rulewright.workbench import Rules

    with Ledger.open(path) as ledger:
        for each in islice(drafts(Rules(rules)), number):
            ledger.append(each, recorded_by="A. Clerk")


def measured(what: str, command: list[str], environment: dict[str, str]) -> None:
    """Print the seconds of processor and of the clock, and the memory at most, that a process
    takes.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    print(
        f"{what:<40} {used.ru_utime + used.ru_stime:8.2f} s of CPU {time.perf_counter() - start:8.2f} s {used.ru_maxrss / 1024:8.0f} MiB"
        f"{'' if process.returncode == 0 else f'   exit code {process.returncode}'}",
        flush=True,
    )


def measure(number: int) -> None:
    """The commands on a ledger of so many entries."""
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        rules = rulebook(folder / "rules")
        ledger = folder / "l.ledger"
        subprocess.run(
            [sys.executable, __file__, str(ledger), str(number)], check=True
        )  # apart, since this one's memory counts for all
        print(f"\n{number:,} entries, {ledger.stat().st_size / 2**20:,.0f} MiB")
        case = folder / "case.json"
        case.write_text(json.dumps(school(3)), "utf-8")
        tool, environment = (
            [sys.executable, "-m", "rulewright"],
            {**os.environ, "RULEWRIGHT_CACHE": str(folder / "cache")},
        )

        def tell(what: str, *command: str) -> None:
            measured(what, [*tool, *command], environment)

        run = ("run", str(case), "--rules", str(rules))
        record = (*run, "--record", str(ledger), "--recorded-by", "A. Clerk")
        tell("run", *run)
        tell("run", *run)
        tell("run --record", *record)
        tell("run --record, the same case again", *record)
        tell(
            "run --record, a correction",
            *record,
            "--kind",
            "correction",
            "--supersedes",
            str(number + 1),
            "--reason",
            "misread",
        )
        for command in (
            "verify",
            "head",
            "list",
            "list --json",
            "list 1234",
            "export",
            "export --as prov",
        ):
            first, *others = command.split()
            tell(f"ledger {command}", "ledger", first, str(ledger), *others)
        for name in ("x.jsonl", "x.prov"):
            tell(
                f"ledger export -o {name}",
                "ledger",
                "export",
                str(ledger),
                "-o",
                str(folder / name),
            )
        middle = str(number // 2)
        tell("ledger show", "ledger", "show", str(ledger), middle)
        tell(
            "report --entry", "report", str(ledger), "--entry", middle, "-o", str(folder / "x.html")
        )
        tell("ledger replay --entry", "ledger", "replay", str(ledger), "--entry", middle)
        if number <= 10_000:
            tell("ledger replay", "ledger", "replay", str(ledger))
            tell("ledger recheck", "ledger", "recheck", str(ledger), "--rules", str(rules))


def main(arguments: list[str]) -> None:
    """Write one, append to one, or measure."""
    if arguments[0] == "--measure":
        for number in map(int, arguments[1:] or map(str, SIZES)):
            measure(number)
        return
    act, words = (append, arguments[1:]) if arguments[0] == "--append" else (fill, arguments)
    with tempfile.TemporaryDirectory() as folder:
        act(
            Path(words[0]),
            rulebook(Path(folder) / "rules"),
            int(words[1]) if len(words) > 1 else SIZES[-1],
        )


if __name__ == "__main__":
    main(sys.argv[1:])
