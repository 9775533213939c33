"""What the rules looked at: an engine's bare findings, filled in with entities, values and words.

Both engines give the same findings, so the trail is one. Nothing is decided here.
"""

from __future__ import annotations

from itertools import chain
from typing import assert_never

from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import NO, OUT, STATUS_WORDS, YES, Finding, Possible, Tally, Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import (
    Below,
    Citation,
    Collection,
    Compare,
    Condition,
    Each,
    Except,
    Expression,
    Joined,
    Known,
    NodeKey,
    Noun,
    Quantified,
    Reach,
    Same,
    Test,
    Union,
    Where,
)
from rulewright.ir.program import Program
from rulewright.ir.traversal import counted_in, filters, leaves, nouns_in, operands, sides
from rulewright.ir.types import Months, Scale, Type, add_months, show_date
from rulewright.ir.vocabulary import Vocabulary

from .outcome import ConditionMet, Read, Source
from .outcome import Count as CountShown

Place = tuple[int, str]  # an entity's index and an attribute's key


def of_a_kind(vocabulary: Vocabulary, node: NodeKey) -> str:
    """An attribute of a kind of entity in words: `score of an enquiry of a trust`, `mark of the
    subject reading of a class`.
    """
    attribute, entity = (
        vocabulary.entities[node.entity].attributes[node.attribute],
        vocabulary.entities[node.entity],
    )
    whose = f"the {entity.name} {node.member}" if node.member else _a(entity.name)
    return f"{attribute.name} of {whose}" + (
        f" of {_a(vocabulary.entities[node.parent].name)}" if node.parent else ""
    )


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


