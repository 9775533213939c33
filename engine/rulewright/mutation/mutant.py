"""What a mutant is: one change of what is written, and what it does to each policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rulewright.ir.nodes import Condition, Kind, NodeKey, Rule
from rulewright.ir.program import ParameterValues, Withdrawal
from rulewright.syntax.errors import Place

# the attribute that a rule concludes, or the kind of entity that a note or warning is of
Where = NodeKey | Kind


@dataclass(slots=True)
class Effect:
    """What a mutant changes of one policy: rules (`None`: gone), or one of its other parts.

    without: the policy, and fields of it, of which one change is left out; all that has it is
    compiled anew.
    """

    rules: list[tuple[Where, Rule, Rule | None]] = field(default_factory=list)
    parameters: dict[str, ParameterValues] | None = None
    withdrawals: tuple[Withdrawal, ...] | None = None
    scope: tuple[Condition, ...] | None = None
    without: tuple[str, dict[str, Any]] | None = None


@dataclass(slots=True)
class Mutant:
    """The rulebook with one small change.

    operator: the kind of change. rule: the id of what is changed, as written. before, after: the
    words of the part that changes. what: the change in words. effects: what it changes, by policy.
    """

    operator: str
    rule: str
    place: Place
    detail: str
    what: str
    before: str
    after: str
    effects: dict[str, Effect] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Place, str, str, str]:
        """Tells it from all others, and where it stands among them."""
        return self.place, self.rule, self.operator, self.detail

    @property
    def sentence(self) -> str:
        """What is told of it when it survives."""
        return f"no scenario notices if {self.what}"
