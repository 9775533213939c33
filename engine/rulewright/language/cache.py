"""Compiled programs kept between runs, so that a run starts fast.

A kept program is found by a digest of every byte of the rulebook and of the code that reads it: an edit of either is a
miss. The folder is the user's own cache (`XDG_CACHE_HOME` or `~/.cache`); `RULEWRIGHT_CACHE` names another one, or `off`.
Whatever goes wrong here only costs time.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from functools import cache
from pathlib import Path
from typing import Any

_FORMAT = "1"
_MOST_KEPT = 128


def folder() -> Path | None:
    """Where programs are kept, or `None` when keeping is off."""
    named = os.environ.get("RULEWRIGHT_CACHE")
    if named == "off":
        return None
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "rulewright"
    except RuntimeError:
        return None


@cache
def _code() -> str:
    """A mark of the code that makes what is kept: another version never sees what this one made."""
    package = Path(__file__).parent.parent
    marks = [_FORMAT, sys.version]
    scenarios = ("scenarios", "scenarios/properties", "scenarios/mutation", "scenarios/suggesting")
    for part in ("language", "program", "checks", "engines", "pages", *scenarios, "handbook"):
        for path in sorted((package / part).iterdir()):
            if path.suffix in (".py", ".lark"):
                stat = path.stat()
                marks.append(f"{path.name} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(marks)


def key_of(files: list[tuple[str, bytes]], shown: str) -> str:
    """The digest under which what is read from these files is kept."""
    digest = hashlib.sha256(_code().encode())
    digest.update(shown.encode())
    for name, content in files:
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def prepared(name: str) -> str:
    """The path of a file that another library keeps for us, or nothing when keeping is off."""
    place = folder()
    if place is None:
        return ""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = place / name
        if hasattr(os, "getuid") and path.exists() and path.stat().st_uid != os.getuid():
            return ""
        return str(path) if os.access(place, os.W_OK) else ""
    except OSError:
        return ""


def _name(key: str, what: str) -> str:
    return hashlib.sha256(f"{key}\0{what}".encode()).hexdigest()


def kept(key: str, what: str) -> Any:
    """What was kept, or `None`."""
    place = folder()
    if place is None:
        return None
    path = place / f"{_name(key, what)}.pickle"
    try:
        if hasattr(os, "getuid") and path.stat().st_uid != os.getuid():
            return None  # somebody else's file is not read: unpickling runs what it says
        with path.open("rb") as file:
            return pickle.load(file)
    except Exception:
        return None


def keep(key: str, what: str, value: Any) -> None:
    """Keep a value for the next run; a file appears whole or not at all."""
    place = folder()
    if place is None:
        return
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        old = sorted(place.glob("*.pickle"), key=lambda path: path.stat().st_mtime_ns)
        for path in old[: max(0, len(old) - _MOST_KEPT)]:
            path.unlink(missing_ok=True)
        temporary = place / f"{_name(key, what)}.{os.getpid()}.new"
        temporary.write_bytes(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        temporary.replace(place / f"{_name(key, what)}.pickle")
    except Exception:
        return
