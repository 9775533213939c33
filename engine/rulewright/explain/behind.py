"""The missing facts that leave conditions undecided."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.engines.answering import Answered
from rulewright.engines.result import UNDECIDED, Finding
from rulewright.language.cases import Entity
from rulewright.program.nodes import Condition, Kind

from .considering import Considering, rules_of


def missing_behind(findings: Iterable[tuple[Condition, Finding]], entity: Entity, answered: Answered, considering: Considering) -> list[str]:
    """The paths of the facts that are not stated and on which the undecided of these conditions hang, in the order of the case."""
    found: dict[tuple[int, str], None] = {}
    for condition, finding in findings:
        if finding.status == UNDECIDED:
            _gather(condition, finding, entity, considering, found, set())
    return [f"{answered.case.entities[index].path} > {_name(answered, index, name)}" for index, name in sorted(found)]


def _name(answered: Answered, index: int, name: str) -> str:
    return answered.program.vocabulary.entities[answered.case.entities[index].type].attributes[name].name


def _gather(condition: Condition, finding: Finding, entity: Entity, considering: Considering, found: dict[tuple[int, str], None],
            above: set[tuple[int, str]]) -> None:  # fmt: skip
    for at, name in considering.trail.sources(condition, finding, entity):
        place = (at.index, name)
        if name == "name" or place in above:
            continue
        settled = considering.answered.result.settled.get(place)
        if settled is None:
            if considering.trail.words(at, name) == ["missing"]:
                found[place] = None
        elif not settled.possible.determined:
            above.add(place)
            _below(place, at, considering, found, above)


def _below(place: tuple[int, str], at: Entity, considering: Considering, found: dict[tuple[int, str], None],
           above: set[tuple[int, str]]) -> None:  # fmt: skip
    """What leaves a derived attribute undetermined: its conditions that are undecided, and what it copies."""
    settled = considering.answered.result.settled[place]
    node = next(each for each in considering.program.nodes_of(Kind(at.type, at.parent_type, at.member)) if each.key.attribute == place[1])
    rules = {rule.id: rule for rule in rules_of(node)}
    for firing in (*settled.firings, *(each for each in settled.limits if each.lowers)):
        rule = rules[firing.rule]
        if firing.defeated:
            continue
        for condition, finding in zip(rule.conditions, firing.findings, strict=False):
            if finding.status == UNDECIDED:
                _gather(condition, finding, at, considering, found, above)
        if firing.gives is not None and not firing.gives.determined and rule.value is not None:
            for entity, name in considering.trail.looked_at(rule.value, at):
                inner = (entity.index, name)
                known = considering.answered.result.settled.get(inner)
                if known is None and name != "name" and considering.trail.words(entity, name) == ["missing"]:
                    found[inner] = None
                elif known is not None and not known.possible.determined and inner not in above:
                    above.add(inner)
                    _below(inner, entity, considering, found, above)
