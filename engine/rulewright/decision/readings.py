"""Which other readings of a policy's interpretations would change what a case is given."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from rulewright.amendments.policy_selection import in_force_on
from rulewright.engines.changed_program import evaluate_again
from rulewright.engines.result import Trace
from rulewright.facts.cases import Case
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import KnownReading, Program
from rulewright.ir.types import Value
from rulewright.syntax.errors import EngineError

from .outcome import ChangedAnswer, OtherReading
from .running import run

MOST_TRIED = 30_000  # things of a case times readings: more take longer than a report should
TOO_LARGE = "the case is too large to try them for a report"


def too_large(readings: Sized, case: Case) -> bool:
    """Whether a case is too large for every reading to be tried while a report is made."""
    return len(readings) * len(case.entities) > MOST_TRIED


def try_readings(
    readings: Iterable[KnownReading],
    program: Program,
    case: Case,
    as_at: int,
    parameters: dict[str, Value],
    changed: frozenset[str],
    before: Trace,
) -> list[OtherReading]:
    """Each reading with the published answers that it changes. `before`: the answer under
    `program`.

    changed: the parameters set for this run; a reading does not touch them. What changes something
    is run through both engines. Raises `EngineError` when they disagree.
    """
    found = []
    for each in readings:
        own = {
            name: parameter.at(as_at) for name, parameter in each.variant.program.parameters.items()
        }
        own |= {name: parameters[name] for name in changed}
        after = evaluate_again(each.variant, case, as_at, own, before)
        changes = _changes(program, each.variant.program, case, before, after)
        if changes and run(each.variant.program, case, as_at, own)[0].settled != after.settled:
            raise EngineError(f"the reading `{each.name}` was not worked out as by the engines")
        changes += _in_force(program, each.variant.program, case, as_at)
        found.append(OtherReading(each.interpretation, each.mark, each.name, each.meaning, changes))
    return found


def _changes(
    program: Program, other: Program, case: Case, before: Trace, after: Trace
) -> list[ChangedAnswer]:
    found = []
    for entity in case.entities:
        kind = Kind.of(entity)
        attributes = program.vocabulary.entities[entity.type].attributes
        for name, attribute in attributes.items():
            if (
                NodeKey(*_of(kind), name) in program.published
                and NodeKey(*_of(kind), name) in other.published
            ):
                old, new = (
                    before.settled[entity.index, name].possible,
                    after.settled[entity.index, name].possible,
                )
                if old != new:
                    found.append(
                        ChangedAnswer(
                            entity.path,
                            attribute.name,
                            attribute.label or attribute.name,
                            old.show(attribute.type),
                            new.show(attribute.type),
                        )
                    )
    waiting = [each for each in program.withdrawals if each.once is not None]
    for withdrawal, was, now in zip(waiting, before.withdrawn, after.withdrawn, strict=True):
        if was.status != now.status:
            words = [
                ("as given earlier", "perhaps withdrawn", "withdrawn")[each.status]
                for each in (was, now)
            ]
            found.append(ChangedAnswer(case.root.path, "", withdrawal.text, words[:1], words[1:]))
    return found


def _in_force(program: Program, other: Program, case: Case, as_at: int) -> list[ChangedAnswer]:
    """Whether a reading of its dates leaves the policy in force on the day of the decision."""
    words = [
        ["in force" if in_force_on(each.since, each.until, as_at) else "not in force"]
        for each in (program, other)
    ]
    return (
        [ChangedAnswer(case.root.path, "", f"the policy `{program.policy}`", *words)]
        if words[0] != words[1]
        else []
    )


def _of(kind: Kind) -> tuple[str, str, str]:
    return kind.entity, kind.parent, kind.member
