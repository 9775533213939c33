"""A set of changes that was found, answered again by both engines and put in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rulewright.decision.answered import Answered
from rulewright.decision.running import run
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.entities import with_facts
from rulewright.ir.nodes import Kind
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Attribute
from rulewright.solver.open_facts import Present
from rulewright.syntax.errors import EngineError

from .goals import Goal
from .possible_values import in_words, includes
from .record import ChangedFact, Proposal

Place = tuple[int, str]


@dataclass(frozen=True)
class ChangedCase:
    """A case with a set of changes: what both engines answer, and what the attribute really may be
    then (`None`: not known).
    """

    case: Case
    result: Trace
    values: Mapping[Place, Value]
    really: list[Value] | None

    @cached_property
    def by_kind(self) -> dict[Kind, list[Entity]]:
        """The entities of the case by their kind."""
        found: dict[Kind, list[Entity]] = {}
        for entity in self.case.entities:
            found.setdefault(Kind.of(entity), []).append(entity)
        return found


def changed(
    answered: Answered,
    place: Place,
    goal: Goal,
    values: dict[Place, Value],
    really: Sequence[Value] | None,
) -> ChangedCase:
    """The case with changes that were found.

    Raises `EngineError` where the engines do not confirm what they give.
    """
    case = with_facts(answered.case, values)
    result = run(answered.program, case, answered.as_at, answered.parameters)[0]
    possible = result.settled[place].possible
    if really is None and possible.determined:
        really = [possible.value]
    confirmed = really is None or (
        goal.reached(really) and all(includes(possible, each) for each in really)
    )
    if not confirmed or (possible.determined and really != [possible.value]):
        raise EngineError(
            f"the engines do not confirm a change of `{case.entities[place[0]].path} > {place[1]}` that was found"
        )
    return ChangedCase(case, result, values, None if really is None else list(really))


def proposal(
    answered: Answered, place: Place, found: ChangedCase, words: list[ChangedFact], far: int
) -> Proposal:
    """A set of changes, with what it gives."""
    kind = (
        answered.program.vocabulary.entities[found.case.entities[place[0]].type]
        .attributes[place[1]]
        .type
    )
    if found.really is None:
        return Proposal(words, far, found.result.settled[place].possible.show(kind), perhaps=True)
    return Proposal(words, far, in_words(found.really, kind))


def changed_fact(entity: Entity, attribute: Attribute, now: Present, then: Value) -> ChangedFact:
    """A change in words."""
    is_now = "missing" if now.missing else attribute.show(now.possible.value)
    restated = not now.missing and not now.stated and now.possible.value == then
    if not now.missing and not now.stated:
        is_now += " (not stated: the default)"
    return ChangedFact(
        entity.path,
        attribute.name,
        is_now,
        attribute.show(then) + (" (stated)" if restated else ""),
    )
