"""One case under one policy, as a comparison looks at it: what is said of each attribute, and which rules decided it.

Under a policy with changes undone only what is asked for is settled, and what the changes cannot reach is taken as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rulewright.engines.deciding import deciding
from rulewright.engines.reference import Evaluation
from rulewright.engines.result import MET, NOT_MET, Key, Result, Settled
from rulewright.engines.trail import anything, shown
from rulewright.language.cases import Case, Entity
from rulewright.language.types import Type, Value
from rulewright.program.model import Node, Program, Withdrawal
from rulewright.program.nodes import Kind, NodeKey

Spot = tuple[str, str]  # an entity's path and an attribute's key
NOT_PUBLISHED = "not published"


class InACircle(Exception):
    """An attribute of a case hangs on itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an attribute: in words, whether that is published, and the rules that decided it."""

    words: str
    published: bool
    rules: tuple[str, ...]


NOTHING_SAID = Said("no value", False, ())


class View:
    """A case under a policy. `nodes`: what decides each attribute, by kind of entity and key."""

    def __init__(self, program: Program, nodes: Mapping[tuple[Kind, str], Node], case: Case, as_at: int, parameters: dict[str, Value],
                 settled: Mapping[Key, Settled] | None = None, touched: frozenset[NodeKey] | None = None) -> None:  # fmt: skip
        """`settled`: what was settled under another policy; all but what is `touched` is taken from it."""
        self.program, self.nodes, self.case = program, nodes, case
        self.evaluation = Evaluation(program, case, as_at, parameters)
        self.settled = _Lazily(self, settled or {}, touched)
        self.evaluation.result = Result(self.settled)
        self._statuses: dict[str, int] = {}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Every entity by its path."""
        return {each.path: each for each in self.case.entities}

    def node(self, entity: Entity, attribute: str) -> Node | None:
        """What decides an attribute."""
        return self.nodes.get((Kind(entity.type, entity.parent_type, entity.member), attribute))

    def everything(self) -> None:
        """Settle all, also what nobody asks for."""
        for entity in self.case.entities:
            for node in self._of_kind.get(Kind(entity.type, entity.parent_type, entity.member), ()):
                self.settled[entity.index, node.key.attribute]

    @cached_property
    def _of_kind(self) -> dict[Kind, list[Node]]:
        found: dict[Kind, list[Node]] = {}
        for (kind, _), node in self.nodes.items():
            found.setdefault(kind, []).append(node)
        return found

    # -- what is said -------------------------------------------------------------------------------------------------

    def speaks_of(self, spot: Spot) -> bool:
        """Whether there is something to say of an attribute: the policy gives, publishes or withdraws it, or the case brings it."""
        entity = self.entities.get(spot[0])
        node = self.node(entity, spot[1]) if entity is not None else None
        if entity is None or node is None or node.attribute.hidden:
            return False
        place = (entity.index, spot[1])
        given = node.rules or node.otherwise or node.limits or node.key in self.program.published or self._withdrawal(entity, spot[1])
        return bool(given) or place in self.case.supplied or place in self.case.judged

    def said(self, spot: Spot) -> Said:
        """What is said of an attribute, as an outcome would say it."""
        entity = self.entities.get(spot[0])
        node = self.node(entity, spot[1]) if entity is not None else None
        if entity is None or node is None:
            return NOTHING_SAID
        settled = self.settled[entity.index, spot[1]]
        rules = (*deciding(settled), *(each.rule for each in settled.limits if each.lowers))
        published = node.key in self.program.published
        withdrawal = self._withdrawal(entity, spot[1])
        if withdrawal is not None and published:
            status = self._status(withdrawal)
            if status == MET:
                return Said(NOT_PUBLISHED, False, rules)
            if withdrawal.until_then and status == NOT_MET:
                return Said(f"{self._given(entity, withdrawal.until_then)} (as given earlier)", True, rules)
            if withdrawal.until_then:
                return Said(f"{self._given(entity, withdrawal.until_then)} (as given earlier; perhaps withdrawn)", True, rules)
        return Said(words_of(settled, node.attribute.type), published, rules)

    def value(self, spot: Spot) -> Value:
        """The one value of an attribute, where it has one."""
        entity = self.entities.get(spot[0])
        if entity is None or self.node(entity, spot[1]) is None:
            return None
        possible = self.settled[entity.index, spot[1]].possible
        return possible.value if possible.determined else None

    def _withdrawal(self, entity: Entity, attribute: str) -> Withdrawal | None:
        kind = Kind(entity.type, entity.parent_type, entity.member)
        found = [each for each in self.program.withdrawals if each.attribute == attribute and kind in each.kinds]
        return next((each for each in reversed(found) if each.until_then or self._status(each) != NOT_MET), None)

    def _status(self, withdrawal: Withdrawal) -> int:
        if withdrawal.once is None:
            return MET
        if withdrawal.text not in self._statuses:
            self._statuses[withdrawal.text] = self.evaluation.condition(withdrawal.once, self.case.root).status
        return self._statuses[withdrawal.text]

    def _given(self, entity: Entity, attribute: str) -> str:
        """The value given earlier that is shown, in words."""
        declared = self.program.vocabulary.entities[entity.type].attributes[attribute]
        if not declared.given:
            return words_of(self.settled[entity.index, attribute], declared.type)
        stated = entity.facts.get(attribute)
        if stated is None and (attribute in entity.unknown or not declared.has_default):
            return "not stated"
        return shown(stated.value if stated is not None else declared.default, declared.type)


class _Lazily(dict[Key, Settled]):
    """What is settled, each attribute when it is first asked for."""

    def __init__(self, view: View, kept: Mapping[Key, Settled], touched: frozenset[NodeKey] | None) -> None:
        super().__init__()
        self.view, self.kept, self.touched = view, kept, touched
        self.open: set[Key] = set()

    def __missing__(self, at: Key) -> Settled:
        entity = self.view.case.entities[at[0]]
        node = self.view.node(entity, at[1])
        assert node is not None
        found = self.kept.get(at) if self.touched is not None and node.key not in self.touched else None
        if found is None:
            if at in self.open:
                raise InACircle
            self.open.add(at)
            found = self.view.evaluation.settle(node, entity)
            self.open.discard(at)
        self[at] = found
        return found


def words_of(settled: Settled, kind: Type) -> str:
    """The value in words, or that it is undetermined and what it may be."""
    possible = settled.possible
    words = possible.show(kind)
    if possible.determined or (possible.conflict and possible.values == () and not possible.no_value):
        return words[0]
    every = anything(kind, words) if len(words) > 2 else ""
    return f"undetermined: {every or ' or '.join(words)}"
