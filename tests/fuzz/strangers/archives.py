"""Workbooks spoiled: the archive, its parts, and the XML in them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable

from tests.fuzz.dice import Dice

from .texts import BYTES, CHARACTERS, SCALARS, bytes_of, spoiled

_ELEMENT = re.compile(rb"<[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_TIME = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CONTENT = re.compile(rb">([^<>]+)<")
_OTHERS = (
    b"1048577", b"A0", b"ZZZZ9", b"A1:XFD1048576", b"-1", b"", b"s", b"str", b"e", b"b", b"d", b"n", b"inlineStr", b"99999999999", b"1e400",
    b"0.1", b"#N/A", b"xl/workbook.xml", b"../../x", b"/etc/passwd", b"http://example.org/x", b";" * 300, b"&amp;", b"x&#0;",
)  # fmt: skip


def spoiled_workbook(data: bytes, dice: Dice) -> bytes:
    """A workbook with one part otherwise, doubled or missing.

    Raises `ValueError` where it is no archive.
    """
    if dice.chance(10):
        return dice.pick(BYTES)(data, dice)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = [(name, old.read(name)) for name in old.namelist()]
    except (
        zipfile.BadZipFile,
        OSError,
        NotImplementedError,
        RuntimeError,
        zipfile.zlib.error,
    ) as error:  # type: ignore[attr-defined]
        raise ValueError(str(error)) from None
    if not parts:
        raise ValueError("there is nothing in the archive")
    sheets = [
        number
        for number, (name, _) in enumerate(parts)
        if "sheet" in name or "shared" in name.lower()
    ]
    number = dice.pick(sheets) if sheets and dice.chance(70) else dice.below(len(parts))
    name, content = parts[number]
    match dice.below(12):
        case 0:
            del parts[number]
        case 1:
            parts.append((name, content))
        case 2:
            parts[number] = (
                dice.pick(
                    (name.upper(), "../" + name, "/" + name, name + "\x1b", "xl/\u202esheet.xml")
                ),
                content,
            )
        case _:
            for _ in range(dice.pick((1, 1, 3))):
                content = spoiled_xml(content, dice)
            parts[number] = (name, content)
    return packed(parts)


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, content in parts:
            new.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def timeless(data: bytes) -> bytes:
    """A workbook that does not say when it was made: the same bytes every time."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return packed(
            [(name, _TIME.sub(b"2024-03-01T09:30:00Z", old.read(name))) for name in old.namelist()]
        )


def spoiled_xml(content: bytes, dice: Dice) -> bytes:
    """XML with an element, an attribute or the text of one otherwise."""
    match dice.below(6):
        case 0:
            return _with(_ELEMENT, content, dice, lambda it: it[0] * dice.pick((2, 2, 5, 2_000)))
        case 1:
            return _with(
                _ELEMENT,
                content,
                dice,
                lambda it: dice.pick(
                    (b"", b"<a>", b"<a/>", b"</a>", b"<!-- x -->", b"<![CDATA[x]]>", it[0][:-1])
                ),
            )
        case 2:
            return _with(
                _ATTRIBUTE, content, dice, lambda it: it[1] + b'="' + dice.pick(_OTHERS) + b'"'
            )
        case 3:
            return _with(
                _ATTRIBUTE,
                content,
                dice,
                lambda it: dice.pick((b"", it[0] + b" " + it[0], b'x:y="z"', b'r="A1"', b't="s"')),
            )
        case 4:
            text = dice.pick(SCALARS) if dice.chance(50) else dice.pick(CHARACTERS)
            return _with(
                _CONTENT,
                content,
                dice,
                lambda it: b">" + it[1][: dice.below(9)] + bytes_of(text) + b"<",
            )
        case _:
            return spoiled(content, dice)


def _with(
    pattern: re.Pattern[bytes],
    content: bytes,
    dice: Dice,
    change: Callable[[re.Match[bytes]], bytes],
) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    one = dice.pick(found)
    return content[: one.start()] + change(one) + content[one.end() :]
