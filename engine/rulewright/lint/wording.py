"""How findings name things: values that are left out, lists of names, whose an attribute is."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.ir.nodes import NodeKey
from rulewright.ir.types import Type
from rulewright.ir.value_sets import Exact, Region, Span
from rulewright.ir.vocabulary import Vocabulary


def listed(names: Iterable[str], joint: str = "and") -> str:
    """`a`, `b` and `c`, each in backticks."""
    quoted = [f"`{each}`" for each in dict.fromkeys(names)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {joint} {quoted[-1]}"


def show_region(region: Region, kind: Type) -> str:
    """The values of a region in words: `63..65`, `89 or more`, `not rated`."""
    if isinstance(region, frozenset):
        return ", ".join(kind.show(each) for each in getattr(kind, "values", ()) if each in region)
    return ", ".join(_span(each, kind) for each in region)


def _span(span: Span, kind: Type) -> str:
    if span.low is None and span.high is None:
        return "any value"
    if span.low == span.high:
        return kind.show(span.low)
    low = _end(span.low, kind, "more than ", span.low_open)
    high = _end(span.high, kind, "less than ", span.high_open)
    if span.high is None:
        return low if span.low_open else f"{low} or more"
    if span.low is None:
        return high if span.high_open else f"up to {high}"
    if span.low_open or span.high_open:
        return f"{low if span.low_open else f'from {low}'} and {high if span.high_open else f'up to {high}'}"
    return f"{low}..{high}"


def _end(end: Exact | None, kind: Type, words: str, is_open: bool) -> str:
    return "" if end is None else (words if is_open else "") + kind.show(end)


def whose(vocabulary: Vocabulary, nodes: Iterable[NodeKey]) -> str:
    """Attributes with what they are of, each once: the banded rating and the trust rating of a
    trust.
    """
    owners: dict[str, list[str]] = {}
    for node in nodes:
        entity = vocabulary.entities[node.entity]
        names = owners.setdefault(entity.name, [])
        name = entity.attributes[node.attribute].name
        if name not in names:
            names.append(name)
    groups = [
        f"{_and([f'the {each}' for each in names])} of {article(owner)}"
        for owner, names in owners.items()
    ]
    return _and(groups)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
