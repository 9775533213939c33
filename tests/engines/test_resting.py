"""What an answer rests on: the defaults that were read, and the missing facts that leave it
open.
"""

from __future__ import annotations

from typing import Any

import pytest

from rulewright import Rules
from rulewright.workbench import case_from
from tests.small import CASE, OLD, VOCABULARY

WORDS = VOCABULARY.replace(
    "points: {whole number: 0..100}",
    "points: {whole number: 0..100}\n      open: {yes/no, unless stated: yes}",
)


def decided(folder: Any, rules: str, **more: Any) -> Any:
    for name, text in {"v.yaml": WORDS, "part.yaml": rules, "old.yaml": OLD}.items():
        (folder / name).write_text(text)
    return Rules(folder).run(case_from({**CASE, **more})).decision


@pytest.mark.parametrize(
    ("rules", "more", "relied"),
    [
        (
            "- {rule: r, of: school, when: the open is yes, then: the banded is good}",
            {},
            {"open of a school": ["school"]},
        ),
        (
            "- {rule: r, of: school, when: the open is no, then: the banded is good}",
            {},
            {"open of a school": ["school"]},
        ),
        ("- {rule: r, of: school, when: the open is known, then: the banded is good}", {}, {}),
        (
            "- {rule: r, of: school, when: the open is yes, note: here}",
            {},
            {"open of a school": ["school"]},
        ),
        (
            "- {rule: r, of: school, when: the open is yes, then: the banded is good}",
            {"supplied": {"banded": "fair"}},
            {},
        ),
        (
            "- {rule: r, of: school, when: the open is yes, then: the banded is good}\n"
            "- {rule: s, of: school, when: the open is yes, then: the report is good}",
            {"supplied": {"banded": "fair"}},
            {"open of a school": ["school"]},
        ),
        (
            "- {rule: r, of: school, when: at least 1 of the classes has small yes, then: the banded is good}",
            {},
            {"small of a class of a school": ["1a", "1b", "2a"]},
        ),
        (
            "- {rule: r, of: school, when: 'the number of classes where small is yes and name is \"1a\" is 1', then: the banded is good}",
            {},
            {"small of a class of a school": ["1a", "1b", "2a"]},
        ),
        (
            "- {rule: r, of: subject of a class, then: the grade is the resit}",
            {
                "supplied": {
                    f"{c} > {s} > grade": "good"
                    for c in ("1a", "1b")
                    for s in ("reading", "writing", "sums")
                }
            },
            {"resit of a subject of a class": ["2a > reading", "2a > writing", "2a > sums"]},
        ),
    ],
)
def test_a_default_is_relied_on_when_it_was_read(
    tmp_path: Any, rules: str, more: dict[str, Any], relied: dict[str, list[str]]
) -> None:
    decision = decided(tmp_path, rules, **more)
    assert {each.attribute: each.entities for each in decision.defaults} == relied


def test_counts_on_the_right_of_where_are_followed(tmp_path: Any) -> None:
    rules = """
- rule: r
  of: school
  when: at least 1 of the classes where result is at least the lowest mark of the subjects of the school has small no
  then: the banded is good
- {rule: s, of: class, then: the result is good}
"""
    decision = decided(tmp_path, rules)
    banded = next(each for each in decision.answers if each.attribute == "banded")
    assert banded.status == "undetermined"
    assert "school > reading > mark" in banded.missing
