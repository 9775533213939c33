"""What it takes for one rule to give an attribute a value, and whether that is enough: asked of the
engine again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from rulewright.decision.tracer import Trail, reached
from rulewright.engines.calculus import cap, certain
from rulewright.engines.evaluator import Evaluation, gives_of
from rulewright.engines.result import MET, Possible, Settled
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Noun, Rule
from rulewright.ir.program import Node
from rulewright.ir.types import Scale

from .candidates import Wanted, concluded, every_value
from .condition_needs import NeedsOfConditions
from .needs import Need, NeededAttribute, Some, UnnamedNeed, all_of, never, one_of
from .record import ObstacleKind
from .suppositions import Supposed, choices, is_so, narrowed

MOST_ROUNDS = 5
MOST_CHOICES = 12  # ways to meet what is needed, each tried


@dataclass(slots=True)
class Required:
    """What a rule needs. enough: whether all of it gives the value, `None` where that cannot be
    told.

    gives: what comes of it, if not the value. lowered_by: the limits that bring what the rule gives
    down to the value. would: what stands in the way only once the rest is so, and what it takes for
    that to fail. stays: what is as needed, and has to stay so. impossible: what is needed cannot
    all be so.
    """

    needs: list[Need] = field(default_factory=list)
    enough: bool | None = None
    gives: Possible | None = None
    lowered_by: list[str] = field(default_factory=list)
    would: list[tuple[ObstacleKind, str, Need]] = field(default_factory=list)
    stays: list[Need] = field(default_factory=list)
    impossible: bool = False

    @property
    def every_need(self) -> list[Need]:
        """All that it takes."""
        return [*self.needs, *(need for _, _, need in self.would)]


class Requiring:
    """Works out what rules need in one case."""

    def __init__(self, evaluation: Evaluation, trail: Trail) -> None:
        self.evaluation, self.trail = evaluation, trail

    def of(
        self, rule: Rule | None, node: Node, entity: Entity, wanted: Wanted, settled: Settled
    ) -> Required:
        """What it takes for the rule (`None`: for no rule at all) to give the value.

        `settled`: as the engines answered.
        """
        asked = _Asked(self.evaluation, self.trail, rule, node, entity, wanted)
        base = asked.to_fire(settled)
        tried = [asked.along(base, path) for path in asked.paths(base)]
        if not tried:
            return Required(
                [*base, UnnamedNeed(f"{node.attribute.name} {wanted.words}", never=True)],
                impossible=True,
            )
        good = (
            [each for each in tried if each.enough]
            or [each for each in tried if each.enough is None and not each.impossible]
            or tried[:1]
        )
        simple = next((each for each in good if each.every_need == base), None)
        if simple is not None or len(good) == 1:
            return simple or good[0]
        together = one_of(
            all_of(need for need in each.every_need if need not in base) for each in good
        )
        return Required([*base, *([together] if together is not None else [])], good[0].enough)


@dataclass(frozen=True, slots=True)
class _Path:
    """How what a rule gives becomes the value. value: what is copied, as it has to be; limit: that
    lowers it.
    """

    value: NeededAttribute | None = None
    limit: Rule | None = None


class _Asked:
    """One rule and one value, asked about."""

    def __init__(
        self,
        evaluation: Evaluation,
        trail: Trail,
        rule: Rule | None,
        node: Node,
        entity: Entity,
        wanted: Wanted,
    ) -> None:
        self.evaluation, self.trail = evaluation, trail
        self.rule, self.node, self.entity, self.wanted = rule, node, entity, wanted

    def to_fire(self, settled: Settled) -> list[Need]:
        """What it takes for the rule to fire, as things are; of `otherwise` and of no rule at all,
        for the others not to.
        """
        needs = NeedsOfConditions(self.evaluation, self.trail)
        if self.rule is None or self.rule is self.node.otherwise:
            firing = {each.rule for each in settled.firings}
            found = all_of(
                needs.to_fail(each, self.entity) for each in self.node.rules if each.id in firing
            )
        else:
            found = needs.to_fire(self.rule, self.entity)
        return [found] if found is not None else []

    def paths(self, base: list[Need]) -> list[_Path]:
        """The value itself, and each limit that may bring another value down to it."""
        rule, kind = self.rule, self.node.attribute.type
        if rule is None or rule.effect == "limit":
            return [_Path()]
        leaf = self._copied(rule.value) if isinstance(rule.value, Noun) else None
        given = concluded(rule, self.evaluation)
        found = (
            [_Path(leaf)] if leaf is not None or given is None or self.wanted.has(given[0]) else []
        )
        if leaf is not None and leaf.wanted.impossible:
            found = []
        for limit in self.node.limits if isinstance(kind, Scale) else ():
            assert limit.value is not None
            bound = self.evaluation.value(limit.value, self.entity).value
            higher = [
                each
                for each in every_value(kind)
                if not self.wanted.has(each)
                and self.wanted.holds(cap(certain(each, kind), bound, kind))
            ]
            if leaf is not None and higher:
                found.append(_Path(narrowed(leaf, tuple(higher)), limit))
            elif given is not None and given[0] in higher:
                found.append(_Path(None, limit))
        return found

    def _copied(self, noun: Noun) -> NeededAttribute | None:
        """That what is copied has the value; `None` for a principle's own word, which is worked out
        anew.
        """
        holder = reached(noun.reach, self.entity)
        declared = self.evaluation.program.vocabulary.entities[holder.type].attributes.get(
            noun.attribute
        )
        if declared is None or declared.hidden:
            return None
        wanted = (
            self.wanted.stated()
            if declared.given and not declared.may_have_no_value
            else self.wanted
        )
        return NeededAttribute(holder, noun.attribute, noun.type, wanted)

    def along(self, base: list[Need], path: _Path) -> Required:
        """What it takes along one path, and what comes of it."""
        found = Required(list(base))
        if path.limit is not None:
            acting = NeedsOfConditions(self.evaluation, self.trail).to_fire(path.limit, self.entity)
            found.needs += [acting] if acting is not None else []
        if path.value is not None:
            there = is_so(path.value, self.evaluation)
            (found.stays if there else found.needs).append(path.value)
        for _ in range(MOST_ROUNDS):
            came = self._supposed(found)
            if came is None or not self._add_what_blocks(found, path, *came):
                break
        if found.enough:
            self._leave_out_what_fails(found)
        elif found.enough is None:
            found.impossible = any(map(never, found.every_need)) or not any(
                map(_unsaid, found.every_need)
            )
        return found

    def _leave_out_what_fails(self, found: Required) -> None:
        """Leave out the choices with which the value does not come, however the rest is met."""
        found.needs = [
            self._pruned(need, [each for each in found.every_need if each is not need], found)
            for need in found.needs
        ]
        found.would = [
            (
                kind,
                name,
                self._pruned(need, [each for each in found.every_need if each is not need], found),
            )
            for kind, name, need in found.would
        ]

    def _pruned(self, need: Need, others: list[Need], found: Required) -> Need:
        if not isinstance(need, Some):
            return need
        if need.every and not need.words:
            parts = list(need.parts)
            for number, each in enumerate(parts):
                parts[number] = self._pruned(
                    each, [*others, *parts[:number], *parts[number + 1 :]], found
                )
            return all_of(parts) or need
        if need.number != 1 or need.words:
            return need
        left = [each for each in need.parts if self._works([*others, each, *found.stays])]
        return one_of(left) or need

    def _works(self, needs: list[Need]) -> bool:
        for values in islice(choices(needs, self.evaluation), MOST_CHOICES):
            if self._is_given(
                Supposed(self.evaluation, values).given_by_rules(self.node, self.entity)
            ):
                return True
        return False

    def _supposed(self, found: Required) -> tuple[Supposed, Settled] | None:
        """What comes of it with the needs met; `None` where it cannot be told, or where it is
        enough.
        """
        first: tuple[Supposed, Settled] | None = None
        for values in islice(
            choices([*found.every_need, *found.stays], self.evaluation), MOST_CHOICES
        ):
            supposed = Supposed(self.evaluation, values)
            then = supposed.given_by_rules(self.node, self.entity)
            if self._is_given(then):
                found.enough, found.gives = True, None
                given = [gives_of(each) for each in then.undefeated if each.gives is not None]
                found.lowered_by = (
                    then.limiting if any(not self.wanted.holds(each) for each in given) else []
                )
                return None
            first = first or (supposed, then)
        found.enough = None if first is None else False
        found.gives = first[1].possible if first is not None else None
        return first

    def _is_given(self, then: Settled) -> bool:
        """Whether the value came, and of this rule."""
        if not (then.possible.determined and self.wanted.has(then.possible.value)):
            return False
        if self.rule is None or self.rule.effect == "limit":
            return True
        return any(
            each.rule == self.rule.id and each.status == MET and not each.defeated
            for each in then.firings
        )

    # -- what would be in the way then

    def _add_what_blocks(
        self, found: Required, path: _Path, supposed: Supposed, then: Settled
    ) -> bool:
        """What would stand in the way then has to fail as well. Whether there is such a thing."""
        needs, more = NeedsOfConditions(supposed, self.trail), False
        for kind, other in self._blocking(path, then, supposed):
            need = self._agreeing(needs.to_fail(other, self.entity), found)
            if need is not None and need not in found.every_need:
                found.would.append((kind, other.id, need))
                more = True
        return more

    def _agreeing(self, need: Need | None, found: Required) -> Need | None:
        """A need without the choices that go against the others."""
        if not isinstance(need, Some) or need.number != 1:
            return need
        said = [each for each in (*found.every_need, *found.stays) if not _unsaid(each)]
        left = [each for each in need.parts if _unsaid(each) or self._still_fires([*said, each])]
        return one_of(left) if left else need

    def _still_fires(self, needs: list[Need]) -> bool:
        """Whether needs agree with each other, and with the conditions of the rule itself."""
        for values in islice(choices(needs, self.evaluation), MOST_CHOICES):
            fires = (
                self.rule is None or self.rule is self.node.otherwise or self.rule.effect == "limit"
            )
            if fires or Supposed(self.evaluation, values).fire(self.rule, self.entity) is not None:  # type: ignore[arg-type]
                return True
        return False

    def _blocking(
        self, path: _Path, then: Settled, supposed: Supposed
    ) -> Iterator[tuple[ObstacleKind, Rule]]:
        rule, node = self.rule, self.node
        rules = {each.id: each for each in node.every_rule}
        index = {each.id: i for i, each in enumerate(node.rules)}
        own = index.get(rule.id) if rule is not None else None
        for firing in then.firings:
            other = rules[firing.rule]
            if other is rule or other is node.otherwise:
                continue
            if own is None:
                yield ("fires" if firing.status == MET else "may fire"), other
            elif index[other.id] in node.above[own]:
                yield ("would be defeated by" if firing.status == MET else "may fire"), other
            elif (
                own not in node.above[index[other.id]]
                and not firing.defeated
                and not self.wanted.holds(gives_of(firing))
            ):
                yield ("would disagree with" if firing.status == MET else "may fire"), other
        for limit in then.limits:
            if rules[limit.rule] not in (rule, path.limit) and self._lowers_too_far(
                rules[limit.rule], path, then, supposed
            ):
                yield (
                    ("would be limited by" if limit.status == MET else "may be limited by"),
                    rules[limit.rule],
                )

    def _lowers_too_far(self, limit: Rule, path: _Path, then: Settled, supposed: Supposed) -> bool:
        """Whether a limit leaves nothing of what is wanted of what is given then."""
        assert limit.value is not None
        kind = self.node.attribute.type
        given = [gives_of(each) for each in then.undefeated if each.gives is not None]
        if path.limit is not None and path.limit.value is not None:
            given = [
                cap(each, supposed.value(path.limit.value, self.entity).value, kind)
                for each in given
            ]
        wanted = [each for each in given if self.wanted.holds(each)] or [
            certain(value, kind) for value in self.wanted.values
        ]
        bound = supposed.value(limit.value, self.entity).value
        return all(not self.wanted.holds(cap(each, bound, kind)) for each in wanted)


def _unsaid(need: Need) -> bool:
    """Whether part of a need is not the value of an attribute."""
    return isinstance(need, UnnamedNeed) or (
        isinstance(need, Some) and any(map(_unsaid, need.parts))
    )
