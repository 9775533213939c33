"""The report on an entry: its decision, made again from what is stored, with who recorded it, when
and why; and other readings of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING

from rulewright.decision.readings import TOO_LARGE, too_large
from rulewright.documents.document import Page
from rulewright.ir.digest import digest_of_meaning
from rulewright.report import Recorded, compose, gather
from rulewright.syntax.errors import InputError, Place, Problem

from .clock import SetBack
from .entries import UNREADABLE, Entry
from .envelope import Envelope, standing
from .replay import fitting

if TYPE_CHECKING:
    from rulewright.decision.answered import Answered
    from rulewright.decision.outcome import OtherReading
    from rulewright.workbench import Rules

    from .ledger import Ledger


def report_on(ledger: Ledger, number: int, rules: Rules | None = None) -> Page:
    """The report on entry `number`. Raises `Broken`, `InputError` (RW911, RW912, RW914),
    `EngineError`.

    rules: a rulebook, which knows the other readings of the policy; they are tried if the policy
    there means what the stored one does.
    """
    entry = ledger.readable(ledger.genuine(number))
    answered = ledger.answered(number)
    later = ledger.successor(number)
    recorded = Recorded(
        PurePath(ledger.shown).name,
        number,
        tuple(_facts(entry, later, ledger.set_back(entry))),
        standing(entry.envelope, later),
        entry.envelope.kind == "what-if",
    )
    with ledger.reading(entry), fitting():
        readings, why_untried = readings_of(answered, rules)
        return compose(
            gather(answered, entry.decision_bytes.decode(), readings, recorded, why_untried)
        )


def readings_of_entry(
    ledger: Ledger, entry: Entry, rules: Rules
) -> tuple[list[OtherReading] | None, str]:
    """As `readings_of`, of an entry.

    Raises `Broken`, `InputError` (RW912, RW914), `EngineError`.
    """
    answered = ledger.answered(entry.number)
    with ledger.reading(entry), fitting():
        return readings_of(answered, rules)


def readings_of(answered: Answered, rules: Rules | None) -> tuple[list[OtherReading] | None, str]:
    """The other readings of the policy of an entry, tried on its case; or nothing, and why they are
    not tried.

    They are if `rules` holds the policy as it is on record. Raises `EngineError`.
    """
    policy, program = answered.choice.policy, answered.program
    if program.reading:
        return None, "this decision is under another reading already"
    if rules is None:
        return None, "they are in the rulebook, which was not given"
    try:
        rules.choose(policy)
        same = digest_of_meaning(rules.program(policy)) == digest_of_meaning(program)
    except InputError:  # it is gone, or was edited and does not compile
        same = False
    if not same:
        return None, "the rulebook that was given does not hold the policy as it is on record"
    if too_large(rules.readings(policy), answered.case):
        return None, TOO_LARGE
    return rules.try_readings(answered), ""


@contextmanager
def agreeing(number: int, shown: str) -> Iterator[None]:
    """What goes wrong within goes wrong on the stored decision of an entry. Raises `InputError`
    (RW912).

    No engine has made a decision that somebody wrote into the file: it may name rules and
    conditions of which it does not tell.
    """
    try:
        yield
    except (AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        said = (
            f"entry {number} cannot be shown whole: the parts of its decision do not fit together"
        )
        raise InputError(Problem(Place(shown), "RW912", said, UNREADABLE)) from error


def _facts(entry: Entry, later: Envelope | None, behind: SetBack | None) -> list[tuple[str, str]]:
    said = entry.envelope
    found = [
        ("Kind of entry", said.kind),
        ("Recorded at", said.recorded_at),
        ("Clock", str(behind or "")),
        ("Recorded by", said.recorded_by),
        ("Approved by", said.approved_by),
        ("Reason", said.reason),
        ("Supersedes", f"entry {said.supersedes}" if said.supersedes else ""),
        ("Superseded by", f"entry {later.number}" if later else ""),
        ("Hash of the entry", entry.hash),
        ("Decision on record", said.decision),
        ("Program on record", said.program),
    ]
    return [(name, value) for name, value in found if value]
