"""Scenarios that were written for other policies than the one asked for: what comes out otherwise than under the policy that it amends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rulewright.engines.answering import Answered
from rulewright.engines.asking import Asked
from rulewright.language.cases import CaseText
from rulewright.language.errors import InputError, Place
from rulewright.language.text import Map, place_of
from rulewright.workbench import Rules

from .amended import told
from .difference import CASE, EXPECTATION, Difference
from .expecting import unmet
from .suite import Check, ask, checks_of, held, is_written_for

STAMP = "not a rating"
_OF_THE_POLICY_ITSELF = "the policy `"  # how reasons for the stamp begin that say something of its status and dates alone

Where = tuple[Place, str, str]


def amended_by(rules: Rules, policy: str | None) -> str:
    """The policy that one amends; nothing where it amends none, or there is no such policy."""
    model = rules.book.policies.get(policy) if policy is not None else None
    return str(model.amends) if model is not None and model.amends is not None else ""


def is_compared(rules: Rules, text: CaseText, policy: str | None) -> bool:
    """Whether a scenario is about other policies than the one asked for, and that one amends another."""
    return policy is not None and bool(amended_by(rules, policy)) and not is_written_for(rules, text, policy)


@dataclass(frozen=True)
class Came:
    """What came of a check under one policy: what is not as expected, by where that stands."""

    answered: Answered | None
    unmet: dict[Where, Difference]
    stamped: tuple[str, ...] = ()

    @property
    def wrong(self) -> set[Where]:
        """The expectations that mean nothing under this policy, and the case where it cannot be run."""
        return set(self.unmet) if self.answered is None else {where for where in self.unmet if where[1] == EXPECTATION}


def changes(rules: Rules, text: CaseText, policy: str, engine: str = "both") -> tuple[list[tuple[Check, Answered]], list[Difference]]:
    """The checks of a scenario, and of what it expects all that comes out otherwise under a policy than under the one that it amends.

    Raises `InputError` where nothing is expected, or where a scenario is wrong under its own policy too; `EngineError`.
    """
    amended = amended_by(rules, policy)
    answered: list[tuple[Check, Answered]] = []
    found: list[Difference] = []
    for check in checks_of(text, policy):
        now, before = _came(rules, check, engine), _came(rules, replace(check, policy=amended), engine)
        if now.answered is not None:
            answered.append((check, now.answered))
        differ = list(_differing(check, before, now, amended))
        if before.wrong & now.wrong:  # of a rule of its own policy, or a mistake
            _hold_as_written(rules, text, engine)
        found += told(rules.book, now.answered, differ, True) if now.answered is not None else differ
    return answered, sorted(found)


def _hold_as_written(rules: Rules, text: CaseText, engine: str) -> None:
    """Raises `InputError` where a scenario is wrong under the policies that it was written for."""
    for check in checks_of(text):
        held(check, ask(rules, check, engine))


def _came(rules: Rules, check: Check, engine: str) -> Came:
    try:
        answered = ask(rules, check, engine)
    except InputError as error:
        problem = error.problems[0]
        where = check.text.place, CASE, ""
        message = problem.message.replace(f"`{check.policy}`", "this policy")
        return Came(None, {where: Difference(*where, f"{problem.code} {message}")})
    expect = Map({word: wanted for word, wanted in check.expect.items() if word != STAMP})
    stamped = Asked(answered).not_a_rating if STAMP in check.expect else []
    found = {(each.place, each.about, each.expected): each for each in unmet(check.text, answered, expect)}
    return Came(answered, found, tuple(each for each in stamped if not each.startswith(_OF_THE_POLICY_ITSELF)))


def _differing(check: Check, before: Came, now: Came, amended: str) -> Iterator[Difference]:
    reading = str(check.reading or "")
    for where in sorted(before.unmet.keys() | now.unmet.keys()):
        then, came = before.unmet.get(where), now.unmet.get(where)
        if then is not None and came is not None and then.got == came.got:
            continue
        shown = came if came is not None else Difference(*where, where[2], of=then.of if then is not None else None)
        yield replace(shown, reading=reading, against=amended, before=then.got if then is not None else where[2])
    if before.stamped != now.stamped:
        place = next(place_of(word, check.place) for word in check.expect if word == STAMP)
        was, is_ = ("; ".join(each) or "a rating" for each in (before.stamped, now.stamped))
        yield Difference(place, STAMP, was, is_, reading=reading, against=amended, before=was)
