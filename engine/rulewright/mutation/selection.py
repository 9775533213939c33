"""Whose changes are asked for: rules by their names, by those of the table or principle that has
them, or by a pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import fits


def is_named(rule: str, names: Sequence[str]) -> bool:
    """Whether one of the names is that of the rule, or of what it is a row or a rule of; without
    names, every rule is.

    In a name only `*` and `?` stand for other text: the brackets of `trust-bands[good]` are its
    own.
    """
    return not names or any(
        rule == name or rule.startswith((f"{name}[", f"{name}.")) or fits(rule, name)
        for name in names
        if name
    )


def none_is_named(names: Sequence[str], rules: Iterable[str], shown: str) -> InputError:
    """The error where no rule of those in the rulebook `shown` is named (RW821)."""
    wanted = ", ".join(f"`{each}`" for each in names)
    near = nearest(names[0] if names else "", sorted(set(rules)))
    return InputError(
        Problem(Place(shown), "RW821", f"no rule that the scenarios run is called {wanted}", near)
    )
