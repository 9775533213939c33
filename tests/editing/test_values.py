"""Whatever value is set, the file then holds that value, every comment that it held before, and
nothing else is changed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rulewright.editing import assignment
from rulewright.rulebook.rulebook import Rulebook, load_rulebook
from rulewright.syntax.yaml_loader import load_yaml

COMMON = Path(__file__).parent / "common" / "rules"
VALUES = [
    "#x",
    "a: b",
    "it's",
    'say "so"',
    "null",
    "~",
    "yes",
    "[a, b",
    "{b}",
    "a, b",
    "- x",
    "? y",
    "&a",
    "*b",
    "!t",
    "% c",
    "a #b",
    "a\\b",
    "é – 😀",
    "x:",
    "'q'",
    "|",
    "...",
    "---",
    "65..87",
]
TARGETS = {
    "bands.yaml": ["bands[good]", "report[best].band", "report[3].note", "bands.about"],
    "rules.yaml": ["view period", "pass mark[2015-01-01]", "school.recent.about", "school.recent.when[1]", "lowest.poor.unless"],
    "policies/mine.yaml": ["title", "bands[good]", "report[best].band", "view period", "school.recent.about", "school.recent.when[1]",
                           "lowest.poor@class.when", "class > small"],
}  # fmt: skip
AMENDMENTS = {
    "short": "policy: mine\nstatus: proposed  # yet\namends: plain\n",
    "indented": "  policy: mine\n  status: proposed  # yet\n  amends: plain\n",
    "in brackets": "{policy: mine, status: proposed, amends: plain}  # yet\n",
    "with replacements in brackets": "policy: mine\nstatus: proposed\namends: plain\nreplaces: {school.recent: {about: x}}  # yet",
    "with replacements": "policy: mine\nstatus: proposed\namends: plain\nreplaces:\n    school.recent:\n        about: >-\n"
                         "          x\n\n    # yet\n\nrepeals: [school.not-recent]\n",
}  # fmt: skip


def leaves(tree: Any) -> Iterator[str]:
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from leaves(each)
    if isinstance(tree, str):
        yield str(tree)


def amended(folder: Path, text: str) -> Rulebook:
    shutil.copytree(COMMON, folder / "rules")
    (folder / "rules" / "policies" / "mine.yaml").write_text(text, "utf-8")
    return load_rulebook(folder / "rules", "rules")


@pytest.mark.parametrize("form", AMENDMENTS)
def test_any_value(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        assignment, "verify", lambda _book, _texts, _file: ()
    )  # whether it compiles is not asked here
    book = amended(tmp_path, AMENDMENTS[form])
    for file, targets in TARGETS.items():
        for target in targets:
            for value in VALUES:
                edit = assignment.set_values(book, file, [f"{target}={value}"])
                before, after = load_yaml(edit.before, file), load_yaml(edit.after, file)
                assert value in leaves(after), (target, value, edit.after)
                assert set(leaves(before)) - set(leaves(after)) <= {edit.changes[0].old, "x"}, (
                    target,
                    value,
                    edit.after,
                )
                comments = re.findall(r"# [^\n]*", edit.before)
                assert [each for each in comments if each not in edit.after] == []
