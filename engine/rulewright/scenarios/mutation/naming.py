"""Whose changes are asked for: rules by their names, by those of the table or principle that has them, or by a pattern."""

from __future__ import annotations

from collections.abc import Sequence

from rulewright.language.text import fits


def is_named(rule: str, names: Sequence[str]) -> bool:
    """Whether one of the names is that of the rule, or of what it is a row or a rule of; without names, every rule is.

    In a name only `*` and `?` stand for other text: the brackets of `trust-bands[good]` are its own.
    """
    return not names or any(rule == name or rule.startswith((f"{name}[", f"{name}.")) or fits(rule, name) for name in names if name)
