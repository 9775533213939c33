"""What an attribute may hang on, whatever the facts: the attributes that are worked out for it, and
the facts behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

from rulewright.compiler.rebuilding import needed_by
from rulewright.decision.answered import Answered
from rulewright.facts.cases import Entity
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import Node
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Attribute
from rulewright.solver.days import Days
from rulewright.solver.formula import asked_whether_known
from rulewright.solver.open_facts import Present, other_values, present

from .confirmation import Place
from .levers import Lever


@dataclass(frozen=True)
class ChangeableFact:
    """A fact that may change, and its other values, each with how far it is away."""

    entity: Entity
    name: str
    attribute: Attribute
    now: Present
    others: list[tuple[Value, int]]


def always_judged(answered: Answered, place: Place) -> bool:
    """Whether an attribute is judged, and no rule leaves the judgement without effect whatever the
    facts.
    """
    if place not in answered.case.judged:
        return False
    kind = Kind.of(answered.case.entities[place[0]])
    return not any(
        node.key.attribute == place[1] and node.over_judgements
        for node in answered.program.nodes_of(kind)
    )


def hangs_on(answered: Answered, place: Place) -> list[Node]:
    """The attributes that one may hang on, whatever the facts, itself among them, in the order in
    which they are worked out.
    """
    program, entity = answered.program, answered.case.entities[place[0]]
    nodes = {node.key: node for node in program.nodes}
    wanted = {NodeKey(entity.type, entity.parent_type, entity.member, place[1])}
    waiting = list(wanted)
    while waiting:
        further = (needed_by(nodes[waiting.pop()], program.vocabulary) & nodes.keys()) - wanted
        wanted |= further
        waiting += further
    return [node for node in program.nodes if node.key in wanted]


@dataclass(frozen=True)
class FactsBehind:
    """The facts that an attribute may depend on: those that may change, those whose values cannot
    be listed, and those that stay for their kind (see `Lever`).
    """

    facts: list[ChangeableFact]
    not_listed: list[Place]
    left: dict[Place, str]


def facts_behind(answered: Answered, place: Place, lever: Lever) -> FactsBehind:
    """The facts that the attribute may depend on, whatever they are."""
    program, asked = answered.program, asked_whether_known(answered.program)
    days = Days(program, answered.as_at, answered.parameters)
    read = {
        key for node in hangs_on(answered, place) for key in needed_by(node, program.vocabulary)
    }
    found = FactsBehind([], [], {})
    for entity in answered.case.entities:
        for name, attribute in sorted(program.vocabulary.entities[entity.type].attributes.items()):
            if (
                not attribute.given
                or NodeKey(entity.type, entity.parent_type, entity.member, name) not in read
            ):
                continue
            if not lever.may_change(entity, name):
                kind = lever.leaves(entity, name)
                found.left.update({(entity.index, name): kind} if kind else {})
                continue
            now = present(entity, name, attribute)
            others = other_values(attribute, name, now, name in asked, days)
            if others is None:
                found.not_listed.append((entity.index, name))
            else:
                found.facts.append(
                    ChangeableFact(
                        entity,
                        name,
                        attribute,
                        now,
                        [each for each in others if lever.takes(attribute, each[0])],
                    )
                )
    return found
