"""What a caller gives in Python, as the text that a person would write. Anything else is wrong input."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .language.errors import NOWHERE, InputError, Place, Problem
from .language.text import place_of
from .language.types import parse_date


def given_text(value: object, code: str, what: str) -> str:
    """Text as it is; numbers, dates and yes or no as they are written. Raises `InputError` with that code for anything else."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        if isinstance(value, str):
            value.encode()
            return value
        if isinstance(value, int | float | Decimal | Fraction) or (isinstance(value, date) and not isinstance(value, datetime)):
            return str(value)
    except ValueError:  # half a character, or a number of thousands of digits
        raise InputError(Problem(NOWHERE, code, f"{what} cannot be written", "write text")) from None
    raise InputError(Problem(NOWHERE, code, f"{what} is {_kind(value)}, not text", "write text"))


def given_texts(values: Iterable[str], code: str, what: str) -> list[str]:
    """Several of them; one text alone is one."""
    if isinstance(values, str):
        return [given_text(values, code, what)]
    try:
        return [given_text(each, code, what) for each in values]
    except TypeError:
        raise InputError(Problem(NOWHERE, code, f"{what} is {_kind(values)}, not several texts", "write a list")) from None


def given_pairs(values: Mapping[str, str] | None, code: str, what: str, code_of_value: str = "") -> dict[str, str]:
    """Names and their values."""
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise InputError(Problem(NOWHERE, code, f"{what} is {_kind(values)}, not names and values", "write `{NAME: VALUE}`"))
    return {given_text(name, code, f"a name in {what}"): given_text(value, code_of_value or code, f"a value in {what}")
            for name, value in values.items()}  # fmt: skip


def given_day(value: object, what: str) -> int:
    """A date, or its text, as the count of days that rules compare; a count stays. Raises `InputError` (RW510)."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not date.min.toordinal() <= value <= date.max.toordinal():
            raise InputError(Problem(NOWHERE, "RW510", f"{what} is not the count of a day", "write for instance `2024-03-01`"))
        return value
    text = given_text(value, "RW510", what)
    day = parse_date(text)
    if day is None:
        raise InputError(Problem(place_of(text, NOWHERE), "RW510", f"`{text}` is not a date", "write for instance `2024-03-01`"))
    return day


def given_path(value: object, what: str) -> Path:
    """Raises `InputError` (RW101) for what names no file."""
    if isinstance(value, Path):
        return value
    if isinstance(value, str):
        return Path(given_text(value, "RW101", what))
    raise InputError(Problem(NOWHERE, "RW101", f"{what} is {_kind(value)}, not a path", "write text, or a `Path`"))


def given_case(content: object) -> str:
    """The mapping of a case as JSON text. Raises `InputError` (RW500) where it is none, or cannot be written."""
    place = Place("case")
    if not isinstance(content, Mapping):
        raise InputError(Problem(place, "RW500", f"this is {_kind(content)}, not a case", "a case is a mapping with `case` and the facts"))
    try:
        text = json.dumps(content, default=_plain, ensure_ascii=False)
        text.encode()
        return text
    except TypeError:
        what = "a name in it is not text"
    except UnicodeEncodeError:
        what = "it holds half a character"
    except ValueError:
        what = "it holds itself, or a number of thousands of digits"
    except RecursionError:
        what = "it is nested too deeply"
    raise InputError(Problem(place, "RW500", f"the case cannot be written: {what}", "give it as a case file would hold it"))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _kind(value: object) -> str:
    return {"NoneType": "nothing", "dict": "a mapping"}.get(type(value).__name__, f"of the type `{type(value).__name__}`")

