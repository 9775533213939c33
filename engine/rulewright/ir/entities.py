"""A case as rules see it: a tree of entities with their facts, in an order that does not hang on
the file's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest
from rulewright.syntax.text import Map, Text, key, place_of

from .types import Value, show_date
from .vocabulary import Attribute, Vocabulary

MAX_THINGS = 20_000  # that a case may list
MAX_ENTITIES = 200_000  # with the fixed members of each
# what a rule names among `overrides` that leaves judgements without effect
ANY_JUDGEMENT = "any judgement"


def is_any_judgement(target: str) -> bool:
    """Whether the target of an override is not a rule, but whatever was judged."""
    return key(target) == ANY_JUDGEMENT


def refuse_things(number: int, most: int, place: Place) -> None:
    """Raises `InputError` (RW102) where a case holds more than it may. place: of the first thing
    too many.
    """
    if number > most:
        what = "things" if most == MAX_THINGS else "things, with their fixed members"
        raise InputError(
            Problem(
                place,
                "RW102",
                f"the case holds more than {most:,} {what}",
                "split it into several cases",
            )
        )


@dataclass(frozen=True, slots=True)
class Fact:
    """A stated fact or supplied value: where it is written, and where it was taken from (shown,
    without effect).

    as_one_with: of a supplied value, the path of the attribute that it was supplied for, where that
    is a different one.
    """

    value: Value
    place: Place
    origin: str = ""
    as_one_with: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A professional judgement on a derived attribute. as_one_with: the path of the attribute that
    was judged, where that is another.
    """

    value: Value
    by: str
    on: str
    reason: str
    place: Place
    as_one_with: str = ""


@dataclass(slots=True)
class Entity:
    """One entity of a case.

    `facts` are those stated; an attribute that is stated as `unknown` is in `unknown`.
    """

    type: str
    parent_type: str
    member: str
    name: str
    path: str
    parent: Entity | None
    index: int = 0
    facts: dict[str, Fact] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    children: dict[str, list[Entity]] = field(default_factory=dict)
    place: Place = Place("")
    _called: dict[str, list[Entity]] | None = field(default=None, init=False, repr=False)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def climb(self, entity_type: str) -> Entity:
        """The nearest entity of that type: this one or one above it."""
        here: Entity | None = self
        while here is not None and here.type != entity_type:
            here = here.parent
        assert here is not None
        return here

    def called(self, name: str) -> list[Entity]:
        """The entities directly below that have the key `name`. To be asked once all are there."""
        if self._called is None:
            self._called = {}
            for children in self.children.values():
                for child in children:
                    self._called.setdefault(key(child.name), []).append(child)
        return self._called.get(name, [])

    def child(self, entity_type: str, member: str) -> Entity:
        """A fixed member below this entity."""
        return next(each for each in self.children[entity_type] if each.member == member)

    def below(self, entity_type: str) -> Iterator[Entity]:
        """All entities of that type below this one, at any depth, in order."""
        for children in self.children.values():
            for child in children:
                if child.type == entity_type:
                    yield child
                yield from child.below(entity_type)


Target = tuple[Entity, str]  # an entity and the key of one of its attributes


@dataclass
class Case:
    """A case bound to a vocabulary: entities in canonical order, whatever the order in the file."""

    name: str
    file: str
    place: Place
    as_at: int | None
    policy: Text | None
    root: Entity
    entities: list[Entity]
    supplied: dict[tuple[int, str], Fact]
    judged: dict[tuple[int, str], Judgement]
    published: list[tuple[int, str, Value]]
    published_on: str
    expect: Map | None
    tags: tuple[str, ...]
    digest: str
    about: str = ""


