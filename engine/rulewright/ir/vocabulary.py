"""The words of a rulebook: scales, entities, attributes, fixed members, collections.

A case is a tree of entities. Entity types below another are either *listed* in the case (`has
many`) or a fixed set of named *members* (`has`). An attribute is *given* (a fact of the case) or
*derived* (concluded by rules).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from rulewright.syntax.errors import NOWHERE, Place
from rulewright.syntax.text import Text, key

from .types import Choice, Scale, Type, Value

IMPROVEMENT, REGULATOR, NEVER = CHANGES_BY = ("improvement", "decision of the regulator", "never")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an entity type."""

    name: str
    type: Type
    given: bool
    has_default: bool = False
    default: Value = None
    may_be_judged: bool = False
    label: str = ""
    meaning: str = ""
    # a principle's own word, unrolled: derived, never published, cannot be supplied
    hidden: bool = False
    # a given one: where a case states it and nothing reads it, the outcome warns
    expected_to_count: bool = False
    place: Place = field(default=NOWHERE, compare=False)
    none_is: str = ""  # the word for *no value* of a given attribute
    changes_by: str = ""  # who can change a given one: one of `CHANGES_BY`, or not said

    @property
    def defaults_to_none(self) -> bool:
        """Whether a silent case means that there is none."""
        return self.has_default and self.default is None

    @property
    def may_have_no_value(self) -> bool:
        """Whether `none` may be written for this given attribute."""
        return self.defaults_to_none or bool(self.none_is)

    def means_none(self, text: str) -> bool:
        """Whether a case says so that there is no value of this given attribute."""
        return self.may_have_no_value and key(text) in ("none", key(self.none_is or "none"))

    def expected(self) -> str:
        """What a case may say of this given attribute, for messages."""
        return self.type.expected() + (f", or `{self.none_is}`" if self.none_is else "")

    def show(self, value: Value) -> str:
        """A value of this given attribute in words."""
        return (self.none_is or "none") if value is None else self.type.show(value)


@dataclass(frozen=True, slots=True)
class EntityType:
    """A kind of thing that a case consists of."""

    name: str
    plural: str
    listed_below: tuple[str, ...] = ()
    fixed_below: tuple[str, ...] = ()
    main_attribute: str = ""  # what `safe: good` enters in a case
    main_result: str = ""  # what `safe is good` asks about, and what a path to the entity means
    members: tuple[str, ...] = ()
    attributes: dict[str, Attribute] = field(default_factory=dict)  # by key
    meaning: str = ""
    place: Place = field(default=NOWHERE, compare=False)

    def attribute(self, name: str) -> Attribute | None:
        return self.attributes.get(key(name))


@dataclass(frozen=True, slots=True)
class JudgedAsOne:
    """Attributes of the outermost entity and its fixed members of which a judgement on one is a
    judgement on each.

    attributes: each as the key of a fixed set, a member and the key of an attribute; without set
    and member the outermost entity's own. policy: the one that says so.
    """

    attributes: tuple[tuple[str, str, str], ...]
    policy: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Vocabulary:
    """All declared words. Names are found in any spelling (`key`)."""

    scales: dict[str, Scale] = field(default_factory=dict)
    entities: dict[str, EntityType] = field(default_factory=dict)
    collections: dict[str, Text] = field(default_factory=dict)
    # key of a plural -> key of its entity type
    plurals: dict[str, str] = field(default_factory=dict)

    def entity(self, name: str) -> EntityType | None:
        """The entity type of that name (singular or plural, in any spelling)."""
        wanted = key(name)
        return self.entities.get(wanted) or self.entities.get(self.plurals.get(wanted, ""))

    @property
    def root(self) -> EntityType:
        """The entity type that lies below no other: what a case is of."""
        below = {
            each
            for entity in self.entities.values()
            for each in entity.listed_below + entity.fixed_below
        }
        return next(entity for name, entity in self.entities.items() if name not in below)

    def parents(self, name: str) -> list[str]:
        """The keys of the entity types below which `name` lies, in order of declaration."""
        return list(self._parents.get(name, ()))

    @cached_property
    def _parents(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for parent, entity in self.entities.items():
            for name in (*entity.listed_below, *entity.fixed_below):
                found.setdefault(name, {})[parent] = None
        return found

    def ancestors(self, name: str) -> set[str]:
        """The keys of all entity types above `name`."""
        found: set[str] = set()
        waiting = self.parents(name)
        while waiting:
            parent = waiting.pop()
            if parent not in found:
                found.add(parent)
                waiting += self.parents(parent)
        return found

    def names(self) -> Iterator[str]:
        """Every declared word, for the lexer and for `did you mean`."""
        yield "name"
        for scale in self.scales.values():
            yield from (scale.name, *scale.values)
        for entity in self.entities.values():
            yield from (entity.name, entity.plural, *entity.members)
            for attribute in entity.attributes.values():
                yield attribute.name
                if isinstance(attribute.type, Choice):
                    yield from attribute.type.values
        yield from self.collection_names()

    def collection_names(self) -> Iterator[str]:
        """The nouns that collections declare: of `services of the trust`, the word `services`."""
        for name in self.collections:
            yield name.split(" of ")[0]

    def with_attribute(self, entity: str, attribute: Attribute) -> Vocabulary:
        """This vocabulary and one more attribute."""
        old = self.entities[entity]
        new = replace(old, attributes={**old.attributes, key(attribute.name): attribute})
        return replace(self, entities={**self.entities, entity: new})
