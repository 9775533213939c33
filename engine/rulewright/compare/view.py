"""One case under one policy, as a comparison looks at it: what is said of each attribute, and which
rules decided it.

Under a policy with changes undone only what is asked for is settled, and what the changes cannot
reach is taken as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rulewright.decision.tracer import anything
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import MET, NOT_MET, Key, Settled, Trace
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Node, Program, Withdrawal
from rulewright.ir.types import Type, Value

Spot = tuple[str, str]  # an entity's path and an attribute's key
NOT_PUBLISHED = "not published"


class InACircle(Exception):
    """An attribute of a case hangs on itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an attribute: in words, whether that is published, and the rules that decided
    it.
    """

    words: str
    published: bool
    rules: tuple[str, ...]


NOTHING_SAID = Said("no value", False, ())


Nodes = Mapping[Kind, Mapping[str, Node]]  # what decides each attribute, by kind of entity and key
Elsewhere = Callable[[Kind, str], "View | None"]


class View:
    """A case under a policy."""

    def __init__(
        self,
        program: Program,
        nodes: Nodes,
        case: Case,
        as_at: int,
        parameters: dict[str, Value],
        like: View | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """`like`: the same case under another policy. elsewhere: a view in which an attribute is
        sure to be the same, if any.
        """
        self.program, self.nodes, self.case, self.like = program, nodes, case, like
        self.evaluation = Evaluation(program, case, as_at, parameters)
        self.kinds: list[Kind] = (
            like.kinds if like is not None else [Kind.of(each) for each in case.entities]
        )
        self.settled = _Lazily(self, elsewhere or (lambda _kind, _attribute: None))
        self.evaluation.result = Trace(self.settled)
        self._statuses: dict[str, int] = {}
        self._withdrawn = {each.attribute for each in program.withdrawals}

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Every entity by its path."""
        return (
            self.like.entities
            if self.like is not None
            else {each.path: each for each in self.case.entities}
        )

    def node(self, entity: Entity, attribute: str) -> Node | None:
        """What decides an attribute."""
        of_kind = self.nodes.get(self.kinds[entity.index])
        return of_kind.get(attribute) if of_kind is not None else None

    # -- what is said

    def speaks_of(self, spot: Spot) -> bool:
        """Whether there is something to say of an attribute: the policy gives, publishes or
        withdraws it, or the case brings it.
        """
        entity = self.entities.get(spot[0])
        node = self.node(entity, spot[1]) if entity is not None else None
        if entity is None or node is None or node.attribute.hidden:
            return False
        place = (entity.index, spot[1])
        given = (
            node.rules
            or node.otherwise
            or node.limits
            or node.key in self.program.published
            or self._withdrawal(entity, spot[1])
        )
        return bool(given) or place in self.case.supplied or place in self.case.judged

    def said(self, spot: Spot) -> Said:
        """What is said of an attribute, as an outcome would say it."""
        entity = self.entities.get(spot[0])
        node = self.node(entity, spot[1]) if entity is not None else None
        if entity is None or node is None:
            return NOTHING_SAID
        settled = self.settled[entity.index, spot[1]]
        rules = (*settled.deciding, *settled.limiting)
        published = node.key in self.program.published
        withdrawal = self._withdrawal(entity, spot[1])
        if withdrawal is not None and published:
            status = self._status(withdrawal)
            if status == MET:
                return Said(NOT_PUBLISHED, False, rules)
            if withdrawal.until_then and status == NOT_MET:
                return Said(
                    f"{self._given(entity, withdrawal.until_then)} (as given earlier)", True, rules
                )
            if withdrawal.until_then:
                return Said(
                    f"{self._given(entity, withdrawal.until_then)} (as given earlier; perhaps withdrawn)",
                    True,
                    rules,
                )
        return Said(words_of(settled, node.attribute.type), published, rules)

    def value(self, spot: Spot) -> Value:
        """The one value of an attribute, where it has one."""
        entity = self.entities.get(spot[0])
        if entity is None or self.node(entity, spot[1]) is None:
            return None
        possible = self.settled[entity.index, spot[1]].possible
        return possible.value if possible.determined else None

    def _withdrawal(self, entity: Entity, attribute: str) -> Withdrawal | None:
        if attribute not in self._withdrawn:
            return None
        kind = self.kinds[entity.index]
        found = [
            each
            for each in self.program.withdrawals
            if each.attribute == attribute and kind in each.kinds
        ]
        return next(
            (each for each in reversed(found) if each.until_then or self._status(each) != NOT_MET),
            None,
        )

    def _status(self, withdrawal: Withdrawal) -> int:
        if withdrawal.once is None:
            return MET
        if withdrawal.text not in self._statuses:
            self._statuses[withdrawal.text] = self.evaluation.condition(
                withdrawal.once, self.case.root
            ).status
        return self._statuses[withdrawal.text]

    def _given(self, entity: Entity, attribute: str) -> str:
        """The value given earlier that is shown, in words."""
        declared = self.program.vocabulary.entities[entity.type].attributes[attribute]
        if not declared.given:
            return words_of(self.settled[entity.index, attribute], declared.type)
        stated = entity.facts.get(attribute)
        if stated is None and (attribute in entity.unknown or not declared.has_default):
            return "not stated"
        return declared.show(stated.value if stated is not None else declared.default)


class _Lazily(dict[Key, Settled]):
    """What is settled, each attribute when it is first asked for."""

    def __init__(self, view: View, elsewhere: Elsewhere) -> None:
        super().__init__()
        self.view, self.elsewhere = view, elsewhere
        self.open: set[Key] = set()

    def __missing__(self, at: Key) -> Settled:
        view, (index, attribute) = self.view, at
        entity, kind = view.case.entities[index], view.kinds[index]
        same = self.elsewhere(kind, attribute)
        if same is not None and attribute in same.nodes.get(kind, ()):
            found = same.settled[at]
        else:
            if at in self.open:
                raise InACircle
            self.open.add(at)
            found = view.evaluation.settle(view.nodes[kind][attribute], entity)
            self.open.discard(at)
        self[at] = found
        return found


def words_of(settled: Settled, kind: Type) -> str:
    """The value in words, or that it is undetermined and what it may be."""
    possible = settled.possible
    words = possible.show(kind)
    if possible.determined or (
        possible.conflict and possible.values == () and not possible.no_value
    ):
        return words[0]
    every = anything(kind, words) if len(words) > 2 else ""
    return f"undetermined: {every or ' or '.join(words)}"
