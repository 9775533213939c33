"""How attributes are declared: `yes/no`, `{yes/no, label: …}`, `{one of: […]}`; and declared
otherwise by an amendment.
"""

from __future__ import annotations

from typing import Any

from rulewright.syntax.text import Map, Text, place_of

from .trees import merged

TYPES = ("type", "one of", "whole number", "number")
_OTHERS = (
    "unless stated",
    "none is",
    "may be judged",
    "expected to count",
    "changes by",
    "label",
    "meaning",
)


def declaration(declared: Any) -> Map:
    """The long form: `yes/no` and `{yes/no, label: …}` as `{type: yes/no, …}`."""
    if not isinstance(declared, dict):
        return _at(declared, {Text.at("type", place_of(declared)): declared})
    bare = next(
        (each for each, content in declared.items() if content is None and each not in _OTHERS),
        None,
    )
    if bare is None:
        return _at(declared, declared)
    return _at(
        declared,
        {Text.at("type", place_of(bare)): bare}
        | {each: content for each, content in declared.items() if each != bare},
    )


def redeclared(declared: Any, content: dict[Any, Any]) -> Map:
    """A declaration with the fields of another: a type, however it is written, stands in place of
    the type before.
    """
    old, new = declaration(declared), declaration(content)
    if any(each in TYPES for each in new):
        old = _at(old, {each: how for each, how in old.items() if each not in TYPES})
    return merged(old, new)


def fields_of_declaration(content: dict[Any, Any]) -> Map:
    """The fields that a declaration sets, every kind of type as `type`."""
    return Map(
        {
            Text.at("type", place_of(each)) if each in TYPES else each: how
            for each, how in declaration(content).items()
        }
    )


def _at(written: Any, content: dict[Any, Any]) -> Map:
    found = Map(content)
    found.place = place_of(written)
    return found
