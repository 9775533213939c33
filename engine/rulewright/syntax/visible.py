r"""What is shown of text: a character that acts instead of being seen is written out, as `\x1b`,
`\u202e` or `\U000e0041`.

Names of files, tags of YAML, sheets of workbooks and ledgers come from strangers. Shown as they
are, some characters would colour a terminal, move its cursor, turn a line round or hide a part of
it. By the categories of Unicode:

- Written out: controls (Cc: C0, DEL and C1), separators of lines and paragraphs (Zl, Zp), lone
  surrogates (Cs), characters for private use (Co), and format characters (Cf): marks of direction,
  characters without a width, tags, soft hyphens, byte order marks.
- Kept: everything else, such as accents, scripts that run from right to left, and emoji. Two kinds
  of format characters are kept too. The signs before Arabic, Syriac and Kaithi numbers (U+0600 and
  the like) are seen. A joiner (U+200C, U+200D) is kept behind what it may join: an emoji, a
  combining mark, or a letter of a script without capitals. Behind a Latin letter, a digit or a
  space it is written out.
- A tab is kept. A line break is kept where the layout has it, between lines; within a line it is
  written out, as `\n`.

A backslash is left as it is, so that paths stay readable: `\x1b` can also be what somebody wrote.
JSON has escapes of its own, and reads as it did.
"""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ud800-\\uf8ff\\ufeff\\ufff9-\\ufffb"
    "\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e007f\\U000f0000-\\U0010ffff]"
)
_JOINED = frozenset({"Lo", "Mc", "Mn", "Sk", "So"})  # the categories of what a joiner may follow
_SHORT = {"\n": "\\n", "\r": "\\r"}


def visible(text: str) -> str:
    r"""A line as it is shown; it is still one line.

    >>> visible("a\x1b[31m name\nthat \u202eturns"), visible("naïve שלום 👩\u200d💻")
    ('a\\x1b[31m name\\nthat \\u202eturns', 'naïve שלום 👩\u200d💻')
    """
    return _UNSEEN.sub(
        lambda found: (
            found[0] if _joins(found) else _SHORT.get(found[0]) or _written_out(ord(found[0]))
        ),
        text,
    )


def visible_lines(text: str) -> str:
    r"""A text of several lines as it is shown.

    >>> visible_lines("one\ntwo\r\n")
    'one\ntwo\\r\n'
    """
    return "\n".join(map(visible, text.split("\n")))


def visible_json(text: str) -> str:
    r"""JSON that is shown: it reads as the same values, with the escapes of JSON for what would
    act.

    >>> visible_json('["\x9b31m \u200b"]')
    '["\\u009b31m \\u200b"]'
    """
    return "\n".join(_UNSEEN.sub(_in_json, line) for line in text.split("\n"))


def _joins(found: re.Match[str]) -> bool:
    before = found.string[found.start() - 1 : found.start()]
    return found[0] in _JOINERS and before != "" and unicodedata.category(before) in _JOINED


def _written_out(number: int) -> str:
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def _in_json(found: re.Match[str]) -> str:
    if _joins(found):
        return found[0]
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
