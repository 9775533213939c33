"""Which files a rulebook consists of."""

from __future__ import annotations

from pathlib import Path

from .errors import InputError, Place, Problem

MAX_FILES = 2_000


def rulebook_files(root: Path) -> list[Path]:
    """The files of a rulebook in a fixed order. Raises `InputError` (RW101, RW112) when there is none."""
    try:
        there, folder = root.exists(), root.is_dir()
    except OSError:  # a name that is too long
        there = folder = False
    if not folder:
        what = "is a file, not a folder" if there else "does not exist"
        raise InputError(Problem(Place(str(root)), "RW101", f"the rulebook `{root}` {what}", "name the folder of a rulebook"))
    found = sorted(p for p in root.rglob("*") if p.suffix in (".yaml", ".yml", ".csv")
                   and not any(each.startswith(".") for each in p.relative_to(root).parts))  # fmt: skip
    if not found:
        raise InputError(Problem(Place(str(root)), "RW112", f"the folder `{root}` holds no YAML file",
                                 "name the folder of a rulebook"))  # fmt: skip
    if len(found) > MAX_FILES:
        raise InputError(Problem(Place(str(root)), "RW102", f"`{root}` holds {len(found):,} files, at most {MAX_FILES:,} are read",
                                 "name the folder of a rulebook"))  # fmt: skip
    return found
