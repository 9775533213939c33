"""Conditions: from trees to typed nodes.

A rating is never compared with a number, nor a date with a length of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lark import Token

from rulewright.ir.nodes import (
    Collection,
    Compare,
    Condition,
    Expression,
    Joined,
    Known,
    Literal,
    Noun,
    Quantified,
    Test,
)
from rulewright.ir.operators import OPERATORS
from rulewright.ir.phrases import joined_words
from rulewright.ir.types import Choice, Date, Months, Number, Scale, Type, Words, parse_number
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, nearest
from rulewright.syntax.models import AllOf, AnyOf, NoneOf, Reasoned
from rulewright.syntax.parser import Parsed, UnknownWordError, children, parse
from rulewright.syntax.text import Text, key, place_of, text_of

from .expressions import Reader
from .nouns import a_type
from .scope import Scope


def read_conditions(written: Any, scope: Scope, place: Place = NOWHERE) -> tuple[Condition, ...]:
    """The conditions under `when`: all must hold.

    Raises `InputError` with every mistake found in them.
    """
    if written is None:
        return ()
    found: list[Condition] = []
    problems: list[Problem] = []
    for each in written if isinstance(written, list) else [written]:
        try:
            found.append(read_condition(each, scope, place))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def read_unless(written: Any, scope: Scope, place: Place = NOWHERE) -> tuple[Condition, ...]:
    """The conditions under `unless`: none may hold."""
    return tuple(
        Condition(Joined("none of", (each,)), f"unless {each.text}", each.place)
        for each in read_conditions(written, scope, place)
    )


def read_condition(written: Any, scope: Scope, place: Place = NOWHERE) -> Condition:
    """One condition: a sentence, one with its reason, or several under `any of`, `none of`, `all
    of`.
    """
    if isinstance(written, Reasoned):
        return replace(
            read_condition(written.condition, scope, place), because=text_of(written.because)
        )
    if isinstance(written, AnyOf | NoneOf | AllOf):
        kind = (
            "any of"
            if isinstance(written, AnyOf)
            else "none of"
            if isinstance(written, NoneOf)
            else "all of"
        )
        parts = read_conditions(list(_parts(written)), scope, place)
        return Condition(
            Joined(kind, parts), joined_words(kind, [each.text for each in parts]), written.place_
        )
    if isinstance(written, dict):  # as it stands in the file, not read as a model
        if set(written) == {"condition", "because"}:
            return replace(
                read_condition(written["condition"], scope, place),
                because=text_of(written["because"]),
            )
        for kind in ("any of", "none of", "all of"):
            if kind in written and len(written) == 1:
                inner = written[kind]
                parts = read_conditions(inner if isinstance(inner, list) else [inner], scope, place)
                text = joined_words(kind, [each.text for each in parts])
                return Condition(Joined(kind, parts), text, place_of(written, place))
    if not isinstance(written, str):
        raise InputError(
            Problem(
                place_of(written, place),
                "RW123",
                "a condition is a sentence, a sentence with its "
                "reason, or a list under `any of`, `none of` or `all of`",
            )
        )
    reader = Reader(scope, written, place)
    try:
        tree = parse(written, "condition", scope.lexicon, place)
    except UnknownWordError as unknown:
        if unknown.tree is not None:
            read_body(
                reader, unknown.tree.children[0]
            )  # what the word cannot be there: that says more
        raise
    return Condition(
        read_body(reader, tree.children[0]), text_of(written), place_of(written, place)
    )


def _parts(written: AnyOf | NoneOf | AllOf) -> Iterable[Any]:
    if isinstance(written, AnyOf):
        return written.any_of
    return written.none_of if isinstance(written, NoneOf) else written.all_of


def read_body(reader: Reader, tree: Parsed) -> Compare | Known | Quantified:
    """The condition that a tree says."""
    if tree.data in ("comparison", "missing_value"):
        return comparison(reader, tree)
    collection, noun = reader.collection(children(tree, "collection")[0])
    test = predicate(
        reader,
        next(each for each in tree.children if _data(each) in ("has", "is_")),
        collection,
        noun,
    )
    if tree.data in ("every", "none"):
        return Quantified("every" if tree.data == "every" else "no", collection, test)
    quantity = children(tree, "quantity")[0]
    kind = quantity.children[0].type.lower().replace("_", " ")
    amount = quantity.children[1]
    if amount.data == "half":
        return Quantified(kind, collection, test, share=Fraction(1, 2))
    if amount.data == "percent":
        value = parse_number(str(amount.children[0]))
        if value is None or not 0 <= value <= 100:
            raise reader.fail(
                amount, "RW304", f"`{amount.children[0]}%` is not a share", "expected 0% to 100%"
            )
        return Quantified(kind, collection, test, share=Fraction(value) / 100)
    return Quantified(kind, collection, test, amount=_amount(reader, amount))


def _amount(reader: Reader, tree: Parsed) -> Expression:
    found = reader.expression(tree)
    if not isinstance(found.type, Number):
        raise reader.fail(tree, "RW311", f"`{reader.words(tree)}` is not a number of things")
    if isinstance(found, Literal) and not isinstance(found.value, int):
        raise reader.fail(tree, "RW304", f"`{reader.words(tree)}` is not a whole number")
    return found


def _data(each: Any) -> str:
    return "" if isinstance(each, Token) else each.data


def predicate(reader: Reader, tree: Parsed, collection: Collection, noun: Noun | None) -> Test:
    """What is asked of each item: `has score 1`, or `is good` of the main attribute or of the
    attribute named.
    """
    inner = reader.inside(reader.kinds(collection))
    if tree.data == "has":
        noun = reader.item_noun(tree.children[1], collection)
    elif noun is None:
        noun = reader.main_noun(collection, tree)
    return relation(inner, noun, tree.children[-1], tree)


def comparison(reader: Reader, tree: Parsed) -> Test:
    """A comparison of one value with others."""
    left = reader.expression(tree.children[0])
    if isinstance(left, Literal):
        raise reader.fail(
            tree,
            "RW313",
            f"`{reader.words(tree.children[0])}` is a fixed value, not something to ask about",
            "begin with an attribute: `the … is …`",
        )
    if tree.data == "missing_value":
        return _known(reader, left, False, tree)
    return relation(reader, left, tree.children[-1], tree)


def _known(reader: Reader, left: Expression, wanted: bool, tree: Parsed) -> Known:
    if not isinstance(left, Noun):
        raise reader.fail(
            tree,
            "RW313",
            f"`{reader.words(tree)}` asks of more than an attribute whether it is known",
            "only an attribute can be known or missing",
        )
    return Known(left, wanted)


_OPS = {
    "equal": "is", "not_equal": "is not", "one_of": "one of", "not_one_of": "not one of", "at_least": "at least",
    "at_most": "at most", "more_than": "more than", "less_than": "less than", "between": "between",
    "before": "less than", "after": "more than", "on_or_before": "at most", "on_or_after": "at least", "within": "within",
}  # fmt: skip
_OF_DATES = ("before", "after", "on_or_before", "on_or_after", "within")


def relation(reader: Reader, left: Expression, tree: Parsed, whole: Parsed) -> Test:
    """`left` and what is asked of it, types checked."""
    if tree.data in ("known", "missing"):
        return _known(reader, left, tree.data == "known", whole)
    kind = left.type
    assert kind is not None
    op = _OPS[tree.data]
    _check_order(reader, kind, tree, whole)
    if OPERATORS[op].operands is None:
        values = [each for each in tree.children[-1].children if not isinstance(each, Token)]
        return Compare(left, op, tuple(_value(reader, each, kind) for each in values))
    if tree.data == "equal":
        split = _split_not(reader, tree.children[0], kind)
        if split is not None:
            return Compare(left, "is not", (split,))
    if op == "within":
        length = reader.expression(tree.children[1], Months())
        if not isinstance(length.type, Months):
            raise reader.fail(
                tree, "RW311", "`within` needs a length of time", "write for instance `24 months`"
            )
        return Compare(left, op, (length, _side(reader, tree.children[-1], kind)))
    sides = [each for each in tree.children if not isinstance(each, Token)]
    return Compare(left, op, tuple(_side(reader, each, kind) for each in sides))


def _check_order(reader: Reader, kind: Type, tree: Parsed, whole: Parsed) -> None:
    dated = isinstance(kind, Date)
    if tree.data in _OF_DATES and not dated:
        raise reader.fail(
            whole,
            "RW311",
            f"`{tree.data.replace('_', ' ')}` compares dates, here stands {a_type(kind)}",
            "write `is less than`, `is at most` or another comparison",
        )
    ordered = ("at_least", "at_most", "more_than", "less_than", "between")
    if tree.data in ordered and dated and tree.data != "between":
        raise reader.fail(
            whole,
            "RW311",
            f"dates are not compared with `{tree.data.replace('_', ' ')}`",
            "write `is before`, `is after`, `is on or before` or `is on or after`",
        )
    if tree.data in ordered and not isinstance(kind, (Scale, Number, Date, Months)):
        raise reader.fail(
            whole, "RW311", f"{a_type(kind)} has no order to compare by", "use `is` or `is one of`"
        )


def _value(reader: Reader, tree: Parsed, kind: Type) -> Expression:
    found = reader.expression(tree, kind)
    _check_type(reader, tree, found, kind)
    return found


def _side(reader: Reader, tree: Parsed, kind: Type) -> Expression:
    """The right side of a comparison with something of type `kind`."""
    found = reader.expression(tree, kind)
    _check_type(reader, tree, found, kind)
    return found


def _check_type(reader: Reader, tree: Parsed, found: Expression, kind: Type) -> None:
    other = found.type
    if other is None or same_type(kind, other):
        return
    words = reader.words(tree)
    if isinstance(found, Literal):
        raise reader.not_a_value(tree, words, kind)
    raise reader.fail(
        tree,
        "RW311",
        f"`{words}` is {a_type(other)}, compared with {a_type(kind)}",
        "compare values of one kind",
    )


def same_type(one: Type, other: Type) -> bool:
    """Whether values of the two types may be compared."""
    if isinstance(one, Number) and isinstance(other, Number):
        return True
    if isinstance(one, Choice) and isinstance(other, Choice):
        return one == other or set(one.values) == set(other.values)
    return type(one) is type(other) and (not isinstance(one, Scale) or one == other)


def _split_not(reader: Reader, tree: Parsed, kind: Type) -> Expression | None:
    """`is not rated`: the value *not rated* where the type has one, else *is not* the value
    `rated`.
    """
    if tree.data != "phrase" or len(tree.children) != 1 or tree.children[0].data != "plain":
        return None
    token = tree.children[0].children[-1]
    words = key(token)
    if not words.startswith("not ") or not isinstance(kind, (Scale, Choice)):
        return None
    rest = kind.parse(words.removeprefix("not "))
    if rest is None:
        return None
    if kind.parse(words) is not None:
        raise reader.fail(
            token,
            "RW314",
            f"`{token}` is a value, and so is `{rest}`: this may mean either",
            f'write `is "{token}"` or `is one of …`',
        )
    return Literal(rest, kind)


def check_conclusion(
    found: Expression, kind: Type, what: str, reader: Reader, tree: Parsed
) -> None:
    """A rule gives an attribute only values of its own type."""
    if found.type is None or same_type(kind, found.type):
        if isinstance(kind, Number) and isinstance(found.type, Number):
            if kind.whole and not found.type.whole:
                raise reader.fail(
                    tree,
                    "RW303",
                    f"`{what}` is a whole number, this may be a fraction",
                    "write `round half up(…)`",
                )
            if (
                isinstance(found, Literal)
                and found.value is not None
                and kind.parse(kind.show(found.value)) is None
            ):
                raise reader.fail(
                    tree,
                    "RW305",
                    f"`{kind.show(found.value)}` is not a value of `{what}`",
                    f"expected {kind.expected()}",
                )
        return
    if isinstance(found, Literal):
        raise reader.fail(
            tree,
            "RW305",
            f"`{reader.words(tree)}` is not a value of `{what}`",
            f"expected {kind.expected()}",
        )
    raise reader.fail(
        tree,
        "RW311",
        f"`{what}` is {a_type(kind)}, the rule gives {a_type(found.type)}",
        f"expected {kind.expected()}",
    )


def literal_of(text: Text | str, kind: Type, what: str, place: Place) -> Literal:
    """A single written value of a type: parameters, rows, supplied values."""
    value = kind.parse(text)
    if value is None:
        help = f"expected {kind.expected()}"
        if isinstance(kind, (Scale, Choice)):
            close = nearest(str(text), kind.values)
            help = close if close.startswith("did you mean") else help
        raise InputError(
            Problem(place_of(text, place), "RW305", f"`{text}` is not a value of `{what}`", help)
        )
    return Literal(value, kind)


__all__ = [
    "Words",
    "check_conclusion",
    "comparison",
    "literal_of",
    "predicate",
    "read_body",
    "read_condition",
    "read_conditions",
    "read_unless",
    "relation",
    "same_type",
]
