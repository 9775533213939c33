"""One derived attribute of one case as a formula, and the SAT solver that is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from rulewright.engines.result import Possible
from rulewright.language.cases import Case, Entity
from rulewright.language.types import Value
from rulewright.program.model import Program
from rulewright.program.nodes import Known
from rulewright.program.walking import pieces

from .circuit import Circuit, Lit
from .encoding import Encoding
from .facts import OpenFact, OpenFacts
from .numbers import Numbers
from .open_values import Open, opened

ENGINE = "cadical195"


def anything(_entity: Entity, _name: str) -> bool:
    """Every fact may change."""
    return True


class Formula:
    """What an attribute may be, for every choice of the open facts.

    may_change: whether a fact (an entity and an attribute's key) may be other than it is. completing: no fact changes, and
    missing facts take each of their values. Raises `NotExpressible` where the attribute hangs on open facts in a way that has no
    formula of sensible size.

    What the attribute hangs on: `facts`, the open ones; `fixed`, facts whose values cannot be listed; `kept`, missing facts that may
    not change; `standing`, supplied and judged values.
    """

    def __init__(self, program: Program, case: Case, as_at: int, parameters: dict[str, Value], entity: Entity, attribute: str,
                 may_change: Callable[[Entity, str], bool] = anything, completing: bool = False) -> None:  # fmt: skip
        self.circuit = Circuit()
        numbers = Numbers(self.circuit)
        facts = OpenFacts(self.circuit, numbers, case, program.vocabulary, may_change, asked_whether_known(program), completing)
        self.encoding = Encoding(program, case, as_at, parameters, self.circuit, numbers, facts)
        found = self.encoding.settled(entity, attribute)
        kind = program.vocabulary.entities[entity.type].attributes[attribute].type
        self.value: Open = opened(found, kind) if isinstance(found, Possible) else found
        self.facts: list[OpenFact] = [facts.open[at] for at in sorted(facts.open)]
        self.fixed, self.kept = sorted(facts.fixed), sorted(facts.kept)
        self.standing = sorted(self.encoding.standing)

    def is_just(self, wanted: Value) -> Lit:
        """Whether the attribute is determined, and is `wanted`."""
        return self.encoding.joining.is_just(self.value, wanted)

    def is_determined(self) -> Lit:
        """Whether it has one value, or none."""
        return self.encoding.joining.determined(self.value)

    def may_be(self, wanted: Value) -> Lit:
        """Whether `wanted` is among its possible values."""
        return self.encoding.joining.may_be(self.value, wanted)


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
        return self._model[number - 1] == literal if number <= len(self._model) else literal < 0  # nothing hangs on it

    def close(self) -> None:
        """Give back the solver's memory."""
        self._solver.delete()

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def asked_whether_known(program: Program) -> frozenset[str]:
    """The given attributes of which some rule asks whether they are stated."""
    conditions = [each for node in program.nodes for each in (node.rules, node.limits, node.otherwise)]
    return frozenset(each.noun.attribute for each in pieces(*conditions) if isinstance(each, Known) and each.noun.given)
