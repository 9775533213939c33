"""Names like a word: those that `difflib` finds, held against every name."""

from __future__ import annotations

import random
import time
from difflib import SequenceMatcher, get_close_matches

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.syntax.errors import nearest
from rulewright.syntax.likeness import most_alike

words = st.text("abcde -é", max_size=12)


@settings(deadline=None)
@given(
    words,
    st.lists(words, max_size=10, unique=True),
    st.integers(1, 3),
    st.sampled_from([0.0, 0.6, 0.8]),
)
def test_of_few_names_they_are_those_of_difflib(
    word: str, names: list[str], most: int, least: float
) -> None:
    assert most_alike(word, names, most, least) == get_close_matches(
        word, names, n=most, cutoff=least
    )


def test_of_many_names_the_likest_is_found_where_one_letter_is_wrong() -> None:
    chance = random.Random(1)
    names = ["".join(chance.choices("abcdefgh ", k=chance.randint(5, 30))) for _ in range(300)]
    for name in names[:30]:
        at = chance.randrange(len(name))
        word = f"{name[:at]}z{name[at + 1 :]}"
        [found] = most_alike(word, names, 1, 0.6)
        best = max(SequenceMatcher(None, each, word).ratio() for each in names)
        assert SequenceMatcher(None, found, word).ratio() == best, (word, found)


def test_many_words_that_nobody_knows_are_answered_at_once() -> None:
    """1,500 names of 60 letters, and as many words like them: in seconds, where `difflib` alone
    takes minutes.
    """
    names = [
        f"attribute {number:05d} whose name has very nearly sixty letters"
        for number in range(1_500)
    ]
    start = time.process_time()
    found = [
        nearest(f"atribute {number:05d} whose nume has very nearly sixty leters", names)
        for number in range(1_500)
    ]
    assert time.process_time() - start < 15
    assert all(f"`{name}`" in each for name, each in zip(names, found, strict=True))
