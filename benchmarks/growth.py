"""How cost grows with size: `make bench-growth`. Each command runs on inputs of three sizes, made
up for it.

`--quick` takes smaller sizes, `--only WORD` the commands in whose names the word occurs. A line
gives the sizes, the seconds of processor at each, the memory at the largest, and the exponent: 1
where twice the size takes twice the time, 2 where it takes four times. The time that the same
command takes at size 1 is left out of it. An exponent above 1.2 that has no reason in `REASONS`
makes the exit code 1; so does a command that ends otherwise than it should.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt, log
from pathlib import Path

from benchmarks import big_ledger

LIMIT = 120  # seconds of processor that one process may take
STEEP = 1.2  # an exponent above it wants a reason
ROUNDS, MOST_ROUNDS = (
    3,
    6,
)  # how often each size is run, and how often at most where the exponent seems too high
AGAIN = 10.0  # what takes as many seconds is run once
TELLING = (
    0.05,
    0.5,
)  # a size counts if it takes this many seconds more than the start, and this part of the start

# What grows faster than its size, and why.
REASONS = {
    "mutate, a table of one input": "Each row has some ten mutants, and each of them is judged in the whole table.",
    "coverage, rules on one attribute": "It asks of every pair of rules that go before one another whether that mattered, and tells how many.",
    "coverage, such rules about one fact": "It weighs each rule against all that go before it, and then every such pair of rules.",
}


# -- inputs


def write(path: Path, text: str) -> None:
    """A file, and the folder that it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def school(folder: Path, given: Sequence[str], part: str) -> None:
    """A rulebook in `rules` on schools with these facts and one result, and a case `case.yaml` that
    states no fact.
    """
    facts = "\n".join(f"      {name}: {{whole number: 0..1000000}}" for name in given)
    write(
        folder / "rules" / "vocabulary.yaml",
        "scales: {grade: {order: [poor, fair, good]}}\nentities:\n  school:\n    plural: schools\n"
        f"    given:\n{facts}\n    derived: {{result: grade}}\n",
    )
    write(folder / "rules" / "part.yaml", part)
    write(
        folder / "rules" / "first.yaml",
        "policy: first\nstatus: in force\nin force: {from: 2020-01-01}\nparts: [part.yaml]\n",
    )
    write(folder / "case.yaml", "case: a school\nas at: 2024-01-01\nschool: {name: A}\n")


def pieces(number: int) -> list[str]:
    """So many neighbouring ranges, the last without an end."""
    return [f"{step * 10}..{step * 10 + 9}" for step in range(number - 1)] + [
        f"{number * 10 - 10} or more"
    ]


def table(folder: Path, rows: int) -> None:
    """A decision table with so many rows on one fact, in a CSV file; and a scenario."""
    lines = [
        f"r{row},{piece},{('poor', 'fair', 'good')[row % 3]}"
        for row, piece in enumerate(pieces(rows))
    ]
    school(
        folder,
        ["points"],
        "- {table: bands, of: school, input: the points, then: the result, rows: rows.csv}\n",
    )
    write(folder / "rules" / "rows.csv", "\n".join(["id,input,then", *lines, ""]))
    write(
        folder / "scenario.yaml",
        "- case: a school\n  as at: 2024-01-01\n  school: {points: 5}\n  expect: {result: poor}\n",
    )


