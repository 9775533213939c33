"""Other readings that need not be tried again under an amending policy: what is found is the same
as if all were.
"""

from __future__ import annotations

import pytest

from rulewright.compiler.variants import Variants
from rulewright.lint.checks import check
from rulewright.lint.reading_trials import Trying
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from tests.small import OLD, PART, VOCABULARY

READINGS = """
- interpretation: how-strict
  assumed: a
  because: b
  other readings:
    one: {replaces: {subject.marked: {then: the grade is fair}}}
    two: {replaces: {subject.resit: {overrides: []}}}
    three: {replaces: {summary.poor: {when: the pass mark is 3}}}
    four: {adds: [{rule: extra, of: school, then: the banded is good, overrides: [bands]}]}
    five: {repeals: [summary.good@class]}
    six: {replaces: {subject.marked: {interpretation: how-strict}}}
    seven: {replaces: {'bands[fair]': 50..60, 'bands[good]': 61..89}}
    eight: {replaces: {pass: {note: x, interpretation: {id: mine, assumed: a, because: b}}}}
"""


@pytest.fixture(autouse=True)
def _without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")


def book(amendment: str) -> Rulebook:
    old = OLD + "interpretation: how-strict\n"
    new = f"policy: new\nstatus: proposed\namends: old\n{amendment}\n"
    newer = "policy: newer\nstatus: proposed\namends: new\nreplaces: {pass: {about: again}}\n"
    return rulebook_from_texts(
        {
            "v.yaml": VOCABULARY,
            "part.yaml": PART + READINGS,
            "old.yaml": old,
            "new.yaml": new,
            "newer.yaml": newer,
        }
    )


@pytest.mark.parametrize(
    "amendment",
    [
        "about: nothing",
        "repeals: [subject.marked]",
        "repeals: [subject.resit]",
        "repeals: [pass mark, pass]",
        "repeals: ['bands[fair]']",
        "repeals: [bands]",
        "repeals: [summary, 'summary@*']",
        "repeals: [summary.good]",
        "repeals: [summary.good@class]",
        "replaces: {summary.poor@class: {then: fair}}",
        "adds: [{rule: extra, of: school, note: x}]",
        "adds: [{rule: other, of: school, then: the banded is good, overrides: [bands, extra]}]",
        "adds: [{parameter: the mark is, value: 3}]",
        "adds: [{parameter: pass, value: 3}]",
        "adds: [{rule: more, of: school, note: x, interpretation: {id: mine, assumed: c, because: d}}]",
        "adds: [{rule: more, of: subject of a class, otherwise: the grade is the grade}]",
        "adds: [{use: summary@again, of: school, grades: the grade of the subjects, then: the banded}]",
        "replaces: {how-strict: {other readings: {one: {repeals: [nothing]}}}}",
        "replaces: {subject > resit: grade}",
        "adds: [{member: drawing, of: subject}]",
        "repeals: [subject.marked]\ntransitional: [{rules: [subject.marked], while: the school's kind is primary}]",
    ],
)
def test_the_same_is_found_as_if_each_reading_were_tried_under_each_policy(
    amendment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = check(book(amendment))
    monkeypatch.setattr(Trying, "_far_from", lambda *_: False)
    assert found == check(book(amendment))


def test_a_reading_far_from_an_amendment_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[str, str]] = []
    attempt = Variants.trial

    def noted(self, reading):  # type: ignore[no-untyped-def]
        tried.append((self.base.program.policy, str(reading)))
        return attempt(self, reading)

    monkeypatch.setattr(Variants, "trial", noted)
    check(book("repeals: [bands]"))
    assert sum(name == "old" for name, _ in tried) == 8
    assert sum(name == "new" for name, _ in tried) < 4
    assert sum(name == "newer" for name, _ in tried) < 4
