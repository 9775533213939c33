"""Recorded cases under today's rulebook: which are decided the same, which differently, and which
cannot be answered any more.

`replaying` asks whether a decision follows from what was stored; this asks whether it would be made
again today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from rulewright.amendments.policy_selection import BY_NAME
from rulewright.decision.outcome import Answer, Decision
from rulewright.ir.archive import UnreadableArchive, program_from
from rulewright.ir.digest import digest_of_meaning
from rulewright.syntax.errors import EngineError, InputError

from .drafts import in_conflict
from .entries import Entry
from .envelope import overtaken, standing
from .records import ProgramVerdict, RatingThen, Rechecked, RecheckedProgram
from .replay import fitting

if TYPE_CHECKING:
    from rulewright.syntax.models import EarlierSealModel, SealModel
    from rulewright.workbench import Rules

    from .ledger import Ledger


PROPOSED = "proposed"


def recheck(
    ledger: Ledger, rules: Rules, numbers: Iterable[int] | None = None
) -> Iterator[Rechecked]:
    """Each recorded case, or those of some entries only, decided under today's rulebook and
    compared with what was recorded.

    Policy and parameters are chosen as they were: by the date or by name, with what was set for the
    run. Raises `Broken` when the ledger does not verify, `InputError` (RW911, RW912).
    """
    ledger.verify()
    superseded = ledger.superseded()
    reading = cache(partial(_reading, ledger))
    for entry in _entries(ledger, numbers):
        later = ledger.said_of(superseded.get(ledger.readable(entry).number))
        under = reading(entry.program_digest) if entry.decision.not_a_rating else None
        yield _rechecked(entry, rules, under, not standing(entry.envelope, later), overtaken(later))


def recheck_programs(
    ledger: Ledger, rules: Rules, numbers: Iterable[int] | None = None
) -> Iterator[RecheckedProgram]:
    """Each stored program of these entries, compared with the sealed policy of that name."""
    used: dict[str, list[int]] = {}
    policies: dict[str, str] = {}
    proposed: set[str] = set()
    for entry in _entries(ledger, numbers):
        used.setdefault(entry.program_digest, []).append(entry.number)
        policies[entry.program_digest] = ledger.readable(entry).terms.policy
        if entry.decision.policy.status == PROPOSED:
            proposed.add(entry.program_digest)
    for digest in used:
        compared = _compared(digest, policies[digest], used[digest], ledger.program(digest), rules)
        later_sealed = digest in proposed and compared.verdict == "not as sealed"
        yield replace(compared, verdict="recorded as a proposal") if later_sealed else compared


def _entries(ledger: Ledger, numbers: Iterable[int] | None) -> Iterable[Entry]:
    return ledger.checked() if numbers is None else map(ledger.genuine, dict.fromkeys(numbers))


# -- cases


def _rechecked(
    entry: Entry, rules: Rules, reading: str | None, stands: bool, overtaken: str
) -> Rechecked:
    recorded, terms = entry.decision, entry.terms
    head = (entry.number, recorded.case, recorded.as_at, entry.envelope.kind, stands, overtaken)
    try:
        answered = rules.answer(
            entry.case,
            policy=terms.policy if terms.chosen == BY_NAME else None,
            as_at=terms.as_at,
            set={each.name: each.value for each in recorded.parameters if each.set},
            reading=reading,
        )
    except InputError as error:
        return Rechecked(
            *head,
            "cannot be answered",
            terms.policy,
            "",
            why=[str(each) for each in error.problems],
        )
    except (EngineError, RecursionError) as error:
        return Rechecked(*head, "cannot be answered", terms.policy, "", why=[str(error)])
    today, policy = answered.decision, answered.choice.policy
    conflicts = in_conflict(today)
    if conflicts:
        why = [f"rules are in conflict about `{each}`" for each in conflicts]
        return Rechecked(*head, "cannot be answered", terms.policy, policy, why=why)
    pairs = list(_ratings(recorded, today))
    changes = [each for each in pairs if each.recorded != each.today]
    otherwise = [
        each
        for each in pairs
        if each.recorded == each.today and each.decided_by != each.decided_by_today
    ]
    stamped = [] if recorded.not_a_rating else today.not_a_rating
    return Rechecked(
        *head,
        "different" if changes or stamped else "same",
        terms.policy,
        policy,
        changes,
        stamped,
        otherwise,
    )


def _ratings(recorded: Decision, today: Decision) -> Iterator[RatingThen]:
    """The published ratings of both, paired, those of today that were not recorded last."""
    before, after = _published(recorded), _published(today)
    for path in (*before, *(each for each in after if each not in before)):
        old, new = before.get(path), after.get(path)
        label = (old or after[path]).label
        yield RatingThen(*path, label, _values(old), _values(new), _rules(old), _rules(new))


def _published(decision: Decision) -> dict[tuple[str, str], Answer]:
    return {(each.entity, each.attribute): each for each in decision.answers if each.published}


def _values(answer: Answer | None) -> list[str]:
    return answer.possible if answer is not None else []


def _rules(answer: Answer | None) -> list[str]:
    return [*answer.decided_by, *answer.limited_by] if answer is not None else []


def _reading(ledger: Ledger, digest: str) -> str | None:
    """The other reading under which a program decides, where it is one: a what-if may be recorded
    so.
    """
    try:
        return program_from(ledger.program(digest)).reading or None
    except UnreadableArchive:
        return None  # what is said of the program says so


# -- programs


def _compared(
    digest: str, policy: str, entries: list[int], archive: bytes, rules: Rules
) -> RecheckedProgram:
    """A stored program beside the seal of its policy; beside the policy as it is today where that
    has no seal.
    """
    try:
        program = program_from(archive)
        with fitting():
            stored = digest_of_meaning(program)
    except ValueError as error:
        return RecheckedProgram(digest, policy, entries, "cannot be compared", why=str(error))
    if program.reading:
        why = f"the policy was read otherwise: `{program.reading}`"
        return RecheckedProgram(digest, policy, entries, "cannot be compared", stored, why=why)
    seal = rules.book.seals.get(policy)
    if seal is not None:
        verdict, why = _beside(seal, stored)
        return RecheckedProgram(digest, policy, entries, verdict, stored, str(seal.digest), why)
    try:
        rules.choose(policy)
        same = digest_of_meaning(rules.program(policy)) == stored
    except InputError as error:
        return RecheckedProgram(
            digest, policy, entries, "cannot be compared", stored, why=str(error.problems[0])
        )
    return RecheckedProgram(digest, policy, entries, "as today" if same else "not as today", stored)


def _beside(seal: SealModel, stored: str) -> tuple[ProgramVerdict, str]:
    """Whether a digest is that of the seal, or of one that it replaced; then when, by whom and why
    that was replaced.
    """
    if str(seal.digest) == stored:
        return "as sealed", ""
    later: EarlierSealModel = seal
    for each in seal.earlier:
        if str(each.digest) == stored:
            when = f" at {later.sealed_at}" if later.sealed_at else ""
            by = f" by {later.sealed_by}" if later.sealed_by else ""
            return "as sealed earlier", f"sealed anew{when}{by}: {later.reason}"
        later = each
    return "not as sealed", ""
