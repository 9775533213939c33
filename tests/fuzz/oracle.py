"""The oracle of completions (docs/semantics.md, section 8): what every completion answers must have
been possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from itertools import product

from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import NO, YES, Anything, Interval, Outcomes, Possible
from rulewright.facts.cases import Case, Entity, Fact
from rulewright.ir.nodes import Known
from rulewright.ir.program import Program
from rulewright.ir.types import FINITE, Number, Type, Value
from rulewright.syntax.errors import NOWHERE

from .dice import Dice

Slot = tuple[int, str]  # the index of an entity, the key of a given attribute
MOST = 256


class Frozen(Evaluation):
    """An evaluation in which `is known` of a given attribute answers as in another case."""

    stated: frozenset[Slot] = frozenset()

    def _known(self, test: Known, entity: Entity, item: Entity | None) -> Outcomes:
        if not test.noun.given or test.noun.attribute == "name":
            return super()._known(test, entity, item)
        at = self.reached(test.noun.reach, entity, item)
        return YES if ((at.index, test.noun.attribute) in self.stated) == test.wanted else NO


def missing(program: Program, case: Case) -> dict[Slot, list[Value]]:
    """The missing facts of a case, each with the values tried for it: all where they are few, else
    some.
    """
    found: dict[Slot, list[Value]] = {}
    for entity in case.entities:
        for name, attribute in program.vocabulary.entities[entity.type].attributes.items():
            if (
                attribute.given
                and name not in entity.facts
                and (name in entity.unknown or not attribute.has_default)
            ):
                found[entity.index, name] = (
                    tried(attribute.type) + [None] * attribute.may_have_no_value
                )
    return found


def tried(kind: Type) -> list[Value]:
    """All values of a type, or those at and next to the ends and some between."""
    if isinstance(kind, FINITE):
        return list(kind.values)
    if isinstance(kind, Number):
        low: int | Fraction = kind.low if kind.low is not None else -2
        high: int | Fraction = kind.high if kind.high is not None else 5
        if kind.whole and high - low <= 4:
            return list(range(int(low), int(high) + 1))
        ends: list[Value] = [low, low + 1, high]
        return ends if kind.whole else [*ends, Fraction(low + high) / 3]
    return [738000, 739068, 739340] if kind.name == "date" else ["north wing", "blue", "some other"]


def narrowed(
    case: Case, slots: dict[Slot, list[Value]], dice: Dice, most: int = MOST
) -> tuple[Case, dict[Slot, list[Value]]]:
    """The case with so many missing facts filled in that the rest have at most `most`
    completions.
    """
    order = dice.shuffled(list(slots))
    open_: dict[Slot, list[Value]] = {}
    filled: dict[Slot, Value] = {}
    size = 1
    for slot in order:
        if size * len(slots[slot]) <= most:
            size *= len(slots[slot])
            open_[slot] = slots[slot]
        else:
            filled[slot] = dice.pick(slots[slot])
    return completed(case, filled), open_


def completed(case: Case, values: dict[Slot, Value]) -> Case:
    """A copy of the case in which these facts are stated."""
    copy = deepcopy(case)
    for (index, name), value in values.items():
        copy.entities[index].facts[name] = Fact(value, NOWHERE)
        copy.entities[index].unknown.discard(name)
    return copy


def completions(
    case: Case, slots: dict[Slot, list[Value]]
) -> Iterator[tuple[dict[Slot, Value], Case]]:
    """Every completion of the missing facts.

    The one copy is changed in place from one to the next.
    """
    copy = completed(case, {slot: values[0] for slot, values in slots.items()})
    for chosen in product(*slots.values()):
        for (index, name), value in zip(slots, chosen, strict=True):
            copy.entities[index].facts[name] = Fact(value, NOWHERE)
        yield dict(zip(slots, chosen, strict=True)), copy


def check(
    program: Program,
    case: Case,
    slots: dict[Slot, list[Value]],
    as_at: int,
    parameters: dict[str, Value],
    frozen: bool = True,
) -> int:
    """Run every completion; `AssertionError` names one that answers what was not possible. Gives
    how many there were.

    frozen: whether `is known` answers as before; else the completed facts are known.
    """
    answer = Evaluation(program, case, as_at, parameters).run()
    stated = frozenset((entity.index, name) for entity in case.entities for name in entity.facts)
    count = 0
    for chosen, copy in completions(case, slots):
        run = (
            Frozen(program, copy, as_at, parameters)
            if frozen
            else Evaluation(program, copy, as_at, parameters)
        )
        if isinstance(run, Frozen):
            run.stated = stated
        for slot, settled in run.run().settled.items():
            before = answer.settled[slot].possible
            if not within(settled.possible, before):
                shown = ", ".join(
                    f"{case.entities[i].path} > {name} = {value}"
                    for (i, name), value in chosen.items()
                )
                raise AssertionError(
                    f"{case.entities[slot[0]].path} > {slot[1]}: {settled.possible} is not within {before}, "
                    f"in the completion {shown}"
                )
        count += 1
    return count


def within(one: Possible, other: Possible) -> bool:
    """Whether everything possible in `one` is possible in `other`."""
    if (one.no_value and not other.no_value) or (one.conflict and not other.conflict):
        return False
    if one.values == () or isinstance(other.values, Anything):
        return True
    if isinstance(one.values, Interval) and isinstance(other.values, Interval):
        (low, high), (least, most) = one.values, other.values
        return (least is None or (low is not None and low >= least)) and (
            most is None or (high is not None and high <= most)
        )
    if isinstance(one.values, Anything | Interval) or isinstance(other.values, Interval):
        return False
    return set(one.values) <= set(other.values)
