"""A program and a case as a formula: `reference.Evaluation` with literals in place of what open facts decide.

Read it beside that module; each method says of literals what the method of the same name says there of values. Only what is asked
for is encoded, with all that it reads.
"""

from __future__ import annotations

from rulewright.engines import calculus
from rulewright.engines.calculus import certain, compare
from rulewright.engines.result import Interval, Possible
from rulewright.language.cases import Case, Entity
from rulewright.language.types import Number, Scale, Type, Value
from rulewright.program.model import Node, Program
from rulewright.program.nodes import (
    Aggregate,
    Arithmetic,
    AsAtDate,
    Below,
    Collection,
    Compare,
    Condition,
    Count,
    Each,
    Except,
    Expression,
    Joined,
    Kind,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Reach,
    Round,
    Rule,
    Same,
    Test,
    Union,
    Where,
)  # fmt: skip

from .circuit import FALSE, TRUE, Circuit, Lit
from .comparing import MET, NOT_MET, Asked, Comparing, Holding, known
from .facts import OpenFacts
from .numbers import NotExpressible, Num, Numbers, constant, unary
from .open_values import Choices, Joining, Open, Range, constant_of, opened
from .reckoning import Reckoning

Item = tuple[Entity, Holding]
Tally = list[Asked]
PASSED_OVER = Asked(FALSE, FALSE, TRUE, True)
COUNTED = Asked(TRUE, FALSE, FALSE, True)


