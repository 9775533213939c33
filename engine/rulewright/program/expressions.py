"""Expressions and collections: from trees to typed nodes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from lark import Token

from rulewright.language.errors import InputError, Place, Problem, nearest
from rulewright.language.parsing import Parsed, at, children, parse
from rulewright.language.lexer import Lexicon
from rulewright.language.text import Text, key, place_of
from rulewright.language.types import Choice, Date, Months, Number, Scale, Type, Words, YesNo, parse_date, parse_number
from rulewright.language.vocabulary import Attribute, EntityType, Vocabulary

from .nodes import (
    HERE, ITEM, Aggregate, Arithmetic, AsAtDate, Below, Collection, Compare, Count, Each, Except, Expression, Kind, Literal,
    Noun, Parameter, Reach, Round, Same, Test, Union, Where,
)  # fmt: skip
from .scope import Scope, kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable

Values = tuple[Collection, Noun | None]  # a collection, and the attribute of its items that is meant


class Reader:
    """Reads the expressions of one sentence. `text` is the sentence, for the places of errors."""

    def __init__(self, scope: Scope, text: str, place: Place) -> None:
        self.scope = scope
        self.text = text
        self.place = place

    def inside(self, items: tuple[Kind, ...]) -> Reader:
        return Reader(self.scope.inside(items), self.text, self.place)

    def fail(self, where: Parsed | Token, code: str, message: str, help: str = "") -> InputError:
        """An error at the place of a part of the sentence."""
        token = where if isinstance(where, Token) else next(where.scan_values(lambda _: True), None)
        position = token.start_pos if isinstance(token, Token) else 0
        return InputError(Problem(at(self.text, position, self.place), code, message, help))

    def not_a_value(self, where: Parsed | Token, words: str, kind: Type) -> InputError:
        """The error for a value of another kind than the one that belongs there."""
        if isinstance(kind, (Scale, Choice)):
            close = nearest(words, kind.values)
            help = close if close.startswith("did you mean") else f"expected {kind.expected()}"
            return self.fail(where, "RW305", f"`{words}` is not a value of `{kind.describe()}`", help)
        return self.fail(where, "RW305", f"`{words}` is not {kind.expected()}")

    # -- expressions --------------------------------------------------------------------------------------------------

    def expression(self, tree: Parsed, expected: Type | None = None) -> Expression:
        """The expression of `tree`; where a value of type `expected` may stand, bare words are values of it."""
        read: Callable[[Parsed, Type | None], Expression] | None = getattr(self, f"_{tree.data}", None)
        assert read is not None, tree.data
        return read(tree, expected)

    def _number(self, tree: Parsed, _expected: Type | None) -> Expression:
        value = parse_number(str(tree.children[-1]))
        if value is None:
            raise self.fail(tree, "RW304", f"`{tree.children[-1]}` is not a number", "write it without leading zeros")
        return Literal(value, Number(isinstance(value, int)))

    def _negative(self, tree: Parsed, expected: Type | None) -> Expression:
        inner = self._number(tree, expected)
        assert isinstance(inner, Literal) and isinstance(inner.value, (int, Fraction))
        return Literal(-inner.value, inner.type)

    def _months(self, tree: Parsed, _expected: Type | None) -> Expression:
        value = parse_number(str(tree.children[0]))
        if not isinstance(value, int) or value > 12_000:
            raise self.fail(tree, "RW304", f"`{tree.children[0]}` is not a whole number of months")
        return Literal(value, Months())

    def _date(self, tree: Parsed, _expected: Type | None) -> Expression:
        value = parse_date(str(tree.children[0]))
        if value is None:
            raise self.fail(tree, "RW304", f"`{tree.children[0]}` is not a date", "there is no such day")
        return Literal(value, Date())

    def _yes(self, _tree: Parsed, _expected: Type | None) -> Expression:
        return Literal(True, YesNo())

    def _no(self, _tree: Parsed, _expected: Type | None) -> Expression:
        return Literal(False, YesNo())

    def _string(self, tree: Parsed, expected: Type | None) -> Expression:
        text = str(tree.children[0])[1:-1]
        if expected is not None and not isinstance(expected, Words):
            value = expected.parse(text)
            if value is None:
                raise self.not_a_value(tree, text, expected)
            return Literal(value, expected)
        return Literal(" ".join(text.split()), Words())

    def _word(self, tree: Parsed, expected: Type | None) -> Expression:
        return self._literal(tree.children[0], expected)

    def _grouped(self, tree: Parsed, expected: Type | None) -> Expression:
        return self.expression(children(tree, "LPAR") and tree.children[1], expected)

    def _as_at_date(self, _tree: Parsed, _expected: Type | None) -> Expression:
        return AsAtDate(Date())

    def _arithmetic(self, tree: Parsed, _expected: Type | None) -> Expression:
        left, operator, right = tree.children
        op = {"PLUS": "+", "MINUS": "-", "TIMES": "*", "DIVIDED": "/"}[operator.type]
        sides = [self.number(left), self.number(right)]
        whole = op != "/" and all(isinstance(each.type, Number) and each.type.whole for each in sides)
        return Arithmetic(op, sides[0], sides[1], Number(whole))

    def _round(self, tree: Parsed, _expected: Type | None) -> Expression:
        rule = children(tree, "rounding")[0].children[0].type.lower().replace("_", " ")
        return Round(rule, self.number(tree.children[3]), Number(True))

    def _count(self, tree: Parsed, _expected: Type | None) -> Expression:
        collection, noun = self.collection(children(tree, "collection")[0])
        counted = children(tree, "counted")
        test = self.predicate(counted[0].children[-1], collection, noun) if counted else None
        return Count(collection, test, Number(True, 0))

    def _total(self, tree: Parsed, _expected: Type | None) -> Expression:
        collection, noun = self._values(tree)
        if not isinstance(noun.type, Number):
            raise self.fail(tree, "RW311", f"a sum is of numbers, `{self.scope.attribute_name(noun)}` is {a_type(noun.type)}")
        return Aggregate("sum", collection, noun, Number(noun.type.whole))

    def _average(self, tree: Parsed, _expected: Type | None) -> Expression:
        collection, noun = self._values(tree)
        if not isinstance(noun.type, Number):
            raise self.fail(tree, "RW311", f"an average is of numbers, `{self.scope.attribute_name(noun)}` is {a_type(noun.type)}")
        return Aggregate("average", collection, noun, Number(False))

    def _lowest(self, tree: Parsed, _expected: Type | None) -> Expression:
        return self._extreme(tree, "lowest")

    def _highest(self, tree: Parsed, _expected: Type | None) -> Expression:
        return self._extreme(tree, "highest")

    def _extreme(self, tree: Parsed, kind: str) -> Expression:
        collection, noun = self._values(tree)
        if not isinstance(noun.type, (Number, Scale, Date)):
            raise self.fail(tree, "RW311", f"`{self.scope.attribute_name(noun)}` is {a_type(noun.type)} and has no {kind} value")
        return Aggregate(kind, collection, noun, noun.type)

    def _values(self, tree: Parsed) -> tuple[Collection, Noun]:
        collection, noun = self.collection(children(tree, "collection")[0])
        return collection, noun or self.main_noun(collection, tree)

    def number(self, tree: Parsed) -> Expression:
        """An expression that must be a number."""
        found = self.expression(tree, Number(False))
        if not isinstance(found.type, Number):
            raise self.fail(tree, "RW311", f"`{self.words(tree)}` is not a number",
                            f"it is {a_type(found.type)}" if found.type else "")  # fmt: skip
        return found

    def words(self, tree: Parsed) -> str:
        """The part of the sentence that `tree` was read from."""
        tokens = [each for each in tree.scan_values(lambda each: isinstance(each, Token))]
        if not tokens:
            return self.text
        return self.text[tokens[0].start_pos or 0 : max(each.end_pos or 0 for each in tokens)]

    # -- words and nouns ----------------------------------------------------------------------------------------------

    def _literal(self, token: Token, expected: Type | None) -> Expression:
        value = expected.parse(str(token)) if expected is not None else None
        if expected is None:
            raise self.fail(token, "RW305", f"`{token}` is not a value of anything here")
        if value is None:
            raise self.not_a_value(token, str(token), expected)
        if isinstance(expected, Words) and key(token) not in self.scope.lexicon.names:
            raise self.fail(token, "RW301", f"`{token}` is not a word of this rulebook", "put text in double quotes")
        return Literal(value, expected)

    def _phrase(self, tree: Parsed, expected: Type | None) -> Expression:
        return self.noun(tree, expected)

    def _short_phrase(self, tree: Parsed, _expected: Type | None) -> Expression:
        return self._named(tree.children[-1], bool(children(tree, "THE")), None)

    def noun(self, tree: Parsed, expected: Type | None = None) -> Expression:
        """One value: a literal, an attribute, a parameter or a principle's own word."""
        segments = children(tree, "segment") + [each for each in tree.children if _is_tree(each) and each.data != "segment"]
        first = segments[0]
        if len(segments) == 1:
            if first.data == "plain":
                return self._named(first.children[-1], bool(children(first, "THE")), expected)
            if first.data == "its":
                return self._own(first.children[-1], ITEM if self.scope.items else HERE)
            if first.data == "possessive":
                return self._possessive(first)
            raise self.fail(first, "RW306", f"`{self.words(tree)}` names several things",
                            "say which one, or `the lowest …`, `the number of …`")  # fmt: skip
        if first.data != "plain" or any(each.data != "plain" for each in segments):
            raise self.fail(first, "RW306", f"`{self.words(tree)}` is not one value",
                            "say `the number of …`, `the lowest …` or a quantity such as `every …`")  # fmt: skip
        reach = self._member_reach(segments[1:])
        return self._own(first.children[-1], reach)

    def _named(self, token: Token, definite: bool, expected: Type | None) -> Expression:
        word = key(token)
        if not definite and expected is not None and expected.parse(str(token)) is not None:
            return self._literal(token, expected)
        if word in self.scope.bound:
            bound = self.scope.bound[word]
            if bound.expression is None:
                raise self.fail(token, "RW306", f"`{token}` names several things",
                                "say `the lowest …`, `the number of …` or a quantity")  # fmt: skip
            return bound.expression
        of_item = self.scope.attribute(self.scope.items, token) if self.scope.items else None
        own = self.scope.attribute(self.scope.kinds, token)
        if of_item and own and definite and self.scope.items != self.scope.kinds:
            item = self._type_name(self.scope.items)
            raise self.fail(token, "RW307", f"`the {token}` may be the {item}'s or the {self._type_name(self.scope.kinds)}'s",
                            f"write `its {token}` for the {item}'s, or `the {self._type_name(self.scope.kinds)}'s {token}`")  # fmt: skip
        if of_item:
            return Noun(ITEM, key(token), of_item.type, of_item.given)
        if own:
            return Noun(HERE, key(token), own.type, own.given)
        if word in self.scope.parameters:
            return Parameter(word, self.scope.parameters[word])
        if expected is not None and not definite:
            return self._literal(token, expected)
        vocabulary = self.scope.vocabulary
        if word in vocabulary.plurals or word in map(key, vocabulary.collection_names()):
            raise self.fail(token, "RW306", f"`{token}` names several things",
                            "say how many: `every …`, `at least 1 of the …`, `the number of …`")  # fmt: skip
        if expected is None and any(word in map(key, scale.values) for scale in vocabulary.scales.values()):
            raise self.fail(token, "RW313", f"`{token}` is a fixed value, not something to ask about",
                            "begin with an attribute: `the … is …`")  # fmt: skip
        raise self._no_attribute(token, self.scope.items or self.scope.kinds)

    def _own(self, token: Token, reach: Reach) -> Noun:
        kinds = self.scope.reached(reach)
        attribute = self.scope.attribute(kinds, token)
        if attribute is None:
            raise self._no_attribute(token, kinds)
        return Noun(reach, key(token), attribute.type, attribute.given)

    def _no_attribute(self, token: Token, kinds: tuple[Kind, ...]) -> InputError:
        return self.scope.unknown_attribute(str(token), kinds, at(self.text, token.start_pos, self.place))

    def _possessive(self, segment: Parsed) -> Noun:
        owner, attribute = children(segment, "NAME")
        return self._own(attribute, self._reach_up(owner))

    def _reach_up(self, token: Token) -> Reach:
        """The reach to `the trust`: the rule's own entity, one above it, the item, or one above the item."""
        entity = self.scope.vocabulary.entity(token)
        if entity is None:
            raise self.fail(token, "RW308", f"`{token}` is not an entity",
                            nearest(str(token), [e.name for e in self.scope.vocabulary.entities.values()]))  # fmt: skip
        wanted = key(entity.name)
        if wanted == self.scope.entity:
            return HERE
        if wanted in self.scope.always_above(self.scope.kinds):
            return Reach(up=wanted)
        if self.scope.items and all(each.entity == wanted for each in self.scope.items):
            return ITEM
        if self.scope.items and wanted in self.scope.always_above(self.scope.items):
            return Reach(item=True, up=wanted)
        whose = self._type_name(self.scope.kinds)
        if self.scope.entity in self.scope.vocabulary.ancestors(wanted):
            raise self.fail(token, "RW306", f"a {whose} may have several {entity.plural}",
                            "say which: `every …`, `at least 1 of the …`, `the lowest …`, `the number of …`")  # fmt: skip
        raise self.fail(token, "RW308", f"a {whose} does not always lie below a {entity.name}",
                        f"say `of: {whose} of a {entity.name}` in the rule, or look down from above")  # fmt: skip

    def _member_reach(self, segments: list[Parsed]) -> Reach:
        """The reach of `… of safe`, `… of safe of the trust`, `… of the trust`."""
        tokens = [each.children[-1] for each in segments]
        last = self.scope.vocabulary.entity(tokens[-1])
        start = HERE
        if last is not None and children(segments[-1], "THE"):
            start = self._reach_up(tokens.pop())
        for token in reversed(tokens):
            holders = {each.entity for each in self.scope.reached(start)}
            fixed = {e for holder in holders for e in self.scope.vocabulary.entities[holder].fixed_below}
            found = [(e, m) for e in sorted(fixed) for m in self.scope.vocabulary.entities[e].members
                     if key(m) == key(token)]  # fmt: skip
            if len(found) != 1:
                members = [m for e in fixed for m in self.scope.vocabulary.entities[e].members]
                raise self.fail(token, "RW309", f"`{token}` is not one fixed member of `{'`, `'.join(sorted(holders))}`",
                                nearest(str(token), members))  # fmt: skip
            start = replace(start, down=(*start.down, found[0]))
        return start

    def _type_name(self, kinds: tuple[Kind, ...]) -> str:
        return self.scope.vocabulary.entities[kinds[0].entity].name

    # -- collections --------------------------------------------------------------------------------------------------

    def collection(self, tree: Parsed) -> Values:
        """Several things: entities, or one attribute of several entities."""
        phrase = tree.children[0]
        wheres = children(tree, "where")
        segments = [each for each in phrase.children if _is_tree(each)]
        anchor = HERE
        last = segments[-1]
        if len(segments) > 1 and last.data == "plain" and self._is_one_entity(last.children[-1]):
            anchor = self._reach_up(last.children[-1])
            segments = segments[:-1]
        current: Collection | None = None
        for index in range(len(segments) - 1, -1, -1):
            segment = segments[index]
            if current is not None and index == 0 and segment.data == "plain" and not self._is_entity(segment.children[-1]):
                return current, self.item_noun(segment.children[-1], current)
            bound = self.scope.bound.get(key(segment.children[-1])) if segment.data == "plain" else None
            if bound and current is None:
                if bound.collection is None:
                    raise self.fail(segment, "RW306", f"`{segment.children[-1]}` is one value, not several",
                                    "write `the … is …`")  # fmt: skip
                return (self._filtered(bound.collection, wheres[0]) if wheres else bound.collection), bound.noun
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
        token = children(segment, "NAME")[0] if segment.data != "possessive" else children(segment, "NAME")[1]
        if segment.data == "possessive":
            anchor = self._reach_up(children(segment, "NAME")[0])
        entity = self.scope.vocabulary.entity(token)
        if current is None and segment.data != "same":
            declared = self._declared(token, anchor)
            if declared is not None:
                return declared
        if entity is None:
            raise self.fail(token, "RW306", f"`{token}` does not name several things",
                            nearest(str(token), [e.plural for e in self.scope.vocabulary.entities.values()]))  # fmt: skip
        wanted = key(entity.name)
        if segment.data == "same":
            return self._same(token, entity, current)
        holders = self.scope.reached(anchor) if current is None else self.kinds(current)
        if not any(wanted in self._directly_below(each) for each in holders):
            holder = self._type_name(holders)
            raise self.fail(token, "RW306", f"no `{entity.plural}` lie directly below a `{holder}`",
                            f"declare a collection `{entity.plural} of the {holder}: at any depth`")  # fmt: skip
        found: Collection = Below(anchor, wanted) if current is None else Each(current, wanted)
        if segment.data == "excepting":
            found = Except(found, self._members(entity, children(segment, "NAME")[1:]))
        return found

    def _members(self, entity: EntityType, tokens: list[Token]) -> tuple[str, ...]:
        found = []
        for token in tokens:
            member = next((each for each in entity.members if key(each) == key(token)), None)
            if member is None:
                raise self.fail(token, "RW309", f"`{token}` is not a fixed member of `{entity.name}`",
                                nearest(str(token), entity.members))  # fmt: skip
            found.append(member)
        return tuple(found)

    def _same(self, token: Token, entity: EntityType, current: Collection | None) -> Collection:
        wanted = key(entity.name)
        if current is None:
            raise self.fail(token, "RW306", f"`the same {token}` does not say of what", f"write `the same {token} of …`")
        if any(each.entity != wanted for each in self.scope.kinds):
            raise self.fail(token, "RW306", f"`the same {token}` has a meaning only in a rule of a `{entity.name}`",
                            f"write `of: {entity.name}`, or leave out `same`")  # fmt: skip
        if any(wanted not in self._directly_below(each) for each in self.kinds(current)):
            raise self.fail(token, "RW306", f"not all of these have a `{entity.name}`", "name only those that have")
        return Same(current, wanted)

    def _directly_below(self, kind: Kind) -> tuple[str, ...]:
        entity = self.scope.vocabulary.entities[kind.entity]
        return entity.listed_below + entity.fixed_below

    def _declared(self, token: Token, anchor: Reach) -> Collection | None:
        vocabulary = self.scope.vocabulary
        for name, declaration in vocabulary.collections.items():
            plural, _, owner = name.partition(" of ")
            owners = {each.entity for each in self.scope.reached(anchor)}
            entity = vocabulary.entity(owner.removeprefix("the "))
            if key(plural) == key(token) and entity is not None and owners == {key(entity.name)}:
                inner = Scope(vocabulary, self.scope.lexicon, self.scope.parameters, kinds_of(vocabulary, key(entity.name)))
                reader = Reader(inner, declaration, self.place)
                return reader.declaration(parse(declaration, "declared", inner.lexicon), token, anchor)
        return None

    def declaration(self, tree: Parsed, noun: Token | str, anchor: Reach) -> Collection:
        """A declared collection, as seen from `anchor`."""
        if tree.data == "at_any_depth":
            entity = self.scope.vocabulary.entity(noun)
            if entity is None:
                raise InputError(Problem(at(self.text, 0, self.place), "RW209", f"`{noun}` is not the plural of an entity",
                                         nearest(str(noun), [e.plural for e in self.scope.vocabulary.entities.values()])))  # fmt: skip
            return Below(anchor, key(entity.name), deep=True)
        paths = [each for each in tree.children if _is_tree(each)]
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
            if entity is None or not any(key(entity.name) in self._directly_below(each) for each in holders):
                raise self.fail(token, "RW209", f"no `{token}` lie directly below a `{self._type_name(holders)}`",
                                "write the path down to them, such as `its services`, or `at any depth`")  # fmt: skip
            found = Below(anchor, key(entity.name)) if found is None else Each(found, key(entity.name))
        assert found is not None
        wheres = children(tree, "where")
        return self._filtered(found, wheres[0]) if wheres else found

    def _filtered(self, collection: Collection, where: Parsed) -> Collection:
        inner = self.inside(self.kinds(collection))
        return Where(collection, tuple(inner.comparison(each) for each in children(where, "comparison")
                                       + children(where, "test")))  # fmt: skip

    def comparison(self, tree: Parsed) -> Test:
        from .conditions import comparison

        return comparison(self, tree)

    def predicate(self, tree: Parsed, collection: Collection, noun: Noun | None) -> Test:
        from .conditions import predicate

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
            raise self.fail(tree, "RW312", f"`{self._type_name(kinds)}` has no main attribute",
                            "say which attribute is meant: `has …`")  # fmt: skip
        return Noun(ITEM, main, attribute.type, attribute.given)

    def kinds(self, collection: Collection) -> tuple[Kind, ...]:
        """The kinds of the items of a collection."""
        return collection_kinds(collection, self.scope)


