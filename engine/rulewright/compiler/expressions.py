"""Expressions: from trees to typed nodes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rulewright.ir.nodes import (
    HERE,
    Aggregate,
    Arithmetic,
    AsAtDate,
    Collection,
    Count,
    Expression,
    Literal,
    Noun,
    Round,
)
from rulewright.ir.types import (
    Date,
    Months,
    Number,
    Scale,
    Type,
    Words,
    YesNo,
    parse_date,
    parse_number,
)
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import InputError, Problem, nearest
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.parser import Parsed, children, parse
from rulewright.syntax.text import Text, key, place_of

from .collections import CollectionReader
from .nouns import a_type
from .scope import Scope, kinds_of

if TYPE_CHECKING:
    from collections.abc import Callable


class Reader(CollectionReader):
    """Reads the expressions of one sentence."""

    def expression(self, tree: Parsed, expected: Type | None = None) -> Expression:
        """The expression of `tree`; where a value of type `expected` may stand, bare words are
        values of it.
        """
        read: Callable[[Parsed, Type | None], Expression] | None = getattr(
            self, f"_{tree.data}", None
        )
        assert read is not None, tree.data
        return read(tree, expected)

    def _number(self, tree: Parsed, _expected: Type | None) -> Expression:
        value = parse_number(str(tree.children[-1]))
        if value is None:
            raise self.fail(
                tree,
                "RW304",
                f"`{tree.children[-1]}` is not a number",
                "write it without leading zeros",
            )
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
            raise self.fail(
                tree, "RW304", f"`{tree.children[0]}` is not a date", "there is no such day"
            )
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
        whole = op != "/" and all(
            isinstance(each.type, Number) and each.type.whole for each in sides
        )
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
            raise self.fail(
                tree,
                "RW311",
                f"a sum is of numbers, `{self.scope.attribute_name(noun)}` is {a_type(noun.type)}",
            )
        return Aggregate("sum", collection, noun, Number(noun.type.whole))

    def _average(self, tree: Parsed, _expected: Type | None) -> Expression:
        collection, noun = self._values(tree)
        if not isinstance(noun.type, Number):
            raise self.fail(
                tree,
                "RW311",
                f"an average is of numbers, `{self.scope.attribute_name(noun)}` is {a_type(noun.type)}",
            )
        return Aggregate("average", collection, noun, Number(False))

    def _lowest(self, tree: Parsed, _expected: Type | None) -> Expression:
        return self._extreme(tree, "lowest")

    def _highest(self, tree: Parsed, _expected: Type | None) -> Expression:
        return self._extreme(tree, "highest")

    def _extreme(self, tree: Parsed, kind: str) -> Expression:
        collection, noun = self._values(tree)
        if not isinstance(noun.type, (Number, Scale, Date)):
            raise self.fail(
                tree,
                "RW311",
                f"`{self.scope.attribute_name(noun)}` is {a_type(noun.type)} and has no {kind} value",
            )
        return Aggregate(kind, collection, noun, noun.type)

    def _values(self, tree: Parsed) -> tuple[Collection, Noun]:
        collection, noun = self.collection(children(tree, "collection")[0])
        return collection, noun or self.main_noun(collection, tree)

    def number(self, tree: Parsed) -> Expression:
        """An expression that must be a number."""
        found = self.expression(tree, Number(False))
        if not isinstance(found.type, Number):
            raise self.fail(
                tree,
                "RW311",
                f"`{self.words(tree)}` is not a number",
                f"it is {a_type(found.type)}" if found.type else "",
            )
        return found

    def _phrase(self, tree: Parsed, expected: Type | None) -> Expression:
        return self.noun(tree, expected)

    def _short_phrase(self, tree: Parsed, _expected: Type | None) -> Expression:
        return self._named(tree, bool(children(tree, "THE")), None)


def check_collections(vocabulary: Vocabulary, lexicon: Lexicon) -> list[Problem]:
    """What is wrong with the declared collections, whether a rule uses them or not."""
    found: list[Problem] = []
    for name, declaration in vocabulary.collections.items():
        plural, of, owner = name.partition(" of ")
        entity = vocabulary.entity(owner.removeprefix("the "))
        if not of:
            continue  # told where it is declared
        if entity is None:
            found.append(
                Problem(
                    place_of(name),
                    "RW209",
                    f"`{owner}` is not an entity, so it has no collection `{plural}`",
                    nearest(
                        owner.removeprefix("the "), [e.name for e in vocabulary.entities.values()]
                    ),
                )
            )
            continue
        try:
            scope = Scope(vocabulary, lexicon, {}, kinds_of(vocabulary, key(entity.name)))
            reader = Reader(scope, declaration, place_of(declaration))
            reader.declaration(
                parse(declaration, "declared", lexicon), Text.at(plural, place_of(name)), HERE
            )
        except InputError as error:
            found += error.problems
    return found
