"""What is said to be equal: no case tells it apart."""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import InputError

from .books import Book
from .cases import bound, tell, written
from .dice import seeded
from .equal_mutants import some_equal, told_apart
from .programs import books
from .test_properties import examples, readable
from .words import Words

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced


@st.composite
def told(draw: st.DrawFn) -> tuple[Book, Words, int]:
    rulebook, words = draw(books())
    return rulebook, words, draw(st.integers(0, 2**30))


@given(told())
@examples(5)
def test_no_case_tells_a_mutant_that_is_called_equal(generated: tuple[Book, Words, int]) -> None:
    rulebook, words, seed = generated
    program = readable(rulebook)
    equal = list(some_equal(rulebook_from_texts(rulebook.texts()), program, seeded(f"{seed}"), 14))
    event(f"{len(equal)} equal")
    if equal:
        found = list(_cases(program, words, seed))
        for mutant in equal:
            assert not told_apart(program, mutant, found), mutant.what


def _cases(program: Program, words: Words, seed: int) -> list[Case]:
    found = []
    for number in range(30):
        try:
            found.append(
                bound(written(tell(seeded(f"{seed}/{number}"), words)), program.vocabulary)
            )
        except InputError:  # the case says what cannot be said
            continue
    return found
