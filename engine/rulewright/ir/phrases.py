"""What is asked of a value or of a number of things, in a few words: the same in rules that are
rendered and in explanations.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .operators import OPERATORS
from .types import Scale, Type, Value, YesNo, show_number

QUANTITIES = {"every": "every one of", "no": "none of", "less than": "fewer than"}


def turned(quantity: str) -> str:
    """A quantity the other way round: `fewer than 2 of …` for `at least 2 of …`; empty for one that
    has no such opposite.
    """
    for op, operator in OPERATORS.items():
        for start in (op, QUANTITIES.get(op, op)):
            if operator.is_ordering and quantity.startswith(f"{start} "):
                opposite = operator.negation
                return f"{QUANTITIES.get(opposite, opposite)}{quantity.removeprefix(start)}"
    return ""


def needed(op: str, kind: Type | None, values: Sequence[str]) -> str:
    """What a comparison asks for, where the values are known: `63..87`, `good or better`."""
    return OPERATORS[op].phrase(kind, values)


def not_needed(op: str, kind: Type | None, values: Sequence[str]) -> str:
    """What there has to be for a comparison to fail: `more than 2 or no value` for `at most 2`."""
    words, operator = needed(op, kind, values), OPERATORS[op]
    if operator.denies:
        return needed(operator.negation, kind, values)
    if isinstance(kind, YesNo) and words in ("yes", "no"):
        return f"{'no' if words == 'yes' else 'yes'} or no value"
    if words.startswith("not "):  # a value of that name
        return f"anything but “{words}”"
    if operator.is_ordering and not isinstance(kind, Scale):
        return f"{needed(operator.negation, kind, values)} or no value"
    return f"not {words}"


def value_words(value: Value, kind: Type | None) -> str:
    """A value as rules write it, without quotation marks."""
    if value is None:
        return "no value"
    return kind.show(value) if kind is not None else str(value)


def joined_words(kind: str, parts: Sequence[str]) -> str:
    """Conditions under `all of`, `any of` or `none of` on one line."""
    return f"{kind}: {'; '.join(parts)}"


def share_words(share: Fraction) -> str:
    """A part of all: `half`, `40%`."""
    return "half" if share == Fraction(1, 2) else f"{show_number(share * 100)}%"
