"""Mutants of what a principle is used on: the filters of an argument (`ratings: … where counted
above is yes`), in all rules of the use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from rulewright.language.rulebook import Item, Rulebook
from rulewright.language.text import Text
from rulewright.program.model import Program
from rulewright.program.nodes import Compare, Condition, Joined, NodeKey, Rule, Where
from rulewright.program.traversal import Term, Terms, find, leaves, map_nodes

from .comparing import comparisons
from .mutant import Effect, Mutant

Change = tuple[
    str, str, Term
]  # the kind of change, the argument's words afterwards, what stands in place of the filtered collection
T = TypeVar("T", bound=Term)


class Uses:
    """The uses of a rulebook that filter what they take."""

    def __init__(self, book: Rulebook) -> None:
        self._filtered = {
            str(item.id): item
            for items in book.parts.values()
            for item in items
            if item.kind == "use" and any(_filters(each) for each in item.tree.values())
        }

    def mutants(self, program: Program) -> Iterator[Mutant]:
        """Every small change of a filter, in one policy."""
        rules: dict[str, list[tuple[NodeKey, Rule]]] = {}
        for node in program.nodes:
            for rule in (
                *node.rules,
                *node.limits,
                *((node.otherwise,) if node.otherwise is not None else ()),
            ):
                use = _use_of(node.key, rule)
                if use in self._filtered:
                    rules.setdefault(use, []).append((node.key, rule))
        for use, held in rules.items():
            for found in dict.fromkeys(each for _, rule in held for each in _taken(rule)):
                yield from self._of(program.policy, self._filtered[use], found, held)

    def _of(
        self, policy: str, item: Item, found: Where, held: list[tuple[NodeKey, Rule]]
    ) -> Iterator[Mutant]:
        texts = [
            each
            for each in item.tree.values()
            if _filters(each) and len(re.split(r"\s+and\s+", each)) == len(found.tests)
        ]
        if len(texts) != 1:
            return
        [text] = texts
        for operator, after, other in _changes(found, str(text)):
            edits = [
                (key, rule, new)
                for key, rule in held
                if (new := _with(rule, found, other)) is not rule
            ]
            what = f"`{text}` becomes `{after}` in `{item.id}`"
            yield Mutant(
                operator,
                str(item.id),
                text.place,
                f"{text} > {after}",
                what,
                str(text),
                after,
                {policy: Effect(list(edits))},
            )


def _filters(value: object) -> bool:
    return isinstance(value, Text) and re.search(r"\bwhere\b", value, re.IGNORECASE) is not None


def _use_of(key: NodeKey, rule: Rule) -> str:
    """The use that a rule was unrolled for; a table of a principle is an attribute of its own,
    named after the use.
    """
    if "@" in key.attribute:
        return key.attribute.partition("@")[2]
    return f"{rule.id.partition('.')[0]}@{rule.written.partition('@')[2]}"


def _taken(rule: Rule) -> Iterator[Where]:
    """The filtered collections that a rule got from its use: its own words say nothing of a
    filter.
    """
    for condition in leaves(*rule.conditions):
        if not _says_where(condition):
            yield from _outermost(condition.body)
    if rule.value is not None and not re.search(r"\bwhere\b", rule.text, re.IGNORECASE):
        yield from _outermost(rule.value)


def _outermost(*values: Terms) -> Iterator[Where]:
    """The filtered collections in a condition or expression; what is filtered within them belongs
    to a declared collection.
    """
    inner = tuple(each.of for each in find(Where, *values))
    yield from find(Where, *values, but=inner)


def _says_where(condition: Condition) -> bool:
    return re.search(r"\bwhere\b", condition.text, re.IGNORECASE) is not None


def _changes(found: Where, text: str) -> Iterator[Change]:
    for index, test in enumerate(found.tests):
        rest = (*found.tests[:index], *found.tests[index + 1 :])
        yield (
            "filter dropped",
            _without(text, index, len(found.tests)),
            replace(found, tests=rest) if rest else found.of,
        )
        if isinstance(test, Compare):
            for edit in comparisons(test, text):
                tests = (*found.tests[:index], edit.body, *found.tests[index + 1 :])
                yield edit.operator, edit.after, replace(found, tests=tests)  # type: ignore[arg-type]


def _without(text: str, index: int, count: int) -> str:
    """The words of an argument without one test of its filter, with which they end."""
    begun, _, filtered = re.split(r"(\s+where\s+)", text, maxsplit=1, flags=re.IGNORECASE)
    words = re.split(r"\s+and\s+", filtered)
    if count == 1:
        return begun
    kept = [*words[:index], *words[index + 1 :]]
    return f"{begun} where {' and '.join(kept)}"


def _with(rule: Rule, old: Where, new: Term) -> Rule:
    conditions = tuple(_in_condition(each, old, new) for each in rule.conditions)
    value = None if rule.value is None else _put(rule.value, old, new)
    return (
        rule
        if (conditions, value) == (rule.conditions, rule.value)
        else replace(rule, conditions=conditions, value=value)
    )


def _in_condition(condition: Condition, old: Where, new: Term) -> Condition:
    body = condition.body
    if isinstance(body, Joined):
        return replace(
            condition,
            body=replace(body, parts=tuple(_in_condition(each, old, new) for each in body.parts)),
        )
    return condition if _says_where(condition) else replace(condition, body=_put(body, old, new))


def _put(term: T, old: Where, new: Term) -> T:
    """A condition or expression with one collection in place of another."""
    found: T = map_nodes(lambda each: new if each == old else each, term)  # type: ignore[assignment]
    return found
