"""Canonical JSON (RFC 8785): one value, one text, so that a digest of the text is a digest of the value."""

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

    Every name in `value` is ASCII (then both orders of names are one), every number an `int` below 2**53.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest_of_bytes(content: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
