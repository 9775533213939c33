"""Conditions in a few words: what was there, and of a count how many of how many."""

from __future__ import annotations

import pytest

from rulewright.explain.record import AttributeSeen, ConditionShown, CountShown
from rulewright.explain.sentences import failing, phrase


def items(number: int, value: str) -> list[AttributeSeen]:
    return [AttributeSeen(f"thing {each}", "rating", [value]) for each in range(number)]


def quantity(
    text: str, status: str, needed: str, counted: int, others: int, passed: int = 0
) -> ConditionShown:
    count = CountShown(items(counted, "good"), items(others, "poor"), items(passed, "not rated"))
    return ConditionShown(text, status, "quantity", "", str(counted), needed, 0, [], [count])  # type: ignore[arg-type]


def comparison(text: str, status: str, about: str, actual: str, needed: str) -> ConditionShown:
    return ConditionShown(text, status, "comparison", about, actual, needed)  # type: ignore[arg-type]


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            comparison("the stage is ready", "met", "the stage", "ready", "ready"),
            "the stage is ready",
        ),
        (
            comparison(
                "the stage is one of ready, rated", "met", "the stage", "rated", "ready or rated"
            ),
            "the stage is rated",
        ),
        (
            comparison("the score is 3 or more", "met", "the score", "5", "at least 3"),
            "the score is 5 (at least 3)",
        ),
        (
            comparison("the score is 3..6", "met", "the score", "5", "3..6"),
            "the score is 5 (within 3..6)",
        ),
        (
            comparison("the kind is not primary", "met", "the kind", "secondary", "not primary"),
            "the kind is secondary",
        ),
        (
            comparison("the number of parts is at least 2", "met", "", "3", "at least 2"),
            "the number of parts is 3 (at least 2)",
        ),
        (
            quantity("at least 2 of the ratings are good", "met", "at least 2", 3, 1),
            "at least 2 of the ratings are good (3 of 4)",
        ),
        (
            quantity("every rating is good", "met", "all", 3, 0, 1),
            "every rating is good (3 of 3 and 1 passed over)",
        ),
    ],
)
def test_a_condition_that_holds(condition: ConditionShown, words: str) -> None:
    assert phrase(condition) == words


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            comparison("the stage is ready", "not met", "the stage", "rated", "ready"),
            "the stage is rated, not ready",
        ),
        (
            comparison("the stage is ready", "not met", "the stage", "no value", "ready"),
            "the stage has no value, not ready",
        ),
        (
            comparison("the kind is not primary", "not met", "the kind", "primary", "not primary"),
            "the kind is primary",
        ),
        (
            comparison("the stage is ready", "undecided", "the stage", "missing", "ready"),
            "the stage is not stated",
        ),
        (
            comparison("the number of parts is at least 2", "not met", "", "1", "at least 2"),
            "the number of parts is 1, not at least 2",
        ),
        (
            quantity("at least 1 of the ratings is good", "not met", "at least 1", 0, 4),
            "none of the ratings is good",
        ),
        (
            quantity("at least 2 of the ratings are good", "not met", "at least 2", 1, 3),
            "fewer than 2 of the ratings are good (1 of 4)",
        ),
        (
            quantity("at most 2 of the ratings are good", "not met", "at most 2", 3, 1),
            "more than 2 of the ratings are good (3 of 4)",
        ),
        (
            quantity("none of the ratings is good", "not met", "none", 1, 3),
            "1 of the ratings is good",
        ),
        (
            quantity("none of the ratings is good", "not met", "none", 2, 2),
            "2 of the ratings are good",
        ),
        (
            quantity("every rating is good", "not met", "all", 2, 2),
            "not every rating is good (2 of 4)",
        ),
        (
            ConditionShown(
                "the score is known", "not met", "known", "the score", "missing", "known"
            ),
            "the score is not known",
        ),
        (
            ConditionShown(
                "any of: …",
                "not met",
                "any of",
                parts=[
                    comparison("the stage is ready", "not met", "the stage", "rated", "ready"),
                    comparison(
                        "the kind is primary", "not met", "the kind", "secondary", "primary"
                    ),
                ],
            ),
            "the stage is rated, not ready, and the kind is secondary, not primary",
        ),
        (
            ConditionShown(
                "none of: …",
                "not met",
                "none of",
                parts=[
                    comparison("the stage is ready", "met", "the stage", "ready", "ready"),
                    comparison(
                        "the kind is primary", "not met", "the kind", "secondary", "primary"
                    ),
                ],
            ),
            "the stage is ready",
        ),
    ],
)
def test_a_condition_that_does_not_hold(condition: ConditionShown, words: str) -> None:
    assert failing(condition) == words
