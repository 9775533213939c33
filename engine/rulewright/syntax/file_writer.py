"""Writing a file as a whole, or not at all.

Apart from reading, because a run writes nothing and must start fast.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import InputError, Place, Problem
from .files import DATABASE, MAX_BYTES, RefusedFile, begins
from .files import content as bytes_of
from .shipped import refuse_shipped


def write_whole(path: Path, content: bytes | Iterable[bytes], shown: str | None = None) -> None:
    """Write a file as a whole, or not at all; a link stays a link. Raises `InputError` (RW438).

    content: all of it, or its parts one after another. What goes wrong while they are made leaves
    the file as it was.
    """
    name = shown or str(path)
    refuse_shipped(path, name)
    try:
        path = path.resolve()
        if (
            path.exists() and not path.is_file() and not path.is_dir()
        ):  # a pipe or a device takes what is written, and stays
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


_MARK = b"\xef\xbb\xbf"  # with which some editors begin a file
_LONGEST_WAIT = 10  # seconds: a file is compared and replaced in a few milliseconds


def read_again(path: Path, text: str, shown: str) -> bytes:
    """The bytes of a file that was read as `text`.

    Raises `InputError` (RW435) when it is another text by now.
    """
    with suppress(RefusedFile, UnicodeDecodeError):
        found = bytes_of(path)
        if found.decode("utf-8-sig") == text:
            return found
    raise changed_meanwhile(shown)


def replace_file(path: Path, before: bytes, after: bytes, shown: str) -> None:
    """Replace a file that held `before`, whoever else writes files of its folder waiting meanwhile.

    Raises `InputError`: RW435 when it holds something else by now, RW102 when it would be too large
    to be read, RW438.
    """
    if len(after) > MAX_BYTES >= len(before):
        raise InputError(
            Problem(
                Place(shown),
                "RW102",
                f"the file would have {len(after):,} bytes, at most {MAX_BYTES:,} are read",
                "split it into several files",
            )
        )
    with _alone(path, shown):
        try:
            found = bytes_of(path)
        except RefusedFile:
            found = None
        if found != before:
            raise changed_meanwhile(shown)
        write_whole(path, after, shown)


def replace_text(path: Path, before: bytes, after: str, shown: str) -> None:
    """`replace_file` for a text; the mark with which the file begins stays."""
    replace_file(
        path, before, (_MARK if before.startswith(_MARK) else b"") + after.encode("utf-8"), shown
    )


def changed_meanwhile(shown: str) -> InputError:
    """What is said of a file that is not as it was read (RW435)."""
    return InputError(
        Problem(
            Place(shown),
            "RW435",
            "the file was changed by somebody else meanwhile",
            "nothing was written; look at it, and try again",
        )
    )


@contextmanager
def _alone(path: Path, shown: str) -> Iterator[None]:
    """Holds the lock of the folder of a file, so that only one at a time compares and replaces a
    file of it.

    The lock is on the folder itself, so nothing is left behind, and it ends with whoever holds it.
    Where a system or a disk has no such lock, what somebody writes between comparing and replacing
    is replaced. Raises `InputError` (RW435) after a long wait.
    """
    try:
        import fcntl

        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except (ImportError, OSError, RuntimeError, ValueError):
        yield
        return
    try:
        until = time.monotonic() + _LONGEST_WAIT
        while not _locked(fcntl.flock, folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            if time.monotonic() > until:
                raise InputError(
                    Problem(
                        Place(shown),
                        "RW435",
                        "somebody else is writing into its folder",
                        "nothing was written; try again",
                    )
                )
            time.sleep(0.01)
        yield
    finally:
        os.close(folder)


def _locked(flock: Callable[[int, int], None], folder: int, how: int) -> bool:
    try:
        flock(folder, how)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks
        return True
    return True


def refuse_unwritable(path: Path) -> None:
    """Said before what is to be written there is worked out.

    Raises `InputError` (RW438) where a folder is, where none holds it, or where a ledger, a key or
    what is installed would be changed.
    """
    refuse_shipped(path, str(path))
    if path.is_dir() or not path.parent.is_dir():
        what = "it is a folder" if path.is_dir() else f"there is no folder `{path.parent}`"
        raise InputError(
            Problem(
                Place(str(path)),
                "RW438",
                f"`{path}` cannot be written: {what}",
                "name a file in a folder that is there",
            )
        )
    try:
        _spare(path, str(path))
    except OSError as error:
        raise not_written(error, str(path)) from None


_KEPT = ((DATABASE, "it is a ledger or another database"), (b"-----BEGIN ", "it is a key"))


def _spare(path: Path, name: str) -> None:
    """A ledger or a key is never replaced by another file. Raises `InputError` (RW438)."""
    if path.is_file():
        try:
            begun = begins(path, 16)
        except RefusedFile as error:
            raise InputError(
                Problem(
                    Place(name),
                    "RW438",
                    f"`{name}` is not replaced: it {error.reason}",
                    "write to another file",
                )
            ) from None
        for mark, what in _KEPT:
            if begun.startswith(mark):
                raise InputError(
                    Problem(
                        Place(name),
                        "RW438",
                        f"`{name}` is not replaced: {what}",
                        "write to another file",
                    )
                )


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, as a whole or not at all.

    Raises `FileExistsError` when there is one, `OSError`, `InputError` (RW438).
    """
    refuse_shipped(path, str(path))
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
    """The name of a file beside `path` that holds all of `content`; it is gone at the end unless it
    took another name.
    """
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
    """Where a file of the rulebook `root` is written.

    Raises `InputError` (RW438) when it is installed, or a link leads out of it.
    """
    path = root / file
    refuse_shipped(path, shown)
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle
        inside = False
    if not inside:
        raise InputError(
            Problem(
                Place(shown),
                "RW438",
                f"`{shown}` cannot be written: a link leads out of the rulebook",
                "edit the file where it stands, or put a file in the place of the link",
            )
        )
    return path


def not_written(error: OSError | ValueError, shown: str) -> InputError:
    """What is said when the system refuses to write (RW438)."""
    reason = (
        error.strerror.lower()
        if isinstance(error, OSError) and error.strerror
        else "not a file name"
    )
    return InputError(
        Problem(
            Place(shown),
            "RW438",
            f"`{shown}` cannot be written: {reason}",
            "look whether the folder is there and may be written to",
        )
    )


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found
