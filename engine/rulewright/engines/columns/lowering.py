"""What every printer shares: which columns a program needs, what tests and rules make of codes.

The tables call the operators of `calculus`, and the decision of a node is the evaluator's own: its
rules numbered, those that fire and those that may fire given as bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from rulewright.engines.calculus import (
    certain,
    compare,
    compare_intervals,
    compare_numbers,
    domain,
    status_of,
)
from rulewright.engines.evaluator import Evaluation, judged
from rulewright.engines.result import (
    MET,
    NO,
    NOT_MET,
    OUT,
    UNDECIDED,
    YES,
    DecidedValue,
    Firing,
    Interval,
    Outcomes,
    Possible,
    Settled,
    Status,
)
from rulewright.ir.entities import Entity
from rulewright.ir.nodes import Expression, Known, Literal, Quantified, Rule, Test
from rulewright.ir.operators import counting_operator
from rulewright.ir.program import Node
from rulewright.ir.shapes import numbered
from rulewright.ir.types import FINITE, Number, Type, Value
from rulewright.ir.vocabulary import Vocabulary

from .codes import Code, CodeTable, decode, encode

MOST_RULES = 2_000  # of one node


class UnsupportedError(Exception):
    """A program that is not lowered: the evaluator answers in its place."""


def check_supported(nodes: Iterable[Node]) -> None:
    """Raises `UnsupportedError`, which names what is not lowered."""
    for node in nodes:
        if len(node.every_rule) > MOST_RULES:
            raise UnsupportedError(f"{node.key}: more than {MOST_RULES:,} rules")


# -- columns


def mixed(vocabulary: Vocabulary) -> frozenset[str]:
    """The attributes that several entity types declare with different finite types.

    Their columns hold `Possible`.
    """
    kinds: dict[str, set[Type | None]] = {}
    for entity in vocabulary.entities.values():
        for name, attribute in entity.attributes.items():
            kind = attribute.type if isinstance(attribute.type, FINITE) else None
            kinds.setdefault(name, set()).add(kind)
    return frozenset(name for name, found in kinds.items() if len(found) > 1)


class GivenColumn(NamedTuple):
    """A given attribute of an entity type. stated: the code of a stated value."""

    stated: CodeTable
    unstated: Code
    unknown: Code


def given_columns(
    vocabulary: Vocabulary, read: frozenset[str], mixed_names: frozenset[str]
) -> dict[str, dict[str, GivenColumn]]:
    """The given attributes that something reads, by entity type and name."""
    found = {}
    for type_name, entity in vocabulary.entities.items():
        columns = {}
        for name, attribute in entity.attributes.items():
            if attribute.given and name in read:
                kind = None if name in mixed_names else attribute.type
                missing = Possible(domain(attribute.type), no_value=attribute.may_have_no_value)
                unknown = encode(missing, kind)
                stated = CodeTable(_encoder(attribute.type, kind))
                unstated = stated[attribute.default] if attribute.has_default else unknown
                columns[name] = GivenColumn(stated, unstated, unknown)
        found[type_name] = columns
    return found


def _encoder(kind: Type, held: Type | None) -> Callable[[Value], Code]:
    return lambda value: encode(certain(value, kind), held)


# -- tests


def dynamic(test: Test) -> tuple[Expression, ...]:
    """The sides of a test that a table takes: all that are not written out."""
    sides = (test.noun,) if isinstance(test, Known) else (test.left, *test.right)
    return tuple(each for each in sides if not isinstance(each, Literal))


def outcomes_of(test: Test) -> Callable[[Any], Outcomes]:
    """What may come of a test, from the codes of its dynamic sides (one alone, else a tuple).

    Of `is known` of a given attribute: from whether it is stated.
    """
    if isinstance(test, Known):
        return _known(test)
    sides, kinds = (test.left, *test.right), [each.type for each in dynamic(test)]

    def outcomes(key: Any) -> Outcomes:
        codes = iter(key if len(kinds) > 1 else (key,))
        left, *right = [
            certain(each.value, each.type)
            if isinstance(each, Literal)
            else decode(next(codes), each.type)
            for each in sides
        ]
        return compare(test, left, right)

    return outcomes


def _known(test: Known) -> Callable[[Any], Outcomes]:
    if test.noun.given:
        return lambda stated: YES if stated == test.wanted else NO

    def outcomes(code: Code) -> Outcomes:
        possible = decode(code, test.noun.type)
        if possible.conflict:
            return YES | NO
        some, none = (YES, NO) if test.wanted else (NO, YES)
        return some * (possible.values != ()) | none * possible.no_value

    return outcomes


# -- counts

# What is counted of the items of a collection, in fields of one integer: those that may pass, that
# surely pass, that may fail, that surely fail.
WIDTH = 20
MAY_PASS, PASS, MAY_FAIL, FAIL = (1 << WIDTH * place for place in range(4))


def packed(outcomes: Outcomes) -> int:
    """One item in the fields of a count."""
    return (
        MAY_PASS * bool(outcomes & YES)
        + PASS * (outcomes == YES)
        + MAY_FAIL * bool(outcomes & NO)
        + FAIL * (outcomes == NO)
    )


def packed_table(test: Test, perhaps: bool) -> CodeTable:
    """An item in the fields of a count. perhaps: the item may not be in the collection."""
    outcomes = outcomes_of(test)
    return CodeTable(lambda key: packed(outcomes(key) | OUT * perhaps))


def status_table(test: Test) -> CodeTable:
    """Whether a test is met."""
    outcomes = outcomes_of(test)
    return CodeTable(lambda key: status_of(outcomes(key)))


def unpacked(count: int) -> tuple[int, int, int, int]:
    """The fields of a count."""
    field = (1 << WIDTH) - 1
    return (count & field, count >> WIDTH & field, count >> 2 * WIDTH & field, count >> 3 * WIDTH)


def number_counted(count: int) -> Possible:
    """From the certainly counted to the possibly counted."""
    may_pass, surely, _, _ = unpacked(count)
    return Possible(Interval(surely, may_pass))


def quantified_status(body: Quantified) -> Callable[[Any], Status]:
    """Whether a quantity is met, from its count (with an amount: from the count and its code)."""
    kind, amount, share = body.kind, body.amount, body.share
    if kind in ("every", "no"):
        return lambda count: _all_pass(unpacked(count), kind == "every")
    if share is not None:
        return lambda count: _share_passes(unpacked(count), kind, share)
    assert amount is not None
    op = "is" if kind == "exactly" else kind
    if isinstance(amount, Literal):
        literal = certain(amount.value, amount.type)
        return lambda count: status_of(compare_numbers(op, [number_counted(count), literal]))
    return lambda key: status_of(compare_numbers(op, [number_counted(key[0]), key[1]]))


def _all_pass(fields: tuple[int, int, int, int], wanted: bool) -> Status:
    may_pass, surely, may_fail, fail = fields
    may_break, breaks = (may_fail, fail) if wanted else (may_pass, surely)
    return NOT_MET if breaks else UNDECIDED if may_break else MET


def _share_passes(fields: tuple[int, int, int, int], kind: str, share: Fraction) -> Status:
    may_pass, surely, may_fail, fail = fields
    total = Interval(surely * (1 - share) - may_fail * share, may_pass * (1 - share) - fail * share)
    return status_of(compare_intervals(counting_operator(kind), total, [Interval(0, 0)]))


# -- decisions


def valued_table(kind: Type | None) -> CodeTable:
    """Whether an input of exhaustive rules surely has a value of its declared range."""

    def valued(code: Code) -> bool:
        possible = decode(code, kind)
        if possible.no_value or possible.conflict:
            return False
        if not isinstance(kind, Number) or not isinstance(possible.values, Interval):
            return True
        low, high = possible.values
        return (kind.low is None or (low is not None and low >= kind.low)) and (
            kind.high is None or (high is not None and high <= kind.high)
        )

    return CodeTable(valued)


def reckoned(node: Node) -> tuple[tuple[int, Expression], ...]:
    """The rules of a node, by number, whose values are not written out."""
    return tuple(
        (number, rule.value)
        for number, rule in enumerate(numbered(node))
        if rule.value is not None and not isinstance(rule.value, Literal)
    )


class LoweredDecision(NamedTuple):
    """What is known of the rules of a node: its value depends on nothing else.

    fires, may_fire: by number, as bits. valued: of each exhaustive group whether its inputs surely
    have values. values: the codes of values that are not written out (`None` where not needed).
    """

    fires: int
    may_fire: int
    valued: tuple[bool, ...]
    values: tuple[Code | None, ...]


@dataclass
class Decisions:
    """The decisions of one node, each worked out once. kind: of its column."""

    node: Node
    kind: Type | None

    def __post_init__(self) -> None:
        self.table = CodeTable(self._made)

    def _made(self, key: tuple[Any, ...]) -> tuple[Code, DecidedValue]:
        return self.held(self.settled(key).decided)

    def held(self, value: DecidedValue) -> tuple[Code, DecidedValue]:
        """A value with its code."""
        return encode(value.possible, self.kind), value

    def settled(self, key: tuple[Any, ...]) -> Settled:
        """The decision with the rules that fire, without their conditions."""
        return _Deciding(self.node, LoweredDecision(*key)).decided()

    def supplied(self, value: Value, _key: tuple[Any, ...]) -> tuple[Code, DecidedValue]:
        """A supplied value."""
        return self.held(DecidedValue(certain(value, self.node.attribute.type), "supplied"))

    def judged(self, value: Value, key: tuple[Any, ...]) -> tuple[Code, DecidedValue]:
        """A judgement on what the rules give."""
        possible = certain(value, self.node.attribute.type)
        return self.held(judged(self.node, self.settled(key), possible).decided)


class _Deciding(Evaluation):
    """The evaluator, given what became of the rules of one node."""

    def __init__(self, node: Node, decision: LoweredDecision) -> None:
        self.node, self.decision = node, decision
        self.numbers = {id(rule): number for number, rule in enumerate(numbered(node))}
        self.values = {
            id(expression): decode(code, expression.type)
            for (_, expression), code in zip(reckoned(node), decision.values, strict=True)
            if code is not None
        }
        self.valued = {
            id(group.inputs): valued
            for group, valued in zip(node.exhaustive, decision.valued, strict=True)
        }

    def decided(self) -> Settled:
        return self._ruled(self.node, _NOBODY)

    def fire(self, rule: Rule, entity: Entity) -> Firing | None:
        number = self.numbers[id(rule)]
        bit = 1 << number
        if not (self.decision.fires | self.decision.may_fire) & bit:
            return None
        status = MET if self.decision.fires & bit else UNDECIDED
        gives = self.value(rule.value, entity) if rule.value and rule.effect == "value" else None
        return Firing(rule.id, status, (), gives)

    def value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Possible:
        if isinstance(expression, Literal):
            return certain(expression.value, expression.type)
        return self.values[id(expression)]

    def _valued(self, inputs: tuple[Expression, ...], entity: Entity) -> bool:
        return self.valued[id(inputs)]


_NOBODY: Any = None
