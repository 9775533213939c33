"""Collections: several things, or one attribute of several things."""

from __future__ import annotations

from typing import assert_never

from lark import Token

from rulewright.ir.nodes import (
    HERE,
    ITEM,
    Below,
    Collection,
    Each,
    Except,
    Kind,
    Noun,
    Reach,
    Same,
    Test,
    Union,
    Where,
)
from rulewright.ir.vocabulary import Attribute, EntityType, Vocabulary
from rulewright.syntax.errors import InputError, Problem, nearest
from rulewright.syntax.parser import Parsed, at, children, parse
from rulewright.syntax.text import key

from .nouns import Nouns, is_tree
from .scope import Scope, kinds_of

Values = tuple[
    Collection, Noun | None
]  # a collection, and the attribute of its items that is meant


class CollectionReader(Nouns):
    """Reads the collections of one sentence."""

    def collection(self, tree: Parsed) -> Values:
        """Several things: entities, or one attribute of several entities."""
        phrase = tree.children[0]
        wheres = children(tree, "where")
        segments = [each for each in phrase.children if is_tree(each)]
        anchor = HERE
        last = segments[-1]
        if len(segments) > 1 and last.data == "plain" and self._is_one_entity(last.children[-1]):
            anchor = self._reach_up(last.children[-1])
            segments = segments[:-1]
        current: Collection | None = None
        for index in range(len(segments) - 1, -1, -1):
            segment = segments[index]
            if (
                current is not None
                and index == 0
                and segment.data == "plain"
                and not self._is_entity(segment.children[-1])
            ):
                return current, self.item_noun(segment.children[-1], current)
            bound = (
                self.scope.bound.get(key(segment.children[-1])) if segment.data == "plain" else None
            )
            if bound and current is None:
                if bound.collection is None:
                    raise self.fail(
                        segment,
                        "RW306",
                        f"`{segment.children[-1]}` is one value, not several",
                        "write `the … is …`",
                    )
                return (
                    self._filtered(bound.collection, wheres[0]) if wheres else bound.collection
                ), bound.noun
            current = self._step(segment, current, anchor)
            if wheres:
                current = self._filtered(current, wheres.pop())
        assert current is not None
        return current, None

    def _is_entity(self, token: Token) -> bool:
        return self.scope.vocabulary.entity(token) is not None or key(token) in {
            key(each) for each in self.scope.vocabulary.collection_names()
        }

    def _is_one_entity(self, token: Token) -> bool:
        word = key(token)
        return word in self.scope.vocabulary.entities and word not in self.scope.vocabulary.plurals

    def _step(self, segment: Parsed, current: Collection | None, anchor: Reach) -> Collection:
        token = (
            children(segment, "NAME")[0]
            if segment.data != "possessive"
            else children(segment, "NAME")[1]
        )
        if segment.data == "possessive":
            anchor = self._reach_up(children(segment, "NAME")[0])
        entity = self.scope.vocabulary.entity(token)
        if current is None and segment.data != "same":
            declared = self.declared(token, anchor)
            if declared is not None:
                return declared
        if entity is None:
            raise self.fail(
                token,
                "RW306",
                f"`{token}` does not name several things",
                nearest(str(token), [e.plural for e in self.scope.vocabulary.entities.values()]),
            )
        wanted = key(entity.name)
        if segment.data == "same":
            return self._same(token, entity, current)
        holders = self.scope.reached(anchor) if current is None else self.kinds(current)
        if not any(wanted in self._directly_below(each) for each in holders):
            holder = self._type_name(holders)
            raise self.fail(
                token,
                "RW306",
                f"no `{entity.plural}` lie directly below a `{holder}`",
                f"declare a collection `{entity.plural} of the {holder}: at any depth`",
            )
        found: Collection = Below(anchor, wanted) if current is None else Each(current, wanted)
        if segment.data == "excepting":
            found = Except(found, self._members(entity, children(segment, "NAME")[1:]))
        return found

    def _members(self, entity: EntityType, tokens: list[Token]) -> tuple[str, ...]:
        found = []
        for token in tokens:
            member = next((each for each in entity.members if key(each) == key(token)), None)
            if member is None:
                raise self.fail(
                    token,
                    "RW309",
                    f"`{token}` is not a fixed member of `{entity.name}`",
                    nearest(str(token), entity.members),
                )
            found.append(member)
        return tuple(found)

    def _same(self, token: Token, entity: EntityType, current: Collection | None) -> Collection:
        wanted = key(entity.name)
        if current is None:
            raise self.fail(
                token,
                "RW306",
                f"`the same {token}` does not say of what",
                f"write `the same {token} of …`",
            )
        if any(each.entity != wanted for each in self.scope.kinds):
            raise self.fail(
                token,
                "RW306",
                f"`the same {token}` has a meaning only in a rule of a `{entity.name}`",
                f"write `of: {entity.name}`, or leave out `same`",
            )
        if any(wanted not in self._directly_below(each) for each in self.kinds(current)):
            raise self.fail(
                token,
                "RW306",
                f"not all of these have a `{entity.name}`",
                "name only those that have",
            )
        return Same(current, wanted)

    def _directly_below(self, kind: Kind) -> tuple[str, ...]:
        entity = self.scope.vocabulary.entities[kind.entity]
        return entity.listed_below + entity.fixed_below

    def declared(self, token: Token | str, anchor: Reach) -> Collection | None:
        """The collection that the vocabulary declares under a name, as seen from `anchor`."""
        vocabulary = self.scope.vocabulary
        for name, declaration in vocabulary.collections.items():
            plural, _, owner = name.partition(" of ")
            owners = {each.entity for each in self.scope.reached(anchor)}
            entity = vocabulary.entity(owner.removeprefix("the "))
            if key(plural) == key(token) and entity is not None and owners == {key(entity.name)}:
                inner = Scope(
                    vocabulary,
                    self.scope.lexicon,
                    self.scope.parameters,
                    kinds_of(vocabulary, key(entity.name)),
                )
                reader = type(self)(inner, declaration, self.place)
                return reader.declaration(
                    parse(declaration, "declared", inner.lexicon), token, anchor
                )
        return None

    def declaration(self, tree: Parsed, noun: Token | str, anchor: Reach) -> Collection:
        """A declared collection, as seen from `anchor`."""
        if tree.data == "at_any_depth":
            entity = self.scope.vocabulary.entity(noun)
            if entity is None:
                raise InputError(
                    Problem(
                        at(self.text, 0, self.place),
                        "RW209",
                        f"`{noun}` is not the plural of an entity",
                        nearest(
                            str(noun), [e.plural for e in self.scope.vocabulary.entities.values()]
                        ),
                    )
                )
            return Below(anchor, key(entity.name), deep=True)
        paths = [each for each in tree.children if is_tree(each)]
        parts = tuple(self._path(each, anchor) for each in paths)
        return parts[0] if len(parts) == 1 else Union(parts)

    def _path(self, tree: Parsed, anchor: Reach) -> Collection:
        names = children(tree, "NAME")
        if tree.data == "outside":
            names = names[:1]  # directly below, so outside every other entity
        found: Collection | None = None
        for token in reversed(names):
            entity = self.scope.vocabulary.entity(token)
            holders = self.scope.kinds if found is None else self.kinds(found)
            if entity is None or not any(
                key(entity.name) in self._directly_below(each) for each in holders
            ):
                raise self.fail(
                    token,
                    "RW209",
                    f"no `{token}` lie directly below a `{self._type_name(holders)}`",
                    "write the path down to them, such as `its services`, or `at any depth`",
                )
            found = (
                Below(anchor, key(entity.name)) if found is None else Each(found, key(entity.name))
            )
        assert found is not None
        wheres = children(tree, "where")
        return self._filtered(found, wheres[0]) if wheres else found

    def _filtered(self, collection: Collection, where: Parsed) -> Collection:
        inner = self.inside(self.kinds(collection))
        return Where(
            collection,
            tuple(
                inner.comparison(each)
                for each in children(where, "comparison") + children(where, "test")
            ),
        )

    def comparison(self, tree: Parsed) -> Test:
        from .conditions import comparison
        from .expressions import Reader

        assert isinstance(self, Reader)
        return comparison(self, tree)

    def predicate(self, tree: Parsed, collection: Collection, noun: Noun | None) -> Test:
        from .conditions import predicate
        from .expressions import Reader

        assert isinstance(self, Reader)
        return predicate(self, tree, collection, noun)

    def item_noun(self, token: Token, collection: Collection) -> Noun:
        """The attribute `token` of the items of a collection."""
        kinds = self.kinds(collection)
        attribute = self.scope.attribute(kinds, token)
        if attribute is None:
            raise self._no_attribute(token, kinds)
        return Noun(ITEM, key(token), attribute.type, attribute.given)

    def main_noun(self, collection: Collection, tree: Parsed) -> Noun:
        """The main attribute of the items of a collection."""
        kinds = self.kinds(collection)
        mains = {self.scope.vocabulary.entities[each.entity].main_result for each in kinds}
        main = next(iter(mains)) if len(mains) == 1 else ""
        attribute: Attribute | None = self.scope.attribute(kinds, main) if main else None
        if attribute is None:
            raise self.fail(
                tree,
                "RW312",
                f"`{self._type_name(kinds)}` has no main attribute",
                "say which attribute is meant: `has …`",
            )
        return Noun(ITEM, main, attribute.type, attribute.given)

    def kinds(self, collection: Collection) -> tuple[Kind, ...]:
        """The kinds of the items of a collection."""
        return collection_kinds(collection, self.scope)


