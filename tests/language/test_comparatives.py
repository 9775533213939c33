"""A comparison in other words is answered with the word of the language that means the same: never
with its opposite.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.syntax.errors import InputError
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.parser import parse

NAMES = (
    "score",
    "beds",
    "rating",
    "good",
    "requires improvement",
    "assessed on",
    "services",
    "lower limit",
)
FEWER = ("worse", "lower", "smaller", "below", "under")
MORE = ("better", "higher", "greater", "larger", "bigger", "above", "over")
SENTENCES = (
    "the beds is {} 2",
    "the rating is {} good",
    "at least 1 of the services has score {} 2",
    "the number of services where score is {} 2 is 0",
)


def suggested(sentence: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(sentence, "condition", Lexicon(NAMES))
    (problem,) = caught.value.problems
    found = re.fullmatch(r"did you mean `(.+)`\?", problem.help)
    assert found is not None, problem
    return found[1]


def word_of(comparative: str) -> str:
    return (
        comparative if comparative in ("below", "under", "above", "over") else f"{comparative} than"
    )


@settings(deadline=None, derandomize=True)  # reading the grammar takes longest
@given(st.sampled_from((*FEWER, *MORE)), st.sampled_from(SENTENCES))
def test_a_comparative_is_answered_with_the_word_of_its_meaning(
    comparative: str, sentence: str
) -> None:
    meant = suggested(sentence.format(word_of(comparative)))
    assert meant == ("less than" if comparative in FEWER else "more than")
    assert parse(sentence.format(meant), "condition", Lexicon(NAMES))


@pytest.mark.parametrize(
    ("written", "meant"), [("earlier than", "before"), ("later than", "after")]
)
def test_so_it_is_for_dates(written: str, meant: str) -> None:
    assert suggested(f"the assessed on is {written} 2024-03-01") == meant
    assert parse(f"the assessed on is {meant} 2024-03-01", "condition", Lexicon(NAMES))


def test_a_name_that_begins_so_is_still_found() -> None:
    assert suggested("the lower limmit is 2") == "lower limit"
