"""Files and folders into the house style."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.file_writer import read_again, replace_file
from rulewright.syntax.files import Folders, folders
from rulewright.syntax.yaml_loader import read_text

from .new_files import difference
from .style import styled

_KINDS = (".yaml", ".yml")
_GENERATED = "seals.yaml"  # written by `rulewright seal`


@dataclass(frozen=True)
class Formatted:
    """A file, as it is and in style."""

    path: Path
    before: bytes
    after: bytes

    @property
    def changed(self) -> bool:
        return self.before != self.after

    def difference(self) -> str:
        """What formatting changes, as a unified diff."""
        return difference(
            self.before.decode("utf-8"), self.after.decode("utf-8"), self.path.as_posix()
        )

    def write(self) -> None:
        """Bring the file into style. Raises `InputError` (RW435, RW438)."""
        replace_file(self.path, self.before, self.after, self.path.as_posix())


def formatted(path: Path, within: Folders | None = None) -> Formatted:
    """A file in style. within: the folders in which it has to lie, where nobody named it.

    Raises `InputError` when it cannot be read, or not be formatted safely (RW1xx, RW435, RW437).
    """
    shown = path.as_posix()
    text = read_text(path, shown, within)
    return Formatted(path, read_again(path, text, shown), styled(text, shown).encode("utf-8"))


def yaml_files(paths: Iterable[Path]) -> Iterator[tuple[Path, Folders | None]]:
    """The YAML files among files and folders, each once, in order; no hidden ones, and not the
    seals. One that was found in a folder comes with the folders in which it has to lie.

    Raises `InputError` (RW101) for what is not there, or is no YAML.
    """
    seen: set[Path] = set()
    for path in paths:
        within = None
        if os.path.isdir(path):
            within = folders([path])
            found = sorted(
                each
                for each in path.rglob("*")
                if each.suffix in _KINDS
                and each.exists()
                and not each.is_dir()
                and each.name != _GENERATED
                and not any(step.startswith(".") for step in each.relative_to(path).parts)
            )
        elif path.suffix not in _KINDS and os.path.exists(path):
            raise InputError(
                Problem(
                    Place(path.as_posix()),
                    "RW101",
                    f"`{path.as_posix()}` is no YAML file",
                    "name files that end in `.yaml`, or folders",
                )
            )
        else:
            found = [path]
        for each in found:
            if each not in seen:
                seen.add(each)
                yield each, within
