"""Canonical JSON (RFC 8785): one value, one text, so that a digest of the text is a digest of the
value.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Any JSON value in the form of RFC 8785.

    Raises `ValueError` for what has no such form: a number beyond 2**53, half a surrogate pair.
    """
    import rfc8785  # here, because only records need it

    return rfc8785.dumps(value)


def canonical_quickly(value: Any) -> bytes:
    """The same bytes as `canonical`, several times as fast, for our own documents.

    Every name in `value` is ASCII (then both orders of names are one), every number an `int` below
    2**53.
    """
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def is_canonical(document: Any, content: bytes) -> bool:
    """Whether `content` is the canonical form of one of our own documents."""
    try:
        return canonical_quickly(document) == content
    except ValueError:  # half a surrogate pair
        return False


def refuse_other_than_canonical(document: Any, content: bytes, what: str) -> None:
    """Raises `ValueError` where `content` is not the canonical form of one of our own documents:
    two readers might read it differently.
    """
    if not is_canonical(document, content):
        raise ValueError(f"the {what} is not in canonical form")


def digest_of_bytes(content: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def document_of(content: bytes, schema: str, what: str, *later: str) -> dict[str, Any]:
    """The JSON object that `what` is, in the form `schema` or one of the `later` ones.

    Raises `ValueError`, which says what is wrong.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError(f"the {what} is not JSON") from None
    form = document.get("schema") if isinstance(document, dict) else None
    read = " and ".join(f"`{each}`" for each in (schema, *later))
    if not isinstance(form, str):
        raise ValueError(f"the {what} does not say in which form it is; this version reads {read}")
    if form not in (schema, *later):
        raise ValueError(f"the {what} has the form `{form}`, and this version reads {read}")
    found: dict[str, Any] = document
    return found
