"""Text with its place, and the one way in which words are compared.

Policy staff write the same word in many ways: capitals, curly quotes, non-breaking spaces, three
kinds of dash. `plain` folds these (character by character, so that positions stay true) and `key`
goes on to a form in which two spellings of one name are equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .errors import NOWHERE, Place

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

_FOLDED = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\u2007": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
    }
)


def fits(text: str, pattern: str) -> bool:
    """Whether a text is what a pattern says: `*` and `?` stand for other text, and every other
    character (`[` too) for itself.
    """
    return fnmatchcase(text, pattern.replace("[", "[[]"))


_UNSET = {"place": NOWHERE, "quoted": False, "flow": False}  # of what was not read from a file


def _unset(value: Any, name: str) -> Any:
    """An attribute that was not set."""
    if name in _UNSET and hasattr(type(value), name):
        return _UNSET[name]
    raise AttributeError(f"{type(value).__name__!r} object has no attribute {name!r}")


class Text(str):
    """A string that remembers where it was written, and whether it was quoted.

    A large file is a million of them: slots take a quarter of the memory that a dictionary of
    attributes takes.
    """

    __slots__ = ("place", "quoted")
    place: Place
    quoted: bool

    def __getattr__(self, name: str) -> Any:
        return _unset(self, name)

    @classmethod
    def at(cls, value: str, place: Place, *, quoted: bool = False) -> Text:
        """Text `value`, written at `place`."""
        text = cls(value)
        text.place = place
        text.quoted = quoted
        return text

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        from pydantic_core import core_schema  # here, because a run from the cache needs no models

        return core_schema.json_or_python_schema(
            json_schema=core_schema.str_schema(), python_schema=core_schema.is_instance_schema(Text)
        )


class Scalar(Text):
    """Text that an editor may also write as a number: the schemas say so, the language reads the
    characters.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: Any) -> dict[str, Any]:
        return {"type": ["string", "number"]}


class Boolean(Text):
    """TRUE or FALSE of a spreadsheet: `yes` or `no` where a yes/no is asked, and nowhere else."""

    __slots__ = ()


class Map(dict[Any, Any]):
    """A mapping that remembers where it was written. Keys are `Text`."""

    __slots__ = ("place",)
    place: Place

    def __getattr__(self, name: str) -> Any:
        return _unset(self, name)


class Seq(list[Any]):
    """A list that remembers where it was written, and whether in `[flow, style]`."""

    __slots__ = ("flow", "place")
    flow: bool
    place: Place

    def __getattr__(self, name: str) -> Any:
        return _unset(self, name)


def plain(text: str) -> str:
    """`text` in lower case with plain quotes, spaces and dashes; every character keeps its
    position.
    """
    folded = text.translate(_FOLDED)
    lower = folded.lower()
    return (
        lower
        if len(lower) == len(folded)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)
    )


_WORDS = re.compile(r"[^\W_]+|'s?|[^\s\w-]|_")


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """The form in which two spellings of one name are equal.

    >>> key("Well-led \u2013 the Trust") == key("well led the trust")
    True
    """
    return " ".join(_WORDS.findall(plain(text)))


def is_unknown(text: str) -> bool:
    """Whether a word says that nobody knows: `unknown`, however it is spelled.

    In quotation marks it is a text like any other.
    """
    return key(text) == "unknown"


def text_of(text: str) -> str:
    """A sentence on one line."""
    return " ".join(text.split())


def slug(text: str) -> str:
    """A name as part of an id: `well-led quality statement` becomes
    `well-led-quality-statement`.
    """
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")


def few(names: Sequence[str], most: int = 4) -> str:
    """A list of names, cut where it is long."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def place_of(value: Any, default: Place = NOWHERE) -> Place:
    """Where `value` was written, when it is known."""
    found = getattr(value, "place", NOWHERE)
    return found if found.file else default
