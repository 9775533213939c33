"""Writing files: as a whole or not at all, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import os
import shutil
import tempfile
from difflib import unified_diff
from pathlib import Path

from rulewright.language.errors import InputError, Place, Problem


def replace_file(path: Path, before: bytes, after: bytes, shown: str) -> None:
    """Replace a file that held `before`. Raises `InputError`: RW435 when it holds something else by now, RW438."""
    try:
        path = path.resolve()  # a link stays a link
        if path.read_bytes() != before:
            raise _changed_meanwhile(shown)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(after)
            shutil.copymode(path, name)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise _not_written(error, shown) from None


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
    """A new file. Raises `InputError`: RW430 when there is one of that name, RW438."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise InputError(already_there(shown)) from None
    except OSError as error:
        raise _not_written(error, shown) from None


def already_there(shown: str) -> Problem:
    """Nothing is written over."""
    return Problem(Place(shown), "RW430", f"there is already a file `{shown}`", "choose another name, or edit that file")


def _not_written(error: OSError, shown: str) -> InputError:
    reason = (error.strerror or "unknown reason").lower()
    return InputError(Problem(Place(shown), "RW438", f"`{shown}` cannot be written: {reason}",
                              "look whether the folder is there and may be written to"))  # fmt: skip


def difference(before: str, after: str, shown: str) -> str:
    """What changes, as a unified diff."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), shown, shown)
    return "".join(each if each.endswith("\n") else f"{each}\n" for each in lines)
