"""What somebody else wrote, held against the types that our classes declare.

`reader` reads a JSON value as an object of a class: nothing is missing, unknown or of another type.
The name of a field in JSON has spaces where the class has underscores; a field with a default may
be left out. `checker` looks through an object that is made already.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]
Check = Callable[[Any], bool]
_WORDS = {
    str: "text",
    int: "a whole number",
    bool: "`true` or `false`",
    list: "a list",
    dict: "an object",
    type(None): "`null`",
}


class WrongShape(ValueError):
    """A value is not of the shape declared. `path`: the names of the fields that lead to it."""

    def __init__(self, what: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(f"`{' > '.join(path)}`: {what}" if path else what)
        self.what, self.path = what, path


@cache
def reader(kind: Any) -> Reader:
    """What reads a parsed JSON value as one of the type `kind`, and raises `WrongShape`.

    kind: text, whole numbers, yes/no, `None`, `Any`, literals, dataclasses, and lists, mappings
    from text and unions of these.
    """
    origin, of = get_origin(kind), get_args(kind)
    if origin is list:
        return _list(of[0])
    if origin is dict:
        return _mapping(of[1])
    if origin in (Union, types.UnionType):
        return _either(of)
    if origin is Literal:
        return _one_of(of)
    if is_dataclass(kind):
        return _object(kind)
    if kind is Any:
        return lambda content: content
    return _plain(kind)


def _plain(kind: type) -> Reader:
    def read(content: Any) -> Any:
        if type(content) is not kind:
            raise _not(kind, content)
        return content

    return read


def _list(of: Any) -> Reader:
    each_read = reader(of)

    def read(content: Any) -> Any:
        if type(content) is not list:
            raise _not(list, content)
        return [each if type(each) is of else each_read(each) for each in content]

    return read


def _mapping(of: Any) -> Reader:
    each_read = reader(of)

    def read(content: Any) -> Any:
        if type(content) is not dict:
            raise _not(dict, content)
        return {name: each_read(each) for name, each in content.items()}

    return read


def _one_of(values: tuple[Any, ...]) -> Reader:
    known = frozenset(values)

    def read(content: Any) -> Any:
        if type(content) is not str or content not in known:
            raise WrongShape(
                f"{shortened(content)} is not one of {', '.join(map(shortened, values))}"
            )
        return content

    return read


def _either(kinds: tuple[Any, ...]) -> Reader:
    """Of several types only one fits a given JSON type: a class or a mapping an object, a literal a
    text.
    """
    by_type: dict[type, Reader] = {_json_type(each): reader(each) for each in kinds}

    def read(content: Any) -> Any:
        fitting = by_type.get(type(content))
        if fitting is None:
            raise WrongShape(
                f"{shortened(content)} is not {' or '.join(_WORDS[each] for each in by_type)}"
            )
        return fitting(content)

    return read


def _json_type(kind: Any) -> type:
    origin = get_origin(kind)
    if origin is Literal:
        return str
    if is_dataclass(kind):
        return dict
    found: type = origin or kind
    return found


def _object(kind: Any) -> Reader:
    declared: dict[str, tuple[str, Any, Reader]] = {}
    needed: frozenset[str] = frozenset(
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    )

    def read(content: Any) -> Any:
        if type(content) is not dict:
            raise _not(dict, content)
        if not declared:  # here, because a class may hold others of itself
            hints = get_type_hints(kind)
            declared.update(
                {
                    each.name.replace("_", " "): (
                        each.name,
                        hints[each.name],
                        reader(hints[each.name]),
                    )
                    for each in fields(kind)
                }
            )
        found = {}
        name = ""
        try:
            for name, value in content.items():
                field, of, value_read = declared[name]
                found[field] = value if type(value) is of else value_read(value)  # most are text
        except WrongShape as error:
            raise WrongShape(error.what, (name, *error.path)) from None
        except KeyError:
            raise WrongShape(f"`{name}` is not known") from None
        if len(found) < len(declared) and (missing := sorted(needed - found.keys())):
            raise WrongShape(f"there is no `{missing[0].replace('_', ' ')}`")
        return kind(**found)

    return read


def _not(kind: type, content: Any) -> WrongShape:
    return WrongShape(f"{shortened(content)} is not {_WORDS[kind]}")


def shortened(content: Any) -> str:
    """A value in a message: its beginning, where it is long."""
    if isinstance(content, list | dict):
        return _WORDS[type(content)]
    text = str(content)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:60]}…`"


# -- objects


@cache
def checker(kind: Any) -> Check:
    """What says whether a value is of the type `kind`. Raises `WrongShape` where what it holds is
    not of the types declared.

    kind: classes, and tuples, frozen sets, mappings and unions of them. In place of a subclass of
    text, text will do.
    """
    origin, of = get_origin(kind), get_args(kind)
    if origin is tuple and of[-1] is not Ellipsis:
        checks = tuple(map(checker, of))
        return lambda value: (
            type(value) is tuple and len(value) == len(checks) and all(map(_passes, checks, value))
        )
    if origin in (tuple, frozenset):
        each_check = checker(of[0])
        return lambda value: type(value) is origin and all(map(each_check, value))
    if origin is dict:
        name_check, value_check = checker(of[0]), checker(of[1])
        return lambda value: (
            type(value) is dict
            and all(name_check(each) and value_check(value[each]) for each in value)
        )
    if origin in (Union, types.UnionType):
        by_type = {get_origin(each) or each: checker(each) for each in of}
        return lambda value: type(value) in by_type and by_type[type(value)](value)
    if is_dataclass(kind):
        return _declared(kind)
    kinds = {kind, str} if issubclass(kind, str) else {kind}
    return lambda value: type(value) in kinds


def _passes(check: Check, value: Any) -> bool:
    return check(value)


def _declared(kind: Any) -> Check:
    checks: list[tuple[str, Check]] = []

    def check(value: Any) -> bool:
        if type(value) is not kind:
            return False
        if not checks:  # here, because a class may hold others of itself
            hints = get_type_hints(kind)
            checks.extend(
                (each.name, checker(hints[each.name])) for each in fields(kind) if each.init
            )
        for name, of_field in checks:
            if not of_field(getattr(value, name)):
                raise WrongShape(f"`{kind.__name__}` has a `{name}` of another type")
        return True

    return check
