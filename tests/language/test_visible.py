"""What is shown of text: nothing that acts is left, what people write stays as it is, and JSON
reads as it did.
"""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.syntax.visible import visible, visible_json, visible_lines

UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"}
SEEN_THOUGH_FORMAT = {
    *range(0x600, 0x606),
    0x6DD,
    0x70F,
    0x890,
    0x891,
    0x8E2,
    0x110BD,
    0x110CD,
}  # signs before numbers
EVERY = [chr(number) for number in range(0x110000)]
ODD = "\x1b\x9b\x07\r\n\t\u200b\u200d\u202e\u2028\ud800\ue000\U000e0041👩é✈ש "
PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")  # as two characters, of which JSON makes one
anything = st.text(st.characters(exclude_categories=[]) | st.sampled_from(ODD)).filter(
    lambda text: not PAIR.search(text)
)
nested = st.recursive(
    anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)


def test_a_character_is_written_out_by_its_category() -> None:
    """Whatever the release of Unicode that Python knows: what it does not know yet may be written
    out in a range of format characters.
    """
    for each in EVERY:
        category = unicodedata.category(each)
        acts = category in UNSEEN and ord(each) not in SEEN_THOUGH_FORMAT and each != "\t"
        assert (visible(each) != each) == acts or category == "Cn", f"U+{ord(each):04X}"


def test_nothing_that_acts_is_left() -> None:
    shown = visible("".join(EVERY))
    assert not [
        each
        for each in shown
        if unicodedata.category(each) in UNSEEN
        and each != "\t"
        and ord(each) not in SEEN_THOUGH_FORMAT
    ]
    assert visible_lines("".join(EVERY)).count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "naïve façade, Zoë, Łódź, Ελλάδα, Привет",
        "שלום עולם",
        "مرحبا بالعالم",
        "می\u200cخواهم",
        "क्\u200dष",
        "日本語\u3000テキスト",
        "٪\u0600١٢",
        "👩\u200d💻 👨🏽\u200d🚀 🏳️\u200d🌈 ✈️ 🇬🇧",
        "C:\\x1b\\new.txt",
        "a\tb",
        "1\u00a0000",
        "e\u0301",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert json.loads(visible_json(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07\x1b[31m", "\\x1b]0;title\\x07\\x1b[31m"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\r", "a\\nb\\r"),
        ("\x85\x7f", "\\x85\\x7f"),
        ("good\u202edoog", "good\\u202edoog"),
        ("\u200e\u200f\u061c\u2066\u2069", "\\u200e\\u200f\\u061c\\u2066\\u2069"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("zero\u200bwidth\u2060\ufeff\xad", "zero\\u200bwidth\\u2060\\ufeff\\xad"),
        ("a\u200db 1\u200c \u200d", "a\\u200db 1\\u200c \\u200d"),
        ("\u200d", "\\u200d"),
        ("👩\u200d\u200d", "👩\u200d\\u200d"),
        ("\U000e0001\U000e0041", "\\U000e0001\\U000e0041"),
        ("\udc9b\ud83d", "\\udc9b\\ud83d"),
        ("\ue000\U000f0000", "\\ue000\\U000f0000"),
    ],
)
def test_what_would_act_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@settings(derandomize=True, deadline=None)
@given(anything)
def test_a_line_stays_one_line_and_is_the_same_when_shown_again(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert visible(shown) == shown
    assert visible_lines(text).split("\n") == [visible(each) for each in text.split("\n")]
    shown.encode()


@settings(derandomize=True, deadline=None)
@given(nested, st.booleans())
def test_json_reads_as_it_did(content: object, indented: bool) -> None:
    written = visible_json(json.dumps(content, ensure_ascii=False, indent=1 if indented else None))
    assert json.loads(written) == content
    assert visible_lines(written) == written
