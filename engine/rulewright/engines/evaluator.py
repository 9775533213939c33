"""The evaluator: answers a case with the trail that explanations need, and remembers what it worked
out for one rule where another asks for the same.

`reference` states the same meaning without the trail and the memory. Sections are those of
docs/semantics.md.
"""

from __future__ import annotations

from typing import NamedTuple

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
    Finding,
    Firing,
    Interval,
    Outcomes,
    Possible,
    Settled,
    Status,
    Tally,
    Trace,
)


def evaluate(program: Program, case: Case, as_at: int, parameters: dict[str, Value]) -> Trace:
    """The trace of `case` under `program`. `parameters` are their values at the as-at date."""
    return Evaluation(program, case, as_at, parameters).run()


class Item(NamedTuple):
    """An item of a collection, and whether it is in."""

    entity: Entity
    present: Status


class Evaluation:
    """One case under one program."""

    def __init__(
        self, program: Program, case: Case, as_at: int, parameters: dict[str, Value]
    ) -> None:
        self.program, self.case, self.as_at, self.parameters = program, case, as_at, parameters
        self.result = Trace()
        self.collections: dict[tuple[int, int], list[Item]] = {}
        self.asked: dict[tuple[int, Possible], Outcomes] = {}
        self.unstated: dict[tuple[str, str], Possible] = {}
        self.found: dict[tuple[int, int], Finding] = {}
        self.tallies: dict[tuple[int, int, int], Tally] = {}
        self.columns: dict[tuple[int, int], list[Possible]] = {}

    def run(self) -> Trace:
        by_kind: dict[Kind, list[Entity]] = {}
        for entity in self.case.entities:
            by_kind.setdefault(Kind.of(entity), []).append(entity)
        for node in self.program.nodes:  # in layers: whatever a rule reads is settled before it
            for entity in by_kind.get(node.key.kind, ()):
                self.result.settled[entity.index, node.key.attribute] = self.settle(node, entity)
        for kind, rules in self.program.notices.items():
            for entity in by_kind.get(kind, ()):
                fired = tuple(
                    f for f in (self.fire(rule, entity) for rule in rules) if f is not None
                )
                if fired:
                    self.result.notices[entity.index] = fired
        root = self.case.root
        self.result.scope = tuple(self.condition(each, root) for each in self.program.scope)
        self.result.withdrawn = tuple(
            self.condition(each.once, root)
            for each in self.program.withdrawals
            if each.once is not None
        )
        return self.result

    # -- section 1: values

    def fact(self, entity: Entity, name: str) -> Possible:
        """The possible values of a given attribute."""
        stated = entity.facts.get(name)
        if stated is None and name not in entity.unknown:
            usual = self.unstated.get((entity.type, name))
            if usual is not None:
                return usual
        attribute = self.program.vocabulary.entities[entity.type].attributes[name]
        if stated is not None:
            return certain(stated.value, attribute.type)
        if attribute.has_default and name not in entity.unknown:
            usual = certain(attribute.default, attribute.type)
        else:
            usual = Possible(domain(attribute.type), no_value=attribute.may_have_no_value)
        if name not in entity.unknown:
            self.unstated[entity.type, name] = usual
        return usual

    # -- sections 2 and 3: comparisons

    def ask(self, test: Test, entity: Entity, item: Entity | None) -> Outcomes:
        """What may come of a test: YES it holds, NO it does not, OUT the value lies outside the
        order it compares by.
        """
        if isinstance(test, Known):
            return self._known(test, entity, item)
        left = self.value(test.left, entity, item)
        if not test.fixed:
            return compare(test, left, [self.value(each, entity, item) for each in test.right])
        return self.asked.get((id(test), left)) or self._ask_fixed(test, left)

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

    # -- section 4: joining and quantities

    def condition(self, condition: Condition, entity: Entity) -> Finding:
        """What becomes of a condition of a rule of `entity`."""
        body = condition.body
        if isinstance(body, Known) or (isinstance(body, Compare) and body.plain):
            return SIMPLE[status_of(self.ask(body, entity, None))]
        at = (id(body), entity.index)  # several rules ask the same: what was found once is kept
        found = self.found.get(at)
        if found is None:
            found = self.found[at] = self._condition(body, entity)
        return found

    def _condition(self, body: Compare | Quantified | Joined, entity: Entity) -> Finding:
        if isinstance(body, Quantified):
            return self._quantified(body, entity)
        if isinstance(body, Joined):
            parts = tuple(self.condition(part, entity) for part in body.parts)
            statuses = [part.status for part in parts]
            status = min(statuses) if body.kind == "all of" else max(statuses)
            return Finding(MET - status if body.kind == "none of" else status, (), parts)
        return Finding(status_of(self.ask(body, entity, None)), self._tallies(body, entity))

    def _quantified(self, body: Quantified, entity: Entity) -> Finding:
        tally = self.tally(body.collection, body.test, entity)
        tallies = (
            (tally,) if body.amount is None else (tally, *self._tallies_in(body.amount, entity))
        )
        if body.kind == "every":
            status = (
                MET
                if not any(each & NO for each in tally)
                else NOT_MET
                if NO in tally
                else UNDECIDED
            )
        elif body.kind == "no":
            status = (
                MET
                if not any(each & YES for each in tally)
                else NOT_MET
                if YES in tally
                else UNDECIDED
            )
        elif body.share is not None:
            weights = [weighed(each, body.share) for each in tally]
            total = Interval(sum(min(w) for w in weights), sum(max(w) for w in weights))
            status = status_of(
                compare_intervals(counting_operator(body.kind), total, [Interval(0, 0)])
            )
        else:
            assert body.amount is not None
            op = counting_operator(body.kind)
            status = status_of(
                compare_numbers(op, [number_counted(tally), self.value(body.amount, entity, None)])
            )
        return Finding(status, tallies)

    def tally(self, collection: Collection, test: Test | None, entity: Entity) -> Tally:
        """For each item what may become of it; without a test, whether it is in."""
        at = (id(collection), id(test), entity.index)
        found = self.tallies.get(at)
        if found is None:
            items = self.items(collection, entity)
            if isinstance(test, Compare) and test.plain:
                answers = self._asked_of(test, items, entity)
            else:
                answers = [
                    YES
                    if test is None
                    else self.ask(test, entity, each.entity)
                    if each.present
                    else OUT
                    for each in items
                ]
            found = self.tallies[at] = tuple(
                answer
                if each.present == MET
                else answer | OUT
                if each.present == UNDECIDED
                else OUT
                for each, answer in zip(items, answers, strict=True)
            )
        return found

    def _asked_of(self, test: Compare, items: list[Item], entity: Entity) -> list[Outcomes]:
        """A plain test of every item; the values of the items are looked up once for all tests of
        them.
        """
        at = (id(items), id(test.left))
        column = self.columns.get(at)
        if column is None:
            column = self.columns[at] = [
                self.value(test.left, entity, each.entity) for each in items
            ]
        asked, name = self.asked, id(test)
        return [asked.get((name, left)) or self._ask_fixed(test, left) for left in column]

    def _ask_fixed(self, test: Compare, left: Possible) -> Outcomes:
        found = self.asked[id(test), left] = compare(
            test, left, [certain_literal(each) for each in test.right]
        )
        return found

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
                return [
                    Item(c, i.present)
                    for i in self.items(of, entity)
                    for c in i.entity.children.get(wanted, ())
                ]
            case Same(of, wanted):
                return [
                    Item(i.entity.child(wanted, entity.member), i.present)
                    for i in self.items(of, entity)
                ]
            case Except(of, members):
                return [i for i in self.items(of, entity) if i.entity.member not in members]
            case Where(of, tests):
                return [
                    Item(
                        i.entity,
                        min(i.present, *(status_of(self.ask(t, entity, i.entity)) for t in tests)),
                    )
                    for i in self.items(of, entity)
                ]
            case Union(parts):
                present: dict[Entity, Status] = {}
                for part in parts:
                    for i in self.items(part, entity):
                        present[i.entity] = max(i.present, present.get(i.entity, NOT_MET))
                return [Item(*each) for each in present.items()]

    def _tallies(self, test: Compare, entity: Entity) -> tuple[Tally, ...]:
        return tuple(
            tally for side in (test.left, *test.right) for tally in self._tallies_in(side, entity)
        )

    def _tallies_in(self, expression: Expression, entity: Entity) -> tuple[Tally, ...]:
        """The tallies of the collections in an expression, from left to right."""
        match expression:
            case Noun() | Literal():
                return ()
            case Arithmetic(_, left, right):
                return self._tallies_in(left, entity) + self._tallies_in(right, entity)
            case Round(_, of):
                return self._tallies_in(of, entity)
            case Count(collection, test):
                return (self.tally(collection, test, entity),)
            case Aggregate(_, collection):
                return (self.tally(collection, None, entity),)
        return ()

    # -- section 5: expressions

    def reached(self, reach: Reach, entity: Entity, item: Entity | None) -> Entity:
        here = item if reach.item and item is not None else entity
        if reach.up:
            here = here.climb(reach.up)
        for wanted, member in reach.down:
            here = here.child(wanted, member)
        return here

    def value(self, expression: Expression, entity: Entity, item: Entity | None = None) -> Possible:
        """The possible values of an expression."""
        if type(expression) is Noun:  # first, because nearly all are
            reach, attribute = expression.reach, expression.attribute
            at = item if reach.item and item is not None else entity
            if reach.up or reach.down:
                at = self.reached(reach, entity, item)
            if not expression.given:
                return self.result.settled[at.index, attribute].possible
            return self.fact(at, attribute) if attribute != "name" else Possible((at.name,))
        match expression:
            case Literal(value, kind):
                return certain(value, kind)
            case Parameter(name, kind):
                return certain(self.parameters[name], kind)
            case AsAtDate():
                return Possible(Interval(self.as_at, self.as_at))
            case Arithmetic(op, left, right):
                whole = isinstance(right.type, Number) and right.type.whole
                return arithmetic(
                    op, self.value(left, entity, item), self.value(right, entity, item), whole
                )
            case Round(rule, of):
                return rounded(rule, self.value(of, entity, item))
            case Count(collection, test):
                tally = self.tally(collection, test, entity)
                return number_counted(tally)
            case Aggregate(kind, collection, noun):
                items = [
                    (self.value(noun, entity, i.entity), i.present)
                    for i in self.items(collection, entity)
                    if i.present
                ]
                return aggregate(kind, items, noun.type)
        raise AssertionError(expression)

    # -- section 6: rules

    def fire(self, rule: Rule, entity: Entity) -> Firing | None:
        """The rule on this entity, if it fires or may fire."""
        findings = []
        for condition in rule.conditions:
            finding = self.condition(condition, entity)
            if finding.status == NOT_MET:
                return None
            findings.append(finding)
        status = MET if all(each.status == MET for each in findings) else UNDECIDED
        gives = (
            self.value(rule.value, entity)
            if rule.value is not None and rule.effect in ("value", "otherwise")
            else None
        )
        return Firing(rule.id, status, tuple(findings), gives)

    def settle(self, node: Node, entity: Entity) -> Settled:
        """The possible values of one derived attribute."""
        at = (entity.index, node.key.attribute)
        if at in self.case.supplied:
            return Settled(certain(self.case.supplied[at].value, node.attribute.type), "supplied")
        settled = self._ruled(node, entity)
        judgement = self.case.judged.get(at)
        return (
            settled
            if judgement is None
            else judged(node, settled, certain(judgement.value, node.attribute.type))
        )

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
        surely = bool(fires) or any(
            e.rules & firings.keys() and self._valued(e.inputs, entity) for e in node.exhaustive
        )
        otherwise = None
        if not surely:
            gives = (
                self.value(node.otherwise.value, entity)
                if node.otherwise and node.otherwise.value
                else NOTHING
            )
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

    def _certain_conflict(
        self, node: Node, firings: dict[int, Firing], undefeated: list[int]
    ) -> bool:
        if len(undefeated) < 2:
            return False
        sure = [
            i for i in undefeated if firings[i].status == MET and not node.above[i] & firings.keys()
        ]
        return any(
            disjoint(gives_of(firings[i]), gives_of(firings[j]))
            for i in sure
            for j in sure
            if i < j
        )

    def _may_conflict(self, node: Node, firings: dict[int, Firing], undefeated: list[int]) -> bool:
        for i in undefeated:
            for j in undefeated:
                if (
                    i < j
                    and (i, j) not in node.apart
                    and i not in node.above[j]
                    and j not in node.above[i]
                ):
                    one, other = gives_of(firings[i]), gives_of(firings[j])
                    if not (one.determined and one == other):
                        return True
        return False

    def _limited(
        self, node: Node, entity: Entity, possible: Possible
    ) -> tuple[Possible, tuple[Firing, ...]]:
        if not node.limits:
            return possible, ()
        fired = [
            (firing, rule.value)
            for rule in node.limits
            if rule.value and (firing := self.fire(rule, entity))
        ]
        limits, kind, capped = [], node.attribute.type, possible
        for firing, limit in fired:
            if firing.status == MET:
                lower = cap(possible, self.value(limit, entity).value, kind)
                limits.append(firing._replace(lowers=lower != possible))
                capped = cap(capped, self.value(limit, entity).value, kind)
        result = capped
        for firing, limit in fired:
            if (
                firing.status == UNDECIDED
            ):  # a limit that may act adds to what those that act have left
                lower = cap(capped, self.value(limit, entity).value, kind)
                limits.append(firing._replace(lowers=lower != capped))
                result = joined([result, lower], kind)
        return result, tuple(sorted(limits, key=lambda each: each.rule))


def judged(node: Node, ruled: Settled, value: Possible) -> Settled:
    """An attribute with a judgement on it. `ruled`: what the rules gave."""
    over = {node.rules[index].id for index in node.over_judgements}
    overruled = max(
        (firing.status for firing in ruled.firings if firing.rule in over), default=NOT_MET
    )
    if overruled == NOT_MET:
        return Settled(value, "judged", ruled.firings, ruled.limits, ruled.possible)
    possible = (
        ruled.possible if overruled == MET else joined([ruled.possible, value], node.attribute.type)
    )
    return ruled._replace(possible=possible, ruled=ruled.possible, overruled=overruled)


def number_counted(tally: Tally) -> Possible:
    """From the certainly counted to the possibly counted."""
    surely = tally.count(YES)
    return Possible(
        Interval(surely, surely + sum(1 for each in tally if each & YES and each != YES))
    )


def certain_literal(written: Expression) -> Possible:
    """The value of something written out in the rule."""
    assert isinstance(written, Literal)
    return certain(written.value, written.type)


SIMPLE = tuple(Finding(status) for status in (NOT_MET, UNDECIDED, MET))


def gives_of(firing: Firing) -> Possible:
    assert firing.gives is not None
    return firing.gives
