"""The assumptions that an answer depends on: the other readings of the policy, tried on what the
answer lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from rulewright.decision.answered import Answered
from rulewright.engines.evaluator import Evaluation
from rulewright.engines.result import Possible
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import KnownReading, Node, Program
from rulewright.ir.types import Type, Value
from rulewright.solver.circuit import Lit
from rulewright.solver.formula import Asking, Formula
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.open_facts import Place

from .confirmation import ChangedCase
from .effort import can_try, size_of
from .possible_values import in_words, is_listed, really_possible, values_of
from .record import DependentAssumption, WhatIf


def add_assumptions(
    record: WhatIf,
    answered: Answered,
    place: Place,
    changed: Sequence[ChangedCase],
    readings: Sequence[KnownReading],
) -> None:
    """Put into a record each reading under which a listed set of changes gives something else."""
    if record.smallest is None or not record.smallest.changes:
        return
    under = list(_under(answered, place, readings))
    if _too_many(record, len(under), size_of(answered, place)):
        return
    with _Formulas(answered, place, {at for each in changed for at in each.values}) as formulas:
        for each in under:
            gives = {
                number: words
                for number, words in enumerate(each.differing(changed, formulas), 1)
                if words is not None
            }
            if gives:
                record.assumptions.append(each.told(gives))


def add_assumptions_of_settling(
    record: WhatIf, answered: Answered, place: Place, readings: Sequence[KnownReading]
) -> None:
    """Put into a record each reading under which something else is really possible."""
    if record.settling is None or record.kept or record.only or not readings:
        return
    under = list(_under(answered, place, readings))
    if _too_many(record, len(under), size_of(answered, place)):
        return
    local = answered.result.settled[place].possible
    really = really_possible(
        answered.program, answered.case, answered.as_at, answered.parameters, place, local
    )
    unchanged = ChangedCase(answered.case, answered.result, {}, really)
    with _Formulas(answered, place, set()) as formulas:
        for each in under:
            [gives] = each.differing([unchanged], formulas)
            if gives is not None:
                record.assumptions.append(each.told({0: gives}))


def _too_many(record: WhatIf, readings: int, size: int) -> bool:
    """Whether a case is too large for its other readings to be tried; the record says how many were
    not.
    """
    record.readings_not_tried = 0 if can_try(readings, size) else readings
    return record.readings_not_tried > 0


class _Formulas:
    """An attribute under a policy and under its other readings, as formulas that share what they
    can; `places` may change.
    """

    def __init__(self, answered: Answered, place: Place, places: set[Place]) -> None:
        self._answered, self._place, self._places = answered, place, places
        self._known: dict[tuple[int, Lit], bool] = {}
        self._main, self._asking = None, None
        with suppress(NotExpressible):
            self._main = self._of(answered.program, answered.parameters)
            self._asking = Asking(self._main.circuit)

    def really(self, reading: _Under, changed: Sequence[ChangedCase]) -> list[list[Value] | None]:
        """What is really possible under a reading in each changed case; `None` where that cannot be
        told.
        """
        try:
            shared = self._shared(reading)
            if shared is not None and self._asking is not None:
                return _possible(shared, self._asking, changed, self._known)
            formula = self._of(reading.reading.variant.program, reading.parameters)
        except NotExpressible:
            return [None for _ in changed]
        with Asking(formula.circuit) as asking:
            return _possible(formula, asking, changed, {})

    def _of(self, program: Program, parameters: dict[str, Value]) -> Formula:
        case = self._answered.case
        return Formula(
            program,
            case,
            self._answered.as_at,
            parameters,
            case.entities[self._place[0]],
            self._place[1],
            lambda entity, name: (entity.index, name) in self._places,
            "filled",
        )

    def _shared(self, reading: _Under) -> Formula | None:
        """The formula under a reading, made of that of the policy; `None` where it depends on facts
        that cannot be listed.
        """
        if self._main is None:
            return None
        reached = {node.key for node in reading.nodes}
        found = self._main.under(reading.reading.variant.program, reading.parameters, reached)
        return None if found is None or found.fixed else found

    def __enter__(self) -> _Formulas:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._asking is not None:
            self._asking.close()


def _possible(
    formula: Formula,
    asking: Asking,
    changed: Sequence[ChangedCase],
    known: dict[tuple[int, Lit], bool],
) -> list[list[Value] | None]:
    """What is really possible in each changed case. known: what was asked already, by the number of
    the case and a literal.
    """
    if formula.unlisted or not is_listed(formula):
        return [None for _ in changed]
    options = {
        (fact.entity.index, fact.key): {each.value: each.lit for each in fact.options}
        for fact in formula.facts
    }
    found: list[list[Value] | None] = []
    for number, each in enumerate(changed):
        made = _literals(each.values, options)
        if made is None:
            found.append(None)
            continue
        given, values = formula.just(made), values_of(formula)
        for _, lit in values:
            if (number, lit) not in known:
                known[number, lit] = asking.holds([*given, lit])
        found.append([value for value, lit in values if known[number, lit]])
    return found


@dataclass
class _Under:
    """One attribute under another reading. nodes: what it depends on and the reading reaches, in
    the order in which it is worked out.
    """

    answered: Answered
    place: Place
    reading: KnownReading
    nodes: list[Node]
    parameters: dict[str, Value]

    def differing(
        self, changed: Sequence[ChangedCase], formulas: _Formulas
    ) -> list[list[str] | None]:
        """For each changed case what the attribute really may be under the reading, where that is
        something else than without it.
        """
        found: list[list[str] | None] = []
        for each, now in zip(changed, formulas.really(self, changed), strict=True):
            if each.really is not None and now is not None:
                found.append(
                    in_words(now, self._attribute_type) if set(now) != set(each.really) else None
                )
                continue
            possible = self._local(
                each
            )  # what is really possible is not known: what the engines say is compared
            differs = possible != each.result.settled[self.place].possible
            found.append(possible.show(self._attribute_type) if differs else None)
        return found

    @property
    def _attribute_type(self) -> Type:
        entity = self.answered.case.entities[self.place[0]]
        return self.answered.program.vocabulary.entities[entity.type].attributes[self.place[1]].type

    def _local(self, changed: ChangedCase) -> Possible:
        """What the evaluator says is possible: only what the reading reaches is worked out
        anew.
        """
        evaluation = Evaluation(
            self.reading.variant.program, changed.case, self.answered.as_at, self.parameters
        )
        settled = evaluation.result.settled
        settled.update(changed.result.settled)
        for node in self.nodes:
            for entity in changed.by_kind.get(node.key.kind, ()):
                settled[entity.index, node.key.attribute] = evaluation.settle(node, entity)
        return settled[self.place].possible

    def told(self, gives: Mapping[int, list[str]]) -> DependentAssumption:
        """The record. gives: what each differing set of changes gives, by its number; 0: what is
        really possible without changes.
        """
        reading, known = (
            self.reading,
            self.answered.program.interpretations.get(self.reading.interpretation),
        )
        return DependentAssumption(
            reading.interpretation,
            known.assumed if known else "",
            reading.mark,
            reading.name,
            reading.meaning,
            [each for each in gives if each],
            list(gives.values()),
        )


def _literals(
    values: Mapping[Place, Value], options: Mapping[Place, Mapping[Value, int]]
) -> list[int] | None:
    """The options that make these changes; changes of facts that the attribute does not depend on
    make none. `None`: one is not there.
    """
    found = []
    for at, value in values.items():
        if at in options:
            if value not in options[at]:
                return None
            found.append(options[at][value])
    return found


def _under(answered: Answered, place: Place, readings: Sequence[KnownReading]) -> Iterator[_Under]:
    """The readings that reach an attribute."""
    entity = answered.case.entities[place[0]]
    target = NodeKey(entity.type, entity.parent_type, entity.member, place[1])
    for each in readings:
        nodes = _reached(each, target)
        if nodes:
            own = {
                name: parameter.at(answered.as_at)
                for name, parameter in each.variant.program.parameters.items()
            }
            own |= {name: answered.parameters[name] for name in answered.changed}
            yield _Under(answered, place, each, nodes, own)


def _reached(reading: KnownReading, target: NodeKey) -> list[Node]:
    """What an attribute depends on and a reading changes, or changes something behind it."""
    needs, changed = reading.variant.needs, reading.variant.changed
    behind = {target}
    waiting = [target]
    while waiting:
        further = needs.get(waiting.pop(), set()) - behind
        behind |= further
        waiting += further
    other = {each for each in changed if each in behind}
    found = []
    for node in reading.variant.program.nodes if other else ():
        if node.key in behind and (node.key in other or not other.isdisjoint(needs[node.key])):
            other.add(node.key)
            found.append(node)
    return found if any(node.key == target for node in found) else []
