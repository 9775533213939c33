"""Values of the program as bytes, and back: what is kept between runs.

The bytes are data and nothing else. Reading them calls no function that they name: it makes
instances of classes of this package, dataclasses and those that name their fields as `PACKED`, and
sets these fields, without their constructors. What two values share is written once and shared
again. Sets, mappings, lists, fractions and text with its place are read as what they were.

The form is JSON: the classes with their fields, the plain values, and a row for each other value,
its parts before it.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

from .text import Boolean, Map, Scalar, Seq, Text

_LARGEST = 2**53
_PACKAGE = __name__.partition(".")[0]
# whose values are kept
ROOMS = (
    "syntax", "ir", "spreadsheets", "facts", "documents", "rulebook", "amendments", "compiler",
    "lint", "engines", "decision", "testing", "properties", "mutation", "suggest", "handbook",
)  # fmt: skip
Made = list[Any]
Maker = Callable[[Made, list[int]], Any]


class UnreadableValue(ValueError):
    """The bytes are not what `pack` writes."""


# -- writing


def pack(value: Any) -> bytes:
    """A value in bytes. Raises `TypeError` for one that is not data, `RecursionError` for one that
    holds itself.
    """
    writing = _Writing()
    writing.number(value)
    classes = [[kind, *names] for kind, names in writing.classes.items()]
    return json.dumps(
        [classes, writing.order, writing.plain, writing.rows], separators=(",", ":")
    ).encode()


class _Writing:
    """What was written so far.

    Every value has a number; plain values are numbered apart, below zero.
    """

    def __init__(self) -> None:
        self.classes: dict[str, list[str]] = {}
        self.order: list[str] = []
        self.plain: list[Any] = []
        self.rows: list[list[int]] = []
        self._kinds: dict[Any, int] = {}
        self._known: dict[int, int] = {}
        self._alive: list[Any] = []  # so that no other value gets the number of one that is gone
        self._plain: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        kind = type(value)
        if (
            value is None
            or kind in (str, bool, float)
            or (kind is int and -_LARGEST < value < _LARGEST)
        ):
            return self._of_plain(value)
        found = self._known.get(id(value))
        if found is None:
            row = self._row(value)
            found = self._known[id(value)] = len(self.rows)
            self._alive.append(value)
            self.rows.append(row)
        return found

    def _of_plain(self, value: Any) -> int:
        name = (type(value), value)
        found = self._plain.get(name)
        if found is None:
            self.plain.append(value)
            found = self._plain[name] = -len(self.plain)
        return found

    def _row(self, value: Any) -> list[int]:
        kind = type(value)
        parts = _PARTS.get(kind)
        if parts is not None:
            return [self._kind(kind.__name__), *map(self.number, parts(value))]
        name = f"{kind.__module__}:{kind.__qualname__}"
        names = self.classes.get(name)
        if names is None:
            names = self.classes[name] = _fields(kind)
            if not names or _class_named(name) is not kind:
                raise TypeError(f"a {name} is not data that can be kept")
        return [self._kind(name), *(self.number(getattr(value, each)) for each in names)]

    def _kind(self, name: str) -> int:
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = len(self.order)
            self.order.append(name)
        return found


def _text_parts(text: Text) -> tuple[Any, ...]:
    return str(text), text.place, text.quoted


def _pairs(mapping: dict[Any, Any]) -> list[Any]:
    return [each for pair in mapping.items() for each in pair]


_PARTS: dict[type, Callable[[Any], Any]] = {
    int: lambda value: (hex(value),),  # as text, since decimals of thousands of digits are refused
    tuple: iter,
    list: iter,
    set: iter,
    frozenset: iter,
    dict: _pairs,
    Fraction: lambda value: (value.numerator, value.denominator),
    Text: _text_parts,
    Scalar: _text_parts,
    Boolean: _text_parts,
    Map: lambda value: (value.place, *_pairs(value)),
    Seq: lambda value: (value.place, value.flow, *value),
}


# -- reading


def unpack(content: bytes) -> Any:
    """The value that `pack` wrote. Raises `UnreadableValue`."""
    collecting = gc.isenabled()
    gc.disable()  # nothing that is made here is given up before the end
    try:
        return _unpacked(content)
    except UnreadableValue:
        raise
    except Exception as error:
        raise UnreadableValue(f"the value cannot be read: {error}") from None
    finally:
        if collecting:
            gc.enable()


def _unpacked(content: bytes) -> Any:
    classes, order, plain, rows = json.loads(content)
    named = {name: names for name, *names in classes}
    makers = [_MAKERS.get(name) or _maker(name, named[name]) for name in order]
    made: Made = [None] * (len(rows) + len(plain))
    made[len(rows) :] = reversed(plain)  # the first plain value has the number -1
    last = -1
    for last, row in enumerate(rows):
        made[last] = makers[row[0]](made, row)
    return made[last]


def _maker(name: str, names: list[str]) -> Maker:
    """What makes an instance of a dataclass, its fields in this order."""
    of = _class_named(name)
    if _fields(of) != names:
        raise UnreadableValue(f"`{name}` has other fields")
    if hasattr(of, "__slots__"):
        setters = [getattr(of, each).__set__ for each in names]

        def slotted(made: Made, row: list[int]) -> Any:
            instance = object.__new__(of)
            for set_field, part in zip(setters, row[1:], strict=True):
                set_field(instance, made[part])
            return instance

        return slotted

    def open_to_all(made: Made, row: list[int]) -> Any:
        instance = object.__new__(of)
        instance.__dict__.update(zip(names, [made[each] for each in row[1:]], strict=True))
        return instance

    return open_to_all


def _fields(of: Any) -> list[str]:
    """The names of what an instance consists of; none of what is not data."""
    return (
        [each.name for each in fields(of)] if is_dataclass(of) else list(getattr(of, "PACKED", ()))
    )


def _class_named(name: str) -> Any:
    module, _, within = name.partition(":")
    package, room, *rest = module.split(".")
    if package != _PACKAGE or room not in ROOMS or any(each.startswith("__") for each in rest):
        raise UnreadableValue(f"`{name}` is not a class whose values are kept")
    found = getattr(import_module(module), within, None)
    if not isinstance(found, type) or not _fields(found) or found.__module__ != module:
        raise UnreadableValue(f"`{name}` is not a class whose values are kept")
    return found


def _text(kind: type[Text]) -> Maker:
    def text(made: Made, row: list[int]) -> Text:
        return kind.at(made[row[1]], made[row[2]], quoted=made[row[3]])

    return text


def _mapping(made: Made, row: list[int]) -> dict[Any, Any]:
    return {made[row[at]]: made[row[at + 1]] for at in range(1, len(row), 2)}


def _map(made: Made, row: list[int]) -> Map:
    found = Map((made[row[at]], made[row[at + 1]]) for at in range(2, len(row), 2))
    found.place = made[row[1]]
    return found


def _seq(made: Made, row: list[int]) -> Seq:
    found = Seq([made[each] for each in row[3:]])
    found.place, found.flow = made[row[1]], made[row[2]]
    return found


_MAKERS: dict[str, Maker] = {
    "int": lambda made, row: int(made[row[1]], 16),
    "tuple": lambda made, row: tuple([made[each] for each in row[1:]]),
    "list": lambda made, row: [made[each] for each in row[1:]],
    "set": lambda made, row: {made[each] for each in row[1:]},
    "frozenset": lambda made, row: frozenset([made[each] for each in row[1:]]),
    "dict": _mapping,
    "Fraction": lambda made, row: Fraction(made[row[1]], made[row[2]]),
    "Text": _text(Text),
    "Scalar": _text(Scalar),
    "Boolean": _text(Boolean),
    "Map": _map,
    "Seq": _seq,
}
