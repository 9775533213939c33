"""What has to change: a tree of attributes with the values that would do, all of several or a
number of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rulewright.decision.tracer import Place
from rulewright.facts.cases import Entity
from rulewright.ir.types import Type

from .candidates import Wanted


@dataclass(frozen=True, slots=True)
class NeededAttribute:
    """An attribute that has to have another value. given: what has to stay as it is for that; empty
    where it holds whatever else is so.
    """

    entity: Entity
    attribute: str
    type: Type
    wanted: Wanted
    given: str = ""

    @property
    def fixed(self) -> bool:
        return not self.given

    @property
    def place(self) -> Place:
        return self.entity.index, self.attribute


@dataclass(frozen=True, slots=True)
class Some:
    """A number of several needs: all of them, or fewer. words: what is asked of a count; without
    it, a choice.

    fixed: of a count, whether that holds whatever other attributes are.
    """

    number: int
    parts: tuple[Need, ...]
    words: str = ""
    fixed: bool = True

    @property
    def every(self) -> bool:
        return self.number == len(self.parts)


@dataclass(frozen=True, slots=True)
class UnnamedNeed:
    """What cannot be said as the value of one attribute: a formula that has to come out otherwise.
    words: what has to hold.

    never: it cannot come about at all, as with more items than there are, or another value of a
    parameter.
    """

    words: str
    never: bool = False


Need = NeededAttribute | Some | UnnamedNeed


def all_of(needs: Iterable[Need | None]) -> Need | None:
    """All of several needs; `None` where nothing is needed."""
    parts: list[Need] = []
    for each in needs:
        if isinstance(each, Some) and each.every and not each.words:
            parts += each.parts
        elif each is not None:
            parts.append(each)
    parts = list(dict.fromkeys(parts))
    return None if not parts else parts[0] if len(parts) == 1 else Some(len(parts), tuple(parts))


def one_of(needs: Iterable[Need | None]) -> Need | None:
    """One of several needs."""
    parts: list[Need] = []
    for need in needs:
        if isinstance(need, Some) and need.number == 1 and not need.words:
            parts += need.parts
        elif need is not None:
            parts.append(need)
    parts = list(dict.fromkeys(parts))
    parts = [each for each in parts if not never(each)] or parts
    return None if not parts else parts[0] if len(parts) == 1 else Some(1, tuple(parts))


def never(need: Need) -> bool:
    """Whether a need cannot be met, whatever attributes are."""
    match need:
        case UnnamedNeed():
            return need.never
        case Some(number, parts):
            return sum(not never(each) for each in parts) < number
    return False


def attributes(needs: Iterable[Need]) -> Iterator[NeededAttribute]:
    """Every attribute in needs, whether all of them are needed or some."""
    for each in needs:
        if isinstance(each, NeededAttribute):
            yield each
        elif isinstance(each, Some):
            yield from attributes(each.parts)
