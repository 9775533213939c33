"""A case answered: what explanations, proposals of change and records start from."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.engines.registry import BOTH
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case, CaseText
from rulewright.ir.program import Program
from rulewright.ir.types import Value
from rulewright.version import __version__

from .outcome import FactPlace, MadeBy, Outcome
from .running import run

if TYPE_CHECKING:
    from .outcome import Decision


def _never(_rule: str) -> bool:
    return False


@dataclass(frozen=True)
class Answered:
    """One case under one policy, with the engines' result.

    text: the case as written; case: as it is read against the policy's words. as_at: the day of the
    decision. parameters: their values on that day; changed: those set for this run. note: why an
    engine is missing from `engines`. proposed: the facts that somebody changed to see what would
    follow, in words. gone: whether a rule is one of the policies that this one amends.
    """

    text: CaseText
    program: Program
    case: Case
    as_at: int
    parameters: dict[str, Value]
    changed: frozenset[str]
    choice: PolicyChoice
    result: Trace
    engines: list[str]
    note: str
    proposed: tuple[str, ...] = ()
    gone: Callable[[str], bool] = field(default=_never, compare=False)

    @cached_property
    def decision(self) -> Decision:
        """What was decided and why, in words."""
        from .builder import decide

        found = decide(
            self.program,
            self.case,
            self.as_at,
            self.parameters,
            self.changed,
            self.choice,
            self.result,
        )
        if self.proposed:
            found.not_a_rating.append(f"facts were changed: {'; '.join(self.proposed)}")
        return found

    @cached_property
    def made_by(self) -> MadeBy:
        """What made it, and where its rules and facts stand."""
        facts = []
        for entity in self.case.entities:
            attributes = self.program.vocabulary.entities[entity.type].attributes
            for name, fact in sorted(entity.facts.items()):
                facts.append(
                    FactPlace(entity.path, attributes[name].name, str(fact.place), fact.origin)
                )
        return MadeBy(
            self.engines,
            self.note,
            __version__,
            platform.python_version(),
            f"{platform.system()} {platform.machine()}",
            {rule.id: str(rule.place) for rule in self.program.rules},
            facts,
        )

    @property
    def outcome(self) -> Outcome:
        """The decision, with what it was made by."""
        return Outcome(self.decision, self.made_by)


def answer(
    text: CaseText,
    program: Program,
    case: Case,
    as_at: int,
    parameters: dict[str, Value],
    changed: frozenset[str],
    choice: PolicyChoice,
    engine: str = BOTH,
) -> Answered:
    """The case, answered by the engines asked for. Raises `EngineError`."""
    result, engines, note = run(program, case, as_at, parameters, engine)
    return Answered(text, program, case, as_at, parameters, changed, choice, result, engines, note)
