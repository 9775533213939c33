"""Policies that amend one another, generated: each is read from the one that it amends, and is what
it is when it is read alone.
"""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rulewright.rulebook.rulebook import rulebook_from_texts

from .amendments import amendment_of
from .chains import files, one_by_one_equals_all_together, program_or_mistakes
from .dice import seeded
from .programs import books
from .shrinking import must
from .test_properties import Pair, examples, readable

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced


@st.composite
def chains(draw: st.DrawFn) -> Pair:
    """A rulebook, and some amendments: each of the one before it, or of an earlier one."""
    rulebook, words = draw(books())
    dice = seeded(draw(st.integers(0, 2**30)))
    amendments = [
        {
            "of": number if dice.chance(70) else dice.below(100),
            "changes": amendment_of(rulebook, words, dice),
        }
        for number in range(5)
    ]
    return Pair(rulebook, [{"amendments": amendments, "order": 1 + dice.below(100)}], 0)


@given(chains())
@examples(25)
def test_each_policy_of_a_chain_is_what_it_is_when_it_is_read_alone(pair: Pair) -> None:
    readable(pair.rulebook)
    book = rulebook_from_texts(files(pair.rulebook, pair.trees[0]))
    event(
        "policies read",
        str(sum(not isinstance(program_or_mistakes(book, each), tuple) for each in book.policies)),
    )
    must(one_by_one_equals_all_together, pair.rulebook, pair.trees[0])
