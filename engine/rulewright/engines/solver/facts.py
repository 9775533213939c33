"""Open facts: which facts of a case may be other than stated, and the literals that say which value each has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from rulewright.engines.calculus import certain, domain
from rulewright.engines.result import Possible
from rulewright.language.cases import Case, Entity
from rulewright.language.types import FINITE, Number, Scale, Type, Value
from rulewright.language.vocabulary import Attribute, Vocabulary

from .circuit import FALSE, TRUE, Circuit, Lit
from .numbers import Numbers
from .open_values import Choices, Open, Range, opened

Place = tuple[int, str]  # an entity's index and an attribute's key
MOST_OPTIONS = 201  # of a number: more values are not listed one by one


@dataclass(frozen=True, slots=True)
class Option:
    """Another value of a fact: the literal that says it has it, and how far it is from the present one."""

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


def options_of(kind: Type, may_have_none: bool) -> list[Value] | None:
    """Every value that may be written for a fact of this type, or `None` where they cannot be listed."""
    none: list[Value] = [None] if may_have_none else []
    if isinstance(kind, FINITE):
        return [*kind.values, *none]
    if isinstance(kind, Number) and kind.whole and kind.low is not None and kind.high is not None:
        low, high = ceil(kind.low), floor(kind.high)
        if high - low < MOST_OPTIONS:
            return [*range(low, high + 1), *none]
    return None


def distance(kind: Type, one: Value, other: Value) -> int:
    """How far two values lie apart: steps on a scale or between numbers; from or to a value outside the order, its length."""
    if one == other:
        return 0
    if isinstance(kind, Scale):
        if one in kind.order and other in kind.order:
            return abs(kind.order.index(str(one)) - kind.order.index(str(other)))
        return len(kind.order)
    if isinstance(kind, Number) and isinstance(one, int | Fraction) and isinstance(other, int | Fraction):
        return max(1, ceil(abs(Fraction(one) - Fraction(other))))
    return 1


@dataclass(frozen=True)
class Present:
    """A fact as the case has it: its possible values, and whether it is stated, missing, or neither (its default holds)."""

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
    return Present(Possible(domain(attribute.type), no_value=attribute.may_have_no_value), False, True)


def other_values(attribute: Attribute, now: Present, asked: bool) -> list[tuple[Value, int]] | None:
    """What a fact could be instead, and how far each is away, or `None` where that cannot be listed.

    asked: some rule asks whether it is stated, so that to state the default is a change too.
    """
    values = options_of(attribute.type, attribute.may_have_no_value)
    if values is None:
        return None
    if now.missing:
        return [(each, 1) for each in values]
    restate = asked and not now.stated
    return [(each, distance(attribute.type, now.possible.value, each) or 1) for each in values if each != now.possible.value or restate]


class OpenFacts:
    """The facts of one case, opened when they are first asked for.

    may_change: whether a fact may be other than it is. completing: no fact changes; those that are missing take each of
    their values. asked: the attributes of which some rule asks whether they are known.
    """

    def __init__(self, circuit: Circuit, numbers: Numbers, case: Case, vocabulary: Vocabulary,
                 may_change: Callable[[Entity, str], bool], asked: frozenset[str], completing: bool) -> None:  # fmt: skip
        self.circuit, self.numbers, self.case, self.vocabulary = circuit, numbers, case, vocabulary
        self.may_change, self.asked, self.completing = may_change, asked, completing
        self.open: dict[Place, OpenFact] = {}
        self.fixed: dict[Place, None] = {}  # facts whose values cannot be listed, that something hangs on
        self.kept: dict[Place, None] = {}  # missing facts that may not change, that something hangs on
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
        return opened_.changed if opened_ is not None and not self.completing else FALSE

    def _value(self, entity: Entity, name: str) -> Possible | Open:
        attribute = self.vocabulary.entities[entity.type].attributes[name]
        now = present(entity, name, attribute)
        if self.completing and not now.missing:
            return now.possible
        if not self.may_change(entity, name):
            if now.missing:
                self.kept[entity.index, name] = None
            return now.possible
        others = self.others(entity, name, attribute, now)
        if others is None:
            self.fixed[entity.index, name] = None
            return now.possible
        fact = self.open[entity.index, name] = OpenFact(entity, attribute, name, now)
        fact.options = [Option(value, self.circuit.new(), far) for value, far in others]
        self._at_most_one([each.lit for each in fact.options])
        if self.completing:
            return self._completed(fact)
        fact.changed = self.circuit.any(each.lit for each in fact.options)
        return self._chosen(fact)

    def others(self, _entity: Entity, name: str, attribute: Attribute, now: Present) -> list[tuple[Value, int]] | None:
        """What a fact could be instead, and how far each is away, or `None` where that cannot be listed."""
        return other_values(attribute, now, name in self.asked)

    def _at_most_one(self, lits: list[Lit]) -> None:
        for index, one in enumerate(lits):
            for other in lits[index + 1 :]:
                self.circuit.require(-one, -other)

    def _chosen(self, fact: OpenFact) -> Open:
        """The current value where nothing else is chosen; of a missing fact, all that is possible."""
        circuit, kind, current = self.circuit, fact.attribute.type, fact.now.possible
        unchanged, missing = -fact.changed, fact.now.missing
        lits: dict[Value, list[Lit]] = {}
        for option in fact.options:
            lits.setdefault(option.value, []).append(option.lit)
        if isinstance(kind, FINITE):
            for value in current.values:
                lits.setdefault(value, []).append(unchanged)
            none = circuit.any([*lits.pop(None, []), unchanged if current.no_value else FALSE])
            bits: dict[Value, Lit] = {value: circuit.any(lits[value]) for value in kind.values if value in lits}
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

    def _completed(self, fact: OpenFact) -> Open:
        """A missing fact, with one of its values."""
        self.circuit.require(*(each.lit for each in fact.options))
        by_value = {each.value: each.lit for each in fact.options}
        none = by_value.pop(None, FALSE)
        if isinstance(fact.attribute.type, FINITE):
            return Choices(by_value, none, FALSE, True)
        num = self.numbers.choice((value, lit) for value, lit in by_value.items() if isinstance(value, int))
        return Range(num, num, none, FALSE, True)

