"""What scenarios have shown, each written rule and condition once: over all policies that share it,
and what is left to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from rulewright.engines.result import MET, NOT_MET, STATUS_WORDS, UNDECIDED, Status
from rulewright.syntax.models import ExceptionModel

from .exceptions import Exceptions, Names
from .impossible import Proofs
from .observer import DECIDED, DEFEATED, DID_NOT, FIRED, MAY_FIRE, Observer
from .record import TAKES_EFFECT, Gap, Share
from .runner import CoverageRun
from .written_rules import ConditionKey, PlainCondition, RuleKey, UnrolledRule, use_of, written

Word = TypeVar("Word")
Held = tuple[tuple[UnrolledRule, PlainCondition], ...]
WORDS = (FIRED, MAY_FIRE, DID_NOT, DEFEATED, DECIDED)


@dataclass(eq=False)
class ConditionPoint:
    """A condition as written, where it stands in each policy, and the first scenario for each way
    in which it mattered.
    """

    key: ConditionKey
    held: dict[str, Held]
    shown: dict[Status, int]
    gaps: list[Gap] = field(default_factory=list)
    use: str = ""  # the use of a principle that gives it to the principle's rules

    @property
    def rules(self) -> list[RuleKey]:
        """The written rules that have it."""
        return sorted({each.key for held in self.held.values() for each, _ in held})

    @property
    def owner(self) -> str:
        """What it is written in: a rule or row, or the table or use that gives it to several."""
        return self.use or owner(
            each.rule.written for held in self.held.values() for each, _ in held
        )

    @property
    def names(self) -> list[str]:
        """All names by which somebody may call what it is written in."""
        found = {
            name
            for held in self.held.values()
            for each, _ in held
            for name in (each.key.name, each.rule.written, each.rule.id)
        }
        return [self.owner, *sorted(found - {self.owner})]


@dataclass(eq=False)
class RulePoint:
    """A rule as written, what it was unrolled into in each policy, and the first scenario for each
    thing that became of it.
    """

    key: RuleKey
    held: dict[str, tuple[UnrolledRule, ...]]
    shown: dict[str, int]
    gaps: list[Gap] = field(default_factory=list)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return self.key.name.endswith("]")

    @property
    def names(self) -> list[str]:
        """All names by which somebody may call it."""
        found = {
            name
            for held in self.held.values()
            for each in held
            for name in (each.rule.written, each.rule.id)
        }
        return [self.key.name, *sorted(found - {self.key.name})]


@dataclass(eq=False)
class Points:
    """All that there is to cover, and what is covered.

    `undecided`: whether undecided conditions are asked for, too.
    """

    gathered: CoverageRun
    conditions: list[ConditionPoint]
    rules: list[RulePoint]
    exceptions: Exceptions
    proofs: Proofs
    undecided: bool

    @property
    def asked(self) -> tuple[Status, ...]:
        """The ways in which each condition is to matter somewhere."""
        return (MET, NOT_MET, UNDECIDED) if self.undecided else (MET, NOT_MET)

    def share_of_rules(self, policy: str | None = None) -> Share:
        """How many rules take effect somewhere; of one policy: by the scenarios that run under
        it.
        """
        if policy is None:
            return _share((each.gaps, 1) for each in self.rules)
        shown = self.gathered.seen(policy).rules
        return _share(
            ([] if DECIDED in shown.get(each.key, ()) else _gaps(each.gaps, [TAKES_EFFECT]), 1)
            for each in self.rules
            if policy in each.held
        )

    def share_of_conditions(self, policy: str | None = None) -> Share:
        """How many ways of conditions to come out matter somewhere; of one policy: by the scenarios
        that run under it.
        """
        if policy is None:
            return _share((each.gaps, len(self.asked)) for each in self.conditions)
        return _share(
            (self._gaps_under(policy, each), len(self.asked))
            for each in self.conditions
            if policy in each.held
        )

    def _gaps_under(self, policy: str, point: ConditionPoint) -> list[Gap]:
        shown = self.gathered.seen(policy).conditions.get(point.key, {})
        return _gaps(
            point.gaps, [STATUS_WORDS[status] for status in self.asked if status not in shown]
        )


def _gaps(known: list[Gap], missing: list[str]) -> list[Gap]:
    """What the scenarios of one policy do not show; what cannot be, or is left out, under all
    policies is so under each.
    """
    left_out = {gap.what: gap for gap in known if not gap.counts}
    return [left_out.get(what, Gap(what)) for what in missing]


def points(
    gathered: CoverageRun, exceptions: list[ExceptionModel], undecided: bool = False
) -> Points:
    """What scenarios have shown and what not.

    Raises `InputError` (RW841 to RW843) for an exception about nothing.
    """
    conditions, rules = _conditions(gathered), _rules(gathered)
    known = Exceptions(exceptions, _names(conditions, rules), lambda: _names_everywhere(gathered))
    proofs = Proofs(gathered.rules)
    found = Points(gathered, conditions, rules, known, proofs, undecided)
    for point in conditions:
        point.gaps = [
            _gap_of_condition(found, point, status, proofs)
            for status in found.asked
            if status not in point.shown
        ]
    for rule in rules:
        if DECIDED not in rule.shown:
            rule.gaps = [_gap_of_rule(found, rule, proofs)]
    return found


def _names(conditions: list[ConditionPoint], rules: list[RulePoint]) -> Names:
    names: Names = {name: set() for each in rules for name in each.names}
    for condition in conditions:
        for name in condition.names:
            names.setdefault(name, set()).add(condition.key.text)
    return names


def _names_everywhere(gathered: CoverageRun) -> Names:
    """What all policies of the rulebook have, also those that no scenario runs."""
    whole = CoverageRun(gathered.rules, [])
    for policy in gathered.rules.policies:
        whole.observers[policy.id] = Observer(written(gathered.rules.program(policy.id)))
    return _names(_conditions(whole), _rules(whole))


def _conditions(gathered: CoverageRun) -> list[ConditionPoint]:
    found: dict[ConditionKey, ConditionPoint] = {}
    for policy, said in gathered.policies.items():
        for key, held in said.holders.items():
            point = found.setdefault(key, ConditionPoint(key, {}, {}))
            point.held[policy] = held
            point.use = point.use or _given_by_use(held, said.families)
            earliest(point.shown, gathered.seen(policy).conditions.get(key, {}))
    return [found[key] for key in sorted(found)]


def _given_by_use(held: Held, families: dict[RuleKey, tuple[UnrolledRule, ...]]) -> str:
    """The use of a principle that alone has a condition, where the same rule of the principle has
    other uses without it.
    """
    uses = {use_of(each.rule) for each, _ in held}
    others = {use_of(other.rule) for each, _ in held for other in families.get(each.key, ())}
    return uses.pop() if len(uses) == 1 and len(others) > 1 else ""


def _rules(gathered: CoverageRun) -> list[RulePoint]:
    found: dict[RuleKey, RulePoint] = {}
    for policy, said in gathered.policies.items():
        for key, family in said.families.items():
            point = found.setdefault(key, RulePoint(key, {}, {}))
            point.held[policy] = family
            earliest(point.shown, gathered.seen(policy).rules.get(key, {}))
    return [found[key] for key in sorted(found, key=lambda each: (each.place, each))]


def earliest(known: dict[Word, int], more: dict[Word, int]) -> None:
    """The first scenarios of both, in `known`."""
    for word, number in more.items():
        known[word] = min(number, known.get(word, number))


def _gap_of_condition(found: Points, point: ConditionPoint, status: Status, proofs: Proofs) -> Gap:
    what = STATUS_WORDS[status]
    proved = all_proved(
        proofs.never_matters(policy, *held, status)
        for policy, all_ in point.held.items()
        for held in all_
    )
    return (
        Gap(what, proved)
        if proved
        else Gap(what, excepted=found.exceptions.reason(point.names, point.key.text, what))
    )


def _gap_of_rule(found: Points, point: RulePoint, proofs: Proofs) -> Gap:
    proved = all_proved(
        proofs.never_acts(policy, each) for policy, held in point.held.items() for each in held
    )
    return (
        Gap(TAKES_EFFECT, proved)
        if proved
        else Gap(TAKES_EFFECT, excepted=found.exceptions.reason(point.names, "", TAKES_EFFECT))
    )


def all_proved(reasons: Iterable[str]) -> str:
    """Why something cannot be in any use under any policy; nothing where it may be in one."""
    found: dict[str, None] = {}
    for each in reasons:
        if not each:
            return ""
        found[each] = None
    return " or ".join(found)


def _share(things: Iterable[tuple[list[Gap], int]]) -> Share:
    found = Share(0, 0)
    for gaps, asked in things:
        cannot, excepted = (
            sum(1 for gap in gaps if gap.cannot_be),
            sum(1 for gap in gaps if gap.excepted),
        )
        found += Share(asked - len(gaps), asked - cannot - excepted, cannot, excepted)
    return found


def owner(written: Iterable[str]) -> str:
    """What several rules as unrolled were written in: themselves, their table, their use of a
    principle, or the principle's rule.
    """
    names = sorted(set(written))
    for shorten in (_itself, _table, _rule_of_principle, _use):
        short = {shorten(name) for name in names}
        if len(short) == 1:
            return short.pop()
    return names[0]


def _itself(name: str) -> str:
    return name


def _table(name: str) -> str:
    return name.partition("[")[0]


def _rule_of_principle(name: str) -> str:
    return name.partition("@")[0]


def _use(name: str) -> str:
    before, at, suffix = name.partition("@")
    return f"{before.partition('.')[0]}{at}{suffix}"


def first_shown(point: ConditionPoint | RulePoint) -> Iterator[tuple[str, int]]:
    """What was shown of something, in a fixed order, with the number of the first scenario."""
    if isinstance(point, ConditionPoint):
        yield from (
            (STATUS_WORDS[status], point.shown[status])
            for status in (MET, NOT_MET, UNDECIDED)
            if status in point.shown
        )
    else:
        yield from ((word, point.shown[word]) for word in WORDS if word in point.shown)
