"""Writing new files, and what is said of those that are in the way."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.file_writer import not_written, write_new
from rulewright.syntax.shipped import refuse_shipped


def create_file(path: Path, content: bytes, shown: str) -> None:
    """A new file, whole or not at all.

    Raises `InputError`: RW430 when there is one of that name, RW438.
    """
    refuse_shipped(path, shown)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, content)
    except FileExistsError:
        raise InputError(in_the_way(path, shown) or already_there(shown)) from None
    except OSError as error:
        raise not_written(error, shown) from None


def refuse_taken(path: Path, shown: str) -> None:
    """Said before what is to be written there is worked out. Raises `InputError`: RW430, RW438."""
    problem = in_the_way(path, shown)
    if problem is not None:
        raise InputError(problem)


def in_the_way(path: Path, shown: str) -> Problem | None:
    """Why no new file can be written there: one is there, or a folder is, or what should be a
    folder is a file.
    """
    problem = no_folder(path.parent, str(Path(shown).parent))
    if problem is not None:
        return problem
    if path.is_dir():
        return Problem(
            Place(shown),
            "RW438",
            f"`{shown}` cannot be written: it is a folder",
            "name a file in it",
        )
    return already_there(shown) if path.exists() or path.is_symlink() else None


def no_folder(folder: Path, shown: str) -> Problem | None:
    """Why nothing can be written into a folder: it, or one that it stands in, is a file."""
    for each, name in zip(
        (folder, *folder.parents), (Path(shown), *Path(shown).parents), strict=False
    ):
        if each.exists():
            return (
                None
                if each.is_dir()
                else Problem(
                    Place(str(name)),
                    "RW438",
                    f"`{name}` is a file, not a folder",
                    "choose another folder",
                )
            )
    return None


def already_there(shown: str) -> Problem:
    """Nothing is written over."""
    return Problem(
        Place(shown),
        "RW430",
        f"there is already a file `{shown}`",
        "choose another name, or edit that file",
    )


def difference(before: str, after: str, shown: str) -> str:
    """What changes, as a unified diff."""
    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), shown, shown
    )
    return "".join(each if each.endswith("\n") else f"{each}\n" for each in lines)
