"""One written rule with one small change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from rulewright.compiler.rendering import Renderer
from rulewright.ir.nodes import (
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    Expression,
    Joined,
    Literal,
    Round,
    Rule,
)
from rulewright.ir.phrases import joined_words, value_words
from rulewright.ir.types import Number
from rulewright.syntax.errors import Place

from .comparisons import steps
from .conditions import Conditions

NEVER = Condition(Compare(Literal(0, Number(True)), "is", (Literal(1, Number(True)),)), "never")
_ROUNDINGS = ("half up", "half even", "up", "down")


class RuleChange(NamedTuple):
    """A rule with one small change. detail: tells it from the others of its place; what: in words,
    `{}` for the rule's name.
    """

    operator: str
    place: Place
    detail: str
    what: str
    before: str
    after: str
    rule: Rule


def name_of(rule: Rule) -> str:
    """The id of a rule as it is written: once, however often it is used."""
    return rule.id.partition("@")[0] if "@" in rule.id else rule.written


def table_of(rule: Rule) -> str:
    """The table that a rule is a row of, or nothing."""
    name = name_of(rule)
    return name.rpartition("[")[0] if name.endswith("]") else ""


def changes_of(rule: Rule, renderer: Renderer, attribute: str = "") -> list[RuleChange]:
    """Every small change of a rule alone. attribute: what it concludes."""
    found = [
        *_conditions(rule, Conditions(renderer)),
        *_conclusions(rule, attribute, renderer),
        _deleted(rule),
    ]
    return [
        each
        for index, each in enumerate(found)
        if all(each.rule != other.rule for other in found[:index])
    ]


def _conditions(rule: Rule, conditions: Conditions) -> Iterator[RuleChange]:
    counts: dict[tuple[Place, str, str, str], int] = {}
    for index, condition in enumerate(rule.conditions):
        for each in conditions.changed(condition):
            middle = () if each.condition is None else (each.condition,)
            new = replace(
                rule, conditions=(*rule.conditions[:index], *middle, *rule.conditions[index + 1 :])
            )
            what = (
                f"`{each.before}` becomes `{each.after}` in `{{}}`"
                if each.after
                else f"`{each.before}` is dropped from `{{}}`"
            )
            same = (condition.place, each.operator, each.before, each.after)
            counts[same] = counts.get(same, 0) + 1
            detail = (
                f"{each.before} > {each.after} {counts[same] if counts[same] > 1 else ''}".strip()
            )
            yield RuleChange(
                each.operator, condition.place, detail, what, each.before, each.after, new
            )
    if len(rule.conditions) > 1 and not table_of(rule):
        first = rule.conditions[0]
        either = Condition(
            Joined("any of", rule.conditions),
            joined_words("any of", [each.text for each in rule.conditions]),
            first.place,
        )
        yield RuleChange(
            "all or any",
            rule.place,
            "",
            "any one of its conditions is enough for `{}`",
            "all of",
            "any of",
            replace(rule, conditions=(either,)),
        )


def _conclusions(rule: Rule, attribute: str, renderer: Renderer) -> Iterator[RuleChange]:
    if rule.value is None:
        return
    verb = "limits to" if rule.effect == "limit" else "concludes"
    operator = "limit" if rule.effect == "limit" else "conclusion"
    if isinstance(rule.value, Literal):
        kind, old = rule.value.type, value_words(rule.value.value, rule.value.type)
        for value in steps(rule.value.value, kind):
            new = value_words(value, kind)
            value_given = Literal(value, kind)
            text = renderer.conclusion(attribute, value_given, limit=rule.effect == "limit")
            yield RuleChange(
                operator,
                rule.place,
                f"{old} > {new}",
                f"`{{}}` {verb} `{new}` instead of `{old}`",
                old,
                new,
                replace(rule, value=value_given, text=text),
            )
        return
    for name, old, new, formula in _formulas(rule.value):
        text = renderer.conclusion(attribute, formula, limit=rule.effect == "limit")
        yield RuleChange(
            name,
            rule.place,
            f"{old} > {new}",
            f"`{old}` becomes `{new}` in the formula of `{{}}`",
            old,
            new,
            replace(rule, value=formula, text=text),
        )


def _formulas(value: Expression) -> Iterator[tuple[str, str, str, Expression]]:
    """A formula with one small change: how it rounds, a number, the lowest for the highest."""
    match value:
        case Round(rounding, of):
            for other in _ROUNDINGS:
                if other != rounding:
                    yield (
                        "rounding",
                        f"round {rounding}",
                        f"round {other}",
                        replace(value, rule=other),
                    )
            for name, old, new, inner in _formulas(of):
                yield name, old, new, replace(value, of=inner)
        case Arithmetic(_, left, right):
            for name, old, new, inner in _formulas(left):
                yield name, old, new, replace(value, left=inner)
            for name, old, new, inner in _formulas(right):
                yield name, old, new, replace(value, right=inner)
        case Literal(number, kind) if isinstance(number, int | Fraction) and not isinstance(
            number, bool
        ):
            for other_number in (number - 1, number + 1):
                yield (
                    "formula",
                    value_words(number, kind),
                    value_words(other_number, kind),
                    Literal(other_number, kind),
                )
        case Aggregate(kind_, _, _) if kind_ in ("lowest", "highest"):
            other_kind = "highest" if kind_ == "lowest" else "lowest"
            yield "formula", kind_, other_kind, replace(value, kind=other_kind)


def _deleted(rule: Rule) -> RuleChange:
    """A rule that never fires; its name stays known, so that it is missed for what it does and not
    for its name.
    """
    return RuleChange(
        "limit removed"
        if rule.effect == "limit"
        else "row removed"
        if table_of(rule)
        else "rule deleted",
        rule.place,
        "",
        "`{}` is deleted",
        "",
        "",
        replace(rule, conditions=(NEVER,)),
    )
