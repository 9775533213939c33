"""Traversal of the typed program: what a node holds, what lies below it, what it reads.

It follows the declared fields of the node classes, so that a new class is traversed as it is
declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple, TypeVar, assert_never, get_args, get_type_hints

from . import nodes
from .nodes import (
    Aggregate,
    Arithmetic,
    AsAtDate,
    Below,
    Collection,
    Compare,
    Condition,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Reach,
    Round,
    Rule,
    Same,
    Test,
    Union,
    Where,
)

Leaf = Compare | Known | Quantified
Body = Leaf | Joined
Term = Expression | Collection | Body | Condition | Rule
Terms = Term | str | None | Sequence["Terms"]
Counted = tuple[Collection, Test | Noun | None]  # with what is asked of its items
T = TypeVar("T")

TERMS: tuple[type, ...] = get_args(Term)


def _mentions(annotation: object, classes: tuple[type, ...]) -> bool:
    return annotation in classes or any(_mentions(part, classes) for part in get_args(annotation))


def _fields(of: type, *classes: type) -> tuple[str, ...]:
    """The fields of a class that are declared to hold such objects, in their order."""
    hints = get_type_hints(of, vars(nodes))
    return tuple(name for name, declared in hints.items() if _mentions(declared, classes))


_BELOW: dict[type, tuple[str, ...]] = {each: _fields(each, *TERMS) for each in TERMS}
_BELOW_REVERSED = {each: names[::-1] for each, names in _BELOW.items()}
_REACHES = {each: names for each in TERMS if (names := _fields(each, Reach))}


def children(term: Term) -> tuple[Term, ...]:
    """The nodes that a node holds itself, from left to right."""
    found: list[Term] = []
    for name in _BELOW[type(term)]:
        value = getattr(term, name)
        if isinstance(value, tuple):
            found += [each for each in value if not isinstance(each, str)]
        elif value is not None:
            found.append(value)
    return tuple(found)


def walk(*terms: Terms, but: Sequence[Terms] = ()) -> Iterator[Term]:
    """Every node in `terms`, from the outside in and from left to right.

    A node that equals one of `but` is left out, with all below it.
    """
    waiting: list[Terms] = [*reversed(terms)]
    while waiting:
        term = waiting.pop()
        names = _BELOW_REVERSED.get(type(term))
        if names is not None:
            if but and term in but:
                continue
            yield term  # type: ignore[misc]
            waiting += [getattr(term, name) for name in names]
        elif isinstance(term, (tuple, list)):
            waiting += reversed(term)


def find(kind: type[T], *terms: Terms, but: Sequence[Terms] = ()) -> Iterator[T]:
    """Every node of one class in `terms`, in the order of `walk`."""
    return (each for each in walk(*terms, but=but) if isinstance(each, kind))


def parameters_in(*terms: Terms) -> set[str]:
    """The names of the parameters in `terms`."""
    return {each.name for each in find(Parameter, *terms)}


def collections_in(*terms: Terms) -> Iterator[Collection]:
    """Every collection in `terms`."""
    return (each for each in walk(*terms) if isinstance(each, Collection))


def reaches(*terms: Terms) -> Iterator[Reach]:
    """Every reach in `terms`."""
    for term in walk(*terms):
        for name in _REACHES.get(type(term), ()):
            yield getattr(term, name)


def map_nodes(change: Callable[[Term], Term], term: Term) -> Term:
    """The node with each node below it, and then itself, as `change` returns it.

    What does not change is shared, not copied.
    """
    changed: dict[str, Any] = {}
    for name in _BELOW[type(term)]:
        old = getattr(term, name)
        new = _mapped(change, old)
        if new is not old:
            changed[name] = new
    return change(_with(term, changed) if changed else term)


def _mapped(change: Callable[[Term], Term], value: Terms) -> Terms:
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        return map_nodes(change, value)
    new = tuple(_mapped(change, each) for each in value)
    return value if all(one is other for one, other in zip(value, new, strict=True)) else new


def _with(term: Any, changed: dict[str, Any]) -> Term:
    found: Term = replace(term, **changed)
    return found


def map_reaches(change: Callable[[Reach], Reach], term: Term) -> Term:
    """The node with every reach in it as `change` returns it."""

    def changed(each: Term) -> Term:
        names = _REACHES.get(type(each), ())
        return _with(each, {name: change(getattr(each, name)) for name in names}) if names else each

    return map_nodes(changed, term)


# -- conditions and formulas taken apart


def leaves(*conditions: Condition) -> Iterator[Condition]:
    """The conditions without those that only join others, from left to right."""
    for condition in conditions:
        if isinstance(condition.body, Joined):
            yield from leaves(*condition.body.parts)
        else:
            yield condition


def operands(expression: Expression) -> tuple[Expression, ...]:
    """What a formula is made of, from left to right: arithmetic and rounding taken apart."""
    match expression:
        case Noun() | Literal() | Parameter() | AsAtDate() | Count() | Aggregate():
            return (expression,)
        case Arithmetic(_, left, right):
            return operands(left) + operands(right)
        case Round(_, of):
            return operands(of)
        case _:
            assert_never(expression)


def nouns_in(*expressions: Expression) -> list[Noun]:
    """The single attributes in some formulas, not those of items."""
    return [each for side in expressions for each in operands(side) if isinstance(each, Noun)]


def sides(body: Leaf) -> tuple[Expression, ...]:
    """The expressions of a condition that are not about items, from left to right."""
    match body:
        case Known(noun):
            return (noun,)
        case Compare(left, _, right):
            return (left, *right)
        case Quantified(amount=amount):
            return () if amount is None else (amount,)
        case _:
            assert_never(body)


def counted_in(*terms: Expression | Leaf) -> list[Counted]:
    """The collections that formulas or conditions count, not those inside them, from left to
    right.
    """
    found: list[Counted] = []
    for term in terms:
        match term:
            case Noun() | Literal() | Parameter() | AsAtDate():
                pass
            case Compare() | Known():
                found += counted_in(*sides(term))
            case Quantified(_, collection, test):
                found += [(collection, test), *counted_in(*sides(term))]
            case Count(collection, test):
                found.append((collection, test))
            case Aggregate(_, collection, noun):
                found.append((collection, noun))
            case Arithmetic() | Round():
                found += counted_in(*operands(term))
            case _:
                assert_never(term)
    return found


def filters(collection: Collection) -> list[Test]:
    """The tests that the items of a collection pass; of a union, those of each part."""
    match collection:
        case Where(of, tests):
            return [*tests, *filters(of)]
        case Except(of, _):
            return filters(of)
        case Union(parts):
            return [test for part in parts for test in filters(part)]
        case Below() | Each() | Same():
            return []
        case _:
            assert_never(collection)


# -- what is read


class Lookup(NamedTuple):
    """A noun, a parameter or the as-at date that is read.

    over: the collection whose items it is read of, where it is read of items. whether_known: it is
    only asked whether there is a value.
    """

    of: Noun | Parameter | AsAtDate
    over: Collection | None = None
    whether_known: bool = False


def reads(*terms: Terms) -> Iterator[Lookup]:
    """All that `terms` read, from left to right."""
    for term in terms:
        yield from _reads(term, None)


def _reads(term: Terms, over: Collection | None) -> Iterator[Lookup]:
    match term:
        case None | str():
            return
        case Sequence():
            yield from chain.from_iterable(_reads(each, over) for each in term)
        case Noun():
            yield Lookup(term, over if term.reach.item else None)
        case Parameter() | AsAtDate():
            yield Lookup(term)
        case Known(noun):
            yield Lookup(noun, over if noun.reach.item else None, True)
        case Where(of, tests):
            yield from chain(_reads(of, over), _reads(tests, of))
        case Count(collection, test):
            yield from chain(_reads(collection, over), _reads(test, collection))
        case Quantified(_, collection, test, amount):
            yield from chain(_reads(collection, over), _reads(test, collection))
            yield from _reads(amount, over)
        case Aggregate(_, collection, noun):
            yield from chain(_reads(collection, over), _reads(noun, collection))
        case _:
            yield from chain.from_iterable(_reads(each, over) for each in children(term))
