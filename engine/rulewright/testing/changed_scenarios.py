"""Scenarios of other policies that do not hold under the one asked for: what comes out otherwise
than under the policy that it amends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rulewright.decision.answered import Answered
from rulewright.decision.lazy_answers import LazyAnswers
from rulewright.engines.registry import BOTH
from rulewright.facts.cases import CaseText
from rulewright.syntax.errors import InputError, Place
from rulewright.syntax.text import Map, place_of
from rulewright.workbench import Rules

from .amended_lines import told
from .difference import CASE, UnmetExpectation
from .expectations import unmet
from .suite import Check, ask, checks_of, held, is_written_for

STAMP = "not a rating"
# how reasons for the stamp begin that say something of its status and dates alone
_OF_THE_POLICY_ITSELF = "the policy `"

Where = tuple[Place, str, str]


def amended_by(rules: Rules, policy: str | None) -> str:
    """The policy that one amends; nothing where it amends none, or there is no such policy."""
    model = rules.book.policies.get(policy) if policy is not None else None
    return str(model.amends) if model is not None and model.amends is not None else ""


def is_compared(rules: Rules, text: CaseText, policy: str | None, engine: str = BOTH) -> bool:
    """Whether a scenario is about other policies than the one asked for, which amends another: it
    leads to one, and holds under that.

    Raises `EngineError`.
    """
    if policy is None or not amended_by(rules, policy) or is_written_for(rules, text, policy):
        return False
    try:
        return not any(
            held(check, ask(rules, check, engine)) for check in checks_of(text) if not check.under
        )
    # it uses words of the policy asked for, or is wrong: that is told under the policy asked for
    except InputError:
        return False


@dataclass(frozen=True)
class CheckOutcome:
    """What came of a check under one policy: what is not as expected, by where that stands."""

    answered: Answered | None
    unmet: dict[Where, UnmetExpectation]
    stamped: tuple[str, ...] = ()


def changes(
    rules: Rules, text: CaseText, policy: str, engine: str = BOTH
) -> list[UnmetExpectation]:
    """Of what a scenario expects and does not come out under a policy, all that comes out otherwise
    than under the one that it amends.

    Raises `InputError` where nothing is expected, `EngineError`.
    """
    amended = amended_by(rules, policy)
    found: list[UnmetExpectation] = []
    for check in checks_of(text, policy):
        now, before = (
            _came(rules, check, engine),
            _came(rules, replace(check, policy=amended), engine),
        )
        differ = list(_differing(check, before, now, amended))
        found += (
            told(rules.book, now.answered, differ, True) if now.answered is not None else differ
        )
    return sorted(found)


def _came(rules: Rules, check: Check, engine: str) -> CheckOutcome:
    try:
        answered = ask(rules, check, engine)
    except InputError as error:
        problem = error.problems[0]
        where = check.text.place, CASE, ""
        message = problem.message.replace(f"`{check.policy}`", "this policy")
        return CheckOutcome(None, {where: UnmetExpectation(*where, f"{problem.code} {message}")})
    expect = Map({word: wanted for word, wanted in check.expect.items() if word != STAMP})
    stamped = LazyAnswers(answered).not_a_rating if STAMP in check.expect else []
    found = {
        (each.place, each.about, each.expected): each
        for each in unmet(check.text, answered, expect)
    }
    return CheckOutcome(
        answered,
        found,
        tuple(each for each in stamped if not each.startswith(_OF_THE_POLICY_ITSELF)),
    )


def _differing(
    check: Check, before: CheckOutcome, now: CheckOutcome, amended: str
) -> Iterator[UnmetExpectation]:
    reading = str(check.reading or "")
    for where, came in sorted(now.unmet.items()):
        then = before.unmet.get(where)
        if then is None or then.got != came.got:
            yield replace(
                came,
                reading=reading,
                against=amended,
                before=then.got if then is not None else where[2],
            )
    if before.stamped != now.stamped:
        place = next(place_of(word, check.place) for word in check.expect if word == STAMP)
        was, is_ = ("; ".join(each) or "a rating" for each in (before.stamped, now.stamped))
        yield UnmetExpectation(place, STAMP, was, is_, reading=reading, against=amended, before=was)
