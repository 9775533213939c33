"""The conditions of some rules taken apart, and all that may come of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, cast

from rulewright.compiler.bounds import size
from rulewright.compiler.collections import collection_kinds
from rulewright.compiler.scope import Scope, scope_of_read
from rulewright.decision.tracer import asked_of
from rulewright.engines.calculus import certain, compare, status_of
from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Status
from rulewright.ir.nodes import (
    Below,
    Collection,
    Compare,
    Condition,
    Joined,
    Kind,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Rule,
    Test,
    Where,
)
from rulewright.ir.program import ParameterValues, Program
from rulewright.ir.traversal import find, leaves, nouns_in, sides
from rulewright.ir.vocabulary import Attribute

from .counts import Counting, ItemTests, Masks, Quantity, quantity
from .outcomes import TooMany, subject, vectors

Body = Compare | Known | Quantified
MOST_STATES = 5_000
Way = tuple[
    dict[Body, Status], dict[Body, Masks]
]  # what came of each condition; for quantities, which items are undecided


class State:
    """What came of every condition without joins, in one way in which a case may be."""

    def __init__(self, leaves: Leaves, ways: Iterable[Way]) -> None:
        self.leaves = leaves
        self.statuses = dict(leaves.fixed)
        self.masks: dict[Body, Masks] = {}
        for statuses, masks in ways:
            self.statuses |= statuses
            self.masks |= masks

    def status(self, rule: Rule) -> Status:
        """Whether a rule fires, as the engine decides it."""
        return min((self.of(each) for each in rule.conditions), default=MET)

    def of(self, condition: Condition) -> Status:
        body = condition.body
        if not isinstance(body, Joined):
            return self.statuses[body]
        found = [self.of(each) for each in body.parts]
        return (
            min(found)
            if body.kind == "all of"
            else max(found)
            if body.kind == "any of"
            else MET - max(found)
        )

    def hangs_on(self, rule: Rule) -> frozenset[object]:
        """What the undecided conditions of a rule hang on."""
        return frozenset(
            each
            for condition in rule.conditions
            if self.of(condition) == UNDECIDED
            for each in self._sources(condition)
        )

    def _sources(self, condition: Condition) -> Iterator[object]:
        body = condition.body
        if isinstance(body, Joined):
            for part in body.parts:
                if self.of(part) == UNDECIDED:
                    yield from self._sources(part)
            return
        tally = self.leaves.tallies.get(body)
        if tally is None:
            yield (
                subject(body)
                if not isinstance(body, Quantified) and subject(body) is not None
                else body
            )
            return
        index, asked, looked = tally
        for mask in self.masks[body]:
            if mask >> index & 1:
                yield from ((asked.base, mask, each) for each in looked)


class Leaves:
    """What the rules of one kind of entity ask."""

    def __init__(self, program: Program, kind: Kind, rules: Iterable[Rule]) -> None:
        vocabulary = program.vocabulary
        self.scope = scope_of_read(vocabulary, kind)
        self.fixed: dict[Body, Status] = {}
        self.tallies: dict[Body, tuple[int, ItemTests, list[object]]] = {}
        scalars: dict[Noun, list[Test]] = {}
        counted: dict[Collection, list[Quantity]] = {}
        settings: dict[str, list[Compare]] = {}
        alone: list[Body] = []
        for body in dict.fromkeys(
            _body(each) for rule in rules for each in leaves(*rule.conditions)
        ):
            found = quantity(body)
            if isinstance(body, Compare) and body.fixed and isinstance(body.left, Literal):
                self.fixed[body] = status_of(
                    compare(body, _certain(body.left), [_certain(each) for each in body.right])
                )
            elif isinstance(body, Compare) and body.fixed and isinstance(body.left, Parameter):
                settings.setdefault(body.left.name, []).append(body)
            elif found is not None and not (
                isinstance(body, Quantified)
                and body.share is not None
                and self._size(found.base) is None
            ):
                counted.setdefault(found.base, []).append(cast(Quantity, body))
            elif not isinstance(body, Quantified) and (noun := subject(body)) is not None:
                scalars.setdefault(noun, []).append(body)
            else:
                alone.append(body)
        self.groups = [_one_of(each) for each in alone]
        self.groups += [_set(program.parameters[name], tests) for name, tests in settings.items()]
        self.groups += [self._scalar(noun, tests) for noun, tests in scalars.items()]
        self.groups += [self._counted(base, bodies) for base, bodies in counted.items()]

    def states(self) -> Iterator[State]:
        """Every way in which the conditions may come out together. Raises `TooMany`."""
        size = 1
        for each in self.groups:
            size *= len(each)
        if size > MOST_STATES:
            raise TooMany
        for ways in product(*self.groups):
            yield State(self, ways)

    def _scalar(self, noun: Noun, tests: list[Test]) -> list[Way]:
        found = {
            tuple(map(status_of, each))
            for each in vectors(tests, noun, _declared(self.scope, noun))
        }
        return [(dict(zip(tests, each, strict=True)), {}) for each in sorted(found)]

    def _counted(self, base: Collection, bodies: list[Quantity]) -> list[Way]:
        inside = self.scope.inside(collection_kinds(base, self.scope))
        asked = [found for each in bodies if (found := quantity(each)) is not None]
        tests = [test for each in asked for test in (*each.filters, each.test) if test is not None]
        declared = {
            noun: _declared(inside, noun) for test in tests if (noun := subject(test)) is not None
        }
        counting = Counting(self._size(base), any(find(Where, base)), declared, bodies)
        for body, found, index in zip(bodies, asked, counting.of, strict=True):
            self.tallies[body] = index, found, _looked_at(found)
        signatures = sorted(counting.signatures(), key=lambda each: (each[0], sorted(each[1])))
        return [
            (dict(zip(bodies, statuses, strict=True)), dict.fromkeys(bodies, masks))
            for statuses, masks in signatures
        ]

    def _size(self, base: Collection) -> int | None:
        """How many items a collection lists, where that is the same in every case."""
        if any(find(Where, base)):
            return None
        holders = self.scope.reached(base.start) if isinstance(base, Below) else ()
        if any(
            base.entity not in self.scope.vocabulary.entities[each.entity].fixed_below  # type: ignore[union-attr]
            for each in holders
        ):
            return None
        low, high = size(base, self.scope)
        return high if high is not None and low == high and high <= 12 else None


def _body(leaf: Condition) -> Body:
    assert not isinstance(leaf.body, Joined)
    return leaf.body


def _one_of(body: Body) -> list[Way]:
    return [({body: status}, {}) for status in (NOT_MET, UNDECIDED, MET)]


def _set(parameter: ParameterValues, tests: list[Compare]) -> list[Way]:
    """What comes of tests of a parameter, on whatever date."""
    values = {value for _, value in parameter.values} | (
        {None} if parameter.values[0][0] is not None else set()
    )
    found = {
        tuple(
            status_of(
                compare(
                    test, certain(value, parameter.type), [_certain(each) for each in test.right]
                )
            )
            for test in tests
        )
        for value in values
    }
    return [(dict(zip(tests, each, strict=True)), {}) for each in sorted(found)]


def _certain(written: Any) -> Any:
    return certain(written.value, written.type)


def _declared(scope: Scope, noun: Noun) -> list[Attribute]:
    if not noun.given or noun.attribute == "name":
        return []
    entities = scope.vocabulary.entities
    found = [
        entities[each.entity].attributes.get(noun.attribute) for each in scope.reached(noun.reach)
    ]
    return [each for each in found if each is not None] if None not in found else []


def _looked_at(asked: ItemTests) -> list[object]:
    """What an undecided item hangs on, in the order in which the trail names it; a test with more
    in it stands for itself.
    """
    found: list[object] = []
    for test in (*asked.filters, *((asked.test,) if asked.test is not None else ())):
        looked = sides(test)
        if not all(isinstance(each, Noun | Literal | Parameter) for each in looked):
            found.append(test)
        if test is asked.test:
            noun = asked_of(test)
            found += [noun] if noun is not None else []
            looked = looked[1:]
        found += nouns_in(*looked)
    return found
