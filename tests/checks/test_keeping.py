"""What slow checks found is kept for policies that an edit cannot reach, and the findings are the
same as without.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.lint import cache as module
from rulewright.lint import check
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.syntax.errors import Problem
from tests.small import OLD, PART, VOCABULARY

READINGS = """
- interpretation: how-strict
  assumed: a
  because: b
  other readings: {one: {replaces: {subject.marked: {then: the grade is fair}}}}
"""
NEW = "policy: new\nstatus: proposed\namends: old\n"
OTHER = "policy: other\nstatus: proposed\namends: old\nreplaces: {pass: {about: again}}\n"


def book(new: str = NEW, other: str = OTHER, readings: str = READINGS) -> Rulebook:
    old = OLD + "interpretation: how-strict\n"
    texts = {
        "v.yaml": VOCABULARY,
        "part.yaml": PART + readings,
        "old.yaml": old,
        "new.yaml": new,
        "other.yaml": other,
    }
    return rulebook_from_texts(texts)


EDITS = {
    "a policy": book(new=NEW + "repeals: [subject.marked]\n"),
    "another policy": book(other=OTHER.replace("again", "and again")),
    "an idle replacement": book(new=NEW + "replaces: {'bands[fair]': 40..59}\n"),
    "a reading": book(readings=READINGS.replace("subject.marked", "subject.mrked")),
    "lines": book(readings="\n\n" + READINGS.replace("subject.marked", "subject.mrked")),
}


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS)
def test_what_is_found_after_an_edit_does_not_depend_on_what_is_kept(
    edited: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = check(edited)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path))
    check(book())
    assert check(edited) == without
    assert check(edited) == without


def test_an_edit_of_one_policy_leaves_what_was_found_in_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path))
    found: list[str] = []
    keep = module.cache.keep

    def noted(key: str, what: str, value: object) -> None:
        found.append(what)
        keep(key, what, value)

    monkeypatch.setattr(module.cache, "keep", noted)
    check(book())
    assert sorted(found) == [
        "idle new",
        "idle old",
        "idle other",
        "tried new",
        "tried old",
        "tried other",
    ]
    found.clear()
    problems: list[Problem] = check(book(new=NEW + "repeals: [subject.marked]\n"))
    assert [each.code for each in problems if each.code == "RW712"]
    assert sorted(found) == ["idle new", "tried new"]
