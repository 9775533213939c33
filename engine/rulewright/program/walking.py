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
def _names(kind: Any) -> tuple[str, ...] | None:
    """What a value of this class holds; nothing for one that says nothing."""
    if not is_dataclass(kind) or kind in _SAYS_NOTHING:
        return None
    return tuple(each.name for each in fields(kind))


def pieces(*values: Any, but: tuple[Any, ...] = ()) -> Iterator[Any]:
    """Every condition, expression and collection in `values`, these among them; without what is in
    those of `but`.
    """
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple):
            waiting += value
            continue
        kind: Any = type(value)
        names = _names(kind)
        if names is not None and not (but and value in but):
            yield value
            waiting += [getattr(value, name) for name in names]
