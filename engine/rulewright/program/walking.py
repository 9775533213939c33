"""Going through all that conditions and expressions say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from rulewright.language.errors import Place
from rulewright.language.types import Choice, Date, Months, Number, Scale, Words, YesNo

_SAYS_NOTHING = (Place, Scale, Choice, YesNo, Number, Date, Months, Words, str)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def pieces(*values: Any) -> Iterator[Any]:
    """Every condition, expression and collection in `values`, these among them."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple):
            waiting += value
        elif is_dataclass(value) and not isinstance(value, _SAYS_NOTHING):
            yield value
            kind: Any = type(value)
            waiting += [getattr(value, name) for name in _names(kind)]
