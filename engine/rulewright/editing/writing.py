"""Writing files: as a whole or not at all, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from rulewright.language.errors import InputError, Place, Problem
from rulewright.language.filing import not_written, write_new, write_whole


def replace_file(path: Path, before: bytes, after: bytes, shown: str) -> None:
    """Replace a file that held `before`. Raises `InputError`: RW435 when it holds something else by now, RW438."""
    try:
        found = path.read_bytes()
    except OSError as error:
        raise not_written(error, shown) from None
    if found != before:
        raise _changed_meanwhile(shown)
    write_whole(path, after, shown)


def read_again(path: Path, text: str, shown: str) -> bytes:
    """The bytes of a file that was read as `text`. Raises `InputError` (RW435) when it is another text by now."""
    try:
        found = path.read_bytes()
        if found.decode("utf-8-sig") == text:
            return found
    except (OSError, UnicodeDecodeError):
        pass
    raise _changed_meanwhile(shown)


def _changed_meanwhile(shown: str) -> InputError:
    return InputError(Problem(Place(shown), "RW435", "the file was changed by somebody else meanwhile",
                              "nothing was written; look at it, and try again"))  # fmt: skip


def create_file(path: Path, content: bytes, shown: str) -> None:
    """A new file, whole or not at all. Raises `InputError`: RW430 when there is one of that name, RW438."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, content)
    except FileExistsError:
        raise InputError(already_there(shown)) from None
    except OSError as error:
        raise not_written(error, shown) from None


def already_there(shown: str) -> Problem:
    """Nothing is written over."""
    return Problem(Place(shown), "RW430", f"there is already a file `{shown}`", "choose another name, or edit that file")


def difference(before: str, after: str, shown: str) -> str:
    """What changes, as a unified diff."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), shown, shown)
    return "".join(each if each.endswith("\n") else f"{each}\n" for each in lines)
