"""Rulebooks for comparisons: the one in `rules/`, and the same with the edits of a folder's
`edits.yaml`, or with some of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import yaml

from rulewright.workbench import Rules

HERE = Path(__file__).parent
RULES = HERE / "rules"
FOLDERS = sorted(path.parent for path in HERE.glob("*/edits.yaml"))


@dataclass(frozen=True)
class Edit:
    """Text of a file replaced by other text, and the ids of the changes that this is."""

    file: str
    old: str
    new: str
    changes: tuple[str, ...]


def edits_of(folder: Path) -> list[Edit]:
    found = yaml.safe_load((folder / "edits.yaml").read_text("utf-8"))
    return [Edit(each["file"], each["old"], each["new"], tuple(each["changes"])) for each in found]


def edited(into: Path, edits: Collection[Edit]) -> Path:
    """A copy of the rulebook with these edits."""
    shutil.copytree(RULES, into)
    for each in edits:
        path = into / each.file
        text = path.read_text("utf-8")
        assert text.count(each.old) == 1, each
        path.write_text(text.replace(each.old, each.new), "utf-8")
    return into


def rulebook(into: Path, edits: Collection[Edit]) -> Rules:
    return Rules(edited(into, edits), "rules")
