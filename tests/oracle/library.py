"""The library's answers to the cases of the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rulewright import Rules
from rulewright.decision.answered import Answered
from rulewright.engines.result import Interval, Possible
from rulewright.ir.types import Type

from .cases import Asked
from .facts import Value
from .words import RATINGS, UNRATED

EARLIER_UNSEEN = frozenset[Value]((*RATINGS, *UNRATED))
COMPARED = {
    "rating", "overall rating", "combined rating", "special measures considered", "percentage", "up to date", "assessment due", "stage",
    "well-led percentage", "trust rating", "single rating given",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the library says of one attribute: the values that are possible, and whether a conflict
    is.
    """

    values: frozenset[Value]
    conflict: bool = False

    @property
    def one(self) -> bool:
        """Whether it is determined."""
        return len(self.values) == 1 and not self.conflict


class Library:
    """The rulebook, read once."""

    def __init__(self, folder: Path | str | None = None) -> None:
        self.rules = Rules(folder)

    def answers(
        self, asked: Asked, engine: str = "reference", displayed: bool = True
    ) -> dict[tuple[str, str], Said]:
        """What rules conclude of a case, and what is displayed of withdrawn attributes.

        Raises `InputError`.
        """
        answered = self.rules.answer(
            asked.tree, policy=asked.policy, set=asked.settings, engine=engine
        )
        found = {}
        types = answered.program.vocabulary.entities
        for (index, name), settled in answered.result.settled.items():
            entity = answered.case.entities[index]
            attribute = types[entity.type].attributes[name]
            if attribute.name not in COMPARED:
                continue
            found[entity.path, attribute.name] = _said(settled.possible, attribute.type)
        return found | (_displayed(answered) if displayed else {})


def _said(possible: Possible, kind: Type) -> Said:
    values: set[Value]
    if isinstance(possible.values, Interval):
        low, high = possible.values
        assert isinstance(low, int) and isinstance(high, int)
        values = set(range(low, high + 1))
    else:
        assert isinstance(possible.values, tuple)
        values = {kind.show(each) for each in possible.values}
    return Said(frozenset(values | ({None} if possible.no_value else set())), possible.conflict)


def _displayed(answered: Answered) -> dict[tuple[str, str], Said]:
    """What is shown of withdrawn attributes: nothing, the earlier value, or either."""
    if not answered.program.withdrawals:
        return {}
    found = {}
    for each in answered.decision.not_published:
        never = frozenset[Value](["never given"] if each.attribute == "combined rating" else [])
        earlier = (
            EARLIER_UNSEEN | never
            if each.given_earlier == "missing"
            else frozenset[Value]([each.given_earlier])
        )
        shown = {"withdrawn": frozenset[Value](), "not yet": earlier, "undecided": earlier}[
            each.status
        ]
        gone = (
            frozenset[Value]() if each.status == "not yet" else frozenset[Value](["not published"])
        )
        found[each.entity, f"{each.attribute} displayed"] = Said(shown | gone)
    return found
