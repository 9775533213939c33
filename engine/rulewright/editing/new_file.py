"""A file that `new` writes: its name, its place, and what to do with it next."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem
from rulewright.syntax.file_writer import place_to_write, replace_text

from .new_files import already_there, create_file

_SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_LONGEST = 80
_OF_THE_SYSTEM = re.compile(
    r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)"
)  # no file names on some systems


@dataclass(frozen=True)
class New:
    """A file to be written: its place, what it holds now (`None`: it is not there), what it will,
    and what to do next.

    left: what is still wrong with the rulebook then.
    """

    path: Path
    shown: str
    before: bytes | None
    after: str
    next: str
    left: tuple[Problem, ...] = ()

    def write(self) -> None:
        """Write it. Raises `InputError` (RW430, RW435, RW438)."""
        if self.before is None:
            create_file(self.path, self.after.encode("utf-8"), self.shown)
        else:
            replace_text(self.path, self.before, self.after, self.shown)


def safe_name(name: str) -> bool:
    """Whether a name can be that of a file on every system."""
    return (
        len(name) <= _LONGEST
        and bool(_SAFE.match(name))
        and ".." not in name
        and not _OF_THE_SYSTEM.match(name)
    )


def checked_name(name: str, what: str) -> str:
    """A name that can be an id and a file's name. Raises `InputError` (RW431)."""
    if not safe_name(name):
        raise InputError(
            Problem(
                NOWHERE,
                "RW431",
                f"`{name}` cannot be the name of a {what}",
                f"use letters, digits, hyphens and dots, at most {_LONGEST}",
            )
        )
    return name


def new_place(book: Rulebook, file: str) -> Path:
    """Where a new file of a rulebook goes.

    Raises `InputError`: RW430, RW431 (another differs by capitals alone), RW438.
    """
    shown = f"{book.shown}/{file}"
    path = place_to_write(book.root, file, shown)
    if os.path.lexists(path):
        raise InputError(already_there(shown))
    here = book.root
    for step in Path(file).parts:
        twin = next(
            (
                each
                for each in sorted(_names(here))
                if each != step and each.casefold() == step.casefold()
            ),
            None,
        )
        if twin is not None:
            raise InputError(
                Problem(
                    Place(shown),
                    "RW431",
                    f"`{step}` and `{twin}`, which is there, are one name on some systems",
                    f"write `{twin}` where that is meant, else choose another name",
                )
            )
        here /= step
    return path


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
