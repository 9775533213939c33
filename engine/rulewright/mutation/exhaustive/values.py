"""What an attribute comes to, once it is known which of its rules fire: the evaluator
itself, asked without a case.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from rulewright.engines.calculus import certain
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Firing, Possible, Status
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Expression, Literal, Rule
from rulewright.ir.program import Node

from .leaves import State

_NOWHERE: Any = SimpleNamespace(index=0)


class AttributeValues(Evaluation):
    """Settles one attribute. All that it concludes is written out."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.fires: dict[str, Status] = {}
        self.valued: frozenset[tuple[Expression, ...]] = frozenset()

    def told(self, state: State, valued: frozenset[tuple[Expression, ...]]) -> tuple[object, ...]:
        """All of it that anybody can tell: values, what decides, what may fire, the limits, what is
        missing.
        """
        rules = (*self.node.rules, *self.node.limits)
        self.fires, self.valued = {rule.id: state.status(rule) for rule in rules}, valued
        settled = self._ruled(self.node, _NOWHERE)
        standing = frozenset(
            (each.rule, each.status)
            for each in settled.firings
            if not each.defeated or each.status == UNDECIDED
        )
        sure = settled.possible.status != "undetermined"
        undefeated = {each.rule for each in (*settled.undefeated, *settled.lowering)}
        missing = (
            frozenset()
            if sure
            else frozenset(
                each for rule in rules if rule.id in undefeated for each in state.hangs_on(rule)
            )
        )
        deciding = frozenset(
            each.rule for each in settled.firings if not each.defeated and each.status == MET
        )
        return (
            settled.possible,
            settled.origin,
            standing,
            deciding,
            settled.limits,
            missing,
            self._over_judgements(state),
        )

    def _over_judgements(self, state: State) -> tuple[object, ...]:
        """What becomes of a judgement, should there be one: the rules that override it, and what it
        hangs on that they may fire.
        """
        over = [self.node.rules[index] for index in self.node.over_judgements]
        status = max((state.status(rule) for rule in over), default=NOT_MET)
        heard = [rule for rule in over if state.status(rule) == status != NOT_MET]
        hanging = (
            frozenset(each for rule in heard for each in state.hangs_on(rule))
            if status == UNDECIDED
            else frozenset()
        )
        return status, frozenset(rule.id for rule in heard), hanging

    def fire(self, rule: Rule, entity: Entity) -> Firing | None:
        status = self.fires[rule.id]
        if status == NOT_MET:
            return None
        return Firing(
            rule.id,
            status,
            (),
            _given(rule.value) if rule.effect == "value" and rule.value is not None else None,
        )

    def value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Possible:
        return _given(expression)

    def _valued(self, inputs: tuple[Expression, ...], entity: Entity) -> bool:
        return inputs in self.valued


def _given(expression: Expression) -> Possible:
    assert isinstance(expression, Literal)
    return certain(expression.value, expression.type)


def is_written_out(node: Node) -> bool:
    """Whether every value that an attribute's rules may give stands in them."""
    rules = (*node.rules, *node.limits, *((node.otherwise,) if node.otherwise is not None else ()))
    return all(rule.value is None or isinstance(rule.value, Literal) for rule in rules)
