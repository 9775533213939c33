"""File systems spoiled: links, pipes and folders where files are expected, files that cannot be
read, and odd names.
"""

from __future__ import annotations

import os
from pathlib import PurePosixPath

from tests.fuzz.dice import Dice

from .workspace import Files, Odd

NAMES = (
    "-", "--help", "-o", "a\nb", "a\x1b[31mb", "a\u202eb", "a\x9bb", "\x7f", " ", "a b", "'", '"', "`", "$(x)", "a#b", "*", "[x]", "%s", "{}",
    "a;b", "CON", "..x", ".hidden", "x" * 240, "caf\u00e9", "cafe\u0301", "\u0130", "\udcff", "a:b", "a>b", "a|b", "\\", "~", "1", "null",
    "#Sheet", "a=b",
)  # fmt: skip
LINKS = (
    "/dev/zero",
    "/dev/null",
    "/dev/full",
    "/proc/self/mem",
    "/etc/hostname",
    "nowhere",
    ".",
    "..",
    "../..",
    "/nowhere/x",
)


def odd_thing(dice: Dice, files: Files) -> Odd:
    """Something that is no file, or that leads to another one."""
    kind = dice.pick(("link", "link", "link", "pipe", "folder", "closed", "sparse"))
    if kind != "link":
        return Odd(kind)  # type: ignore[arg-type]
    return Odd("link", dice.pick(LINKS) if dice.chance(70) else dice.pick(sorted(files)))


def odd_name(name: str, dice: Dice) -> str:
    """Another name for a file, in the same folder, mostly with the same ending."""
    path = PurePosixPath(name)
    other = dice.pick(NAMES) + (
        path.suffix
        if dice.chance(80)
        else dice.pick(("", ".YAML", ".yml", ".csv", ".xlsx", ".json", ".jsonl", ".html"))
    )
    return str(path.parent / other)


def spoil(files: Files, arguments: list[str], dice: Dice) -> tuple[Files, list[str], str]:
    """The files with one of them otherwise as a thing of the file system, the arguments as they
    name it, and what was done.
    """
    name = dice.pick(sorted(files))
    match dice.below(4):
        case 0:
            thing = odd_thing(dice, files)
            return {**files, name: thing}, arguments, f"{name} is a {thing.kind} {thing.target}"
        case 1:
            folder = dice.pick((PurePosixPath(name).parent, PurePosixPath()))
            added = str(
                folder
                / dice.pick(
                    (
                        "zz.yaml",
                        "zz.csv",
                        "zz.xlsx",
                        "seals.yaml",
                        "policies/z.yaml",
                        ".z.yaml",
                        "z",
                        "null",
                    )
                )
            )
            thing = odd_thing(dice, files)
            return {**files, added: thing}, arguments, f"{added} is a {thing.kind} {thing.target}"
        case 2:
            new = odd_name(name, dice)
            renamed = {new if each == name else each: content for each, content in files.items()}
            return (
                renamed,
                [new if each == name else each for each in arguments],
                f"{name} is called {new!r}",
            )
        case _:
            old, new = str(PurePosixPath(name).parent), dice.pick(NAMES)
            if old == ".":
                return files, arguments, "nothing"
            moved = {_moved(each, old, new): content for each, content in files.items()}
            return (
                moved,
                [_moved(each, old, new) for each in arguments],
                f"the folder {old} is called {new!r}",
            )


def _moved(argument: str, folder: str, new: str) -> str:
    within = argument == folder or argument.startswith(folder + os.sep)
    return new + argument[len(folder) :] if within else argument