def collection_kinds(collection: Collection, scope: Scope) -> tuple[Kind, ...]:
    """The kinds of the items of a collection, seen from `scope`."""
    vocabulary = scope.vocabulary
    match collection:
        case Below(start, entity, deep):
            holders = [each.entity for each in scope.reached(start)]
            if deep:
                return _kinds_below(vocabulary, entity, holders)
            return tuple(
                dict.fromkeys(
                    kind
                    for h in holders
                    if _holds(vocabulary.entities[h], entity)
                    for kind in kinds_of(vocabulary, entity, h)
                )
            )
        case Each(of, entity):
            holders = [each.entity for each in collection_kinds(of, scope)]
            return tuple(
                dict.fromkeys(
                    kind
                    for h in holders
                    if _holds(vocabulary.entities[h], entity)
                    for kind in kinds_of(vocabulary, entity, h)
                )
            )
        case Same(of, entity):
            members = [each.member for each in scope.kinds if each.entity == entity]
            return tuple(
                dict.fromkeys(
                    Kind(entity, each.entity, member)
                    for each in collection_kinds(of, scope)
                    for member in members
                )
            )
        case Except(of, members):
            return tuple(each for each in collection_kinds(of, scope) if each.member not in members)
        case Where(of, _):
            return collection_kinds(of, scope)
        case Union(parts):
            return tuple(
                dict.fromkeys(kind for part in parts for kind in collection_kinds(part, scope))
            )
        case _:
            assert_never(collection)


def _kinds_below(vocabulary: Vocabulary, entity: str, holders: list[str]) -> tuple[Kind, ...]:
    """The kinds of an entity type at any depth below others; every kind, where none can lie
    there.
    """
    parents = [
        each
        for each in vocabulary.parents(entity)
        if not {each, *vocabulary.ancestors(each)}.isdisjoint(holders)
    ]
    return tuple(
        kind for parent in parents for kind in kinds_of(vocabulary, entity, parent)
    ) or kinds_of(vocabulary, entity)


def _holds(holder: EntityType, entity: str) -> bool:
    return entity in holder.listed_below or entity in holder.fixed_below
