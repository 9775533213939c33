"""What is shipped with Rulewright: the rulebook `cqc`, its scenarios and properties, the schemas,
the pages of codes.

Installed, it lies in the package and belongs to whatever installed it: the next version replaces
it, and all users of the machine share it. So nothing is ever written there. In the project's own
folder it is the developers' own.
"""

from __future__ import annotations

from pathlib import Path

from .errors import InputError, Place, Problem

PACKAGE = Path(__file__).parents[1]
INSTALLED = PACKAGE / "_data"
RULEBOOK = "rules/cqc"
PAGES_OF_CODES = "docs/codes"
TO_WORK_IN = (RULEBOOK, "scenarios", "properties", "schemas")  # what a copy holds


def data_folder() -> Path:
    """The folder that holds `rules/`, `scenarios/`, `properties/` and `schemas/`: in an installed
    package, or the project's own.
    """
    return INSTALLED if INSTALLED.is_dir() else Path(__file__).parents[3]


def copy_in(folder: Path) -> Path | None:
    """The copy of the shipped rulebook in a folder; `None` where there is none, or where it is the
    shipped one itself.
    """
    path = folder / RULEBOOK
    return (
        path if path.is_dir() and path.resolve() != (data_folder() / RULEBOOK).resolve() else None
    )


def refuse_shipped(path: Path, shown: str) -> None:
    """Raises `InputError` (RW438) for a path in the installed package."""
    if not INSTALLED.is_dir():
        return
    try:
        installed = path.resolve().is_relative_to(PACKAGE.resolve())
    except (OSError, RuntimeError, ValueError):  # no path at all: writing there says so
        return
    if installed:
        raise InputError(
            Problem(
                Place(shown),
                "RW438",
                f"`{shown}` cannot be written: it is part of the installed package",
                "make a copy with `rulewright copy DIR`, and work there",
            )
        )
