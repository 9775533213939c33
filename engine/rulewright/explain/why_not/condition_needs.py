"""What conditions need in order to hold or to fail, worked out from how they stand in one case."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from rulewright.decision.tracer import Trail, asked_of, reached, reached_item
from rulewright.engines.calculus import compare_intervals, status_of, weighed
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET, NO, NOT_MET, OUT, YES, Interval, Outcomes
from rulewright.explain.distance import needed_words, sides_of
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import (
    Aggregate,
    AsAtDate,
    Collection,
    Compare,
    Condition,
    Count,
    Expression,
    Joined,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Rule,
    Test,
    Where,
)
from rulewright.ir.operators import OPERATORS, counting_operator
from rulewright.ir.phrases import needed, not_needed
from rulewright.ir.traversal import find, walk
from rulewright.ir.types import Scale
from rulewright.ir.value_sets import whole_numbers

from .candidates import Wanted, wanted_by
from .needs import Need, NeededAttribute, Some, UnnamedNeed, all_of, one_of


class NeedsOfConditions:
    """What conditions need in one case, as an evaluation of it stands."""

    def __init__(self, evaluation: Evaluation, trail: Trail) -> None:
        self.evaluation, self.trail = evaluation, trail

    def to_fire(self, rule: Rule, entity: Entity) -> Need | None:
        """For all conditions of a rule to hold."""
        return all_of(self.of(each, entity, True) for each in rule.conditions)

    def to_fail(self, rule: Rule, entity: Entity) -> Need | None:
        """For a rule that fires or may fire not to."""
        found = one_of(self.of(each, entity, False) for each in rule.conditions)
        return (
            found
            if found is not None
            else UnnamedNeed(f"{rule.id} does not fire", never=not rule.conditions)
        )

    def of(self, condition: Condition, entity: Entity, holds: bool) -> Need | None:
        """For a condition to hold, or to fail; `None` where it does."""
        if self.evaluation.condition(condition, entity).status == (MET if holds else NOT_MET):
            return None
        body = condition.body
        words = condition.text if holds else f"not: {condition.text}"
        if isinstance(body, Joined):
            part_holds = holds if body.kind != "none of" else not holds
            parts = (self.of(each, entity, part_holds) for each in body.parts)
            every = holds == (body.kind in ("all of", "none of"))
            return all_of(parts) if every else one_of(parts)
        if isinstance(body, Quantified):
            return self._of_quantity(body, entity, holds, words)
        if (
            isinstance(body, Compare)
            and isinstance(body.left, Count)
            and body.left.test is not None
        ):
            kind = {"is": "exactly"}.get(body.op, body.op)
            if kind in ("exactly", "at least", "at most", "more than", "less than"):
                return self._of_number(
                    kind, body.left.collection, body.left.test, body.right[0], entity, holds, words
                )
        if isinstance(body, Known) or isinstance(body.left, Noun):
            noun = body.noun if isinstance(body, Known) else body.left
            assert isinstance(noun, Noun)
            wanted = self._wanted(body, entity, YES if holds else NO | OUT)
            if wanted is not None:
                return self._leaf(noun, reached(noun.reach, entity), wanted, body, words)
        return UnnamedNeed(
            words, never=not any(isinstance(each, Noun | Count | Aggregate) for each in walk(body))
        )

    # -- one attribute

    def _leaf(self, noun: Noun, holder: Entity, wanted: Wanted, test: Test, words: str) -> Need:
        declared = self.trail.entities[holder.type].attributes.get(noun.attribute)
        if declared is None or declared.hidden:
            return UnnamedNeed(words)
        if declared.given and not isinstance(test, Known) and not declared.may_have_no_value:
            wanted = wanted.stated()
        fixed = isinstance(test, Known) or all(
            isinstance(each, Literal | Parameter | AsAtDate) for each in test.right
        )
        return NeededAttribute(
            holder, noun.attribute, noun.type, wanted, "" if fixed else " as things are"
        )

    def _wanted(self, test: Test, entity: Entity, outcomes: Outcomes) -> Wanted | None:
        """The values with which a test comes out as one of `outcomes`."""
        if isinstance(test, Known):
            return wanted_by(test, [], "", outcomes)
        if any(isinstance(each, Noun) and each.reach.item for each in test.right):
            return None
        right = [self.evaluation.value(each, entity) for each in test.right]
        say = needed if outcomes == YES else not_needed
        words = say(test.op, test.left.type, sides_of(test, entity, self.evaluation, self.trail))
        return wanted_by(test, right, words, outcomes)

    # -- how many

    def _of_quantity(self, body: Quantified, entity: Entity, holds: bool, words: str) -> Need:
        if body.kind in ("every", "no"):
            outcomes = YES | OUT if body.kind == "every" else NO | OUT
            items = self._items(
                body.collection,
                body.test,
                entity,
                outcomes if holds else (YES | NO | OUT) & ~outcomes,
                words,
            )
            given = SAME_ITEMS if _filters(body.collection) else ""
            needs = [
                replace(each, given=given or each.given)
                if isinstance(each, NeededAttribute)
                else each
                for each in items
            ]
            found = all_of(needs) if holds else one_of(needs)
            return found if found is not None else UnnamedNeed(words, never=not given)
        if body.share is not None:
            return self._of_share(body, entity, holds, words)
        assert body.amount is not None
        return self._of_number(
            body.kind, body.collection, body.test, body.amount, entity, holds, words
        )

    def _of_number(
        self,
        kind: str,
        collection: Collection,
        test: Test,
        amount: Expression,
        entity: Entity,
        holds: bool,
        words: str,
    ) -> Need:
        possible = self.evaluation.value(amount, entity)
        if not possible.determined or not isinstance(
            possible.value, int | Fraction
        ):  # what it is may depend on the same facts
            return UnnamedNeed(words)
        number, given = Fraction(possible.value), self._while(amount, entity)
        if kind == "exactly" and not holds:
            either = ((floor(number) + 1, None), (None, ceil(number) - 1))
            options = [
                self._within(collection, test, entity, each, words, given) for each in either
            ]
            return one_of(
                each for each in options if not isinstance(each, UnnamedNeed)
            ) or UnnamedNeed(words)
        bounds = _bounds(kind, holds, number)
        return (
            self._within(collection, test, entity, bounds, words, given)
            if bounds is not None
            else UnnamedNeed(words)
        )

    def _while(self, amount: Expression | None, entity: Entity) -> str:
        """What a number that is not fixed depends on: ` while the threshold is 2`."""
        if amount is None or not any(
            isinstance(each, Noun | Count | Aggregate) for each in walk(amount)
        ):
            return ""
        if isinstance(amount, Noun):
            declared = self.trail.entities[reached(amount.reach, entity).type].attributes[
                amount.attribute
            ]
            return f" while the {declared.name} is {' or '.join(self.evaluation.value(amount, entity).show(amount.type))}"
        return " as things are"

    def _within(
        self,
        collection: Collection,
        test: Test,
        entity: Entity,
        bounds: tuple[int | None, int | None],
        words: str,
        given: str,
    ) -> Need:
        """For the number of items that count to stay within bounds."""
        low, high = bounds
        filtered = bool(_filters(collection))
        given = given or (SAME_ITEMS if filtered else "")
        tally = self.evaluation.tally(collection, test, entity)
        surely, most = tally.count(YES), sum(1 for each in tally if each & YES)
        needs: list[Need] = []
        if low is not None and surely < low:
            items = self._items(collection, test, entity, YES, words)
            needs.append(
                self._so_many(
                    low - surely,
                    items,
                    _at_least(low - surely),
                    test,
                    entity,
                    words,
                    given,
                    filtered,
                )
            )
        if high is not None and most > high:
            items = self._items(collection, test, entity, NO | OUT, words)
            may = "none of these may" if high == 0 else f"at most {high} of these may"
            needs.append(
                self._so_many(most - high, items, may, test, entity, words, given, filtered)
            )
        return all_of(needs) or UnnamedNeed(words)

    def _so_many(
        self,
        number: int,
        items: list[Need],
        start: str,
        test: Test,
        entity: Entity,
        words: str,
        given: str = "",
        filtered: bool = False,
    ) -> Need:
        if number > len(items):
            return UnnamedNeed(words, never=not filtered)
        if any(isinstance(each, UnnamedNeed) for each in items):
            return UnnamedNeed(words)
        if number == len(items):
            return all_of(
                replace(each, given=given or each.given)
                for each in items
                if isinstance(each, NeededAttribute)
            ) or UnnamedNeed(words)
        return Some(
            number, tuple(items), f"{start} {self._asked(test, entity)}{given}", fixed=not given
        )

    def _asked(self, test: Test, entity: Entity) -> str:
        """What a test asks of an item: `be requires improvement or worse`, `have assessment due
        yes`.
        """
        noun = asked_of(test)
        assert noun is not None
        if isinstance(test, Known):
            return f"have {'a' if test.wanted else 'no'} {noun.attribute}"
        words = needed_words(test, entity, self.evaluation, self.trail)
        return f"be {words}" if isinstance(noun.type, Scale) else f"have {noun.attribute} {words}"

    def _of_share(self, body: Quantified, entity: Entity, holds: bool, words: str) -> Need:
        """Item after item, until the part of all that counts is as it has to be."""
        assert body.share is not None
        more = holds == (body.kind in ("at least", "more than"))
        tally = list(self.evaluation.tally(body.collection, body.test, entity))
        places = [
            index
            for index, each in enumerate(tally)
            if each & OUT == 0 and each != (YES if more else NO)
        ]
        items = self._items(
            body.collection, body.test, entity, YES if more else NO, words, set(places)
        )
        for number, index in enumerate(places, 1):
            tally[index] = YES if more else NO
            weights = [weighed(each, body.share) for each in tally]
            total = Interval(sum(min(w) for w in weights), sum(max(w) for w in weights))
            if status_of(
                compare_intervals(counting_operator(body.kind), total, [Interval(0, 0)])
            ) == (MET if holds else NOT_MET):
                start = (
                    _at_least(number) if more else f"at most {len(places) - number} of these may"
                )
                return self._so_many(
                    number,
                    items,
                    start,
                    body.test,
                    entity,
                    words,
                    SAME_ITEMS if _filters(body.collection) else "",
                )
        return UnnamedNeed(words)

    def _items(
        self,
        collection: Collection,
        test: Test,
        entity: Entity,
        outcomes: Outcomes,
        words: str,
        only: set[int] | None = None,
    ) -> list[Need]:
        """For each item that is surely asked about and does not surely come out so, that it
        does.
        """
        noun, wanted = asked_of(test), self._wanted(test, entity, outcomes)
        if noun is None or wanted is None:
            return [UnnamedNeed(words)]
        found: list[Need] = []
        tally = self.evaluation.tally(collection, test, entity)
        for index, (item, outcome) in enumerate(
            zip(self.evaluation.items(collection, entity), tally, strict=True)
        ):
            left_in = item.present == MET if outcomes & OUT == 0 else item.present != NOT_MET
            if left_in and outcome & ~outcomes and (only is None or index in only):
                found.append(
                    self._leaf(
                        noun, reached_item(noun.reach, entity, item.entity), wanted, test, words
                    )
                )
        return found


SAME_ITEMS = " while the same things are counted"


def _filters(collection: Collection) -> bool:
    """Whether it depends on attributes which things a collection holds."""
    return any(find(Where, collection))


def _at_least(number: int) -> str:
    return f"at least {number} of these {'has' if number == 1 else 'have'} to"


def _bounds(kind: str, holds: bool, number: Fraction) -> tuple[int | None, int | None] | None:
    """The least and the most that may count for a quantity to hold, or to fail."""
    op = counting_operator(kind)
    spans = whole_numbers(op if holds else OPERATORS[op].negation, number)
    if len(spans) != 1:
        return None
    [span] = spans
    return (
        None if span.low is None else int(span.low),
        None if span.high is None else int(span.high),
    )
