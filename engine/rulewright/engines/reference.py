"""The reference engine: docs/semantics.md as code, naive and complete. Read it beside that page,
section by section.

It keeps the settled attributes of a case and nothing else. The operators on possible values
(sections 2 and 5) are in `calculus`; conditions and rules are here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import (
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
)
from rulewright.ir.operators import counting_operator
from rulewright.ir.program import Node, Program
from rulewright.ir.types import Number, Value

from .calculus import (
    NOTHING,
    aggregate,
    arithmetic,
    cap,
    certain,
    compare,
    compare_intervals,
    compare_numbers,
    disjoint,
    domain,
    joined,
    rounded,
    status_of,
    weighed,
)
from .result import (
    CONFLICT,
    MET,
    NO,
    NOT_MET,
    OUT,
    UNDECIDED,
    YES,
    Answers,
    DecidedValue,
    Interval,
    Outcomes,
    Possible,
    Status,
)


def evaluate(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Answers:
    """The answers to `case` under `program`. `parameters` are their values at the as-at date."""
    return _Reading(program, case, as_at, parameters).answers()


@dataclass
class _Reading:
    program: Program
    case: Case
    as_at: int
    parameters: dict[str, Value]
    decided: dict[tuple[int, str], DecidedValue] = field(default_factory=dict)

    def answers(self) -> Answers:
        for node in self.program.nodes:  # in layers: whatever a rule reads is settled before it
            for entity in self.of_kind(node.key.kind):
                self.decided[entity.index, node.key.attribute] = self.decide(node, entity)
        notices: dict[int, tuple[tuple[str, Status], ...]] = {}
        for kind, rules in self.program.notices.items():
            for entity in self.of_kind(kind):
                fired = [(rule.id, self.fires(rule, entity)) for rule in rules]
                if shown := tuple((id, status) for id, status in fired if status != NOT_MET):
                    notices[entity.index] = shown
        root, waits = self.case.root, [each.once for each in self.program.withdrawals]
        return Answers(
            self.decided,
            notices,
            tuple(self.condition(each, root) for each in self.program.scope),
            tuple(self.condition(each, root) for each in waits if each is not None),
        )

    def of_kind(self, kind: Kind) -> list[Entity]:
        return [each for each in self.case.entities if Kind.of(each) == kind]

    # -- section 1: values

    def fact(self, entity: Entity, name: str) -> Possible:
        """The possible values of a given attribute."""
        attribute = self.program.vocabulary.entities[entity.type].attributes[name]
        if name in entity.facts:
            return certain(entity.facts[name].value, attribute.type)
        if attribute.has_default and name not in entity.unknown:
            return certain(attribute.default, attribute.type)
        return Possible(domain(attribute.type), no_value=attribute.may_have_no_value)

    # -- sections 2 and 3: comparisons

    def ask(self, test: Test, entity: Entity, item: Entity | None) -> Outcomes:
        """What may come of a test: YES it holds, NO it does not, OUT the value lies outside the
        order it compares by.
        """
        if isinstance(test, Compare):
            left = self.value(test.left, entity, item)
            return compare(test, left, [self.value(each, entity, item) for each in test.right])
        if test.noun.given:
            facts = self.reached(test.noun.reach, entity, item).facts
            known = YES if test.noun.attribute in {"name", *facts} else NO
        else:
            possible = self.value(test.noun, entity, item)
            known = YES * (possible.values != ()) | NO * possible.no_value
            known = YES | NO if possible.conflict else known
        return known if test.wanted or known == YES | NO else YES + NO - known

    # -- section 4: joining and quantities

    def condition(self, condition: Condition, entity: Entity) -> Status:
        body = condition.body
        if isinstance(body, Quantified):
            return self.quantified(body, entity)
        if not isinstance(body, Joined):
            return status_of(self.ask(body, entity, None))
        statuses = [self.condition(part, entity) for part in body.parts]
        if body.kind == "all of":
            return min(statuses)
        return max(statuses) if body.kind == "any of" else MET - max(statuses)

    def quantified(self, body: Quantified, entity: Entity) -> Status:
        tally = self.tally(body.collection, body.test, entity)
        if body.kind in ("every", "no"):
            against = NO if body.kind == "every" else YES
            if against in tally:
                return NOT_MET
            return UNDECIDED if any(each & against for each in tally) else MET
        if body.share is not None:
            weights = [weighed(each, body.share) for each in tally]
            total = Interval(sum(map(min, weights)), sum(map(max, weights)))
            return status_of(
                compare_intervals(counting_operator(body.kind), total, [Interval(0, 0)])
            )
        assert body.amount is not None
        op = counting_operator(body.kind)
        amount = self.value(body.amount, entity, None)
        return status_of(compare_numbers(op, [counted(tally), amount]))

    def tally(self, collection: Collection, test: Test | None, entity: Entity) -> list[Outcomes]:
        """For each item what may become of it; without a test, whether it is in."""
        found = []
        for item, present in self.items(collection, entity):
            outcomes = OUT if present < MET else 0
            if present > NOT_MET:
                outcomes |= YES if test is None else self.ask(test, entity, item)
            found.append(outcomes)
        return found

    def items(self, collection: Collection, entity: Entity) -> list[tuple[Entity, Status]]:
        """The items of a collection, and whether each is in."""
        match collection:
            case Below(start, wanted, deep):
                holder = self.reached(start, entity, None)
                below = holder.below(wanted) if deep else holder.children.get(wanted, ())
                return [(each, MET) for each in below]
            case Each(of, wanted):
                items = self.items(of, entity)
                return [(below, s) for i, s in items for below in i.children.get(wanted, ())]
            case Same(of, wanted):
                items = self.items(of, entity)
                return [(i.child(wanted, entity.member), s) for i, s in items]
            case Except(of, members):
                return [(i, s) for i, s in self.items(of, entity) if i.member not in members]
            case Where(of, tests):
                return [
                    (i, min(s, *(status_of(self.ask(test, entity, i)) for test in tests)))
                    for i, s in self.items(of, entity)
                ]
            case Union(parts):
                present: dict[Entity, Status] = {}
                for part in parts:
                    for i, s in self.items(part, entity):
                        present[i] = max(s, present.get(i, NOT_MET))
                return list(present.items())
            case _:
                assert_never(collection)

    # -- section 5: expressions

    def reached(self, reach: Reach, entity: Entity, item: Entity | None) -> Entity:
        here = item if reach.item and item is not None else entity
        here = here.climb(reach.up) if reach.up else here
        for wanted, member in reach.down:
            here = here.child(wanted, member)
        return here

    def value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Possible:
        """The possible values of an expression."""
        match expression:
            case Noun(reach, attribute, _, given):
                holder = self.reached(reach, entity, item)
                if attribute == "name" and given:
                    return Possible((holder.name,))
                if given:
                    return self.fact(holder, attribute)
                return self.decided[holder.index, attribute].possible
            case Literal(value, kind):
                return certain(value, kind)
            case Parameter(name, kind):
                return certain(self.parameters[name], kind)
            case AsAtDate():
                return Possible(Interval(self.as_at, self.as_at))
            case Arithmetic(op, left, right):
                whole = isinstance(right.type, Number) and right.type.whole
                one, other = self.value(left, entity, item), self.value(right, entity, item)
                return arithmetic(op, one, other, whole)
            case Round(rule, of):
                return rounded(rule, self.value(of, entity, item))
            case Count(collection, test):
                return counted(self.tally(collection, test, entity))
            case Aggregate(kind, collection, noun):
                items = [
                    (self.value(noun, entity, i), s)
                    for i, s in self.items(collection, entity)
                    if s > NOT_MET
                ]
                return aggregate(kind, items, noun.type)
            case _:
                assert_never(expression)

    # -- section 6: rules

    def fires(self, rule: Rule, entity: Entity) -> Status:
        return min((self.condition(each, entity) for each in rule.conditions), default=MET)

    def gives(self, rule: Rule, entity: Entity) -> Possible:
        assert rule.value is not None
        return self.value(rule.value, entity)

    def decide(self, node: Node, entity: Entity) -> DecidedValue:
        """The possible values of one derived attribute."""
        at, kind = (entity.index, node.key.attribute), node.attribute.type
        if at in self.case.supplied:
            return DecidedValue(certain(self.case.supplied[at].value, kind), "supplied")
        fired = {i: self.fires(rule, entity) for i, rule in enumerate(node.rules)}
        fired = {i: status for i, status in fired.items() if status != NOT_MET}
        ruled = self.ruled(node, entity, fired)
        judgement = self.case.judged.get(at)
        if judgement is None:
            return _with_deciding(node, fired, ruled)
        value, over = certain(judgement.value, kind), node.over_judgements
        overruled = max((status for i, status in fired.items() if i in over), default=NOT_MET)
        if overruled == NOT_MET:
            judged = ruled._replace(possible=value, origin="judged")
        elif overruled == UNDECIDED:
            judged = ruled._replace(possible=joined([ruled.possible, value], kind))
        else:
            judged = ruled
        judged = judged._replace(ruled=ruled.possible, overruled=overruled)
        return _with_deciding(node, fired, judged)

    def ruled(self, node: Node, entity: Entity, fired: dict[int, Status]) -> DecidedValue:
        """What the rules give. fired: those that fire or may fire."""
        sure = {i for i, status in fired.items() if status == MET}
        given = {i: self.gives(node.rules[i], entity) for i in undefeated(node, fired)}
        parts = list(given.values())
        surely = bool(sure) or any(
            group.rules & fired.keys() and self.valued(group.inputs, entity)
            for group in node.exhaustive
        )
        if not surely:
            parts.append(self.gives(node.otherwise, entity) if node.otherwise else NOTHING)
        never_defeated = {i for i in sure & given.keys() if not node.above[i] & fired.keys()}
        pairs = [(i, j) for i in given for j in given if i < j]
        if any(disjoint(given[i], given[j]) for i, j in pairs if {i, j} <= never_defeated):
            possible = CONFLICT
        else:
            possible = joined(parts, node.attribute.type)
            if any(self.may_conflict(node, i, j, given) for i, j in pairs):
                possible = possible._replace(conflict=True)
        possible, limiting = self.limited(node, entity, possible)
        if node.otherwise and not surely:
            return DecidedValue(possible, "otherwise", (node.otherwise.id,), limiting)
        return DecidedValue(possible, "rules", (), limiting)

    def valued(self, inputs: tuple[Expression, ...], entity: Entity) -> bool:
        """Whether each input surely has a value of its declared range."""
        return all(
            not (possible.no_value or possible.conflict) and _within(possible, each)
            for each in inputs
            for possible in [self.value(each, entity)]
        )

    def may_conflict(self, node: Node, i: int, j: int, given: dict[int, Possible]) -> bool:
        if (i, j) in node.apart or i in node.above[j] or j in node.above[i]:
            return False
        return not (given[i].determined and given[i] == given[j])

    def limited(
        self, node: Node, entity: Entity, possible: Possible
    ) -> tuple[Possible, tuple[str, ...]]:
        """Section 7: limits that act cap every value; limits that may act add what they would
        leave.
        """
        kind, lowering = node.attribute.type, []
        fired = [(rule, self.fires(rule, entity)) for rule in node.limits]
        capped = possible
        for rule, status in fired:
            if status == MET:
                limit = self.gives(rule, entity).value
                lowering += [rule.id] if cap(possible, limit, kind) != possible else []
                capped = cap(capped, limit, kind)
        left = capped
        for rule, status in fired:
            if status == UNDECIDED:
                lower = cap(capped, self.gives(rule, entity).value, kind)
                lowering += [rule.id] if lower != capped else []
                left = joined([left, lower], kind)
        return left, tuple(sorted(lowering))


def undefeated(node: Node, fired: dict[int, Status]) -> list[int]:
    """The rules that fire or may fire, and that none above them defeats."""
    sure = {i for i, status in fired.items() if status == MET}
    return [i for i in fired if not node.above[i] & sure]


def _with_deciding(node: Node, fired: dict[int, Status], value: DecidedValue) -> DecidedValue:
    """Add to `otherwise` the rules that gave the value: those that surely fire, else those that
    may.
    """
    rules = undefeated(node, fired)
    sure = [i for i in rules if fired[i] == MET]
    ids = [node.rules[i].id for i in (sure if sure and value.possible.determined else rules)]
    return value._replace(deciding=tuple(sorted((*value.deciding, *ids))))


def counted(tally: list[Outcomes]) -> Possible:
    """From the certainly counted to the possibly counted."""
    return Possible(Interval(tally.count(YES), sum(1 for each in tally if each & YES)))


def _within(possible: Possible, expression: Expression) -> bool:
    kind = expression.type
    if not isinstance(kind, Number) or not isinstance(possible.values, Interval):
        return True
    low, high = possible.values
    return (kind.low is None or (low is not None and low >= kind.low)) and (
        kind.high is None or (high is not None and high <= kind.high)
    )
