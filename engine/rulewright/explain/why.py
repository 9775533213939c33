"""Why an attribute has its value: the record of it, for any attribute of a case that was
answered.
"""

from __future__ import annotations

from rulewright.amendments.policy_selection import in_force_on
from rulewright.decision.answered import Answered
from rulewright.decision.outcome import NotPublished
from rulewright.syntax.text import key

from .considered import Considering
from .naming import Meant, meant
from .record import AttributeSeen, Explained, Explanation, QuestionShown
from .recorder import ExplanationRecorder


def why(answered: Answered, name: str, everything: bool = False) -> list[Explanation]:
    """One explanation for each attribute that `name` may mean: a name, a path, or the end of one.

    everything: also what did not lead to the value, at every step. Raises `InputError` (RW624).
    """
    considering = Considering(answered)
    asked = asked_of(answered)
    return [
        _explanation(answered, asked, considering, each, everything)
        for each in meant(answered, name)
    ]


def asked_of(answered: Answered) -> QuestionShown:
    """Which case was asked about, under which policy."""
    decision, program = answered.decision, answered.program
    return QuestionShown(
        decision.case,
        decision.entity,
        decision.root,
        decision.as_at,
        decision.policy,
        decision.not_a_rating,
        decision.program_digest,
        decision.case_digest,
        decision.about,
        program.status == "superseded"
        and in_force_on(program.since, program.until, answered.as_at),
    )


def withdrawal_of(answered: Answered, what: Meant) -> NotPublished | None:
    """The withdrawal of an attribute, if its policy has one."""
    return next(
        (
            each
            for each in answered.decision.not_published
            if (each.entity, each.attribute) == (what.entity, what.attribute)
        ),
        None,
    )


def fact_of(considering: Considering, what: Meant) -> AttributeSeen:
    """A fact of the case: its value and where it comes from."""
    entity = considering.entities[what.entity]
    declared = considering.program.vocabulary.entities[entity.type].attributes[key(what.attribute)]
    how, origin, place = considering.fact((entity.index, key(what.attribute)))
    words = considering.trail.words(entity, key(what.attribute))
    if how == "stated":
        words = [declared.show(entity.facts[key(what.attribute)].value)]
    return AttributeSeen(what.entity, what.attribute, words, "", how, origin, place)  # type: ignore[arg-type]


def _explanation(
    answered: Answered,
    asked: QuestionShown,
    considering: Considering,
    what: Meant,
    everything: bool,
) -> Explanation:
    if what.answer is None:
        fact = fact_of(considering, what)
        return Explanation(
            asked,
            Explained(what.entity, what.attribute, fact.values, what.label, "fact", fact=fact),
        )
    recorder = ExplanationRecorder(answered.decision, everything, considering)
    published = next(
        (
            each
            for each in answered.decision.published
            if (each.entity, each.attribute) == (what.entity, what.attribute)
        ),
        None,
    )
    return Explanation(asked, recorder.why(what.answer), withdrawal_of(answered, what), published)
