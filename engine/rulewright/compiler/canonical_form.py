"""Short and long forms of one thing brought to one form, so that two texts are compared by what
they say.

A list of one is its entry, an attribute `rating` is `{type: rating}`, rows stand by their ids, and
what is left empty is not there.
"""

from __future__ import annotations

from typing import Any

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.declarations import declaration
from rulewright.amendments.rules_of_principles import RuleOfUse
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.rulebook.same_text import same
from rulewright.syntax.text import key

from .tables import written_rows

__all__ = ["entry", "same", "same_entries"]


def entry(item: RulebookEntry, assembly: Assembly) -> dict[str, Any]:
    """The tree of an entry: of a table its rows by id, of a parameter the value that a policy has
    set. Raises `InputError`.
    """
    own = assembly.parameters.get(key(item.id)) if item.kind == "parameter" else None
    if own is not None:
        return {
            **{name: each for name, each in item.tree.items() if name != "values"},
            "value": own,
        }
    return _table(item, assembly.book) if item.kind == "table" else item.tree


def _table(item: RulebookEntry, book: Rulebook) -> dict[str, Any]:
    inputs = {
        str(name): text
        for name, text in (item.tree.get("inputs") or {"input": item.tree.get("input")}).items()
    }
    rows = {}
    for number, (_, cells) in enumerate(written_rows(item, book, list(inputs)), 1):
        name = str(cells.get("id") or number)
        tests = [cells[each] for each in inputs]
        short = len(tests) == 1 and key(cells["then"]) == key(name) and not cells.get("note")
        rows[name] = (
            tests[0] if short else {each: cell for each, cell in cells.items() if each != "id"}
        )
    tree = {**item.tree, "rows": rows}
    if len(inputs) == 1:
        tree = {name: each for name, each in tree.items() if name != "inputs"} | {
            "input": next(iter(inputs.values()))
        }
    return tree


def same_entries(one: Assembly, other: Assembly) -> bool:
    """Whether two policies consist of the same entries, words, documents and values of parameters.

    Raises `InputError`.
    """
    pairs = ((item, other.items[name]) for name, item in one.items.items() if name in other.items)
    return (
        one.items.keys() == other.items.keys()
        and all(a.tree is b.tree or same(entry(a, one), entry(b, other)) for a, b in pairs)
        and all(
            same(_rule_of_a_use(one, *where), _rule_of_a_use(other, *where))
            for where in one.local.keys() | other.local.keys()
        )
        and same(_words(one), _words(other))
        and one.documents == other.documents
        and same(one.parameters, other.parameters)
    )


def _rule_of_a_use(assembly: Assembly, use: str, rule: str) -> Any:
    target = RuleOfUse(use, rule)
    return target.read(assembly) if target.applies(assembly) else None


def _words(assembly: Assembly) -> dict[str, Any]:
    found = {name: content for name, content in assembly.vocabulary.items() if name != "entities"}
    for name, tree in assembly.vocabulary.get("entities", {}).items():
        found[f"entity {name}"] = {
            each: {word: declaration(how) for word, how in content.items()}
            if each in ("given", "derived") and content
            else content
            for each, content in tree.items()
        }
    return found
