"""From a decision to the record of an explanation.

With the case as it was answered the record says more: how conditions stand, which rules did not
fire, where facts come from.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rulewright.decision.outcome import (
    Answer,
    ConditionMet,
    Count,
    Decision,
    FiringShown,
    NotFired,
    Read,
)
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Condition, Joined, Rule

from .record import Assumption, AttributeSeen, ConditionShown, CountShown, Explained, Part, Role

if TYPE_CHECKING:  # a run explains from its decision alone and need not load this
    from .considered import Considering, LeftOut


class ExplanationRecorder:
    """Explains answers of one decision. What was explained once is only named afterwards.

    everything: also what did not lead to the value. considering: the case as it was answered, for
    more than a decision holds.
    """

    def __init__(
        self, decision: Decision, everything: bool = False, considering: Considering | None = None
    ) -> None:
        self.decision = decision
        self.everything = everything
        self.considering = considering
        self.answers = {(each.entity, each.attribute): each for each in decision.answers}
        self.firings: dict[tuple[str, str], list[FiringShown]] = {}
        for firing in decision.firings:
            self.firings.setdefault((firing.entity, firing.attribute), []).append(firing)
        self.explained: set[tuple[str, str]] = set()
        self.relied: dict[str, list[str]] = {}
        for default in decision.defaults:
            for path in default.entities:
                self.relied.setdefault(path, []).append(default.attribute)
        self.assumptions = {
            each.id: Assumption(each.id, each.assumed, each.mark or "assumed")
            for each in decision.interpretations
        }

    def why(self, answer: Answer) -> Explained:
        """Why an attribute has its value (or cannot be told)."""
        return self._why(answer.entity, answer.attribute)

    # -- attributes

    def _why(self, entity: str, attribute: str) -> Explained:
        answer, firings = self.answers[entity, attribute], self.firings.get((entity, attribute), [])
        found = Explained(
            entity,
            attribute,
            list(answer.possible),
            answer.label,
            "derived",
            answer.status,
            answer.anything,
            answer.origin,
        )
        if (entity, attribute) in self.explained:
            found.seen = True
            if self._passes_on(answer, firings):  # so short that it is told again
                found.passes_on, found.parts = (
                    True,
                    [self._part(each, "decided", deep=False) for each in firings],
                )
            return found
        self.explained.add((entity, attribute))
        found.passes_on = self._passes_on(answer, firings)
        found.judgement, found.in_conflict, found.missing = (
            answer.judgement,
            answer.in_conflict,
            answer.missing,
        )
        if answer.origin == "supplied":
            found.supplied_from = next(
                (
                    each.origin
                    for each in self.decision.supplied
                    if (each.entity, each.attribute) == (entity, attribute)
                ),
                "",
            )
        found.parts = [
            self._part(each, self._role(each, answer)) for each in self._shown(firings, answer)
        ]
        if self.considering is not None and not found.passes_on and answer.origin != "supplied":
            self._consider(found, self.considering, answer, firings)
        elif found.otherwise:
            found.considered = [
                self._not_fired(each, answer) for firing in firings for each in firing.none_of_these
            ]
        return found

    def _not_fired(self, rule: NotFired, answer: Answer) -> Part:
        """A rule that kept out of the way of `otherwise`."""
        firing = FiringShown(
            0,
            0,
            answer.entity,
            answer.attribute,
            rule.rule,
            "value",
            "fired",
            rule.conclusion,
            conditions=rule.conditions,
        )
        return self._part(firing, "did not fire")

    def _own_word(self, read: Read, reader: str) -> Explained:
        """A principle's own word, as the use of it knows the word that the rule `reader` belongs
        to.
        """
        firings = self.firings[read.entity, read.attribute]
        own = [each for each in firings if use_of(each.rule) == use_of(reader)] or firings
        found = Explained(
            read.entity, read.attribute, read.values, kind="own word", anything=read.anything
        )
        found.parts = [self._part(each, self._role(each, None), deep=False) for each in own]
        return found

    def _passes_on(self, answer: Answer, firings: list[FiringShown]) -> bool:
        """Whether one rule only hands on a fact that people entered, or the default of one."""
        if self.everything or answer.judgement or answer.origin == "supplied" or len(firings) != 1:
            return False
        only = firings[0]
        if (
            only.conditions
            or only.effect != "value"
            or len(only.reads) != 1
            or only.status != "fired"
            or only.interpretations
        ):
            return False
        return (only.reads[0].entity, only.reads[0].attribute) not in self.answers

    def _shown(self, firings: list[FiringShown], answer: Answer | None) -> list[FiringShown]:
        if self.everything or answer is None:
            return firings
        wanted = {*answer.decided_by, *answer.limited_by, *answer.in_conflict}
        return [each for each in firings if each.rule in wanted]

    def _role(self, firing: FiringShown, answer: Answer | None) -> Role:
        if firing.defeated_by:
            return "defeated"
        if answer is not None and firing.rule in answer.in_conflict:
            return "disagreed"
        if firing.effect == "limit":
            return (
                "without effect"
                if not firing.lowers
                else "limited"
                if firing.status == "fired"
                else "may limit"
            )
        if answer is not None and firing.rule not in answer.decided_by:
            return "without effect"
        return "decided" if firing.status == "fired" else "may decide"

    def _consider(
        self, found: Explained, considering: Considering, answer: Answer, firings: list[FiringShown]
    ) -> None:
        """The rules without a part: those that fired, then those that did not; by default those
        that could have mattered.
        """
        entity = considering.entities[answer.entity]
        node = considering.node(entity, answer.attribute)
        if node is None:
            return
        above = considering.above(node, considering.settled(entity, node))
        had_a_part = {each.rule for each in found.parts}
        others = [each for each in firings if each.rule not in had_a_part]
        found.considered = [
            self._part(each, self._role(each, answer), deep=False) for each in others
        ]
        nothing_decided = not answer.decided_by or (
            node.otherwise is not None and node.otherwise.id in answer.decided_by
        )
        for rule in considering.silent(entity, node):
            limit = rule.effect == "limit"
            mattered = (limit and considering.would_lower(rule, entity, node)) or (
                not limit and (rule.id in above or nothing_decided)
            )
            if self.everything or mattered:
                followed = (found.otherwise or found.none_fired) and not limit
                part = self._part(
                    considering.firing(rule, entity, node), "did not fire", deep=followed
                )
                part.overrides = rule.id in above
                found.considered.append(part)

    # -- rules

    def _part(self, firing: FiringShown, role: Role, deep: bool = True) -> Part:
        status: Literal["fired", "may fire", "did not fire"] = (
            "did not fire" if role == "did not fire" else firing.status
        )
        part = Part(
            firing.rule,
            role,
            firing.effect,
            status,
            firing.conclusion,
            firing.gives,
            firing.defeated_by,
        )
        known = self.considering.rule_of(firing) if self.considering is not None else None
        conditions: tuple[Condition | None, ...] = (
            known[1].conditions if known else (None,) * len(firing.conditions)
        )
        at = known[0] if known else None
        silent = role == "did not fire"  # then only what failed is followed
        part.conditions = [
            self._condition(
                shown,
                written,
                at,
                firing.rule,
                deep and not (silent and shown.status == "met"),
                silent,
            )
            for shown, written in zip(firing.conditions, conditions, strict=False)
        ]
        part.looked_at = [self._seen(each, firing.rule, deep) for each in firing.reads]
        left_out = (
            self.considering.left_out_of_value(known[1], known[0])
            if self.considering is not None and known
            else []
        )
        for number, (count, out) in enumerate(
            zip_longest(firing.counts, left_out[: len(firing.counts)])
        ):
            if count not in firing.counts[:number]:  # the sum and the number of the same items
                part.counts.append(self._counted(count, deep, out))
        part.sources = firing.sources
        part.rests_on = [self._assumption(each) for each in firing.interpretations]
        if known is not None:
            self._in_the_program(part, *known)
        return part

    def _in_the_program(self, part: Part, entity: Entity, rule: Rule) -> None:
        assert self.considering is not None
        part.place = str(rule.place)
        if rule.value is not None:
            part.parameters = self.considering.parameters(rule.value)
            part.workings = self.considering.workings(rule.value, entity)

    def _assumption(self, name: str) -> Assumption:
        known = self.assumptions.get(name)
        if (
            known is None
            and self.considering is not None
            and name in self.considering.program.interpretations
        ):
            written = self.considering.program.interpretations[name]
            known = self.assumptions[name] = Assumption(
                name, written.assumed, written.mark or "assumed"
            )
        return known or Assumption(name)

    def _condition(
        self,
        shown: ConditionMet,
        written: Condition | None,
        at: Entity | None,
        rule: str,
        deep: bool,
        silent: bool = False,
    ) -> ConditionShown:
        found = ConditionShown(shown.text, shown.status, because=shown.because, period=shown.period)
        if self.considering is not None and written is not None and at is not None:
            stands = self.considering.measure(written, at)
            found.kind, found.about, found.actual, found.needed, found.steps = (
                stands.kind,
                stands.about,
                stands.actual,
                stands.needed,
                stands.steps,
            )
            if not shown.parts:
                found.parameters = self.considering.parameters(written.body)
                named = dict.fromkeys(
                    name for each in found.parameters for name in each.interpretations
                )
                found.assumptions = [self._assumption(each) for each in named]
        parts = (
            written.body.parts if written is not None and isinstance(written.body, Joined) else ()
        )
        inner: tuple[Condition | None, ...] = parts or (None,) * len(shown.parts)
        found.parts = [
            self._condition(part, each, at, rule, deep, silent)
            for part, each in zip(shown.parts, inner, strict=True)
        ]
        found.looked_at = [self._seen(each, rule, deep) for each in shown.reads]
        left_out = (
            self.considering.left_out_of_condition(written, at)
            if self.considering is not None and written and at
            else []
        )
        found.counts = [
            self._counted(each, deep, out, silent)
            for each, out in zip_longest(shown.counts, left_out[: len(shown.counts)])
        ]
        return found

    def part_of(self, firing: FiringShown) -> Part:
        """A rule that did not fire, with its conditions; nothing below them."""
        return self._part(firing, "did not fire", deep=False)

    # -- what they looked at

    def _seen(self, read: Read, rule: str, deep: bool = True) -> AttributeSeen:
        seen = self._value(read)
        where = (read.entity, read.attribute)
        if where in self.answers:
            seen.below = self._why(*where) if deep else None
        elif where in self.firings:
            seen.below = self._own_word(read, rule)
        return seen

    def shallow(
        self, reads: list[Read], counts: list[tuple[Count, LeftOut]], rule: str
    ) -> tuple[list[AttributeSeen], list[CountShown]]:
        """What a rule looked at, without why it is so."""
        return [self._seen(each, rule, deep=False) for each in reads], [
            self._counted(each, False, out) for each, out in counts
        ]

    def _value(self, read: Read) -> AttributeSeen:
        seen = AttributeSeen(read.entity, read.attribute, read.values, read.anything)
        if (read.entity, read.attribute) in self.answers or (
            read.entity,
            read.attribute,
        ) in self.firings:
            return seen
        if self.considering is not None:
            how, seen.origin, seen.place = self.considering.fact(read)
            seen.how = how  # type: ignore[assignment]
        elif any(
            words.startswith(f"{read.attribute} of ") for words in self.relied.get(read.entity, ())
        ):
            seen.how = "default"
        elif read.values == ["missing"]:
            seen.how = "missing"
        return seen

    def _counted(
        self, count: Count, deep: bool, left_out: LeftOut | None = None, silent: bool = False
    ) -> CountShown:
        """The items of a count. silent: of a rule that did not fire, which may be because too few
        counted.
        """
        lists = [
            [self._value(each) for each in reads]
            for reads in (count.counted, count.not_counted, count.passed_over, count.undecided)
        ]
        found = CountShown(lists[0], lists[1], lists[2], lists[3], count.at_most)
        for item in (*found.passed_over, *found.undecided):
            item.left_out_by = [
                self._left_out_by(each, deep)
                for each in (left_out or {}).get(item.entity, ())
                if (each.entity, each.attribute) != (item.entity, item.attribute)
            ]
        if not deep:
            return found
        off_the_scale = [each for each in found.passed_over if each.values and not each.left_out_by]
        followed = [
            *found.counted,
            *found.undecided,
            *(found.not_counted if self.everything or silent else ()),
            *off_the_scale,
        ]
        derived = [each for each in followed if (each.entity, each.attribute) in self.answers]
        for each in derived:  # first, so that what is only handed on stands in the list itself
            if self._is_simple(each):
                each.below = self._why(each.entity, each.attribute)
        for each in derived:
            if each.below is None and (each.entity, each.attribute) not in self.explained:
                each.below = self._why(each.entity, each.attribute)
        return found

    def _left_out_by(self, read: Read, deep: bool) -> AttributeSeen:
        seen = self._value(read)
        if deep and (read.entity, read.attribute) in self.answers:
            seen.below = self._why(read.entity, read.attribute)
        return seen

    def _is_simple(self, seen: AttributeSeen) -> bool:
        where = (seen.entity, seen.attribute)
        return self._passes_on(self.answers[where], self.firings.get(where, []))


def use_of(rule: str) -> tuple[str, str]:
    """The principle of a rule and its use: `aggregation.threshold[2]@location.safe` is of
    `aggregation`, at `location.safe`.
    """
    return rule.partition(".")[0], rule.partition("@")[2]
