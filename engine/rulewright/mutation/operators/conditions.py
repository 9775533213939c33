"""Conditions with one small change: what is asked, of how many, of which; joined otherwise,
negated, or gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, assert_never

from rulewright.compiler.authors_words import in_style_of
from rulewright.compiler.rendering import Renderer
from rulewright.ir.nodes import (
    Arithmetic,
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
    Quantified,
    Same,
    Test,
    Where,
)
from rulewright.ir.phrases import joined_words
from rulewright.ir.types import Number

from .comparisons import MutantEdit, comparisons


class ChangedCondition(NamedTuple):
    """A condition with one small change (`None`: gone), and the words of the part that changed."""

    operator: str
    before: str
    after: str
    condition: Condition | None


SWAPPED = {"all of": "any of", "any of": "all of"}
NEXT_KINDS = {
    "every": ("no", "at least 1 of"), "no": ("every", "at most 1 of"), "at least": ("at most", "exactly"), "at most": ("at least", "exactly"),
    "exactly": ("at least", "at most"), "more than": ("less than", "at least"), "less than": ("more than", "at most"),
}  # fmt: skip


class Conditions:
    """Changes conditions of rules of one scope. renderer: words what is new."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer

    def changed(self, condition: Condition) -> Iterator[ChangedCondition]:
        """Every small change of a condition of a rule."""
        yield from self._inside(condition)
        yield ChangedCondition("condition dropped", condition.text, "", None)

    def _inside(self, condition: Condition) -> Iterator[ChangedCondition]:
        body = condition.body
        if isinstance(body, Joined):
            yield from self.joined(condition, body)
            return
        renderer = in_style_of(condition, self.renderer)
        for edit in leaf(body, renderer):
            text = renderer.body(edit.body)  # type: ignore[arg-type]
            new = replace(condition, body=edit.body, text=text)  # type: ignore[arg-type]
            yield ChangedCondition(edit.operator, condition.text, text, new)
        negated = negative(condition, renderer)
        yield ChangedCondition("condition negated", condition.text, negated.text, negated)

    def joined(self, condition: Condition, body: Joined) -> Iterator[ChangedCondition]:
        """Every small change of joined conditions, and of each of them."""
        for index, part in enumerate(body.parts):
            others = (body.parts[:index], body.parts[index + 1 :])
            for inner in self._inside(part):
                assert inner.condition is not None
                parts = (*others[0], inner.condition, *others[1])
                yield inner._replace(condition=_with_parts(condition, body.kind, parts))
            if len(body.parts) > 1:
                parts = (*others[0], *others[1])
                yield ChangedCondition(
                    "condition dropped", part.text, "", _with_parts(condition, body.kind, parts)
                )
        if body.kind in SWAPPED and len(body.parts) > 1:
            swapped = _with_parts(condition, SWAPPED[body.kind], body.parts)
            yield ChangedCondition("all or any", condition.text, swapped.text, swapped)


def negative(condition: Condition, renderer: Renderer) -> Condition:
    """The condition that holds where this one does not."""
    other = _other_way_round(condition.body, renderer)
    text = renderer.body(other) if other else joined_words("none of", [condition.text])
    return Condition(Joined("none of", (condition,)), text, condition.place)


def _other_way_round(
    body: Compare | Known | Quantified | Joined, renderer: Renderer
) -> Compare | Known | None:
    """A plain condition that holds just where another does not; `None` where *no value* would tell
    the two apart.
    """
    if isinstance(body, Known):
        return replace(body, wanted=not body.wanted)
    if isinstance(body, Compare) and body.op == "is" and _has_value(body.left, renderer):
        [right] = body.right
        if isinstance(right, Literal) and isinstance(right.value, bool):
            return replace(body, right=(replace(right, value=not right.value),))
        return replace(body, op="is not") if isinstance(right, Literal) else None
    return None


def _has_value(asked: Expression, renderer: Renderer) -> bool:
    """Whether there is always a value of what is asked about, known or not."""
    if isinstance(asked, Noun):
        attribute = renderer.scope.attribute_of(asked)
        return attribute.given and not attribute.may_have_no_value
    return isinstance(asked, Count)


def _with_parts(condition: Condition, kind: str, parts: tuple[Condition, ...]) -> Condition:
    text = joined_words(kind, [each.text for each in parts])
    return replace(condition, body=Joined(kind, parts), text=text)


# -- one condition without joins


def leaf(body: Compare | Known | Quantified, renderer: Renderer) -> Iterator[MutantEdit]:
    """Every small change of what one condition asks."""
    match body:
        case Compare():
            yield from comparisons(body)
            yield from _sides(body, renderer)
        case Quantified():
            yield from _kinds(body)
            yield from _amounts(body, renderer)
            skipping = body.kind == "every" or body.share is not None
            for edit in _tests(body.test, renderer, skipping=skipping):
                yield edit._replace(body=replace(body, test=edit.body))  # type: ignore[arg-type]
            for edit in collections(body.collection, renderer):
                yield edit._replace(body=replace(body, collection=edit.body))  # type: ignore[arg-type]
        case Known():
            return
        case _:
            assert_never(body)


