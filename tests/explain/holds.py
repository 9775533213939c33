"""What must hold of an explanation, read from its record and asked of the engine again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rulewright.decision.answered import Answered
from rulewright.decision.outcome import Answer
from rulewright.decision.tracer import Trail, anything
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET, NO, NOT_MET, OUT, UNDECIDED, YES, Finding, Settled, Tally
from rulewright.explain.difference import difference
from rulewright.explain.record import (
    AttributeSeen,
    ConditionShown,
    CountShown,
    Explained,
    Explanation,
)
from rulewright.explain.recorder import use_of
from rulewright.explain.sentences import sentence
from rulewright.explain.why import why
from rulewright.explain.why_not import why_not
from rulewright.explain.why_not.page import page
from rulewright.explain.why_not.record import NotSo, Way, WhyNot
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import (
    Collection,
    Condition,
    Each,
    Except,
    Joined,
    Kind,
    Literal,
    Quantified,
    Rule,
    Same,
    Where,
)
from rulewright.ir.program import Node
from rulewright.ir.traversal import counted_in, filters
from rulewright.ir.types import FINITE, Choice, Scale
from rulewright.syntax.text import key

WORDS = {MET: "met", UNDECIDED: "undecided", NOT_MET: "not met"}


class Asked:
    """The engine, to be asked again about one case."""

    def __init__(self, answered: Answered) -> None:
        self.answered = answered
        self.evaluation = Evaluation(
            answered.program, answered.case, answered.as_at, answered.parameters
        )
        self.evaluation.result = answered.result
        self.trail = Trail(answered.program, answered.case, answered.result, self.evaluation)
        self.entities: dict[str, Entity] = {}
        for entity in answered.case.entities:
            assert entity.path not in self.entities, "two things of one path"
            self.entities[entity.path] = entity

    def node(self, entity: Entity, attribute: str) -> Node | None:
        nodes = self.answered.program.nodes_of(Kind.of(entity))
        return next(
            (
                each
                for each in nodes
                if each.attribute.name == attribute and not each.attribute.hidden
            ),
            None,
        )

    def settled(self, entity: Entity, node: Node) -> Settled:
        return self.answered.result.settled[entity.index, node.key.attribute]


def rules_of(node: Node) -> dict[str, Rule]:
    return {each.id: each for each in node.every_rule}


def every_explanation_holds(answered: Answered, everything: bool = False) -> int:
    """Why each answer of a case has its value: each record holds. How many answers there were."""
    asked = Asked(answered)
    for answer in answered.decision.answers:
        [found] = [
            each
            for each in why(answered, f"{answer.entity} > {answer.attribute}", everything)
            if (each.why.entity, each.why.attribute) == (answer.entity, answer.attribute)
        ]
        explanation_holds(asked, found)
        assert sentence(found).endswith(".")
    return len(answered.decision.answers)


# -- why


def explanation_holds(asked: Asked, explanation: Explanation) -> None:
    seen: set[tuple[str, str]] = set()
    for found in explained(explanation.why):
        if found.kind == "derived" and not found.seen:
            assert (found.entity, found.attribute) not in seen, "explained twice"
            seen.add((found.entity, found.attribute))
            attribute_holds(asked, found)


def explained(found: Explained) -> Iterator[Explained]:
    yield found
    for part in (*found.parts, *found.considered):
        for seen in (
            *part.looked_at,
            *(each for count in part.counts for each in items(count)),
            *looked_at(part.conditions),
        ):
            if seen.below is not None:
                yield from explained(seen.below)


def looked_at(conditions: list[ConditionShown]) -> Iterator[AttributeSeen]:
    for condition in conditions:
        yield from condition.looked_at
        for count in condition.counts:
            yield from items(count)
        yield from looked_at(condition.parts)


def items(count: CountShown) -> list[AttributeSeen]:
    return [*count.counted, *count.not_counted, *count.passed_over, *count.undecided]


def attribute_holds(asked: Asked, found: Explained) -> None:
    entity = asked.entities[found.entity]
    node = asked.node(entity, found.attribute)
    assert node is not None
    settled = asked.settled(entity, node)
    assert found.values == settled.possible.show(node.attribute.type)
    rules, fired = rules_of(node), {each.rule: each for each in (*settled.firings, *settled.limits)}
    decided = [each.rule for each in found.parts if each.role in ("decided", "may decide")]
    if found.origin == "otherwise" and found.status == "determined":
        assert node.otherwise is not None
        assert node.otherwise.id in decided
    for part in (*found.parts, *found.considered):
        firing = fired.get(part.rule)
        assert (part.status == "did not fire") == (firing is None), part.rule
        if firing is not None:
            assert part.status == ("fired" if firing.status == MET else "may fire")
            assert (part.role == "defeated") == (firing.defeated and bool(part.defeated_by))
            assert part.role != "decided" or (firing.status == MET and not firing.defeated)
            assert (part.role in ("limited", "may limit")) == firing.lowers
        else:
            assert any(each.status == "not met" for each in part.conditions), (
                f"{part.rule} fails nothing"
            )
        conditions_hold(asked, part.conditions, rules[part.rule].conditions, entity)
    if any(each.effect == "otherwise" and each.role == "decided" for each in found.parts):
        silent = {
            each.rule
            for each in found.considered
            if each.status == "did not fire" and each.effect == "value"
        }
        assert silent == {each.id for each in node.rules}, "otherwise tells why no other rule fired"


def conditions_hold(
    asked: Asked, shown: list[ConditionShown], written: tuple[Condition, ...], entity: Entity
) -> None:
    assert [each.text for each in shown] == [each.text for each in written]
    for one, condition in zip(shown, written, strict=True):
        finding = asked.evaluation.condition(condition, entity)
        condition_holds(asked, one, condition, finding, entity)


def condition_holds(
    asked: Asked, shown: ConditionShown, condition: Condition, finding: Finding, entity: Entity
) -> None:
    assert shown.status == WORDS[finding.status], shown.text
    assert (shown.steps > 0) == (finding.status == NOT_MET), shown.text
    for count, (collection, tally) in zip(
        shown.counts, zip(collections_in(condition), finding.tallies, strict=True), strict=True
    ):
        count_holds(asked, count, collection, tally, entity)
    if isinstance(condition.body, Quantified):
        assert shown.actual == shown.counts[0].number
    if isinstance(condition.body, Joined):
        for part, inner, found in zip(
            shown.parts, condition.body.parts, finding.parts, strict=True
        ):
            condition_holds(asked, part, inner, found, entity)


def collections_in(condition: Condition) -> list[Collection]:
    """The collections that a condition counts, in the order of its tallies."""
    body = condition.body
    if isinstance(body, Joined):
        return []
    return [each for each, _ in counted_in(body)]


def count_holds(
    asked: Asked, count: CountShown, collection: Collection, tally: Tally, entity: Entity
) -> None:
    """Every item is shown where it belongs, once; only what is no member of what the rule filters
    is left out.
    """
    others = strangers(asked, collection, entity)
    assert len(items(count)) == len(tally) - others
    assert (len(count.counted), len(count.not_counted)) == (tally.count(YES), tally.count(NO))
    assert len(count.passed_over) == tally.count(OUT) - others
    assert len({each.entity for each in items(count)}) == len(tally) - others, "each item once"


def strangers(asked: Asked, collection: Collection, entity: Entity) -> int:
    """How many things a filter of the rule never looks at, since a collection below it leaves them
    out.
    """
    if isinstance(collection, Same | Except):
        return strangers(asked, collection.of, entity)
    if isinstance(collection, Each):
        outer = collection.of
        if strangers(asked, outer, entity) and isinstance(outer, Where):
            absent = [
                each.entity
                for each in asked.evaluation.items(outer.of, entity)
                if each.present == NOT_MET
            ]
            return sum(len(each.children.get(collection.entity, ())) for each in absent)
        return 0
    if not isinstance(collection, Where) or not filters(collection.of):
        return 0
    return sum(
        1 for each in asked.evaluation.items(collection.of, entity) if each.present == NOT_MET
    )


# -- why not


def values_of(answered: Answered, answer: Answer) -> list[str]:
    """Values that an attribute may have."""
    entity = next(each for each in answered.case.entities if each.path == answer.entity)
    kind = answered.program.vocabulary.entities[entity.type].attributes[key(answer.attribute)].type
    if isinstance(kind, FINITE):
        return list(kind.values) if isinstance(kind, Scale | Choice) else ["yes", "no"]
    return [
        each for each in ("0", "1", "7", "2024-01-01", "some words") if kind.parse(each) is not None
    ]  # type: ignore[arg-type]


def every_why_not_holds(answered: Answered, most: int = 10_000, everything: bool = False) -> int:
    """Why each answer does not have each other value: each record holds. How many were asked."""
    asked, number = Asked(answered), 0
    for answer in answered.decision.answers:
        for value in (*values_of(answered, answer), "no value"):
            if number >= most:
                return number
            number += 1
            [found] = [
                each
                for each in why_not(
                    answered, f"{answer.entity} > {answer.attribute}", value, everything
                )
                if (each.why_not.entity, each.why_not.attribute)
                == (answer.entity, answer.attribute)
            ]
            why_not_holds(asked, found, answer)
    return number


def why_not_holds(asked: Asked, record: WhyNot, answer: Answer) -> None:
    if record.withdrawn is not None and record.withdrawn.status == "withdrawn":
        return
    found = record.why_not
    shown = [found.wanted] if found.wanted != "no value" else ["no value"]
    assert (found.verdict == "it is") == (
        answer.status == "determined" and answer.possible == shown
    )
    if answer.status == "undetermined" and found.wanted in answer.possible:
        assert found.verdict in ("possible", "it is")
    if answer.origin == "supplied":
        assert not found.ways
        return
    every_way_is_told(asked, found)
    every_need_is_on_the_page(record)
    for each in not_so(found):
        ways_hold(asked, each)


def every_need_is_on_the_page(record: WhyNot) -> None:
    """Each attribute that a way needs is on the whole page, with the value that it needs."""
    lines = {line.strip() for line in page(record, everything=True)}
    for way in record.why_not.ways:
        for need in way.needs:
            if need.not_so is not None:
                start, wanted = (
                    f"{need.not_so.entity} > {need.not_so.attribute}",
                    f"needed {need.not_so.wanted}",
                )
                assert any(line.startswith(start) and wanted in line for line in lines), (
                    way.rule,
                    start,
                    wanted,
                )


def not_so(found: NotSo) -> Iterator[NotSo]:
    yield found
    for way in found.ways:
        for each in way.below:
            yield from not_so(each)


def every_way_is_told(asked: Asked, found: NotSo) -> None:
    """Every rule that says the value is there: those of the principle or group that decided first,
    of these the nearest first.
    """
    entity = asked.entities[found.entity]
    node = asked.node(entity, found.attribute)
    assert node is not None
    if found.verdict == "it is" or found.rules_gave_it:
        return
    told = [each.rule for each in found.ways]
    for rule in node.giving:
        if isinstance(rule.value, Literal):
            says = (
                "no value"
                if rule.value.value is None
                else node.attribute.type.show(rule.value.value)
            )
            assert (rule.id in told) or says != found.wanted, rule.id
            assert rule.id not in told or says == found.wanted or node.limits, rule.id
        else:
            assert rule.id in told or not hasattr(rule.value, "reach"), rule.id
    usual = {use_of(each) for each in asked.settled(entity, node).deciding}

    def order(way: Way) -> tuple[bool, tuple[object, ...]]:
        stepping_in = (
            bool(usual)
            and way.how in ("concludes it", "copies it", "works it out")
            and use_of(way.rule) not in usual
        )
        return stepping_in, way.nearness

    assert [order(each) for each in found.ways] == sorted(order(each) for each in found.ways)


def ways_hold(asked: Asked, found: NotSo) -> None:
    entity = asked.entities[found.entity]
    node = asked.node(entity, found.attribute)
    if node is None or found.fact is not None:
        return
    rules = rules_of(node)
    for way in found.ways:
        if found.verdict == "not" and found.judgement is None:
            standing = [each for each in way.in_the_way if each.stands]
            assert way.failed or standing or not way.gives_it, (
                f"{way.rule} gives it: {way}, {asked.settled(entity, node)}"
            )
        if way.rule:
            way_holds(asked, way, rules[way.rule], entity)


def way_holds(asked: Asked, way: Way, rule: Rule, entity: Entity) -> None:
    shown = {each.text: each for each in (*way.failed, *way.undecided)}
    statuses = [asked.evaluation.condition(each, entity).status for each in rule.conditions]
    assert len(way.failed) == statuses.count(NOT_MET)
    assert len(way.undecided) == statuses.count(UNDECIDED)
    assert way.met == statuses.count(MET)
    for condition in rule.conditions:
        if condition.text in shown:
            condition_holds(
                asked,
                shown[condition.text],
                condition,
                asked.evaluation.condition(condition, entity),
                entity,
            )
    fires_if_the_rest_holds(asked, way, rule, entity)


class Granted(Evaluation):
    """The engine, told that some conditions hold."""

    granted: frozenset[int] = frozenset()

    def condition(self, condition: Condition, entity: Entity) -> Finding:
        found = super().condition(condition, entity)
        return found._replace(status=MET) if id(condition) in self.granted else found


def fires_if_the_rest_holds(asked: Asked, way: Way, rule: Rule, entity: Entity) -> None:
    """A rule whose conditions that are listed as failed or undecided were met would fire."""
    told = {each.text for each in (*way.failed, *way.undecided)}
    answered = asked.answered
    engine = Granted(answered.program, answered.case, answered.as_at, answered.parameters)
    engine.result = answered.result
    engine.granted = frozenset(id(each) for each in rule.conditions if each.text in told)
    firing = engine.fire(rule, entity)
    assert firing is not None
    assert firing.status == MET


# -- difference


def difference_holds(one: Answered, other: Answered) -> int:
    """The answers that differ are those of which the decisions say so, and each is led to where
    they part.
    """
    found = difference(one, other)
    here = {(each.entity, each.attribute): each for each in one.decision.answers}
    there = {(each.entity, each.attribute): each for each in other.decision.answers}
    differing = {(each.entity, each.attribute) for each in found.differing}
    hidden = {
        (each.entity, each.attribute)
        for side in (one, other)
        for each in side.decision.not_published
    }
    for place in here.keys() & there.keys() - hidden:
        assert (place in differing) == (here[place].possible != there[place].possible), place
    assert found.alike + len(found.differing) == len(here.keys() & there.keys())
    assert len(found.only_in_one) == len(here.keys() - there.keys())
    assert len(found.only_in_other) == len(there.keys() - here.keys())
    places = {each.path: each for each in found.partings}
    for each in found.differing:
        assert each.parts_at, each.path
        assert set(each.parts_at) <= places.keys()
    assert all(each.behind for each in found.partings), [
        each.path for each in found.partings if not each.behind
    ]
    return len(found.differing)


__all__ = [
    "anything",
    "difference_holds",
    "every_explanation_holds",
    "every_why_not_holds",
    "replace",
]
