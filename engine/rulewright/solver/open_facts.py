"""Open facts: which facts of a case may be other than stated, and the literals that say which value
each has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from rulewright.engines.calculus import certain, domain
from rulewright.engines.result import Possible
from rulewright.facts.cases import Case, Entity
from rulewright.ir.types import FINITE, Date, Number, Scale, Type, Value
from rulewright.ir.vocabulary import Attribute, Vocabulary

from .circuit import FALSE, TRUE, Circuit, Lit
from .days import Days
from .numbers import NumberGates
from .values import Choices, Open, Range, opened

Place = tuple[int, str]  # an entity's index and an attribute's key
Others = list[
    tuple[Value, int]
]  # other values of a fact, each with how far it is from the present one
Reading = Literal["possible", "filled", "completed"]
MOST_OPTIONS = 201  # of a number: more values are not listed one by one


@dataclass(frozen=True, slots=True)
class Option:
    """Another value of a fact: the literal that says it has it, and how far it is from the present
    one.
    """

    value: Value
    lit: Lit
    distance: int


@dataclass
class OpenFact:
    """A fact that may be other than it is. `now`: as the case has it."""

    entity: Entity
    attribute: Attribute
    key: str
    now: Present
    options: list[Option] = field(default_factory=list)
    changed: Lit = FALSE
    # of a missing fact that does not change: the values that it may really have
    fills: dict[Value, Lit] = field(default_factory=dict)


def options_of(kind: Type, may_have_none: bool) -> list[Value] | None:
    """Every value that may be written for a fact of this type, or `None` where they cannot be
    listed.
    """
    none: list[Value] = [None] if may_have_none else []
    if isinstance(kind, FINITE):
        return [*kind.values, *none]
    if isinstance(kind, Number) and kind.whole and kind.low is not None and kind.high is not None:
        low, high = ceil(kind.low), floor(kind.high)
        if high - low < MOST_OPTIONS:
            return [*range(low, high + 1), *none]
    return None


def distance(kind: Type, one: Value, other: Value) -> int:
    """How far two values lie apart: steps on a scale or between numbers; from or to a value outside
    the order, its length.
    """
    if one == other:
        return 0
    if isinstance(kind, Scale):
        if one in kind.order and other in kind.order:
            return abs(kind.order.index(str(one)) - kind.order.index(str(other)))
        return len(kind.order)
    if (
        isinstance(kind, Number)
        and isinstance(one, int | Fraction)
        and isinstance(other, int | Fraction)
    ):
        return max(1, ceil(abs(Fraction(one) - Fraction(other))))
    return 1


@dataclass(frozen=True)
class Present:
    """A fact as the case has it: its possible values, and whether it is stated, missing, or neither
    (its default holds).
    """

    possible: Possible
    stated: bool
    missing: bool


def present(entity: Entity, name: str, attribute: Attribute) -> Present:
    """What the case says of a fact."""
    stated = entity.facts.get(name)
    if stated is not None:
        return Present(certain(stated.value, attribute.type), True, False)
    if attribute.has_default and name not in entity.unknown:
        return Present(certain(attribute.default, attribute.type), False, False)
    return Present(
        Possible(domain(attribute.type), no_value=attribute.may_have_no_value), False, True
    )


def other_values(
    attribute: Attribute,
    key: str,
    now: Present,
    asked: bool,
    days: Days | None,
    completing: bool = False,
) -> Others | None:
    """What a fact could be instead, and how far each is away, or `None` where that cannot be
    listed.

    asked: some rule asks whether it is stated, so that to state the default is a change too. Of a
    date: the nearest day of each stretch of days that rules can tell apart, where `days` are at
    hand; a change takes none after the day of the decision, a missing date may be any
    (`completing`).
    """
    restate = asked and not now.stated and not now.missing
    none: Others = [(None, 1)] if attribute.may_have_no_value else []
    if isinstance(attribute.type, Date):
        day = None if now.missing else now.possible.value
        assert not isinstance(day, str)
        found = days.others(key, None if day is None else int(day)) if days is not None else None
        if found is None or days is None:
            return None
        if not completing and (day is None or day <= days.as_at):
            found = [(each, far) for each, far in found if each <= days.as_at]
        if restate and day is not None:
            found.append((int(day), 1))
        return [*found, *(none if day is not None or now.missing or restate else [])]
    values = options_of(attribute.type, attribute.may_have_no_value)
    if values is None:
        return None
    if now.missing:
        return [(each, 1) for each in values]
    return [
        (each, distance(attribute.type, now.possible.value, each) or 1)
        for each in values
        if each != now.possible.value or restate
    ]


class OpenFacts:
    """The facts of one case, opened when they are first asked for.

    may_change: whether a fact may be other than it is; takes: whether it may change to a value.
    asked: the attributes of which some rule asks whether they are known. reading: what becomes of
    facts that are missing. `possible`: all that they may be stays possible, as the engines have it;
    `filled`: each has one of its values, whatever else changes; `completed`: the same, and nothing
    else changes.
    """

    def __init__(
        self,
        circuit: Circuit,
        numbers: NumberGates,
        case: Case,
        vocabulary: Vocabulary,
        may_change: Callable[[Entity, str], bool],
        asked: frozenset[str],
        reading: Reading,
        days: Days | None = None,
        takes: Callable[[Attribute, Value], bool] | None = None,
    ) -> None:
        self.circuit, self.numbers, self.case, self.vocabulary = circuit, numbers, case, vocabulary
        self.may_change, self.takes, self.asked, self.reading, self.days = (
            may_change,
            takes,
            asked,
            reading,
            days,
        )
        self.open: dict[Place, OpenFact] = {}
        self.fixed: dict[
            Place, None
        ] = {}  # facts whose values cannot be listed, that something hangs on
        self.kept: dict[
            Place, None
        ] = {}  # missing facts that may not change, that something hangs on
        self.held: dict[
            Place, None
        ] = {}  # facts that could change if they were allowed to, that something hangs on
        self._values: dict[Place, Possible | Open] = {}

    def value(self, entity: Entity, name: str) -> Possible | Open:
        """The possible values of a given attribute."""
        at = (entity.index, name)
        found = self._values.get(at)
        if found is None:
            found = self._values[at] = self._value(entity, name)
        return found

    def is_known(self, entity: Entity, name: str) -> Lit:
        """Whether the case states it, or would."""
        if name in entity.facts or name == "name":
            return TRUE
        self.value(entity, name)
        opened_ = self.open.get((entity.index, name))
        return opened_.changed if opened_ is not None else FALSE

    def _value(self, entity: Entity, name: str) -> Possible | Open:
        at = (entity.index, name)
        attribute = self.vocabulary.entities[entity.type].attributes[name]
        now = present(entity, name, attribute)
        if self.reading == "completed" and not now.missing:
            return now.possible
        if not self.may_change(entity, name):
            if now.missing:
                self.kept[at] = None
            if not (now.missing and self.reading == "filled"):
                self.held[at] = None
                return now.possible
        others = self.others(entity, name, attribute, now)
        if others is None:
            self.fixed[at] = None
            return now.possible
        fact = self.open[at] = OpenFact(entity, attribute, name, now)
        if self.reading != "completed" and self.may_change(entity, name):
            taken = [
                each for each in others if self.takes is None or self.takes(attribute, each[0])
            ]
            fact.options = [Option(value, self.circuit.new(), far) for value, far in taken]
            self._at_most_one([each.lit for each in fact.options])
            fact.changed = self.circuit.any(each.lit for each in fact.options)
        if now.missing and self.reading != "possible":
            return self._filled(fact)
        return self._chosen(fact)

    def others(
        self, _entity: Entity, name: str, attribute: Attribute, now: Present
    ) -> Others | None:
        """What a fact could be instead, and how far each is away, or `None` where that cannot be
        listed.
        """
        return other_values(attribute, name, now, name in self.asked, self.days)

    def _at_most_one(self, lits: list[Lit]) -> None:
        for index, one in enumerate(lits):
            for other in lits[index + 1 :]:
                self.circuit.require(-one, -other)

    def _chosen(self, fact: OpenFact) -> Open:
        """The current value where nothing else is chosen; of a missing fact, all that is
        possible.
        """
        circuit, kind, current = self.circuit, fact.attribute.type, fact.now.possible
        unchanged, missing = -fact.changed, fact.now.missing
        lits: dict[Value, list[Lit]] = {}
        for option in fact.options:
            lits.setdefault(option.value, []).append(option.lit)
        if isinstance(kind, FINITE):
            for value in current.values:
                lits.setdefault(value, []).append(unchanged)
            none = circuit.any([*lits.pop(None, []), unchanged if current.no_value else FALSE])
            bits: dict[Value, Lit] = {
                value: circuit.any(lits[value]) for value in kind.values if value in lits
            }
            return Choices(bits, none, FALSE, not missing)
        none = circuit.any([*lits.pop(None, []), unchanged if current.no_value else FALSE])
        chosen = [(value, circuit.any(each)) for value, each in lits.items()]
        now = opened(current, kind)
        assert isinstance(now, Range)
        ends = []
        for end in (now.low, now.high):
            options = [(value, lit) for value, lit in chosen if isinstance(value, int)]
            options += [(value, unchanged) for value in end.values]  # type: ignore[misc]
            ends.append(self.numbers.choice(options))
        low, high = ends
        return Range(low, low if not missing else high, none, FALSE, not missing)

    def _filled(self, fact: OpenFact) -> Open:
        """A missing fact that has one of its values: the one that it changes to, or any where it
        stays missing.
        """
        circuit = self.circuit
        values = [
            each
            for each, _ in other_values(
                fact.attribute, fact.key, fact.now, False, self.days, completing=True
            )
            or ()
        ]
        fact.fills = {each: circuit.new() for each in values}
        self._at_most_one(list(fact.fills.values()))
        circuit.require(*fact.fills.values())
        if self.reading == "completed":
            fact.options = [Option(value, lit, 1) for value, lit in fact.fills.items()]
        return self.has_one(
            fact, {value: circuit.both(lit, -fact.changed) for value, lit in fact.fills.items()}
        )

    def has_one(self, fact: OpenFact, unchanged: Mapping[Value, Lit]) -> Open:
        """A missing fact with exactly one value. unchanged: each of those that it may have where it
        does not change.
        """
        circuit, kind = self.circuit, fact.attribute.type
        lits = dict(unchanged)
        if self.reading != "completed":
            for option in fact.options:
                lits[option.value] = circuit.either(lits.get(option.value, FALSE), option.lit)
        none = lits.pop(None, FALSE)
        if isinstance(kind, FINITE):
            return Choices(lits, none, FALSE, True)
        num = self.numbers.choice(
            (value, lit) for value, lit in lits.items() if isinstance(value, int)
        )
        return Range(num, num, none, FALSE, True)


class SampledFacts(OpenFacts):
    """The facts of another copy of a formula, missing ones filled in one way: what changes there
    changes here.

    filled: the value of each missing fact that stays missing.
    """

    def __init__(self, first: OpenFacts, filled: Mapping[Place, Value]) -> None:
        super().__init__(
            first.circuit,
            first.numbers,
            first.case,
            first.vocabulary,
            first.may_change,
            first.asked,
            "filled",
            first.days,
        )
        self.first, self.filled = first, filled

    def is_known(self, entity: Entity, name: str) -> Lit:
        """As in the first copy."""
        return self.first.is_known(entity, name)

    def _value(self, entity: Entity, name: str) -> Possible | Open:
        found = self.first.value(entity, name)
        fact = self.first.open.get((entity.index, name))
        if fact is None or not fact.fills:
            return found
        value = (
            self.filled[entity.index, name]
            if (entity.index, name) in self.filled
            else next(iter(fact.fills))
        )
        return self.has_one(fact, {value: -fact.changed})
