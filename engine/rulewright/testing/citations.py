"""Where a scenario comes from: the published example that its `source` cites."""

from __future__ import annotations

from typing import Any

from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import Problems, nearest
from rulewright.syntax.text import Map, Text, place_of
from rulewright.workbench import Rules

_WORDS = ("document", "section", "paragraph", "mark", "note")


def cited(text: CaseText) -> list[str]:
    """The sources of a scenario in words: `cqc-2024-03, section Levels, paragraph 12`."""
    return [_words(each) for each in _listed(text) if isinstance(each, Map)]


def check_cited(rules: Rules, text: CaseText) -> None:
    """Raises `InputError` (RW817) for a citation of the wrong shape, or of a document that the
    rulebook does not know.
    """
    problems = Problems()
    for each in _listed(text):
        place = place_of(each, text.place)
        if not isinstance(each, Map) or not isinstance(each.get("document"), Text):
            problems.add(
                "RW817",
                place,
                f"the source of `{text.name}` names no document",
                "write `source: {document: ID, section: …, paragraph: …}`",
            )
            continue
        for word, value in each.items():
            if word not in _WORDS:
                problems.add(
                    "RW817",
                    place_of(word, place),
                    f"`{word}` is not known in a source",
                    nearest(word, _WORDS),
                )
            elif not isinstance(value, Text):
                problems.add(
                    "RW817",
                    place_of(word, place),
                    f"`{word}` of a source is not one text",
                    "write text",
                )
        if each["document"] not in rules.book.documents:
            problems.add(
                "RW817",
                place_of(each["document"], place),
                f"`{each['document']}` is not a document of this rulebook",
                nearest(each["document"], rules.book.documents),
            )
    problems.stop_if_any()


def _listed(text: CaseText) -> list[Any]:
    source = text.tree.get("source")
    return source if isinstance(source, list) else [] if source is None else [source]


def _words(source: Map) -> str:
    found = [str(source.get("document") or "")]
    found += [f"{word} {source[word]}" for word in ("section", "paragraph") if source.get(word)]
    return ", ".join(found)
