"""What the words of one rule may refer to: its entity, the items of a quantity, parameters, a
principle's own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rulewright.ir.nodes import Collection, Expression, Kind, Noun, Reach
from rulewright.ir.types import Type, Words
from rulewright.ir.vocabulary import Attribute, Vocabulary
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.text import key

NAME = Attribute("name", Words(), given=True)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a principle's own word stands for: an expression, or a collection with perhaps one
    attribute of its items.
    """

    expression: Expression | None = None
    collection: Collection | None = None
    noun: Noun | None = None


@dataclass(frozen=True)
class Scope:
    """Where a sentence stands.

    `items` are the kinds of the items inside `where` and after a quantity.
    """

    vocabulary: Vocabulary
    lexicon: Lexicon
    parameters: Mapping[str, Type]
    kinds: tuple[Kind, ...]
    items: tuple[Kind, ...] = ()
    bound: Mapping[str, Bound] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        return self.kinds[0].entity

    def inside(self, items: tuple[Kind, ...]) -> Scope:
        """The scope of a test on the items of a collection."""
        return Scope(
            self.vocabulary, self.lexicon, self.parameters, self.kinds, items, self.bound
        )  # quicker than `replace`

    def with_bound(self, bound: Mapping[str, Bound]) -> Scope:
        """The scope inside a principle."""
        return replace(self, bound=bound, lexicon=self.lexicon.and_also(bound))

    def attribute(self, kinds: Iterable[Kind], name: str) -> Attribute | None:
        """The attribute `name` that all these kinds have, alike; `None` when one lacks it."""
        if key(name) == "name":
            return NAME
        found = [self.vocabulary.entities[each.entity].attribute(name) for each in kinds]
        if not found or any(each is None for each in found):
            return None
        first = found[0]
        alike = all(
            each and (each.type, each.given) == (first and (first.type, first.given))
            for each in found
        )
        return first if alike else None

    def always_above(self, kinds: Iterable[Kind]) -> set[str]:
        """The entity types above each of these kinds, whatever the case."""
        above = [self._above(each.entity, each.parent) for each in kinds]
        return set.intersection(*above) if above else set()

    def _above(self, entity: str, parent: str) -> set[str]:
        parents = [parent] if parent else self.vocabulary.parents(entity)
        return (
            set.intersection(*({each} | self._above(each, "") for each in parents))
            if parents
            else set()
        )

    def attribute_of(self, noun: Noun) -> Attribute:
        """The attribute that a noun of this scope asks for."""
        found = self.attribute(self.reached(noun.reach), noun.attribute)
        assert found is not None
        return found

    def attribute_name(self, noun: Noun) -> str:
        """The name of a noun's attribute, as it was declared."""
        found = (each.attributes.get(noun.attribute) for each in self.vocabulary.entities.values())
        return next((each.name for each in found if each is not None), noun.attribute)

    def reached(self, reach: Reach) -> tuple[Kind, ...]:
        """The kinds of entity at which a reach may end."""
        kinds = self.items if reach.item else self.kinds
        if reach.up and any(each.entity != reach.up for each in kinds):
            kinds = kinds_of(self.vocabulary, reach.up)
        for entity, member in reach.down:
            kinds = tuple(dict.fromkeys(Kind(entity, each.entity, member) for each in kinds))
        return kinds

    def unknown_attribute(self, name: str, kinds: Iterable[Kind], place: Place) -> InputError:
        """The error for an attribute that these kinds of entity do not have."""
        names: list[str] = []
        owners = list(dict.fromkeys(each.entity for each in kinds))
        for owner in owners:
            names += [
                each.name
                for each in self.vocabulary.entities[owner].attributes.values()
                if not each.hidden
            ]
        whose = " and ".join(f"`{self.vocabulary.entities[each].name}`" for each in owners)
        elsewhere = [e.name for e in self.vocabulary.entities.values() if e.attribute(name)]
        help = nearest(name, names)
        if elsewhere and not help.startswith("did you mean"):
            help = f"it is an attribute of {', '.join(f'`{each}`' for each in elsewhere)}"
        sets = [
            e.name
            for e in self.vocabulary.entities.values()
            if any(key(each) == key(name) for each in e.members)
        ]
        if sets and not elsewhere:
            help = f"it is a fixed member of {', '.join(f'`{each}`' for each in sets)}, which these do not have below them"
        return InputError(Problem(place, "RW310", f"`{name}` is not an attribute of {whose}", help))


def scope_of_read(vocabulary: Vocabulary, *kinds: Kind) -> Scope:
    """Where rules of these kinds stand that are read already: it needs no words, as no text is read
    in it.
    """
    return Scope(vocabulary, Lexicon(), {}, kinds)


def kinds_of(vocabulary: Vocabulary, entity: str, parent: str = "") -> tuple[Kind, ...]:
    """Every kind of an entity type: below each possible parent, and each fixed member by itself."""
    parents = (parent,) if parent else tuple(vocabulary.parents(entity)) or ("",)
    return _kinds(entity, parents, vocabulary.entities[entity].members or ("",))


@lru_cache(maxsize=1_000)
def _kinds(entity: str, parents: tuple[str, ...], members: tuple[str, ...]) -> tuple[Kind, ...]:
    return tuple(Kind(entity, each, member) for each in parents for member in members)
