"""What is left to show, as data: for those who write the scenarios that show it.

>>> from rulewright import Rules
>>> from rulewright.coverage import holes
>>> from rulewright.testing.runner import load_scenarios
>>> found = holes(Rules(), load_scenarios([Path("scenarios/legacy")]))
>>> all(each.policies == ("legacy",) for each in found)
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rulewright.facts.cases import CaseText
from rulewright.ir.nodes import Condition, Kind, NodeKey
from rulewright.syntax.errors import Place
from rulewright.syntax.models import ExceptionModel
from rulewright.workbench import Rules

from .points import Points, points
from .record import TAKES_EFFECT
from .runner import gather
from .written_rules import Path, UnrolledRule


@dataclass(frozen=True, slots=True)
class Use:
    """One rule, as unrolled, in which a hole may be filled.

    rule: its id, or what stands for the scope or a withdrawal of the policy. kind: what it is a
    rule of. node: the attribute that it decides; none for notes, warnings, scope and withdrawals.
    conditions: all that it has. path: where among these the condition is, and in the parts of
    joined ones; empty where the rule itself is to take effect.
    """

    rule: str
    kind: Kind
    node: NodeKey | None
    conditions: tuple[Condition, ...]
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that no scenario shows, though one might.

    rule: the rule, row, table or use as written. place: where the condition stands, or the rule.
    condition: its words; empty where the rule itself is to take effect. wanted: `met`, `not met`,
    `undecided` or `takes effect`, where it matters. uses: by policy, the rules in any one of which
    it may be shown.
    """

    rule: str
    place: Place
    condition: str
    wanted: str
    uses: tuple[tuple[str, tuple[Use, ...]], ...]

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies under any one of which it may be shown."""
        return tuple(policy for policy, _ in self.uses)


def holes(
    rules: Rules,
    scenarios: Iterable[CaseText],
    policy: str | None = None,
    exceptions: Iterable[ExceptionModel] = (),
    undecided: bool = False,
) -> list[Hole]:
    """What the scenarios leave uncovered, in order of place.

    Arguments and errors as for `coverage`.
    """
    return holes_of(points(gather(rules, scenarios, policy), list(exceptions), undecided))


def holes_of(found: Points) -> list[Hole]:
    """The holes in what was gathered before."""
    left = [
        Hole(
            point.owner,
            point.key.place,
            point.key.text,
            gap.what,
            tuple(
                (policy, tuple(_use(each, leaf.path) for each, leaf in held))
                for policy, held in sorted(point.held.items())
            ),
        )
        for point in found.conditions
        for gap in point.gaps
        if gap.counts
    ]
    left += [
        Hole(
            point.key.name,
            point.key.place,
            "",
            TAKES_EFFECT,
            tuple(
                (policy, tuple(_use(each, ()) for each in held))
                for policy, held in sorted(point.held.items())
            ),
        )
        for point in found.rules
        for gap in point.gaps
        if gap.counts
    ]
    return sorted(left, key=lambda hole: (hole.place, hole.condition, hole.wanted))


def _use(each: UnrolledRule, path: Path) -> Use:
    return Use(
        each.rule.id,
        each.kind,
        each.node.key if each.node is not None else None,
        each.rule.conditions,
        path,
    )
