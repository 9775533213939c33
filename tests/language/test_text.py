"""Text: how patterns name other text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rulewright.syntax.text import fits

WORDS = st.text("ab[]!-.", max_size=6)


@given(WORDS)
def test_a_pattern_without_stars_is_the_text_itself(text: str) -> None:
    assert fits(text, text)
    assert not fits(f"{text}a", text)


@given(WORDS, WORDS, WORDS)
def test_a_star_is_any_text_and_brackets_are_brackets(
    before: str, between: str, after: str
) -> None:
    assert fits(f"{before}{between}{after}", f"{before}*{after}")
    assert fits(f"{before}[x]{after}", f"{before}[?]{after}")
    assert not fits(f"{before}x{after}", f"{before}[?]{after}")