def grid(folder: Path, rows: int) -> None:
    """A decision table with so many rows on two facts, in a CSV file."""
    down = next(each for each in range(isqrt(rows), 0, -1) if rows % each == 0)
    lines = [
        f"r{one}-{two},{piece},{other},{('poor', 'fair', 'good')[(one + two) % 3]}"
        for one, piece in enumerate(pieces(down))
        for two, other in enumerate(pieces(rows // down))
    ]
    inputs = "{points: the points, marks: the marks}"
    school(
        folder,
        ["points", "marks"],
        f"- {{table: bands, of: school, inputs: {inputs}, then: the result, rows: rows.csv}}\n",
    )
    write(folder / "rules" / "rows.csv", "\n".join(["id,points,marks,then", *lines, ""]))


def amendments(folder: Path, number: int) -> None:
    """So many policies, each of which amends the one before; the last is called `last`."""
    school(
        folder,
        ["points"],
        "- {rule: passed, of: school, when: the points is at least 5, then: the result is good}\n"
        "- {rule: failed, of: school, otherwise: the result is poor}\n",
    )
    ids = ["first", *(f"later-{step}" for step in range(1, number)), "last"]
    for step, (before, after) in enumerate(pairwise(ids)):
        write(
            folder / "rules" / f"{after}.yaml",
            f"policy: {after}\nstatus: proposed\namends: {before}\n"
            f"replaces:\n  passed:\n    when: the points is at least {step % 90 + 6}\n",
        )


def names(folder: Path, number: int) -> None:
    """A rulebook with so many facts of long names, and a case that states as many others, in each
    of which ten letters differ.
    """
    dice = random.Random(number)
    known = [letters(dice, 60) for _ in range(number)]
    school(
        folder,
        known,
        f"- {{rule: good, of: school, when: the {known[0]} is at least 5, then: the result is good}}\n",
    )
    unknown = "".join(f"  {name[:25]}{letters(dice, 10)}{name[35:]}: 1\n" for name in known)
    write(folder / "case.yaml", f"case: a school\nas at: 2024-01-01\nschool:\n{unknown}")


def letters(dice: random.Random, number: int) -> str:
    """A word."""
    return "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=number))


def ladder(folder: Path, number: int) -> None:
    """So many rules on one attribute, each going before the one above it, all about one fact; and a
    scenario.
    """
    school(
        folder,
        ["points"],
        overriding([f"the points is at least {step * 10 + 1}" for step in range(number)]),
    )
    write(
        folder / "scenario.yaml",
        "- case: a school\n  as at: 2024-01-01\n  school: {points: 5}\n  expect: {result: poor}\n",
    )


def overrides(folder: Path, number: int) -> None:
    """So many rules on one attribute, each going before the one above it and about a fact of its
    own; and a scenario.
    """
    facts = [f"f{step}" for step in range(number)]
    school(folder, facts, overriding([f"the {fact} is at least 1" for fact in facts]))
    stated = ", ".join(f"{fact}: {int(fact == 'f0')}" for fact in facts)
    write(
        folder / "scenario.yaml",
        f"- case: a school\n  as at: 2024-01-01\n  school: {{{stated}}}\n  expect: {{result: poor}}\n",
    )


def overriding(conditions: Sequence[str]) -> str:
    """A rule for each condition, going before the rule of the condition before it."""
    return "".join(
        f"- rule: r{step}\n  of: school\n  when: {condition}\n  then: the result is {('poor', 'fair', 'good')[step % 3]}\n"
        + (f"  overrides: [r{step - 1}]\n" if step else "")
        for step, condition in enumerate(conditions)
    )


def trust(folder: Path, services: int) -> None:
    """A trust with so many services, ten at a location, for the shipped rulebook; 3 of 10
    judgements are missing.
    """
    dice = random.Random(services)
    made = [{"name": f"S{number}", "key questions": judgements(dice)} for number in range(services)]
    locations = [
        {"name": f"L{start}", "services": made[start : start + 10]}
        for start in range(0, services, 10)
    ]
    facts = {
        "name": "T",
        "trust type": "acute",
        "key questions": {"well-led": "good"},
        "locations": locations,
    }
    write(
        folder / "case.json", json.dumps({"case": "a trust", "as at": "2021-04-01", "trust": facts})
    )


def judgements(dice: random.Random) -> dict[str, str]:
    """The judgements on one service."""
    ratings = ("good", "good", "good", "good", "requires improvement", "outstanding", "inadequate")
    return {
        question: dice.choice(ratings)
        for question in ("safe", "effective", "caring", "responsive", "well-led")
        if dice.random() < 0.7
    }


def yaml(folder: Path, kilobytes: int) -> None:
    """A case of so many kilobytes of names, not in the style of the house."""
    lines = [
        f"    - {{name:   L{number:06},  services: [ {{name: S}} ]}}\n"
        for number in range(kilobytes * 1000 // 45)
    ]
    write(
        folder / "case.yaml",
        "case: a trust\nas at: 2021-04-01\ntrust:\n    locations:\n" + "".join(lines),
    )


def given(folder: Path, levels: int) -> None:
    """Files of facts, each given the next one twice."""
    school(
        folder,
        ["points"],
        "- {rule: good, of: school, when: the points is at least 5, then: the result is good}\n",
    )
    for level in range(levels):
        below = f"given: [f{level + 1}.yaml, f{level + 1}.yaml]\n"
        write(
            folder / f"f{level}.yaml",
            f"facts: f\n{below if level < levels - 1 else ''}school: {{points: 5}}\n",
        )
    write(
        folder / "case.yaml",
        "case: a school\nas at: 2024-01-01\ngiven: f0.yaml\nschool: {name: A}\n",
    )


def many(folder: Path, number: int) -> None:
    """A file of so many cases."""
    big_ledger.rulebook(folder / "rules")
    write(
        folder / "cases.jsonl",
        "".join(json.dumps(big_ledger.school(each)) + "\n" for each in range(number)),
    )


def ledger(folder: Path, entries: int) -> None:
    """A ledger with so many entries."""
    subprocess.run(
        [sys.executable, big_ledger.__file__, "l.ledger", str(entries)], cwd=folder, check=True
    )


# -- what is measured


@dataclass(frozen=True)
class Command:
    """A command on one kind of input, begun in its folder.

    `start` is the command that tells what it takes to begin, on an input of size 1.
    """

    name: str
    words: tuple[str, ...]
    exit_code: int = 0
    start: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of input, the sizes to make of it, and the commands to run on each.

    Where `shipped`, its cases are for the shipped rulebook, and commands find kept what they made
    of that; otherwise nothing is kept.
    """

    make: Callable[[Path, int], None]
    unit: str
    sizes: tuple[int, int, int]
    quick: tuple[int, int, int]
    commands: tuple[Command, ...]
    shipped: bool = False


def tool(name: str, *words: str, exit_code: int = 0) -> Command:
    """A command of Rulewright."""
    return Command(name, ("-m", "rulewright", *words), exit_code)


APPEND = (big_ledger.__file__, "--append", "l.ledger")
ON_TRUST = ("case.json", "trust > overall rating", "--policy", "legacy")
KINDS = (
    Kind(table, "rows", (100, 1_000, 10_000), (100, 300, 1_000), (tool("check, a table of one input", "check", "rules"),)),
    Kind(grid, "rows", (100, 1_000, 10_000), (100, 300, 1_000), (tool("check, a table of two inputs", "check", "rules"),)),
    Kind(table, "rows", (50, 100, 200), (25, 50, 100),
         (tool("mutate, a table of one input", "mutate", "scenario.yaml", "--rules", "rules", "--workers", "1"),)),
    Kind(amendments, "amendments", (30, 100, 300), (10, 30, 100),
         (tool("policies, each amending the one before", "policies", "--rules", "rules"),
          tool("check, policies each amending the one before", "check", "rules"),
          tool("run, under the last of such policies", "run", "case.yaml", "--rules", "rules", "--policy", "last"))),
    Kind(names, "names", (150, 500, 1_500), (50, 150, 500),
         (tool("run, a case of unknown names", "run", "case.yaml", "--rules", "rules", exit_code=2),)),
    Kind(overrides, "rules", (30, 100, 300), (10, 30, 100),
         (tool("coverage, rules on one attribute", "coverage", "scenario.yaml", "--rules", "rules"),)),
    Kind(ladder, "rules", (30, 100, 300), (10, 30, 100),
         (tool("coverage, such rules about one fact", "coverage", "scenario.yaml", "--rules", "rules"),)),
    Kind(trust, "services", (30, 100, 300), (10, 30, 100),
         (tool("run, a trust with facts missing", "run", "case.json", "--policy", "legacy"),
          tool("why, a trust with facts missing", "why", *ON_TRUST),
          tool("report, a trust with facts missing", "report", "case.json", "--policy", "legacy", "-o", "report.html"),
          tool("what-if, a trust with facts missing", "what-if", *ON_TRUST)), shipped=True),
    Kind(yaml, "kB", (300, 1_000, 3_000), (30, 100, 300), (tool("fmt, one file", "fmt", "--diff", "case.yaml"),)),
    Kind(given, "levels", (6, 12, 24), (6, 12, 24), (tool("run, facts given twice at each level", "run", "case.yaml", "--rules", "rules"),)),
    Kind(many, "cases", (300, 1_000, 3_000), (100, 300, 1_000),
         (tool("run, a file of cases", "run", "cases.jsonl", "--rules", "rules", "--json"),)),
    Kind(ledger, "entries", (300, 1_000, 3_000), (100, 300, 1_000),
         (tool("ledger list", "ledger", "list", "l.ledger"),
          tool("ledger verify", "ledger", "verify", "l.ledger"),
          tool("ledger export", "ledger", "export", "l.ledger"),
          Command("ledger, a hundred appends", (*APPEND, "101"), start=(*APPEND, "1")))),
)  # fmt: skip


# -- measuring


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of processor, and MiB of memory at most.

    `stopped`: it took all the seconds that it may.
    """

    seconds: float
    memory: float
    stopped: bool = False


class Failed(Exception):
    """A command that did not end as it should."""


def once(words: Sequence[str], exit_code: int, folder: Path, environment: dict[str, str]) -> Cost:
    """What one process takes. Raises `Failed`."""
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        last = told.read().decode(errors="replace").strip().rpartition("\n")[2]
    stopped = process.returncode == -signal.SIGXCPU
    if process.returncode != exit_code and not stopped:
        raise Failed(f"exit code {process.returncode}: {last}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, stopped)


def exponent(sizes: Sequence[int], seconds: Sequence[float], start: float) -> float | None:
    """How fast seconds grow with the size: the slope of the line through their logarithms, the
    start left out.

    Sizes that take too little to tell from the start are left out. Where only the largest tells
    something, the one below counts with the most that does not, so that the exponent is no greater
    than it should be. `None` where none tells anything.
    """
    least = max(TELLING[0], TELLING[1] * start)
    above = [
        (size, each - start)
        for size, each in zip(sizes, seconds, strict=True)
        if each - start > least
    ]
    if not above or above[-1][0] != sizes[-1]:
        return None
    if len(above) == 1:
        above.insert(0, (sizes[-2], least))
    points = [(log(size), log(each)) for size, each in above]
    across, up = (sum(each) / len(points) for each in zip(*points, strict=True))
    return float(
        sum((x - across) * (y - up) for x, y in points) / sum((x - across) ** 2 for x, _ in points)
    )


def costs(kind: Kind, sizes: Sequence[int], command: Command, folder: Path) -> list[Cost]:
    """What a command takes on an input of size 1 and at each size, the least of a few rounds.
    Raises `Failed`.

    The sizes take turns, since a machine that others use is now slower and now faster. What seems
    to grow too fast is given more rounds.
    """
    environment = {
        **os.environ,
        "RULEWRIGHT_CACHE": str(folder / "kept") if kind.shipped else "off",
    }
    runs = [
        (command.start or command.words, folder / "1"),
        *((command.words, folder / str(size)) for size in sizes),
    ]
    once(
        runs[0][0], command.exit_code, runs[0][1], environment
    )  # what Python compiles is there from here on, and what is kept
    found = [once(words, command.exit_code, where, environment) for words, where in runs]
    for number in range(1, MOST_ROUNDS):
        if number >= ROUNDS and (command.name in REASONS or not steep(sizes, found)):
            break
        for at, (words, where) in enumerate(runs):
            if found[at].seconds < AGAIN:
                found[at] = min(
                    found[at],
                    once(words, command.exit_code, where, environment),
                    key=lambda each: each.seconds,
                )
    return found


def steep(sizes: Sequence[int], found: Sequence[Cost]) -> bool:
    """Whether costs, the first that of the start, grow too fast."""
    power = exponent(sizes, [each.seconds for each in found[1:]], found[0].seconds)
    return power is not None and power > STEEP


def judged(
    kind: Kind, sizes: Sequence[int], command: Command, folder: Path
) -> dict[str, str | None]:
    """Measure a command and print its line: the command where it grows too fast or fails, with the
    reason that is known for it.
    """
    try:
        found = costs(kind, sizes, command, folder)
    except Failed as failed:
        print(f"{command.name:<46} {failed}", flush=True)
        return {f"{command.name}, {failed}": None}
    power = exponent(sizes, [each.seconds for each in found[1:]], found[0].seconds)
    shown = "/".join(f"{size:,}" for size in sizes) + f" {kind.unit}"
    seconds = "".join(
        f"{f'>{LIMIT}' if each.stopped else f'{each.seconds:.2f}':>8}" for each in found[1:]
    )
    print(
        f"{command.name:<46} {shown:<26} {found[0].seconds:5.2f} {seconds} s {found[-1].memory:6.0f} MiB"
        f" {'-' if power is None else f'{power:.2f}':>9}",
        flush=True,
    )
    told = [f"more than {LIMIT} s"] if found[-1].stopped else []
    told += [f"exponent {power:.2f}"] if power is not None and power > STEEP else []
    return {f"{command.name}, {', '.join(told)}": REASONS.get(command.name)} if told else {}


def everything(quick: bool, only: str) -> dict[str, str | None]:
    """Measure all commands in whose names a word occurs: what grows too fast or fails, with the
    reason where one is known.
    """
    told: dict[str, str | None] = {}
    for kind in KINDS:
        commands = [each for each in kind.commands if only in each.name]
        sizes = kind.quick if quick else kind.sizes
        with tempfile.TemporaryDirectory() as folder:
            for size in (1, *sizes) if commands else ():
                (Path(folder) / str(size)).mkdir()
                kind.make(Path(folder) / str(size), size)
            for command in commands:
                told |= judged(kind, sizes, command, Path(folder))
    return told


def main() -> int:
    """Measure, and tell what grows faster than its size."""
    parser = argparse.ArgumentParser(description="How cost grows with size.")
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="only commands in whose names it occurs"
    )
    asked = parser.parse_args()
    resource.setrlimit(
        resource.RLIMIT_CPU, (LIMIT, resource.getrlimit(resource.RLIMIT_CPU)[1])
    )  # each process that is begun has it too
    print(
        f"{'':<46} {'sizes':<26} start {'seconds of processor':>26} {'memory':>10} {'exponent':>9}"
    )
    with (
        tempfile.TemporaryDirectory() as compiled
    ):  # what Python compiles, as a machine keeps it where it is at home
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        told = everything(asked.quick, asked.only)
    for each, reason in told.items():
        print(f"{each}: {reason or 'no reason is known'}")
    return int(None in told.values())


if __name__ == "__main__":
    sys.exit(main())
