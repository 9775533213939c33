"""What one case shows of the rules: which fired, which decided, and which conditions mattered, met
or not met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rulewright.engines.calculus import certain
from rulewright.engines.result import (
    MET,
    NOT_MET,
    STATUS_WORDS,
    UNDECIDED,
    Finding,
    Firing,
    Settled,
    Status,
)
from rulewright.facts.cases import Entity
from rulewright.ir.entities import ANY_JUDGEMENT
from rulewright.ir.nodes import Kind

from .relevance import Essence, Weighing, essence, finding_at, otherwise_than, status_with
from .written_rules import (
    ConditionKey,
    Decided,
    PlainCondition,
    RuleKey,
    UnrolledRule,
    WrittenPolicy,
    use_of,
)

FIRED, MAY_FIRE, DID_NOT, DEFEATED, DECIDED = (
    "fired",
    "may have fired",
    "did not fire",
    "defeated",
    "decided",
)
_FATES = (DID_NOT, MAY_FIRE, FIRED)
Pattern = tuple[
    bool, Status, tuple[tuple[str, Status, bool], ...], tuple[tuple[str, Status, bool], ...]
]
Override = tuple[
    RuleKey, str
]  # the rule that goes before, and what: a rule, all of a use of a principle, judgements


@dataclass
class CoverageSeen:
    """What scenarios have shown of one policy, each thing with the first scenario that showed it
    (its number).

    conditions: met, not met or undecided, where it mattered. rules: what became of them. overrides:
    those without which a value or the deciding rule would have been another. withdrawals: by their
    number, what became of them.
    """

    conditions: dict[ConditionKey, dict[Status, int]] = field(default_factory=dict)
    rules: dict[RuleKey, dict[str, int]] = field(default_factory=dict)
    overrides: dict[Override, int] = field(default_factory=dict)
    withdrawals: dict[int, dict[Status, int]] = field(default_factory=dict)
    days: set[int] = field(default_factory=set)


class Observer:
    """Looks at cases under one policy. What an earlier case has shown is not looked for again."""

    def __init__(self, policy: WrittenPolicy) -> None:
        self.policy, self.seen = policy, CoverageSeen()
        self.overrides = {id(each): _overrides(each) for each in policy.decided}
        self.over_judgements = {id(each): _over_judgements(each) for each in policy.decided}
        # what rules came to where that has shown all that it can show
        self.told: set[tuple[int, Pattern]] = set()

    def observe(self, weighing: Weighing, number: int) -> None:
        """One case that was run; `number`: that of its scenario."""
        for entity in weighing.case.entities:
            kind = Kind.of(entity)
            for decided in self.policy.by_kind.get(kind, ()):
                at = (entity.index, decided.node.key.attribute)
                if at not in weighing.case.supplied:
                    self._attribute(weighing, decided, entity, weighing.result.settled[at], number)
            for each in self.policy.notices.get(kind, ()):
                self._notice(weighing, each, entity, number)
        self._of_the_policy(weighing, number)
        self.seen.days.add(weighing.as_at)

    # -- attributes

    def _attribute(
        self, weighing: Weighing, decided: Decided, entity: Entity, settled: Settled, number: int
    ) -> None:
        if settled.overruled == MET:
            self._over_judgement(weighing, decided, entity, settled, number)
        pattern = (id(decided), _pattern(settled))
        if pattern in self.told:
            return
        firings, limits = (
            {each.rule: each for each in of} for of in (settled.firings, settled.limits)
        )
        before, over = essence(settled), decided.node.over_judgements
        told = True
        for each in decided.all:
            firing = (limits if each.rule.effect == "limit" else firings).get(each.rule.id)
            status = firing.status if firing is not None else NOT_MET
            self._note(each, _words(each, firing, before), number)
            if settled.overruled == status == MET and each.position in over:
                self._note(each, [DECIDED], number)  # also where it is defeated
            if each.leaves and not self._known(each, status):
                for leaf, of, turned in self._turnings(weighing, each, entity, status):
                    if (
                        essence(weighing.with_status(decided.node, entity, each.rule, turned))
                        != before
                    ):
                        self.seen.conditions.setdefault(leaf.key, {}).setdefault(of, number)
                told = told and self._known(each, status)
        defeated = _Defeated(decided, settled)
        for above, below, key in self.overrides[id(decided)]:
            if key not in self.seen.overrides and above in defeated.here and below in defeated.here:
                if (
                    defeated.by_it_alone(below, above)
                    and essence(weighing.without_override(decided.node, entity, above, below))
                    != before
                ):
                    self.seen.overrides[key] = number
                told = told and key in self.seen.overrides
        if told:
            self.told.add(pattern)

    def _over_judgement(
        self, weighing: Weighing, decided: Decided, entity: Entity, settled: Settled, number: int
    ) -> None:
        """A judgement that would have given another value, were it not for one rule."""
        judgement = weighing.case.judged[entity.index, decided.node.key.attribute]
        fired = {each.rule for each in settled.firings if each.status == MET}
        over = [
            key
            for above, key in self.over_judgements[id(decided)]
            if decided.rules[above].rule.id in fired
        ]
        if (
            len(over) == 1
            and certain(judgement.value, decided.node.attribute.type) != settled.possible
        ):
            self.seen.overrides.setdefault(over[0], number)

    def _note(self, each: UnrolledRule, words: Iterable[str], number: int) -> None:
        known = self.seen.rules.setdefault(each.key, {})
        for word in words:
            known.setdefault(word, number)

    def _known(self, each: UnrolledRule, status: Status) -> bool:
        """Whether there is nothing new to see: in a rule that certainly fires, or does not, only
        what speaks for that can matter.
        """
        known = self.seen.conditions
        if status == UNDECIDED:
            return all(len(known.get(leaf.key, ())) == len(STATUS_WORDS) for leaf in each.leaves)
        return all(leaf.speaking_for(status) in known.get(leaf.key, ()) for leaf in each.leaves)

    def _turnings(
        self, weighing: Weighing, each: UnrolledRule, entity: Entity, status: Status
    ) -> Iterator[tuple[PlainCondition, Status, Status]]:
        """Each condition not yet known to matter as it came out, and what the rule would do if it
        came out otherwise.
        """
        findings = weighing.findings(each.rule, entity)
        if findings is None:
            return
        for leaf in each.leaves:
            of = finding_at(findings, leaf.path).status
            known = self.seen.conditions.get(leaf.key, {})
            for turned in {
                status_with(each.rule.conditions, findings, leaf.path, other)
                for other in otherwise_than(of)
            } - {status}:
                if of not in known:
                    yield leaf, of, turned

    # -- notes, warnings, and what the policy asks

    def _notice(self, weighing: Weighing, each: UnrolledRule, entity: Entity, number: int) -> None:
        firing = weighing.fire(each.rule, entity)
        status = firing.status if firing is not None else NOT_MET
        self._note(each, [_FATES[status], *([DECIDED] if status == MET else [])], number)
        if self._known(each, status):
            return
        for leaf, of, _ in self._turnings(weighing, each, entity, status):
            self.seen.conditions.setdefault(leaf.key, {}).setdefault(of, number)

    def _of_the_policy(self, weighing: Weighing, number: int) -> None:
        result = weighing.result
        for each, finding in zip(self.policy.scope, result.scope, strict=True):
            self._alone(each, finding, number)
        kinds = {Kind.of(each) for each in weighing.case.entities}
        waiting = iter(result.withdrawn)
        for position, (withdrawal, once) in enumerate(
            zip(weighing.program.withdrawals, self.policy.withdrawals, strict=True)
        ):
            finding = next(waiting) if once is not None else Finding(MET)
            if kinds.intersection(withdrawal.kinds):
                self.seen.withdrawals.setdefault(position, {}).setdefault(finding.status, number)
                if once is not None:
                    self._alone(once, finding, number)

    def _alone(self, each: UnrolledRule, finding: Finding, number: int) -> None:
        """A condition that stands for itself: whatever changes what becomes of it matters."""
        for leaf in each.leaves:
            of = finding_at((finding,), leaf.path).status
            if any(
                status_with(each.rule.conditions, (finding,), leaf.path, other) != finding.status
                for other in otherwise_than(of)
            ):
                self.seen.conditions.setdefault(leaf.key, {}).setdefault(of, number)


class _Defeated:
    """The rules of an attribute that fire or may fire in a case, by their numbers, and those that
    defeat others.
    """

    def __init__(self, decided: Decided, settled: Settled) -> None:
        statuses = {each.rule: each.status for each in settled.firings}
        self.here = {
            number for number, rule in enumerate(decided.node.rules) if rule.id in statuses
        }
        fire = {number for number in self.here if statuses[decided.node.rules[number].id] == MET}
        self._by = {number: decided.node.above[number] & fire for number in self.here}

    def by_it_alone(self, number: int, above: int) -> bool:
        """Whether no other rule certainly defeats a rule: else it makes no difference that this one
        does.
        """
        return self._by[number] <= {above}


def _pattern(settled: Settled) -> Pattern:
    """All of an attribute on which it hangs what a case can show of its rules, if that was shown
    before.
    """
    return (
        (settled.possible if settled.ruled is None else settled.ruled).determined,
        settled.overruled,
        tuple((each.rule, each.status, each.defeated) for each in settled.firings),
        tuple((each.rule, each.status, each.lowers) for each in settled.limits),
    )


def _words(each: UnrolledRule, firing: Firing | None, before: Essence) -> list[str]:
    """What became of a rule."""
    if firing is None:
        return [DID_NOT]
    words = [_FATES[firing.status]]
    if firing.status == MET and each.rule.id in (
        before.limited_by if each.rule.effect == "limit" else before.decided_by
    ):
        words.append(DECIDED)
    return [*words, DEFEATED] if firing.defeated else words


def _overrides(decided: Decided) -> list[tuple[int, int, Override]]:
    """The rules that were written to go before others.

    The rows of a table need nobody to say so.
    """
    found = []
    for above in decided.rules:
        below = [
            each
            for each in decided.rules
            if each.rule.id in above.rule.overrides and not _rows_of_one_table(above, each)
        ]
        used = {use_of(each.rule) for each in below}
        whole = {
            use
            for use in used
            if use and all(each in below for each in decided.rules if use_of(each.rule) == use)
        }
        for each in below:
            name = use_of(each.rule) if use_of(each.rule) in whole else each.key.name
            found.append((above.position, each.position, (above.key, name)))
    return found


def _over_judgements(decided: Decided) -> list[tuple[int, Override]]:
    """The rules that were written to leave judgements without effect."""
    return [
        (each.position, (each.key, ANY_JUDGEMENT))
        for each in decided.rules
        if each.position in decided.node.over_judgements
    ]


def _rows_of_one_table(one: UnrolledRule, other: UnrolledRule) -> bool:
    table, row, _ = one.rule.id.partition("[")
    return bool(row) and other.rule.id.startswith(f"{table}[")
