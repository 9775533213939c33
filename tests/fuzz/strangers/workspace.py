"""A folder as a stranger may hand it over: files, and what may stand where a file is expected."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Odd:
    """What stands in the place of a file. `target`: where a link leads."""

    kind: Literal["link", "pipe", "folder", "closed", "sparse"]
    target: str = ""


Files = dict[
    str, bytes | Odd
]  # by their paths; a name that is not UTF-8 is held as `os.fsdecode` gives it
Contents = dict[str, tuple[str, bytes]]


def lay(files: Mapping[str, bytes | Odd], folder: Path) -> None:
    """Write the files into an empty folder.

    A path that another one is in the way of is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
        except (OSError, ValueError):
            continue


def _write(path: Path, content: bytes | Odd) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
        return
    match content.kind:
        case "link":
            path.symlink_to(content.target)
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "closed":  # an administrator may read it nevertheless
            path.write_bytes(b"closed: yes\n")
            path.chmod(0)
        case "sparse":
            with path.open("wb") as file:
                file.truncate(3 << 30)


def contents(folder: Path) -> Contents:
    """Everything in a folder: what each path is, and its bytes where it is a file; a sparse file's
    are its size.
    """
    found: Contents = {}
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                name = os.path.relpath(entry.path, folder)
                if entry.is_symlink():
                    found[name] = ("link", os.fsencode(os.readlink(entry.path)))
                elif entry.is_dir():
                    found[name] = ("folder", b"")
                    waiting.append(entry.path)
                elif not entry.is_file():
                    found[name] = ("pipe", b"")
                else:
                    found[name] = ("file", _bytes(entry))
    return found


def _bytes(entry: os.DirEntry[str]) -> bytes:
    size = entry.stat().st_size
    if size > 100_000_000 or not stat.S_IMODE(entry.stat().st_mode) & 0o400:
        return str(size).encode()
    return Path(entry.path).read_bytes()


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """Of each path in a folder when it was last changed and how long it is: what is enough to see
    that nothing was.
    """
    found = ((path, path.lstat()) for path in folder.rglob("*"))
    return {str(path): (mark.st_mtime_ns, mark.st_size) for path, mark in found}


def changed(before: Contents, after: Contents) -> list[str]:
    """The paths of what is new, gone or otherwise."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
