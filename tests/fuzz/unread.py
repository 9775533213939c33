"""What must hold of stated facts that nothing in a policy reads; and, found in another way, which
facts something reads.

The compiler follows kinds of entities. Here a case that holds a thing of every kind is made, and
each rule is followed from each of its things to the very things whose facts it names, whether it
fires or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.decision.builder import decide
from rulewright.decision.outcome import Decision
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case, Entity, bind_case
from rulewright.ir.nodes import (
    Aggregate,
    Below,
    Collection,
    Count,
    Each,
    Except,
    Kind,
    NodeKey,
    Noun,
    Quantified,
    Reach,
    Same,
    Union,
    Where,
)
from rulewright.ir.program import Program
from rulewright.ir.vocabulary import EntityType, Vocabulary
from rulewright.workbench import case_from

from .oracle import Slot, completed, tried

# -- which facts something reads


def whole_case(vocabulary: Vocabulary) -> Case:
    """A case of one thing of every kind, without a fact."""
    root = vocabulary.root
    return bind_case(
        case_from({"case": "one of every kind", root.name: _things(root, vocabulary)}), vocabulary
    )


def _things(entity: EntityType, vocabulary: Vocabulary) -> dict[str, Any]:
    below = [vocabulary.entities[each] for each in entity.listed_below]
    found: dict[str, Any] = {
        each.plural: [{"name": f"a {each.name}", **_things(each, vocabulary)}] for each in below
    }
    for each in (vocabulary.entities[name] for name in entity.fixed_below):
        found[each.plural] = {member: _things(each, vocabulary) for member in each.members}
    return found


def nodes_read(program: Program) -> set[NodeKey]:
    """The attributes, given and derived, that some rule, notice, condition of the scope or
    withdrawal names.
    """
    case = whole_case(program.vocabulary)
    found: set[NodeKey] = set()
    for entity in case.entities:
        kind = Kind.of(entity)
        rules = [
            rule
            for node in program.nodes_of(kind)
            for rule in (*node.rules, *node.limits, node.otherwise)
            if rule
        ]
        for rule in (*rules, *program.notices.get(kind, ())):
            found |= set(_Seen(entity).of((rule.conditions, rule.value, rule.template)))
        for withdrawal in program.withdrawals:
            if kind in withdrawal.kinds and withdrawal.until_then and withdrawal.once is not None:
                found.add(_node(entity, withdrawal.until_then))
    asked = (
        program.scope,
        tuple(each.once for each in program.withdrawals if each.once is not None),
    )
    return found | set(_Seen(case.root).of(asked))


def _node(entity: Entity, attribute: str) -> NodeKey:
    return NodeKey(entity.type, entity.parent_type, entity.member, attribute)


@dataclass(frozen=True)
class _Seen:
    """What a rule of `entity` names; `items`: the things that a test is about."""

    entity: Entity
    items: tuple[Entity, ...] = ()

    def of(self, said: Any) -> Iterator[NodeKey]:
        match said:
            case tuple():
                for each in said:
                    yield from self.of(each)
            case Noun(reach, attribute):
                yield from (_node(each, attribute) for each in self.reached(reach))
            case Quantified(_, collection, test, amount):
                yield from self.of((collection, amount))
                yield from self.inside(collection).of(test)
            case (
                Count(collection, about)
                | Aggregate(_, collection, about)
                | Where(collection, about)
            ):
                yield from self.of(collection)
                yield from self.inside(collection).of(about)
            case _ if is_dataclass(said):
                yield from self.of(tuple(getattr(said, each.name) for each in fields(said)))

    def inside(self, collection: Collection) -> _Seen:
        return _Seen(self.entity, tuple(self.things(collection)))

    def reached(self, reach: Reach) -> Iterator[Entity]:
        for start in self.items if reach.item else (self.entity,):
            found = start.climb(reach.up) if reach.up else start
            for kind, member in reach.down:
                found = found.child(kind, member)
            yield found

    def things(self, collection: Collection) -> list[Entity]:
        match collection:
            case Below(start, entity, deep):
                return [
                    each
                    for holder in self.reached(start)
                    for each in (holder.below(entity) if deep else holder.children.get(entity, []))
                ]
            case Each(of, entity):
                return [
                    each for holder in self.things(of) for each in holder.children.get(entity, [])
                ]
            case Same(of, entity):
                return [
                    each
                    for holder in self.things(of)
                    for each in holder.children.get(entity, [])
                    if each.member == self.entity.member
                ]
            case Except(of, members):
                return [each for each in self.things(of) if each.member not in members]
            case Where(of, _):
                return self.things(of)
            case Union(parts):
                return [each for part in parts for each in self.things(part)]


# -- what must hold of the others


def listed(decision: Decision, case: Case, program: Program) -> set[Slot]:
    """The facts that a decision lists as read by nothing."""
    named = {(fact.entity, fact.attribute) for unread in decision.unread for fact in unread.facts}
    slots = {
        (entity.path, program.vocabulary.entities[entity.type].attributes[name].name): (
            entity.index,
            name,
        )
        for entity in case.entities
        for name in entity.facts
    }
    assert named <= slots.keys(), "only what is stated is listed"
    return {slots[each] for each in named}


def check_listed(
    program: Program, case: Case, decision: Decision, read: set[NodeKey] | None = None
) -> set[Slot]:
    """Exactly those facts are listed that nothing names.

    `read`: `nodes_read` of the program, where it is known.
    """
    read = nodes_read(program) if read is None else read
    unread = {
        (entity.index, name)
        for entity in case.entities
        for name in entity.facts
        if _node(entity, name) not in read
    }
    found = listed(decision, case, program)
    assert found == unread, [
        f"{case.entities[index].path} > {name}" for index, name in sorted(found ^ unread)
    ]
    return found


def said_besides(decision: Decision) -> Decision:
    """All that a decision says, but for which facts nothing reads and the digest of the case."""
    return replace(decision, unread=[], case_digest="")


def decided(
    program: Program, case: Case, as_at: int, parameters: dict[str, Any], result: Trace
) -> Decision:
    """The decision that a result is."""
    return decide(
        program,
        case,
        as_at,
        parameters,
        frozenset(),
        PolicyChoice(program.policy, "asked for by name", ()),
        result,
    )


def changed(program: Program, case: Case, unread: set[Slot], singly: int = 1_000) -> Iterator[Case]:
    """The case with each of these facts changed to every other value, one at a time; with all
    changed, left out, and unknown.

    `singly`: so many such changes of a single fact at most.
    """
    others: dict[Slot, list[Any]] = {}
    for index, name in sorted(unread):
        entity = case.entities[index]
        attribute = program.vocabulary.entities[entity.type].attributes[name]
        values = [*tried(attribute.type), *([None] if attribute.may_have_no_value else [])]
        others[index, name] = [each for each in values if each != entity.facts[name].value]
    yield from map(
        partial(completed, case),
        islice(({slot: value} for slot, values in others.items() for value in values), singly),
    )
    for end in (0, -1):
        yield completed(case, {slot: values[end] for slot, values in others.items() if values})
    for unknown in (False, True):
        left_out = deepcopy(case)
        for index, name in unread:
            del left_out.entities[index].facts[name]
            left_out.entities[index].unknown |= {name} if unknown else set()
        yield left_out
