"""What is repealed and still used: an amendment may not leave that behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rulewright.language.errors import Problems
from rulewright.language.lexer import Lexicon
from rulewright.language.rulebook import Item, as_seq
from rulewright.language.text import key, place_of, plain

from .assembly import Assembly


def still_used(found: Assembly, before: Mapping[str, str] | None = None) -> None:
    """Raises RW410 for each principle, parameter or word that is repealed while something uses it.

    `before`: what was repealed already when this was last asked, and is not asked again.
    """
    problems = Problems()
    where = place_of(found.policy.policy)
    for name, kind in found.repealed.items():
        if (before and name in before) or kind not in ("principle", "parameter", "member", "attribute", "interpretation", "document"):
            continue
        users = sorted(str(i.id) for i in found.items.values() if uses(i, name, kind))
        if kind == "attribute" and not users:
            continue
        if users and not (kind in ("member", "attribute") and _still_declared(found, name)):
            listed = ", ".join(f"`{each}`" for each in users)
            problems.add("RW410", found.repealed_at.get(name, where), f"`{name}` is repealed and still used by {listed}",
                         "repeal or replace these too")  # fmt: skip
    problems.stop_if_any()


def _still_declared(found: Assembly, word: str) -> bool:
    for tree in found.vocabulary.get("entities", {}).values():
        words = [*(tree.get("members") or []), *(tree.get("given") or {}), *(tree.get("derived") or {})]
        if any(key(each) == word for each in words):
            return True
    return False


def uses(item: Item, name: str, kind: str) -> bool:
    """Whether an entry uses a principle, parameter, word, interpretation or document of that name."""
    if kind == "principle":
        return item.kind == "use" and item.id.partition("@")[0] == name
    if kind == "document":
        cited = [tree.get("source") for tree in (item.tree, *(item.tree.get("rules") or () if item.kind == "principle" else ()))]
        return any(each.get("document") == name for source in cited for each in as_seq(source))
    if kind == "interpretation":
        return any(name in as_seq(tree.get("interpretation")) for tree in (item.tree, *(item.tree.get("rules") or ())))
    lexicon = Lexicon([name])
    sections = ("of", "when", "unless", "then", "otherwise", "limit", "note", "warn", "input", "inputs", "let", "rules")
    takes = [v for k, v in item.tree.items() if item.kind == "use" and k not in ("use", "source", "interpretation", "about")]
    first = key(name).partition(" ")[0]  # seen before the sentence is cut into words
    return any(_mentions(each, lexicon, first) for each in [*(item.tree.get(s) for s in sections), *takes])


def _mentions(value: Any, lexicon: Lexicon, first: str) -> bool:
    if isinstance(value, dict):
        return any(_mentions(each, lexicon, first) for each in value.values())
    if isinstance(value, list):
        return any(_mentions(each, lexicon, first) for each in value)
    return isinstance(value, str) and first in plain(value) and any(token.type == "NAME" for token in lexicon.tokens(value))
