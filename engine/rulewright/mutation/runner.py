"""Mutating a rulebook: every mutant judged by the scenarios, on several cores, remembered until
something changes.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from rulewright.engines.gc_pause import uninterrupted
from rulewright.facts.cases import CaseText
from rulewright.ir.program import Program
from rulewright.syntax import cache
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.testing.amended_lines import Amended
from rulewright.testing.processes import cores, on_cores
from rulewright.testing.suite import is_written_for
from rulewright.workbench import Rules

from .baseline import BaselineCheck, trials_of
from .mutant import Mutant
from .mutants import Making
from .operators.amendments import amendments
from .record import MutantShown, Mutation
from .selection import is_named, none_is_named
from .verdict import Judged, Judging
from .written_entries import WrittenEntries

T = TypeVar("T")
Progress = Callable[[int, int], None]
Search = Callable[[Judging, int], Judged]  # another verdict on one of the mutants


@dataclass
class _Learnt:
    """What is remembered between runs: the mutants in words, the verdicts so far, by their place in
    the list.
    """

    rows: list[MutantShown]
    checks: int
    broken: list[str]
    borrowed: int  # scenarios of other policies that do not hold under the one asked for
    not_run: list[str]  # policies that no scenario speaks of
    verdicts: dict[int, Judged] = field(default_factory=dict)
    # of those undecided, when a case was looked for
    searched: dict[int, Judged] = field(default_factory=dict)


def mutate(
    rules: Rules,
    texts: Sequence[CaseText],
    *,
    policy: str | None = None,
    only: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    workers: int = 0,
    progress: Progress | None = None,
    search: Search | None = None,
    readings: bool = False,
) -> Mutation:
    """Which wrong edits of the rules the scenarios would notice.

    policy: mutants of this one alone, noticed by what scenarios expect under it, and by what those
    of other policies expect that holds under it too. only: rules by their ids, by those of their
    tables and principles, or by patterns. sample: so many mutants, chosen by `seed`. workers:
    processes (0: one for each core). progress: told how many are done, and of how many. search:
    asked of each that is undecided for a case that tells it
    (`rulewright.suggest.runner.search`). readings: also mutants of what other
    readings alone say. An interrupt (Ctrl-C) ends it with what was learnt. Raises `InputError`
    (RW402; RW821: no such rule; RW822: no scenario holds).
    """
    _, learnt, chosen, stopped = _run(
        rules, texts, policy, only, sample, seed, workers, progress, search, readings
    )
    verdicts = learnt.verdicts if search is None else {**learnt.verdicts, **learnt.searched}
    shown = _own_first(rules, policy, list(_shown(learnt, chosen, verdicts)))
    waiting = {
        each for mutant in shown if mutant.waits_for(learnt.not_run) for each in mutant.policies
    }
    not_run = [each for each in learnt.not_run if not only or each in waiting]
    return Mutation(
        shown,
        len(texts),
        learnt.checks,
        learnt.broken,
        learnt.borrowed,
        not_run,
        policy or "",
        stopped,
        None if sample is None else seed,
    )


def judged(
    rules: Rules,
    texts: Sequence[CaseText],
    *,
    policy: str | None = None,
    only: Sequence[str] = (),
    workers: int = 0,
    progress: Progress | None = None,
) -> tuple[Judging | None, list[int], bool]:
    """The mutants that no scenario notices, by their place among those of `Judging`; and whether
    that was interrupted.
    """
    judging, learnt, chosen, stopped = _run(
        rules, texts, policy, only, None, 0, workers, progress, None
    )
    unnoticed = [
        index
        for index in chosen
        if index in learnt.verdicts
        and learnt.verdicts[index].verdict in ("survives", "undecided")
        and not (policy is None and learnt.rows[index].waits_for(learnt.not_run))
    ]
    if unnoticed and judging is None:
        judging, _ = _begin(rules, texts, policy)
    return judging, unnoticed, stopped


def _run(
    rules: Rules,
    texts: Sequence[CaseText],
    policy: str | None,
    only: Sequence[str],
    sample: int | None,
    seed: int,
    workers: int,
    progress: Progress | None,
    search: Search | None,
    readings: bool = False,
) -> tuple[Judging | None, _Learnt, list[int], bool]:
    if policy is not None:
        rules.choose(policy)
    key = _digest(rules, texts)
    name = f"mutation {policy or ''}{' with readings' if readings else ''}"
    learnt: _Learnt | None = cache.kept(key, name)
    judging = None
    if learnt is None:
        judging, learnt = _begin(rules, texts, policy, readings)
    chosen = _chosen(learnt.rows, only, sample, seed, rules.shown)
    before = len(learnt.verdicts) + len(learnt.searched)
    try:
        judging, stopped = _learn(
            learnt,
            chosen,
            judging,
            lambda: _begin(rules, texts, policy, readings)[0],
            workers,
            progress,
            search,
        )
    finally:
        if len(learnt.verdicts) + len(learnt.searched) > before:
            cache.keep(key, name, learnt)
    return judging, learnt, chosen, stopped


def _learn(
    learnt: _Learnt,
    chosen: list[int],
    judging: Judging | None,
    begin: Callable[[], Judging],
    workers: int,
    progress: Progress | None,
    search: Search | None,
) -> tuple[Judging | None, bool]:
    """Fill in the verdicts that are not known, then look for cases where that is asked; whether
    that was interrupted.
    """
    stopped = False
    waiting = [index for index in chosen if index not in learnt.verdicts]
    if waiting:
        judging = judging or begin()
        stopped = worked_through(
            judging, Judging.judge, waiting, workers, learnt.verdicts, progress
        )
    if search is None or stopped:
        return judging, stopped
    undecided = [
        index
        for index in chosen
        if learnt.verdicts[index].verdict == "undecided" and index not in learnt.searched
    ]
    if undecided:
        judging = judging or begin()
        stopped = worked_through(judging, search, undecided, workers, learnt.searched, progress)
    return judging, stopped


def _digest(rules: Rules, texts: Iterable[CaseText]) -> str:
    digest = hashlib.sha256(rules.key.encode())
    for text in texts:
        digest.update(f"\0{text.place}\0{text.name}\0{text.tree!r}".encode())
    return digest.hexdigest()


def begin(rules: Rules, texts: Sequence[CaseText], policy: str | None = None) -> Judging:
    """All that judging needs of some scenarios: they are run.

    Raises `InputError` (RW402, RW822).
    """
    if policy is not None:
        rules.choose(policy)
    return _begin(rules, texts, policy)[0]


def _begin(
    rules: Rules, texts: Sequence[CaseText], policy: str | None, readings: bool = False
) -> tuple[Judging, _Learnt]:
    with uninterrupted():
        trials, broken = trials_of(rules, texts, policy)
        if not trials:
            under, test = (
                (f"under `{policy}`", f"test --policy {policy}")
                if policy is not None
                else ("under the rules as they are", "test")
            )
            raise InputError(
                Problem(
                    Place(""),
                    "RW822",
                    f"no scenario holds {under}, so none can notice a change",
                    f"run `rulewright {test}` and see to what it reports",
                )
            )
        run = {trial.answered.program.policy for trial in trials}
        plain = _programs(
            rules, run | (set() if policy is not None else rules.book.policies.keys()), run
        )
        programs = plain | _under_readings(trials)
        making = Making(WrittenEntries(rules.book))
        for program in programs.values():
            making.add(program)
        made = [*making.mutants(), *amendments(rules.book, plain)]
        mutants = sorted(
            (each for each in made if readings or each.effects.keys() & plain.keys()),
            key=lambda each: each.key,
        )
        judging = Judging(rules, trials, programs, mutants)
    own = [check for check in broken if policy is None or is_written_for(rules, check.text, policy)]
    failing = [f"{check.place}: {check.text.name}" for check in own]
    if policy is None:
        not_run = sorted(rules.book.policies.keys() - run)
    else:
        not_run = [] if any(is_written_for(rules, each, policy) for each in texts) else [policy]
    return judging, _Learnt(
        [_row(each, run) for each in mutants],
        len(trials) + len(broken),
        failing,
        len(broken) - len(own),
        not_run,
    )


def _programs(rules: Rules, names: Iterable[str], run: set[str]) -> dict[str, Program]:
    """The policies by name; one under which nothing was run need not compile."""
    found = {}
    for name in sorted(names):
        try:
            found[name] = rules.program(name)
        except InputError:
            if name in run:
                raise
    return found


def _under_readings(trials: list[BaselineCheck]) -> dict[str, Program]:
    """The policies under the other readings that scenarios run, each a policy of its own."""
    found = {
        trial.policy: trial.answered.program for trial in trials if trial.answered.program.reading
    }
    return {name: replace(found[name], policy=name) for name in sorted(found)}


def _row(mutant: Mutant, run: set[str]) -> MutantShown:
    """A mutant with the policies under which it is tried; where none of those that have it is run,
    with all of them.
    """
    having = sorted(each for each in mutant.effects if " under " not in each) or sorted(
        mutant.effects
    )
    policies = [each for each in having if each in run] or having
    return MutantShown(
        mutant.sentence,
        mutant.operator,
        mutant.rule,
        str(mutant.place),
        policies,
        "not tried",
        mutant.before,
        mutant.after,
    )


def _chosen(
    rows: list[MutantShown], only: Sequence[str], sample: int | None, seed: int, shown: str
) -> list[int]:
    found = [index for index, row in enumerate(rows) if is_named(row.rule, only)]
    if not found:
        raise none_is_named(only, {row.rule for row in rows}, shown)
    if sample is not None and sample < len(found):
        found = sorted(random.Random(seed).sample(found, sample))
    return found


def _shown(
    learnt: _Learnt, chosen: Iterable[int], verdicts: dict[int, Judged]
) -> Iterator[MutantShown]:
    for index in chosen:
        row, judged = learnt.rows[index], verdicts.get(index, Judged("not tried"))
        row.verdict, row.by, row.because = judged.verdict, judged.by, judged.because  # type: ignore[assignment]
        yield row


def _own_first(rules: Rules, policy: str | None, shown: list[MutantShown]) -> list[MutantShown]:
    """Of an amendment that is asked for, what it changes itself before what it leaves as it was."""
    if policy is None or rules.book.policies[policy].amends is None:
        return shown
    amended = Amended(rules.book, policy)
    for each in shown:
        each.own = amended.changes(each.rule)
    return sorted(shown, key=lambda each: not each.own)


Work = Callable[[Judging, int], T]


def worked_through(
    judging: Judging,
    work: Work[T],
    waiting: Sequence[int],
    workers: int,
    found: dict[int, T],
    progress: Progress | None,
) -> bool:
    """Put what work makes of each mutant of a list into `found`.

    True: it was interrupted. workers: processes (0: one for each core).
    """
    spread = _spread(waiting, workers or cores())
    try:
        for done, (number, each) in enumerate(
            on_cores(partial(work, judging), spread, workers or None), 1
        ):
            found[spread[number]] = each
            if progress is not None:
                progress(done, len(spread))
    except KeyboardInterrupt:
        return True
    return False


def _spread(waiting: Sequence[int], workers: int) -> list[int]:
    """Neighbours take alike long: each process gets some of everything."""
    return [index for start in range(workers * 8) for index in waiting[start :: workers * 8]]