def with_facts(case: Case, changes: dict[tuple[int, str], Value]) -> Case:
    """The same case with other facts: for the index of an entity and an attribute's key, the value
    that it would state.
    """
    entities: list[Entity] = []
    for old in case.entities:  # a parent stands before what lies below it
        facts = {
            **old.facts,
            **{
                name: Fact(value, old.place)
                for (index, name), value in changes.items()
                if index == old.index
            },
        }
        new = replace(
            old,
            parent=entities[old.parent.index] if old.parent is not None else None,
            facts=dict(sorted(facts.items())),
            unknown=old.unknown - facts.keys(),
            children={},
        )
        entities.append(new)
    for old, new in zip(case.entities, entities, strict=True):
        new.children = {
            kind: [entities[each.index] for each in below] for kind, below in old.children.items()
        }
    changed = replace(case, root=entities[case.root.index], entities=entities)
    changed.digest = digest_of(changed)
    return changed


def find(case: Case, path: str, vocabulary: Vocabulary) -> tuple[Entity, Attribute]:
    """The entity and attribute of a path such as `North Hospital > Maternity > safe > rating`.

    The outermost entity may be named first, by its type or its name, or left out. Raises
    `InputError` (RW507).
    """
    entity, rest = _walk(case.root, [each.strip() for each in path.split(">")])
    declared = vocabulary.entities[entity.type]
    problems = Problems()
    place = place_of(path, case.place)
    if len(rest) > 1:
        names = [child.name for children in entity.children.values() for child in children]
        problems.add(
            "RW507",
            place,
            f"there is no `{rest[0]}` below `{entity.path}`",
            nearest(rest[0], names),
        )
    elif not rest:
        main = declared.attributes.get(declared.main_result)
        if main is not None:
            return entity, main
        problems.add(
            "RW507",
            place,
            f"`{path}` names an entity, not one of its attributes",
            nearest("", [a.name for a in declared.attributes.values() if not a.hidden]),
        )
    else:
        attribute = declared.attribute(rest[0])
        if attribute is not None and not attribute.hidden:
            return entity, attribute
        names = [a.name for a in declared.attributes.values() if not a.hidden]
        names += [child.name for children in entity.children.values() for child in children]
        problems.add(
            "RW507",
            place,
            f"`{rest[0]}` is neither an attribute of `{entity.path}` nor below it",
            nearest(rest[0], names),
        )
    problems.stop_if_any()
    raise AssertionError


def _walk(root: Entity, steps: list[str]) -> tuple[Entity, list[str]]:
    here, rest = root, steps
    if (
        rest
        and key(rest[0]) in (root.type, key(root.name))
        and (len(rest) > 1 or key(rest[0]) != root.type)
    ):
        rest = rest[1:]
    while rest:
        found = here.called(key(rest[0]))
        if len(found) != 1:
            break
        here, rest = found[0], rest[1:]
    return here, rest


def digest_of(case: Case) -> str:
    """A digest of what reaches a decision from the case, as it was stated: facts, supplied and
    judged values; not comments or order.
    """
    paths = [
        entity.path for entity in case.entities
    ]  # fixed members without facts may be there or not: nothing hangs on it
    facts = [
        [
            e.path,
            e.type,
            sorted([k, _shown(f.value)] for k, f in e.facts.items()),
            sorted(e.unknown),
        ]
        for e in case.entities
        if not e.member or e.facts or e.unknown
    ]
    supplied = sorted(
        [paths[index], name, _shown(fact.value)]
        for (index, name), fact in case.supplied.items()
        if not fact.as_one_with
    )
    stated = ((at, each) for at, each in case.judged.items() if not each.as_one_with)
    judged = sorted([paths[i], n, _shown(j.value), j.by, j.on, j.reason] for (i, n), j in stated)
    whole = [case.root.name, show_date(case.as_at) if case.as_at else None, facts, supplied, judged]
    text = json.dumps(whole, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _shown(value: Value) -> str | bool | int | None:
    return (
        value
        if value is None or isinstance(value, str | bool | int)
        else f"{value.numerator}/{value.denominator}"
    )
