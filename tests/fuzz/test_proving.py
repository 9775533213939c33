"""Declared properties of generated rulebooks, against exhaustive search of their spaces."""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rulewright.syntax.errors import InputError

from .books import Book
from .cases import cases
from .dice import seeded
from .programs import books
from .proving import compare_with_exhaustive_search
from .test_properties import examples, readable
from .words import Tree, Words

# other tests reach the lines; tracing them here would triple the time
pytestmark = pytest.mark.untraced


@st.composite
def told(draw: st.DrawFn) -> tuple[Book, Words, list[Tree], int]:
    rulebook, words = draw(books())
    return rulebook, words, [draw(cases(words)) for _ in range(2)], draw(st.integers(0, 2**30))


@given(told())
@examples(16)
def test_what_is_said_of_properties_is_what_exhaustive_search_finds(
    generated: tuple[Book, Words, list[Tree], int],
) -> None:
    rulebook, words, trees, seed = generated
    program = readable(rulebook)
    for number, tree in enumerate(trees):
        try:
            for verdict in compare_with_exhaustive_search(
                program, words, tree, seeded(f"{seed}/{number}")
            ):
                event(verdict)
        except InputError as error:  # the case says what cannot be said
            event(f"refused: {error.problems[0].code}")
