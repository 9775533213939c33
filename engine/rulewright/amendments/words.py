"""Words of the vocabulary as targets: entity types, and their members and attributes
(`key question > caring`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from rulewright.rulebook.rulebook import as_seq
from rulewright.syntax.text import Map, Text, key

from .declarations import declaration, fields_of_declaration, redeclared
from .fields import Field, Replacement, fields_set
from .target import Gone, Repealable, Target, place_in, remember_order
from .trees import copied

if TYPE_CHECKING:
    from .assembly import Assembly

MEMBERS = "members"
SECTIONS = (MEMBERS, "given", "derived")


@dataclass(frozen=True)
class OfVocabulary(Repealable):
    """An entity type, or a word of one. It may be written in any spelling, and has no pattern."""

    def is_called(self, written: str) -> bool:
        return super().is_called(written) or key(self.name) == key(written)


@dataclass(frozen=True)
class WordTarget(OfVocabulary):
    """A member or an attribute of an entity type."""

    entity: str
    word: str

    @property
    def name(self) -> str:
        return f"{self.entity} > {self.word}"

    @property
    def inside(self) -> str:
        return self.entity

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        for entity, tree in entities(assembly).items():
            yield from (cls(str(entity), str(word)) for _, word in words_of(tree))

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> list[Self]:
        entity, _, word = written.partition(" > ")
        target = cls(entity, word)
        return [target] if target.read(assembly) is not None else []

    def read(self, assembly: Assembly) -> Any:
        entity = assembly.entity(self.entity)
        section, word = self._find(entity) if entity is not None else ("", None)
        return None if entity is None or word is None else declared(entity, section, word)

    def replace(self, assembly: Assembly, replacement: Replacement) -> list[Field] | None:
        entity, new = assembly.own_entity(self.entity), replacement.content
        assert entity is not None
        section, word = self._find(entity)
        field = replacement.field((f"{key(self.entity)} > {key(self.word)}",), self.name)
        if section == MEMBERS:
            if not isinstance(new, Text):
                return None
            entity[section][entity[section].index(word)] = new
            assembly.repealed[key(self.word)] = "member"
            return [field]
        if not isinstance(new, dict):
            entity[section][word] = new
            return [field]
        entity[section][word] = copied(redeclared(entity[section][word], new))
        return list(fields_set(field, {}, fields_of_declaration(new)))

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        entity = assembly.own_entity(self.entity)
        assert entity is not None
        section, word = self._find(entity)
        words = entity[section]
        remember_order(assembly, f"{key(self.entity)} > {section}", list(map(str, words)))
        if section == MEMBERS:
            assembly.gone[self.name] = Gone(self, (section, words.pop(words.index(word))))
        else:
            assembly.gone[self.name] = Gone(self, (section, (word, words.pop(word))))
        assembly.repealed[key(self.word)] = "member" if section == MEMBERS else "attribute"
        return [self.name]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        entity = assembly.own_entity(self.entity)
        if entity is None:
            return False
        section, content = gone.content
        order = assembly.order[f"{key(self.entity)} > {section}"]
        words = entity.setdefault(Text(section), Map())
        if section == MEMBERS:
            words.insert(place_in(list(map(str, words)), str(content), order), content)
        else:
            word, declared = content
            _insert(words, word, copied(declared), order)
        assembly.repealed.pop(key(self.word), None)
        return True

    def _find(self, entity: Map) -> tuple[str, Text | None]:
        """The section of the entity type that declares the word, and the word as it is there."""
        word = key(self.word)
        return next((each for each in words_of(entity) if key(each[1]) == word), ("", None))


@dataclass(frozen=True)
class EntityTypeTarget(OfVocabulary):
    """A kind of thing, such as `service`. A repeal may also call it by its plural."""

    can_be_replaced = False
    restored_first = True

    entity: str

    @property
    def name(self) -> str:
        return self.entity

    @classmethod
    def every(cls, assembly: Assembly) -> Iterator[Self]:
        yield from (cls(str(each)) for each in entities(assembly))

    @classmethod
    def named(cls, assembly: Assembly, written: str) -> list[Self]:
        return [
            cls(str(each))
            for each, tree in entities(assembly).items()
            if key(written) in spellings(each, tree)
        ][:1]

    def read(self, assembly: Assembly) -> Map | None:
        return assembly.entity(self.entity)

    def remove(self, assembly: Assembly, lasting: Collection[Target]) -> list[str]:
        """Those that have it below them lose it."""
        declared: Map = assembly.own_vocabulary()["entities"]
        name = next(each for each in declared if each == self.entity)
        above = []
        for owner, tree in declared.items():
            for section in ("has many", "has"):
                listed = as_seq(tree.get(section))
                for each in [
                    each for each in listed if key(each) in spellings(name, declared[name])
                ]:
                    where = f"{key(owner)} > {section}"
                    remember_order(assembly, where, list(map(str, listed)))
                    above.append((str(owner), section, each))
                    listed.remove(each)
                    tree[section] = listed
        remember_order(assembly, "entities", list(map(str, declared)))
        assembly.repealed[key(name)] = "entity"
        assembly.gone[self.name] = Gone(self, (name, declared.pop(name), above))
        return [self.name]

    def restore(self, assembly: Assembly, gone: Gone) -> bool:
        name, tree, above = gone.content
        declared = assembly.own_vocabulary()["entities"]
        _insert(declared, name, copied(tree), assembly.order["entities"])
        for owner, section, each in above:
            entity = assembly.entity(owner)
            if entity is not None:
                listed = as_seq(entity.get(section))
                order = assembly.order[f"{key(owner)} > {section}"]
                listed.insert(place_in(list(map(str, listed)), str(each), order), each)
                entity[section] = listed
        assembly.repealed.pop(key(name), None)
        return True


def entities(assembly: Assembly) -> Map:
    """The entity types of a policy, as they are declared."""
    return assembly.vocabulary.get("entities") or Map()


def words_of(entity: Map) -> Iterator[tuple[str, Text]]:
    """The members and attributes of an entity type, each with the section that declares it."""
    for section in SECTIONS:
        yield from ((section, each) for each in entity.get(section) or ())


def declared(entity: Map, section: str, word: Text) -> Map:
    """How a member or an attribute is declared, in the long form."""
    if section == MEMBERS:
        return Map({"member": str(word)})
    return declaration(entity[section][word])


def spellings(name: str, tree: Map) -> tuple[str, str]:
    """The singular and the plural of an entity type, as spellings are compared."""
    return key(name), key(tree.get("plural") or "")


def _insert(whole: Map, name: Text, content: Any, order: list[str]) -> None:
    """Put an entry of a mapping back at its place."""
    listed = list(whole.items())
    listed.insert(place_in([str(each) for each, _ in listed], str(name), order), (name, content))
    whole.clear()
    whole.update(listed)
