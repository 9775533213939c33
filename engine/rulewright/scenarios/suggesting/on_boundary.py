"""Cases on a boundary: what a changed comparison is about is supplied, at a value for which the change makes a difference."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language.cases import Case
from rulewright.language.text import Map, Text
from rulewright.language.types import Value
from rulewright.program.model import Program
from rulewright.program.nodes import HERE, Compare, Expression, Kind, NodeKey, Noun, Rule
from rulewright.program.regions import Region, atoms, example, meet, region, whole
from rulewright.scenarios.mutation.mutant import Effect

from .skeletons import skeletons


def supplied(program: Program, effect: Effect, as_at: int) -> Iterator[tuple[Case, Map]]:
    """Cases without facts, each with what is supplied to it; one for each rule that a mutant changes."""
    seen: set[tuple[NodeKey, str]] = set()
    for where, old, new in effect.rules:
        if not isinstance(where, NodeKey):
            continue
        for about, value in _values(old, new):
            if not isinstance(about, Noun) or about.given or about.reach != HERE or about.type is None:
                continue
            attribute = program.vocabulary.entities[where.entity].attributes[about.attribute]
            shown = about.type.show(value)
            case = next(skeletons(program, as_at, {where.entity}, {where.kind}), None)
            if case is None or attribute.hidden or (where, shown) in seen:
                continue
            seen.add((where, shown))
            entity = next(each for each in case.entities if Kind.of(each) == where.kind)
            yield case, Map({Text(f"{entity.path} > {attribute.name}"): Text(shown)})


def _values(old: Rule, new: Rule | None) -> Iterator[tuple[Expression, Value]]:
    """What a rule compares, with a value that it allows with the change or without, not both; else one that it allows."""
    for index, condition in enumerate(old.conditions):
        body = condition.body
        if not isinstance(body, Compare) or body.left.type is None:
            continue
        before = region(body)
        changed = new.conditions[index].body if new is not None and len(new.conditions) == len(old.conditions) else None
        after = region(changed) if isinstance(changed, Compare) and changed.left == body.left else before
        domain = whole(body.left.type)
        if before is None or after is None or domain is None:
            continue
        told: list[Region] = [piece for piece, inside in atoms([before, after], body.left.type) if len(inside) == 1]
        told = told or [meet(before, domain)]
        if told[0]:
            yield body.left, example(told[0], body.left.type)
