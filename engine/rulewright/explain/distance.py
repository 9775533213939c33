"""How a condition stands to what it asks: the value that is there, the value that was asked for,
and how far apart they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from rulewright.decision.tracer import Trail, reached
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET, NO, NOT_MET, YES, Finding, Interval, Possible
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Compare, Condition, Expression, Joined, Known, Noun, Quantified
from rulewright.ir.operators import OPERATORS
from rulewright.ir.phrases import needed, share_words
from rulewright.ir.types import Number, Scale, Type, Value

Kind = Literal["comparison", "known", "quantity", "all of", "any of", "none of"]


@dataclass(frozen=True, slots=True)
class Measure:
    """See `ConditionShown`, whose fields these become."""

    kind: Kind
    about: str = ""
    actual: str = ""
    needed: str = ""
    steps: int = 0


def measure(
    condition: Condition, finding: Finding, entity: Entity, evaluation: Evaluation, trail: Trail
) -> Measure:
    """How a condition of a rule of `entity` stands."""
    body = condition.body
    if isinstance(body, Joined):
        return Measure(body.kind, steps=_steps_of_parts(body, finding, entity, evaluation))  # type: ignore[arg-type]
    if isinstance(body, Known):
        actual = " or ".join(words_of(body.noun, entity, evaluation, trail))
        wanted = "known" if body.wanted else "missing" if body.noun.given else "no value"
        return Measure(
            "known", about(body.noun, entity, trail), actual, wanted, int(finding.status == NOT_MET)
        )
    steps = _steps(condition, finding, entity, evaluation)
    if isinstance(body, Quantified):
        tally = finding.tallies[0]
        surely, perhaps = tally.count(YES), sum(1 for each in tally if each & YES)
        return Measure(
            "quantity",
            "",
            f"{surely}" if surely == perhaps else f"{surely} to {perhaps}",
            _quantity_needed(body, entity, evaluation),
            steps,
        )
    actual = " or ".join(words_of(body.left, entity, evaluation, trail))
    return Measure(
        "comparison",
        about(body.left, entity, trail),
        actual,
        needed_words(body, entity, evaluation, trail),
        steps,
    )


def about(expression: Expression, entity: Entity, trail: Trail) -> str:
    """`the stage`, or `the stage of Example Trust` where it is of another thing than the rule;
    empty for a formula.
    """
    if not isinstance(expression, Noun):
        return ""
    at = reached(expression.reach, entity)
    name = (
        "name"
        if expression.attribute == "name"
        else trail.entities[at.type].attributes[expression.attribute].name
    )
    return f"the {name}" if at is entity else f"the {name} of {at.name}"


def words_of(
    expression: Expression, entity: Entity, evaluation: Evaluation, trail: Trail
) -> list[str]:
    """The possible values of an expression in words."""
    if isinstance(expression, Noun):
        return trail.words(reached(expression.reach, entity), expression.attribute)
    possible = evaluation.value(expression, entity)
    return possible.show(expression.type) if expression.type is not None else [str(possible.value)]


def needed_words(body: Compare, entity: Entity, evaluation: Evaluation, trail: Trail) -> str:
    """What a comparison asks for: `63..87`, `good or better`."""
    return needed(body.op, body.left.type, sides_of(body, entity, evaluation, trail))


def sides_of(body: Compare, entity: Entity, evaluation: Evaluation, trail: Trail) -> list[str]:
    """What a comparison compares with, in words."""
    return [" or ".join(words_of(each, entity, evaluation, trail)) for each in body.right]


def _quantity_needed(body: Quantified, entity: Entity, evaluation: Evaluation) -> str:
    if body.kind in ("every", "no"):
        return {"every": "all", "no": "none"}[body.kind]
    if body.share is not None:
        return f"{body.kind} {share_words(body.share)}"
    assert body.amount is not None
    assert body.amount.type is not None
    return (
        f"{body.kind} {' or '.join(evaluation.value(body.amount, entity).show(body.amount.type))}"
    )


# -- how far


def _steps_of_parts(body: Joined, finding: Finding, entity: Entity, evaluation: Evaluation) -> int:
    if finding.status != NOT_MET:
        return 0
    if body.kind == "none of":
        return sum(1 for each in finding.parts if each.status == MET)
    each_part = [
        _any_steps(part, found, entity, evaluation)
        for part, found in zip(body.parts, finding.parts, strict=True)
    ]
    return min(each_part, default=1) if body.kind == "any of" else sum(each_part)


def _any_steps(
    condition: Condition, finding: Finding, entity: Entity, evaluation: Evaluation
) -> int:
    if isinstance(condition.body, Joined):
        return _steps_of_parts(condition.body, finding, entity, evaluation)
    return _steps(condition, finding, entity, evaluation)


def _steps(condition: Condition, finding: Finding, entity: Entity, evaluation: Evaluation) -> int:
    """How far a condition that is not met is from being met, at least 1; 0 where it is met or
    undecided.
    """
    if finding.status != NOT_MET:
        return 0
    body = condition.body
    if isinstance(body, Quantified):
        return max(1, _items_short(body, finding, entity, evaluation))
    if isinstance(body, Compare):
        left = evaluation.value(body.left, entity)
        right = [evaluation.value(each, entity) for each in body.right]
        if body.left.type is not None and all(each.determined for each in right):
            values = [each.value for each in right]
            return max(
                1,
                min(
                    (_apart(body.op, each, values, body.left.type) for each in _ends(left)),
                    default=1,
                ),
            )
    return 1


def _ends(possible: Possible) -> list[Value]:
    """The one value that is possible; the two ends of a range of numbers, one of which is the
    nearest to anything outside it.
    """
    if possible.determined:
        return [possible.value]
    if isinstance(possible.values, Interval):
        return [each for each in possible.values if each is not None]
    return []


def _items_short(body: Quantified, finding: Finding, entity: Entity, evaluation: Evaluation) -> int:
    """How many items more, or fewer, would have to count."""
    tally = finding.tallies[0]
    most, least = sum(1 for each in tally if each & YES), tally.count(YES)
    if body.kind == "every":
        return tally.count(NO)
    if body.kind == "no":
        return least
    if body.share is not None:
        target = body.share * sum(1 for each in tally if each & (YES | NO))
        kind = body.kind
    else:
        assert body.amount is not None
        amount = evaluation.value(body.amount, entity)
        if not amount.determined or not isinstance(amount.value, int | Fraction):
            return 1
        target, kind = Fraction(amount.value), body.kind
    match kind:
        case "at least":
            return ceil(target) - most
        case "more than":
            return floor(target) + 1 - most
        case "at most":
            return least - floor(target)
        case "less than":
            return least - (ceil(target) - 1)
    return max(ceil(target) - most, least - floor(target))


def _apart(op: str, left: Value, right: list[Value], kind: Type) -> int:
    """Steps between two values: of a scale, or whole numbers. Other values are one step apart."""
    places = [
        each for each in (_place(value, kind) for value in (left, *right)) if each is not None
    ]
    distance = OPERATORS[op].distance(places[0], places[1:]) if len(places) > len(right) else None
    return 1 if distance is None else ceil(distance)


def _place(value: Value, kind: Type) -> Fraction | None:
    if isinstance(kind, Scale):
        return (
            Fraction(kind.order.index(value))
            if isinstance(value, str) and value in kind.order
            else None
        )
    return (
        Fraction(value) if isinstance(kind, Number) and isinstance(value, int | Fraction) else None
    )


def steps_between(value: Possible, wanted: Value, kind: Type) -> int:
    """Steps from a value to another; 1 where that cannot be counted."""
    return (
        max(1, _apart("is", value.value, [wanted], kind))
        if value.determined and not value.no_value
        else 1
    )