class Trail:
    """Looks up what findings speak of, in one result.

    `evaluation`: the same result, for what findings do not hold.
    """

    def __init__(self, program: Program, case: Case, result: Trace, evaluation: Evaluation) -> None:
        self.program, self.case, self.result, self.evaluation = program, case, result, evaluation
        self.entities = program.vocabulary.entities
        self._reads: dict[Place, Read] = {}
        self._known: dict[tuple[int, int, int], CountShown] = {}
        self._listed: dict[tuple[int, int], list[Entity]] = {}

    # -- values

    def possible(self, entity: Entity, attribute: str) -> Possible | None:
        """The possible values of an attribute; `None` for a given one that is missing."""
        settled = self.result.settled.get((entity.index, attribute))
        return settled.possible if settled is not None else None

    def path(self, place: Place) -> str:
        """Where an attribute stands, in words."""
        entity = self.case.entities[place[0]]
        return f"{entity.path} > {self.entities[entity.type].attributes[place[1]].name}"

    def words(self, entity: Entity, attribute: str) -> list[str]:
        """The possible values of an attribute in words."""
        if attribute == "name":
            return [entity.name]
        declared = self.entities[entity.type].attributes[attribute]
        if not declared.given:
            return self.result.settled[entity.index, attribute].possible.show(declared.type)
        stated = entity.facts.get(attribute)
        if stated is not None:
            return [declared.show(stated.value)]
        if declared.has_default and attribute not in entity.unknown:
            return [declared.show(declared.default)]
        return ["missing"]

    def read(self, entity: Entity, attribute: str) -> Read:
        """An attribute as it was looked at."""
        found = self._reads.get((entity.index, attribute))
        if found is None:
            name = (
                "name"
                if attribute == "name"
                else self.entities[entity.type].attributes[attribute].name
            )
            words = self.words(entity, attribute)
            found = self._reads[entity.index, attribute] = Read(
                entity.path, name, words, self._anything(entity, attribute, words)
            )
        return found

    def _anything(self, entity: Entity, attribute: str, words: list[str]) -> str:
        return (
            ""
            if attribute == "name" or len(words) < 3
            else anything(self.entities[entity.type].attributes[attribute].type, words)
        )

    # -- conditions

    def condition(self, condition: Condition, finding: Finding, entity: Entity) -> ConditionMet:
        """A condition with what it looked at."""
        body = condition.body
        met = ConditionMet(condition.text, STATUS_WORDS[finding.status], because=condition.because)  # type: ignore[arg-type]
        if isinstance(body, Joined):
            met.parts = [
                self.condition(part, found, entity)
                for part, found in zip(body.parts, finding.parts, strict=True)
            ]
        else:
            met.reads = [each for side in sides(body) for each in self.reads(side, entity)]
            counted = zip(counted_in(body), finding.tallies, strict=False)
            met.counts = [self.count(*each, tally, entity) for each, tally in counted]
            if isinstance(body, Compare) and body.op == "within":
                met.period = self._period(body, entity)
        return met

    def _period(self, body: Compare, entity: Entity) -> str:
        """When the period of `is within` ends, where both its start and its length are known."""
        start, length = (
            self.evaluation.value(body.left, entity),
            self.evaluation.value(body.right[0], entity),
        )
        if (
            not isinstance(start.value, int)
            or not isinstance(length.value, int)
            or not (start.determined and length.determined)
        ):
            return ""
        end = self.evaluation.value(body.right[1], entity)
        if end.determined and isinstance(end.value, int) and start.value > end.value:
            return f"{show_date(start.value)} is after {show_date(end.value)}"
        return f"{Months().show(length.value)} from {show_date(start.value)} end on {show_date(add_months(start.value, length.value))}"

    def reads(self, expression: Expression, entity: Entity) -> list[Read]:
        """The single attributes in an expression."""
        return [
            self.read(reached(noun.reach, entity), noun.attribute) for noun in nouns_in(expression)
        ]

    def count(
        self, collection: Collection, test: Test | Noun | None, tally: Tally, entity: Entity
    ) -> CountShown:
        """Which items counted."""
        at = (id(collection), id(test), entity.index)
        count = self._known.get(at)
        if count is None:
            count = self._known[at] = self._count(collection, test, tally, entity)
        return count

    def _count(
        self, collection: Collection, test: Test | Noun | None, tally: Tally, entity: Entity
    ) -> CountShown:
        count = CountShown()
        noun = asked_of(test)
        belonging = self._belonging(collection, entity)
        for item, outcomes in zip(self.items(collection, entity), tally, strict=True):
            if belonging is not None and item not in belonging:
                continue
            if noun is not None:
                read = self._of(item, noun, entity)
            else:
                asked = next(
                    (each for each in self._filters(collection, item, entity) if each.reach.item),
                    None,
                )
                read = (
                    self._of(item, asked, entity) if asked is not None else Read(item.path, "", [])
                )
            {YES: count.counted, NO: count.not_counted, OUT: count.passed_over}.get(
                outcomes, count.undecided
            ).append(read)
        most = sum(1 for each in tally if each & YES)
        if most != len(count.counted) + len(
            count.undecided
        ):  # some hang on whether they are passed over or not counted
            count.at_most = most
        return count

    def _belonging(self, collection: Collection, entity: Entity) -> set[Entity] | None:
        """What a filter of the rule is laid over, where that is filtered itself: `the core services
        where …`; nothing elsewhere.
        """
        match collection:
            case Where(of, _):
                if filters(of):
                    return {
                        each.entity for each in self.evaluation.items(of, entity) if each.present
                    }
            case Same(of, wanted):
                found = self._belonging(of, entity)
                return (
                    None if found is None else {each.child(wanted, entity.member) for each in found}
                )
            case Each(of, wanted):
                found = self._belonging(of, entity)
                return (
                    None
                    if found is None
                    else {below for each in found for below in each.children.get(wanted, ())}
                )
            case Except(of, _):
                return self._belonging(of, entity)
            case Below() | Union():
                pass
            case _:
                assert_never(collection)
        return None

    def _filters(self, collection: Collection, item: Entity, entity: Entity) -> list[Noun]:
        """The attributes by which an item is filtered: each part of a union has filters of its
        own.
        """
        if not isinstance(collection, Union):
            return nouns_of_where(collection)
        return [
            each
            for part in collection.parts
            if item in self.items(part, entity)
            for each in nouns_of_where(part)
        ]

    def _of(self, item: Entity, noun: Noun, entity: Entity) -> Read:
        """What was looked at of an item, also where it stands above or below it."""
        read = self.read(reached_item(noun.reach, entity, item), noun.attribute)
        return (
            read
            if read.entity == item.path
            else Read(item.path, read.attribute, read.values, read.anything)
        )

    def items(self, collection: Collection, entity: Entity) -> list[Entity]:
        """Every item of a collection, filters left aside, in the order of the case."""
        at = (id(collection), entity.index)
        found = self._listed.get(at)
        if found is None:
            found = self._listed[at] = listed(collection, entity)
        return found

    # -- what is missing

    def sources(
        self, condition: Condition, finding: Finding, entity: Entity
    ) -> list[tuple[Entity, str]]:
        """The attributes on which an undecided condition hangs."""
        body = condition.body
        if isinstance(body, Joined):
            return [
                each
                for part, found in zip(body.parts, finding.parts, strict=True)
                if found.status == 1
                for each in self.sources(part, found, entity)
            ]
        if isinstance(body, Quantified):
            found = self._hanging(body.collection, body.test, finding.tallies[0], entity)
            return found + self.looked_at(sides(body), entity)
        found = [(reached(noun.reach, entity), noun.attribute) for noun in nouns_in(*sides(body))]
        for (collection, test), tally in zip(counted_in(body), finding.tallies, strict=True):
            found += self._hanging(collection, test, tally, entity)
        return found

    def all_sources(self, condition: Condition, entity: Entity) -> list[tuple[Entity, str]]:
        """Every attribute that a condition looks at, items of collections too."""
        found: list[tuple[Entity, str]] = []
        for leaf in leaves(condition):
            body = leaf.body
            if isinstance(body, Quantified):
                found += self._hanging(body.collection, body.test, None, entity)
            if not isinstance(body, Joined):
                found += self.looked_at(sides(body), entity)
        return found

    def looked_at(
        self, expressions: tuple[Expression, ...], entity: Entity
    ) -> list[tuple[Entity, str]]:
        """Every attribute that expressions look at, items of collections too."""
        found: list[tuple[Entity, str]] = []
        for each in chain.from_iterable(map(operands, expressions)):
            if isinstance(each, Noun):
                found.append((reached(each.reach, entity), each.attribute))
            for collection, asked in counted_in(each):
                found += self._hanging(collection, asked, None, entity)
        return found

    def _hanging(
        self, collection: Collection, test: Test | Noun | None, tally: Tally | None, entity: Entity
    ) -> list[tuple[Entity, str]]:
        asked = asked_of(test)
        compared = nouns_in(*test.right) if isinstance(test, Compare) else []
        found = []
        for position, item in enumerate(listed(collection, entity)):
            if tally is None or tally[position] not in (YES, NO, OUT):
                nouns = [
                    *([asked] if asked is not None else []),
                    *self._filters(collection, item, entity),
                    *compared,
                ]
                found += [
                    (reached_item(noun.reach, entity, item), noun.attribute) for noun in nouns
                ]
                found += [
                    (holder, noun.attribute)
                    for holder, noun in self._inner_wheres(collection, item)
                ]
        if found:
            compares = [each for each in (test, *filters(collection)) if isinstance(each, Compare)]
            found += [
                each
                for inner, asked in counted_in(*compares)
                for each in self._hanging(inner, asked, None, entity)
            ]
        return found

    def _inner_wheres(self, collection: Collection, item: Entity) -> list[tuple[Entity, Noun]]:
        """The filters on what lies above the items (`the same key question of the services … where
        …`).
        """
        found = []
        here: Entity | None = item.parent
        inner: Collection | None = collection
        while here is not None and isinstance(inner, Each | Same):
            inner = inner.of
            found += [
                (here, noun)
                for noun in nouns_of_where(inner)
                if noun.attribute in self.entities[here.type].attributes
            ]
            here = here.parent
        return found


