"""Kinds of things that a program has no use for: a case need not hold their fixed members, as long
as it says nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rulewright.ir.kept import Kept
from rulewright.ir.nodes import Kind, Rule
from rulewright.ir.program import Program
from rulewright.ir.traversal import Terms, collections_in
from rulewright.syntax.text import key

from .collections import collection_kinds
from .dependencies import kinds_in
from .scope import Scope, kinds_of


def idle_sets(
    program: Program, scope: Scope, known: Kept[frozenset[Kind]] | None = None
) -> frozenset[tuple[str, str]]:
    """Each set of things that no rule is of, and of which no rule, notice, scope or withdrawal
    reads, counts or lists anything.

    A set of which something is judged as one with something else is in use.

    A set is named by its entity type and the type of its parent. What lies above something in use
    is in use: it leads there. Nothing else could tell whether such things are there, but for
    answers that there is no value. `known`: the kinds that the rules of an attribute, or notices,
    are of and count, where other programs have them too.
    """
    used = {(kind.entity, kind.parent) for kind in _kinds_in_use(program, scope, known or Kept(1))}
    waiting = [parent for _, parent in used]
    while waiting:
        entity = waiting.pop()
        above = {(entity, parent) for parent in program.vocabulary.parents(entity)} - used
        used |= above
        waiting += [parent for _, parent in above]
    return (
        frozenset(
            (kind.entity, kind.parent) for kind in kinds_in(program.vocabulary) if kind.parent
        )
        - used
    )


def _kinds_in_use(program: Program, scope: Scope, known: Kept[frozenset[Kind]]) -> Iterator[Kind]:
    yield from (each.kind for each in program.asks)
    root = kinds_of(program.vocabulary, key(program.vocabulary.root.name))
    for node in program.nodes:
        yield from known.made((node,), partial(_in_rules, node.key.kind, node.every_rule, scope))
    for kind, notices in program.notices.items():
        yield from known.made(notices, partial(_in_rules, kind, notices, scope), kind)
    for condition in (
        *program.scope,
        *(each.once for each in program.withdrawals if each.once is not None),
    ):
        yield from _counted(condition, root, scope)
    for withdrawal in program.withdrawals:
        yield from withdrawal.kinds
    for group in program.judged_as_one:
        yield from (
            Kind(entity, root[0].entity, member) for entity, member, _ in group.attributes if member
        )


def _in_rules(kind: Kind, rules: tuple[Rule, ...], scope: Scope) -> frozenset[Kind]:
    """The kind of thing that rules are of, if there are any, and the kinds that they count."""
    parts = tuple(each for rule in rules for each in (*rule.conditions, rule.value, *rule.template))
    return _counted(parts, (kind,), scope) | {kind} if rules else frozenset()


def _counted(said: Terms, kinds: tuple[Kind, ...], scope: Scope) -> frozenset[Kind]:
    """The kinds of the items of every collection in a rule or condition."""
    own = Scope(scope.vocabulary, scope.lexicon, scope.parameters, kinds)
    return frozenset(kind for each in collections_in(said) for kind in collection_kinds(each, own))
