"""Compiled programs kept between runs, so that a run starts fast.

A kept program is found by a digest of every byte of the rulebook and of the code that reads it: an
edit of either is a miss. The folder is the user's own cache (`XDG_CACHE_HOME` or `~/.cache`);
`RULEWRIGHT_CACHE` names another one, or `off`.

What is kept is data (`packing`), and only what the user's own account wrote is read: the folder is
opened once, a file in it is opened without following a link, and both are asked of their handles
whose they are. Else whatever goes wrong here only costs time.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from .errors import InputError, Place, Problem
from .packing import ROOMS, pack, unpack

_FORMAT = "2"
_MOST_KEPT = 128
_MOST_BYTES = 200_000_000
_ENDING = ".kept"
_HOUR = 3600
# elsewhere the system keeps a user's folders to the user
_OWN = hasattr(os, "getuid") and os.open in os.supports_dir_fd
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_EXACTLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def folder() -> Path | None:
    """Where programs are kept, or `None` when keeping is off."""
    named = os.environ.get("RULEWRIGHT_CACHE")
    if named == "off":
        return None
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "rulewright"
    except RuntimeError:
        return None


@cache
def _code() -> str:
    """A mark of the code that makes what is kept: another version never sees what this one made."""
    package = Path(__file__).parent.parent
    marks = [_FORMAT, sys.version]
    for room in ROOMS:
        for path in sorted((package / room).rglob("*")):
            if path.suffix in (".py", ".lark"):
                stat = path.stat()
                marks.append(f"{path.name} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(marks)


def key_of(files: list[tuple[str, bytes]], shown: str) -> str:
    """The digest under which what is read from these files is kept."""
    digest = hashlib.sha256(_code().encode())
    digest.update(shown.encode())
    for name, content in files:
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def kept(key: str, what: str) -> Any:
    """What was kept, or `None`.

    Raises `InputError` (RW119) where the folder that the user names is not the user's own.
    """
    name = _name(key, what)
    try:
        with (
            _opened() as place,
            os.fdopen(
                os.open(place.at(name + _ENDING), os.O_RDONLY | _EXACTLY, dir_fd=place.handle), "rb"
            ) as file,
        ):
            if not _is_own(file.fileno(), stat.S_ISREG):
                return None
            content = file.read(_MOST_BYTES)
        head, _, packed = content.partition(b"\n")
        return unpack(packed) if head == name.encode() else None
    except InputError:
        raise
    except Exception:
        return None


def keep(key: str, what: str, value: Any) -> None:
    """Keep a value for the next run; a file appears whole or not at all.

    Raises `TypeError` for a value that is not data (`packing`), `InputError` as `kept`.
    """
    if folder() is None:
        return
    name = _name(key, what)
    try:
        content = b"%s\n%s" % (name.encode(), pack(value))
    except RecursionError:  # nested too deeply
        return
    try:
        with _opened(make=True) as place:
            _clear(place)
            new = f"{name}.{os.getpid()}.new"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _EXACTLY
            with os.fdopen(os.open(place.at(new), flags, 0o600, dir_fd=place.handle), "wb") as file:
                file.write(content)
            os.replace(
                place.at(new),
                place.at(name + _ENDING),
                src_dir_fd=place.handle,
                dst_dir_fd=place.handle,
            )
    except InputError:
        raise
    except Exception:
        return


class _Opened:
    """A folder that is open: what is done in it is done in this very folder, whatever its path
    leads to meanwhile.
    """

    def __init__(self, path: Path, handle: int | None) -> None:
        self.path, self.handle = path, handle

    def at(self, name: str) -> str:
        """A file in the folder, as the functions of `os` take it together with `handle`."""
        return name if self.handle is not None else str(self.path / name)


@contextmanager
def _opened(make: bool = False) -> Iterator[_Opened]:
    """The folder. Raises `OSError` where there is none, `InputError` (RW119) where the user names
    one that is not the user's own.
    """
    path = folder()
    if path is None:
        raise FileNotFoundError
    if make:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _OWN:
        yield _Opened(path, None)
        return
    handle = os.open(path, os.O_RDONLY | _DIRECTORY)
    try:
        if not _is_own(handle, stat.S_ISDIR):
            raise _not_own(path) if os.environ.get("RULEWRIGHT_CACHE") else PermissionError
        yield _Opened(path, handle)
    finally:
        os.close(handle)


def _not_own(path: Path) -> InputError:
    return InputError(
        Problem(
            Place(""),
            "RW119",
            f"the folder `{path}` that RULEWRIGHT_CACHE names belongs to somebody else, or everybody may "
            "write into it",
            "name a folder of your own, or `off`",
        )
    )


def _is_own(handle: int, kind: Any) -> bool:
    """Whether what is open is of that kind, belongs to the user, and can be written by nobody but
    the user and the user's group.
    """
    if not _OWN:
        return True
    found = os.fstat(handle)
    return (
        bool(kind(found.st_mode))
        and found.st_uid == os.geteuid()
        and not found.st_mode & stat.S_IWOTH
    )


def _clear(place: _Opened) -> None:
    """The oldest files go, and what a run that was ended, or an earlier form, left behind."""
    with os.scandir(place.path if place.handle is None else place.handle) as listed:
        found = sorted((each.stat(follow_symlinks=False).st_mtime, each.name) for each in listed)
    kept = [name for _, name in found if name.endswith(_ENDING)]
    left = [
        name
        for at, name in found
        if name.endswith((".new", ".pickle")) and at < time.time() - _HOUR
    ]
    for name in (*kept[: max(0, len(kept) - _MOST_KEPT)], *left):
        os.unlink(place.at(name), dir_fd=place.handle)


def _name(key: str, what: str) -> str:
    return hashlib.sha256(f"{key}\0{what}".encode()).hexdigest()
