"""Which policy a case is decided under, and why the others were not taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rulewright.ir.types import parse_date, show_date
from rulewright.syntax.errors import InputError, Place, Problem, Problems, no_policy
from rulewright.syntax.text import key, place_of

if TYPE_CHECKING:
    from rulewright.syntax.models import PolicyModel


BY_NAME = "asked for by name"  # how a policy was chosen


@dataclass(frozen=True, slots=True)
class PolicyDates:
    """What a choice needs to know of a policy.

    `since` `None`: since before all records; `until`: the day it ended.
    """

    id: str
    title: str
    status: str
    since: int | None
    until: int | None
    dated: bool
    place: Place


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """The policy chosen, how, and why each other one was not."""

    policy: str
    by: str
    rejected: tuple[tuple[str, str], ...]


def policy_dates(policy: PolicyModel, problems: Problems) -> tuple[int | None, int | None]:
    """Since when and until when a policy is in force, its mistakes noted (RW411)."""
    dates = policy.in_force
    if dates is None:
        return None, None
    since = None if key(dates.from_) == "unknown" else parse_date(dates.from_)
    until = parse_date(dates.until) if dates.until is not None else None
    if since is None and key(dates.from_) != "unknown":
        problems.add(
            "RW411",
            place_of(dates.from_),
            f"`{dates.from_}` is not a date",
            "write a date such as `2024-03-01`, or `unknown`",
        )
    if until is None and dates.until is not None:
        problems.add(
            "RW411",
            place_of(dates.until),
            f"`{dates.until}` is not a date",
            "write a date such as `2024-03-01`, or leave out `until`",
        )
    if since is not None and until is not None and until <= since:
        problems.add(
            "RW411",
            place_of(dates.until),
            f"the policy `{policy.policy}` ends before it begins",
            "write a later day under `until`",
        )
    return since, until


def dates_of(policies: Iterable[PolicyModel], problems: Problems) -> list[PolicyDates]:
    """The dates of policies, in order of their names; mistakes in them noted (RW411)."""
    found = []
    for model in sorted(policies, key=lambda each: each.policy):
        since, until = policy_dates(model, problems)
        found.append(
            PolicyDates(
                str(model.policy),
                " ".join((model.title or "").split()),
                model.status,
                since,
                until,
                model.in_force is not None,
                place_of(model.policy),
            )
        )
    return found


def check_dates(policies: list[PolicyDates]) -> list[Problem]:
    """Policies in force or superseded have dates (RW411), and follow one another without gap or
    overlap (RW412, RW413).
    """
    return [*check_dated(policies), *(each.problem for each in misfits(policies))]


def check_dated(policies: list[PolicyDates]) -> list[Problem]:
    """Policies in force or superseded have dates (RW411)."""
    return [
        Problem(
            p.place,
            "RW411",
            f"the policy `{p.id}` is {p.status} but has no dates",
            "add `in force: {from: DATE}`",
        )
        for p in policies
        if p.status != "proposed" and not p.dated
    ]


@dataclass(frozen=True, slots=True)
class Misfit:
    """Two policies that do not follow one another: in force on the same days (RW413), or with days
    between them (RW412).
    """

    code: str
    before: PolicyDates
    after: PolicyDates

    @property
    def days(self) -> tuple[int, int]:
        """The days between them: the first, and the one behind the last."""
        return self.before.until or 0, self.after.since or 0

    @property
    def problem(self) -> Problem:
        """As it is reported."""
        before, after = self.before, self.after
        if self.code == "RW413":
            return Problem(
                after.place,
                "RW413",
                f"`{before.id}` and `{after.id}` are in force on the same days",
                f"end `{before.id}` with `until: {show_date(after.since) if after.since else 'DATE'}`",
            )
        return Problem(
            after.place,
            "RW412",
            f"no policy is in force from {show_date(before.until)} until {show_date(after.since)}",
            f"change the end of `{before.id}` or the start of `{after.id}`",
        )


def misfits(policies: Iterable[PolicyDates]) -> list[Misfit]:
    """Where policies in force or superseded do not follow one another."""
    dated = sorted(
        (p for p in policies if p.status != "proposed" and p.dated),
        key=lambda p: (p.since or 0, p.id),
    )
    found = []
    for before, after in pairwise(dated):
        if before.until is None or (after.since or 0) < before.until:
            found.append(Misfit("RW413", before, after))
        elif after.since is not None and before.until < after.since:
            found.append(Misfit("RW412", before, after))
    return found


def choose(
    policies: list[PolicyDates],
    asked: str | None,
    day: int | None,
    day_from: str,
    place: Place,
    rulebook: str = "",
) -> PolicyChoice:
    """The policy of `rulebook` asked for by name, else the one in force on `day`.

    Raises `InputError` (RW402, RW414, RW415).
    """
    if asked is not None:
        if asked not in {p.id for p in policies}:
            raise no_policy(asked, [p.id for p in policies], rulebook, place)
        return PolicyChoice(
            asked,
            BY_NAME,
            tuple((p.id, "another was asked for by name") for p in policies if p.id != asked),
        )
    if day is None:
        raise InputError(
            Problem(
                place,
                "RW414",
                "neither a policy nor a date is given",
                "add `as at: DATE` to the case, or use `--as-at` or `--policy`",
            )
        )
    chosen = [
        p
        for p in policies
        if p.status != "proposed" and p.dated and in_force_on(p.since, p.until, day)
    ]
    if not chosen:
        raise InputError(
            Problem(
                place,
                "RW415",
                f"no policy is in force on {show_date(day)}",
                "name one with `--policy`",
            )
        )
    reasons = tuple((p.id, _why_not(p, day)) for p in policies if p is not chosen[0])
    return PolicyChoice(chosen[0].id, f"in force on {show_date(day)} ({day_from})", reasons)


def in_force_on(since: int | None, until: int | None, day: int) -> bool:
    """Whether a policy with these dates is in force on a day.

    What goes on of it afterwards belongs to the policy that says so.
    """
    return (since is None or since <= day) and (until is None or day < until)


def _why_not(policy: PolicyDates, day: int) -> str:
    if policy.status == "proposed":
        return "proposed: used only when asked for by name"
    if policy.since is not None and day < policy.since:
        return f"in force only from {show_date(policy.since)}"
    return f"in force only until {show_date(policy.until)}"
