"""The reference engine: docs/semantics.md as code, naive and complete. Read it beside that page, section by section."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import NamedTuple

from rulewright.language.cases import Case, Entity
from rulewright.language.types import FINITE, Number, Scale, Type, Value, Words, add_months
from rulewright.language.vocabulary import Attribute
from rulewright.program.model import Node, Program
from rulewright.program.nodes import (
    Aggregate, Arithmetic, AsAtDate, Below, Collection, Compare, Condition, Count, Each, Except, Expression, Joined, Kind, Known,
    Literal, Noun, Parameter, Quantified, Reach, Round, Rule, Same, Test, Union, Where,
)  # fmt: skip

from .result import (
    MET, NO, NOT_MET, OUT, UNDECIDED, YES, Anything, Finding, Firing, Interval, Outcomes, Possible, Result, Settled, Status, Tally,
)  # fmt: skip

Number_ = int | Fraction
NOTHING = Possible((), no_value=True)
CONFLICT = Possible((), conflict=True)


def evaluate(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Result:
    """The answer to `case` under `program`. `parameters` are their values at the as-at date."""
    return Evaluation(program, case, as_at, parameters).run()


class Item(NamedTuple):
    """An item of a collection, and whether it is in."""

    entity: Entity
    present: Status


class Evaluation:
    """One case under one program."""

    def __init__(self, program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> None:
        self.program, self.case, self.as_at, self.parameters = program, case, as_at, parameters
        self.result = Result()
        self.given: dict[tuple[int, str], Possible] = {}
        self.collections: dict[tuple[int, int], list[Item]] = {}
        self.asked: dict[tuple[int, Possible], Outcomes] = {}

    def run(self) -> Result:
        by_kind: dict[Kind, list[Entity]] = {}
        for entity in self.case.entities:
            by_kind.setdefault(Kind(entity.type, entity.parent_type, entity.member), []).append(entity)
        for node in self.program.nodes:  # in layers: whatever a rule reads is settled before it
            for entity in by_kind.get(node.key.kind, ()):
                self.result.settled[entity.index, node.key.attribute] = self.settle(node, entity)
        for kind, rules in self.program.notices.items():
            for entity in by_kind.get(kind, ()):
                fired = tuple(f for f in (self.fire(rule, entity) for rule in rules) if f is not None)
                if fired:
                    self.result.notices[entity.index] = fired
        root = self.case.root
        self.result.scope = tuple(self.condition(each, root) for each in self.program.scope)
        self.result.withdrawn = tuple(self.condition(each.once, root) for each in self.program.withdrawals if each.once is not None)
        return self.result

    # -- section 1: values --------------------------------------------------------------------------------------------

    def fact(self, entity: Entity, name: str) -> Possible:
        """The possible values of a given attribute."""
        found = self.given.get((entity.index, name))
        if found is None:
            attribute = self.program.vocabulary.entities[entity.type].attributes[name]
            found = self.given[entity.index, name] = self._fact(entity, name, attribute)
        return found

    def _fact(self, entity: Entity, name: str, attribute: Attribute) -> Possible:
        stated = entity.facts.get(name)
        if stated is not None:
            return certain(stated.value, attribute.type)
        if attribute.has_default and name not in entity.unknown:
            return certain(attribute.default, attribute.type)
        return Possible(domain(attribute.type), no_value=attribute.may_have_no_value)

    # -- sections 2 and 3: comparisons --------------------------------------------------------------------------------

    def ask(self, test: Test, entity: Entity, item: Entity | None) -> Outcomes:
        """What may come of a test: YES it holds, NO it does not, OUT the value lies outside the order it compares by."""
        if isinstance(test, Known):
            return self._known(test, entity, item)
        left = self.value(test.left, entity, item)
        fixed = all(isinstance(each, Literal) for each in test.right)
        if fixed and (known := self.asked.get((id(test), left))) is not None:
            return known
        outcomes = compare(test, left, [self.value(each, entity, item) for each in test.right])
        if fixed:
            self.asked[id(test), left] = outcomes
        return outcomes

    def _known(self, test: Known, entity: Entity, item: Entity | None) -> Outcomes:
        noun = test.noun
        if noun.given:
            at = self.reached(noun.reach, entity, item)
            outcomes = YES if noun.attribute in at.facts or noun.attribute == "name" else NO
        else:
            possible = self.value(noun, entity, item)
            has_value, has_none = possible.values != (), possible.no_value
            outcomes = YES | NO if possible.conflict else YES * has_value | NO * has_none
        return outcomes if test.wanted or outcomes == YES | NO else YES + NO - outcomes

    # -- section 4: joining and quantities ----------------------------------------------------------------------------

    def condition(self, condition: Condition, entity: Entity) -> Finding:
        """What becomes of a condition of a rule of `entity`."""
        body = condition.body
        if isinstance(body, Quantified):
            return self._quantified(body, entity)
        if isinstance(body, Joined):
            parts = tuple(self.condition(part, entity) for part in body.parts)
            statuses = [part.status for part in parts]
            status = min(statuses) if body.kind == "all of" else max(statuses)
            return Finding(MET - status if body.kind == "none of" else status, (), parts)
        status = status_of(self.ask(body, entity, None))
        return Finding(status, self._tallies(body, entity))

    def _quantified(self, body: Quantified, entity: Entity) -> Finding:
        tally = self.tally(body.collection, body.test, entity)
        tallies = (tally,) if body.amount is None else (tally, *self._tallies_in(body.amount, entity))
        if body.kind == "every":
            status = MET if not any(each & NO for each in tally) else NOT_MET if NO in tally else UNDECIDED
        elif body.kind == "no":
            status = MET if not any(each & YES for each in tally) else NOT_MET if YES in tally else UNDECIDED
        elif body.share is not None:
            weights = [weighed(each, body.share) for each in tally]
            total = Interval(sum(min(w) for w in weights), sum(max(w) for w in weights))
            status = status_of(compare_intervals(body.kind, total, [Interval(0, 0)]))
        else:
            assert body.amount is not None
            counted = Possible(Interval(tally.count(YES), sum(1 for each in tally if each & YES)))
            test = Compare(body.amount, "is" if body.kind == "exactly" else body.kind, ())
            status = status_of(compare(test, counted, [self.value(body.amount, entity, None)]))
        return Finding(status, tallies)

    def tally(self, collection: Collection, test: Test, entity: Entity) -> Tally:
        """For each item what may become of it."""
        found = []
        for item, present in self.items(collection, entity):
            outcomes = OUT if present == NOT_MET else self.ask(test, entity, item)
            found.append(outcomes | OUT if present == UNDECIDED else outcomes)
        return tuple(found)

    def items(self, collection: Collection, entity: Entity) -> list[Item]:
        """The items of a collection, in the order of the case."""
        found = self.collections.get((id(collection), entity.index))
        if found is None:
            found = self.collections[id(collection), entity.index] = sorted(
                self._items(collection, entity), key=lambda item: item.entity.index
            )
        return found

    def _items(self, collection: Collection, entity: Entity) -> list[Item]:
        match collection:
            case Below(start, wanted, deep):
                holder = self.reached(start, entity, None)
                below = holder.below(wanted) if deep else holder.children.get(wanted, ())
                return [Item(each, MET) for each in below]
            case Each(of, wanted):
                return [Item(c, i.present) for i in self.items(of, entity) for c in i.entity.children.get(wanted, ())]
            case Same(of, wanted):
                return [Item(i.entity.child(wanted, entity.member), i.present) for i in self.items(of, entity)]
            case Except(of, members):
                return [i for i in self.items(of, entity) if i.entity.member not in members]
            case Where(of, tests):
                return [Item(i.entity, min(i.present, *(status_of(self.ask(t, entity, i.entity)) for t in tests)))
                        for i in self.items(of, entity)]  # fmt: skip
            case Union(parts):
                present: dict[Entity, Status] = {}
                for part in parts:
                    for i in self.items(part, entity):
                        present[i.entity] = max(i.present, present.get(i.entity, NOT_MET))
                return [Item(*each) for each in present.items()]

    def _tallies(self, test: Test, entity: Entity) -> tuple[Tally, ...]:
        if isinstance(test, Known):
            return ()
        return tuple(tally for side in (test.left, *test.right) for tally in self._tallies_in(side, entity))

    def _tallies_in(self, expression: Expression, entity: Entity) -> tuple[Tally, ...]:
        """The tallies of the collections in an expression, from left to right."""
        match expression:
            case Arithmetic(_, left, right):
                return self._tallies_in(left, entity) + self._tallies_in(right, entity)
            case Round(_, of):
                return self._tallies_in(of, entity)
            case Count(collection, test) if test is not None:
                return (self.tally(collection, test, entity),)
            case Count(collection) | Aggregate(_, collection):
                return (tuple((OUT, YES | OUT, YES)[i.present] for i in self.items(collection, entity)),)
        return ()

    # -- section 5: expressions ---------------------------------------------------------------------------------------

    def reached(self, reach: Reach, entity: Entity, item: Entity | None) -> Entity:
        here = item if reach.item and item is not None else entity
        if reach.up:
            here = here.climb(reach.up)
        for wanted, member in reach.down:
            here = here.child(wanted, member)
        return here

    def value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Possible:
        """The possible values of an expression."""
        match expression:
            case Noun(reach, attribute, _, given):
                at = self.reached(reach, entity, item)
                if attribute == "name":
                    return Possible((at.name,))
                return self.fact(at, attribute) if given else self.result.settled[at.index, attribute].possible
            case Literal(value, kind):
                return certain(value, kind)
            case Parameter(name, kind):
                return certain(self.parameters[name], kind)
            case AsAtDate():
                return Possible(Interval(self.as_at, self.as_at))
            case Arithmetic(op, left, right):
                whole = isinstance(right.type, Number) and right.type.whole
                return arithmetic(op, self.value(left, entity, item), self.value(right, entity, item), whole)
            case Round(rule, of):
                return rounded(rule, self.value(of, entity, item))
            case Count(collection, test):
                tally = self._tallies_in(expression, entity)[0]
                return Possible(Interval(tally.count(YES), sum(1 for each in tally if each & YES)))
            case Aggregate(kind, collection, noun):
                items = [(self.value(noun, entity, i.entity), i.present) for i in self.items(collection, entity) if i.present]
                return aggregate(kind, items, noun.type)

    # -- section 6: rules ---------------------------------------------------------------------------------------------

    def fire(self, rule: Rule, entity: Entity) -> Firing | None:
        """The rule on this entity, if it fires or may fire."""
        findings = []
        for condition in rule.conditions:
            finding = self.condition(condition, entity)
            if finding.status == NOT_MET:
                return None
            findings.append(finding)
        status = min((each.status for each in findings), default=MET)
        gives = self.value(rule.value, entity) if rule.value is not None and rule.effect in ("value", "otherwise") else None
        return Firing(rule.id, status, tuple(findings), gives)

    def settle(self, node: Node, entity: Entity) -> Settled:
        """The possible values of one derived attribute."""
        at = (entity.index, node.key.attribute)
        if at in self.case.supplied:
            return Settled(certain(self.case.supplied[at].value, node.attribute.type), "supplied")
        settled = self._ruled(node, entity)
        if at in self.case.judged:
            judged = certain(self.case.judged[at].value, node.attribute.type)
            return Settled(judged, "judged", settled.firings, settled.limits, settled.possible)
        return settled

    def _ruled(self, node: Node, entity: Entity) -> Settled:
        firings: dict[int, Firing] = {}
        for index, rule in enumerate(node.rules):
            firing = self.fire(rule, entity)
            if firing is not None:
                firings[index] = firing
        fires = {index for index, firing in firings.items() if firing.status == MET}
        for index in firings:
            if node.above[index] & fires:
                firings[index] = firings[index]._replace(defeated=True)
        undefeated = [index for index, firing in firings.items() if not firing.defeated]
        surely = bool(fires) or any(e.rules & firings.keys() and self._valued(e.inputs, entity) for e in node.exhaustive)
        otherwise = None
        if not surely:
            gives = self.value(node.otherwise.value, entity) if node.otherwise and node.otherwise.value else NOTHING
            if node.otherwise:
                otherwise = Firing(node.otherwise.id, UNDECIDED if undefeated else MET, (), gives)
        if self._certain_conflict(node, firings, undefeated):
            possible = CONFLICT
        else:
            given = [gives_of(firings[index]) for index in undefeated] + ([] if surely else [gives])
            possible = joined(given, node.attribute.type)
            if self._may_conflict(node, firings, undefeated):
                possible = possible._replace(conflict=True)
        possible, limits = self._limited(node, entity, possible)
        shown = tuple(firings.values()) + ((otherwise,) if otherwise else ())
        return Settled(possible, "otherwise" if otherwise else "rules", shown, limits)

    def _valued(self, inputs: tuple[Expression, ...], entity: Entity) -> bool:
        """Whether each input surely has a value of its declared range."""
        for each in inputs:
            possible = self.value(each, entity)
            if possible.no_value or possible.conflict:
                return False
            if isinstance(each.type, Number) and isinstance(possible.values, Interval):
                (low, high), kind = possible.values, each.type
                if (kind.low is not None and (low is None or low < kind.low)) or (
                    kind.high is not None and (high is None or high > kind.high)
                ):
                    return False
        return True

    def _certain_conflict(self, node: Node, firings: dict[int, Firing], undefeated: list[int]) -> bool:
        sure = [i for i in undefeated if firings[i].status == MET and not node.above[i] & firings.keys()]
        return any(disjoint(gives_of(firings[i]), gives_of(firings[j])) for i in sure for j in sure if i < j)

    def _may_conflict(self, node: Node, firings: dict[int, Firing], undefeated: list[int]) -> bool:
        for i in undefeated:
            for j in undefeated:
                if i < j and (i, j) not in node.apart and i not in node.above[j] and j not in node.above[i]:
                    one, other = gives_of(firings[i]), gives_of(firings[j])
                    if not (one.determined and one == other):
                        return True
        return False

    def _limited(self, node: Node, entity: Entity, possible: Possible) -> tuple[Possible, tuple[Firing, ...]]:
        fired = [(firing, rule.value) for rule in node.limits if rule.value and (firing := self.fire(rule, entity))]
        limits, kind, capped = [], node.attribute.type, possible
        for firing, limit in fired:
            if firing.status == MET:
                lower = cap(possible, self.value(limit, entity).value, kind)
                limits.append(firing._replace(lowers=lower != possible))
                capped = cap(capped, self.value(limit, entity).value, kind)
        result = capped
        for firing, limit in fired:
            if firing.status == UNDECIDED:  # a limit that may act adds to what those that act have left
                lower = cap(capped, self.value(limit, entity).value, kind)
                limits.append(firing._replace(lowers=lower != capped))
                result = joined([result, lower], kind)
        return result, tuple(sorted(limits, key=lambda each: each.rule))


def gives_of(firing: Firing) -> Possible:
    assert firing.gives is not None
    return firing.gives


# -- possible values --------------------------------------------------------------------------------------------------


def certain(value: Value, kind: Type | None) -> Possible:
    """One value, known."""
    if value is None:
        return NOTHING
    if isinstance(kind, FINITE + (Words,)):
        return Possible((value,))
    assert isinstance(value, int | Fraction)
    return Possible(Interval(value, value))


def domain(kind: Type) -> tuple[Value, ...] | Interval | Anything:
    """All values of a type."""
    if isinstance(kind, FINITE):
        return kind.values
    if isinstance(kind, Words):
        return Anything()
    return Interval(kind.low, kind.high) if isinstance(kind, Number) else Interval(None, None)


def joined(parts: list[Possible], kind: Type) -> Possible:
    """What is possible in any of the parts."""
    valued = [each.values for each in parts if each.values != ()]
    values: tuple[Value, ...] | Interval | Anything
    if isinstance(kind, FINITE):
        values = tuple(v for v in kind.values if any(v in each for each in valued))
    elif isinstance(kind, Words):
        values = valued[0] if len(set(valued)) == 1 else Anything() if valued else ()
    elif valued:
        lows, highs = [v.low for v in valued], [v.high for v in valued]  # type: ignore[union-attr]
        values = Interval(None if None in lows else min(lows), None if None in highs else max(highs))
    else:
        values = ()
    return Possible(values, any(each.no_value for each in parts), any(each.conflict for each in parts))


def disjoint(one: Possible, other: Possible) -> bool:
    """Whether two rules certainly disagree."""
    if (one.no_value and other.no_value) or (one.conflict and other.conflict):
        return False
    if one.values == () or other.values == ():
        return True
    if isinstance(one.values, Interval) and isinstance(other.values, Interval):
        return not compare_intervals("is", one.values, [other.values]) & YES
    if isinstance(one.values, Anything) or isinstance(other.values, Anything):
        return False
    return not set(one.values) & set(other.values)


def cap(possible: Possible, limit: Value, kind: Type) -> Possible:
    """Every value above the limit becomes the limit; values outside the order stay."""
    values = possible.values
    if isinstance(kind, Scale) and isinstance(values, tuple):
        rank = kind.order.index(str(limit))
        lowered = {limit if v in kind.order[rank:] else v for v in values}
        return possible._replace(values=tuple(v for v in kind.values if v in lowered))
    if isinstance(values, Interval):
        assert isinstance(limit, int | Fraction)
        low, high = values
        return possible._replace(values=Interval(None if low is None else min(low, limit), limit if high is None else min(high, limit)))
    return possible


# -- comparing --------------------------------------------------------------------------------------------------------


def status_of(outcomes: Outcomes) -> Status:
    """Met when nothing but YES may come of it, not met when no YES may."""
    return MET if outcomes == YES else UNDECIDED if outcomes & YES else NOT_MET


def weighed(outcomes: Outcomes, share: Fraction) -> list[Number_]:
    """The weights an item may have in `at least SHARE of`."""
    return [weight for bit, weight in ((OUT, Fraction(0)), (YES, 1 - share), (NO, -share)) if outcomes & bit]


def compare(test: Compare, left: Possible, right: list[Possible]) -> Outcomes:
    """What may come of `left op right`, over all combinations of possible values."""
    sides = [left, *right]
    outcomes = YES | NO | OUT * test.skips_outside if any(each.conflict for each in sides) else 0
    kind = test.left.type
    if not isinstance(kind, FINITE + (Words,)):
        if any(each.no_value for each in sides):
            outcomes |= NO
        if all(each.values != () for each in sides):
            outcomes |= compare_intervals(test.op, left.values, [each.values for each in right])  # type: ignore[arg-type]
        return outcomes
    if any(isinstance(each.values, Anything) for each in sides):
        outcomes |= YES | NO if all(each.values != () for each in sides) else 0
        return outcomes | (NO if any(each.no_value for each in sides) else 0)
    options = [[*each.values, *([None] if each.no_value else [])] for each in sides]
    for value, *others in product(*options):
        if test.skips_outside and isinstance(kind, Scale) and value in kind.outside:
            outcomes |= OUT
        else:
            outcomes |= YES if holds(test.op, kind, value, others) else NO
    return outcomes


def holds(op: str, kind: Type, value: Value, others: list[Value]) -> bool:
    """Whether one value compares so with others."""
    if value is None or (None in others):
        return False
    match op:
        case "is" | "one of":
            return value in others
        case "is not" | "not one of":
            return value not in others
    assert isinstance(kind, Scale)
    if value not in kind.order or any(each not in kind.order for each in others):
        return False
    rank, ends = kind.order.index(str(value)), [kind.order.index(str(each)) for each in others]
    return bool(compare_intervals(op, Interval(rank, rank), [Interval(e, e) for e in ends]) & YES)


def compare_intervals(op: str, left: Interval, right: list[Interval]) -> Outcomes:
    """What may come of comparing any number of one interval with any of others."""
    (a, b), (c, d) = left, right[0]
    match op:
        case "at least":
            yes, no = reaches(b, c), below(a, d)
        case "less than":
            yes, no = below(a, d), reaches(b, c)
        case "more than":
            yes, no = below(c, b), reaches(d, a)
        case "at most":
            yes, no = reaches(d, a), below(c, b)
        case "between":
            top = right[1]
            yes = reaches(b, c) and reaches(top.high, a) and reaches(top.high, c)
            no = below(a, d) or below(top.low, b)
        case "within":
            low, high = right[1]
            months = c if isinstance(c, int) else 0
            first, last = later(a, months), later(b, months)
            yes = reaches(high, a) and reaches(last, low)
            no = below(low, b) or below(first, high)
        case "one of" | "not one of":
            yes = any(compare_intervals("is", left, [each]) & YES for each in right)
            no = not (a is not None and a == b and Interval(a, b) in right)
        case _:  # is, is not
            yes = reaches(b, c) and reaches(d, a)
            no = not (a is not None and a == b == c == d)
    if op in ("is not", "not one of"):
        yes, no = no, yes
    return YES * yes | NO * no


def reaches(high: Number_ | None, low: Number_ | None) -> bool:
    """Whether something up to `high` can be at least something from `low` on."""
    return high is None or low is None or high >= low


def below(low: Number_ | None, high: Number_ | None) -> bool:
    """Whether something from `low` on can be less than something up to `high`."""
    return low is None or high is None or low < high


def later(day: Number_ | None, months: int) -> int | None:
    return None if day is None else add_months(int(day), months)


# -- arithmetic -------------------------------------------------------------------------------------------------------


def arithmetic(op: str, left: Possible, right: Possible, whole: bool) -> Possible:
    """Exact arithmetic over all combinations; `whole`: the right side holds whole numbers only."""
    conflict = left.conflict or right.conflict
    calm = all(each.values != () or each.no_value for each in (left, right))  # both may be free of conflict
    none = calm and (left.no_value or right.no_value)
    if not isinstance(left.values, Interval) or not isinstance(right.values, Interval):
        return Possible((), none, conflict)
    (a, b), (c, d) = left.values, right.values
    if op == "+":
        return Possible(Interval(plus(a, c), plus(b, d)), none, conflict)
    if op == "-":
        return Possible(Interval(plus(a, minus(d)), plus(b, minus(c))), none, conflict)
    if op == "*":
        return Possible(times(left.values, right.values), none, conflict)
    if (c is not None and c > 0) or (d is not None and d < 0):
        return Possible(times(left.values, reciprocal(right.values)), none, conflict)
    if c == d == 0:
        return Possible((), True, conflict)
    if not whole:
        return Possible(Interval(None, None), True, conflict)
    sides = [Interval(c, -1)] * (c is None or c < 0) + [Interval(1, d)] * (d is None or d > 0)
    quotients = [Possible(times(left.values, reciprocal(side))) for side in sides]
    return joined(quotients, Number(False))._replace(no_value=True, conflict=conflict)


def plus(one: Number_ | None, other: Number_ | None) -> Number_ | None:
    return None if one is None or other is None else one + other


def minus(one: Number_ | None) -> Number_ | None:
    return None if one is None else -one


INFINITE = (-1, 1)  # how an end without a number counts: its sign


def times(one: Interval, other: Interval) -> Interval:
    """The interval of all products: from the four products of ends, where zero times an open end is zero."""
    ends = []
    for x, x_sign in ((one.low, -1), (one.high, 1)):
        for y, y_sign in ((other.low, -1), (other.high, 1)):
            if x == 0 or y == 0:
                ends.append((0, Fraction(0)))
            elif x is None or y is None:
                positive = (x_sign if x is None else x) * (y_sign if y is None else y) > 0
                ends.append((1 if positive else -1, Fraction(0)))
            else:
                ends.append((0, Fraction(x) * y))
    low, high = min(ends), max(ends)
    return Interval(None if low[0] else low[1], None if high[0] else high[1])


def reciprocal(divisor: Interval) -> Interval:
    """One over each number of an interval without zero."""
    low, high = divisor
    return Interval(Fraction(0) if high is None else 1 / Fraction(high), Fraction(0) if low is None else 1 / Fraction(low))


def rounded(rule: str, possible: Possible) -> Possible:
    """Rounding keeps order, so the ends decide."""
    if not isinstance(possible.values, Interval):
        return possible
    return possible._replace(values=Interval(*(None if each is None else round_to_whole(rule, each) for each in possible.values)))


def round_to_whole(rule: str, number: Number_) -> int:
    """`half up` and `half even` to the nearest; `up` and `down` to the next greater or smaller whole number."""
    floor = number // 1
    match rule:
        case "down":
            return int(floor)
        case "up":
            return int(-(-number // 1))
        case "half up":
            return int((number + Fraction(1, 2)) // 1)
    return round(Fraction(number))


def aggregate(kind: str, items: list[tuple[Possible, Status]], of: Type) -> Possible:
    """The sum, average, lowest or highest of items that are present or may be."""
    conflict = any(each.conflict for each, _ in items)
    surely_none = any(each == NOTHING for each, present in items if present == MET)
    if kind in ("sum", "average"):
        calm = all(each.values != () or each.no_value or present == UNDECIDED for each, present in items)
        none = calm and any(each.no_value for each, _ in items)
        numbers = [(each.values, present) for each, present in items if isinstance(each.values, Interval)]
        possible = not surely_none and all(each.values != () or present == UNDECIDED for each, present in items)
        if kind == "sum":
            total = Interval(0, 0)
            for (low, high), present in numbers:
                low = low if present == MET or low is None else min(0, low)
                high = high if present == MET or high is None else max(0, high)
                total = Interval(plus(total.low, low), plus(total.high, high))
            return Possible(total if possible else (), none, conflict)
        none = none or all(present == UNDECIDED for _, present in items)
        lowest, highest = least_average(numbers, 1), least_average(numbers, -1)
        return Possible(Interval(lowest, minus(highest)) if possible and numbers else (), none, conflict)
    if any(each == CONFLICT for each, present in items if present == MET):
        return CONFLICT
    return extreme(kind, items, of)._replace(conflict=conflict)


def least_average(numbers: list[tuple[Interval, Status]], sign: int) -> Number_ | None:
    """The least possible average (with sign −1: of the negated numbers); an open end makes it open."""
    ends = [(each.low if sign == 1 else minus(each.high), present) for each, present in numbers]
    if any(end is None for end, _ in ends):
        return None
    chosen = [Fraction(end) for end, present in ends if end is not None and present == MET]
    for end in sorted(Fraction(end) for end, present in ends if end is not None and present == UNDECIDED):
        if not chosen or end < sum(chosen) / len(chosen):
            chosen.append(end)
    return sum(chosen) / len(chosen) if chosen else None


def extreme(kind: str, items: list[tuple[Possible, Status]], of: Type) -> Possible:
    """The lowest or highest of what is present and lies in the order."""
    if isinstance(of, Scale):
        order = of.order if kind == "lowest" else of.order[::-1]
        ranks = [([order.index(str(v)) for v in each.values if v in order],
                  present == UNDECIDED or each.no_value or any(v in of.outside for v in each.values) or each.conflict)
                 for each, present in items]  # type: ignore[union-attr]  # fmt: skip
        found = [order[r] for r in range(len(order))
                 if any(r in own and all(skip or max(other, default=-1) >= r for k, (other, skip) in enumerate(ranks) if k != i)
                        for i, (own, _) in enumerate(ranks))]  # fmt: skip
        return Possible(tuple(v for v in of.values if v in found), all(skip for _, skip in ranks))
    numbers = [(each.values, present == MET and not each.no_value and not each.conflict)
               for each, present in items if isinstance(each.values, Interval)]  # fmt: skip
    none = not any(sure for _, sure in numbers)
    if not numbers:
        return Possible((), none)
    bound = [values for values, sure in numbers if sure] or [values for values, _ in numbers]
    if kind == "lowest":
        lows = [low for (low, _), _ in numbers]
        highs = [high for _, high in bound if high is not None]
        pick = min(highs, default=None) if any(sure for _, sure in numbers) else _most([high for _, high in bound])
        return Possible(Interval(None if None in lows else min(lows), pick), none)  # type: ignore[type-var]
    highs = [high for (_, high), _ in numbers]  # type: ignore[misc]
    lows = [low for low, _ in bound if low is not None]
    pick = max(lows, default=None) if any(sure for _, sure in numbers) else minus(_most([minus(low) for low, _ in bound]))
    return Possible(Interval(pick, None if None in highs else max(highs)), none)  # type: ignore[type-var]


def _most(ends: list[Number_ | None]) -> Number_ | None:
    return None if None in ends else max(each for each in ends if each is not None)
