"""A stable digest of what a program means: comments, file order, formatting and wording do not
change it, a threshold does.
"""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from functools import cache
from json.encoder import encode_basestring_ascii
from typing import Any

from .kept import Kept
from .nodes import Compare, NodeKey
from .operators import OPERATORS
from .pairs import Pairs
from .program import Node, Program
from .stored import stored

_OF_ITS_OWN = ("nodes", "vocabulary", "published", "judged_as_one")


def digest_of_meaning(program: Program, known: Kept[str] | None = None) -> str:
    """`sha256:` and 64 hexadecimal digits.

    `known`: what nodes and words mean that other programs have too.
    """
    known = known or Kept(1)
    shared = [
        *program.nodes,
        *(
            each
            for entity in program.vocabulary.entities.values()
            for each in entity.attributes.values()
        ),
    ]
    seen = {id(each): digest for each in shared if (digest := known.found((each,))) is not None}
    parts = {
        name: _canonical(getattr(program, attribute), seen)
        for name, attribute, _ in _meaning(Program)[1]
        if name not in _OF_ITS_OWN
    }
    if program.judged_as_one:
        parts["judged as one"] = sorted(
            _canonical(group.attributes, seen) for group in program.judged_as_one
        )
    meant = [node for node in program.nodes if node.rules or node.otherwise or node.limits]
    parts["nodes"] = _canonical(tuple(meant), seen)
    parts["published"] = _canonical(program.published & {node.key for node in meant}, seen)
    parts["vocabulary"] = _canonical(
        _used(program, {node.key for node in meant} | program.asks | program.published), seen
    )
    for each in shared:
        if id(each) in seen:
            known.keep((each,), seen[id(each)])
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def digest_of_parts(*parts: Any) -> str:
    """The digest of the meaning of parts of a program, to be compared with others in the same
    process.
    """
    return hashlib.sha256(json.dumps(_canonical(parts, {}), sort_keys=True).encode()).hexdigest()


def _used(program: Program, nodes: set[NodeKey]) -> dict[str, Any]:
    """The words that reach a decision: a word that nobody uses yet changes no meaning."""
    found: dict[str, Any] = {}
    for name, entity in program.vocabulary.entities.items():
        above = program.vocabulary.parents(name)
        if above and all((name, parent) in program.idle for parent in above):
            continue
        used = {node.attribute for node in nodes if node.entity == name}
        attributes = {
            key: (each, "or none") if each.may_have_no_value and not each.defaults_to_none else each
            for key, each in entity.attributes.items()
            if key in used and (each.given or each.may_be_judged)
        }
        mains = [entity.main_attribute, entity.main_result]
        below = [
            tuple(each for each in kind if (each, name) not in program.idle)
            for kind in (entity.listed_below, entity.fixed_below)
        ]
        found[name] = [*below, entity.members, mains, attributes]
    return found


@cache
def _meaning(of: Any) -> tuple[str, tuple[tuple[str, str, bool], ...]]:
    """The stored name of a class, and of each field that has a meaning its stored name, its name in
    Python and whether its order means nothing; no name for a class that is not stored.
    """
    kind = stored(of)
    if kind is None:
        return "", ()
    return kind.name, tuple((each.name, each.attribute, each.any_order) for each in kind.meaning)


_compact = json.JSONEncoder(
    separators=(",", ":")
).encode  # made once: `json.dumps` makes one each time


def _canonical(value: Any, seen: dict[int, str]) -> Any:
    """`value` as JSON in which equal meanings are equal; objects that recur are written once, as
    their own digest.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    kind: Any = type(value)
    stored_name, meant = _meaning(kind)
    if stored_name:
        known = seen.get(id(value))
        if known is None:
            a_set = (
                kind is Compare and OPERATORS[value.op].operands is None
            )  # the values on its right
            content: list[Any] = [stored_name]
            for name, attribute, any_order in meant:
                inner = _canonical(getattr(value, attribute), seen)
                free = any_order or (a_set and name == "right")
                content.append(sorted(inner, key=json.dumps) if free else inner)
            known = seen[id(value)] = (
                _hashed(content)
                if kind is Node
                else hashlib.sha256(_compact(content).encode()).hexdigest()
            )
        return known
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Pairs):
        return value
    if isinstance(value, frozenset):
        if all(type(each) is int for each in value):
            return sorted(map(str, value))  # as below, of many rules in a tenth of the time
        if all(type(each) is str for each in value):
            return sorted(map(encode_basestring_ascii, value))
        return sorted(json.dumps(_canonical(each, seen)) for each in value)
    if isinstance(value, tuple | list):
        return [_canonical(each, seen) for each in value]
    if isinstance(value, dict):
        return sorted(
            [json.dumps(_canonical(k, seen)), _canonical(v, seen)] for k, v in value.items()
        )
    raise TypeError(type(value).__name__)


def _hashed(content: list[Any]) -> str:
    """The digest of an object's content as JSON.

    Pairs, of which there may be millions, are never written out as a whole.
    """
    digest = hashlib.sha256()
    for number, each in enumerate(content):
        digest.update(b"," if number else b"[")
        if isinstance(each, Pairs):
            digest.update(b"[")
            for place, text in enumerate(each.written()):
                digest.update(b',"' if place else b'"')
                digest.update(text.encode())
                digest.update(b'"')
            digest.update(b"]")
        else:
            digest.update(_compact(each).encode())
    digest.update(b"]")
    return digest.hexdigest()
