"""A case answered, made ready for the ledger: all that is stored of it but the envelope."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulewright.decision.record import decision_bytes
from rulewright.ir.archive import archive
from rulewright.ir.program import Program
from rulewright.syntax.canonical import digest_of_bytes
from rulewright.syntax.errors import EngineError, InputError, Place, Problem
from rulewright.version import __version__

from .envelope import AFTER, RATINGS, Kind, MadeWith
from .stored_cases import case_bytes
from .terms import terms_of

if TYPE_CHECKING:
    from rulewright.decision.answered import Answered
    from rulewright.decision.outcome import Decision


@dataclass(frozen=True, slots=True)
class ArchivedProgram:
    """A program's archive and its digest."""

    digest: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """What an entry stores.

    `name`: what the case is called; `entity`: its outermost thing; `not_a_rating`: why its outcome
    is none.
    """

    name: str
    not_a_rating: tuple[str, ...]
    decision: bytes
    case: bytes
    terms: bytes
    program: ArchivedProgram
    made_by: MadeWith
    entity: str = ""

    @property
    def about(self) -> tuple[str, str]:
        """Which case it is of: its name, and that of its outermost thing."""
        return self.name, self.entity


class Archives:
    """The archives of programs, each made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Program, ArchivedProgram]] = {}

    def of(self, program: Program) -> ArchivedProgram:
        """The archive of a program."""
        known = self._known.get(id(program))
        if known is None:
            content = archive(program)
            known = self._known[id(program)] = (
                program,
                ArchivedProgram(digest_of_bytes(content), content),
            )
        return known[1]


def draft(answered: Answered, archived: Callable[[Program], ArchivedProgram]) -> DraftEntry:
    """What is to be stored of a case answered.

    Raises `EngineError` where a published answer is in conflict, `InputError` (RW907) where facts
    were changed after the case was read.
    """
    decision = answered.decision
    if (
        answered.proposed
    ):  # the case as written does not hold them, and what it gives would be another decision
        raise InputError(
            Problem(
                Place(""),
                "RW907",
                f"facts of `{decision.case}` were changed, and the case as written does not hold them: "
                f"{'; '.join(answered.proposed)}",
                "write them into the case, and record that",
            )
        )
    conflicts = in_conflict(decision)
    if conflicts:
        raise EngineError(f"rules are in conflict about `{conflicts[0]}`: that is not recorded")
    return DraftEntry(
        decision.case,
        tuple(decision.not_a_rating),
        decision_bytes(decision),
        case_bytes(answered.text, answered.program),
        terms_of(answered).bytes(),
        archived(answered.program),
        made_with(answered),
        decision.entity,
    )


def in_conflict(decision: Decision) -> list[str]:
    """The paths of the published answers about which rules are in conflict."""
    return [
        f"{each.entity} > {each.attribute}"
        for each in decision.answers
        if each.published and each.status == "conflict"
    ]


def made_with(answered: Answered) -> MadeWith:
    """What made a decision, on this machine."""
    return MadeWith(
        list(answered.engines),
        answered.note,
        __version__,
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
    )


def check(
    drafts: Sequence[DraftEntry], kind: Kind, reason: str, supersedes: int | None, ledger: str
) -> None:
    """Refuse what cannot be recorded so. Raises `InputError` (RW907, RW908)."""
    check_said(kind, reason, supersedes, ledger)
    if supersedes is not None and len(drafts) != 1:
        raise InputError(
            Problem(
                Place(ledger),
                "RW908",
                f"{len(drafts)} cases cannot supersede one entry",
                "record one case",
            )
        )
    stamped = [each for each in drafts if each.not_a_rating] if kind in RATINGS else []
    if stamped:
        what = f"the outcome of `{stamped[0].name}` is not a rating: {stamped[0].not_a_rating[0]}"
        raise InputError(Problem(Place(ledger), "RW907", what, "record it with `--kind what-if`"))


def check_names(ledger: str, **said: str) -> None:
    """Refuse names and reasons that nobody could read on a page. Raises `InputError` (RW908)."""
    for word, text in said.items():
        if not text.isprintable():
            raise InputError(
                Problem(
                    Place(ledger),
                    "RW908",
                    f"what is given as `{word}` holds a character that cannot be printed",
                    "write it on one line, in letters",
                )
            )
    if not said["recorded by"].strip():
        raise InputError(
            Problem(
                Place(ledger), "RW908", "nobody is named who records", "give `--recorded-by NAME`"
            )
        )


def check_said(kind: Kind, reason: str, supersedes: int | None, ledger: str) -> None:
    """Refuse what does not fit together, whatever is recorded. Raises `InputError` (RW908)."""
    if kind in AFTER and (supersedes is None or not reason.strip()):
        what = "which entry it supersedes" if supersedes is None else "why"
        raise InputError(
            Problem(
                Place(ledger),
                "RW908",
                f"an entry of the kind `{kind}` must say {what}",
                "give `--supersedes N` and `--reason TEXT`",
            )
        )
    if kind not in AFTER and supersedes is not None:
        raise InputError(
            Problem(
                Place(ledger),
                "RW908",
                f"an entry of the kind `{kind}` supersedes nothing",
                "give `--kind correction`, `suspended` or `quashed`, or leave `--supersedes` out",
            )
        )
