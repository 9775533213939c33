"""Writing a file as a whole, or not at all. Apart from reading, because a run writes nothing and must start fast."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import InputError, Place, Problem
from .files import DATABASE


def write_whole(path: Path, content: bytes | Iterable[bytes], shown: str | None = None) -> None:
    """Write a file as a whole, or not at all; a link stays a link. Raises `InputError` (RW438).

    content: all of it, or its parts one after another. What goes wrong while they are made leaves the file as it was.
    """
    name = shown or str(path)
    try:
        path = path.resolve()
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe or a device takes what is written, and stays
            with path.open("wb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
            return
        _spare(path, name)
        with _aside(path, content) as temporary:
            if path.exists():
                shutil.copymode(path, temporary)
            os.replace(temporary, path)
    except (OSError, ValueError) as error:
        raise not_written(error, name) from None


def refuse_unwritable(path: Path) -> None:
    """Said before what is to be written there is worked out.

    Raises `InputError` (RW438) where a folder is, where none holds it, or where a ledger or a key would be replaced.
    """
    if path.is_dir() or not path.parent.is_dir():
        what = "it is a folder" if path.is_dir() else f"there is no folder `{path.parent}`"
        raise InputError(Problem(Place(str(path)), "RW438", f"`{path}` cannot be written: {what}", "name a file in a folder that is there"))
    try:
        _spare(path, str(path))
    except OSError as error:
        raise not_written(error, str(path)) from None


_KEPT = ((DATABASE, "it is a ledger or another database"), (b"-----BEGIN ", "it is a key"))


def _spare(path: Path, name: str) -> None:
    """A ledger or a key is never replaced by another file. Raises `InputError` (RW438)."""
    if path.is_file():
        with path.open("rb") as file:
            begins = file.read(16)
        for mark, what in _KEPT:
            if begins.startswith(mark):
                raise InputError(Problem(Place(name), "RW438", f"`{name}` is not replaced: {what}", "write to another file"))


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, as a whole or not at all. Raises `FileExistsError` when there is one, `OSError`."""
    with _aside(path, content) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a disk that knows no second names: the empty file keeps others away
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            os.replace(temporary, path)


@contextmanager
def _aside(path: Path, content: bytes | Iterable[bytes]) -> Iterator[str]:
    """The name of a file beside `path` that holds all of `content`; it is gone at the end unless it took another name."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        os.chmod(temporary, 0o666 & ~_umask())
        yield temporary
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def place_to_write(root: Path, file: str, shown: str) -> Path:
    """Where a file of the rulebook `root` is written. Raises `InputError` (RW438) when a link leads out of the rulebook."""
    path = root / file
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle
        inside = False
    if not inside:
        raise InputError(Problem(Place(shown), "RW438", f"`{shown}` cannot be written: a link leads out of the rulebook",
                                 "edit the file where it stands, or put a file in the place of the link"))  # fmt: skip
    return path


def not_written(error: OSError | ValueError, shown: str) -> InputError:
    """What is said when the system refuses to write (RW438)."""
    reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else "not a file name"
    return InputError(Problem(Place(shown), "RW438", f"`{shown}` cannot be written: {reason}",
                              "look whether the folder is there and may be written to"))  # fmt: skip


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found
