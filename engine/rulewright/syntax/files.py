"""Reading files: the one place that does, so that nothing is read without bound, and nothing
outside the folder that it belongs to.

A file may come from a stranger. It is read where it is a regular file (never a device, a pipe or a
socket), at most one byte beyond the limit, and, where it was found in a folder or is named by
another file, where it lies below the folder of both, also when links are followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from .errors import InputError, Place, Problem

MAX_FILES = 2_000
MAX_BYTES = 10_000_000
MAX_BYTES_OF_A_RULEBOOK = 50_000_000
WORKBOOK = ".xlsx"
WORKBOOKS = (
    WORKBOOK,
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
)  # what reading tells apart; only the first can be read
KINDS = (".yaml", ".yml", ".csv", WORKBOOK)  # of the files of a rulebook
COVERAGE_EXCEPTIONS = "coverage-exceptions.yaml"  # stands among scenarios and is none
DATABASE = b"SQLite format 3\0"  # so a ledger begins
_LOCK = "~$"  # beside a workbook that is open a spreadsheet program keeps a file that begins so
_OPENED = sum(
    getattr(os, each, 0) for each in ("O_RDONLY", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)
_NOT_LINKED = getattr(os, "O_NOFOLLOW", 0)
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

Folders = tuple[str, ...]  # below one of them a file has to lie; each without links


class RefusedFile(Exception):
    """Why a file is not read: a code, the reason as it follows upon the file's name, and what to
    do. missing: there is none.
    """

    def __init__(self, code: str, reason: str, help: str = "", *, missing: bool = False) -> None:
        super().__init__(reason)
        self.code, self.reason, self.help, self.missing = code, reason, help, missing


def folders(paths: Iterable[Path]) -> Folders:
    """Where files may lie that others name: below the folders and the folders of files that a
    person named, and below `RULEWRIGHT_WITHIN`.
    """
    named = [each if os.path.isdir(each) else each.parent for each in paths]
    more = os.environ.get("RULEWRIGHT_WITHIN")
    return tuple(dict.fromkeys(map(os.path.realpath, [*named, Path(more)] if more else named)))


def lies_in(path: Path, within: Folders) -> bool:
    """Whether a file lies below one of these folders, and not only a link to a file elsewhere."""
    try:
        real = os.path.realpath(path)
    except (OSError, ValueError):
        return False
    return any(real.startswith(each.rstrip(os.sep) + os.sep) for each in within)


def content(path: Path, within: Folders | None = None, most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file. within: the folders that it may lie in; else it may lie
    anywhere.

    Raises `RefusedFile`: RW101 (cannot be read, or is no file), RW102 (too large), RW124 (lies
    elsewhere).
    """
    if within is not None and not lies_in(path, within):
        raise RefusedFile(
            "RW124", "is a link that leads out of its folder", "put the file itself there"
        )
    named, how = (path, 0) if within is None else (Path(os.path.realpath(path)), _NOT_LINKED)
    data, size = _first(named, most + 1, how)
    if len(data) > most:
        said = f"{size:,}" if size > most else f"more than {most:,}"
        raise RefusedFile(
            "RW102", f"has {said} bytes, at most {most:,} are read", "split it into several files"
        )
    return data


def begins(path: Path, length: int) -> bytes:
    """The first bytes of a regular file. Raises `RefusedFile` (RW101)."""
    return _first(path, length)[0]


def _first(path: Path, length: int, how: int = 0) -> tuple[bytes, int]:
    """The first bytes of a file, and how many it says that it has."""
    try:
        _refuse_another_kind(os.stat(path))  # a device may act on being opened
        with open(os.open(path, _OPENED | how), "rb") as file:
            found = os.fstat(file.fileno())
            _refuse_another_kind(found)
            data = file.read(min(found.st_size + 1, length))
            if len(data) > found.st_size:  # it grows, or does not say how large it is
                data += file.read(length - len(data))
            return data, found.st_size
    except (OSError, ValueError) as error:
        reason = (
            error.strerror.lower()
            if isinstance(error, OSError) and error.strerror
            else "not a file name"
        )
        raise RefusedFile(
            "RW101", f"cannot be read: {reason}", missing=isinstance(error, FileNotFoundError)
        ) from None


def _refuse_another_kind(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise RefusedFile("RW101", "is a folder, not a file", "name a file in it")
    if not stat.S_ISREG(found.st_mode):
        what = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise RefusedFile(
            "RW101", f"is {what}, not a file", "write what it gives into a file, and name that"
        )


def read_bytes(path: Path, shown: str | None = None, within: Folders | None = None) -> bytes:
    """The bytes of a file, which messages call `shown`.

    Raises `InputError`: RW101, RW102, RW124 as `content` does.
    """
    name = shown or str(path)
    try:
        return content(path, within)
    except RefusedFile as error:
        what = "the file" if error.code == "RW102" else f"`{name}`"
        raise InputError(
            Problem(Place(name), error.code, f"{what} {error.reason}", error.help)
        ) from None


def rulebook_files(root: Path) -> list[Path]:
    """The files of a rulebook in a fixed order.

    Raises `InputError` (RW101, RW112) when there is none.
    """
    try:
        there, folder = root.exists(), root.is_dir()
    except OSError:  # a name that is too long
        there = folder = False
    if not folder:
        what = "is a file, not a folder" if there else "does not exist"
        raise InputError(
            Problem(
                Place(str(root)),
                "RW101",
                f"the rulebook `{root}` {what}",
                "name the folder of a rulebook",
            )
        )
    found = sorted(
        p
        for p in root.rglob("*")
        if p.suffix in KINDS
        and not any(each.startswith((".", _LOCK)) for each in p.relative_to(root).parts)
    )
    if not found:
        raise InputError(
            Problem(
                Place(str(root)),
                "RW112",
                f"the folder `{root}` holds no YAML file",
                "name the folder of a rulebook",
            )
        )
    odd = next((each for each in found if not _is_text(str(each))), None)
    if odd is not None:
        raise InputError(
            Problem(
                Place(str(odd)),
                "RW101",
                f"`{odd}` cannot be read: its name is not UTF-8",
                "rename it",
            )
        )
    if len(found) > MAX_FILES:
        raise InputError(
            Problem(
                Place(str(root)),
                "RW102",
                f"`{root}` holds {len(found):,} files, at most {MAX_FILES:,} are read",
                "name the folder of a rulebook",
            )
        )
    return found


def contents(root: Path, shown: str) -> Iterator[tuple[str, bytes | InputError]]:
    """The files of a rulebook, each by its path in the folder with its bytes, or why it is not
    read.

    Raises `InputError`: RW101, RW112 (there is none), RW102 (they are too many, or too large
    together).
    """
    within, left = (os.path.realpath(root),), MAX_BYTES_OF_A_RULEBOOK
    for path in rulebook_files(root):
        name = path.relative_to(root).as_posix()
        try:
            data = read_bytes(path, f"{shown}/{name}", within)
        except InputError as error:
            yield name, error
            continue
        left -= len(data)
        if left < 0:
            raise InputError(
                Problem(
                    Place(str(root)),
                    "RW102",
                    f"the files of `{root}` have more than {MAX_BYTES_OF_A_RULEBOOK:,} bytes",
                    "name the folder of a rulebook",
                )
            )
        yield name, data


def _is_text(name: str) -> bool:
    """Whether a name can be written; one whose bytes are not UTF-8 is held with halves of
    characters.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
