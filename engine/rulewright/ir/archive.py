"""A compiled program as canonical JSON, and back: what a ledger keeps, so that a decision can be
made again years later.

Reading it needs neither the rulebook nor the parser. A value is written so:

- text, yes/no, *no value* and whole numbers below 2**53 as JSON has them; a fraction as
  `{"fraction": "5/2"}`, a larger whole number as `{"whole": "…"}`;
- a tuple as a list, a set as `{"set": […]}` in the order of its members' own JSON, a mapping as
  `{"map": [[name, value], …]}` in its own order, which can be that of declaration;
- pairs of rules as a set of tuples; of more than `_MOST_PAIRS` as `{"pairs": […]}`, for each rule
  the runs of the rules after it, first and last, with which it makes a pair. A program in which
  there are so many has the form `LARGE`, else it is as it was before there were such;
- everything else as `{"is": CLASS, FIELD: …}`, with the names of `stored.py`: not the place in a
  file, and fields that came later only where they are set, so that a program without them is
  archived as it was before.

Equal programs give equal bytes. The digest of the bytes is of all that can reach a decision,
wording included, unlike `Program.digest`, which is of the meaning and stands inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

from rulewright.syntax.canonical import canonical_quickly, document_of
from rulewright.syntax.declared_types import checker, shortened

from .interning import interned
from .pairs import Pairs
from .program import Node, Program
from .stored import stored, stored_as
from .types import Value

SCHEMA = "rulewright/program/1"
LARGE = "rulewright/program/2"
_MOST_PAIRS = 100_000
_LARGEST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Archive:
    """The document. `program`: the program, as this module writes it."""

    program: dict[str, Any]


class UnreadableArchive(ValueError):
    """The bytes are no archive of a program, or one of a newer form. The message says which."""


def archive(program: Program) -> bytes:
    """The program in canonical JSON."""
    large = any(len(node.apart) > _MOST_PAIRS for node in program.nodes)
    return canonical_quickly({"schema": LARGE if large else SCHEMA, "program": _written(program)})


def program_from(content: bytes) -> Program:
    """The program of an archive, equal parts held once. Raises `UnreadableArchive`."""
    try:
        document = document_of(content, SCHEMA, "program", LARGE)
    except ValueError as error:
        raise UnreadableArchive(str(error)) from None
    try:
        program = _read(document["program"])
        if not checker(Program)(program):
            raise UnreadableArchive("what is archived is not a program")
        _refuse_wrong_numbers(program)
        return interned(program)
    except UnreadableArchive:
        raise
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        ZeroDivisionError,
        RecursionError,
    ) as error:
        raise UnreadableArchive(f"the program cannot be read: {error}") from None


def _refuse_wrong_numbers(program: Program) -> None:
    """Layers, and rules that are said to defeat others, must be there. Raises `ValueError`."""
    for node in program.nodes:
        if not 0 <= node.layer < len(program.nodes):
            raise ValueError(
                f"`{node.key.attribute}` is in layer {shortened(node.layer)} of {len(program.nodes)}"
            )
        numbers = {*chain(*node.above), *chain(*(each.rules for each in node.exhaustive))}
        if len(node.above) != len(node.rules) or not numbers <= set(range(len(node.rules))):
            raise ValueError(
                f"`{node.key.attribute}` has {len(node.rules)} rules, and others are said of it"
            )


def value_written(value: Value) -> Any:
    """A value as an archive writes it: exact, unlike its words."""
    return _written(value)


def value_read(written: Any) -> Value:
    """The value that an archive wrote. Raises `ValueError`."""
    value = _read(written)
    if value is not None and not isinstance(value, str | int | Fraction):
        raise ValueError(f"`{written}` is not a value")
    return value


# -- writing


def _written(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST else {"whole": str(value)}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if isinstance(value, Pairs) and len(value) > _MOST_PAIRS:
        return {"pairs": [list(map(list, runs)) for runs in value.runs()]}
    if isinstance(value, frozenset | set | Pairs):
        return {"set": sorted(map(_written, value), key=canonical_quickly)}
    if isinstance(value, dict):
        return {"map": [[_written(name), _written(content)] for name, content in value.items()]}
    of: Any = type(value)
    kind = stored(of)
    if kind is None:
        raise TypeError(f"a {of.__name__} cannot stand in a program")
    written = {"is": kind.name}
    for each in kind.fields:
        content = getattr(value, each.attribute)
        if content or not each.where_set:
            written[each.name] = _written(content)
    return written


# -- reading


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(each) for each in value)
    if not isinstance(value, dict):
        if isinstance(value, float):
            raise ValueError("it holds a number with a decimal point")
        return value
    name = value.get("is")
    if name is None:
        [(form, content)] = value.items()
        if form not in _FORMS:
            raise ValueError(f"`{form}` is not known")
        return _FORMS[form](content)
    kind = stored_as(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"`{name}` is not known")
    content = {field: each for field, each in value.items() if field != "is"}
    known = {each.name: each.attribute for each in kind.fields}
    needed = {each.name for each in kind.fields if not each.may_be_lacking}
    unknown, lacking = sorted(content.keys() - known.keys()), sorted(needed - content.keys())
    if unknown or lacking:
        raise ValueError(
            f"`{name}` has {'an unknown' if unknown else 'no'} `{(unknown or lacking)[0]}`"
        )
    if kind.of is Node:
        _refuse_pairs_beyond(len(content["rules"]), content["apart"])
    return kind.of(**{known[field]: _read(each) for field, each in content.items()})


def _refuse_pairs_beyond(size: int, written: Any) -> None:
    """Pairs of rules are made into bits, of which a large number asks for as many: they must be of
    rules that are there.
    """
    if len(written.get("pairs", ())) > size or not all(
        0 <= i < j < size for i, j in written.get("set", ())
    ):
        raise ValueError("it has pairs of more rules than there are")


_FORMS: dict[str, Callable[[Any], Any]] = {
    "fraction": lambda content: Fraction(*map(int, content.split("/"))),
    "whole": int,
    "set": lambda content: frozenset(map(_read, content)),
    "pairs": Pairs.of_runs,
    "map": lambda content: {_read(name): _read(each) for name, each in content},
}
