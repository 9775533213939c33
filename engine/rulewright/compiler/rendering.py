"""Conditions, expressions and conclusions in the words of the rule language.

This is the one place that words what no author wrote: a negation, a condition with another amount,
a filter left out. Read again in the same scope, a rendered sentence gives the node that it renders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, assert_never

from rulewright.ir.nodes import (
    HERE,
    ITEM,
    Aggregate,
    Arithmetic,
    AsAtDate,
    Below,
    Collection,
    Compare,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Kind,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Reach,
    Round,
    Same,
    Test,
    Union,
    Where,
)
from rulewright.ir.operators import OPERATORS
from rulewright.ir.phrases import QUANTITIES, joined_words, share_words, value_words
from rulewright.ir.traversal import walk
from rulewright.ir.types import Choice, Scale, Type, Words
from rulewright.syntax.errors import NOWHERE
from rulewright.syntax.lexer import is_one_name
from rulewright.syntax.text import key

from .collections import collection_kinds
from .expressions import Reader
from .scope import Scope


def subject_of(test: Test) -> Expression:
    """The value that a test asks about."""
    return test.left if isinstance(test, Compare) else test.noun


# -- nodes


class _Several(NamedTuple):
    """A collection in words: its segments, innermost first, and its filter."""

    segments: tuple[str, ...]
    where: str = ""

    def of(self, segment: str) -> _Several:
        return self._replace(segments=(segment, *self.segments))

    def __str__(self) -> str:
        return " of ".join(self.segments) + self.where


Named = tuple[Collection, Noun | None]
_Names = dict[tuple[tuple[Kind, ...], tuple[Kind, ...]], dict[Collection, str]]


class Renderer:
    """Words nodes of rules that stand in one scope.

    cell: comparisons as the cells of tables say them. words: the author's own words for parts of a
    sentence, which stay as they are.
    """

    def __init__(
        self, scope: Scope, *, cell: bool = False, words: Mapping[object, str] | None = None
    ) -> None:
        self.scope, self.cell = scope, cell
        self.words = words if words is not None else {}
        self._names: _Names = {}

    def styled(self, *, cell: bool = False, words: Mapping[object, str] | None = None) -> Renderer:
        """The renderer of the same scope in another style."""
        found = Renderer(self.scope, cell=cell, words=words)
        found._names = self._names
        return found

    def body(self, body: Compare | Known | Quantified | Joined) -> str:
        """A condition in a sentence."""
        match body:
            case Known(noun, wanted) if not wanted and not noun.given:
                return f"{self.expression(noun)} has no value"
            case Compare() | Known():
                return self.test(body)
            case Quantified():
                return self._quantified(body)
            case Joined(kind, parts):
                return joined_words(kind, [self.body(each.body) for each in parts])
            case _:
                assert_never(body)

    def test(self, test: Test) -> str:
        """What is asked of one value, as a filter says it."""
        return f"{self.expression(subject_of(test))} is {self.relation(test)}"

    def conclusion(self, attribute: str, value: Expression, *, limit: bool = False) -> str:
        """What a rule gives an attribute, or limits it to."""
        found = self.scope.attribute(self.scope.kinds, attribute)
        name, kind = (found.name, found.type) if found is not None else (attribute, None)
        if isinstance(value, Literal) and value.value is None:
            return f"the {name} has no value"
        return f"the {name} is {'at most ' if limit else ''}{self._beside(value, kind)}"

    def relation(self, test: Test) -> str:
        """What is asked of a value, without what is compared: `good or better`, `known`."""
        match test:
            case Known(_, wanted):
                return "known" if wanted else "missing"
            case Compare(left, op, right):
                operator = OPERATORS[op]
                listed = operator.operands is None
                sides = [self._side(each, left.type, listed=listed) for each in right]
                if op == "is not":
                    sides = [self._after_not(right[0], sides[0])]
                if listed:
                    sides = [", ".join(sides)]
                return operator.phrases.in_rule(left.type, cell=self.cell).format(*sides)
            case _:
                assert_never(test)

    def _side(self, right: Expression, kind: Type | None, *, listed: bool) -> str:
        """What a comparison compares with; in brackets where it could swallow what follows."""
        words = self._beside(right, kind, listed=listed)
        filtered = any(
            isinstance(each, Where | Except) or (isinstance(each, Count) and each.test is not None)
            for each in walk(right)
        )
        return f"({words})" if filtered else words

    def _after_not(self, right: Expression, words: str) -> str:
        """A value after `not`, in quotation marks where the two words are a value of their own."""
        kind = right.type
        if isinstance(right, Literal) and isinstance(kind, Scale | Choice):
            return f'"{right.value}"' if kind.parse(f"not {right.value}") is not None else words
        return words

    # -- quantities

    def _quantified(self, body: Quantified) -> str:
        single = body.kind in ("every", "no") or (
            isinstance(body.amount, Literal) and body.amount.value == 1
        )
        return f"{self._quantity(body)} {self._asked(body.collection, body.test, single)}"

    def _quantity(self, body: Quantified) -> str:
        start = QUANTITIES.get(body.kind, body.kind)
        if body.share is not None:
            return f"{start} {share_words(body.share)} of"
        return start if body.amount is None else f"{start} {self._amount(body.amount)} of"

    def _amount(self, amount: Expression) -> str:
        words = self.expression(amount)
        bare = (
            isinstance(amount, Parameter)
            or (isinstance(amount, Literal) and not words.startswith("-"))
            or (isinstance(amount, Noun) and (amount.reach == HERE or amount in self._bound))
        )
        return words if bare else f"({words})"

    def _asked(self, collection: Collection, test: Test, single: bool, that: str = "") -> str:
        """The items of a collection and what is asked of each: `the ratings are good`."""
        noun = subject_of(test)
        assert isinstance(noun, Noun)
        inside = self._inside(collection)
        relation = inside.relation(test)
        named = self._named(collection, noun)
        if named or (self._is_main(collection, noun) and noun not in self.words):
            several = named or self.collection(collection)
            return f"{several}{that} {'is' if single else 'are'} {relation}"
        verb = "has" if single else "have"
        return f"{self.collection(collection)}{that} {verb} {inside.name_of(noun)} {relation}"

    def _named(self, collection: Collection, noun: Noun) -> str | None:
        """The author's words, or a principle's own word, for an attribute of several things."""
        return self.words.get((collection, noun)) or self._bound_values.get((collection, noun))

    def _is_main(self, collection: Collection, noun: Noun) -> bool:
        kinds = collection_kinds(collection, self.scope)
        entities = self.scope.vocabulary.entities
        return {entities[each.entity].main_result for each in kinds} == {noun.attribute}

    def _inside(self, collection: Collection) -> Renderer:
        """The renderer of what is asked of the items of a collection."""
        found = Renderer(self.scope.inside(collection_kinds(collection, self.scope)))
        found._names = self._names
        return found

    # -- expressions

    def _beside(self, right: Expression, kind: Type | None, *, listed: bool = False) -> str:
        """The other side of a comparison with values of a type: bare words are values there."""
        if isinstance(right, Literal):
            return self._literal(right, listed=listed)
        words = self.expression(right)
        bare = isinstance(right, Noun) and not words.startswith(("the ", "its "))
        return f"its {words}" if bare and kind is not None else words

    def _literal(self, literal: Literal, *, listed: bool = False) -> str:
        value, kind = literal.value, literal.type
        words = value_words(value, kind)
        if isinstance(kind, Words):
            return f'"{words}"'
        if isinstance(kind, Scale | Choice):
            negated = not listed and words.lower().startswith("not ")
            plain = is_one_name(words) and not negated
            return words if plain else f'"{words}"'
        return words

    def expression(self, body: Expression) -> str:
        """An expression in words."""
        known = self.words.get(body) or self._bound.get(body)
        if known is not None:
            return known
        match body:
            case Literal():
                return self._literal(body)
            case Parameter(name, _):
                return f"the {self.scope.lexicon.names.get(name, name)}"
            case AsAtDate():
                return "the as-at date"
            case Noun():
                return self._noun(body)
            case Arithmetic(op, left, right, _):
                return f"{self._operand(left, op)} {op} {self._operand(right, op, last=True)}"
            case Round(rule, of, _):
                return f"round {rule}({self.expression(of)})"
            case Count(collection, test, _):
                several = (
                    self.collection(collection)
                    if test is None
                    else self._asked(collection, test, single=False, that=" that")
                )
                return f"the number of {self._without_article(several)}"
            case Aggregate():
                return self._aggregate(body)
            case _:
                assert_never(body)

    @staticmethod
    def _without_article(words: str) -> str:
        return words.removeprefix("the ") if not words.startswith("the same ") else words

    def _operand(self, side: Expression, op: str, *, last: bool = False) -> str:
        words = self.expression(side)
        weaker = isinstance(side, Arithmetic) and (last or (op in "*/" and side.op in "+-"))
        return f"({words})" if weaker or isinstance(side, Count | Aggregate) else words

    def _aggregate(self, body: Aggregate) -> str:
        named = self._named(body.collection, body.noun)
        several = named or f"{self.name_of(body.noun)} of {self.collection(body.collection)}"
        if body.kind in ("lowest", "highest"):
            return f"the {body.kind} {'of ' if named else ''}{several}"
        return f"the {body.kind} of {several}"

    def name_of(self, noun: Noun) -> str:
        """The name of an attribute, as it was declared."""
        return "name" if noun.attribute == "name" else self.scope.attribute_name(noun)

    def _noun(self, noun: Noun) -> str:
        name, reach = self.name_of(noun), noun.reach
        owner = self._entity_of(reach)
        if reach.down:
            steps = [self._member(entity, member) for entity, member in reversed(reach.down)]
            tail = f" of the {owner}" if reach.up or reach.item or self.scope.items else ""
            return f"the {name} of {' of '.join(steps)}{tail}"
        if reach == ITEM:
            return f"its {name}" if key(name) in self.scope.bound else name
        if reach == HERE and not self.scope.items:
            return f"{'its' if key(name) in self.scope.bound else 'the'} {name}"
        return f"the {owner}'s {name}"

    def _entity_of(self, reach: Reach) -> str:
        kinds = self.scope.items if reach.item else self.scope.kinds
        return self.scope.vocabulary.entities[reach.up or kinds[0].entity].name

    def _member(self, entity: str, member: str) -> str:
        members = self.scope.vocabulary.entities[entity].members
        return next((each for each in members if key(each) == key(member)), member)

    # -- collections

    def collection(self, body: Collection) -> str:
        """Several things in words."""
        return self.words.get(body) or str(self._several(body))

    def values(self, collection: Collection, noun: Noun | None) -> str:
        """Several things, or one attribute of each."""
        if noun is None:
            return self.collection(collection)
        named = self._named(collection, noun)
        return named or f"the {self.name_of(noun)} of {self.collection(collection)}"

    def is_named(self, body: Collection) -> bool:
        """Whether a collection has a name of its own, declared or given by a principle."""
        return body in self._bound_collections or body in self._declared

    def _several(self, body: Collection) -> _Several:
        known = (
            self.words.get(body) or self._bound_collections.get(body) or self._declared.get(body)
        )
        if known is not None:
            return _Several((known,))
        match body:
            case Below(start, entity, _):
                tail = () if start == HERE else (f"the {self._entity_of(start)}",)
                return _Several((f"the {self._plural(entity)}", *tail))
            case Each(of, entity):
                return self._several(of).of(f"the {self._plural(entity)}")
            case Same(of, entity):
                name = self.scope.vocabulary.entities[entity].name
                return self._several(of).of(f"the same {name}")
            case Except(of, members):
                found = self._several(of)
                return found._replace(
                    segments=(
                        f"{found.segments[0]} except {' and '.join(members)}",
                        *found.segments[1:],
                    )
                )
            case Where(of, tests):
                inside = self._inside(of)
                asked = " and ".join(inside.test(each) for each in tests)
                return self._several(of)._replace(where=f" where {asked}")
            case Union(parts):
                return _Several((", ".join(str(self._several(each)) for each in parts),))
            case _:
                assert_never(body)

    def _plural(self, entity: str) -> str:
        return self.scope.vocabulary.entities[entity].plural

    # -- names

    @cached_property
    def _bound(self) -> dict[Expression, str]:
        bound = self.scope.bound.items()
        return {
            each.expression: f"the {self._word(word)}"
            for word, each in bound
            if each.expression is not None
        }

    @cached_property
    def _bound_values(self) -> dict[Named, str]:
        bound = self.scope.bound.items()
        return {
            (each.collection, each.noun): f"the {self._word(word)}"
            for word, each in bound
            if each.collection is not None
        }

    @cached_property
    def _bound_collections(self) -> dict[Collection, str]:
        return {collection: words for (collection, _), words in self._bound_values.items()}

    def _word(self, word: str) -> str:
        return self.scope.lexicon.names.get(word, word)

    @property
    def _declared(self) -> dict[Collection, str]:
        """The collections that the vocabulary declares, as seen from this scope."""
        place = self.scope.kinds, self.scope.items
        if place not in self._names:
            self._names[place] = self._declared_here()
        return self._names[place]

    def _declared_here(self) -> dict[Collection, str]:
        found: dict[Collection, str] = {}
        for anchor, tail in self._anchors():
            for name in self.scope.vocabulary.collection_names():
                declared = Reader(self.scope, name, NOWHERE).declared(name, anchor)
                if declared is not None:
                    found.setdefault(declared, f"the {name}{tail}")
        return found

    def _anchors(self) -> Iterator[tuple[Reach, str]]:
        entities = self.scope.vocabulary.entities
        yield HERE, f" of the {entities[self.scope.entity].name}" if self.scope.items else ""
        for up in sorted(self.scope.always_above(self.scope.kinds)):
            yield Reach(up=up), f" of the {entities[up].name}"
        if self.scope.items:
            yield ITEM, f" of the {self._entity_of(ITEM)}"
            for up in sorted(self.scope.always_above(self.scope.items)):
                yield Reach(item=True, up=up), f" of the {entities[up].name}"
