"""Why an attribute does not have a value: every rule that could have given it, and what kept it
from that, nearest first.
"""

from __future__ import annotations

from typing import Literal

from rulewright.decision.answered import Answered
from rulewright.decision.outcome import Answer
from rulewright.decision.tracer import Place, anything
from rulewright.engines.calculus import cap, certain, joined
from rulewright.engines.evaluator import gives_of
from rulewright.engines.result import CONFLICT, MET, Firing, Possible, Settled
from rulewright.explain.considered import Considering
from rulewright.explain.naming import Meant, meant
from rulewright.explain.recorder import ExplanationRecorder, use_of
from rulewright.explain.why import asked_of, fact_of, withdrawal_of
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Rule
from rulewright.ir.program import Node
from rulewright.ir.types import Value
from rulewright.syntax.text import key

from .candidates import How, Wanted, wanted_value, ways_to
from .needs import Need, NeededAttribute, Some, UnnamedNeed, attributes
from .record import Needed, NotSo, Obstacle, ObstacleKind, Way, WhyNot
from .requirements import Required, Requiring
from .suppositions import is_so, least

VERDICTS = Literal["it is", "possible", "not", "conflict"]


def why_not(answered: Answered, name: str, value: str, everything: bool = False) -> list[WhyNot]:
    """Why each attribute that `name` may mean does not have the value; that it has, or may have,
    where that is so.

    everything: also further down every rule, not only the nearest. Raises `InputError` (RW624;
    RW621 for a value that the attribute cannot have).
    """
    considering, asked = Considering(answered), asked_of(answered)
    found = []
    for what in meant(answered, name):
        entity = considering.entities[what.entity]
        attribute = key(what.attribute)
        wanted = wanted_value(
            value,
            considering.program.vocabulary.entities[entity.type].attributes[attribute],
            considering.node(entity, attribute),
        )
        searcher = _Searcher(answered, considering, everything)
        withdrawn = withdrawal_of(answered, what)
        if withdrawn is not None and withdrawn.status == "withdrawn" and what.answer is not None:
            bare = NotSo(
                what.entity, what.attribute, what.answer.possible, wanted.words, "not", what.label
            )
            found.append(WhyNot(asked, bare, withdrawn))
            continue
        found.append(WhyNot(asked, searcher.not_so(what, entity, wanted), withdrawn))
    return found