def _sides(body: Compare, renderer: Renderer) -> Iterator[MutantEdit]:
    for edit in expressions(body.left, renderer):
        yield edit._replace(body=replace(body, left=edit.body))  # type: ignore[arg-type]
    for index, right in enumerate(body.right):
        if not isinstance(right, Literal):
            for edit in expressions(right, renderer):
                rest = (*body.right[:index], edit.body, *body.right[index + 1 :])
                yield edit._replace(body=replace(body, right=rest))  # type: ignore[arg-type]


def _tests(test: Test, renderer: Renderer, *, skipping: bool = False) -> Iterator[MutantEdit]:
    """A test of each item. That it is negated is another change than of the whole condition."""
    if isinstance(test, Compare):
        yield from comparisons(test, skipping=skipping)
        yield from _sides(test, renderer)
    else:
        yield MutantEdit("condition negated", replace(test, wanted=not test.wanted))


def _kinds(body: Quantified) -> Iterator[MutantEdit]:
    """Another quantity: `at least 2 of` becomes `exactly 2 of`; `every` becomes `no`."""
    one = Literal(1, Number(True))
    for kind in NEXT_KINDS[body.kind]:
        if kind == "exactly" and body.share is not None:
            continue
        if kind.endswith(" of"):  # `every` and `no` have no number
            new = replace(body, kind=kind.removesuffix(" 1 of"), amount=one)
        elif kind in ("every", "no") or body.amount is not None or body.share is not None:
            new = replace(body, kind=kind)
        else:
            continue
        if not _alike(body, new):
            yield MutantEdit("quantity", new)
    if body.kind == "at least" and body.share is None:
        yield MutantEdit("quantity", Quantified("every", body.collection, body.test))


def _alike(one: Quantified, other: Quantified) -> bool:
    """Whether another quantity of a written number is one that a step of the number makes."""
    pair = {one.kind, other.kind}
    return isinstance(one.amount, Literal) and pair in (
        {"at least", "more than"},
        {"at most", "less than"},
    )


def _amounts(body: Quantified, renderer: Renderer) -> Iterator[MutantEdit]:
    if body.share is not None:
        for share in (body.share - Fraction(1, 100), body.share + Fraction(1, 100)):
            if 0 < share <= 1:
                yield MutantEdit("threshold", replace(body, share=share))
    elif isinstance(body.amount, Literal):
        value = body.amount.value
        assert isinstance(value, int | Fraction)
        least = 1 if body.kind in ("at least", "less than") else 0  # `at least 0` always holds
        for other in (value - 1, value + 1):
            if other >= least:
                yield MutantEdit(
                    "threshold", replace(body, amount=Literal(other, body.amount.type))
                )
    elif body.amount is not None:
        for edit in expressions(body.amount, renderer):
            yield edit._replace(body=replace(body, amount=edit.body))  # type: ignore[arg-type]


# -- expressions and collections


def expressions(body: Expression, renderer: Renderer) -> Iterator[MutantEdit]:
    """Small changes inside what a condition compares: what is counted, and numbers in formulas."""
    match body:
        case Count(collection, test):
            for edit in collections(collection, renderer):
                yield edit._replace(body=replace(body, collection=edit.body))  # type: ignore[arg-type]
            if test is not None:
                for edit in _tests(test, renderer):
                    yield edit._replace(body=replace(body, test=edit.body))  # type: ignore[arg-type]
        case Arithmetic(_, left, right):
            for name, side in (("left", left), ("right", right)):
                for edit in _numbers(side, renderer):
                    yield edit._replace(body=replace(body, **{name: edit.body}))  # type: ignore[arg-type]


def _numbers(side: Expression, renderer: Renderer) -> Iterator[MutantEdit]:
    if isinstance(side, Literal) and isinstance(side.value, int | Fraction):
        for value in (side.value - 1, side.value + 1):
            yield MutantEdit("threshold", Literal(value, side.type))
    else:
        yield from expressions(side, renderer)


def collections(body: Collection, renderer: Renderer) -> Iterator[MutantEdit]:
    """What is counted, without a filter that the condition itself says."""
    if renderer.is_named(body):
        return
    if isinstance(body, Where):
        for index in range(len(body.tests)):
            rest = (*body.tests[:index], *body.tests[index + 1 :])
            yield MutantEdit("filter dropped", replace(body, tests=rest) if rest else body.of)
    elif isinstance(body, Each | Same | Except):
        for edit in collections(body.of, renderer):
            yield edit._replace(body=replace(body, of=edit.body))  # type: ignore[arg-type]
