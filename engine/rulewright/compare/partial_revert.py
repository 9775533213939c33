"""The new policy with some changes undone: rules put back as they were, parameters, defaults and
words too.

Nothing is compiled again. Whether rules that are put back fit what they are put into is settled as
compiling would settle it: a circle of attributes or of overrides means that these changes cannot be
undone alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from rulewright.compiler.dependencies import layers
from rulewright.compiler.rebuilding import needed_by, rebuilt, with_nodes
from rulewright.ir.entities import ANY_JUDGEMENT
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import Node, Program, Withdrawal
from rulewright.ir.traversal import parameters_in
from rulewright.ir.types import Type, Value
from rulewright.ir.vocabulary import Attribute, EntityType, Vocabulary
from rulewright.syntax.errors import NOWHERE, InputError
from rulewright.syntax.text import key

from .units import AS_ONE, Unit, groups, rules_by_id
from .view import Nodes

Undone = frozenset[int]  # the numbers of units


@dataclass(frozen=True, eq=False)
class World:
    """The policy with some units undone, as cases are run under it.

    program: its words, and what is published; its attributes stand in `nodes`.
    """

    program: Program
    nodes: Nodes
    undone: tuple[Unit, ...]

    def parameters(self, old: dict[str, Value], new: dict[str, Value]) -> dict[str, Value]:
        """The parameters of a case, from those that both policies have on its day."""
        return {
            **old,
            **new,
            **{name: old[name] for unit in self.undone for name in unit.parameters},
        }

    @cached_property
    def rebinds(self) -> bool:
        """Whether the case reads otherwise."""
        return any(unit.words for unit in self.undone)


@dataclass(frozen=True, slots=True)
class ComparedAttribute:
    """A derived attribute of a kind of entity. published: whether one of the two policies publishes
    it.
    """

    where: NodeKey
    name: str
    label: str
    kind: Type
    published: bool


class Undoing:
    """Two policies and the units in which they differ."""

    def __init__(self, old: Program, new: Program, units: tuple[Unit, ...]) -> None:
        self.old, self.new, self.units = old, new, units
        self.before, self.after = ({node.key: node for node in each.nodes} for each in (old, new))
        self.all = frozenset(range(len(units)))
        self.vocabulary = _both(old.vocabulary, new.vocabulary)
        self.idle = old.idle & new.idle
        self._nodes: dict[tuple[NodeKey, Undone], Node | None] = {}
        self._needs: dict[tuple[NodeKey, Undone], set[NodeKey]] = {}
        self._worlds: dict[Undone, World | None] = {}
        self._where = sorted(self.before.keys() | self.after.keys())
        self._reaching: dict[NodeKey, Undone] = {}
        self._reached: dict[tuple[Kind, str, Undone], Undone] = {}
        self._topics: dict[Kind, list[ComparedAttribute]] = {}
        self._of: dict[NodeKey, list[Unit]] = {}
        for unit in units:
            for where in sorted({where for where, _ in unit.rules}):
                self._of.setdefault(where, []).append(unit)

    # -- what hangs on what

    @cached_property
    def reads(self) -> dict[NodeKey, set[NodeKey]]:
        """What each derived attribute reads, in the one policy or in the other."""
        found: dict[NodeKey, set[NodeKey]] = {}
        for nodes in (self.before, self.after):
            for where, node in nodes.items():
                found.setdefault(where, set()).update(needed_by(node, self.vocabulary))
        return found

    @cached_property
    def read_alike(self) -> bool:
        """Whether every case reads the same under both policies."""
        return _written(self.old.vocabulary) == _written(self.new.vocabulary) and groups(
            self.old
        ) == groups(self.new)

    @cached_property
    def sides(self) -> tuple[tuple[Program, Nodes], ...]:
        """Both policies as cases are run under them."""
        old = replace(self.old, vocabulary=self.vocabulary) if self.read_alike else self.old
        return tuple(
            (program, by_kind(program.nodes))
            for program in (old, replace(self.new, vocabulary=self.vocabulary))
        )

    def reached(self, kind: Kind, attribute: str, undone: Undone) -> Undone:
        """Of these units those that can reach the value of an attribute."""
        found = self._reached.get((kind, attribute, undone))
        if found is None:
            found = self._reached[kind, attribute, undone] = undone & self.reaching(
                NodeKey(kind.entity, kind.parent, kind.member, attribute)
            )
        return found

    def reaching(self, where: NodeKey) -> Undone:
        """The units that change what an attribute hangs on."""
        found = self._reaching.get(where)
        if found is None:
            below = self.below({where})
            found = self._reaching[where] = frozenset(
                unit.number for unit in self.units if not self.touches(unit).isdisjoint(below)
            )
        return found

    @cached_property
    def never_in_a_circle(self) -> bool:
        """Whether no mixture of the two policies can have attributes that hang on one another."""
        try:
            self._layers({where: set(read) for where, read in self.reads.items()}, self.vocabulary)
        except InputError:
            return False
        return True

    def topics(self, kind: Kind) -> list[ComparedAttribute]:
        """The attributes that one can speak of, in the order of the vocabulary."""
        if kind not in self._topics:
            self._topics[kind] = list(self._topics_of(kind))
        return self._topics[kind]

    def topic(self, where: NodeKey) -> ComparedAttribute:
        """What one attribute is called, and whether it is published."""
        return next(each for each in self.topics(where.kind) if each.where == where)

    def _topics_of(self, kind: Kind) -> Iterator[ComparedAttribute]:
        for name in self.vocabulary.entities[kind.entity].attributes:
            where = NodeKey(kind.entity, kind.parent, kind.member, name)
            node = self.after.get(where) or self.before.get(where)
            if node is not None and not node.attribute.hidden:
                published = where in self.old.published or where in self.new.published
                yield ComparedAttribute(
                    where,
                    node.attribute.name,
                    node.attribute.label or node.attribute.name,
                    node.attribute.type,
                    published,
                )

    @cached_property
    def read_by(self) -> dict[NodeKey, set[NodeKey]]:
        """The derived attributes that read each attribute."""
        found: dict[NodeKey, set[NodeKey]] = {}
        for where, read in self.reads.items():
            for each in read:
                found.setdefault(each, set()).add(where)
        return found

    def below(self, starts: set[NodeKey]) -> set[NodeKey]:
        """These attributes and all that they hang on."""
        return _reach(starts, self.reads)

    def touches(self, unit: Unit) -> set[NodeKey]:
        """The attributes that undoing a unit changes by itself."""
        return self._touches[unit.number]

    @cached_property
    def _touches(self) -> dict[int, set[NodeKey]]:
        return {unit.number: self._touched(unit) for unit in self.units}

    def _touched(self, unit: Unit) -> set[NodeKey]:
        found = {where for where, _ in unit.rules}
        if unit.words:
            return (
                found | self.before.keys() | self.after.keys()
            )  # what a case says may be read otherwise
        for each in {*self.read_by, *self._given_earlier}:
            if (each.entity, each.attribute) in unit.facts:
                found |= {each, *self.read_by.get(each, ())}
        if unit.parameters:
            found |= {where for where in self.reads if unit.parameters & self._parameters_of(where)}
        return found

    @cached_property
    def _given_earlier(self) -> set[NodeKey]:
        """The facts that are shown until a withdrawal takes effect."""
        return {
            NodeKey(kind.entity, kind.parent, kind.member, each.until_then)
            for program in (self.old, self.new)
            for each in program.withdrawals
            if each.until_then
            for kind in each.kinds
        }

    def _parameters_of(self, where: NodeKey) -> set[str]:
        nodes = (self.before.get(where), self.after.get(where))
        return parameters_in(*(node.every_rule for node in nodes if node is not None))

    # -- the policy with units undone

    def world(self, undone: Undone) -> World | None:
        """The policy with these units undone; `None` where they cannot be undone alone."""
        if undone not in self._worlds:
            try:
                self._worlds[undone] = self._world(undone)
            except (
                InputError
            ):  # rules go before one another, or attributes hang on one another, in a circle
                self._worlds[undone] = None
        return self._worlds[undone]

    def program(self, undone: Undone) -> Program:
        """The same as a whole program, in layers.

        Raises `InputError` where the units cannot be undone alone.
        """
        chosen = [self.units[each] for each in sorted(undone)]
        base = self._base(chosen)
        nodes = [self._node(where, self._here(where, undone)) for where in self._where]
        there = {
            (node.key.kind, node.key.attribute)
            for node in nodes
            if node is not None and _is_there(node.key, base.vocabulary)
        }
        kept = [
            node
            for node in nodes
            if node is not None and (node.key.kind, node.key.attribute) in there
        ]
        gone = [
            each.key for each in self.new.nodes if (each.key.kind, each.key.attribute) not in there
        ]
        parameters = {
            **self.old.parameters,
            **self.new.parameters,
            **{name: self.old.parameters[name] for unit in chosen for name in unit.parameters},
        }
        return with_nodes(
            self.new,
            kept,
            gone,
            vocabulary=base.vocabulary,
            parameters=parameters,
            published=base.published,
            withdrawals=base.withdrawals,
            judged_as_one=base.judged_as_one,
        )

    def _world(self, undone: Undone) -> World:
        chosen = tuple(self.units[each] for each in sorted(undone))
        base = self._base(list(chosen))
        nodes: dict[Kind, dict[str, Node]] = {kind: {} for kind in self._by_kind}
        needs = {}
        for kind, keys in self._by_kind.items():
            there = nodes[kind] if _is_there(keys[0], base.vocabulary) else {}
            for where in keys:
                here = self._here(where, undone)
                node = self._node(where, here)
                if node is not None:
                    there[where.attribute] = node
                    if not self.never_in_a_circle:
                        needs[where] = self._needed(node, here)
        self._layers(needs, base.vocabulary)
        return World(base, nodes, chosen)

    @staticmethod
    def _layers(needs: dict[NodeKey, set[NodeKey]], vocabulary: Vocabulary) -> None:
        layers(
            {where: {each for each in read if each in needs} for where, read in needs.items()},
            vocabulary,
            lambda _circle: NOWHERE,
        )

    @cached_property
    def _by_kind(self) -> dict[Kind, list[NodeKey]]:
        found: dict[Kind, list[NodeKey]] = {}
        for where in self._where:
            found.setdefault(where.kind, []).append(where)
        return found

    def _here(self, where: NodeKey, undone: Undone) -> Undone:
        return frozenset(unit.number for unit in self._of.get(where, ()) if unit.number in undone)

    def _needed(self, node: Node, here: Undone) -> set[NodeKey]:
        found = self._needs.get((node.key, here))
        if found is None:
            found = self._needs[node.key, here] = needed_by(node, self.vocabulary)
        return found

    def _node(self, where: NodeKey, here: Undone) -> Node | None:
        """An attribute with the units that touch it undone, or some of them."""
        if (where, here) not in self._nodes:
            self._nodes[where, here] = self._rebuilt(where, here)
        return self._nodes[where, here]

    def _rebuilt(self, where: NodeKey, here: Undone) -> Node | None:
        before, after = self.before.get(where), self.after.get(where)
        units = self._of.get(where, [])
        if not here and after is not None:
            return after
        if len(here) == len(units) and before is not None:
            return before
        base = after or before
        assert base is not None
        back = {rule for number in here for spot, rule in self.units[number].rules if spot == where}
        olds, news = rules_by_id(before), rules_by_id(after)
        chosen: dict[str, Rule] = {}
        for each in sorted(olds.keys() | news.keys()):
            rule = olds.get(each) if each in back else news.get(each)
            if rule is not None:
                chosen[each] = replace(rule, overrides=_overrides(each, each in back, olds, news))
        values, limits, others = (
            [rule for rule in chosen.values() if rule.effect == effect]
            for effect in ("value", "limit", "otherwise")
        )
        if len(others) > 1:
            raise InputError(())  # both say `otherwise`
        found = rebuilt(base, values, others[0] if others else None, limits)
        if (
            before is not None and base is not before
        ):  # a table that only the old policy has may cover every value too
            covering = rebuilt(before, values, others[0] if others else None, limits).exhaustive
            found = replace(found, exhaustive=tuple(dict.fromkeys((*found.exhaustive, *covering))))
        return found

    def _base(self, undone: list[Unit]) -> Program:
        """The new policy's words and what it publishes, with units undone; its attributes are still
        its own.
        """
        if not any(unit.facts or unit.words or unit.withdrawn or unit.shown for unit in undone):
            return self._plain
        words = frozenset[tuple[str, str]]().union(*(unit.words | unit.facts for unit in undone))
        back = frozenset[str]().union(*(unit.withdrawn for unit in undone))
        shown = frozenset[NodeKey]().union(*(unit.shown for unit in undone))
        return replace(
            self.new,
            vocabulary=_put_back(
                self.vocabulary, self.old.vocabulary, self.new.vocabulary, words - {AS_ONE}
            ),
            judged_as_one=(self.old if AS_ONE in words else self.new).judged_as_one,
            withdrawals=_withdrawals(self.old, self.new, back),
            published=self.new.published ^ shown,
        )

    @cached_property
    def _plain(self) -> Program:
        return replace(self.new, vocabulary=self.vocabulary)


def _overrides(
    rule: str, back: bool, olds: dict[str, Rule], news: dict[str, Rule]
) -> frozenset[str]:
    """The rules that one goes before: as on its own side; as before, of a rule that only the old
    policy has.
    """
    old = olds[rule].overrides if rule in olds else frozenset[str]()
    new = news[rule].overrides if rule in news else frozenset[str]()
    if back:
        return old
    return new | {each for each in old if each not in news and each != ANY_JUDGEMENT}


def _withdrawals(old: Program, new: Program, back: frozenset[str]) -> tuple[Withdrawal, ...]:
    olds = {each.text: each for each in old.withdrawals}
    kept = [olds.get(each.text) if each.text in back else each for each in new.withdrawals]
    news = {each.text for each in new.withdrawals}
    return tuple(each for each in kept if each is not None) + tuple(
        olds[each] for each in sorted(back - news) if each in olds
    )


# -- words


def _both(old: Vocabulary, new: Vocabulary) -> Vocabulary:
    """The new words, and those that only the old policy has: a word that no rule reads has no
    effect.
    """
    entities = {}
    for name in [*new.entities, *(each for each in old.entities if each not in new.entities)]:
        one, other = new.entities.get(name), old.entities.get(name)
        if one is None or other is None:
            entities[name] = one or other
            continue
        entities[name] = replace(
            one,
            attributes={
                **one.attributes,
                **{
                    word: each
                    for word, each in other.attributes.items()
                    if word not in one.attributes
                },
            },
            listed_below=_joined(one.listed_below, other.listed_below),
            fixed_below=_joined(one.fixed_below, other.fixed_below),
        )
    found: dict[str, EntityType] = {
        name: each for name, each in entities.items() if each is not None
    }
    if found == new.entities:
        return new
    return replace(
        new,
        entities=found,
        plurals={**old.plurals, **new.plurals},
        scales={**old.scales, **new.scales},
    )


def _written(vocabulary: Vocabulary) -> object:
    """What a case can say: all but the own words of principles, labels and meanings."""
    return [
        (
            name,
            replace(each, meaning="", main_result="", attributes={}),
            {
                word: (
                    how.type,
                    how.given,
                    how.has_default,
                    how.default,
                    how.may_be_judged,
                    how.none_is,
                )
                for word, how in each.attributes.items()
                if not how.hidden
            },
        )
        for name, each in sorted(vocabulary.entities.items())
    ]


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return (*one, *(each for each in other if each not in one))


def _put_back(
    both: Vocabulary, old: Vocabulary, new: Vocabulary, words: frozenset[tuple[str, str]]
) -> Vocabulary:
    """The words of both policies, some of them as the old one has them."""
    entities = dict(both.entities)
    for entity, word in sorted(words):
        before = old.entities[entity]
        if word.startswith("> "):
            was = {key(each) for each in before.members}
            after = entities[entity].members
            member = word.removeprefix("> ")
            kept = tuple(each for each in after if key(each) != member)
            back = (
                tuple(each for each in before.members if key(each) == member)
                if member in was
                else ()
            )
            entities[entity] = replace(
                entities[entity], members=_as_in(before.members, (*kept, *back))
            )
        elif word == "main attribute":
            entities[entity] = replace(entities[entity], main_attribute=before.main_attribute)
        else:
            attributes: dict[str, Attribute] = {
                **entities[entity].attributes,
                word: before.attributes[word],
            }
            entities[entity] = replace(entities[entity], attributes=attributes)
    return replace(both, entities=entities)


def _as_in(order: tuple[str, ...], members: tuple[str, ...]) -> tuple[str, ...]:
    """Members in their old order, the others behind."""
    return tuple(
        sorted(members, key=lambda each: order.index(each) if each in order else len(order))
    )


def _is_there(where: NodeKey, vocabulary: Vocabulary) -> bool:
    """Whether the words allow an attribute of this kind of entity."""
    entity = vocabulary.entities.get(where.entity)
    return entity is not None and (
        not where.member or where.member in {*map(key, entity.members), *entity.members}
    )


def by_kind(nodes: Iterable[Node]) -> Nodes:
    """Attributes by kind of entity and key."""
    found: dict[Kind, dict[str, Node]] = {}
    for node in nodes:
        found.setdefault(node.key.kind, {})[node.key.attribute] = node
    return found


def _reach(starts: set[NodeKey], further: dict[NodeKey, set[NodeKey]]) -> set[NodeKey]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for each in further.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
