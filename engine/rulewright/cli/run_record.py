"""`rulewright run --record`: what a run decided, appended to a ledger, all of a call or nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.shipped import refuse_shipped

from .common import DIFFERENT, FINE, tell_broken
from .endings import print_nothing_more
from .numbers import WholeNumber
from .people import named_or_user
from .terminal import say

if TYPE_CHECKING:
    from rulewright.decision.answered import Answered
    from rulewright.ledger.drafts import Archives, DraftEntry
    from rulewright.ledger.envelope import Kind

KINDS = ("decision", "correction", "suspended", "quashed", "what-if")


@dataclass
class RunRecorder:
    """What a run is to record.

    It is appended at the end, when every case is decided; until then nothing is written.
    """

    ledger: Path
    said: dict[str, Any]
    quietly: bool
    archives: Archives
    drafts: list[DraftEntry] = field(default_factory=list)

    def take(self, answered: Answered) -> None:
        """One case of the run, decided."""
        from rulewright.ledger.drafts import draft

        self.drafts.append(draft(answered, self.archives.of))

    def finish(self) -> int:
        """Append what was decided; the exit code. Raises `InputError`."""
        from rulewright.ledger import Broken, Ledger
        from rulewright.ledger.drafts import check
        from rulewright.ledger.same_case import notes

        shown, supersedes = str(self.ledger), self.said["supersedes"]
        check(self.drafts, self.said["kind"], self.said["reason"], supersedes, shown)
        if supersedes is not None and not self.ledger.exists():
            raise InputError(
                Problem(
                    Place(shown),
                    "RW909",
                    f"there is no entry {supersedes} to supersede",
                    "there is no such ledger yet",
                )
            )
        with Ledger.open(self.ledger) as opened:
            try:
                entries = opened.append_all(self.drafts, **self.said)
            except Broken as broken:
                tell_broken(shown, broken)
                say(str(self.nothing("what it would follow is not as it was recorded")), err=True)
                return DIFFERENT
            standing = notes(opened, entries) if self.said["kind"] == "decision" else {}
            behind = opened.set_back(entries[0]) if entries else None
        if behind:
            say(str(behind.problem(shown)), err=True)
        for entry in entries:
            say(f"recorded in {shown}: entry {entry.number}, {entry.hash}", err=self.quietly)
            if entry.number in standing:
                say(f"note: {standing[entry.number]}", err=True)
        return FINE

    def nothing(self, why: str) -> Problem:
        """What a run says that was to be recorded and was not."""
        return Problem(
            Place(str(self.ledger)),
            "RW910",
            f"nothing was recorded, since {why}",
            "all cases of a call are recorded, or none",
        )


def _recorder(ledger: Path | None, said: dict[str, Any], quietly: bool) -> RunRecorder | None:
    """The recorder of a run, where one is wanted.

    Raises `InputError` before a case is run (RW901 to RW903, RW908).
    """
    if ledger is None:
        if any(value not in (None, "", "decision") for value in said.values()):
            raise InputError(
                Problem(
                    Place(""),
                    "RW908",
                    "what is said of a record is said without one",
                    "add `--record LEDGER`",
                )
            )
        return None
    from rulewright.ledger import Ledger
    from rulewright.ledger.drafts import Archives, check_names, check_said

    check_said(said["kind"], said["reason"], said["supersedes"], str(ledger))
    said = {
        **said,
        "recorded_by": named_or_user(said["recorded_by"], "--recorded-by", "records", "RW908"),
    }
    check_names(
        str(ledger),
        **{
            "recorded by": said["recorded_by"],
            "approved by": said["approved_by"],
            "reason": said["reason"],
        },
    )
    if ledger.exists() and (ledger.is_dir() or ledger.stat().st_size):
        Ledger.open(ledger, append=False).close()
    return RunRecorder(ledger, said, quietly, Archives())


def recording(command: Callable[..., int]) -> Callable[..., int]:
    """A run with the options that say what is recorded, and how.

    It is given the recorder; what it took is appended at its end.
    """

    @functools.wraps(command)
    def wrapped(
        record: Path | None,
        recorded_by: str | None,
        approved_by: str,
        kind: Kind,
        reason: str,
        supersedes: int | None,
        **others: Any,
    ) -> int:
        if record is not None:
            refuse_shipped(record, str(record))
        said = {
            "recorded_by": recorded_by,
            "approved_by": approved_by,
            "kind": kind,
            "reason": reason,
            "supersedes": supersedes,
        }
        records = _recorder(record, said, others["as_json"])
        try:
            code = command(**others, records=records)
        except BrokenPipeError:
            if records is None:
                raise
            print_nothing_more()
            raise InputError(records.nothing("the output could not be written")) from None
        if records is not None and code == FINE:
            return records.finish()
        if records is not None:
            say(str(records.nothing("not every case was decided")), err=True)
        return code

    for option in reversed(
        (
            click.option(
                "--record",
                metavar="LEDGER",
                type=click.Path(path_type=Path),
                help="Append what was decided to a ledger: all cases of this call, or none.",
            ),
            click.option(
                "--recorded-by",
                metavar="NAME",
                help="Who records (default: the user of the system).",
            ),
            click.option(
                "--approved-by", metavar="NAME", default="", help="Who approved the decision."
            ),
            click.option(
                "--kind",
                type=click.Choice(KINDS),
                default="decision",
                show_default=True,
                help="What is recorded.",
            ),
            click.option(
                "--reason",
                metavar="TEXT",
                default="",
                help="Why an entry is corrected, suspended or quashed.",
            ),
            click.option(
                "--supersedes",
                metavar="N",
                type=WholeNumber(1, 2**63 - 1),
                help="The entry that is corrected, suspended or quashed.",
            ),
        )
    ):
        wrapped = option(wrapped)
    return wrapped
