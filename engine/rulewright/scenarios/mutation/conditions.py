"""Conditions with one small change: what is asked, of how many, of which; joined otherwise,
negated, or gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, assert_never

from rulewright.language.types import Number
from rulewright.program.nodes import (
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
    Quantified,
    Same,
    Test,
    Where,
)

from . import wording
from .comparing import Edit, comparisons


class Changed(NamedTuple):
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


def changed(condition: Condition) -> Iterator[Changed]:
    """Every small change of a condition of a rule."""
    yield from _inside(condition)
    yield Changed("condition dropped", condition.text, "", None)


def _inside(condition: Condition) -> Iterator[Changed]:
    body = condition.body
    if isinstance(body, Joined):
        yield from _joined(condition, body)
        return
    for edit in leaf(body, condition.text):
        yield Changed(
            edit.operator,
            edit.before,
            edit.after,
            replace(condition, body=edit.body, text=edit.after),  # type: ignore[arg-type]
        )
    negated = negative(condition)
    yield Changed("condition negated", condition.text, negated.text, negated)


def negative(condition: Condition) -> Condition:
    """The condition that holds where this one does not."""
    text = _negative_words(condition)
    if text is None:
        text = f"none of: {condition.text}"
    return Condition(Joined("none of", (condition,)), text, condition.place)


def _negative_words(condition: Condition) -> str | None:
    body, text = condition.body, condition.text
    if isinstance(body, Known):
        old, new = ("known", "missing") if body.wanted else ("missing", "known")
        return wording.swapped(text, old, new, last=True)
    if isinstance(body, Compare) and body.op == "is" and isinstance(body.right[0], Literal):
        value = body.right[0].value
        if isinstance(value, bool):
            return wording.swapped(
                text, "yes" if value else "no", "no" if value else "yes", last=True
            )
        shown = wording.in_words(value, body.right[0].type)
        return wording.swapped(text, shown, f"not {shown}", last=True)
    return None


def _joined(condition: Condition, body: Joined) -> Iterator[Changed]:
    for index, part in enumerate(body.parts):
        others = (body.parts[:index], body.parts[index + 1 :])
        for inner in _inside(part):
            assert inner.condition is not None
            yield inner._replace(
                condition=_with_parts(condition, body, (*others[0], inner.condition, *others[1]))
            )
        if len(body.parts) > 1:
            yield Changed(
                "condition dropped",
                part.text,
                "",
                _with_parts(condition, body, (*others[0], *others[1])),
            )
    if body.kind in SWAPPED and len(body.parts) > 1:
        other = SWAPPED[body.kind]
        swapped = replace(
            condition,
            body=Joined(other, body.parts),
            text=condition.text.replace(f"{body.kind}:", f"{other}:", 1),
        )
        yield Changed("all or any", condition.text, swapped.text, swapped)


def _with_parts(condition: Condition, body: Joined, parts: tuple[Condition, ...]) -> Condition:
    text = f"{body.kind}: {'; '.join(part.text for part in parts)}"
    return replace(condition, body=Joined(body.kind, parts), text=text)


# -- one condition without joins
# --------------------------------------------------------------------------------------


def leaf(body: Compare | Known | Quantified, text: str) -> Iterator[Edit]:
    """Every small change of what one condition asks."""
    match body:
        case Compare():
            yield from comparisons(body, text)
            yield from _sides(body, text)
        case Quantified():
            yield from _kinds(body, text)
            yield from _amounts(body, text)
            skipping = body.kind == "every" or body.share is not None
            for edit in _tests(body.test, text, skipping=skipping):
                yield edit._replace(body=replace(body, test=edit.body))  # type: ignore[arg-type]
            for edit in collections(body.collection, text):
                yield edit._replace(body=replace(body, collection=edit.body))  # type: ignore[arg-type]
        case Known():
            return
        case _:
            assert_never(body)


def _sides(body: Compare, text: str) -> Iterator[Edit]:
    for edit in expressions(body.left, text):
        yield edit._replace(body=replace(body, left=edit.body))  # type: ignore[arg-type]
    for index, right in enumerate(body.right):
        if not isinstance(right, Literal):
            for edit in expressions(right, text):
                yield edit._replace(
                    body=replace(
                        body,
                        right=(*body.right[:index], edit.body, *body.right[index + 1 :]),  # type: ignore[arg-type]
                    )
                )


def _tests(test: Test, text: str, *, skipping: bool = False) -> Iterator[Edit]:
    """A test of each item. That it is negated is another change than of the whole condition."""
    if isinstance(test, Compare):
        yield from comparisons(test, text, skipping=skipping)
        yield from _sides(test, text)
    else:
        old, new = ("known", "missing") if test.wanted else ("missing", "known")
        yield Edit(
            "condition negated",
            text,
            wording.told(text, wording.swapped(text, old, new, last=True), old, new),
            replace(test, wanted=not test.wanted),
        )


def _kinds(body: Quantified, text: str) -> Iterator[Edit]:
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
            yield Edit("quantity", text, _with_kind(text, body.kind, kind), new)
    if body.kind == "at least" and body.share is None:
        yield Edit("quantity", text, _every(text), Quantified("every", body.collection, body.test))


def _alike(one: Quantified, other: Quantified) -> bool:
    """Whether another quantity of a written number is one that a step of the number makes."""
    pair = {one.kind, other.kind}
    return isinstance(one.amount, Literal) and pair in (
        {"at least", "more than"},
        {"at most", "less than"},
    )


def _with_kind(text: str, old: str, new: str) -> str:
    words = {"every": ["every", "each of", "each"], "no": ["none of", "no"]}.get(old, [old])
    other = {"no": "none of" if re.match(r"(every one|none|each) of", text) else "no"}.get(new, new)
    if new in ("at least 1 of", "at most 1 of") and re.match(
        r"none of|every one of|each of", text, re.IGNORECASE
    ):
        other = new
    for word in words:
        found = wording.swapped(text, word, other)
        if found is not None:
            return re.sub(r"\bof one of\b", "of", found)
    return wording.told(text, None, old, other)


def _every(text: str) -> str:
    found, count = re.subn(
        r"(?i)^at least (?:the )?.+? of (the )?", "every one of the ", text, count=1
    )
    return found if count else wording.told(text, None, "at least", "every")


def _amounts(body: Quantified, text: str) -> Iterator[Edit]:
    if body.share is not None:
        for share in (body.share - Fraction(1, 100), body.share + Fraction(1, 100)):
            if 0 < share <= 1:
                yield Edit(
                    "threshold",
                    text,
                    _with_share(text, body.share, share),
                    replace(body, share=share),
                )
    elif isinstance(body.amount, Literal):
        value = body.amount.value
        assert isinstance(value, int | Fraction)
        least = 1 if body.kind in ("at least", "less than") else 0  # `at least 0` always holds
        for other in (value - 1, value + 1):
            if other >= least:
                old, new = (
                    wording.in_words(value, body.amount.type),
                    wording.in_words(other, body.amount.type),
                )
                after = wording.told(text, wording.swapped(text, old, new), old, new)
                yield Edit(
                    "threshold", text, after, replace(body, amount=Literal(other, body.amount.type))
                )
    elif body.amount is not None:
        for edit in expressions(body.amount, text):
            yield edit._replace(body=replace(body, amount=edit.body))  # type: ignore[arg-type]


def _with_share(text: str, old: Fraction, new: Fraction) -> str:
    shown = f"{wording.in_words(new * 100, None)}%"
    for words in (f"{old * 100}%", "half"):
        found = wording.swapped(text, words, shown)
        if found is not None:
            return found
    return wording.told(text, None, f"{old * 100}%", shown)


# -- expressions and collections
# --------------------------------------------------------------------------------------


def expressions(body: Expression, text: str) -> Iterator[Edit]:
    """Small changes inside what a condition compares: what is counted, and numbers in formulas."""
    match body:
        case Count(collection, test):
            for edit in collections(collection, text):
                yield edit._replace(body=replace(body, collection=edit.body))  # type: ignore[arg-type]
            if test is not None:
                for edit in _tests(test, text):
                    yield edit._replace(body=replace(body, test=edit.body))  # type: ignore[arg-type]
        case Arithmetic(_, left, right):
            for name, side in (("left", left), ("right", right)):
                for edit in _numbers(side, text):
                    yield edit._replace(body=replace(body, **{name: edit.body}))  # type: ignore[arg-type]


def _numbers(side: Expression, text: str) -> Iterator[Edit]:
    if isinstance(side, Literal) and isinstance(side.value, int | Fraction):
        for value in (side.value - 1, side.value + 1):
            old, new = wording.in_words(side.value, side.type), wording.in_words(value, side.type)
            yield Edit(
                "threshold",
                text,
                wording.told(text, wording.swapped(text, old, new), old, new),
                Literal(value, side.type),
            )
    else:
        yield from expressions(side, text)


def collections(body: Collection, text: str) -> Iterator[Edit]:
    """What is counted, without a filter that is written there."""
    if isinstance(body, Where) and re.search(r"\bwhere\b", text, re.IGNORECASE):
        for index in range(len(body.tests)):
            rest = (*body.tests[:index], *body.tests[index + 1 :])
            yield Edit(
                "filter dropped",
                text,
                _without_test(text, index, len(body.tests)),
                replace(body, tests=rest) if rest else body.of,
            )
    elif isinstance(body, Each | Same | Except | Where):
        for edit in collections(body.of, text):
            yield edit._replace(body=replace(body, of=edit.body))  # type: ignore[arg-type]


def _without_test(text: str, index: int, count: int) -> str:
    """The text without one of the tests of its filter."""
    found = re.search(r"\s+where\s+(.*)", text, re.IGNORECASE)
    assert found is not None
    pieces = re.split(r"\s+and\s+", found[1])
    if count == 1 or len(pieces) != count:
        shorter = wording.without_filter(text) if count == 1 else None
        return wording.told(text, shorter, "the filter", "no filter")
    if index == count - 1:  # the last test is followed by what must be so of each
        tail = re.search(r"\s(?:has|have|are)\s.*$", pieces[-1])
        pieces[-2:] = [pieces[-2] + (tail[0] if tail else "")]
    else:
        del pieces[index]
    return f"{text[: found.start()]} where {' and '.join(pieces)}"
