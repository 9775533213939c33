"""One input: a folder and a command line, both perhaps spoiled.

The same number of the same seed gives the same input.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, replace
from functools import lru_cache

from tests.fuzz.dice import Dice, seeded

from . import oddities
from .archives import spoiled_workbook
from .galleries import Seed
from .ledgers import spoiled_ledger
from .recipes import Names, command_line, commands, spoiled_line, suits
from .seeds import seed_of
from .texts import spoiled, way
from .trees import spoiled_json, spoiled_yaml
from .workspace import Files, Odd


@dataclass(frozen=True)
class Input:
    """A folder and a command line.

    `number`: by which it is made again; `done`: what was spoiled, in words.
    """

    number: str
    origin: str
    files: Files
    arguments: list[str]
    done: tuple[str, ...] = ()

    def without(self, *names: str) -> Input:
        """The input without some of its files."""
        return replace(
            self, files={name: content for name, content in self.files.items() if name not in names}
        )


@lru_cache(maxsize=2_000)
def _files(seed: Seed) -> Files:
    return seed.files()


def made(number: str) -> Input:
    """The input of that number."""
    dice = seeded(number)
    seed = seed_of(dice)
    files = dict(seed.files() if seed.name == "generated" else _files(seed))
    names, lines = Names(files), seed.lines()
    arguments = (
        list(dice.pick(lines))
        if lines and dice.chance(50)
        else command_line(_command(names, dice), names, dice)
    )
    done: list[str] = []
    for _ in range(dice.weighted([(3, 0), (6, 1), (2, 2), (1, 4)])):
        if files:
            name = _to_spoil(files, arguments, dice)
            how, content = _spoiled_file(name, files[name], dice)
            files[name] = content
            done.append(f"{name}: {how}")
    if files and dice.chance(8):
        files, arguments, what = oddities.spoil(files, arguments, dice)
        done.append(what)
    if dice.chance(20):
        for _ in range(dice.pick((1, 1, 2, 4))):
            arguments = spoiled_line(arguments, names, dice) if arguments else ["run"]
        done.append("arguments")
    return Input(number, seed.name, files, [_harmless(each) for each in arguments], tuple(done))


def _command(names: Names, dice: Dice) -> str:
    """A command: mostly one that is about what is there."""
    return dice.pick([name for name in sorted(commands()) if suits(name, names) or dice.chance(10)])


def _to_spoil(files: Files, arguments: list[str], dice: Dice) -> str:
    """A file: rather one that the command line names."""
    named = [name for name in files if any(name in argument for argument in arguments)]
    return dice.pick(sorted(named)) if named and dice.chance(40) else dice.pick(sorted(files))


def _spoiled_file(name: str, content: bytes | Odd, dice: Dice) -> tuple[str, bytes | Odd]:
    """How a file was spoiled, and its bytes."""
    if not isinstance(content, bytes):
        return "as it was", content
    structured = {
        ".xlsx": spoiled_workbook,
        ".ledger": spoiled_ledger,
        ".jsonl": spoiled_json,
        ".head": spoiled_json,
        ".signed": spoiled_json,
        ".yaml": spoiled_yaml,
    }
    how = structured.get(os.path.splitext(name)[1])
    if how is not None and dice.chance(90 if how in (spoiled_workbook, spoiled_ledger) else 30):
        try:
            return how.__name__, how(content, dice)
        except ValueError:
            pass
    as_text = way(dice)
    return as_text.__name__, spoiled(content, dice, as_text)


def _harmless(argument: str) -> str:
    """An argument that names nothing outside the folder; and without what no system hands to a
    program.
    """
    argument = argument.replace("\0", "")
    for each in (
        argument,
        argument.rpartition("=")[2],
        argument[2:] if argument.startswith("-o") else "",
    ):
        if each.startswith("/"):
            return argument.replace("/", "_")
        if posixpath.normpath(each).startswith("../.."):
            return argument.replace("../", "")
    return argument