class Encoding:
    """One case under one program, some of its facts open."""

    def __init__(self, program: Program, case: Case, as_at: int, parameters: dict[str, Value], circuit: Circuit, numbers: Numbers,
                 facts: OpenFacts) -> None:  # fmt: skip
        self.program, self.case, self.as_at, self.parameters = program, case, as_at, parameters
        self.circuit, self.numbers, self.facts = circuit, numbers, facts
        self.comparing, self.reckoning = Comparing(circuit, numbers), Reckoning(circuit, numbers)
        self.joining = Joining(circuit, numbers)
        self.nodes = {(kind, node.key.attribute): node for kind, nodes in program.by_kind.items() for node in nodes}
        self._settled: dict[tuple[int, str], Possible | Open] = {}
        self._conditions: dict[tuple[int, int], Holding] = {}
        self._tallies: dict[tuple[int, int, int], Tally] = {}
        self._items: dict[tuple[int, int], list[Item]] = {}

    # -- values -------------------------------------------------------------------------------------------------------

    def settled(self, entity: Entity, name: str) -> Possible | Open:
        """The possible values of a derived attribute."""
        at = (entity.index, name)
        found = self._settled.get(at)
        if found is None:
            found = self._settled[at] = self._settle(entity, name)
        return found

    def _settle(self, entity: Entity, name: str) -> Possible | Open:
        node = self.nodes[Kind(entity.type, entity.parent_type, entity.member), name]
        at = (entity.index, name)
        if at in self.case.supplied:
            return certain(self.case.supplied[at].value, node.attribute.type)
        if at in self.case.judged:
            return certain(self.case.judged[at].value, node.attribute.type)
        found = self._ruled(node, entity)
        return constant_of(found) or found

    def open_value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Open:
        """The value of an expression in the form of those that hang on open facts."""
        found = self.value(expression, entity, item)
        return opened(found, expression.type) if isinstance(found, Possible) else found

    def value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Possible | Open:
        """The possible values of an expression."""
        if type(expression) is Noun:
            at = self.reached(expression.reach, entity, item)
            if expression.attribute == "name":
                return Possible((at.name,))
            return self.facts.value(at, expression.attribute) if expression.given else self.settled(at, expression.attribute)
        match expression:
            case Literal(value, kind):
                return certain(value, kind)
            case Parameter(name, kind):
                return certain(self.parameters[name], kind)
            case AsAtDate():
                return Possible(Interval(self.as_at, self.as_at))
            case Arithmetic():
                return self._arithmetic(expression, entity, item)
            case Round(rule, of):
                found = self.value(of, entity, item)
                if isinstance(found, Possible):
                    return calculus.rounded(rule, found)
                return _told(self.reckoning.rounded(rule, _range(found)))
            case Count(collection, test):
                low, high = self._counted(self.tally(collection, test, entity))
                return _told(Range(low, high, FALSE, FALSE, low == high))
            case Aggregate(kind, collection, noun):
                return self._aggregate(kind, collection, noun, entity)
        raise AssertionError(expression)

    def _arithmetic(self, body: Arithmetic, entity: Entity, item: Entity | None) -> Possible | Open:
        whole = isinstance(body.right.type, Number) and body.right.type.whole
        left, right = self.value(body.left, entity, item), self.value(body.right, entity, item)
        if isinstance(left, Possible) and isinstance(right, Possible):
            return calculus.arithmetic(body.op, left, right, whole)
        sides = [_range(opened(each, of.type) if isinstance(each, Possible) else each) for each, of in ((left, body.left), (right, body.right))]
        return _told(self.reckoning.arithmetic(body.op, sides[0], sides[1], whole))

    def _aggregate(self, kind: str, collection: Collection, noun: Noun, entity: Entity) -> Possible | Open:
        items = [(self.value(noun, entity, each), present) for each, present in self.items(collection, entity) if present.may != FALSE]
        sure = [(each, 2 if present == MET else 1) for each, present in items if isinstance(each, Possible) and _is_known(present)]
        if len(sure) == len(items):
            return calculus.aggregate(kind, [(each, status) for each, status in sure], noun.type)
        opens = [(opened(each, noun.type) if isinstance(each, Possible) else each, present) for each, present in items]
        return _told(self.reckoning.aggregate(kind, opens, noun.type))

    def reached(self, reach: Reach, entity: Entity, item: Entity | None) -> Entity:
        here = item if reach.item and item is not None else entity
        if reach.up:
            here = here.climb(reach.up)
        for wanted, member in reach.down:
            here = here.child(wanted, member)
        return here

    # -- conditions ---------------------------------------------------------------------------------------------------

    def ask(self, test: Test, entity: Entity, item: Entity | None) -> Asked:
        """What may come of a test."""
        if isinstance(test, Known):
            return self._known(test, entity, item)
        sides = [self.value(each, entity, item) for each in (test.left, *test.right)]
        if all(isinstance(each, Possible) for each in sides):
            return known(compare(test, sides[0], sides[1:]))  # type: ignore[arg-type]
        opens = [opened(each, of.type or test.left.type) if isinstance(each, Possible) else each
                 for each, of in zip(sides, (test.left, *test.right), strict=True)]  # fmt: skip
        return self.comparing.compare(test, opens)

    def _known(self, test: Known, entity: Entity, item: Entity | None) -> Asked:
        noun, circuit = test.noun, self.circuit
        at = self.reached(noun.reach, entity, item)
        if noun.given:
            yes = self.facts.is_known(at, noun.attribute)
            found = Asked(yes, -yes, FALSE, True)
        else:
            value = self.settled(at, noun.attribute)
            if isinstance(value, Possible):
                has, none, conflict = (TRUE if each else FALSE for each in (value.values != (), value.no_value, value.conflict))
                crisp = not value.conflict and FALSE in (has, none)
            else:
                has = circuit.any(value.bits.values()) if isinstance(value, Choices) else value.there
                none, conflict, crisp = value.no_value, value.conflict, value.crisp and value.conflict == FALSE
            found = Asked(circuit.either(has, conflict), circuit.either(none, conflict), FALSE, crisp)
            if crisp:
                found = found._replace(no=-found.yes)
        return found if test.wanted else found._replace(yes=found.no, no=found.yes)

    def condition(self, condition: Condition, entity: Entity) -> Holding:
        """What becomes of a condition of a rule of `entity`."""
        at = (id(condition.body), entity.index)
        found = self._conditions.get(at)
        if found is None:
            found = self._conditions[at] = self._condition(condition.body, entity)
        return found

    def _condition(self, body: Compare | Known | Quantified | Joined, entity: Entity) -> Holding:
        circuit = self.circuit
        if isinstance(body, Quantified):
            return self._quantified(body, entity)
        if isinstance(body, Joined):
            parts = [self.condition(part, entity) for part in body.parts]
            if body.kind == "all of":
                return Holding(circuit.all(each.met for each in parts), circuit.all(each.may for each in parts))
            found = Holding(circuit.any(each.met for each in parts), circuit.any(each.may for each in parts))
            return Holding(-found.may, -found.met) if body.kind == "none of" else found
        return self.comparing.holding(self.ask(body, entity, None))

    def _quantified(self, body: Quantified, entity: Entity) -> Holding:
        circuit = self.circuit
        tally = self.tally(body.collection, body.test, entity)
        if body.kind == "every":
            surely_not = [_surely(circuit, each.no, each.yes, each.out) for each in tally]
            return Holding(circuit.all(-each.no for each in tally), circuit.all(-each for each in surely_not))
        if body.kind == "no":
            surely = [_surely(circuit, each.yes, each.no, each.out) for each in tally]
            return Holding(circuit.all(-each.yes for each in tally), circuit.all(-each for each in surely))
        if body.share is not None:
            return self._share(body, tally)
        assert body.amount is not None
        op = "is" if body.kind == "exactly" else body.kind
        amount = _range(self.open_value(body.amount, entity))
        low, high = self._counted(tally, _most(op, amount))
        return self.comparing.counted(op, low, high, amount)

    def _share(self, body: Quantified, tally: Tally) -> Holding:
        """Each item by its lowest and highest possible weight; the sums are compared with 0."""
        assert body.share is not None
        circuit, share = self.circuit, body.share
        lows, highs = [], []
        for each in tally:
            out = circuit.both(each.out, -each.no)
            lows.append(self.numbers.choice([(-share, each.no), (0, out), (1 - share, circuit.all([-each.no, -each.out]))]))
            out = circuit.both(each.out, -each.yes)
            highs.append(self.numbers.choice([(1 - share, each.yes), (0, out), (-share, circuit.all([-each.yes, -each.out]))]))
        crisp = all(each.crisp for each in tally)
        low = self.numbers.sum(lows)
        high = low if crisp else self.numbers.sum(highs)
        zero = Range(constant(0), constant(0), FALSE, FALSE, True)
        op = "is" if body.kind == "exactly" else body.kind
        return self.comparing.counted(op, low, high, zero)

    def _counted(self, tally: Tally, most: int | None = None) -> tuple[Num, Num]:
        """From the certainly counted to the possibly counted."""
        circuit = self.circuit
        surely = [each.yes if each.crisp else _surely(circuit, each.yes, each.no, each.out) for each in tally]
        perhaps = [each.yes for each in tally]
        low = unary(circuit.counted(surely, most))
        return low, low if surely == perhaps else unary(circuit.counted(perhaps, most))

    def tally(self, collection: Collection, test: Test | None, entity: Entity) -> Tally:
        """For each item what may become of it; without a test, whether it is in."""
        at = (id(collection), id(test), entity.index)
        found = self._tallies.get(at)
        if found is None:
            found = self._tallies[at] = [self._one(test, entity, each, present) for each, present in self.items(collection, entity)]
        return found

    def _one(self, test: Test | None, entity: Entity, item: Entity, present: Holding) -> Asked:
        if present.may == FALSE:
            return PASSED_OVER
        asked = COUNTED if test is None else self.ask(test, entity, item)
        if present == MET:
            return asked
        circuit = self.circuit
        out = circuit.either(circuit.both(present.may, asked.out), -present.met)
        return Asked(circuit.both(present.may, asked.yes), circuit.both(present.may, asked.no), out,
                     asked.crisp and present.met == present.may)  # fmt: skip

    def items(self, collection: Collection, entity: Entity) -> list[Item]:
        """The items of a collection, and whether each is in."""
        at = (id(collection), entity.index)
        found = self._items.get(at)
        if found is None:
            found = self._items[at] = sorted(self._listed(collection, entity), key=lambda each: each[0].index)
        return found

    def _listed(self, collection: Collection, entity: Entity) -> list[Item]:
        circuit = self.circuit
        match collection:
            case Below(start, wanted, deep):
                holder = self.reached(start, entity, None)
                below = holder.below(wanted) if deep else holder.children.get(wanted, ())
                return [(each, MET) for each in below]
            case Each(of, wanted):
                return [(c, present) for i, present in self.items(of, entity) for c in i.children.get(wanted, ())]
            case Same(of, wanted):
                return [(i.child(wanted, entity.member), present) for i, present in self.items(of, entity)]
            case Except(of, members):
                return [each for each in self.items(of, entity) if each[0].member not in members]
            case Where(of, tests):
                found = []
                for i, present in self.items(of, entity):
                    held = [present, *(self.comparing.holding(self.ask(t, entity, i)) for t in tests)]
                    found.append((i, Holding(circuit.all(h.met for h in held), circuit.all(h.may for h in held))))
                return found
            case Union(parts):
                by_item: dict[Entity, list[Holding]] = {}
                for part in parts:
                    for i, present in self.items(part, entity):
                        by_item.setdefault(i, []).append(present)
                return [(i, Holding(circuit.any(h.met for h in held), circuit.any(h.may for h in held))) for i, held in by_item.items()]

    # -- rules --------------------------------------------------------------------------------------------------------

    def fires(self, rule: Rule, entity: Entity) -> Holding:
        """Whether a rule fires, or may fire."""
        met, may = [], []
        for condition in rule.conditions:
            found = self.condition(condition, entity)
            if found == NOT_MET:
                return NOT_MET
            met.append(found.met)
            may.append(found.may)
        return Holding(self.circuit.all(met), self.circuit.all(may))

    def _ruled(self, node: Node, entity: Entity) -> Open:
        circuit, kind = self.circuit, node.attribute.type
        fired = {index: found for index, rule in enumerate(node.rules) if (found := self.fires(rule, entity)) != NOT_MET}
        undefeated = {index: circuit.both(found.may, -circuit.any(fired[j].met for j in node.above[index] if j in fired))
                      for index, found in fired.items()}  # fmt: skip
        undefeated = {index: lit for index, lit in undefeated.items() if lit != FALSE}
        gives = {index: self._given(node.rules[index], entity, kind) for index in undefeated}
        surely = circuit.any([*(each.met for each in fired.values()), *self._covered(node, entity, fired)])
        parts = [(undefeated[index], gives[index]) for index in undefeated]
        if surely != TRUE:
            parts.append((-surely, self._given(node.otherwise, entity, kind)))
        crisp = all(each.met == each.may for each in fired.values()) and all(each.crisp for _, each in parts)
        certainly = self._certain_conflict(node, fired, undefeated, gives)
        perhaps = self._perhaps_conflict(node, undefeated, gives)
        single = crisp and (certainly == FALSE or isinstance(parts[0][1], Choices))  # two numbers in conflict are not one
        joined = self.joining.in_conflict_if(self.joining.joined(parts, kind, single), certainly, perhaps)
        return self._limited(node, entity, joined)

    def _given(self, rule: Rule | None, entity: Entity, kind: Type) -> Open:
        if rule is None or rule.value is None:
            return opened(calculus.NOTHING, kind)
        found = self.value(rule.value, entity)
        return opened(found, kind) if isinstance(found, Possible) else found

    def _covered(self, node: Node, entity: Entity, fired: dict[int, Holding]) -> list[Lit]:
        """Groups of rules one of which fires whenever what they compare has a value of its declared range."""
        found = []
        for group in node.exhaustive:
            some = self.circuit.any(fired[index].may for index in group.rules if index in fired)
            if some != FALSE:
                found.append(self.circuit.all([some, *(self._valued(each, entity) for each in group.inputs)]))
        return found

    def _valued(self, expression: Expression, entity: Entity) -> Lit:
        value, circuit = self.open_value(expression, entity), self.circuit
        lits = [-value.no_value, -value.conflict]
        if isinstance(expression.type, Number) and isinstance(value, Range):
            low, high = expression.type.low, expression.type.high
            if low is not None:
                lits.append(circuit.either(-value.there, value.low.at_least(low)))
            if high is not None:
                lits.append(-value.high.more_than(high))
        return circuit.all(lits)

    def _certain_conflict(self, node: Node, fired: dict[int, Holding], undefeated: dict[int, Lit], gives: dict[int, Open]) -> Lit:
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
                        found.append(circuit.both(both, self.joining.disjoint(gives[i], gives[j])))
        return circuit.any(found)

    def _perhaps_conflict(self, node: Node, undefeated: dict[int, Lit], gives: dict[int, Open]) -> Lit:
        circuit = self.circuit
        found = []
        for i in undefeated:
            for j in undefeated:
                if i < j and (i, j) not in node.apart and i not in node.above[j] and j not in node.above[i]:
                    both = circuit.both(undefeated[i], undefeated[j])
                    if both != FALSE:
                        found.append(circuit.both(both, -self.joining.same_and_known(gives[i], gives[j])))
        return circuit.any(found)

    # -- limits -------------------------------------------------------------------------------------------------------

    def _limited(self, node: Node, entity: Entity, found: Open) -> Open:
        kind = node.attribute.type
        acting = [(holding, limit) for rule in node.limits
                  if (holding := self.fires(rule, entity)) != NOT_MET and (limit := self._limit(rule, entity)) is not None]  # fmt: skip
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
        found = self.value(rule.value, entity)
        if not isinstance(found, Possible):
            raise NotExpressible
        return found.value

    def _capped(self, found: Open, limit: Value, kind: Type, acts: Lit) -> Open:
        if isinstance(found, Choices):
            if not isinstance(kind, Scale):
                return found
            above = [v for v in kind.order[kind.order.index(str(limit)) + 1 :] if found.bits.get(v, FALSE) != FALSE]
            if not above:
                return found
            circuit = self.circuit
            lowered = circuit.both(acts, circuit.any(found.bits[v] for v in above))
            bits: dict[Value, Lit] = {**found.bits, **{v: circuit.both(found.bits[v], -acts) for v in above}}
            bits[limit] = circuit.either(bits.get(limit, FALSE), lowered)
            return Choices({v: bits[v] for v in kind.values if v in bits}, found.no_value, found.conflict, found.crisp)
        assert not isinstance(limit, str) and limit is not None
        low = self.numbers.not_above(found.low, limit, acts)
        high = low if found.crisp else self.numbers.not_above(found.high, limit, acts)
        return Range(low, high, found.no_value, found.conflict, found.crisp)

    def _perhaps_capped(self, found: Open, capped: Open, limit: Value, kind: Type, perhaps: Lit) -> Open:
        """A limit that may act adds to what those that act have left."""
        circuit = self.circuit
        if isinstance(found, Choices) and isinstance(capped, Choices):
            if not isinstance(kind, Scale):
                return found
            above = [v for v in kind.order[kind.order.index(str(limit)) + 1 :] if v in capped.bits]
            more = circuit.both(perhaps, circuit.any(capped.bits[v] for v in above))
            bits: dict[Value, Lit] = {**found.bits, limit: circuit.either(found.bits.get(limit, FALSE), more)}
            return Choices({v: bits[v] for v in kind.values if v in bits}, found.no_value, found.conflict, found.crisp and more == FALSE)
        assert isinstance(found, Range) and isinstance(capped, Range) and not isinstance(limit, str) and limit is not None
        low = self.numbers.lowest([found.low, self.numbers.when(self.numbers.not_above(capped.low, limit, TRUE), perhaps)])
        return Range(low, found.high, found.no_value, found.conflict, False)


def _surely(circuit: Circuit, this: Lit, *others: Lit) -> Lit:
    return circuit.all([this, *(-each for each in others)])


def _most(op: str, amount: Range) -> int | None:
    """How far a count has to go for a comparison with a known amount."""
    if len(amount.low.values) == len(amount.high.values) == 1 and isinstance(amount.high.values[0], int):
        return max(0, amount.high.values[0]) + 1
    values = amount.high.values
    return int(values[-1]) + 1 if values and isinstance(values[-1], int) else None


def _is_known(present: Holding) -> bool:
    return present.met in (TRUE, FALSE) and present.may in (TRUE, FALSE)


def _range(value: Open) -> Range:
    assert isinstance(value, Range)
    return value


def _told(value: Open) -> Possible | Open:
    return constant_of(value) or value

