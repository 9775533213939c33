"""What scenarios show of the other things that a rulebook says: overrides, interpretations,
parameters, paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.ir.program import ParameterValues
from rulewright.ir.traversal import Terms, parameters_in
from rulewright.ir.types import Date
from rulewright.syntax.paragraphs import read_fate
from rulewright.syntax.text import key

from .observer import DECIDED, Override
from .points import Points, RulePoint, all_proved
from .record import (
    EncodedBy,
    FirstShown,
    InterpretationCovered,
    OverrideCovered,
    ParagraphCovered,
    ParameterCovered,
    ParameterValue,
    ReadingCovered,
)
from .written_rules import UnrolledRule, use_of


def shown(found: Points, what: str, number: int) -> FirstShown:
    """Something shown, with its scenario."""
    text = found.gathered.scenarios[number]
    return FirstShown(what, text.name, str(text.place))


# -- overrides


def overrides(found: Points) -> list[OverrideCovered]:
    """Each rule that was written to go before another, or before judgements."""
    pairs: dict[Override, list[tuple[str, UnrolledRule, UnrolledRule | None]]] = {}
    for name, observer in sorted(found.gathered.observers.items()):
        for decided in observer.policy.decided:
            for above, below, written in observer.overrides[id(decided)]:
                pairs.setdefault(written, []).append(
                    (name, decided.rules[above], decided.rules[below])
                )
            for position, written in observer.over_judgements[id(decided)]:
                pairs.setdefault(written, []).append((name, decided.rules[position], None))
    covered = []
    for (rule, before), uses in sorted(pairs.items()):
        seen = (
            found.gathered.seen(name).overrides.get((rule, before))
            for name in {name for name, *_ in uses}
        )
        numbers = [number for number in seen if number is not None]
        one = OverrideCovered(
            rule.name,
            str(rule.place),
            before,
            shown(found, "goes before", min(numbers)) if numbers else None,
        )
        if not numbers:
            one.cannot_be = all_proved(
                "" if below is None else found.proofs.never_both(policy, above, below)
                for policy, above, below in uses
            )
        covered.append(one)
    return covered


# -- interpretations and parameters


def interpretations(found: Points) -> list[InterpretationCovered]:
    """Each interpretation with its rules and its other readings."""
    covered: dict[str, InterpretationCovered] = {}
    resting = _resting(found)
    for name, policy in found.gathered.policies.items():
        for identity, each in policy.program.interpretations.items():
            rules = resting.get(identity, [])
            took = sum(1 for point in rules if DECIDED in point.shown)
            one = covered.setdefault(
                identity, InterpretationCovered(identity, str(each.place), len(rules), took)
            )
            for reading in each.readings:
                _reading(found, one, name, reading.name)
    return [covered[each] for each in sorted(covered)]


def _resting(found: Points) -> dict[str, list[RulePoint]]:
    """The rules that rest on each interpretation."""
    resting: dict[str, list[RulePoint]] = {}
    for point in found.rules:
        for name in sorted(
            {
                name
                for held in point.held.values()
                for each in held
                for name in each.rule.interpretations
            }
        ):
            resting.setdefault(name, []).append(point)
    return resting


def _reading(found: Points, one: InterpretationCovered, policy: str, reading: str) -> None:
    known = next((each for each in one.readings if each.reading == reading), None)
    if known is None:
        known = ReadingCovered(reading)
        one.readings.append(known)
    ran = found.gathered.readings.get((policy, key(reading)))
    if ran is not None:
        known.run = known.run or shown(found, "run", ran[0])
        if ran[1] is not None:
            known.told_apart = known.told_apart or shown(found, "another outcome", ran[1])


def parameters(found: Points) -> list[ParameterCovered]:
    """Each parameter as it is written: whether it is read where that matters, and which of its
    values held in a decision.
    """
    read = set(_read(found))
    days = {day for name in found.gathered.policies for day in found.gathered.seen(name).days}
    covered: dict[tuple[str, str], ParameterCovered] = {}
    for policy in found.gathered.policies.values():
        for name, each in policy.program.parameters.items():
            at = (each.name, str(each.place))
            if at not in covered:
                covered[at] = ParameterCovered(*at, name in read, list(_values(each, days)))
    return [covered[each] for each in sorted(covered)]


def _values(parameter: ParameterValues, days: set[int]) -> Iterator[ParameterValue]:
    starts = [since for since, _ in parameter.values]
    for number, (since, value) in enumerate(parameter.values):
        until = starts[number + 1] if number + 1 < len(starts) else None
        used = any(
            (since is None or since <= day) and (until is None or day < until) for day in days
        )
        words = "no value" if value is None else parameter.type.show(value)
        yield ParameterValue(words, "" if since is None else Date().show(since), used)


def _read(found: Points) -> Iterator[str]:
    """The parameters in conditions that mattered and in rules that took effect."""
    for condition in found.conditions:
        if condition.shown:
            yield from _named(
                leaf.condition for held in condition.held.values() for _, leaf in held
            )
    for rule in found.rules:
        if DECIDED in rule.shown:
            yield from _named(
                part
                for held in rule.held.values()
                for each in held
                for part in (each.rule.value, *each.rule.template)
            )


def _named(parts: Iterator[Terms]) -> set[str]:
    return parameters_in(*parts)


# -- paragraphs


def paragraphs(found: Points) -> list[ParagraphCovered]:
    """Each paragraph of the documents that were seen in whole."""
    covered = []
    encoded = _Encoded(found)
    for document, listed in sorted(found.gathered.rules.book.documents.items()):
        for paragraph, text in listed.paragraphs.items():
            fate = read_fate(text)
            if fate is not None:
                by = [each for name in fate.rules for each in encoded.by(name)]
                covered.append(ParagraphCovered(document, str(paragraph), fate.word, by))  # type: ignore[arg-type]
    return covered


class _Encoded:
    """What a name after `encoded by` stands for, and how far that is covered: rules, their
    conditions, parameters, policies.
    """

    def __init__(self, found: Points) -> None:
        self.found = found
        self.read = {each.parameter: each.read for each in parameters(found)}
        self.rules: dict[str, list[RulePoint]] = {}
        for point in found.rules:
            names = {
                *point.names,
                *(use_of(each.rule) for held in point.held.values() for each in held),
            } - {""}
            names |= {each.partition("[")[0] for each in names}
            for name in names:
                self.rules.setdefault(name, []).append(point)
        for point in found.rules:
            for name in {
                name
                for held in point.held.values()
                for each in held
                for name in each.rule.interpretations
            }:
                self.rules.setdefault(name, []).append(point)
        self.known = {each.id for each in found.gathered.rules.policies}

    def by(self, name: str) -> list[EncodedBy]:
        """How far it is covered; nothing of what none of the policies that were run has."""
        if name in self.read:
            return [EncodedBy(name, int(self.read[name]), 1)]
        if name in self.known:
            return [EncodedBy(name, int(name in self.found.gathered.policies), 1)]
        rules = self.rules.get(name, [])
        if not rules:
            return []
        keys = {point.key for point in rules}
        gaps = [gap for point in rules for gap in point.gaps]
        things = len(rules)
        for condition in self.found.conditions:
            if keys.intersection(condition.rules):
                things += len(self.found.asked)
                gaps += condition.gaps
        left_out = sum(1 for gap in gaps if not gap.counts)
        return [EncodedBy(name, things - len(gaps), things - left_out)]
