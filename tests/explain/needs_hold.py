"""What *why not* says is needed, asked of the engine again: necessary, and enough where it says
so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rulewright.decision.answered import Answered
from rulewright.decision.tracer import Place
from rulewright.engines.evaluator import evaluate
from rulewright.engines.result import MET, Settled, Trace
from rulewright.explain.considered import Considering
from rulewright.explain.why_not.candidates import (
    UNSTATED,
    Wanted,
    every_value,
    wanted_value,
    ways_to,
)
from rulewright.explain.why_not.needs import Need, NeededAttribute, Some
from rulewright.explain.why_not.requirements import Required, Requiring
from rulewright.explain.why_not.search import _without_limits
from rulewright.explain.why_not.suppositions import choices
from rulewright.facts.cases import Case, Entity
from rulewright.ir.entities import Fact, with_facts
from rulewright.ir.nodes import Rule
from rulewright.ir.program import Node
from rulewright.ir.types import FINITE, Value
from rulewright.syntax.errors import NOWHERE

MOST_WAYS = 3  # to meet what is needed
MOST_OTHERS = 4  # values that an attribute may not have


class AskedAgain:
    """One case, and the same case with other values: of facts as stated, of derived attributes as
    supplied.
    """

    def __init__(self, answered: Answered) -> None:
        self.answered, self.program, self.case = answered, answered.program, answered.case
        self.considering = Considering(answered)
        self.requiring = Requiring(self.considering.evaluation, self.considering.trail)
        self.counts: Counter[str] = Counter()

    def with_values(self, values: dict[Place, Value], node: Node, own_words: bool = False) -> Trace:
        """The engine's answer with these values, and all else that the rules of the node look at as
        it was; own_words: a threshold too.
        """
        own = {each.key.attribute for each in self.program.nodes if each.attribute.hidden}
        layers = {(each.key.kind, each.key.attribute): each.layer for each in self.program.nodes}
        facts: dict[Place, Value] = {}
        supplied = dict(self.case.supplied)
        for place, settled in self.answered.result.settled.items():
            entity = self.case.entities[place[0]]
            if (
                settled.possible.determined
                and (own_words or place[1] not in own)
                and layers[self._kind(entity), place[1]] < node.layer
            ):
                supplied[place] = Fact(settled.possible.value, NOWHERE)
        for place, value in values.items():
            declared = self.program.vocabulary.entities[
                self.case.entities[place[0]].type
            ].attributes[place[1]]
            if declared.given:
                facts[place] = value
            else:
                supplied[place] = Fact(value, NOWHERE)
        stated = {place: None if value is UNSTATED else value for place, value in facts.items()}
        case: Case = replace(with_facts(self.case, stated), supplied=supplied, judged={})
        for (index, name), value in facts.items():
            if value is UNSTATED:
                case.entities[index].facts.pop(name)
        return evaluate(self.program, case, self.answered.as_at, self.answered.parameters)

    @staticmethod
    def _kind(entity: Entity) -> object:
        from rulewright.ir.nodes import Kind

        return Kind.of(entity)

    # -- one answer and one value

    def holds(self, entity: Entity, node: Node, value: str) -> None:
        wanted = wanted_value(value, node.attribute, node)
        settled = self.answered.result.settled[entity.index, node.key.attribute]
        if settled.origin == "supplied" or wanted.holds(settled.possible):
            return
        for rule, _ in ways_to(
            wanted, node, entity, self.considering.evaluation, _without_limits(node, settled)
        ):
            required = self.requiring.of(rule, node, entity, wanted, settled)
            self.counts["ways"] += 1
            if required.enough:
                self.is_enough(required, rule, entity, node, wanted)
            self.each_is_needed(required, rule, entity, node, wanted)

    def is_enough(
        self, required: Required, rule: Rule, entity: Entity, node: Node, wanted: Wanted
    ) -> None:
        """Some values that are as needed give the value that was asked for."""
        came = [
            self.with_values(values, node).settled[entity.index, node.key.attribute].possible
            for values in islice(choices(required.every_need, self.considering.evaluation), 12)
        ]
        assert any(wanted.holds(each) for each in came), told(
            rule, entity, wanted, required.every_need
        )
        self.counts["enough"] += 1

    def each_is_needed(
        self, required: Required, rule: Rule, entity: Entity, node: Node, wanted: Wanted
    ) -> None:
        """With all but one thing as needed, the rule does not give the value."""
        for values in islice(choices(required.every_need, self.considering.evaluation), MOST_WAYS):
            for leaf in leaves(required.needs):
                for other in self.others(leaf):
                    result = self.with_values(
                        {**values, leaf.place: other}, node, own_words=not leaf.fixed
                    )
                    then = result.settled[entity.index, node.key.attribute]
                    assert not self.gives(then, rule, wanted), told(
                        rule, entity, wanted, required.needs, leaf, other
                    )
                    self.counts["needed"] += 1
            for some in counted(required.needs):
                for short in self.one_short(some, values):
                    then = self.with_values(short, node, own_words=not some.fixed).settled[
                        entity.index, node.key.attribute
                    ]
                    assert not self.gives(then, rule, wanted), told(
                        rule, entity, wanted, required.needs, some
                    )
                    self.counts["counted"] += 1

    def others(self, leaf: NeededAttribute) -> Iterator[Value]:
        """Values that the attribute may not have, the present one among them."""
        declared = self.program.vocabulary.entities[leaf.entity.type].attributes[leaf.attribute]
        now = (
            self.considering.evaluation.fact(leaf.entity, leaf.attribute)
            if declared.given
            else None
        )
        possible = now if now is not None else self.answered.result.settled[leaf.place].possible
        values = every_value(leaf.type) if isinstance(leaf.type, FINITE) else [1, 2, 50]
        present = (
            [possible.value]
            if possible.determined and (possible.value is not None or not declared.given)
            else []
        )
        found = dict.fromkeys([*present, *values])
        yield from islice((each for each in found if not leaf.wanted.has(each)), MOST_OTHERS)

    def one_short(self, some: Some, values: dict[Place, Value]) -> Iterator[dict[Place, Value]]:
        """The values with one thing fewer changed than needed, where each is one attribute."""
        places = [each.place for each in some.parts if isinstance(each, NeededAttribute)]
        changed = [each for each in places if each in values]
        if len(places) == len(some.parts) and len(changed) == some.number:
            yield {place: value for place, value in values.items() if place != changed[0]}

    def gives(self, then: Settled, rule: Rule, wanted: Wanted) -> bool:
        """Whether it is surely the value, and of this rule."""
        if not (then.possible.determined and wanted.holds(then.possible)):
            return False
        heard = (*then.firings, *then.limits)
        return any(
            each.rule == rule.id
            and each.status == MET
            and not each.defeated
            and (each.lowers or rule.effect != "limit")
            for each in heard
        )


def leaves(needs: Sequence[Need]) -> list[NeededAttribute]:
    """The attributes that have to be otherwise whatever else is so."""
    found: list[NeededAttribute] = []
    for each in needs:
        if isinstance(each, NeededAttribute):
            found.append(each)
        elif isinstance(each, Some) and each.every:
            found += leaves(each.parts)
    return found


def counted(needs: Sequence[Need]) -> Iterator[Some]:
    """The counts that are needed whatever else is so."""
    for each in needs:
        if isinstance(each, Some) and each.words:
            yield each
        elif isinstance(each, Some) and each.every:
            yield from counted(each.parts)


def every_need_holds(answered: Answered, most: int) -> Counter[str]:
    """Of each answer and each other value that it may have; at most so many.

    What was asked, and how often.
    """
    asked, number = AskedAgain(answered), 0
    for answer in answered.decision.answers:
        entity = asked.considering.entities[answer.entity]
        node = asked.considering.node(entity, answer.attribute)
        if node is None:
            continue
        for value in (*map(node.attribute.type.show, every_value(node.attribute.type)), "no value"):
            if number < most:
                asked.holds(entity, node, value)
                number += 1
    return asked.counts


def told(
    rule: Rule,
    entity: Entity,
    wanted: Wanted,
    needs: Sequence[Need],
    of: Need | None = None,
    value: Value = None,
) -> str:
    """What failed, in words."""
    against = f"; without {words(of)}: {value}" if of is not None else ""
    return f"{rule.id} of {entity.path}, wanted {wanted.words}: {'; '.join(map(words, needs))}{against}"


def words(need: Need) -> str:
    match need:
        case NeededAttribute():
            return f"{need.entity.path} > {need.attribute} {need.wanted.words}"
        case Some():
            return f"{need.number} of ({'; '.join(map(words, need.parts))}) {need.words}"
    return f"[{need.words}]"
