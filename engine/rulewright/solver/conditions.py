"""What becomes of tests and conditions, with literals (docs/semantics.md, 2 and 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rulewright.engines.calculus import compare
from rulewright.engines.result import Possible
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Compare, Condition, Joined, Known, Quantified, Test
from rulewright.ir.operators import counting_operator

from .circuit import FALSE, TRUE
from .collections import Tally
from .comparisons import Holding, TestOutcome, known, surely
from .numbers import constant
from .values import Choices, Range, as_open, range_of

if TYPE_CHECKING:
    from .encoding import Encoding


class Conditions:
    """The conditions of one case's rules."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding, self.circuit = encoding, encoding.circuit
        self._found: dict[tuple[int, int], Holding] = {}

    def ask(self, test: Test, entity: Entity, item: Entity | None) -> TestOutcome:
        """What may come of a test."""
        if isinstance(test, Known):
            return self._known(test, entity, item)
        sides = [self.encoding.value(each, entity, item) for each in (test.left, *test.right)]
        if all(isinstance(each, Possible) for each in sides):
            return known(compare(test, sides[0], sides[1:]))  # type: ignore[arg-type]
        opens = [
            as_open(each, of.type or test.left.type)
            for each, of in zip(sides, (test.left, *test.right), strict=True)
        ]
        return self.encoding.comparing.compare(test, opens)

    def _known(self, test: Known, entity: Entity, item: Entity | None) -> TestOutcome:
        noun, circuit = test.noun, self.circuit
        at = self.encoding.reached(noun.reach, entity, item)
        if noun.given:
            yes = self.encoding.facts.is_known(at, noun.attribute)
            found = TestOutcome(yes, -yes, FALSE, True)
        else:
            value = self.encoding.settled(at, noun.attribute)
            if isinstance(value, Possible):
                has, none, conflict = (
                    TRUE if each else FALSE
                    for each in (value.values != (), value.no_value, value.conflict)
                )
                crisp = not value.conflict and FALSE in (has, none)
            else:
                has = (
                    circuit.any(value.bits.values()) if isinstance(value, Choices) else value.there
                )
                none, conflict, crisp = (
                    value.no_value,
                    value.conflict,
                    value.crisp and value.conflict == FALSE,
                )
            found = TestOutcome(
                circuit.either(has, conflict), circuit.either(none, conflict), FALSE, crisp
            )
            if crisp:
                found = found._replace(no=-found.yes)
        return found if test.wanted else found._replace(yes=found.no, no=found.yes)

    def condition(self, condition: Condition, entity: Entity) -> Holding:
        """What becomes of a condition of a rule of `entity`."""
        at = (id(condition.body), entity.index)
        found = self._found.get(at)
        if found is None:
            found = self._found[at] = self._condition(condition.body, entity)
        return found

    def _condition(self, body: Compare | Known | Quantified | Joined, entity: Entity) -> Holding:
        match body:
            case Compare() | Known():
                return self.encoding.comparing.holding(self.ask(body, entity, None))
            case Quantified():
                return self._quantified(body, entity)
            case Joined():
                return self._joined(body, entity)
            case _:
                assert_never(body)

    def _joined(self, body: Joined, entity: Entity) -> Holding:
        circuit = self.circuit
        parts = [self.condition(part, entity) for part in body.parts]
        if body.kind == "all of":
            return Holding(
                circuit.all(each.met for each in parts), circuit.all(each.may for each in parts)
            )
        found = Holding(
            circuit.any(each.met for each in parts), circuit.any(each.may for each in parts)
        )
        return Holding(-found.may, -found.met) if body.kind == "none of" else found

    def _quantified(self, body: Quantified, entity: Entity) -> Holding:
        circuit = self.circuit
        tally = self.encoding.collecting.tally(body.collection, body.test, entity)
        if body.kind == "every":
            surely_not = [surely(circuit, each.no, each.yes, each.out) for each in tally]
            return Holding(
                circuit.all(-each.no for each in tally), circuit.all(-each for each in surely_not)
            )
        if body.kind == "no":
            surely_so = [surely(circuit, each.yes, each.no, each.out) for each in tally]
            return Holding(
                circuit.all(-each.yes for each in tally), circuit.all(-each for each in surely_so)
            )
        if body.share is not None:
            return self._share(body, tally)
        assert body.amount is not None
        op = counting_operator(body.kind)
        amount = range_of(self.encoding.open_value(body.amount, entity))
        low, high = self.encoding.collecting.counted(tally, _most(op, amount))
        return self.encoding.comparing.counted(op, low, high, amount)

    def _share(self, body: Quantified, tally: Tally) -> Holding:
        """Each item by its lowest and highest possible weight; the sums are compared with 0."""
        assert body.share is not None
        circuit, share = self.circuit, body.share
        lows, highs = [], []
        for each in tally:
            out = circuit.both(each.out, -each.no)
            lows.append(
                self.encoding.numbers.choice(
                    [(-share, each.no), (0, out), (1 - share, circuit.all([-each.no, -each.out]))]
                )
            )
            out = circuit.both(each.out, -each.yes)
            highs.append(
                self.encoding.numbers.choice(
                    [(1 - share, each.yes), (0, out), (-share, circuit.all([-each.yes, -each.out]))]
                )
            )
        crisp = all(each.crisp for each in tally)
        low = self.encoding.numbers.sum(lows)
        high = low if crisp else self.encoding.numbers.sum(highs)
        zero = Range(constant(0), constant(0), FALSE, FALSE, True)
        op = counting_operator(body.kind)
        return self.encoding.comparing.counted(op, low, high, zero)


def _most(op: str, amount: Range) -> int | None:
    """How far a count has to go for a comparison with a known amount."""
    if len(amount.low.values) == len(amount.high.values) == 1 and isinstance(
        amount.high.values[0], int
    ):
        return max(0, amount.high.values[0]) + 1
    values = amount.high.values
    return int(values[-1]) + 1 if values and isinstance(values[-1], int) else None
