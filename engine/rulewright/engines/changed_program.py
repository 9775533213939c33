"""A case that was answered, answered again under a slightly other policy: only what that can reach
is worked out anew.
"""

from __future__ import annotations

from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Variant
from rulewright.ir.types import Value

from .evaluator import Evaluation
from .result import Trace


def evaluate_again(
    variant: Variant, case: Case, as_at: int, parameters: dict[str, Value], before: Trace
) -> Trace:
    """The evaluator's trace under `variant`. `before`: its trace to the same case under
    the policy that varies.

    Notes, warnings and scope are left out.
    """
    evaluation = Evaluation(variant.program, case, as_at, parameters)
    settled = evaluation.result.settled
    by_kind: dict[Kind, list[Entity]] = {}
    for entity in case.entities:
        by_kind.setdefault(Kind.of(entity), []).append(entity)
    other = set(variant.changed)
    for node in variant.program.nodes:  # in layers: whatever a rule reads is settled before it
        entities = by_kind.get(node.key.kind, ())
        if node.key not in other and other.isdisjoint(variant.needs[node.key]):
            for entity in entities:
                place = (entity.index, node.key.attribute)
                settled[place] = before.settled[place]
            continue
        for entity in entities:
            place = (entity.index, node.key.attribute)
            settled[place] = evaluation.settle(node, entity)
            if (
                place not in before.settled
                or settled[place].possible != before.settled[place].possible
            ):
                other.add(node.key)
    root = case.root
    evaluation.result.withdrawn = tuple(
        evaluation.condition(each.once, root)
        for each in variant.program.withdrawals
        if each.once is not None
    )
    return evaluation.result
