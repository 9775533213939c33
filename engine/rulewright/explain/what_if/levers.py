"""Who can change what: improvements come first, then decisions of the regulator, then settled
facts.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.decision.answered import Answered
from rulewright.facts.cases import Entity
from rulewright.ir.types import Scale, Value
from rulewright.ir.vocabulary import CHANGES_BY, IMPROVEMENT, Attribute
from rulewright.solver.open_facts import present

from .fixed_facts import Fixing
from .goals import Goal


class Lever:
    """The facts that may change where those of some kinds may. kinds: as the vocabulary has them;
    none: those of every kind.

    A fact of which the vocabulary does not say who can change it always may. A missing one may be
    stated, whatever its kind, where a value is wanted: to find it out is no change.
    """

    def __init__(
        self, answered: Answered, fixing: Fixing, goal: Goal, kinds: tuple[str, ...]
    ) -> None:
        self.kinds = kinds
        self._entities, self._fixing, self._goal = (
            answered.program.vocabulary.entities,
            fixing,
            goal,
        )

    def may_change(self, entity: Entity, name: str) -> bool:
        """Whether a fact may be other than it is."""
        if not self._fixing.may_change(entity, name):
            return False
        attribute = self._entities[entity.type].attributes[name]
        if not self.kinds or attribute.changes_by in ("", *self.kinds):
            return True
        return self.states(entity, name)

    def states(self, entity: Entity, name: str) -> bool:
        """Whether a fact may change only because it is missing: it is found out."""
        attribute = self._entities[entity.type].attributes[name]
        other = bool(self.kinds) and attribute.changes_by not in ("", *self.kinds)
        return other and self._goal.aim == "have" and present(entity, name, attribute).missing

    def takes(self, attribute: Attribute, value: Value) -> bool:
        """Whether a fact may change to a value: better or worse care does not leave a scale; that
        is decided by who rates.
        """
        by_care = self.kinds == (IMPROVEMENT,) and attribute.changes_by == IMPROVEMENT
        return not by_care or not isinstance(attribute.type, Scale) or value in attribute.type.order

    def leaves(self, entity: Entity, name: str) -> str:
        """The kind of a fact that may not change for its kind alone; nothing for others."""
        if self.may_change(entity, name) or not self._fixing.may_change(entity, name):
            return ""
        return self._entities[entity.type].attributes[name].changes_by


def levers(answered: Answered, fixing: Fixing, goal: Goal) -> Iterator[Lever]:
    """Improvements alone, then decisions of the regulator as well, then every fact; at once every
    fact where that is asked for.
    """
    said = {
        attribute.changes_by
        for entity in answered.program.vocabulary.entities.values()
        for attribute in entity.attributes.values()
    }
    if fixing.every_kind or not said.intersection(CHANGES_BY):
        yield Lever(answered, fixing, goal, ())
        return
    for count in range(1, len(CHANGES_BY) + 1):
        yield Lever(answered, fixing, goal, CHANGES_BY[:count])
