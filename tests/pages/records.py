"""Records in which every text tries to act, also those that the language keeps to few characters,
and those that a record rarely has.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

DEEPEST = 8


def hostile(record: Any, text: str, own: dict[str, Any]) -> Any:
    """A record as it is, with `text` behind every text, and with what is empty filled. own: values
    of fields (`Class.field`) by name.
    """
    if is_dataclass(record) and not isinstance(record, type):
        hints, found = get_type_hints(type(record)), {}
        for each in fields(record):
            name, value = f"{type(record).__name__}.{each.name}", getattr(record, each.name)
            if name in own or get_origin(hints[each.name]) is Literal:
                found[each.name] = own.get(name, value)
            elif value in (None, "", [], (), {}):
                found[each.name] = filled(hints[each.name], text, own, DEEPEST - 2)
            else:
                found[each.name] = hostile(value, text, own)
        return type(record)(**found)
    if isinstance(record, dict):
        return {
            hostile(name, text, own): hostile(value, text, own) for name, value in record.items()
        }
    if isinstance(record, list | tuple):
        return type(record)(hostile(each, text, own) for each in record)
    return record + text if isinstance(record, str) else record


def filled(hint: Any, text: str, own: dict[str, Any], depth: int = 0) -> Any:
    """Something of that type with nothing left empty; what would go on for ever ends somewhere."""
    inner = get_args(hint)
    match get_origin(hint):
        case None:
            return _plain(hint, text, own, depth)
        case origin if origin is Literal:
            return inner[0]
        case origin if origin in (Union, types.UnionType):
            return (
                None
                if type(None) in inner and depth >= DEEPEST
                else filled(inner[0], text, own, depth)
            )
        case origin if origin in (list, tuple) and (origin is list or inner[1:] == (...,)):
            forms = (
                get_args(inner[0])
                if get_origin(inner[0]) in (Union, types.UnionType)
                else inner[:1]
            )  # one of each kind
            return origin(
                filled(each, text, own, depth + 1)
                for each in forms
                if depth < DEEPEST or not ends_nowhere(each)
            )
        case origin if origin is tuple:
            return tuple(filled(each, text, own, depth + 1) for each in inner)
        case origin if origin is dict:
            return {filled(inner[0], text, own, depth): filled(inner[1], text, own, depth + 1)}
    raise TypeError(hint)


@cache
def ends_nowhere(hint: Any) -> bool:
    """Whether something of that type can hold another of it, however deep."""
    return is_dataclass(hint) and hint in {
        each for inner in get_type_hints(hint).values() for each in _within(inner, set())
    }


def _within(hint: Any, found: set[Any]) -> set[Any]:
    if is_dataclass(hint) and hint not in found:
        found.add(hint)
        for each in get_type_hints(hint).values():
            _within(each, found)
    for each in get_args(hint):
        _within(each, found)
    return found


def _plain(hint: Any, text: str, own: dict[str, Any], depth: int) -> Any:
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(
            **{
                each.name: own[f"{hint.__name__}.{each.name}"]
                if f"{hint.__name__}.{each.name}" in own
                else filled(hints[each.name], text, own, depth + 1)
                for each in fields(hint)
            }
        )
    return {str: text, bool: True, int: 1, Fraction: Fraction(1), type(None): None}[hint]
