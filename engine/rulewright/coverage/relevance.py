"""Whether something mattered in one case: the outcome would have been another, had this alone come
out otherwise.

Worked out where the rule stands: all other conditions are taken as they are in the case, the one is
turned round, and the attribute is settled again by the evaluator. What other attributes make
of it is left aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rulewright.decision.answered import Answered
from rulewright.engines.calculus import certain
from rulewright.engines.evaluator import Evaluation, judged
from rulewright.engines.result import MET, NOT_MET, Finding, Firing, Possible, Settled, Status
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Condition, Joined, Rule
from rulewright.ir.program import Node, Program
from rulewright.ir.types import Value

from .written_rules import Path


class Essence(NamedTuple):
    """What an outcome says of one attribute: its possible values, the rules that gave them, the
    limits that lowered them.

    overruled: whether a judgement has no effect.
    """

    possible: Possible
    decided_by: tuple[str, ...]
    limited_by: tuple[str, ...]
    overruled: Status


def essence(settled: Settled) -> Essence:
    """What counts of an attribute.

    Of a judged one: what the rules gave, which the outcome keeps.
    """
    ruled = settled if settled.ruled is None else settled._replace(possible=settled.ruled)
    return Essence(ruled.possible, tuple(ruled.deciding), tuple(ruled.limiting), ruled.overruled)


class Weighing(Evaluation):
    """One case under one program, and what would become of it if a single condition came out
    otherwise.
    """

    def __init__(
        self, program: Program, case: Case, as_at: int, parameters: dict[str, Value]
    ) -> None:
        super().__init__(program, case, as_at, parameters)
        self.imagined: dict[
            int, Firing | None
        ] = {}  # by identity: a rule's value and its limit have one id
        self._fired: dict[tuple[int, int], Firing | None] = {}
        # the rule that is imagined not to be overridden by one that does override it
        self._freed: int | None = None
        self._conflict = False  # whether the rules conflict, or may, as they are
        self._conflicts: dict[tuple[int, int], bool] = {}

    @classmethod
    def of(cls, answered: Answered) -> Weighing:
        """A case that the engine has answered."""
        found = cls(answered.program, answered.case, answered.as_at, answered.parameters)
        found.result = answered.result
        return found

    def fire(self, rule: Rule, entity: Entity) -> Firing | None:
        """The rule on this entity; where its coming out otherwise is imagined, that."""
        if id(rule) in self.imagined:
            return self.imagined[id(rule)]
        at = id(rule), entity.index
        if at not in self._fired:
            self._fired[at] = super().fire(rule, entity)
        return self._fired[at]

    def with_status(self, node: Node, entity: Entity, rule: Rule, status: Status) -> Settled:
        """An attribute, had one of its rules fired (`MET`), perhaps fired (`UNDECIDED`) or not
        fired.
        """
        gives = (
            self.value(rule.value, entity)
            if rule.value is not None and rule.effect == "value"
            else None
        )
        self.imagined = {
            id(rule): None if status == NOT_MET else Firing(rule.id, status, (), gives)
        }
        try:
            return self._settled(node, entity)
        finally:
            self.imagined = {}

    def without_override(self, node: Node, entity: Entity, above: int, below: int) -> Settled:
        """An attribute, did one of its rules not go before another one."""
        at = id(node), entity.index
        if at not in self._conflicts:
            self._conflicts[at] = self._ruled(node, entity).possible.conflict
        kept = (*node.above[:below], node.above[below] - {above}, *node.above[below + 1 :])
        self._freed, self._conflict = below, self._conflicts[at]
        try:
            return self._settled(replace(node, above=kept), entity)
        finally:
            self._freed = None

    def _may_conflict(self, node: Node, firings: dict[int, Firing], undefeated: list[int]) -> bool:
        """As ever; where one rule is imagined to be freed, only what it adds need be looked for."""
        if self._freed is None:
            return super()._may_conflict(node, firings, undefeated)
        if self._conflict or self._freed not in undefeated:
            return self._conflict
        return any(
            super(Weighing, self)._may_conflict(node, firings, sorted({other, self._freed}))
            for other in undefeated
        )

    def _settled(self, node: Node, entity: Entity) -> Settled:
        ruled, judgement = (
            self._ruled(node, entity),
            self.case.judged.get((entity.index, node.key.attribute)),
        )
        return (
            ruled
            if judgement is None
            else judged(node, ruled, certain(judgement.value, node.attribute.type))
        )

    def findings(self, rule: Rule, entity: Entity) -> list[Finding] | None:
        """What became of the conditions of a rule; `None` where two are not met: then no single one
        matters.
        """
        found: list[Finding] = []
        failed = False
        for condition in rule.conditions:
            finding = self.condition(condition, entity)
            if finding.status == NOT_MET:
                if failed:
                    return None
                failed = True
            found.append(finding)
        return found


def finding_at(findings: Sequence[Finding], path: Path) -> Finding:
    """What became of one condition of a rule, also inside a joined one."""
    found = findings[path[0]]
    for number in path[1:]:
        found = found.parts[number]
    return found


def status_with(
    conditions: tuple[Condition, ...], findings: Sequence[Finding], path: Path, status: Status
) -> Status:
    """Whether all of these conditions would be met, had the one at `path` come out as `status`."""
    turned = _turned(conditions[path[0]], findings[path[0]], path[1:], status)
    return min(
        turned, *(found.status for number, found in enumerate(findings) if number != path[0]), MET
    )


def _turned(condition: Condition, finding: Finding, path: Path, status: Status) -> Status:
    """What a condition comes to when the part at `path` comes out as `status`."""
    if not path:
        return status
    body = condition.body
    assert isinstance(body, Joined)
    number = path[0]
    statuses = [found.status for found in finding.parts]
    statuses[number] = _turned(body.parts[number], finding.parts[number], path[1:], status)
    joined = min(statuses) if body.kind == "all of" else max(statuses)
    return MET - joined if body.kind == "none of" else joined


def otherwise_than(status: Status) -> tuple[Status, ...]:
    """How else a condition could come out. An undecided one really is met or not met."""
    return (NOT_MET,) if status == MET else (MET,) if status == NOT_MET else (NOT_MET, MET)


__all__ = ["Essence", "Weighing", "essence", "finding_at", "otherwise_than", "status_with"]
