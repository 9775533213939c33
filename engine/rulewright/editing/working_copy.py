"""A copy of what is shipped, for people to change."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.file_writer import not_written
from rulewright.syntax.shipped import RULEBOOK, TO_WORK_IN, data_folder, refuse_shipped

from .new_files import no_folder


def make_copy(folder: Path, shown: str) -> None:
    """Copy the shipped rulebook, scenarios, properties and schemas into a folder, all or nothing.

    Raises `InputError`: RW430 where one of them would lie over something, RW438.
    """
    refuse_shipped(folder, shown)
    _refuse_rulebook(folder, shown)
    problem = no_folder(folder, shown)
    if problem is not None:
        raise InputError(problem)
    taken = [
        each
        for each in dict.fromkeys(name.partition("/")[0] for name in TO_WORK_IN)
        if os.path.lexists(folder / each)
    ]
    if taken:
        raise InputError(
            Problem(
                Place(shown),
                "RW430",
                f"there is already `{taken[0]}` in `{shown}`",
                "choose another folder",
            )
        )
    made: list[Path] = []
    try:
        for each in reversed((folder, *folder.parents)):
            if not each.exists():
                each.mkdir()
                made.append(each)
        _fill(folder)
    except OSError as error:
        for each in reversed(made):
            with suppress(OSError):
                each.rmdir()
        raise not_written(error, shown) from None


def _refuse_rulebook(folder: Path, shown: str) -> None:
    """Raises `InputError` (RW438) for a folder of another copy's rulebook, which would then hold
    two.
    """
    steps = Path(RULEBOOK).parts
    for each in (folder.resolve(), *folder.resolve().parents):
        if each.parts[-len(steps) :] == steps and each.is_dir():
            raise InputError(
                Problem(
                    Place(shown),
                    "RW438",
                    f"`{shown}` cannot be written: it lies in a rulebook",
                    "choose another folder",
                )
            )


def _fill(folder: Path) -> None:
    """Copy beside, then move: what fails on the way leaves nothing. Raises `OSError`."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".copy-") as name:
        aside = Path(name)
        for path in _files():
            target = aside / path.relative_to(data_folder())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(
                path, target
            )  # the bytes alone: what is installed may not be written to, its copy may
        for each in sorted(aside.iterdir()):
            each.rename(folder / each.name)


def _files() -> Iterator[Path]:
    shipped = data_folder()
    for each in TO_WORK_IN:
        yield from sorted(
            path
            for path in (shipped / each).rglob("*")
            if path.is_file()
            and not any(step.startswith(".") for step in path.relative_to(shipped).parts)
        )
