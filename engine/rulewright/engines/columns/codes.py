"""Possible values as they lie in columns, and tables of what the operators make of them.

Of a finite type the possible values are the bits of an `int`: a bit for each value, one for *no
value*, one for a conflict. Of other types they are a `Possible`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rulewright.engines.calculus import certain
from rulewright.engines.result import Possible
from rulewright.ir.types import FINITE, Type, Value

Code = int | Possible
MOST_KEPT = 20_000  # entries of a table


class CodeTable(dict[Any, Any]):
    """A function, worked out once for each argument."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Any) -> Any:
        made = self.make(key)
        if len(self) >= MOST_KEPT:
            self.clear()
        self[key] = made
        return made


def encode(possible: Possible, kind: Type | None) -> Code:
    """Possible values as a column of that type holds them."""
    if not isinstance(kind, FINITE):
        return possible
    assert isinstance(possible.values, tuple)
    bits = sum(1 << bit for bit, each in enumerate(kind.values) if each in possible.values)
    none = 1 << len(kind.values)
    return bits | none * possible.no_value | 2 * none * possible.conflict


def decode(code: Code, kind: Type | None) -> Possible:
    """What a column of that type holds, as possible values."""
    if not isinstance(kind, FINITE):
        assert isinstance(code, Possible)
        return code
    assert isinstance(code, int)
    values: tuple[Value, ...] = kind.values
    return Possible(
        tuple(each for bit, each in enumerate(values) if code >> bit & 1),
        bool(code >> len(values) & 1),
        bool(code >> len(values) + 1 & 1),
    )


def encode_value(value: Value, kind: Type | None) -> Code:
    """One value, known, or *no value*."""
    return encode(certain(value, kind), kind)
