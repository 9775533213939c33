"""What is said of a rule that was expected to fire, or not to."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright import Rules
from rulewright.testing.suite import ask, checks_of, held
from rulewright.workbench import case_from
from tests.small import CASE, OLD, PART, VOCABULARY

MORE = """
- {rule: top, of: school, when: the points is more than 90, then: the share is 1}
- {rule: old, of: school, when: the opened on is before 1900-01-01, then: the share is 2}
- {rule: lower, of: school, then: the share is 3}
- {rule: higher, of: school, when: the points is 62, then: the share is 4, overrides: [lower]}
"""


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ({"because": ["top"]}, "expected top to fire, got that the rule did not fire on anything"),
        (
            {"because": ["old"]},
            "expected old to fire, got that it may fire: undecided is `the opened on is before 1900-01-01`",
        ),
        (
            {"because": ["lower"]},
            "expected lower to fire, got that it fired and was defeated by higher",
        ),
        ({"and not": ["higher"]}, "expected higher not to fire, got that it fired"),
        (
            {"and not": ["old"]},
            "expected old not to fire, got that it may fire: undecided is `the opened on is before 1900-01-01`",
        ),
    ],
)
def test_the_difference_says_what_became_of_the_rule(
    tmp_path: Any, expect: dict[str, Any], message: str
) -> None:
    for name, text in {"v.yaml": VOCABULARY, "part.yaml": PART + MORE, "old.yaml": OLD}.items():
        (tmp_path / name).write_text(text)
    rules, case = Rules(tmp_path), case_from({**CASE, "expect": expect})
    [check] = checks_of(case)
    [found] = held(check, ask(rules, check))
    assert message in str(found)


def test_the_difference_names_the_facts_that_an_undetermined_value_hangs_on(tmp_path: Any) -> None:
    for name, text in {"v.yaml": VOCABULARY, "part.yaml": PART + MORE, "old.yaml": OLD}.items():
        (tmp_path / name).write_text(text)
    school = {name: fact for name, fact in CASE["school"].items() if name != "points"}  # type: ignore[attr-defined]
    rules, case = (
        Rules(tmp_path),
        case_from({**CASE, "school": school, "expect": {"banded": "good"}}),
    )
    [check] = checks_of(case)
    [found] = held(check, ask(rules, check))
    assert str(found).endswith("; not stated: school > points")
