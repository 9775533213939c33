"""Whether a changed attribute, or changed notes, come out alike in every case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

from rulewright.engines.result import MET, NOT_MET, UNDECIDED
from rulewright.ir.nodes import Expression, Kind, Rule
from rulewright.ir.program import Node, Program

from .leaves import Leaves
from .outcomes import TooMany
from .values import AttributeValues, is_written_out

FIRES_ALIKE = (
    "it fires in the same cases: whatever its conditions may come to together was gone through"
)
NEVER_BOTH = "where one of the two rules surely fires the other never does, so which goes before the other is the same"
SETTLES_ALIKE = "all that the rules of the attribute may come to together was gone through, and what it gives is the same"


def nodes_equal(program: Program, old: Node, new: Node) -> str:
    """Why an attribute is the same under other rules, in every case, facts missing or not; nothing
    where that is not shown.
    """
    try:
        return _rules_alike(program, old, new) or _settles_alike(program, old, new)
    except TooMany:
        return ""


def fires_alike(program: Program, kind: Kind, old: Rule, new: Rule | None) -> str:
    """Why a rule fires in the same cases as another, and hangs on the same facts where that is
    undecided.
    """
    if new is None or (old.value, old.effect, old.template) != (
        new.value,
        new.effect,
        new.template,
    ):
        return ""
    try:
        return FIRES_ALIKE if _same_in_all(program, kind, [(old, new)]) else ""
    except TooMany:
        return ""


def _same_in_all(program: Program, kind: Kind, pairs: list[tuple[Rule, Rule]]) -> bool:
    for old, new in pairs:
        for state in Leaves(program, kind, (old, new)).states():
            status = state.status(old)
            if status != state.status(new) or (
                status == UNDECIDED and state.hangs_on(old) != state.hangs_on(new)
            ):
                return False
    return True


def _rules_alike(program: Program, old: Node, new: Node) -> str:
    """The rules one by one, where nothing else of the attribute is another; else those of which
    another goes before.
    """
    if [_without_conditions(each) for each in _all(old)] != [
        _without_conditions(each) for each in _all(new)
    ]:
        return ""
    if old.over_judgements != new.over_judgements:
        return ""
    changed = [
        (one, other)
        for one, other in zip(_all(old), _all(new), strict=True)
        if one.conditions != other.conditions
    ]
    if (old.apart, old.exhaustive) != (new.apart, new.exhaustive) or not _same_in_all(
        program, old.key.kind, changed
    ):
        return ""
    if old.above == new.above:
        return FIRES_ALIKE
    pairs = {
        (min(i, j), max(i, j)) for i in range(len(old.rules)) for j in old.above[i] ^ new.above[i]
    }
    for i, j in pairs:
        one, other = old.rules[i], old.rules[j]
        compared = [i in node.above[j] or j in node.above[i] for node in (old, new)]
        agreeing = (i, j) in old.apart or compared[0] == compared[1]
        for state in Leaves(program, old.key.kind, (one, other)).states():
            statuses = {state.status(one), state.status(other)}
            if NOT_MET not in statuses and (MET in statuses or not agreeing):
                return ""
    return NEVER_BOTH


def _all(node: Node) -> tuple[Rule, ...]:
    return (*node.rules, *node.limits, *((node.otherwise,) if node.otherwise is not None else ()))


def _without_conditions(rule: Rule) -> tuple[object, ...]:
    return rule.id, rule.effect, rule.value


def _settles_alike(program: Program, old: Node, new: Node) -> str:
    """All rules together, where what they conclude is written out."""
    if not is_written_out(old) or not is_written_out(new):
        return ""
    one, other = AttributeValues(old), AttributeValues(new)
    inputs = tuple({each.inputs for node in (old, new) for each in node.exhaustive})
    if len(inputs) > 4:
        return ""
    for state in Leaves(program, old.key.kind, (*_all(old), *_all(new))).states():
        for valued in _subsets(inputs):
            if one.told(state, valued) != other.told(state, valued):
                return ""
    return SETTLES_ALIKE


def _subsets(
    inputs: tuple[tuple[Expression, ...], ...],
) -> Iterator[frozenset[tuple[Expression, ...]]]:
    yield from map(
        frozenset,
        chain.from_iterable(combinations(inputs, count) for count in range(len(inputs) + 1)),
    )
