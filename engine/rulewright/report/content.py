"""From a case that was answered to all that a report says of it."""

from __future__ import annotations

from rulewright.decision.answered import Answered
from rulewright.decision.outcome import Answer, OtherReading
from rulewright.explain.what_if import what_if
from rulewright.explain.why import why
from rulewright.explain.why_not import why_not
from rulewright.ir.types import Scale
from rulewright.syntax.text import key

from .citations import named
from .record import Recorded, Report

MOST_CHANGES = 20  # of the smallest changes, of which the page tells those of one fact together


def gather(
    answered: Answered,
    canonical: str,
    readings: list[OtherReading] | None = None,
    recorded: Recorded | None = None,
    why_untried: str = "the rulebook is not at hand",
) -> Report:
    """All that a report says. readings: the other readings tried, absent where they were not, for a
    reason. Raises `EngineError`.
    """
    decision = answered.decision
    answers = reported(answered)
    paths = [f"{each.entity} > {each.attribute}" for each in answers]
    explanations = [each for path in paths for each in why(answered, path)]
    main = answers[0] if answers else None
    wanted = _next_better(answered, main) if main is not None else ""
    better = why_not(answered, paths[0], wanted)[0] if wanted else None
    hinges = (
        what_if(answered, paths[0], most=MOST_CHANGES)[0]
        if main is not None and main.status != "conflict"
        else None
    )
    cited = named(answered.program, decision.firings, decision.not_published, explanations, better)
    relied_on = {each.id for each in decision.interpretations if not each.not_fired}
    besides = cited.besides(relied_on)
    named_here = relied_on.union(each.id for each in besides)
    kept = answered.program.interpretations.values()
    untried = (
        {each.id: each.readings for each in kept if each.id in named_here and each.readings}
        if readings is None
        else {}
    )
    return Report(
        decision,
        answered.made_by,
        answers,
        explanations,
        better,
        readings,
        hinges,
        cited.documents,
        canonical,
        recorded,
        cited.remarks,
        besides,
        answered.program.disclaimer,
        untried,
        why_untried,
    )


def reported(answered: Answered) -> list[Answer]:
    """The published answers of the outermost entity, the main result first; where it has none, the
    first one below.
    """
    decision = answered.decision
    published = [each for each in decision.answers if each.published]
    own = [each for each in published if each.entity == decision.root]
    if not own:
        return published[:1]
    return sorted(own, key=lambda each: not each.main)


def _next_better(answered: Answered, answer: Answer) -> str:
    """The next better value of a determined answer on a scale; nothing where there is none."""
    entity = next(each for each in answered.case.entities if each.path == answer.entity)
    kind = answered.program.vocabulary.entities[entity.type].attributes[key(answer.attribute)].type
    if (
        answer.status != "determined"
        or not isinstance(kind, Scale)
        or answer.possible[0] not in kind.order[:-1]
    ):
        return ""
    return kind.order[kind.order.index(answer.possible[0]) + 1]
