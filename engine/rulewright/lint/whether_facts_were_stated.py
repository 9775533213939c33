"""RW717: a value that depends on whether a fact was stated."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.syntax.errors import Problem

from .compiled import Compiled
from .other_readings import tried
from .presence_tests import PresenceTest, asked_by, asked_in, one_a_place
from .wording import listed

CODE = "RW717"
_GIVE_A_REASON = (
    "ask for the fact itself, or say why it may decide: `condition: …` with `because: …`"
)
_ELSEWHERE = "ask for the fact itself, or ask in a condition, which can say why under `because`"


def whether_facts_were_stated(policy: Compiled) -> Iterator[Problem]:
    """Conditions, tables, collections and formulas that let a value depend on whether a given fact
    was stated.

    Such a value is given as certain, although a fact that nobody saw could change it. Notes and
    warnings decide no value. A condition that says why it may decide is left alone; an
    interpretation of its rule says nothing of that.
    """
    if policy.is_first:
        for each in everything_asked(policy.policies):
            if each.facts and each.decides and not each.because:
                were = "were" if len(each.facts) > 1 else "was"
                yield Problem(
                    each.place,
                    CODE,
                    f"`{each.text}` makes {each.decides} depend on whether {listed(each.facts)} {were} stated",
                    _GIVE_A_REASON if each.takes_reason else _ELSEWHERE,
                    "warning",
                )


def everything_asked(policies: list[Compiled]) -> list[PresenceTest]:
    """What the policies and the other readings of their interpretations ask, once for each
    place.
    """
    found: list[PresenceTest] | None = policies[0].__dict__.get("_asked")
    if found is None:
        asked = [
            each
            for policy in policies
            for each in (*asked_in(policy.unroller), *asked_by(policy.program))
        ]
        asked += [
            each
            for trying in tried(policies)
            for brought in trying.asked.values()
            for each in brought
        ]
        found = policies[0].__dict__["_asked"] = one_a_place(asked)
    return found
