"""Whether two pieces of source trees say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rulewright.syntax.text import text_of


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of source trees say the same."""
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, list | tuple):
        return _plain(value[0]) if len(value) == 1 else [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items() if each is not None}
    return value
