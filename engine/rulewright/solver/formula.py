"""One derived attribute of one case as a formula, and the SAT solver that is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from types import TracebackType
from typing import Any

from rulewright.engines.result import Possible
from rulewright.facts.cases import Case, Entity
from rulewright.ir.nodes import Known, NodeKey
from rulewright.ir.program import Program
from rulewright.ir.traversal import find
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Attribute

from .circuit import Circuit, Lit
from .days import Days
from .encoding import Encoding
from .numbers import NumberGates
from .open_facts import OpenFact, OpenFacts, Place, Reading, SampledFacts, present
from .values import Joining, Open, opened

ENGINE = "cadical195"


def anything(_entity: Entity, _name: str) -> bool:
    """Every fact may change."""
    return True


class Formula:
    """What an attribute may be, for every choice of the open facts.

    may_change: whether a fact (an entity and an attribute's key) may be other than it is; takes:
    whether it may change to a value. reading: what becomes of missing facts (see `OpenFacts`).
    Raises `NotExpressible` where the attribute depends on open facts in a way that has no formula
    of sensible size.

    What the attribute depends on: `facts`, the open ones; `fixed`, facts whose values cannot be
    listed; `kept`, missing facts that may not change; `held`, facts that may not change;
    `standing`, supplied and judged values.
    """

    def __init__(
        self,
        program: Program,
        case: Case,
        as_at: int,
        parameters: dict[str, Value],
        entity: Entity,
        attribute: str,
        may_change: Callable[[Entity, str], bool] = anything,
        reading: Reading = "possible",
        takes: Callable[[Attribute, Value], bool] | None = None,
    ) -> None:
        self.circuit = Circuit()
        numbers = NumberGates(self.circuit)
        self.days = Days(program, as_at, parameters)
        facts = OpenFacts(
            self.circuit,
            numbers,
            case,
            program.vocabulary,
            may_change,
            asked_whether_known(program),
            reading,
            self.days,
            takes,
        )
        self.encoding = Encoding(program, case, as_at, parameters, self.circuit, numbers, facts)
        self._asked_for, self._open = (entity, attribute), facts
        self.value = self._value(self.encoding)
        self._list_facts()

    def _list_facts(self) -> None:
        facts = self._open
        self.facts: list[OpenFact] = [facts.open[at] for at in sorted(facts.open)]
        self.fixed, self.kept, self.held = (
            sorted(facts.fixed),
            sorted(facts.kept),
            sorted(facts.held),
        )
        self.standing = sorted(self.encoding.standing)

    def under(
        self, program: Program, parameters: dict[str, Value], reached: Collection[NodeKey]
    ) -> Formula | None:
        """The attribute under another policy, by the same facts and gates; `reached`: what is other
        under it, and all that reads that.

        `None` where the other policy has other facts, or finds other values for them. Raises
        `NotExpressible`.
        """
        main = self.encoding
        if (
            self.fixed
            or not _same_facts(main.program, program)
            or not self.days.same_as(Days(program, main.as_at, parameters))
        ):
            return None
        other = copy(self)
        other.encoding = Encoding(
            program, main.case, main.as_at, parameters, self.circuit, main.numbers, self._open
        )
        other.encoding.take_from(main, reached)
        other.value = other._value(other.encoding)
        other._list_facts()
        return other

    def _value(self, encoding: Encoding) -> Open:
        entity, attribute = self._asked_for
        found = encoding.settled(entity, attribute)
        kind = encoding.program.vocabulary.entities[entity.type].attributes[attribute].type
        return opened(found, kind) if isinstance(found, Possible) else found

    @property
    def unlisted(self) -> list[Place]:
        """The missing facts whose values cannot be listed."""
        entities, case = self.encoding.program.vocabulary.entities, self.encoding.case
        return [
            (index, name)
            for index, name in self.fixed
            if present(
                case.entities[index], name, entities[case.entities[index].type].attributes[name]
            ).missing
        ]

    @property
    def filled(self) -> list[OpenFact]:
        """The missing facts that have one of their values."""
        return [each for each in self.facts if each.fills]

    def just(self, changes: Collection[Lit]) -> list[Lit]:
        """That these changes are made, by the literals of their options, and no others."""
        unchanged = [
            -each.changed
            for each in self.facts
            if not any(option.lit in changes for option in each.options)
        ]
        return [*changes, *unchanged]

    def sampled(self, values: Mapping[Place, Value]) -> Open:
        """What the attribute may be where missing facts that do not change have these values; what
        changes here changes there.
        """
        main = self.encoding
        return self._value(
            Encoding(
                main.program,
                main.case,
                main.as_at,
                main.parameters,
                self.circuit,
                main.numbers,
                SampledFacts(self._open, values),
            )
        )

    @property
    def joining(self) -> Joining:
        """What is said of possible values, as gates."""
        return self.encoding.joining

    def is_just(self, wanted: Value) -> Lit:
        """Whether the attribute is determined, and is `wanted`."""
        return self.joining.is_just(self.value, wanted)

    def may_be(self, wanted: Value) -> Lit:
        """Whether `wanted` is among its possible values."""
        return self.joining.may_be(self.value, wanted)


class Asking:
    """A SAT solver that knows a circuit, gates made later included."""

    def __init__(self, circuit: Circuit) -> None:
        from pysat.solvers import Solver

        self._circuit, self._known = circuit, 0
        self._solver: Any = Solver(ENGINE)
        self._model: list[Lit] = []

    def holds(self, assumptions: Iterable[Lit]) -> bool:
        """Whether there is a choice under which all of these hold; `chosen` tells of it."""
        assumed = list(assumptions)  # gates may be made as it is gone through
        clauses = self._circuit.clauses
        if self._known < len(clauses):
            self._solver.append_formula(clauses[self._known :] if self._known else clauses)
            self._known = len(clauses)
        self._model = []
        return bool(self._solver.solve(assumptions=assumed))

    def chosen(self, literal: Lit) -> bool:
        """Whether a literal holds in the choice found last."""
        if not self._model:
            self._model = self._solver.get_model()
        number = abs(literal)
        return (
            self._model[number - 1] == literal if number <= len(self._model) else literal < 0
        )  # nothing hangs on it

    def close(self) -> None:
        """Give back the solver's memory."""
        self._solver.delete()

    def __enter__(self) -> Asking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _same_facts(one: Program, other: Program) -> bool:
    """Whether two programs have the same given attributes, and ask of the same whether they are
    stated.
    """
    given = [
        {
            (name, key): attribute
            for name, entity in each.vocabulary.entities.items()
            for key, attribute in entity.attributes.items()
            if attribute.given
        }
        for each in (one, other)
    ]
    return given[0] == given[1] and asked_whether_known(one) == asked_whether_known(other)


def asked_whether_known(program: Program) -> frozenset[str]:
    """The given attributes of which some rule asks whether they are stated; worked out once."""
    found: frozenset[str] | None = program.__dict__.get("_asked_whether_known")
    if found is None:
        rules = [rule for node in program.nodes for rule in node.every_rule]
        found = frozenset(each.noun.attribute for each in find(Known, rules) if each.noun.given)
        object.__setattr__(program, "_asked_whether_known", found)
    return found
