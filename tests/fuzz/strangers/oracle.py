"""What must hold of every run, whatever it was given."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

import click
from jsonschema import Draft202012Validator

from rulewright.cli import group
from rulewright.schemas import schemas
from tests.pages.parsing import sound

from .inputs import Input
from .meaning import CANNOT, meaning, remarks
from .recipes import LONG, WRITTEN, Names, commands, pool_of
from .runner import CPU, ENDED, MEMORY, UNEXPECTED, Run, Runner
from .workspace import Contents, Files, changed

CODES = (0, 1, 2, 3)
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WITHIN_RULES = (
    "set",
    "seal",
    "new policy",
    "new rule",
    "table import",
    "fmt",
)  # they write where the rulebook is
REPORTING = (
    "fmt",
    "test",
)  # they go on to other files, or report, where one cannot be read; the exit code is 2 then too
NEW_FILES = ("new case", "new scenario")  # they write one file that was not there


@dataclass(frozen=True)
class Fault:
    """What does not hold of a run. `cause`: one text for all runs in which the same is at fault."""

    cause: str
    detail: str = ""


@dataclass(frozen=True)
class Asked:
    """What a command line asks for.

    `options`: the values by the names of parameters; nothing where click refuses the line.
    """

    command: str
    options: dict[str, object] | None

    def text(self, name: str) -> str | None:
        """The value of a parameter, where one was given."""
        value = (self.options or {}).get(name)
        return value if isinstance(value, str) else None


def asked(arguments: list[str]) -> Asked:
    """Which command a line names, and with what."""
    command: click.Command | None = group
    words, left = list[str](), list(arguments)
    try:
        while isinstance(command, click.Group):
            context = click.Context(command, resilient_parsing=True)
            left = command.make_parser(context).parse_args(left)[1]
            words.append(left.pop(0))
            command = command.get_command(context, words[-1])
        if command is not None:
            return Asked(
                " ".join(words),
                command.make_parser(click.Context(command, resilient_parsing=True)).parse_args(
                    left
                )[0],
            )
    except (click.ClickException, IndexError):
        return Asked(" ".join(words) if " ".join(words) in commands() else "", None)
    return Asked("", None)


def faults(given: Input, run: Run, runner: Runner) -> list[Fault]:
    """Everything that does not hold of a run."""
    line = asked(given.arguments)
    return [
        *_ending(line, run),
        *_said(line, run),
        *_changes(given, line, run),
        *_kept(given, line, run, runner),
    ]


# -- how it ended


def _ending(line: Asked, run: Run) -> Iterator[Fault]:
    traced = run.trace or _traceback(_text(run.errors))
    if run.ended_by or run.seconds > CPU:
        what = {14: "hangs", 24: "takes too long", 9: "takes too long", 0: "takes too long"}.get(
            run.ended_by, f"is ended by signal {run.ended_by}"
        )
        if not (what == "takes too long" and line.command in LONG and line.text("rules") is None):
            yield Fault(f"{what}: {_innermost(run.trace) or line.command}", _ours(run.trace))
    elif run.code == UNEXPECTED or traced:
        yield Fault(f"traceback: {_cause(traced)}", _ours(traced))
    elif run.code not in CODES:
        yield Fault(f"exit code {run.code}: {line.command}", _text(run.errors)[:500])
    elif run.code == 2 and not (run.errors + run.output).strip():
        yield Fault(f"exit code 2 without a word: {line.command}")
    elif "RW603" in _text(run.errors):
        yield Fault(f"the engines disagree: {line.command}", _text(run.errors))
    if run.memory > MEMORY and not traced:
        yield Fault(f"takes too much memory: {line.command}", f"{run.memory >> 20} MB")


def _traceback(text: str) -> str:
    return text[text.index("Traceback (most") :] if "Traceback (most" in text else ""


_OURS = re.compile(r'File "[^"]*/engine/rulewright/([^"]+)", line (\d+),? in (\S+)')


def _ours(trace: str) -> str:
    """The frames of a trace that are ours, and the exception."""
    frames = [f"{name}:{number} {function}" for name, number, function in _OURS.findall(trace)]
    return "\n".join([*frames, _exception(trace)])


def _exception(trace: str) -> str:
    """The line of the exception: what follows upon the last frame."""
    lines = trace.splitlines()
    found = [
        line
        for before, line in pairwise(lines)
        if before.startswith(" ") and not line.startswith(" ") and line
    ]
    return found[-1] if found else ""


def _innermost(trace: str) -> str:
    """Where a process was when it was ended (a trace of the system begins with the innermost
    function).
    """
    return next((f"{name} {function}" for name, _, function in _OURS.findall(trace)), "")


def _cause(traced: str) -> str:
    """The kind of an exception, and the innermost function of ours that it went through."""
    inner = [f"{name} {function}" for name, _, function in _OURS.findall(traced)][-1:] or ["?"]
    return f"{re.split('[:(]', _exception(traced))[0]} in {inner[0]}"


# -- what it said


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _as_json(line: Asked) -> bool:
    options = line.options or {}
    by_nature = line.command in ("ledger export", "ledger sign", "ledger head")
    return bool(by_nature or options.get("as_json") or options.get("form") == "json")


def _said(line: Asked, run: Run) -> Iterator[Fault]:
    for stream, content in (("output", run.output), ("errors", run.errors)):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            yield Fault(f"not UTF-8: {line.command} {stream}", str(error))
            continue
        found = CONTROLS.search(text)
        if found:
            line_of_it = next(each for each in text.split("\n") if CONTROLS.search(each))
            where = (
                "in a message"
                if re.search(r"RW\d{3}|Error: ", line_of_it)
                else f"{line.command} {stream}"
            )
            yield Fault(f"{_kind(found[0])} is printed: {where}", ascii(line_of_it))
        if stream == "output" and _as_json(line) and run.code in (0, 1) and not run.ended_by:
            yield from _no_json(line, text)


def _kind(character: str) -> str:
    return (
        "a C0 control"
        if character < " "
        else "a C1 control or DEL"
        if character < "\xa0"
        else "a sign of direction"
    )


def _no_json(line: Asked, text: str) -> Iterator[Fault]:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    for each in (
        [text] if line.command == "ledger export" and "@graph" in text else text.split("\n")
    ):
        try:
            if each.startswith(("{", "[")):
                yield from _not_as_published(line, json.loads(each, parse_constant=refuse))
        except ValueError as error:
            yield Fault(f"no JSON: {line.command}", f"{error}\n{each[:400]}")
            return


@cache
def _schemas() -> dict[str, Draft202012Validator]:
    """The published form of each record, by its name."""
    return {name: Draft202012Validator(schema) for name, schema in schemas().items()}


def _not_as_published(line: Asked, document: Any) -> Iterator[Fault]:
    """What is printed for a machine is as its schema says; what a forged ledger holds may be
    otherwise.
    """
    name = (
        re.fullmatch(r"rulewright/([a-z-]+)/\d", str(document.get("schema")))
        if isinstance(document, dict)
        else None
    )
    if name is not None and name[1] in _schemas() and not line.command.startswith("ledger"):
        error = next(_schemas()[name[1]].iter_errors(document), None)
        if error is not None:
            yield Fault(
                f"not as its schema says: {line.command}",
                f"{error.json_path}: {error.message}"[:500],
            )


def same_again(given: Input, run: Run, other: Run) -> Iterator[Fault]:
    """Two runs print the same, but for what is recorded at another time and keys that are made."""
    line = asked(given.arguments)
    timed = line.command == "ledger keygen" or line.text("record") is not None
    timed |= UNEXPECTED in (run.code, other.code)  # a trace is found by itself
    if (
        not timed
        and (run.code, run.output, run.errors) != (other.code, other.output, other.errors)
        and not run.ended_by + other.ended_by
    ):
        said = (f"{each.code}\n{_text(each.output + each.errors)}" for each in (run, other))
        yield Fault(f"two runs differ: {line.command}", "\n".join(said))


# -- what it changed


def _changes(given: Input, line: Asked, run: Run) -> Iterator[Fault]:
    if run.shipped:
        yield Fault(f"what is shipped is changed: {line.command}", ", ".join(run.shipped))
    if run.ended_by:
        return
    if run.left:
        yield Fault(f"left behind: {line.command}", ", ".join(run.left))
    different = changed(run.before, run.after)
    if run.code == 2 and line.command not in REPORTING and different:
        yield Fault(
            f"bad input, and yet something is written: {line.command}", ", ".join(different)
        )
        return
    for name in different:
        if (
            name in run.before
            and name not in run.after
            and not name.endswith(("-wal", "-shm", "-journal"))
        ):
            yield Fault(f"a file is gone: {line.command}", name)
        elif not _may_change(name, line, run):
            yield Fault(
                f"changes what it should not: {line.command}",
                f"{name} {run.before.get(name, ('absent',))[0]}",
            )
    for name in different:
        if (
            name.endswith((".html", ".htm", ".HTM"))
            and name in run.after
            and run.after[name][0] == "file"
        ):
            yield from _unsound(line, run.after[name][1])


def _may_change(name: str, line: Asked, run: Run) -> bool:
    """Whether the command may write there."""
    path = PurePosixPath(name)
    if line.command == "run" and re.fullmatch(r"engines-disagree-[0-9a-f]{12}\.json", name):
        return True
    for place in _written(line, run.before):
        if (
            name in (f"{place}-wal", f"{place}-shm")
            or path.is_relative_to(place)
            or PurePosixPath(place).is_relative_to(path)
        ):
            return True
    if line.command in NEW_FILES:
        return name not in run.before and path.suffix in (".yaml", ".yml", "")
    if line.command == "fmt":
        return name in run.before and path.suffix.lower() in (".yaml", ".yml")
    if line.command == "ledger keygen":
        return name not in run.before and path.suffix in (".key", ".pub")
    if line.command in WITHIN_RULES:
        root = os.path.normpath(line.text("rules") or ".")
        return root == "." or PurePosixPath(root) in path.parents
    return False


def _written(line: Asked, before: Contents) -> Iterator[str]:
    """The files that the command line names to be written, and those to which links of that name
    lead.
    """
    for parameter in commands()[line.command].params if line.options else ():
        value = line.text(str(parameter.name))
        if value is not None and pool_of(line.command, parameter) in WRITTEN:
            place = os.path.normpath(value)
            for _ in range(5):
                yield place
                kind, content = before.get(place, ("", b""))
                if kind != "link":
                    break
                place = os.path.normpath(os.path.join(os.path.dirname(place), os.fsdecode(content)))


def _unsound(line: Asked, page: bytes) -> Iterator[Fault]:
    try:
        sound(page.decode("utf-8"))
    except (AssertionError, UnicodeDecodeError, IndexError) as error:
        yield Fault(f"an unsound page: {line.command}", f"{type(error).__name__} {error}"[:300])


# -- what it should have kept


def _kept(given: Input, line: Asked, run: Run, runner: Runner) -> Iterator[Fault]:
    """After an edit: comments, what the rulebook means, and that it can be read."""
    different = [
        name for name in changed(run.before, run.after) if name.endswith((".yaml", ".yml"))
    ]
    if run.ended_by or run.code != 0 or not different or line.command not in WITHIN_RULES:
        return
    imported = Counter(
        each
        for name, content in given.files.items()
        if name.endswith(".csv")
        for each in remarks(content)
    )  # cells, there
    for name in set(different) & run.before.keys() & run.after.keys():
        before, now = (Counter(remarks(files[name][1])) for files in (run.before, run.after))
        if before - now or now - before - imported:
            yield Fault(f"{line.command} loses or doubles a comment", name)
    after: Files = {
        **given.files,
        **{name: run.after[name][1] for name in different if name in run.after},
    }
    rulebooks = Names(given.files).rulebooks
    one, other = (
        runner.ask(lambda: meaning(rulebooks, decisions=line.command == "fmt"), files)
        for files in (given.files, after)
    )
    if one.startswith(ENDED) or other.startswith(ENDED):
        return  # reading takes too long, before the edit or after it
    if line.command == "fmt" and one != other:
        yield Fault("fmt changes what is meant", f"{one}\n{other}")
    elif CANNOT in other and CANNOT not in one:
        yield Fault(f"cannot be read any more after {line.command}", other)
