"""What the rules of an attribute give: firings, overrides, conflicts and limits, with literals
(docs/semantics.md, 2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rulewright.engines import calculus
from rulewright.engines.result import Possible
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Expression, Rule
from rulewright.ir.program import Node
from rulewright.ir.types import Number, Scale, Type, Value

from .circuit import FALSE, TRUE, Lit
from .comparisons import NOT_MET, Holding
from .numbers import NotExpressible
from .values import Choices, Open, Range, as_open, opened

if TYPE_CHECKING:
    from .encoding import Encoding


class Ruling:
    """The rules of one case's attributes."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding, self.circuit, self.numbers = encoding, encoding.circuit, encoding.numbers

    def fires(self, rule: Rule, entity: Entity) -> Holding:
        """Whether a rule fires, or may fire."""
        met, may = [], []
        for condition in rule.conditions:
            found = self.encoding.conditions.condition(condition, entity)
            if found == NOT_MET:
                return NOT_MET
            met.append(found.met)
            may.append(found.may)
        return Holding(self.circuit.all(met), self.circuit.all(may))

    def any_fires(self, rules: Iterable[Rule], entity: Entity) -> Holding:
        """Whether one of some rules fires, or may fire."""
        found = [self.fires(rule, entity) for rule in rules]
        return Holding(
            self.circuit.any(each.met for each in found),
            self.circuit.any(each.may for each in found),
        )

    def ruled(self, node: Node, entity: Entity) -> Open:
        circuit, kind = self.circuit, node.attribute.type
        fired = {
            index: found
            for index, rule in enumerate(node.rules)
            if (found := self.fires(rule, entity)) != NOT_MET
        }
        undefeated = {
            index: circuit.both(
                found.may, -circuit.any(fired[j].met for j in node.above[index] if j in fired)
            )
            for index, found in fired.items()
        }
        undefeated = {index: lit for index, lit in undefeated.items() if lit != FALSE}
        gives = {index: self._given(node.rules[index], entity, kind) for index in undefeated}
        surely = circuit.any(
            [*(each.met for each in fired.values()), *self._covered(node, entity, fired)]
        )
        parts = [(undefeated[index], gives[index]) for index in undefeated]
        if surely != TRUE:
            parts.append((-surely, self._given(node.otherwise, entity, kind)))
        crisp = all(each.met == each.may for each in fired.values()) and all(
            each.crisp for _, each in parts
        )
        certainly = self._certain_conflict(node, fired, undefeated, gives)
        perhaps = self._perhaps_conflict(node, undefeated, gives)
        single = crisp and (
            certainly == FALSE or isinstance(parts[0][1], Choices)
        )  # two numbers in conflict are not one
        joined = self.encoding.joining.in_conflict_if(
            self.encoding.joining.joined(parts, kind, single), certainly, perhaps
        )
        return self._limited(node, entity, joined)

    def _given(self, rule: Rule | None, entity: Entity, kind: Type) -> Open:
        if rule is None or rule.value is None:
            return opened(calculus.NOTHING, kind)
        return as_open(self.encoding.value(rule.value, entity), kind)

    def _covered(self, node: Node, entity: Entity, fired: dict[int, Holding]) -> list[Lit]:
        """Groups of rules one of which fires whenever what they compare has a value of its declared
        range.
        """
        found = []
        for group in node.exhaustive:
            some = self.circuit.any(fired[index].may for index in group.rules if index in fired)
            if some != FALSE:
                found.append(
                    self.circuit.all([some, *(self._valued(each, entity) for each in group.inputs)])
                )
        return found

    def _valued(self, expression: Expression, entity: Entity) -> Lit:
        value, circuit = self.encoding.open_value(expression, entity), self.circuit
        lits = [-value.no_value, -value.conflict]
        if isinstance(expression.type, Number) and isinstance(value, Range):
            low, high = expression.type.low, expression.type.high
            if low is not None:
                lits.append(circuit.either(-value.there, value.low.at_least(low)))
            if high is not None:
                lits.append(-value.high.more_than(high))
        return circuit.all(lits)

    def _certain_conflict(
        self,
        node: Node,
        fired: dict[int, Holding],
        undefeated: dict[int, Lit],
        gives: dict[int, Open],
    ) -> Lit:
        circuit = self.circuit
        if len(undefeated) < 2:
            return FALSE
        sure = {}
        for index, lit in undefeated.items():
            above = circuit.any(fired[j].may for j in node.above[index] if j in fired)
            sure[index] = circuit.all([lit, fired[index].met, -above])
        found = []
        for i in sure:
            for j in sure:
                if i < j and (i, j) not in node.apart:
                    both = circuit.both(sure[i], sure[j])
                    if both != FALSE:
                        found.append(
                            circuit.both(both, self.encoding.joining.disjoint(gives[i], gives[j]))
                        )
        return circuit.any(found)

    def _perhaps_conflict(
        self, node: Node, undefeated: dict[int, Lit], gives: dict[int, Open]
    ) -> Lit:
        circuit = self.circuit
        found = []
        for i in undefeated:
            for j in undefeated:
                if (
                    i < j
                    and (i, j) not in node.apart
                    and i not in node.above[j]
                    and j not in node.above[i]
                ):
                    both = circuit.both(undefeated[i], undefeated[j])
                    if both != FALSE:
                        found.append(
                            circuit.both(
                                both, -self.encoding.joining.same_and_known(gives[i], gives[j])
                            )
                        )
        return circuit.any(found)

    # -- limits

    def _limited(self, node: Node, entity: Entity, found: Open) -> Open:
        kind = node.attribute.type
        acting = [
            (holding, limit)
            for rule in node.limits
            if (holding := self.fires(rule, entity)) != NOT_MET
            and (limit := self._limit(rule, entity)) is not None
        ]
        for holding, limit in acting:
            found = self._capped(found, limit, kind, holding.met)
        capped = found
        for holding, limit in acting:
            perhaps = self.circuit.both(holding.may, -holding.met)
            if perhaps != FALSE:
                found = self._perhaps_capped(found, capped, limit, kind, perhaps)
        return found

    def _limit(self, rule: Rule, entity: Entity) -> Value:
        assert rule.value is not None
        found = self.encoding.value(rule.value, entity)
        if not isinstance(found, Possible):
            raise NotExpressible
        return found.value

    def _capped(self, found: Open, limit: Value, kind: Type, acts: Lit) -> Open:
        if isinstance(found, Choices):
            if not isinstance(kind, Scale):
                return found
            above = [
                v
                for v in kind.order[kind.order.index(str(limit)) + 1 :]
                if found.bits.get(v, FALSE) != FALSE
            ]
            if not above:
                return found
            circuit = self.circuit
            lowered = circuit.both(acts, circuit.any(found.bits[v] for v in above))
            bits: dict[Value, Lit] = {
                **found.bits,
                **{v: circuit.both(found.bits[v], -acts) for v in above},
            }
            bits[limit] = circuit.either(bits.get(limit, FALSE), lowered)
            return Choices(
                {v: bits[v] for v in kind.values if v in bits},
                found.no_value,
                found.conflict,
                found.crisp,
            )
        assert not isinstance(limit, str) and limit is not None
        low = self.numbers.not_above(found.low, limit, acts)
        high = low if found.crisp else self.numbers.not_above(found.high, limit, acts)
        return Range(low, high, found.no_value, found.conflict, found.crisp)

    def _perhaps_capped(
        self, found: Open, capped: Open, limit: Value, kind: Type, perhaps: Lit
    ) -> Open:
        """A limit that may act adds to what those that act have left."""
        circuit = self.circuit
        if isinstance(found, Choices) and isinstance(capped, Choices):
            if not isinstance(kind, Scale):
                return found
            above = [v for v in kind.order[kind.order.index(str(limit)) + 1 :] if v in capped.bits]
            more = circuit.both(perhaps, circuit.any(capped.bits[v] for v in above))
            bits: dict[Value, Lit] = {
                **found.bits,
                limit: circuit.either(found.bits.get(limit, FALSE), more),
            }
            return Choices(
                {v: bits[v] for v in kind.values if v in bits},
                found.no_value,
                found.conflict,
                found.crisp and more == FALSE,
            )
        assert (
            isinstance(found, Range)
            and isinstance(capped, Range)
            and not isinstance(limit, str)
            and limit is not None
        )
        low = self.numbers.lowest(
            [found.low, self.numbers.when(self.numbers.not_above(capped.low, limit, TRUE), perhaps)]
        )
        return Range(low, found.high, found.no_value, found.conflict, False)
