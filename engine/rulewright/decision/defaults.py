"""Which defaults a decision relied on: those that some condition or conclusion read in this case.

A rule of a supplied attribute is not asked, so it reads nothing; `is known` asks whether a fact is
stated, not what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import NOT_MET
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Collection, Condition, Kind, Noun, Rule
from rulewright.ir.program import Program
from rulewright.ir.traversal import Term, children, reads

from .tracer import Place, reached, reached_item

Look = tuple[
    Collection | None, Noun
]  # an attribute that is read: of the items of a collection, or as seen from the rule's entity


def defaults_read(program: Program, case: Case, evaluation: Evaluation) -> list[Place]:
    """Each default that was read, in the order of the case."""
    looks = _looks_of(program)
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
            wanted |= {look for condition in asked for look in looks.of(condition)}
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


def _looks_of(program: Program) -> _Looks:
    """What the rules of a program read; worked out once."""
    found: _Looks | None = program.__dict__.get("_looks")
    if found is None:
        found = _Looks(program)
        object.__setattr__(program, "_looks", found)
    return found


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

    def of(self, term: Term) -> tuple[Look, ...]:
        shared = term.body if isinstance(term, Condition) else term
        found = self.known.get(id(shared))
        if found is None:
            looks = chain.from_iterable(map(self.of, children(term)))
            found = tuple(dict.fromkeys(looks if isinstance(term, Rule) else self._read(term)))
            self.known[id(shared)] = found
        return found

    def _read(self, term: Term) -> Iterator[Look]:
        for noun, over, whether_known in reads(term):
            given = isinstance(noun, Noun) and noun.given and not whether_known
            if isinstance(noun, Noun) and given and noun.attribute in self.with_default:
                yield over, noun
