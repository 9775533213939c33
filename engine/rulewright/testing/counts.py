"""How many items the conditions of a rule counted, against how many they ask for: `2 of 7,
threshold 3`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import NOT_MET, OUT, YES, Finding, Tally
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Compare, Condition, Count, Expression, Joined, Quantified, Rule
from rulewright.ir.types import Number, show_number

_NUMBER = Number(False)


def counts_of(
    rule: Rule, entity: Entity, evaluation: Evaluation, *, lacking: bool = False
) -> list[str]:
    """What the conditions of a rule counted on an entity, in words. lacking: only of those that are
    not met.
    """
    found: dict[str, None] = {}
    for condition in rule.conditions:
        found |= dict.fromkeys(
            _counts(condition, evaluation.condition(condition, entity), entity, evaluation, lacking)
        )
    return list(found)


def _counts(
    condition: Condition, finding: Finding, entity: Entity, evaluation: Evaluation, lacking: bool
) -> Iterator[str]:
    body = condition.body
    if lacking and finding.status != NOT_MET:
        return
    if isinstance(body, Joined):
        for part, found in zip(body.parts, finding.parts, strict=True):
            yield from _counts(part, found, entity, evaluation, lacking and body.kind != "none of")
    elif isinstance(body, Quantified) and (body.amount is not None or body.share is not None):
        threshold = (
            f"{show_number(body.share * 100)} %"
            if body.share is not None
            else _amount(body.amount, entity, evaluation)
        )
        yield f"`{condition.text}`: {_of(finding.tallies[0])}, threshold {threshold}"
    elif (
        isinstance(body, Compare)
        and isinstance(body.left, Count)
        and body.left.test is not None
        and len(body.right) == 1
    ):
        yield f"`{condition.text}`: {_of(finding.tallies[0])}, threshold {_amount(body.right[0], entity, evaluation)}"


def _of(tally: Tally) -> str:
    """`2 of 7`; `2 to 3 of 7` where one is not decided.

    What a count passes over is not among them, and told beside them.
    """
    surely, perhaps = tally.count(YES), sum(1 for each in tally if each & YES)
    passed = tally.count(OUT)
    over = f" ({passed} passed over)" if passed else ""
    return f"{surely if surely == perhaps else f'{surely} to {perhaps}'} of {len(tally) - passed}{over}"


def _amount(amount: Expression | None, entity: Entity, evaluation: Evaluation) -> str:
    assert amount is not None
    return " or ".join(evaluation.value(amount, entity).show(amount.type or _NUMBER))
