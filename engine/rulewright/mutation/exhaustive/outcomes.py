"""What may come of all tests of one attribute together, whatever its possible values are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from rulewright.engines.calculus import NOTHING, certain, compare
from rulewright.engines.result import CONFLICT, NO, OUT, YES, Interval, Outcomes, Possible
from rulewright.ir.nodes import Compare, Known, Literal, Noun, Test
from rulewright.ir.types import FINITE, Date, Number
from rulewright.ir.vocabulary import Attribute

Vector = tuple[Outcomes, ...]  # for each test what may come of it
MOST_VECTORS = 300


class TooMany(Exception):
    """There is more to go through than is worth while."""


def subject(test: Test) -> Noun | None:
    """The attribute that a test compares with values written out; `None` where it asks something
    else.
    """
    if isinstance(test, Known):
        return test.noun
    if test.op == "within":
        return None
    return (
        test.left
        if test.plain
        and isinstance(test.left, Noun)
        and isinstance(test.left.type, (*FINITE, Number, Date))
        else None
    )


def vectors(tests: list[Test], noun: Noun, declared: list[Attribute]) -> set[Vector]:
    """Of tests of one attribute; `declared`: as it is declared wherever the noun may lead."""
    if noun.given and isinstance(noun.type, FINITE) and declared:
        return {_asked(tests, each, known) for each, known in _stated(noun, declared)}
    if isinstance(noun.type, FINITE):
        return unions(
            _asked(tests, each, None)
            for each in (*(certain(v, noun.type) for v in noun.type.values), NOTHING, CONFLICT)
        )
    found: set[Vector] = set()
    for known in (True, False) if noun.given else (None,):
        spans = (
            _spans(tests) if isinstance(noun.type, Number | Date) else [Possible(("some text",))]
        )
        found |= {
            _asked(tests, each._replace(no_value=none, conflict=conflict), known)
            for each in (*spans, Possible(()))
            for none in (False, True)
            for conflict in (False, True)
            if each.values != () or none or conflict
        }
    return found


def free(test: Test) -> set[Vector]:
    """Of a test that compares with something else than values written out: anything."""
    skips = isinstance(test, Compare) and test.skips_outside
    return unions((each,) for each in (YES, NO, *((OUT,) if skips else ())))


def unions(elements: Iterable[Vector]) -> set[Vector]:
    """Of one or several of these at once: what comes of several possible values is what comes of
    each.
    """
    found: set[Vector] = set()
    for element in elements:
        found |= {tuple(a | b for a, b in zip(element, each, strict=True)) for each in found} | {
            element
        }
        if len(found) > MOST_VECTORS:
            raise TooMany
    return found


def _asked(tests: list[Test], possible: Possible, known: bool | None) -> Vector:
    return tuple(
        _known(each, possible, known)
        if isinstance(each, Known)
        else compare(
            each,
            possible,
            [
                certain(right.value, right.type)
                for right in each.right
                if isinstance(right, Literal)
            ],
        )
        for each in tests
    )


def _known(test: Known, possible: Possible, known: bool | None) -> Outcomes:
    if known is not None:
        return YES if known == test.wanted else NO
    outcomes = (
        YES | NO if possible.conflict else YES * (possible.values != ()) | NO * possible.no_value
    )
    return outcomes if test.wanted or outcomes == YES | NO else YES + NO - outcomes


def _stated(noun: Noun, declared: list[Attribute]) -> Iterator[tuple[Possible, bool]]:
    """A given attribute is stated, or any value, or its default."""
    assert isinstance(noun.type, FINITE)
    values = noun.type.values
    yield from ((certain(each, noun.type), True) for each in values)
    for attribute in declared:
        if attribute.may_have_no_value:
            yield NOTHING, True
        yield Possible(values, no_value=attribute.may_have_no_value), False
        if attribute.has_default:
            yield certain(attribute.default, noun.type), False


def _spans(tests: list[Test]) -> list[Possible]:
    """An interval for each way in which its ends lie among the numbers that are compared with."""
    written = {
        Fraction(right.value)
        for test in tests
        if isinstance(test, Compare)
        for right in test.right
        if isinstance(right, Literal) and isinstance(right.value, int | Fraction)
    }
    marks = sorted(written)
    if len(marks) > 6:
        raise TooMany
    points = [*marks, *((a + b) / 2 for a, b in pairwise(marks))]
    points += [marks[0] - 1, marks[-1] + 1] if marks else [Fraction(0)]
    points.sort()
    found = [Interval(a, b) for a in points for b in points if a <= b]
    found += [end for each in points for end in (Interval(None, each), Interval(each, None))]
    return [Possible(each) for each in (*found, Interval(None, None))]
