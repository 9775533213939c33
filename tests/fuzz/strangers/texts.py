"""Text spoiled: its bytes, words, lines, indentation and characters.

Every function takes bytes and gives bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from tests.fuzz.dice import Dice

Spoil = Callable[[bytes, Dice], bytes]

WORDS = (
    "the", "is", "is not", "is at least", "is at most", "is one of", "is known", "is missing", "or better", "or worse", "every", "no",
    "at least 2 of", "more than half of", "at least 80% of", "the number of", "the sum of", "the average of", "the lowest", "where", "except",
    "of", "and", "or", "unless", "otherwise", "any of:", "none of:", "has no value", "the as-at date", "within 24 months of", "between",
    "before", "round half up(", "(", ")", "/ 0", "* 0.1", "- 1", "0", "2024-02-30", "yes", "none", "unknown", "not rated", "good",
)  # fmt: skip
SCALARS = (
    "", " ", "~", "null", "true", "yes", "0", "-1", "1e400", ".nan", ".inf", "0x1f", "1_000", "1:30", "9" * 5_000, "1/3", "2024-02-30",
    "0000-01-01", "9999-12-31", "2024-13-01", "2024-03-01T00:00:00Z", "'", '"', "''", '"unknown"', "'none'", "[]", "{}", "[", "{a: 1", "&a x",
    "*a", "!!x y", "!<tag:yaml.org,2002:int> 1", "|", ">-", "%YAML 1.2", "? x", "<<: {}", "a: b: c", "- x", "x #y", "@x", "`x`", "${x}",
    "../../x", "/dev/zero", "x" * 300, "=1+1", "<script>alert(1)</script>", "](javascript:x)", "*", "a > b > c", ">", "> a", "a >",
)  # fmt: skip
CHARACTERS = (
    "\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x1b]0;title\x07", "\x7f", "\x80", "\x85", "\x9b5m", "\u00a0", "\u00ad",
    "e\u0301\u0323", "\u0130", "\u200b", "\u200d", "\u200e", "\u202e", "\u2028", "\u2029", "\u2066", "\u2069", "\u061c", "\ufeff", "\ufffe",
    "\ufffd", "\u3000", "\uff1a", "\u201c", "\u2019", "\u2013", "\u2212", "\U0001f600", "\U000e0041", "\u0430", "\u1e9e",
    "\udced\udca0\udc80", "\udcff", "\udcc3", "\r", "\t",
)  # fmt: skip
_WORD = re.compile(r"[^\s:,\[\]{}\"'#]+")


def text_of(data: bytes) -> str:
    """Bytes as text, and what is not UTF-8 kept."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The bytes of such a text."""
    return text.encode("utf-8", "surrogateescape")


# -- bytes


def flip(data: bytes, dice: Dice) -> bytes:
    at = dice.below(len(data))
    return data[:at] + bytes([data[at] ^ 1 << dice.below(8)]) + data[at + 1 :]


def insert(data: bytes, dice: Dice) -> bytes:
    at = dice.below(len(data) + 1)
    return data[:at] + bytes(dice.below(256) for _ in range(dice.number(1, 4))) + data[at:]


def cut(data: bytes, dice: Dice) -> bytes:
    low, high = sorted((dice.below(len(data)), dice.below(len(data) + 1)))
    return data[:low] + data[min(high, low + dice.pick((1, 3, 20, 1_000))) :]


def double(data: bytes, dice: Dice) -> bytes:
    low, high = sorted((dice.below(len(data)), dice.below(len(data) + 1)))
    return data[:high] + data[low:high] * dice.pick((1, 1, 2, 20)) + data[high:]


def truncate(data: bytes, dice: Dice) -> bytes:
    return data[: dice.below(len(data))]


def with_nul(data: bytes, dice: Dice) -> bytes:
    at = dice.below(len(data) + 1)
    return data[:at] + bytes(dice.number(1, 3)) + data[at:]


