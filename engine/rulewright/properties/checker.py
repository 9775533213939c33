"""Checking a declared property: proved for all cases of its space, or a case in which it does not
hold, asked of both engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from rulewright.ir.types import show_date
from rulewright.solver.numbers import NotExpressible
from rulewright.syntax.errors import InputError, Problem, Problems
from rulewright.syntax.text import place_of, text_of
from rulewright.workbench import Rules

from .case_writer import FoundCase
from .files import Declared
from .invariant import check_conditions
from .monotone import check_monotone
from .reachable import check_reachable
from .reader import Posed, pose
from .record import Checked
from .witnesses import SpaceQuestion

TOO_MUCH = "what it depends on has no formula of sensible size"


@dataclass(frozen=True)
class PropertyFinding:
    """What became of a property, and the cases that were found, for `writing`."""

    record: Checked
    posed: Posed
    found: list[FoundCase]


def check_all(rules: Rules, declared: Sequence[Declared]) -> list[PropertyFinding]:
    """What becomes of properties.

    Raises `InputError` with what is wrong in any of them, and as `check`.
    """
    problems = Problems()
    findings = []
    for each in declared:
        try:
            findings.append(check(rules, each))
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    return findings


def check(rules: Rules, declared: Declared) -> PropertyFinding:
    """What becomes of a property.

    Raises `InputError` with what is wrong in it (RW855 where its space has no case), `EngineError`
    where the engines do not confirm what the solver found.
    """
    return check_posed(pose(rules, declared))


def check_posed(posed: Posed) -> PropertyFinding:
    """The same, of a property that was read against its policy."""
    record = _record(posed)
    found: list[FoundCase] = []
    kind = posed.declared.kind
    try:
        with SpaceQuestion(posed) as question:
            found = question.found
            _refuse_empty(question)
            if kind == "monotone":
                check_monotone(question, record)
            elif kind == "reachable":
                check_reachable(question, record)
            else:
                check_conditions(question, record)
            _count(question, record)
    except NotExpressible:
        record.verdict, record.undecided = "undecided", TOO_MUCH
    return PropertyFinding(record, posed, found)


def _count(question: SpaceQuestion, record: Checked) -> None:
    """How many facts vary that the property may hang on, and in how many ways."""
    opened = question.facts.open
    record.open_facts, record.cases = (
        len(opened),
        prod(len(each.options) for each in opened.values()),
    )
    record.without_effect = len(question.posed.space.values) - len(opened)


def _record(posed: Posed) -> Checked:
    declared, model = posed.declared, posed.declared.model
    about = (
        [model.monotone or model.reachable or ""]
        if posed.attribute is not None
        else [each.text for each in posed.conditions]
    )
    return Checked(
        declared.name,
        declared.file,
        declared.place.line,
        posed.answered.program.policy,
        show_date(posed.answered.as_at),
        declared.kind,  # type: ignore[arg-type]
        [str(each) for each in about],
        model.expected == "yes",
        text_of(model.because or ""),
        "holds",
        conditions=bool(posed.limits),
        of=str(model.of or ""),
        reading=str(model.reading or ""),
    )


def _refuse_empty(question: SpaceQuestion) -> None:
    """Of no cases everything holds: that is a mistake. Raises `InputError` (RW855)."""
    if not question.asking.holds([question.inside]):
        declared = question.posed.declared
        raise InputError(
            Problem(
                place_of(declared.space.where, declared.space.place_),
                "RW855",
                f"no case of the space of `{declared.name}` surely meets its conditions",
                "see that they can hold together, and that the facts that they ask about are stated or open",
            )
        )
