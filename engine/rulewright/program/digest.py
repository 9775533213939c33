"""A stable digest of what a program means: comments, file order, formatting and wording do not change it, a threshold does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from .model import Program

_WORDING = {
    "text", "place", "label", "meaning", "citations", "interpretation", "title", "interpretations", "documents",
    "lapsed", "digest", "asks", "written", "plurals", "plural", "status",
}  # fmt: skip


def digest_of_meaning(program: Program) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    seen: dict[int, str] = {}
    parts = {each.name: _canonical(getattr(program, each.name), seen)
             for each in fields(program) if each.name not in _WORDING}  # fmt: skip
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any, seen: dict[int, str]) -> Any:
    """`value` as JSON in which equal meanings are equal; objects that recur are written once, as their own digest."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if is_dataclass(value):
        known = seen.get(id(value))
        if known is None:
            content = [type(value).__name__] + [
                _canonical(getattr(value, each.name), seen) for each in fields(value) if each.name not in _WORDING
            ]
            known = hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
            seen[id(value)] = known
        return known
    if isinstance(value, frozenset):
        return sorted(json.dumps(_canonical(each, seen)) for each in value)
    if isinstance(value, tuple | list):
        return [_canonical(each, seen) for each in value]
    if isinstance(value, dict):
        return sorted([json.dumps(_canonical(k, seen)), _canonical(v, seen)] for k, v in value.items())
    raise TypeError(type(value).__name__)
