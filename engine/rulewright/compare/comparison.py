"""Two sides compared over cases: what changed in words, what differs, and which changes each
difference comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rulewright.engines.registry import EVALUATOR
from rulewright.facts.cases import CaseText
from rulewright.ir.types import Scale
from rulewright.syntax.errors import InputError

from .pairs import CaseDifferences, Groups, Pair, not_fitting, pair_of
from .parallel import CasePair, told_of
from .record import (
    Cause,
    Change,
    ComparedSide,
    Comparison,
    Counts,
    DifferingValue,
    NotFitting,
    RatingMove,
    RatingMoves,
)
from .runner import way
from .sides import ComparisonSide


def compare(
    old: ComparisonSide,
    new: ComparisonSide,
    cases: Iterable[CaseText],
    engine: str = EVALUATOR.shown,
    workers: int | None = None,
) -> Comparison:
    """The comparison. `engine`: `both` also has the forward engine answer every case under both
    policies.

    workers: how many processes run cases; as many as there are processors. It has no effect on what
    is found. Raises `InputError` with every mistake in a policy that is compared, `EngineError`
    where the engines disagree.
    """
    return _Comparing(old, new, engine, workers).compare(cases)


@dataclass
class _Ratings:
    """A published rating of what cases are of: how often each value becomes which."""

    label: str
    scale: Scale
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)

    def moves(self, name: str) -> RatingMoves:
        """The rows in the order of the scale."""
        order = {value: number for number, value in enumerate(self.scale.values)}
        rows = sorted(
            self.rows.items(),
            key=lambda row: [(order.get(value, len(order)), value) for value in row[0]],
        )
        return RatingMoves(
            name,
            self.label,
            [RatingMove(old, new, cases, way(old, new, self.scale)) for (old, new), cases in rows],
        )


class _Comparing:
    def __init__(
        self, old: ComparisonSide, new: ComparisonSide, engine: str, workers: int | None
    ) -> None:
        self.old, self.new, self.engine, self.workers = old, new, engine, workers
        self.pairs: dict[tuple[str, str], Pair] = {}
        self.counts = Counts.none()
        self.found: list[tuple[DifferingValue, Groups]] = []
        self.not_fitting: list[NotFitting] = []
        self.ratings: dict[str, _Ratings] = {}

    def compare(self, cases: Iterable[CaseText]) -> Comparison:
        if self.old.policy is not None and self.new.policy is not None:
            both = [(self.old.policy, self.new.policy)]
        else:
            both = [(each, each) for each in self.old.policies if each in self.new.policies]
        for names in both:
            self._pair(*names)
        self._cases(cases)
        causes = self._causes()
        numbers = {tuple(map(tuple, each.groups)): each.number for each in causes}
        differences = [replace(each, cause=numbers[groups]) for each, groups in self.found]
        same_policies = self.old.policy is None
        return Comparison(
            _compared(self.old),
            _compared(self.new),
            self.counts,
            [each.moves(name) for name, each in self.ratings.items()],
            self._changes(),
            causes,
            differences,
            self.not_fitting,
            [each for each in self.new.policies if same_policies and each not in self.old.policies],
            [each for each in self.old.policies if same_policies and each not in self.new.policies],
        )

    def _pair(self, old: str, new: str) -> Pair:
        if (old, new) not in self.pairs:
            self.pairs[old, new] = pair_of(self.old, self.new, old, new)
        return self.pairs[old, new]

    # -- cases

    def _cases(self, cases: Iterable[CaseText]) -> None:
        asked: list[CasePair | NotFitting] = []
        for text in cases:
            try:
                chosen = [
                    side.rules.decide_policy(text, side.policy) for side in (self.old, self.new)
                ]
                asked.append(
                    CasePair(
                        self._pair(chosen[0][0].policy, chosen[1][0].policy), text, chosen[0][1]
                    )
                )
            except InputError as error:
                asked.append(not_fitting(text, error))
        told = iter(
            told_of(
                [each for each in asked if isinstance(each, CasePair)], self.engine, self.workers
            )
        )
        for each in asked:
            self._count(
                next(told) if isinstance(each, CasePair) else CaseDifferences(not_fitting=each)
            )

    def _count(self, told: CaseDifferences) -> None:
        if told.not_fitting is not None:
            self.not_fitting.append(told.not_fitting)
            return
        counts, abouts = self.counts, Counter(each.about for each, _ in told.found)
        counts.cases += 1
        counts.cases_that_differ += bool(told.found)
        counts.values += told.alike + len(told.found)
        counts.unchanged += told.alike
        counts.differ += len(told.found)
        counts.values_differ += abouts["value"]
        counts.publications_differ += abouts["publication"]
        counts.deciding_rules_differ += abouts["deciding rule"]
        counts.only_old += told.only_old
        counts.only_new += told.only_new
        counts.up += told.ways.count("up")
        counts.down += told.ways.count("down")
        counts.other += told.ways.count("")
        self.found += told.found
        for each in told.ratings:
            self.ratings.setdefault(each.name, _Ratings(each.label, each.scale)).rows[
                each.before, each.after
            ] += 1

    # -- what is told of all

    def _causes(self) -> list[Cause]:
        gathered: dict[Groups, Cause] = {}
        cases: dict[Groups, set[tuple[str, str]]] = {}
        for each, groups in self.found:
            cause = gathered.setdefault(groups, Cause(0, [list(group) for group in groups]))
            cause.differences += 1
            cause.published += each.published
            cases.setdefault(groups, set()).add((each.file, each.case))
            cause.cases = len(cases[groups])
        ordered = sorted(
            gathered.values(), key=lambda each: (-each.published, -each.differences, each.groups)
        )
        for number, cause in enumerate(ordered, 1):
            cause.number = number
        return ordered

    def _changes(self) -> list[Change]:
        """The changes of all pairs; one that several policies have alike is told once."""
        gathered: dict[object, Change] = {}
        for pair in self.pairs.values():
            for each in pair.changes:
                same = (
                    each.id,
                    each.action,
                    each.about,
                    tuple((one.name, one.old, one.new) for one in each.fields),
                )
                kept = gathered.setdefault(same, replace(each, policies=[]))
                kept.policies.append(
                    pair.new if pair.old == pair.new else f"{pair.old} -> {pair.new}"
                )
        return list(gathered.values())


def _compared(side: ComparisonSide) -> ComparedSide:
    return ComparedSide(
        side.named,
        side.rules.shown,
        {each: side.status(each) for each in side.policies},
        side.commit,
    )