def recoded(data: bytes, dice: Dice) -> bytes:
    """With a mark of the order of bytes, or in another encoding."""
    text = data.decode("utf-8", "replace")
    coding = dice.pick(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp500"))
    return codecs.BOM_UTF8 + data if dice.chance(20) else text.encode(coding, "replace")


# -- words


def _with_word(data: bytes, dice: Dice, change: Callable[[str, list[re.Match[str]]], str]) -> bytes:
    text = text_of(data)
    words = list(_WORD.finditer(text))
    if not words:
        return data
    one = dice.pick(words)
    return bytes_of(text[: one.start()] + change(one.group(), words) + text[one.end() :])


def another_word(data: bytes, dice: Dice) -> bytes:
    return _with_word(
        data,
        dice,
        lambda _, words: dice.pick(words).group() if dice.chance(60) else dice.pick(WORDS),
    )


def no_word(data: bytes, dice: Dice) -> bytes:
    return _with_word(data, dice, lambda _, __: "")


def word_again(data: bytes, dice: Dice) -> bytes:
    return _with_word(data, dice, lambda word, _: f"{word} " * dice.pick((1, 1, 60)) + word)


def odd_scalar(data: bytes, dice: Dice) -> bytes:
    return _with_word(data, dice, lambda _, __: dice.pick(SCALARS))


def odd_character(data: bytes, dice: Dice) -> bytes:
    def change(word: str, _: object) -> str:
        at = dice.below(len(word) + 1)
        return word[:at] + dice.pick(CHARACTERS) + word[at:]

    return _with_word(data, dice, change)


def another_case(data: bytes, dice: Dice) -> bytes:
    return _with_word(
        data, dice, lambda word, _: dice.pick((word.upper(), word.title(), word.swapcase()))
    )


def quoted(data: bytes, dice: Dice) -> bytes:
    return _with_word(
        data,
        dice,
        lambda word, _: dice.pick(
            (f'"{word}"', f"'{word}'", f"`{word}`", f"({word})", f"\u201c{word}\u201d")
        ),
    )


# -- lines


def _with_lines(data: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    return bytes_of("\n".join(change(text_of(data).split("\n"))))


def lines_swapped(data: bytes, dice: Dice) -> bytes:
    def change(lines: list[str]) -> list[str]:
        one, other = dice.below(len(lines)), dice.below(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
        return lines

    return _with_lines(data, change)


def line_again(data: bytes, dice: Dice) -> bytes:
    def change(lines: list[str]) -> list[str]:
        at = dice.below(len(lines))
        low = max(0, at - dice.below(4))
        return lines[: at + 1] + lines[low : at + 1] * dice.pick((1, 1, 2, 200)) + lines[at + 1 :]

    return _with_lines(data, change)


def line_less(data: bytes, dice: Dice) -> bytes:
    def change(lines: list[str]) -> list[str]:
        at = dice.below(len(lines))
        return lines[:at] + lines[at + dice.number(1, 3) :]

    return _with_lines(data, change)


def indented(data: bytes, dice: Dice) -> bytes:
    """One line, or all from there on, further in or out, or in by a tab."""

    def change(lines: list[str]) -> list[str]:
        at = dice.below(len(lines))
        until = dice.pick((at + 1, at + 1, len(lines)))
        by = dice.pick((" ", "  ", "\t", "\u00a0", ""))
        return [
            *lines[:at],
            *(by + line if by else line[dice.number(1, 2) :] for line in lines[at:until]),
            *lines[until:],
        ]

    return _with_lines(data, change)


def dashes_out(data: bytes, _: Dice) -> bytes:
    """Every list that stands in two columns stands under its name, as most writers of YAML have
    it.
    """

    def change(lines: list[str]) -> list[str]:
        depth, found = 0, list[str]()
        for before, line in zip(["", *lines], lines, strict=False):
            within = len(line) - len(line.lstrip())
            if line.strip() and within <= depth - 2:
                depth = 0
            if (
                re.match(r" +- ", line)
                and before.rstrip().endswith(":")
                and within == len(before) - len(before.lstrip()) + 2
            ):
                depth = within
            found.append(line[2:] if depth and line.strip() and within >= depth else line)
        return found

    return _with_lines(data, change)


def with_remarks(data: bytes, dice: Dice) -> bytes:
    """Comments at the end of lines, after a space or a tab, and on lines of their own.

    Each is called `#s` and a number.
    """

    def change(lines: list[str]) -> list[str]:
        for number in range(dice.number(1, 4)):
            at = dice.below(len(lines))
            if dice.chance(50):
                lines[at] += f"{dice.pick((' ', '  ', chr(9)))}#s{number}"
            else:
                lines.insert(at, f"{' ' * dice.pick((0, 2, 4, 5))}#s{number}")
        return lines

    return _with_lines(data, change)


def other_ends(data: bytes, dice: Dice) -> bytes:
    end = dice.pick((b"\r\n", b"\r", b"\n\n", b" \n", b"\t\n", "\u2028".encode()))
    return (
        data.replace(b"\n", end) if dice.chance(70) else data.replace(b"\n", end, dice.number(1, 5))
    )


def documents(data: bytes, dice: Dice) -> bytes:
    """Marks of YAML documents."""
    at = dice.pick([each.end() for each in re.finditer(rb"\n|\A", data)])
    return (
        data[:at]
        + dice.pick((b"---\n", b"...\n", b"%YAML 1.1\n---\n", b"--- !!map\n", b"--- |\n"))
        + data[at:]
    )


BYTES: tuple[Spoil, ...] = (flip, insert, cut, double, truncate, with_nul)
TEXT: tuple[Spoil, ...] = (
    another_word, another_word, no_word, word_again, odd_scalar, odd_scalar, odd_character, odd_character, another_case, quoted,
    lines_swapped, line_again, line_less, indented, dashes_out, with_remarks, other_ends, documents, recoded,
)  # fmt: skip


def way(dice: Dice) -> Spoil:
    """One of the ways to spoil a text."""
    return dice.pick(BYTES if dice.chance(20) else TEXT)


def spoiled(data: bytes, dice: Dice, how: Spoil | None = None) -> bytes:
    """The text with one thing in it otherwise."""
    return (
        (how or way(dice))(data, dice)
        if data
        else dice.pick((b"\n", b"\x00", b"- x\n", b"{}", b"\xff\xfe"))
    )
