"""What a caller gives in Python, as the text that a person would write.

Anything else is wrong input.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .ir.types import parse_date
from .syntax.errors import NOWHERE, InputError, Place, Problem
from .syntax.text import place_of


def given_text(value: object, code: str, what: str) -> str:
    """Text as it is; numbers, dates and yes or no as they are written.

    Raises `InputError` with that code for anything else.
    """
    try:
        text = _as_text(value)
        text.encode()
        return text
    except _NotPlainError as error:
        raise InputError(
            Problem(NOWHERE, code, f"{what} is {error.what}", error.help or "write text")
        ) from None
    except ValueError:  # half a character, or a number of thousands of digits
        raise InputError(
            Problem(NOWHERE, code, f"{what} cannot be written", "write text")
        ) from None


def given_texts(values: Iterable[str], code: str, what: str) -> list[str]:
    """Several of them; one text alone is one."""
    if isinstance(values, str):
        return [given_text(values, code, what)]
    try:
        return [given_text(each, code, what) for each in values]
    except TypeError:
        raise InputError(
            Problem(NOWHERE, code, f"{what} is {_kind(values)}, not several texts", "write a list")
        ) from None


def given_pairs(
    values: Mapping[str, str] | None, code: str, what: str, code_of_value: str = ""
) -> dict[str, str]:
    """Names and their values."""
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise InputError(
            Problem(
                NOWHERE,
                code,
                f"{what} is {_kind(values)}, not names and values",
                "write `{NAME: VALUE}`",
            )
        )
    return {
        given_text(name, code, f"a name in {what}"): given_text(
            value, code_of_value or code, f"a value in {what}"
        )
        for name, value in values.items()
    }


def given_day(value: object, what: str) -> int:
    """A date, or its text, as the count of days that rules compare; a count stays.

    Raises `InputError` (RW510).
    """
    with suppress(_NotPlainError):
        value = _plain(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not date.min.toordinal() <= value <= date.max.toordinal():
            raise InputError(
                Problem(
                    NOWHERE,
                    "RW510",
                    f"{what} is not the count of a day",
                    "write for instance `2024-03-01`",
                )
            )
        return value
    text = given_text(value, "RW510", what)
    day = parse_date(text)
    if day is None:
        raise InputError(
            Problem(
                place_of(text, NOWHERE),
                "RW510",
                f"`{text}` is not a date",
                "write for instance `2024-03-01`",
            )
        )
    return day


def given_path(value: object, what: str) -> Path:
    """Raises `InputError` (RW101) for what names no file."""
    if isinstance(value, str | Path) and "\0" in str(value):
        raise InputError(
            Problem(
                NOWHERE,
                "RW101",
                f"{what} has a character that no file name may have: the null character",
                "take it out",
            )
        )
    if isinstance(value, Path):
        return value
    if isinstance(value, str):
        return Path(given_text(value, "RW101", what))
    raise InputError(
        Problem(
            NOWHERE, "RW101", f"{what} is {_kind(value)}, not a path", "write text, or a `Path`"
        )
    )


def given_case(content: object) -> str:
    """The mapping of a case as JSON text.

    Raises `InputError` (RW500) where it is none, or holds what a case file cannot.
    """
    if not isinstance(content, Mapping):
        raise InputError(
            Problem(
                Place("case"),
                "RW500",
                f"this is {_kind(content)}, not a case",
                "a case is a mapping with `case` and the facts",
            )
        )
    try:
        text = json.dumps(_tree(content, ()), ensure_ascii=False)
        text.encode()
        return text
    except _NotPlainError as error:
        what, help = (
            f"`{_shown(error.path)}` is {error.what}",
            error.help or "write text, a number, a date, yes or no, a list or a mapping",
        )
    except UnicodeEncodeError:
        what, help = "it holds half a character", "write text"
    except ValueError:
        what, help = (
            "it holds a number of thousands of digits",
            "write it as a case file would hold it",
        )
    raise InputError(Problem(Place("case"), "RW500", f"the case cannot be written: {what}", help))


_DEEPEST = 100  # reading refuses what is nested less deeply


def _tree(value: Any, path: tuple[str, ...]) -> Any:
    """A piece of a case as JSON has it. Raises `_NotPlainError`."""
    if len(path) > _DEEPEST:
        raise _NotPlainError(
            "nested too deeply, or within itself", "write it as a case file would hold it", path[:3]
        )
    try:
        if isinstance(value, Mapping):
            return _named(value, path)
        if isinstance(value, list | tuple):
            return [_tree(each, (*path, str(number))) for number, each in enumerate(value, 1)]
        plain = _plain(value)
    except _NotPlainError as error:
        here = (
            f"a mapping with a name that is {error.what}"
            if isinstance(value, Mapping)
            else error.what
        )
        raise error if error.path else _NotPlainError(here, error.help, path) from None
    return (
        plain if plain is None or isinstance(plain, str | bool | int | float) else _as_text(plain)
    )


def _named(mapping: Mapping[Any, Any], path: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in mapping.items():
        text = _as_text(name)
        if text in found:  # a number and its text
            raise _NotPlainError(f"a mapping with two names `{text}`", "keep one of them", path)
        found[text] = _tree(value, (*path, text))
    return found


def _as_text(value: object) -> str:
    """A plain value as it is written. Raises `_NotPlainError`."""
    plain = _plain(value)
    if plain is None:
        raise _NotPlainError("nothing, not text")
    if isinstance(plain, str):
        return plain  # with its place, where it has one
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return format(plain, "f") if isinstance(plain, Decimal) else str(plain)


def _shown(path: tuple[str, ...]) -> str:
    return " > ".join(each if len(each) <= 60 else f"{each[:60]}…" for each in path)


class _NotPlainError(Exception):
    """A value that nobody could have written: what it is, and what to do. path: where in a case it
    stands.
    """

    def __init__(self, what: str, help: str = "", path: tuple[str, ...] = ()) -> None:
        self.what, self.help, self.path = what, help, path
        super().__init__(what)


def _plain(value: Any) -> str | bool | int | float | Decimal | Fraction | date | None:
    """A value that a person would write: a scalar of NumPy as Python has it, a time stamp at
    midnight as its date.

    Raises `_NotPlainError` for anything else, above all for what stands for no value. (Neither
    NumPy nor pandas is imported here.)
    """
    if type(value).__name__ == "datetime64":
        value = value.astype("datetime64[us]")  # finer ones give their count of nanoseconds
    if (
        getattr(value, "shape", None) == ()
        and hasattr(value, "item")
        and type(value).__name__ != "timedelta64"
    ):
        scalar = value.item()
        value = value if scalar is None else scalar  # a date that is none
    if value is None:
        return None
    if type(value).__name__ in ("NAType", "NaTType", "datetime64") or _is_nan(value):
        raise _NotPlainError(f"`{value}`, which stands for no value", "leave it out")
    if isinstance(value, float | Decimal) and value in (math.inf, -math.inf):
        raise _NotPlainError(f"`{value}`, which is not a number", "write a number")
    if isinstance(value, datetime):
        if value.time() != time() or value.tzinfo is not None:
            raise _NotPlainError(
                f"`{value}`, a time of a day", "give the date alone, as `.date()` does"
            )
        return value.date()
    if isinstance(value, str | bool | int | float | Decimal | Fraction | date):
        return value
    raise _NotPlainError(f"{_kind(value)}, not text")


def _is_nan(value: object) -> bool:
    return (
        value.is_nan()
        if isinstance(value, Decimal)
        else isinstance(value, float) and math.isnan(value)
    )


def _kind(value: object) -> str:
    return {"NoneType": "nothing", "dict": "a mapping"}.get(
        type(value).__name__, f"of the type `{type(value).__name__}`"
    )
