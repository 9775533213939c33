"""The trees that entries are written in: copied, merged with what an amendment says, and read
again.
"""

from __future__ import annotations

from typing import Any

from rulewright.rulebook.rulebook import RulebookEntry, as_seq, read_items
from rulewright.syntax.errors import InputError, Problems
from rulewright.syntax.text import Map, key, place_of

CONCLUSIONS = ("then", "otherwise", "limit", "note", "warn")
CONDITIONS = ("when", "unless")


def copied(value: Any) -> Any:
    """A copy of the mappings and lists of a tree; the text in it is shared."""
    if isinstance(value, Map):
        new = type(value)(
            {k: copied(v) if isinstance(v, (dict, list)) else v for k, v in value.items()}
        )
        new.place = value.place
        return new
    if isinstance(value, list):
        sequence = as_seq(
            [copied(each) if isinstance(each, (dict, list)) else each for each in value]
        )
        sequence.place = place_of(value)
        sequence.flow = getattr(value, "flow", False)
        return sequence
    return value


def merged(old: dict[Any, Any], new: dict[Any, Any]) -> Map:
    """`old` with the fields of `new`; what is not named stays.

    The conclusions of a rule exclude one another. Another interpretation or source (by its id or
    document) replaces the whole of the old one.
    """
    result: Map = copied(old)
    if (
        "rule" in old
        and any(each in new for each in CONCLUSIONS)
        and any(each in old for each in CONCLUSIONS)
    ):
        for each in [k for k in result if k in CONCLUSIONS]:
            del result[each]
    for name, content in new.items():
        before = result.get(name)
        if isinstance(before, Map) and merges(str(name), before, content):
            content = merged(before, content)
        if content is None and name in result:
            del result[name]
        else:
            result[name] = content
    return result


def merges(field: str, before: Any, content: Any) -> bool:
    """Whether the new content of a field is merged into the old, or replaces it whole, as
    conditions do.
    """
    return (
        isinstance(before, Map)
        and isinstance(content, dict)
        and field not in CONDITIONS
        and not _another(field, before, content)
    )


def _another(field: str, old: dict[Any, Any], new: dict[Any, Any]) -> bool:
    identity = {"interpretation": "id", "source": "document"}.get(field)
    return identity is not None and identity in new and new[identity] != old.get(identity)


def merge_into(whole: dict[Any, Any], more: dict[Any, Any]) -> None:
    """More vocabulary into what is there: mappings are joined, lists get the new entries."""
    for name, content in more.items():
        existing = next((each for each in whole if key(each) == key(name)), None)
        if existing is None:
            whole[name] = copied(content)
        elif isinstance(whole[existing], dict) and isinstance(content, dict):
            merge_into(whole[existing], content)
        elif isinstance(whole[existing], list) and isinstance(content, list):
            whole[existing].extend(each for each in content if each not in whole[existing])
        else:
            whole[existing] = content


def validate(item: RulebookEntry, problems: Problems) -> None:
    """Note where an entry has no longer the shape of its kind."""
    try:
        list(read_items([item.tree], item.part, item.place.file))
    except InputError as error:
        problems.take(error)
