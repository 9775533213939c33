"""Which defaults a decision relied on: those that some condition or conclusion read in this case.

A rule of a supplied attribute is not asked, so it reads nothing; `is known` asks whether a fact is
stated, not what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.language.cases import Case, Entity
from rulewright.program.model import Program
from rulewright.program.nodes import (
    Aggregate,
    Arithmetic,
    Collection,
    Compare,
    Condition,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Kind,
    Literal,
    Noun,
    Quantified,
    Round,
    Rule,
    Same,
    Test,
    Union,
    Where,
)

from .evaluator import Evaluation
from .result import NOT_MET
from .trail import Place, reached, reached_item

Look = tuple[
    Collection | None, Noun
]  # an attribute that is read: of the items of a collection, or as seen from the rule's entity


def defaults_read(program: Program, case: Case, evaluation: Evaluation) -> list[Place]:
    """Each default that was read, in the order of the case."""
    looks = _Looks(program)
    found: set[Place] = set()
    for entity in case.entities:
        kind = Kind.of(entity)
        rules: list[Rule] = []
        for node in program.nodes_of(kind):
            if (entity.index, node.key.attribute) not in case.supplied:
                rules += node.every_rule
        wanted = {
            look for rule in (*rules, *program.notices.get(kind, ())) for look in looks.of(rule)
        }
        if entity is case.root:
            asked = (
                *program.scope,
                *(each.once for each in program.withdrawals if each.once is not None),
            )
            wanted |= {look for condition in asked for look in looks.of_condition(condition)}
        for collection, noun in wanted:
            for holder in _holders(collection, noun, entity, evaluation):
                declared = program.vocabulary.entities[holder.type].attributes[noun.attribute]
                if (
                    declared.has_default
                    and noun.attribute not in holder.facts
                    and noun.attribute not in holder.unknown
                ):
                    found.add((holder.index, noun.attribute))
    return sorted(found)


def _holders(
    collection: Collection | None, noun: Noun, entity: Entity, evaluation: Evaluation
) -> Iterator[Entity]:
    if collection is None:
        yield reached(noun.reach, entity)
        return
    for item in evaluation.items(collection, entity):
        if item.present != NOT_MET:
            yield reached_item(noun.reach, entity, item.entity)


class _Looks:
    """What rules read of facts that have defaults; conditions that rules share are gone through
    once.
    """

    def __init__(self, program: Program) -> None:
        self.with_default = {
            name
            for entity in program.vocabulary.entities.values()
            for name, each in entity.attributes.items()
            if each.given and each.has_default
        }
        self.known: dict[int, tuple[Look, ...]] = {}

    def of(self, rule: Rule) -> Iterator[Look]:
        for condition in rule.conditions:
            yield from self.of_condition(condition)
        for piece in (rule.value, *rule.template):
            if piece is not None and not isinstance(piece, str | Literal):
                yield from self._once(piece)

    def of_condition(self, condition: Condition) -> tuple[Look, ...]:
        found = self.known.get(id(condition.body))
        if found is None:
            found = self.known[id(condition.body)] = self._kept(_condition(condition))
        return found

    def _once(self, piece: Expression | Collection) -> tuple[Look, ...]:
        found = self.known.get(id(piece))
        if found is None:
            looks = (
                _collection(piece) if isinstance(piece, Collection) else _expression(piece, None)
            )
            found = self.known[id(piece)] = self._kept(looks)
        return found

    def _kept(self, looks: Iterator[Look]) -> tuple[Look, ...]:
        return tuple(
            dict.fromkeys(
                each for each in looks if each[1].given and each[1].attribute in self.with_default
            )
        )


def _condition(condition: Condition) -> Iterator[Look]:
    match condition.body:
        case Joined(_, parts):
            for part in parts:
                yield from _condition(part)
        case Quantified(_, collection, test, amount):
            yield from _collection(collection)
            yield from _test(test, collection)
            if amount is not None:
                yield from _expression(amount, None)
        case test:
            yield from _test(test, None)


def _test(test: Test, items: Collection | None) -> Iterator[Look]:
    if isinstance(test, Compare):
        for side in (test.left, *test.right):
            yield from _expression(side, items)


def _expression(expression: Expression, items: Collection | None) -> Iterator[Look]:
    match expression:
        case Noun(reach, _):
            yield items if reach.item else None, expression
        case Arithmetic(_, left, right):
            yield from _expression(left, items)
            yield from _expression(right, items)
        case Round(_, of):
            yield from _expression(of, items)
        case Count(collection, test):
            yield from _collection(collection)
            if test is not None:
                yield from _test(test, collection)
        case Aggregate(_, collection, noun):
            yield from _collection(collection)
            yield collection, noun


def _collection(collection: Collection) -> Iterator[Look]:
    match collection:
        case Where(of, tests):
            yield from _collection(of)
            for test in tests:
                yield from _test(test, of)
        case Each(of, _) | Same(of, _) | Except(of, _):
            yield from _collection(of)
        case Union(parts):
            for part in parts:
                yield from _collection(part)
