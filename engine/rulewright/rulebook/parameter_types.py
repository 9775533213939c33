"""Of what type a parameter is: its first value says so, and an amendment gives it another value of
that type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rulewright.ir.types import Choice, Date, Months, Number, Type, YesNo
from rulewright.syntax.errors import Problems
from rulewright.syntax.text import Map, Text, place_of

_TYPES = (Months(), Number(True), Number(False), Date(), YesNo())


def declared_type(tree: Map, own: Text | None = None) -> Type | None:
    """The type of a parameter, from its entry in a part; `own`: the value that a policy sets, where
    the entry has none.
    """
    words = tree.get("one of")
    if words:
        return Choice(tuple(map(str, words)))
    written = next(_values(tree), own)
    return next(
        (kind for kind in _TYPES if written is not None and kind.parse(written) is not None), None
    )


def keeps_its_type(tree: Map, new: dict[Any, Any], problems: Problems) -> bool:
    """Whether a parameter that is amended keeps its type; a number may have a fraction from then
    on. Notes RW333.
    """
    kind = declared_type(tree)
    if kind is None or "one of" in new:
        return True
    wider = Number(False) if kind == Number(True) else kind
    wrong = [each for each in _values(new) if wider.parse(each) is None]
    for each in wrong:
        problems.add(
            "RW333",
            place_of(each),
            f"`{each}` is not a value of `{tree['parameter']}`",
            f"expected {kind.expected()}",
        )
    return not wrong


def _values(tree: dict[Any, Any]) -> Iterator[Text]:
    dated = tree.get("values")
    for each in (tree.get("value"), *(dated.values() if isinstance(dated, dict) else ())):
        if isinstance(each, Text):
            yield each