def collection_kinds(collection: Collection, scope: Scope) -> tuple[Kind, ...]:
    """The kinds of the items of a collection, seen from `scope`."""
    vocabulary = scope.vocabulary
    match collection:
        case Below(start, entity, deep):
            if deep:
                return kinds_of(vocabulary, entity)
            holders = [each.entity for each in scope.reached(start)]
            return tuple(dict.fromkeys(kind for h in holders if _holds(vocabulary.entities[h], entity)
                                       for kind in kinds_of(vocabulary, entity, h)))  # fmt: skip
        case Each(of, entity):
            holders = [each.entity for each in collection_kinds(of, scope)]
            return tuple(dict.fromkeys(kind for h in holders if _holds(vocabulary.entities[h], entity)
                                       for kind in kinds_of(vocabulary, entity, h)))  # fmt: skip
        case Same(of, entity):
            members = [each.member for each in scope.kinds if each.entity == entity]
            return tuple(dict.fromkeys(Kind(entity, each.entity, member)
                                       for each in collection_kinds(of, scope) for member in members))  # fmt: skip
        case Except(of, members):
            return tuple(each for each in collection_kinds(of, scope) if each.member not in members)
        case Where(of, _):
            return collection_kinds(of, scope)
        case Union(parts):
            return tuple(dict.fromkeys(kind for part in parts for kind in collection_kinds(part, scope)))


