"""Conditions about a policy that is compiled already: asked of its cases, without being one of its
rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rulewright.ir.interning import interned
from rulewright.ir.nodes import Condition, Kind, Rule
from rulewright.ir.program import Program
from rulewright.ir.types import Choice
from rulewright.syntax.lexer import lexicon_of
from rulewright.syntax.text import key

from .scope import Scope, kinds_of
from .unused_kinds import idle_sets


def scope_of(program: Program, kinds: tuple[Kind, ...] = ()) -> Scope:
    """Where a sentence about such things stands, read in the words of a policy; without `kinds`,
    about the outermost thing.
    """
    parameters = program.parameters
    names = [*program.vocabulary.names(), *(each.name for each in parameters.values())]
    names += [
        value
        for each in parameters.values()
        if isinstance(each.type, Choice)
        for value in each.type.values
    ]
    root = kinds_of(program.vocabulary, key(program.vocabulary.root.name))
    return Scope(
        program.vocabulary,
        lexicon_of(tuple(map(str, names))),
        {name: each.type for name, each in parameters.items()},
        kinds or root,
    )


def with_questions(
    program: Program, questions: Mapping[str, tuple[Sequence[Kind], tuple[Condition, ...]]]
) -> Program:
    """A policy that also answers questions, each by its id: what becomes of its conditions on
    things of its kinds.

    The questions stand among the notes, which no rule reads: no value is another one by them.
    """
    notices = dict(program.notices)
    for name, (kinds, conditions) in questions.items():
        asked = Rule(id=name, written=name, effect="note", conditions=conditions)
        for kind in kinds:
            notices[kind] = tuple(sorted((*notices.get(kind, ()), asked), key=lambda each: each.id))
    asking = interned(replace(program, notices=notices))
    return replace(asking, idle=idle_sets(asking, scope_of(program)))
