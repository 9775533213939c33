"""Expressions and tests, made ready to be read from any entity once their inputs are settled.

Each names its inputs: the derived attributes that it awaits, and the quantities over collections in
it. Who asks follows these inputs, and reads the formula when the last one has come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from rulewright.engines.result import NO, YES, Outcomes, refuse_long
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import (
    HERE,
    ITEM,
    Aggregate,
    Arithmetic,
    AsAtDate,
    Compare,
    Count,
    Expression,
    Known,
    Literal,
    Noun,
    Parameter,
    Round,
    Test,
)
from rulewright.ir.types import Number, Type

from .collections import Way, way_of
from .comparisons import Comparer, comparer
from .interval_arithmetic import make_whole, reckon
from .value_sets import CLASH, FULL, NONE, Held, Notation, NumberSpan, Phrase, marks_of, notation_of

if TYPE_CHECKING:
    from .counters import QuantityPlan
    from .engine import Run

Reading = Callable[["Run", Entity, Entity | None], Held]
Asking = Callable[["Run", Entity, Entity | None], Outcomes]
Awaited = tuple[Way, str]
QuantityPlanner = Callable[[Count | Aggregate], "QuantityPlan"]
BOTH = YES | NO
MOST_REMEMBERED = 256  # answers for each test, so that memory stays flat over any number of cases


@dataclass(frozen=True, slots=True, eq=False)
class PlannedExpression:
    """An expression. `quantities`: the collections in it, from left to right.

    written: the value, where it is one that stands in the rule. direct: the attribute, where it is
    just one of the item at hand; own: where it is just one of the rule's entity.
    """

    read: Reading
    awaits: tuple[Awaited, ...]
    quantities: tuple[QuantityPlan, ...]
    notation: Notation
    written: Held | None = None
    direct: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TestPlan:
    """What is asked of one entity or item.

    direct, own: the attribute, where one of the item at hand or of the rule's entity is compared
    with written values; remembered: what came of it.
    """

    ask: Asking
    awaits: tuple[Awaited, ...]
    quantities: tuple[QuantityPlan, ...]
    direct: str = ""
    own: str = ""
    remembered: dict[Held, Outcomes] = field(default_factory=dict)


# -- expressions


def formula(expression: Expression, kind: Type | None, plan: QuantityPlanner) -> PlannedExpression:
    """An expression that stands where a value of type `kind` is meant."""
    own = expression.type if expression.type is not None else kind
    notation = notation_of(own)
    match expression:
        case Literal(value, _):
            held = notation.hold(value)
            return PlannedExpression(lambda run, here, item: held, (), (), notation, held)
        case Parameter(name, _):
            return PlannedExpression(
                lambda run, here, item: notation.hold(run.parameters[name]), (), (), notation
            )
        case AsAtDate():
            return PlannedExpression(
                lambda run, here, item: NumberSpan(run.as_at, run.as_at), (), (), notation
            )
        case Noun(reach, attribute, _, given):
            way = way_of(reach)
            if attribute == "name":
                return PlannedExpression(
                    lambda run, here, item: Phrase(way(here, item).name), (), (), notation
                )
            return PlannedExpression(
                lambda run, here, item: run.known[way(here, item).index][attribute],
                () if given else ((way, attribute),),
                (),
                notation,
                direct=attribute if reach == ITEM else "",
                own=attribute if reach == HERE else "",
            )
        case Arithmetic():
            return _arithmetic(expression, notation, plan)
        case Round(rule, of):
            inner = formula(of, None, plan)
            return PlannedExpression(
                lambda run, here, item: make_whole(rule, inner.read(run, here, item)),  # type: ignore[arg-type]
                inner.awaits,
                inner.quantities,
                notation,
            )
        case Count() | Aggregate():
            quantity = plan(expression)
            return PlannedExpression(
                lambda run, here, item: run.quantity(quantity, here).total(),
                (),
                (quantity,),
                notation,
            )
        case _:
            assert_never(expression)


def _arithmetic(
    expression: Arithmetic, notation: Notation, plan: QuantityPlanner
) -> PlannedExpression:
    op, kind = expression.op, expression.right.type
    left, right = formula(expression.left, None, plan), formula(expression.right, None, plan)
    whole = isinstance(kind, Number) and kind.whole

    def read(run: Run, here: Entity, item: Entity | None) -> Held:
        found = reckon(op, left.read(run, here, item), right.read(run, here, item), whole)  # type: ignore[arg-type]
        refuse_long(*found[:2])
        return found

    return PlannedExpression(
        read, left.awaits + right.awaits, left.quantities + right.quantities, notation
    )


# -- tests


def test_plan(test: Test, plan: QuantityPlanner) -> TestPlan:
    """A comparison, or whether something is known."""
    return _known(test) if isinstance(test, Known) else _comparison(test, plan)


def _comparison(test: Compare, plan: QuantityPlanner) -> TestPlan:
    kind = test.left.type
    left = formula(test.left, kind, plan)
    right = [formula(each, kind, plan) for each in test.right]
    compare = comparer(test.op, kind, test.skips_outside)
    awaits = left.awaits + tuple(each for side in right for each in side.awaits)
    quantities = left.quantities + tuple(each for side in right for each in side.quantities)
    read, others = left.read, [each.read for each in right]
    if all(each.written is not None for each in right):
        remembered: dict[Held, Outcomes] = {}
        return TestPlan(
            _against_fixed(read, others, compare, remembered),
            awaits,
            quantities,
            left.direct,
            left.own,
            remembered,
        )

    def ask(run: Run, here: Entity, item: Entity | None) -> Outcomes:
        return compare(read(run, here, item), [other(run, here, item) for other in others])

    return TestPlan(ask, awaits, quantities)


def _against_fixed(
    read: Reading, others: list[Reading], compare: Comparer, remembered: dict[Held, Outcomes]
) -> Asking:
    """A comparison with written values: one look-up once such a left side was met."""

    def ask(run: Run, here: Entity, item: Entity | None) -> Outcomes:
        left = read(run, here, item)
        found = remembered.get(left)
        if found is None:
            if len(remembered) >= MOST_REMEMBERED:
                remembered.clear()
            found = remembered[left] = compare(left, [other(run, here, item) for other in others])
        return found

    return ask


def _known(test: Known) -> TestPlan:
    noun, wanted = test.noun, test.wanted
    way, attribute = way_of(noun.reach), noun.attribute
    if noun.given:
        always = attribute == "name"

        def stated(run: Run, here: Entity, item: Entity | None) -> Outcomes:
            return YES if (always or attribute in way(here, item).facts) == wanted else NO

        return TestPlan(stated, (), ())

    def valued(run: Run, here: Entity, item: Entity | None) -> Outcomes:
        marks = marks_of(run.known[way(here, item).index][attribute])
        if marks & CLASH or marks == NONE | FULL:
            return BOTH
        return YES if (marks == FULL) == wanted else NO

    return TestPlan(valued, ((way, attribute),), ())
