"""From what scenarios have shown to the record of it."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Status
from rulewright.facts.cases import CaseText
from rulewright.syntax.models import ExceptionModel
from rulewright.syntax.text import place_of
from rulewright.workbench import Rules

from .other_parts import interpretations, overrides, paragraphs, parameters, shown
from .points import ConditionPoint, Points, RulePoint, earliest, first_shown, points
from .record import (
    ConditionCovered,
    Coverage,
    PolicyCovered,
    RuleCovered,
    UnusedException,
    WithdrawalCovered,
)
from .runner import gather


def coverage(
    rules: Rules,
    scenarios: Iterable[CaseText],
    policy: str | None = None,
    exceptions: Iterable[ExceptionModel] = (),
    undecided: bool = False,
) -> Coverage:
    """What scenarios cover of a rulebook; `policy`: of one policy, by those that run under it.

    exceptions: what no scenario is asked to show. undecided: ask that each condition is undecided
    somewhere, too. Raises `InputError` with the mistakes of all scenarios, or of the exceptions.
    """
    return compose(points(gather(rules, scenarios, policy), list(exceptions), undecided))


def compose(found: Points) -> Coverage:
    """The record."""
    gathered = found.gathered
    titles = {each.id: each.title for each in gathered.rules.policies}
    return Coverage(
        len(gathered.ran),
        [
            PolicyCovered(
                name,
                titles.get(name, ""),
                gathered.runs[name],
                found.share_of_rules(name),
                found.share_of_conditions(name),
            )
            for name in titles
            if name in gathered.policies
        ],
        [name for name in titles if name not in gathered.policies and gathered.only is None],
        found.share_of_rules(),
        found.share_of_conditions(),
        found.undecided,
        [_rule(found, each) for each in found.rules],
        [_condition(found, each) for each in found.conditions],
        overrides(found),
        interpretations(found),
        parameters(found),
        paragraphs(found),
        _withdrawals(found),
        _unused(found),
    )


def _rule(found: Points, point: RulePoint) -> RuleCovered:
    key = point.key
    any_ = next(iter(point.held.values()))[0]
    return RuleCovered(
        key.name,
        str(key.place),
        key.effect,  # type: ignore[arg-type]
        key.says or any_.rule.text,
        sorted(point.held),
        [shown(found, *each) for each in first_shown(point)],
        point.gaps,
        point.is_row,
    )


def _condition(found: Points, point: ConditionPoint) -> ConditionCovered:
    return ConditionCovered(
        point.owner,
        str(point.key.place),
        point.key.text,
        sorted(point.held),
        [shown(found, *each) for each in first_shown(point)],
        point.gaps,
    )


_OF_A_WITHDRAWAL = {MET: "withdrawn", NOT_MET: "not yet", UNDECIDED: "undecided"}


def _withdrawals(found: Points) -> list[WithdrawalCovered]:
    """Each withdrawal as written, over all policies that have it."""
    covered: dict[tuple[str, str], WithdrawalCovered] = {}
    became: dict[tuple[str, str], dict[Status, int]] = {}
    for name, policy in found.gathered.policies.items():
        seen = found.gathered.seen(name).withdrawals
        for number, each in enumerate(policy.program.withdrawals):
            at = (each.text, str(each.place))
            wanted = (MET, NOT_MET) if each.once is not None else (MET,)
            one = covered.setdefault(
                at, WithdrawalCovered(*at, [], gaps=[_OF_A_WITHDRAWAL[status] for status in wanted])
            )
            one.policies.append(name)
            earliest(became.setdefault(at, {}), seen.get(number, {}))
    for at, one in covered.items():
        one.shown = [
            shown(found, word, became[at][status])
            for status, word in _OF_A_WITHDRAWAL.items()
            if status in became[at]
        ]
        one.gaps = [word for word in one.gaps if word not in {each.what for each in one.shown}]
    return [covered[at] for at in sorted(covered)]


def _unused(found: Points) -> list[UnusedException]:
    unused = []
    for each in found.exceptions.unneeded(found.undecided):
        of: list[ConditionPoint | RulePoint] = [*found.conditions, *found.rules]
        proved = any(
            gap.cannot_be
            for point in of
            if str(each.rule) in point.names and _same(point, each)
            for gap in point.gaps
            if gap.what == each.never
        )
        because = "no case can show it, which is proved" if proved else "a scenario shows it"
        unused.append(
            UnusedException(str(place_of(each.rule)), str(each.rule), _words(each), because)
        )
    return unused


def _same(point: ConditionPoint | RulePoint, each: ExceptionModel) -> bool:
    return not isinstance(point, ConditionPoint) or point.key.text == str(each.condition)


def _words(each: ExceptionModel) -> str:
    return f"`{each.condition}` {each.never}" if each.condition is not None else str(each.never)


__all__ = ["compose", "coverage"]
