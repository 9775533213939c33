"""Which files a rulebook consists of, and their bytes; writing a file as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import InputError, Place, Problem

MAX_FILES = 2_000
MAX_BYTES = 10_000_000
WORKBOOK = ".xlsx"
WORKBOOKS = (WORKBOOK, ".xlsm", ".xls", ".xlsb", ".ods")  # what reading tells apart; only the first can be read
_LOCK = "~$"  # beside a workbook that is open a spreadsheet program keeps a file that begins so


def rulebook_files(root: Path) -> list[Path]:
    """The files of a rulebook in a fixed order. Raises `InputError` (RW101, RW112) when there is none."""
    try:
        there, folder = root.exists(), root.is_dir()
    except OSError:  # a name that is too long
        there = folder = False
    if not folder:
        what = "is a file, not a folder" if there else "does not exist"
        raise InputError(Problem(Place(str(root)), "RW101", f"the rulebook `{root}` {what}", "name the folder of a rulebook"))
    found = sorted(p for p in root.rglob("*") if p.suffix in (".yaml", ".yml", ".csv", WORKBOOK)
                   and not any(each.startswith((".", _LOCK)) for each in p.relative_to(root).parts))  # fmt: skip
    if not found:
        raise InputError(Problem(Place(str(root)), "RW112", f"the folder `{root}` holds no YAML file",
                                 "name the folder of a rulebook"))  # fmt: skip
    if len(found) > MAX_FILES:
        raise InputError(Problem(Place(str(root)), "RW102", f"`{root}` holds {len(found):,} files, at most {MAX_FILES:,} are read",
                                 "name the folder of a rulebook"))  # fmt: skip
    return found


def read_bytes(path: Path, shown: str | None = None) -> bytes:
    """The bytes of a file. Raises `InputError`: RW101 (cannot be read), RW102 (too large)."""
    name = shown or str(path)
    here = Place(name)
    try:
        if path.is_dir():
            raise InputError(Problem(here, "RW101", f"`{name}` is a folder, not a file", "name a file in it"))
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(Problem(here, "RW102", f"the file has {size:,} bytes, at most {MAX_BYTES:,} are read",
                                     "split it into several files"))  # fmt: skip
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else "not a file name"
        raise InputError(Problem(here, "RW101", f"`{name}` cannot be read: {reason}")) from None


def write_whole(path: Path, content: bytes, shown: str | None = None) -> None:
    """Write a file as a whole, or not at all; a link stays a link. Raises `InputError` (RW438)."""
    name = shown or str(path)
    try:
        path = path.resolve()
        with _aside(path, content) as temporary:
            if path.exists():
                shutil.copymode(path, temporary)
            os.replace(temporary, path)
    except (OSError, ValueError) as error:
        raise not_written(error, name) from None


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
def _aside(path: Path, content: bytes) -> Iterator[str]:
    """The name of a file beside `path` that holds all of `content`; it is gone at the end unless it took another name."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
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