def anything(kind: Type, words: list[str]) -> str:
    """`any rating`, when the words are all values of a scale."""
    return (
        f"any {kind.name}"
        if isinstance(kind, Scale) and len(words) == len(kind.values) and "no value" not in words
        else ""
    )


def shown(value: object, kind: Type) -> str:
    """A value in words; `None` is *none*."""
    return "none" if value is None else kind.show(value)  # type: ignore[arg-type]


def source(citation: Citation) -> Source:
    """A citation as the outcome shows it."""
    return Source(
        citation.document, citation.section, citation.paragraph, citation.mark, citation.note
    )


def asked_of(test: Test | Noun | None) -> Noun | None:
    """The attribute of the items that a test asks about."""
    if isinstance(test, Noun) or test is None:
        return test
    noun = test.noun if isinstance(test, Known) else test.left
    return noun if isinstance(noun, Noun) and noun.reach.item else None


def nouns_of_where(collection: Collection) -> list[Noun]:
    """The attributes that the filters of a collection ask of its items."""
    return [noun for test in filters(collection) for noun in nouns_in(*sides(test))]


def reached(reach: Reach, entity: Entity) -> Entity:
    """Where a reach that starts at the rule's entity ends."""
    here = entity.climb(reach.up) if reach.up else entity
    for wanted, member in reach.down:
        here = here.child(wanted, member)
    return here


def reached_item(reach: Reach, entity: Entity, item: Entity) -> Entity:
    """Where a reach inside a quantity ends."""
    return reached(reach, item if reach.item else entity)


def listed(collection: Collection, entity: Entity) -> list[Entity]:
    """Every item of a collection, filters left aside, in the order of the case."""
    return sorted(_listed(collection, entity), key=lambda each: each.index)


def _listed(collection: Collection, entity: Entity) -> list[Entity]:
    match collection:
        case Below(start, wanted, deep):
            holder = reached(start, entity)
            return list(holder.below(wanted)) if deep else list(holder.children.get(wanted, ()))
        case Each(of, wanted):
            return [
                child for each in _listed(of, entity) for child in each.children.get(wanted, ())
            ]
        case Same(of, wanted):
            return [each.child(wanted, entity.member) for each in _listed(of, entity)]
        case Except(of, members):
            return [each for each in _listed(of, entity) if each.member not in members]
        case Where(of, _):
            return _listed(of, entity)
        case Union(parts):
            return list(dict.fromkeys(each for part in parts for each in _listed(part, entity)))
        case _:
            assert_never(collection)
