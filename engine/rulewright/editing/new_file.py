"""A file that `new` writes: its name, its place, and what to do with it next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rulewright.language.errors import NOWHERE, InputError, Problem

from .writing import create_file, replace_file

SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_LONGEST = 80
_OF_THE_SYSTEM = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)")  # no file names on some systems


@dataclass(frozen=True)
class New:
    """A file to be written: its place, what it holds now (`None`: it is not there), what it will, and what to do next."""

    path: Path
    shown: str
    before: bytes | None
    after: str
    next: str

    def write(self) -> None:
        """Write it. Raises `InputError` (RW430, RW435, RW438)."""
        if self.before is None:
            create_file(self.path, self.after.encode("utf-8"), self.shown)
        else:
            mark = b"\xef\xbb\xbf" if self.before.startswith(b"\xef\xbb\xbf") else b""
            replace_file(self.path, self.before, mark + self.after.encode("utf-8"), self.shown)


def checked_name(name: str, what: str) -> str:
    """A name that can be an id and a file's name. Raises `InputError` (RW431)."""
    if len(name) > _LONGEST or not SAFE.match(name) or ".." in name or _OF_THE_SYSTEM.match(name):
        raise InputError(Problem(NOWHERE, "RW431", f"`{name}` cannot be the name of a {what}",
                                 f"use letters, digits, hyphens and dots, at most {_LONGEST}"))  # fmt: skip
    return name
