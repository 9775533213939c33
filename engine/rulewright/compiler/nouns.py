"""Words and nouns: which attribute of which entity is meant, or which value."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from lark import Token

from rulewright.ir.nodes import HERE, ITEM, Expression, Kind, Literal, Noun, Parameter, Reach
from rulewright.ir.types import Choice, Scale, Type, Words
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.parser import Parsed, at, children
from rulewright.syntax.text import key

from .scope import Scope


class Nouns:
    """Reads words and nouns of one sentence. `text` is the sentence, for the places of errors."""

    def __init__(self, scope: Scope, text: str, place: Place) -> None:
        self.scope = scope
        self.text = text
        self.place = place

    def inside(self, items: tuple[Kind, ...]) -> Self:
        return type(self)(self.scope.inside(items), self.text, self.place)

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
            return self.fail(
                where, "RW305", f"`{words}` is not a value of `{kind.describe()}`", help
            )
        return self.fail(where, "RW305", f"`{words}` is not {kind.expected()}")

    def words(self, tree: Parsed) -> str:
        """The part of the sentence that `tree` was read from."""
        tokens = list(tree.scan_values(lambda each: isinstance(each, Token)))
        if not tokens:
            return self.text
        return self.text[tokens[0].start_pos or 0 : max(each.end_pos or 0 for each in tokens)]

    # -- words and nouns

    def _literal(self, token: Token, expected: Type | None) -> Expression:
        value = expected.parse(str(token)) if expected is not None else None
        if expected is None:
            raise self.fail(token, "RW305", f"`{token}` is not a value of anything here")
        if value is None:
            raise self.not_a_value(token, str(token), expected)
        if isinstance(expected, Words) and key(token) not in self.scope.lexicon.names:
            raise self.fail(
                token,
                "RW301",
                f"`{token}` is not a word of this rulebook",
                "put text in double quotes",
            )
        return Literal(value, expected)

    def noun(self, tree: Parsed, expected: Type | None = None) -> Expression:
        """One value: a literal, an attribute, a parameter or a principle's own word."""
        segments = children(tree, "segment") + [
            each for each in tree.children if is_tree(each) and each.data != "segment"
        ]
        first = segments[0]
        if len(segments) == 1:
            if first.data == "plain":
                return self._named(first, bool(children(first, "THE")), expected)
            if first.data == "its":
                return self._own(first.children[-1], ITEM if self.scope.items else HERE)
            if first.data == "possessive":
                return self._possessive(first)
            raise self.fail(
                first,
                "RW306",
                f"`{self.words(tree)}` names several things",
                "say which one, or `the lowest …`, `the number of …`",
            )
        if first.data != "plain" or any(each.data != "plain" for each in segments):
            raise self.fail(
                first,
                "RW306",
                f"`{self.words(tree)}` is not one value",
                "say `the number of …`, `the lowest …` or a quantity such as `every …`",
            )
        reach = self._member_reach(segments[1:])
        return self._own(first.children[-1], reach)

    def _named(self, segment: Parsed, definite: bool, expected: Type | None) -> Expression:
        token = segment.children[-1]
        word = key(token)
        if not definite and expected is not None and expected.parse(str(token)) is not None:
            return self._literal(token, expected)
        if word in self.scope.bound:
            bound = self.scope.bound[word]
            if bound.expression is None:
                raise self.fail(
                    token,
                    "RW306",
                    f"`{token}` names several things",
                    "say `the lowest …`, `the number of …` or a quantity",
                )
            return bound.expression
        of_item = self.scope.attribute(self.scope.items, token) if self.scope.items else None
        own = self.scope.attribute(self.scope.kinds, token)
        if of_item and own and definite and self.scope.items != self.scope.kinds:
            item = self._type_name(self.scope.items)
            raise self.fail(
                token,
                "RW307",
                f"`the {token}` may be the {item}'s or the {self._type_name(self.scope.kinds)}'s",
                f"write `its {token}` for the {item}'s, or `the {self._type_name(self.scope.kinds)}'s {token}`",
            )
        if of_item:
            return Noun(ITEM, key(token), of_item.type, of_item.given)
        if own:
            return Noun(HERE, key(token), own.type, own.given)
        if word in self.scope.parameters:
            return Parameter(word, self.scope.parameters[word])
        if expected is not None and not definite:
            return self._literal(token, expected)
        if self._has_member(self.scope.kinds, token) or (
            self.scope.items and self._has_member(self.scope.items, token)
        ):
            return self._main_of_member(segment)
        vocabulary = self.scope.vocabulary
        if word in vocabulary.plurals or word in map(key, vocabulary.collection_names()):
            raise self.fail(
                token,
                "RW306",
                f"`{token}` names several things",
                "say how many: `every …`, `at least 1 of the …`, `the number of …`",
            )
        if expected is None and any(
            word in map(key, scale.values) for scale in vocabulary.scales.values()
        ):
            raise self.fail(
                token,
                "RW313",
                f"`{token}` is a fixed value, not something to ask about",
                "begin with an attribute: `the … is …`",
            )
        raise self._no_attribute(token, self.scope.items or self.scope.kinds)

    def _own(self, token: Token, reach: Reach) -> Noun:
        kinds = self.scope.reached(reach)
        attribute = self.scope.attribute(kinds, token)
        if attribute is None:
            raise self._no_attribute(token, kinds)
        return Noun(reach, key(token), attribute.type, attribute.given)

    def _no_attribute(self, token: Token, kinds: tuple[Kind, ...]) -> InputError:
        return self.scope.unknown_attribute(
            str(token), kinds, at(self.text, token.start_pos, self.place)
        )

    def _possessive(self, segment: Parsed) -> Noun:
        owner, attribute = children(segment, "NAME")
        return self._own(attribute, self._reach_up(owner))

    def _reach_up(self, token: Token) -> Reach:
        """The reach to `the trust`: the rule's own entity, one above it, the item, or one above the
        item.
        """
        entity = self.scope.vocabulary.entity(token)
        if entity is None:
            raise self.fail(
                token,
                "RW308",
                f"`{token}` is not an entity",
                nearest(str(token), [e.name for e in self.scope.vocabulary.entities.values()]),
            )
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
            raise self.fail(
                token,
                "RW306",
                f"a {whose} may have several {entity.plural}",
                "say which: `every …`, `at least 1 of the …`, `the lowest …`, `the number of …`",
            )
        raise self.fail(
            token,
            "RW308",
            f"a {whose} does not always lie below a {entity.name}",
            f"say `of: {whose} of a {entity.name}` in the rule, or look down from above",
        )

    def _member_reach(self, segments: list[Parsed]) -> Reach:
        """The reach of `… of safe`, `… of safe of the trust`, `… of the trust`."""
        tokens = [each.children[-1] for each in segments]
        last = self.scope.vocabulary.entity(tokens[-1])
        start = HERE
        if last is not None and children(segments[-1], "THE"):
            start = self._reach_up(tokens.pop())
        elif (
            self.scope.items
            and self.scope.items != self.scope.kinds
            and self._has_member(self.scope.items, tokens[-1])
        ):
            item, own = self._type_name(self.scope.items), self._type_name(self.scope.kinds)
            raise self.fail(
                segments[-1],
                "RW307",
                f"`{tokens[-1]}` may be the {item}'s or the {own}'s",
                f"write `… of {tokens[-1]} of the {item}`, or `… of {tokens[-1]} of the {own}`",
            )
        for token in reversed(tokens):
            holders = {each.entity for each in self.scope.reached(start)}
            fixed = {
                e for holder in holders for e in self.scope.vocabulary.entities[holder].fixed_below
            }
            found = [
                (e, m)
                for e in sorted(fixed)
                for m in self.scope.vocabulary.entities[e].members
                if key(m) == key(token)
            ]
            if len(found) != 1:
                members = [m for e in fixed for m in self.scope.vocabulary.entities[e].members]
                raise self.fail(
                    token,
                    "RW309",
                    f"`{token}` is not one fixed member of `{'`, `'.join(sorted(holders))}`",
                    nearest(str(token), members),
                )
            start = replace(start, down=(*start.down, found[0]))
        return start

    def _main_of_member(self, segment: Parsed) -> Noun:
        """`safe is good`: the bare name of a fixed member asks for its main result."""
        reach = self._member_reach([segment])
        kinds = self.scope.reached(reach)
        main = self.scope.vocabulary.entities[kinds[0].entity].main_result
        attribute = self.scope.attribute(kinds, main) if main else None
        if attribute is None:
            token = segment.children[-1]
            raise self.fail(
                token,
                "RW312",
                f"`{self._type_name(kinds)}` has no main attribute",
                f"say which attribute is meant: `the … of {token}`",
            )
        return Noun(reach, main, attribute.type, attribute.given)

    def _has_member(self, kinds: tuple[Kind, ...], token: Token) -> bool:
        entities = self.scope.vocabulary.entities
        below = {each for kind in kinds for each in entities[kind.entity].fixed_below}
        return any(key(member) == key(token) for each in below for member in entities[each].members)

    def _type_name(self, kinds: tuple[Kind, ...]) -> str:
        return self.scope.vocabulary.entities[kinds[0].entity].name


def is_tree(each: object) -> bool:
    return not isinstance(each, Token)


def a_type(kind: Type | None) -> str:
    """A type in a sentence: `a rating`, `one of `ready`, `not ready``."""
    if kind is None:
        return "something else"
    if isinstance(kind, Choice):
        return kind.expected()
    return (
        f"a {kind.describe()}"
        if isinstance(kind, Scale)
        else "a text"
        if isinstance(kind, Words)
        else kind.expected()
    )