def check_collections(vocabulary: Vocabulary, lexicon: Lexicon) -> list[Problem]:
    """What is wrong with the declared collections, whether a rule uses them or not."""
    found: list[Problem] = []
    for name, declaration in vocabulary.collections.items():
        plural, of, owner = name.partition(" of ")
        entity = vocabulary.entity(owner.removeprefix("the "))
        if not of:
            continue  # told where it is declared
        if entity is None:
            found.append(Problem(place_of(name), "RW209", f"`{owner}` is not an entity, so it has no collection `{plural}`",
                                 nearest(owner.removeprefix("the "), [e.name for e in vocabulary.entities.values()])))  # fmt: skip
            continue
        try:
            scope = Scope(vocabulary, lexicon, {}, kinds_of(vocabulary, key(entity.name)))
            Reader(scope, declaration, place_of(declaration)).declaration(parse(declaration, "declared", lexicon), Text.at(plural, place_of(name)), HERE)
        except InputError as error:
            found += error.problems
    return found


def _holds(holder: EntityType, entity: str) -> bool:
    return entity in holder.listed_below or entity in holder.fixed_below


def _is_tree(each: object) -> bool:
    return not isinstance(each, Token)


def compare_values(left: Expression, right: Expression) -> Compare:
    """`left is right`, for cells and rows."""
    return Compare(left, "is", (right,))


def a_type(kind: Type | None) -> str:
    """A type in a sentence: `a rating`, `one of `ready`, `not ready``."""
    if kind is None:
        return "something else"
    if isinstance(kind, Choice):
        return kind.expected()
    return f"a {kind.describe()}" if isinstance(kind, Scale) else "a text" if isinstance(kind, Words) else kind.expected()


def text_of(text: str) -> str:
    """A sentence on one line."""
    return " ".join(text.split())


__all__ = ["Reader", "Text", "a_type", "collection_kinds", "check_collections", "compare_values", "text_of"]
