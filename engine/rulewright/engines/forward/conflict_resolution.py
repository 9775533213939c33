"""Between layers: overrides, conflicts, `otherwise`, limits and judgements, from the rules that
fired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulewright.engines.result import MET, UNDECIDED, Finding, Firing, Possible, Settled, Status
from rulewright.facts.cases import Entity
from rulewright.ir.program import Node
from rulewright.ir.types import Number, Type

from .conditions import ConditionPlan, finding_of
from .expressions import PlannedExpression
from .value_sets import MARKS, Held, Notation, NumberSpan, marks_of

if TYPE_CHECKING:
    from .engine import Run

Fired = Mapping[int, Status]  # by place among the rules of a node, its limits after them


@dataclass(frozen=True, slots=True, eq=False)
class RulePlan:
    """A rule, ready to be fired on any entity. `gives`: its conclusion; of a limit, the limit."""

    id: str
    conditions: tuple[ConditionPlan, ...]
    gives: PlannedExpression | None

    def findings(self, run: Run, here: Entity) -> tuple[Finding, ...]:
        """What became of each condition."""
        return tuple([finding_of(run, each, here) for each in self.conditions])


@dataclass(frozen=True, slots=True, eq=False)
class NodePlan:
    """A derived attribute of one kind of entity, ready to be settled.

    sure: inputs that leave no gap between rules. at_rest: what it is where no rule fires, when that
    is always the same. voiding: the places of the rules under which a judgement has no effect.
    """

    node: Node
    notation: Notation
    rules: tuple[RulePlan, ...]
    otherwise: RulePlan | None
    sure: tuple[tuple[tuple[PlannedExpression, Type | None], ...], ...]
    at_rest: tuple[Held, Settled] | None
    voiding: tuple[int, ...]


def at_rest(notation: Notation, otherwise: RulePlan | None) -> tuple[Held, Settled] | None:
    """What an attribute is where no rule fires and no limit: *no value*, or what is written under
    `otherwise`.
    """
    if otherwise is None:
        return notation.nothing, Settled(notation.show(notation.nothing), "rules")
    if otherwise.gives is None or otherwise.gives.written is None:
        return None
    held = otherwise.gives.written
    firing = Firing(otherwise.id, MET, (), _shown(otherwise, held))
    return held, Settled(notation.show(held), "otherwise", (firing,))


def settle(run: Run, plan: NodePlan, here: Entity, fired: Fired) -> tuple[Held, Settled]:
    """The possible values of one attribute of one entity, and how they came about."""
    at = (here.index, plan.node.key.attribute)
    notation = plan.notation
    supplied = run.case.supplied.get(at)
    if supplied is not None:
        held = notation.hold(supplied.value)
        return held, Settled(notation.show(held), "supplied")
    rest = plan.at_rest if not fired else None
    held, settled = rest if rest is not None else _ruled(run, plan, here, fired)
    judgement = run.case.judged.get(at)
    if judgement is None:
        return held, settled
    return _judged(plan, fired, settled, held, notation.hold(judgement.value))


def _judged(
    plan: NodePlan, fired: Fired, settled: Settled, held: Held, judged: Held
) -> tuple[Held, Settled]:
    """A judgement in place of what the rules gave, unless a rule that fires voids it; beside it
    where one may fire.
    """
    notation, ruled = plan.notation, settled.possible
    voided = [fired[place] for place in plan.voiding if place in fired]
    if not voided:
        return judged, Settled(
            notation.show(judged), "judged", settled.firings, settled.limits, ruled
        )
    surely = MET in voided
    held = held if surely else notation.join([held, judged])
    overruled = MET if surely else UNDECIDED
    return held, Settled(
        notation.show(held), settled.origin, settled.firings, settled.limits, ruled, overruled
    )


def _ruled(run: Run, plan: NodePlan, here: Entity, fired: Fired) -> tuple[Held, Settled]:
    node, notation = plan.node, plan.notation
    count = len(node.rules)
    acting = sorted([place for place in fired if place < count])
    gives = {place: run.read(plan.rules[place].gives, here) for place in acting}
    fires = frozenset([place for place in acting if fired[place] == MET])
    standing = [place for place in acting if not node.above[place] & fires] if fires else acting
    origin, firings = "rules", []
    for place in acting:
        rule = plan.rules[place]
        shown = _shown(rule, gives[place])
        firings.append(
            Firing(rule.id, fired[place], rule.findings(run, here), shown, place not in standing)
        )
    parts = [gives[place] for place in standing]
    if not fires and not (
        acting and any(_leaves_no_gap(run, inputs, here) for inputs in plan.sure)
    ):
        fallback = plan.otherwise
        parts.append(notation.nothing if fallback is None else run.read(fallback.gives, here))
        if fallback is not None:
            origin = "otherwise"
            firings.append(
                Firing(fallback.id, UNDECIDED if standing else MET, (), _shown(fallback, parts[-1]))
            )
    if len(fires) > 1 and _in_conflict(
        node, notation, fired, gives, [each for each in standing if each in fires]
    ):
        held = notation.conflict
    else:
        held = notation.join(parts) if len(parts) > 1 else parts[0]
        if len(standing) > 1 and _may_disagree(node, notation, gives, standing):
            held = notation.clash(held)
    limits: tuple[Firing, ...] = ()
    if len(acting) < len(fired):
        held, limits = _limited(run, plan, here, fired, held)
    return held, Settled(notation.show(held), origin, tuple(firings), limits)


def _shown(rule: RulePlan, held: Held) -> Possible:
    assert rule.gives is not None
    return rule.gives.notation.show(held)


def _leaves_no_gap(
    run: Run, inputs: tuple[tuple[PlannedExpression, Type | None], ...], here: Entity
) -> bool:
    """Whether every input surely has a value, and one of its declared range."""
    for each, kind in inputs:
        held = run.read(each, here)
        if marks_of(held) & MARKS:
            return False
        if isinstance(held, NumberSpan) and isinstance(kind, Number):
            if kind.low is not None and held.low < kind.low:
                return False
            if kind.high is not None and held.high > kind.high:
                return False
    return True


def _in_conflict(
    node: Node, notation: Notation, fired: Fired, gives: Mapping[int, Held], standing: list[int]
) -> bool:
    """Whether two rules that fire, none above them even perhaps, have no value in common."""
    free = [place for place in standing if not any(above in fired for above in node.above[place])]
    return any(
        notation.disjoint(gives[one], gives[other])
        for start, one in enumerate(free)
        for other in free[start + 1 :]
    )


def _may_disagree(
    node: Node, notation: Notation, gives: Mapping[int, Held], standing: list[int]
) -> bool:
    """Whether two rules, neither above the other, may give different values."""
    for start, one in enumerate(standing):
        for other in standing[start + 1 :]:
            if (one, other) in node.apart or one in node.above[other] or other in node.above[one]:
                continue
            if gives[one] != gives[other] or not notation.single(gives[one]):
                return True
    return False


def _limited(
    run: Run, plan: NodePlan, here: Entity, fired: Fired, held: Held
) -> tuple[Held, tuple[Firing, ...]]:
    """Limits that fire lower what is above them; those that may fire add what they would leave."""
    count, notation = len(plan.node.rules), plan.notation
    acting = sorted(place for place in fired if place >= count)
    limits = {place: run.read(plan.rules[place].gives, here) for place in acting}
    capped = held
    for place in acting:
        if fired[place] == MET:
            capped = notation.cap(capped, limits[place])
    parts, firings = [capped], []
    for place in acting:
        before = held if fired[place] == MET else capped
        after = notation.cap(before, limits[place])
        if fired[place] != MET:
            parts.append(after)
        rule = plan.rules[place]
        findings = rule.findings(run, here)
        firings.append(Firing(rule.id, fired[place], findings, None, lowers=after != before))
    return notation.join(parts), tuple(firings)