class _Searcher:
    """Looks for the ways to a value, and below them for the ways to what they need."""

    def __init__(self, answered: Answered, considering: Considering, everything: bool) -> None:
        self.answered, self.considering, self.everything = answered, considering, everything
        self.evaluation, self.trail = considering.evaluation, considering.trail
        self.recorder = ExplanationRecorder(answered.decision, False, considering)
        self.requiring = Requiring(considering.evaluation, considering.trail)
        self.asked: set[tuple[int, str, str]] = set()

    def not_so(self, what: Meant, entity: Entity, wanted: Wanted, most: int | None = None) -> NotSo:
        """How an attribute stands to the value wanted; `most`: so many ways to it are followed."""
        if what.answer is None:
            return self._of_a_fact(what, entity, wanted)
        node = self.considering.node(entity, what.attribute)
        assert node is not None
        return self._of_an_answer(
            what.answer, node, entity, wanted, None if self.everything else most
        )

    def _of_a_fact(self, what: Meant, entity: Entity, wanted: Wanted) -> NotSo:
        fact = fact_of(self.considering, what)
        possible = self.evaluation.fact(entity, key(what.attribute))
        return NotSo(
            what.entity,
            what.attribute,
            fact.values,
            wanted.words,
            _verdict(possible, wanted),
            what.label,
            origin="fact",
            fact=fact,
        )

    def _of_an_answer(
        self, answer: Answer, node: Node, entity: Entity, wanted: Wanted, most: int | None
    ) -> NotSo:
        settled = self.considering.settled(entity, node)
        found = NotSo(
            answer.entity,
            answer.attribute,
            answer.possible,
            wanted.words,
            _verdict(settled.possible, wanted),
            answer.label,
            answer.anything,
            answer.origin,
        )
        if (entity.index, node.key.attribute, wanted.words) in self.asked:
            found.seen = True
            return found
        if most != 0:
            self.asked.add((entity.index, node.key.attribute, wanted.words))
        found.judgement, found.in_conflict, found.missing = (
            answer.judgement,
            answer.in_conflict,
            answer.missing,
        )
        found.rules_gave_it = (
            settled.origin == "judged" and settled.ruled is not None and wanted.holds(settled.ruled)
        )
        if answer.origin == "supplied":
            found.supplied_from = next(
                (
                    each.origin
                    for each in self.answered.decision.supplied
                    if (each.entity, each.attribute) == (answer.entity, answer.attribute)
                ),
                "",
            )
        if found.verdict == "it is" or answer.origin == "supplied" or found.rules_gave_it:
            return found
        self._ways(found, node, entity, wanted, settled, most)
        return found

    def _ways(
        self,
        found: NotSo,
        node: Node,
        entity: Entity,
        wanted: Wanted,
        settled: Settled,
        most: int | None,
    ) -> None:
        drafts: list[tuple[Way, Required]] = []
        leading = ways_to(wanted, node, entity, self.evaluation, _without_limits(node, settled))
        nothing_fires = None in wanted.values and node.otherwise is None
        if most == 0:  # none is shown: that there are any is all that is told
            found.others = len(leading) + nothing_fires
            return
        for rule, how in leading:
            required = self.requiring.of(rule, node, entity, wanted, settled)
            drafts.append((self._way(rule, how, node, entity, wanted, settled, required), required))
        if nothing_fires:
            required = self.requiring.of(None, node, entity, wanted, settled)
            drafts.append((self._nothing_fires(settled, node, entity, required), required))
        for way, required in drafts:
            self._measured(way, required, node)
        usual = {use_of(each) for each in settled.deciding}
        drafts.sort(key=lambda each: (_out_of_the_way(each[0], usual), each[0].nearness))
        kept = drafts[:most]
        found.ways, found.others = [way for way, _ in kept], len(drafts) - len(kept)
        for way, required in kept:
            below = 0 if way is not kept[0][0] and _out_of_the_way(way, usual) else 1
            changing = {
                each.place
                for each in attributes(required.every_need)
                if not is_so(each, self.evaluation)
            }
            way.needs = [
                each
                for need in required.needs
                for each in self._needed(need, entity, below, changing)
            ]
            for _, name, need in required.would:
                obstacle = next(each for each in way.in_the_way if each.rule == name)
                obstacle.needs += self._needed(need, entity, below, changing)

    def _measured(self, way: Way, required: Required, node: Node) -> None:
        way.enough, way.lowered_by = required.enough, required.lowered_by
        if required.enough is False and required.gives is not None:
            way.would_give = required.gives.show(node.attribute.type)
        way.impossible = required.impossible
        way.changes, way.steps = least(required.every_need, required.stays, self.evaluation)
        if (
            not way.gives_it and not way.lowered_by and way.how == "works it out"
        ):  # what a formula needs is not the value of one attribute
            way.changes, way.steps = way.changes + 1, way.steps + 1

    def _needed(
        self, need: Need, entity: Entity, below: int, changing: set[Place] | None = None
    ) -> list[Needed]:
        """A need as it is shown. changing: what has to change for the whole way, of a need at the
        top: all of several is shown one by one.
        """
        match need:
            case UnnamedNeed(words):
                return [Needed(words=words)]
            case NeededAttribute():
                nothing_to_say = (
                    changing is not None
                    and is_so(need, self.evaluation)
                    and need.place not in changing
                )
                return [] if nothing_to_say else [self._of_leaf(need, entity, below)]
            case Some(number, parts, words):
                shown: list[Needed] = []
                for each in parts:  # of a choice only the first is followed, of a count none
                    followed = (
                        below
                        if need.every or self.everything or (each is parts[0] and not words)
                        else 0
                    )
                    shown += self._needed(each, entity, followed, changing if need.every else None)
                return (
                    shown
                    if changing is not None and need.every and not words
                    else [Needed(number=number, of=shown, words=words)]
                )

    def _of_leaf(self, leaf: NeededAttribute, entity: Entity, below: int) -> Needed:
        declared = self.considering.program.vocabulary.entities[leaf.entity.type].attributes[
            leaf.attribute
        ]
        answer = self.considering.answers.get((leaf.entity.path, declared.name))
        if answer is None and not declared.given:
            return Needed(
                words=f"{leaf.entity.path} > {declared.name}: {leaf.wanted.words}", given=leaf.given
            )
        what = Meant(
            leaf.entity.path,
            declared.name,
            answer.label if answer is not None else declared.name,
            answer,
        )
        found = self.not_so(what, leaf.entity, leaf.wanted, below)
        if is_so(leaf, self.evaluation):
            found.verdict = "it is"
        elif (
            found.verdict == "it is"
        ):  # a missing fact that may have no other value is not stated all the same
            found.verdict = "possible"
        return Needed(found, given=leaf.given)

    def _way(
        self,
        rule: Rule,
        how: How,
        node: Node,
        entity: Entity,
        wanted: Wanted,
        settled: Settled,
        required: Required,
    ) -> Way:
        heard = next(
            (each for each in (*settled.firings, *settled.limits) if each.rule == rule.id), None
        )
        status = "did not fire" if heard is None else "fired" if heard.status == MET else "may fire"
        way = Way(rule.id, how, rule.text, status)  # type: ignore[arg-type]
        findings = [(each, self.evaluation.condition(each, entity)) for each in rule.conditions]
        part = self.recorder.part_of(self.considering.firing(rule, entity, node))
        for shown in part.conditions:
            if shown.status != "met":
                (way.failed if shown.status == "not met" else way.undecided).append(shown)
        way.met = len(rule.conditions) - len(way.failed) - len(way.undecided)
        way.sources, way.rests_on, way.place, way.workings = (
            part.sources,
            part.rests_on,
            part.place,
            part.workings,
        )
        assert rule.value is not None
        given = self.evaluation.value(rule.value, entity)
        if how != "limits to it":
            words = given.show(node.attribute.type)
            any_value = anything(node.attribute.type, words) if len(words) > 2 else ""
            way.gives, way.gives_it = [any_value] if any_value else words, wanted.holds(given)
            way.looked_at, way.counts = self.recorder.shallow(
                *self.considering.looked_at(rule, entity), rule.id
            )
        way.in_the_way = self._in_the_way(rule, how, node, entity, wanted, settled)
        self._add_what_then(way, required, node)
        way.missing = [
            self.considering.trail.path(each)
            for each in self.considering.behind.conditions(findings, entity)
        ]
        return way

    def _nothing_fires(
        self, settled: Settled, node: Node, entity: Entity, required: Required
    ) -> Way:
        way = Way("", "no rule fires", "no rule fires", "did not fire", ["no value"])
        way.in_the_way = [self._firing(each, node, entity) for each in settled.firings]
        self._add_what_then(way, required, node)
        return way

    def _add_what_then(self, way: Way, required: Required, node: Node) -> None:
        """What would stand in the way only once the rest is so."""
        rules = {each.id: each for each in node.every_rule}
        for kind, name, _ in required.would:
            if all(each.rule != name for each in way.in_the_way):
                way.in_the_way.append(Obstacle(kind, name, rules[name].text, then=True))

    def _firing(self, firing: Firing, node: Node, entity: Entity) -> Obstacle:
        """A rule that fires or may fire, where none may."""
        return self._obstacle(
            "fires" if firing.status == MET else "may fire", firing.rule, node, entity
        )

    def _obstacle(self, kind: ObstacleKind, rule_id: str, node: Node, entity: Entity) -> Obstacle:
        rule = next(each for each in node.every_rule if each.id == rule_id)
        conditions = self.recorder.part_of(self.considering.firing(rule, entity, node)).conditions
        return Obstacle(kind, rule_id, rule.text, conditions)

    # -- beside the conditions

    def _in_the_way(
        self, rule: Rule, how: How, node: Node, entity: Entity, wanted: Wanted, settled: Settled
    ) -> list[Obstacle]:
        """What stands in the way of a rule as things are: of one that fires, or of `otherwise`."""
        if how == "limits to it":
            return []
        if how == "otherwise":
            firings = sorted(settled.firings, key=lambda each: each.status != MET)
            others = [self._firing(each, node, entity) for each in firings if each.rule != rule.id]
            return others + (
                self._limits(node, entity, self._values(rule, entity, wanted), settled)
                if not others
                else []
            )
        if not any(each.rule == rule.id for each in settled.firings):
            return []
        values = self._values(rule, entity, wanted)
        return self._other_rules(rule, node, entity, wanted, settled) + self._limits(
            node, entity, values, settled
        )

    def _values(self, rule: Rule, entity: Entity, wanted: Wanted) -> tuple[Value, ...]:
        """The value that a rule gives, where that is wanted; else all that are."""
        given = self.evaluation.value(rule.value, entity) if rule.value is not None else None
        return (
            (given.value,)
            if given is not None and given.determined and wanted.holds(given)
            else wanted.values
        )

    def _other_rules(
        self, rule: Rule, node: Node, entity: Entity, wanted: Wanted, settled: Settled
    ) -> list[Obstacle]:
        """The rules that defeat it, and those that give another value beside it."""
        index = next(i for i, each in enumerate(node.rules) if each.id == rule.id)
        places = {each.id: i for i, each in enumerate(node.rules)}
        firing = {
            places[each.rule]: each
            for each in settled.firings
            if each.rule in places and each.status == MET
        }
        found = []
        for other, each in sorted(firing.items()):
            if other in node.above[index]:
                found.append(self._obstacle("defeated by", each.rule, node, entity))
            elif (
                other != index
                and index not in node.above[other]
                and not each.defeated
                and (
                    (min(index, other), max(index, other)) not in node.apart
                    and not wanted.holds(gives_of(each))
                )
            ):
                found.append(self._obstacle("disagrees with", each.rule, node, entity))
        return found

    def _limits(
        self, node: Node, entity: Entity, values: tuple[Value, ...], settled: Settled
    ) -> list[Obstacle]:
        """The limits that act, or may, and that the values lie above."""
        found = []
        for each in settled.limits:
            limit = next(rule for rule in node.limits if rule.id == each.rule)
            assert limit.value is not None
            bound = self.evaluation.value(limit.value, entity).value
            if values and all(_lowers(value, bound, node) for value in values):
                found.append(
                    self._obstacle(
                        "limited by" if each.status == MET else "may be limited by",
                        limit.id,
                        node,
                        entity,
                    )
                )
        return found


def _out_of_the_way(way: Way, usual: set[tuple[str, str]]) -> bool:
    """Whether a rule has nothing to do with the principle or the group of rules that decided: it
    comes after those that have.
    """
    return (
        bool(usual)
        and way.how in ("concludes it", "copies it", "works it out")
        and use_of(way.rule) not in usual
    )


def _lowers(value: Value, bound: Value, node: Node) -> bool:
    here = certain(value, node.attribute.type)
    return cap(here, bound, node.attribute.type) != here


def _verdict(possible: Possible, wanted: Wanted) -> VERDICTS:
    if wanted.holds(possible):
        return "it is"
    if possible == CONFLICT:
        return "conflict"
    return "possible" if not possible.determined and wanted.may(possible) else "not"


def _without_limits(node: Node, settled: Settled) -> Possible:
    """What the rules give before any limit."""
    given = [
        gives_of(each) for each in settled.firings if not each.defeated and each.gives is not None
    ]
    return joined(given, node.attribute.type) if given else Possible((), no_value=True)
