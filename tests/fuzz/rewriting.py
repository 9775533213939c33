"""A generated rulebook written in the first place as an amendment would have it: what amending must
equal.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from .books import Book
from .words import Tree

CONCLUSIONS = ("then", "otherwise", "limit", "note", "warn")


def name_of(item: Tree) -> str:
    """The id of a rule, table or use; else nothing."""
    return str(next((item[kind] for kind in ("rule", "table", "use") if kind in item), ""))


def rows_of(item: Tree, rulebook: Book) -> Any:
    """The rows of a table, read from its CSV file where it has one."""
    rows = item["rows"]
    return (
        list(csv.DictReader(StringIO(rulebook.csv[f"rules/{rows}"])))
        if isinstance(rows, str)
        else rows
    )


def without(rulebook: Book, gone: list[str]) -> Book:
    """The rulebook written without some entries; overrides of them left out."""
    copy = rulebook.copy()
    for part, items in copy.parts.items():
        copy.parts[part] = [item for item in items if name_of(item) not in gone]
        for item in copy.parts[part]:
            for tree in (item, *(item.get("rules") or [])):
                if "overrides" in tree:
                    tree["overrides"] = [
                        each for each in tree["overrides"] if str(each) not in gone
                    ]
    copy.parts = {part: items for part, items in copy.parts.items() if items}
    return copy


def rewritten(rulebook: Book, amendment: Tree) -> Book | None:
    """The rulebook with all that an amendment changes.

    `None`: what changes in one use of a principle cannot be written so.
    """
    kept = {
        name: each["while"] for each in amendment.get("transitional", []) for name in each["rules"]
    }
    gone = [name for name in amendment.get("repeals", []) if name not in kept]
    copy = rulebook.copy()
    for target, content in amendment.get("replaces", {}).items():
        if not _replaced(copy, target, content):
            return None
    for name, value in amendment.get("parameters", {}).items():
        _replaced(copy, name, value)
    copy.parts = {
        **copy.parts,
        "rules/added.yaml": [
            dict(each) for each in amendment.get("adds", []) if "member" not in each
        ],
    }
    for each in amendment.get("adds", []):
        if "member" in each:
            members = next(
                tree["entities"][each["of"]]["members"]
                for tree in copy.vocabulary
                if each["of"] in tree.get("entities", {})
            )
            members.insert(members.index(each["after"]) + 1, each["member"])
    for item in (item for part in copy.parts.values() for item in part):
        if name_of(item) in kept:
            before = item.get("when", [])
            item["when"] = [
                *(before if isinstance(before, list) else [before]),
                kept[name_of(item)],
            ]
    return without(copy, gone)


def _replaced(rulebook: Book, target: str, content: Any) -> bool:
    table, _, row = target.removesuffix("]").partition("[")
    entity, _, word = target.partition(" > ")
    if word:
        for tree in rulebook.vocabulary:
            if entity in tree.get("entities", {}):
                declared = tree["entities"][entity]
                declared["given" if word in declared.get("given", {}) else "derived"][word] |= (
                    content
                )
                return True
    for item in (item for part in rulebook.parts.values() for item in part):
        if row and item.get("table") == table:
            rows = item["rows"] = rows_of(item, rulebook)
            if isinstance(rows, dict):
                rows[row] = content
            else:
                next(each for each in rows if each["id"] == row).update(content)
            return True
        if item.get("parameter") == target:
            item.pop("value", None)
            item.pop("values", None)
            item.update(content if isinstance(content, dict) else {"value": content})
            return True
        for rule in item.get("rules", []):
            if f"{item['principle']}.{rule['rule']}" == target:
                rule.update(content)
                return True
        if target in (item.get("rule"), item.get("use")):
            if any(each in content for each in CONCLUSIONS):
                for each in CONCLUSIONS:
                    item.pop(each, None)
            item.update(content)
            return True
    return False
