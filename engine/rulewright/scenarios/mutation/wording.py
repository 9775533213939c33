"""A rule's own words with one small change: the text of a condition edited where the condition
was.
"""

from __future__ import annotations

import re

from rulewright.language.types import Date, Number, Scale, Type, Value
from rulewright.program.operators import OPERATORS

_DATES = {
    name: each.phrases.date.removesuffix(" {}")
    for name, each in OPERATORS.items()
    if each.phrases.date
}


def in_words(value: Value, kind: Type | None) -> str:
    """A value as rules write it."""
    if value is None:
        return "no value"
    return kind.show(value) if kind is not None else str(value)


def swapped(text: str, old: str, new: str, *, last: bool = False) -> str | None:
    """`text` with `new` in the place of the first (or last) `old`, which stands there as whole
    words; `None` without one.
    """
    found = list(re.finditer(_as_written(old), text, re.IGNORECASE))
    if not found:
        return None
    match = found[-1 if last else 0]
    return text[: match.start()] + new + text[match.end() :]


def _as_written(words: str) -> str:
    spaced = r"\s+".join(map(re.escape, words.split()))
    before = r"(?<!\w)(?<!\d\.)" if words[:1].isalnum() else ""
    after = r"(?!\w|\.\d)" if words[-1:].isalnum() else ""
    return before + spaced + after


def told(text: str, found: str | None, old: str, new: str) -> str:
    """The words of a change; where they could not be edited, what stands for what."""
    return found if found is not None else f"{text} (with `{new}` for `{old}`)"


def with_value(text: str, old: str, new: str) -> str:
    """A comparison with another value: what it compares with stands last."""
    return told(text, swapped(text, old, new, last=True), old, new)


def with_comparison(text: str, old: str, new: str, value: str, kind: Type | None) -> str:
    """A comparison that compares otherwise with the same value.

    `value` is empty where it is not written out.
    """
    if isinstance(kind, Date) and old in _DATES and new in _DATES:
        return told(text, swapped(text, _DATES[old], _DATES[new], last=True), old, new)
    for pattern in _forms(old, value):
        found = swapped(text, pattern, _form(new, value, kind, pattern), last=True)
        if found is not None:
            return found
    return told(text, None, old, new)


def _forms(op: str, value: str) -> list[str]:
    if not value:
        return [op]
    forms = {
        "at least": ["at least {}", "{} or better", "{} or more", "on or after {}"],
        "at most": ["at most {}", "{} or worse", "up to {}", "on or before {}"],
        "more than": ["more than {}", "after {}"],
        "less than": ["less than {}", "before {}"],
        "is": ["{}"],
        "is not": ["not {}"],
    }
    return [form.format(value) for form in forms.get(op, [])]


def _form(op: str, value: str, kind: Type | None, replaced: str) -> str:
    """A comparison in the style of what it stands for."""
    if not value:
        return f"is {op}" if replaced == "is" and op not in ("is", "is not") else op
    if op in ("is", "is not"):
        return value if op == "is" else f"not {value}"
    if isinstance(kind, Scale) and op in ("at least", "at most"):
        return f"{value} or {'better' if op == 'at least' else 'worse'}"
    if isinstance(kind, Date):
        return f"{_DATES[op]} {value}"
    if (
        isinstance(kind, Number) and replaced.startswith(("up to", value)) and replaced != value
    ):  # the cell of a table
        return (
            f"up to {value}"
            if op == "at most"
            else f"{value} or more"
            if op == "at least"
            else f"{op} {value}"
        )
    return f"{op} {value}"


def without_value(text: str, values: list[str], dropped: str) -> str:
    """A list of values without one of them."""
    rest = [each for each in values if each != dropped]
    listed = r"\s*(?:,|or)\s*".join(_as_written(each) for each in values)
    found = re.search(listed, text, re.IGNORECASE)
    if found is None:
        return told(text, None, dropped, "nothing")
    return text[: found.start()] + ", ".join(rest) + text[found.end() :]


def without_filter(text: str) -> str | None:
    """What is counted without its `where`: it ends where the sentence goes on with what must be so
    of each.
    """
    found = re.search(
        r"\s+where\s+(.+?)(?=\s+(?:has|have|are|is)\s+(?!.*\s(?:has|have|are)\s)|\)|$)",
        text,
        re.IGNORECASE,
    )
    return text[: found.start()] + text[found.end() :] if found else None
