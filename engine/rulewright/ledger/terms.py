"""The terms of a decision: what it needs besides program and case to be made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.decision.documents import document_as
from rulewright.decision.outcome import plain
from rulewright.ir.archive import value_read, value_written
from rulewright.ir.program import Program
from rulewright.ir.types import Value, parse_date, show_date
from rulewright.syntax.canonical import canonical_quickly

if TYPE_CHECKING:
    from rulewright.decision.answered import Answered

SCHEMA = "rulewright/terms/1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its value as archives write it (exact, unlike its words), and whether it was set
    for this run.
    """

    name: str
    value: str | bool | int | dict[str, str] | None
    set: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """A policy that was not chosen, and why."""

    policy: str
    reason: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The day of the decision, the policy chosen, how, and which were not, and all parameters."""

    as_at: str
    policy: str
    chosen: str
    rejected: list[Rejected]
    parameters: list[Parameter]

    def bytes(self) -> bytes:
        """The terms in canonical JSON."""
        return canonical_quickly({"schema": SCHEMA, **plain(self)})

    @property
    def day(self) -> int:
        """The day as engines count it. Raises `ValueError`."""
        day = parse_date(self.as_at)
        if day is None:
            raise ValueError(f"`{self.as_at}` is not a date")
        return day

    @property
    def choice(self) -> PolicyChoice:
        """The choice of the policy."""
        return PolicyChoice(
            self.policy, self.chosen, tuple((each.policy, each.reason) for each in self.rejected)
        )

    def parameters_of(self, program: Program) -> tuple[dict[str, Value], frozenset[str]]:
        """The values by the program's names for them, and those that were set.

        Raises `ValueError`.
        """
        values = {each.name: value_read(each.value) for each in self.parameters}
        if values.keys() != program.parameters.keys():
            raise ValueError("the parameters are not those of the program")
        return values, frozenset(each.name for each in self.parameters if each.set)


def terms_of(answered: Answered) -> Terms:
    """The terms on which a case was answered."""
    parameters = [
        Parameter(name, value_written(value), name in answered.changed)
        for name, value in sorted(answered.parameters.items())
    ]
    choice = answered.choice
    return Terms(
        show_date(answered.as_at),
        choice.policy,
        choice.by,
        [Rejected(*each) for each in choice.rejected],
        parameters,
    )


def terms_from(content: bytes) -> Terms:
    """The terms of a document. Raises `ValueError`."""
    return document_as(Terms, content, SCHEMA, "list of terms")
