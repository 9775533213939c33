"""Mutants of what a principle is used on: the filters of an argument (`ratings: … where counted
above is yes`), in all rules of the use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from rulewright.compiler.authors_words import in_style_of_values
from rulewright.compiler.changed_policy import Base
from rulewright.compiler.memory import remembered_base
from rulewright.compiler.principles import use_of
from rulewright.compiler.rendering import Renderer
from rulewright.ir.nodes import (
    Collection,
    Compare,
    Condition,
    Each,
    Except,
    Joined,
    NodeKey,
    Noun,
    Rule,
    Same,
    Where,
)
from rulewright.ir.program import Program
from rulewright.ir.traversal import Term, map_nodes
from rulewright.mutation.mutant import Effect, Mutant
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.text import Text, key

from .comparisons import MutantEdit, comparisons

Held = list[tuple[NodeKey, Rule]]  # the rules of a use
T = TypeVar("T", bound=Term)


class Uses:
    """The uses of a rulebook that filter what they take."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def mutants(self, program: Program) -> Iterator[Mutant]:
        """Every small change of a filter, in one policy."""
        base = base_behind(self.book, program)
        for use, held in _by_use(program).items():
            taken = base.unroller.taken.get(use, {})
            if not taken:
                continue
            scope = base.unroller.scope((held[0][0].kind,))
            for word, text in base.assembly.items[use].tree.items():
                bound = taken.get(key(word))
                if bound is not None and bound.collection is not None:
                    style = in_style_of_values(text, Renderer(scope))
                    found = _of_argument(use, text, bound.collection, bound.noun, style)
                    yield from _with_effects(found, bound.collection, program.policy, held)


def base_behind(book: Rulebook, program: Program) -> Base:
    """The compiled policy of a program, or that of which it is another reading."""
    return remembered_base(book, program.policy.removesuffix(f" under {program.reading}"))


def _by_use(program: Program) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for node in program.nodes:
        otherwise = () if node.otherwise is None else (node.otherwise,)
        for rule in (*node.rules, *node.limits, *otherwise):
            found.setdefault(use_of(node.key.attribute, rule), []).append((node.key, rule))
    return found


def _of_argument(
    use: str, text: Text, taken: Collection, noun: Noun | None, style: Renderer
) -> Iterator[tuple[Mutant, Collection]]:
    """The changes of one argument, each with the collection that the use then takes."""
    for operator, new in _filters(taken, style):
        after = style.values(new, noun)  # type: ignore[arg-type]
        what = f"`{text}` becomes `{after}` in `{use}`"
        detail = f"{text} > {after}"
        yield Mutant(operator, use, text.place, detail, what, str(text), after), new  # type: ignore[misc]


def _with_effects(
    found: Iterator[tuple[Mutant, Collection]], taken: Collection, policy: str, held: Held
) -> Iterator[Mutant]:
    for mutant, new in found:
        edits = [(node, rule, _with(rule, taken, new)) for node, rule in held]
        changed = [(node, rule, other) for node, rule, other in edits if other is not rule]
        mutant.effects[policy] = Effect(list(changed))
        yield mutant


def _filters(body: Collection, style: Renderer) -> Iterator[MutantEdit]:
    """The small changes of the filters that an argument itself says."""
    if style.is_named(body):
        return
    if isinstance(body, Where):
        for index, test in enumerate(body.tests):
            before, after = body.tests[:index], body.tests[index + 1 :]
            rest = (*before, *after)
            yield MutantEdit("filter dropped", replace(body, tests=rest) if rest else body.of)
            if isinstance(test, Compare):
                for edit in comparisons(test):
                    yield edit._replace(body=replace(body, tests=(*before, edit.body, *after)))  # type: ignore[arg-type]
    elif isinstance(body, Each | Same | Except):
        for edit in _filters(body.of, style):
            yield edit._replace(body=replace(body, of=edit.body))  # type: ignore[arg-type]


def _with(rule: Rule, old: Collection, new: Collection) -> Rule:
    """A rule that takes another collection."""
    conditions = tuple(_in_condition(each, old, new) for each in rule.conditions)
    value = None if rule.value is None else _put(rule.value, old, new)
    if (conditions, value) == (rule.conditions, rule.value):
        return rule
    return replace(rule, conditions=conditions, value=value)


def _in_condition(condition: Condition, old: Collection, new: Collection) -> Condition:
    body = condition.body
    if isinstance(body, Joined):
        parts = tuple(_in_condition(each, old, new) for each in body.parts)
        return replace(condition, body=replace(body, parts=parts))
    return replace(condition, body=_put(body, old, new))


def _put(term: T, old: Collection, new: Collection) -> T:
    """A condition or expression with one collection in place of another."""
    found: T = map_nodes(lambda each: new if each == old else each, term)  # type: ignore[assignment]
    return found
