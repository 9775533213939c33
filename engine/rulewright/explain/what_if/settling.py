"""What an undetermined attribute may really be, and which missing facts would settle it."""

from __future__ import annotations

from rulewright.engines.answering import Answered
from rulewright.engines.result import Interval, Possible
from rulewright.engines.solver.circuit import FALSE
from rulewright.engines.solver.facts import OpenFact
from rulewright.engines.solver.formula import Asking, Formula
from rulewright.engines.solver.numbers import NotExpressible
from rulewright.engines.solver.open_values import Choices, Range
from rulewright.language.cases import Entity
from rulewright.language.types import Type, Value

from .record import Given, MissingFact, Settling

MOST_ASKED = 4_000  # questions to the solver for the ranking
CONFLICT = "conflict"


def settle(answered: Answered, entity: Entity, attribute: str) -> Settling:
    """The exact possible values over all ways to fill in the missing facts, and the missing facts ranked."""
    kind = answered.program.vocabulary.entities[entity.type].attributes[attribute].type
    local = answered.result.settled[entity.index, attribute].possible
    try:
        formula = Formula(answered.program, answered.case, answered.as_at, answered.parameters, entity, attribute, completing=True)
    except NotExpressible:
        return Settling(local.show(kind), exact=False)
    if isinstance(formula.value, Range) and not formula.value.crisp:  # facts that cannot be listed leave a range
        return Settling(local.show(kind), exact=False)
    with Asking(formula.circuit) as asking:
        values = _values(formula, local)
        possible = [(value, lit) for value, lit in values if asking.holds([lit])]
        record = Settling([_word(value, kind) for value, _ in possible], exact=not formula.fixed)
        if len(possible) > 1:
            record.missing = _ranked(asking, formula.facts, possible, kind)
    return record


def _values(formula: Formula, local: Possible) -> list[tuple[Value, int]]:
    """Each value that the engines call possible, with the literal that says so; a conflict besides."""
    values: list[Value] = []
    if isinstance(formula.value, Choices):
        values = [each for each, bit in formula.value.bits.items() if bit != FALSE]
    elif isinstance(local.values, Interval):
        values = [each for each in formula.value.low.values if not isinstance(each, float)]
    found = [*((each, formula.may_be(each)) for each in (*values, None)), (CONFLICT, formula.value.conflict)]
    return [(value, lit) for value, lit in found if lit != FALSE]


def _word(value: Value, kind: Type) -> str:
    return "no value" if value is None else CONFLICT if value == CONFLICT else kind.show(value)


def _ranked(asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, int]], kind: Type) -> list[MissingFact]:
    """The missing facts, first those whose values leave least open; those that never matter are left out."""
    seen = _seen(asking, facts, possible)
    ranked: list[MissingFact] = []
    left = MOST_ASKED
    for fact in facts:
        given = []
        for option in fact.options:
            still = []
            for value, lit in possible:
                at = (option.lit, lit)
                if at not in seen:
                    left -= 1
                    if left < 0:
                        return _sorted(ranked)
                    if asking.holds([option.lit, lit]):
                        _note(asking, facts, possible, seen)
                if at in seen:
                    still.append(_word(value, kind))
            given.append(Given(fact.attribute.type.show(option.value) if option.value is not None else "none", still))
        if any(len(each.possible) < len(possible) for each in given):
            total = sum(len(each.possible) for each in given)
            ranked.append(MissingFact(fact.entity.path, fact.attribute.name, 100 * total // len(given), given))
    return _sorted(ranked)


def _sorted(ranked: list[MissingFact]) -> list[MissingFact]:
    return sorted(ranked, key=lambda each: each.left)


def _seen(asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, int]]) -> set[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    for _, lit in possible:
        asking.holds([lit])
        _note(asking, facts, possible, seen)
    return seen


def _note(asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, int]], seen: set[tuple[int, int]]) -> None:
    """Each choice shows for every fact at once what goes with its value."""
    goal = [lit for _, lit in possible if asking.chosen(lit)]
    for fact in facts:
        for option in fact.options:
            if asking.chosen(option.lit):
                seen.update((option.lit, lit) for lit in goal)
