"""Interpretations under `replaces` of a rule: the rule's own, changed; or another, which has to be
there or be written out.
"""

from __future__ import annotations

from typing import Any

from rulewright.language.errors import Problems
from rulewright.language.text import place_of

from .assembly import Assembly, near_target
from .interpretations import interpretations_written_in

_NEEDED = ("assumed", "because")


def another_interpretation(
    found: Assembly, old: dict[Any, Any], new: dict[Any, Any], problems: Problems
) -> bool:
    """Whether the interpretation that `new` gives a rule can be read: else it is noted what was
    meant (RW408, RW409).

    One with the `id` of the rule's own changes that one, and needs only the fields that change. Any
    other is a new one, whole.
    """
    written, own = new.get("interpretation"), old.get("interpretation")
    if (
        not isinstance(written, dict)
        or "id" not in written
        or all(each in written for each in _NEEDED)
    ):
        return True
    name = str(written["id"])
    if isinstance(own, dict) and own.get("id") == name:
        return True
    known = interpretations(found)
    if name in known:
        problems.add(
            "RW409",
            place_of(written["id"]),
            f"the interpretation `{name}` is not written out in this rule",
            f"name it under `replaces` by itself: `{name}: {{other readings: …}}`",
        )
    else:
        near = f"{near_target(name, known)} " if near_target(name, known) else ""
        problems.add(
            "RW408",
            place_of(written["id"]),
            f"there is no interpretation `{name}` to replace",
            f"{near}a new one needs {' and '.join(f'`{each}`' for each in _NEEDED)}",
        )
    return False


def interpretations(found: Assembly) -> list[str]:
    """Every interpretation of a policy: those by themselves, and those that are written out in
    rules.
    """
    names = [str(item.id) for item in found.items.values() if item.kind == "interpretation"]
    trees = [
        *(item.tree for item in found.items.values() if item.kind != "interpretation"),
        *(own for own in found.local.values() if own),
    ]
    return sorted({*names, *(name for tree in trees for name in interpretations_written_in(tree))})
