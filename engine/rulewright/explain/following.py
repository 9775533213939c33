"""From a rule that did not give a value to the derived attributes below it that are not as it needs them."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.engines.calculus import certain, compare
from rulewright.engines.reference import Evaluation
from rulewright.engines.result import MET, NO, NOT_MET, YES, Finding
from rulewright.engines.trail import asked_of, reached, reached_item
from rulewright.language.cases import Entity
from rulewright.language.text import key
from rulewright.program.nodes import Compare, Condition, Joined, Known, Noun, Quantified, Rule, Test

from .considering import Considering
from .measuring import needed_words
from .naming import Meant
from .possibility import Wanted, wanted_by

Need = tuple[Meant, Entity, Wanted]


def needs_of(rule: Rule, entity: Entity, wanted: Wanted, considering: Considering) -> list[Need]:
    """Each attribute that the rule needs otherwise, and as what, each once; without an answer where it is a fact of the case."""
    needs = _Needs(considering, facts=True)
    found: dict[tuple[int, str, str], Need] = {}
    for condition in rule.conditions:
        for need in needs.of(condition, considering.evaluation.condition(condition, entity), entity, holds=True):
            found.setdefault((need[1].index, need[0].attribute, need[2].words), need)
    if isinstance(rule.value, Noun) and not wanted.holds(considering.evaluation.value(rule.value, entity)):
        for need in needs.attribute(rule.value, reached(rule.value.reach, entity), wanted):
            found.setdefault((need[1].index, need[0].attribute, need[2].words), need)
    return list(found.values())


def needs_to_fail(rule: Rule, entity: Entity, considering: Considering) -> list[Need]:
    """Each derived attribute that would have to be otherwise for one of the rule's conditions to fail."""
    needs = _Needs(considering)
    found: dict[tuple[int, str, str], Need] = {}
    for condition in rule.conditions:
        for need in needs.of(condition, considering.evaluation.condition(condition, entity), entity, holds=False):
            found.setdefault((need[1].index, need[0].attribute, need[2].words), need)
    return list(found.values())


def would_hold(condition: Condition, entity: Entity, needs: list[Need], evaluation: Evaluation) -> bool | None:
    """Whether a comparison of one attribute would hold if all that is needed were so; `None` where that cannot be told."""
    body = condition.body
    if not isinstance(body, Compare) or not isinstance(body.left, Noun):
        return None
    at, name, kind = reached(body.left.reach, entity), body.left.attribute, body.left.type
    right = [evaluation.value(each, entity) for each in body.right]
    for what, holder, wanted in needs:
        if holder is at and key(what.attribute) == name and wanted.values:
            outcomes = {compare(body, certain(each, kind), right) for each in wanted.values}
            return True if outcomes == {YES} else False if YES not in outcomes else None
    return None


class _Needs:
    def __init__(self, considering: Considering, facts: bool = False) -> None:
        self.considering, self.facts = considering, facts

    def of(self, condition: Condition, finding: Finding, entity: Entity, holds: bool) -> Iterator[Need]:
        """What a condition needs: to hold, or (`holds` false) not to hold."""
        if finding.status == (MET if holds else NOT_MET):
            return
        body = condition.body
        if isinstance(body, Joined):
            for part, found in zip(body.parts, finding.parts, strict=True):
                yield from self.of(part, found, entity, holds if body.kind != "none of" else not holds)
        elif isinstance(body, Quantified):
            yield from self._of_items(body, finding, entity, holds)
        else:
            noun = body.noun if isinstance(body, Known) else body.left
            if isinstance(noun, Noun):
                needed = self._needed(body, entity, holds)
                if needed is not None:
                    yield from self.attribute(noun, reached(noun.reach, entity), needed)

    def _of_items(self, body: Quantified, finding: Finding, entity: Entity, holds: bool) -> Iterator[Need]:
        """Items that would have to count, or no longer to."""
        noun = asked_of(body.test)
        if noun is None:
            return
        more = (body.kind in ("every", "at least", "more than") or (body.kind == "exactly" and self._too_few(body, finding, entity))) == holds
        needed = self._needed(body.test, entity, more)
        if needed is None:
            return
        for item, outcome in zip(self.considering.trail.items(body.collection, entity), finding.tallies[0], strict=True):
            if outcome == (NO if more else YES):
                yield from self.attribute(noun, reached_item(noun.reach, entity, item), needed)

    def _too_few(self, body: Quantified, finding: Finding, entity: Entity) -> bool:
        counted = sum(1 for each in finding.tallies[0] if each & YES)
        if body.amount is None:
            return True
        amount = self.considering.evaluation.value(body.amount, entity)
        return amount.determined and isinstance(amount.value, int) and counted < amount.value

    def _needed(self, test: Test, entity: Entity, counted: bool) -> Wanted | None:
        if isinstance(test, Compare):
            if any(isinstance(each, Noun) and each.reach.item for each in test.right):
                return None
            right = [self.considering.evaluation.value(each, entity) for each in test.right]
            return wanted_by(test, right, needed_words(test, entity, self.considering.evaluation, self.considering.trail), counted)
        return wanted_by(test, [], "", counted)

    def attribute(self, noun: Noun, at: Entity, needed: Wanted) -> Iterator[Need]:
        """The attribute, if it is one of the vocabulary's words; a fact only where facts are wanted."""
        if noun.attribute == "name" or (noun.given and not self.facts):
            return
        declared = self.considering.program.vocabulary.entities[at.type].attributes[noun.attribute]
        if noun.given:
            yield Meant(at.path, declared.name, declared.name), at, needed
        answer = self.considering.answers.get((at.path, declared.name))
        if answer is not None and not declared.hidden:
            yield Meant(at.path, declared.name, answer.label, answer), at, needed
