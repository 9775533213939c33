"""Which files a rulebook consists of, and their bytes."""

from __future__ import annotations

from pathlib import Path

from .errors import InputError, Place, Problem

MAX_FILES = 2_000
MAX_BYTES = 10_000_000
WORKBOOK = ".xlsx"
WORKBOOKS = (WORKBOOK, ".xlsm", ".xls", ".xlsb", ".ods")  # what reading tells apart; only the first can be read
KINDS = (".yaml", ".yml", ".csv", WORKBOOK)  # of the files of a rulebook
COVERAGE_EXCEPTIONS = "coverage-exceptions.yaml"  # stands among scenarios and is none
DATABASE = b"SQLite format 3\0"  # so a ledger begins
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
    found = sorted(p for p in root.rglob("*") if p.suffix in KINDS
                   and not any(each.startswith((".", _LOCK)) for each in p.relative_to(root).parts))  # fmt: skip
    if not found:
        raise InputError(Problem(Place(str(root)), "RW112", f"the folder `{root}` holds no YAML file",
                                 "name the folder of a rulebook"))  # fmt: skip
    odd = next((each for each in found if not _is_text(str(each))), None)
    if odd is not None:
        raise InputError(Problem(Place(str(odd)), "RW101", f"`{odd}` cannot be read: its name is not UTF-8", "rename it"))
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


def _is_text(name: str) -> bool:
    """Whether a name can be written; one whose bytes are not UTF-8 is held with halves of characters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
