"""Rechecked cases as text, in three piles, and the stored programs beside the sealed policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile

from rulewright.syntax.visible import visible

from .envelope import named
from .records import RatingThen, Rechecked, RecheckedProgram

MOST = 2**20  # characters that wait in memory
PILES = {
    "same": "the same",
    "different": "different",
    "cannot be answered": "cannot be answered any more",
}


def piles(cases: Iterable[Rechecked], programs: Iterable[RecheckedProgram]) -> Iterator[str]:
    """The lines: how many there are of each, then what differs, what cannot be answered, what is
    the same, and the programs.

    The cases of a large ledger wait in files until all are counted. The programs are asked for when
    the cases are through.
    """
    counts = dict.fromkeys(PILES, 0)
    with ExitStack() as stack:
        waiting = {
            verdict: stack.enter_context(
                SpooledTemporaryFile(MOST, "w+", encoding="utf-8", newline="\n")
            )
            for verdict in PILES
        }
        for each in cases:
            counts[each.verdict] += 1
            said = [
                f"  {each.number}  {each.case}, as at {each.as_at}{_standing(each)}",
                *(f"     {line}" for line in _said(each)),
            ]
            waiting[each.verdict].writelines(f"{visible(line)}\n" for line in said)
        all_cases = sum(counts.values())
        told = [f"{counts[verdict]:,} {title}" for verdict, title in PILES.items()]
        yield f"{all_cases:,} {'case' if all_cases == 1 else 'cases'}: {', '.join(told)}"
        for verdict in ("different", "cannot be answered", "same"):
            if counts[verdict]:
                yield from ("", PILES[verdict])
            waiting[verdict].seek(0)
            yield from (line.removesuffix("\n") for line in waiting[verdict])
    programs = list(programs)
    if programs:
        yield from ("", "stored programs")
    for number, program in enumerate(programs):
        alike = next(
            (
                each
                for each in programs[:number]
                if (each.policy, each.stored) == (program.policy, program.stored)
            ),
            None,
        )
        yield f"  {_program(program)}{_apart(alike) if program.stored and alike is not None else ''}"


def _standing(each: Rechecked) -> str:
    if each.stands:
        return ""
    return (
        "  (what-if)"
        if each.kind == "what-if"
        else f"  ({each.overtaken or named(each.kind, None)}, not in effect)"
    )


def _said(each: Rechecked) -> Iterator[str]:
    if each.policy_today and each.policy_today != each.policy:
        yield f"decided under `{each.policy}`, today under `{each.policy_today}`"
    for change in each.changes:
        yield f"{_name(change)}: {_value(change.recorded, change.decided_by)}; today {_value(change.today, change.decided_by_today)}"
    for reason in each.not_a_rating:
        yield f"today not a rating: {reason}"
    for change in each.otherwise_decided:
        yield f"{_name(change)}: decided by {_rules(change.decided_by)}, today by {_rules(change.decided_by_today)}"
    yield from (line for reason in each.why for line in reason.split("\n"))  # one for each mistake


def _name(rating: RatingThen) -> str:
    return f"{rating.entity} > {rating.label}"


def _value(possible: list[str], decided_by: list[str]) -> str:
    if not possible:
        return "not given"
    by = f" ({', '.join(decided_by)})" if decided_by else ""
    return f"{'not determined, ' if len(possible) > 1 else ''}{' or '.join(possible)}{by}"


def _rules(decided_by: list[str]) -> str:
    return ", ".join(decided_by) or "no rule"


def _program(program: RecheckedProgram) -> str:
    head = f"{program.policy} ({entries_named(program.entries)}): "
    digests = f"stored {program.stored}, sealed {program.sealed}"
    if program.verdict == "not as sealed":
        return f"{head}not as sealed: {digests}"
    if program.verdict == "recorded as a proposal":
        return f"{head}recorded when the policy was a proposal, which was changed before it was sealed: {digests}"
    if program.verdict == "as today":
        return f"{head}the same as today's policy, which has no seal"
    if program.verdict == "not as today":
        return f"{head}differs from today's policy, which has no seal"
    why = program.why.replace("\n", "; ")  # of several mistakes
    return f"{head}{program.verdict}" + (f": {why}" if why else "")


def _apart(earlier: RecheckedProgram) -> str:
    """Why a program with the meaning of an earlier one is another line."""
    return f"; it differs from that of {entries_named(earlier.entries)} only in wording, sources or status"


def entries_named(numbers: Sequence[int]) -> str:
    """Such as `entry 4`, `entries 1 to 3, 5`."""
    return f"{'entry' if len(numbers) == 1 else 'entries'} {_numbers(numbers)}"


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers in order, three and more that follow one another as a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )
