"""The decision as a public document: canonical JSON (RFC 8785), the same bytes for the same run.

What it was made by (version, platform, where things stand in files) is no part of it.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from rulewright.engines.outcome import Decision, plain
from rulewright.language.canonical import canonical_quickly, document_of

SCHEMA = "rulewright/decision/2"


def decision_bytes(decision: Decision) -> bytes:
    """The document of a decision (`schemas/decision.json`)."""
    return canonical_quickly({"schema": SCHEMA, **plain(decision)})


def decision_from(content: bytes) -> Decision:
    """The decision of a document. Raises `ValueError` when it is none, or one of a newer form."""
    document = document_of(content, SCHEMA, "decision")
    del document["schema"]
    found: Decision = _read(Decision, document)
    return found


def _read(kind: Any, content: Any) -> Any:
    """`content` as a value of the declared type `kind`: what `plain` does, backwards."""
    origin = get_origin(kind)
    if origin is list:
        return [_read(get_args(kind)[0], each) for each in content]
    if origin in (Union, types.UnionType):
        return None if content is None else _read(next(each for each in get_args(kind) if each is not type(None)), content)
    if origin is Literal:
        if content not in get_args(kind):
            raise ValueError(f"`{content}` is not one of {', '.join(get_args(kind))}")
        return content
    if isinstance(kind, type) and is_dataclass(kind):
        declared = _declared(kind)
        if not isinstance(content, dict) or not content.keys() <= declared.keys():
            raise ValueError(f"not a {kind.__name__}")
        return kind(**{declared[name][0]: _read(declared[name][1], each) for name, each in content.items()})
    if not isinstance(content, kind):
        raise ValueError(f"`{content}` is not of the kind {kind.__name__}")
    return content


@cache
def _declared(kind: Any) -> dict[str, tuple[str, Any]]:
    """The fields of a class by their names in JSON, each with its type."""
    hints = get_type_hints(kind)
    return {each.name.replace("_", " "): (each.name, hints[each.name]) for each in fields(kind)}
