"""What an undetermined attribute may really be, and which missing facts would settle it."""

from __future__ import annotations

from rulewright.engines.answering import Answered
from rulewright.engines.solver.circuit import FALSE, Lit
from rulewright.engines.solver.facts import OpenFact
from rulewright.engines.solver.formula import Asking, Formula
from rulewright.engines.solver.numbers import NotExpressible
from rulewright.engines.solver.open_values import Choices, Range
from rulewright.language.types import Type, Value

from .fixing import Fixing
from .naming import paths
from .record import Given, MissingFact, Settling, WhatIf

MOST_ASKED = 4_000  # questions to the solver for the ranking
CONFLICT = "conflict"
NOT_LISTED = "the values of some missing facts cannot be listed"
KEPT = "some missing facts were kept as they are"
TOO_MANY_WAYS = "the ways to fill in the missing facts are too many to follow"


def add_settling(record: WhatIf, answered: Answered, place: tuple[int, str], fixing: Fixing) -> None:
    """Put into a record the exact possible values over all ways to fill in the missing facts, and the missing facts ranked."""
    case, program = answered.case, answered.program
    entity = case.entities[place[0]]
    kind = program.vocabulary.entities[entity.type].attributes[place[1]].type
    local = answered.result.settled[place].possible
    try:
        formula = Formula(program, case, answered.as_at, answered.parameters, entity, place[1], fixing.may_change, completing=True)
    except NotExpressible:
        record.settling = Settling(local.show(kind), exact=False, bound=TOO_MANY_WAYS)
        return
    record.not_tried, record.standing = paths(answered, formula.fixed), paths(answered, formula.standing)
    bound = " and ".join([*([NOT_LISTED] if formula.fixed else []), *([KEPT] if formula.kept else [])])
    if isinstance(formula.value, Range) and not formula.value.crisp:  # such facts leave a range
        record.settling = Settling(local.show(kind), exact=False, bound=bound or TOO_MANY_WAYS)
        return
    with Asking(formula.circuit) as asking:
        possible = [(value, lit) for value, lit in _values(formula) if asking.holds([lit])]
        record.settling = Settling([_word(value, kind) for value, _ in possible], exact=not bound, bound=bound)
        if len(possible) > 1:
            _rank(record.settling, asking, formula.facts, possible, kind)


def _values(formula: Formula) -> list[tuple[Value, Lit]]:
    """Each value that may be possible, with the literal that says so; a conflict besides."""
    if isinstance(formula.value, Choices):
        values: list[Value] = [each for each, bit in formula.value.bits.items() if bit != FALSE]
    else:
        values = [each for each in formula.value.low.values if not isinstance(each, float)]
    found = [*((each, formula.may_be(each)) for each in (*values, None)), (CONFLICT, formula.value.conflict)]
    return [(value, lit) for value, lit in found if lit != FALSE]


def _word(value: Value, kind: Type) -> str:
    return "no value" if value is None else CONFLICT if value == CONFLICT else kind.show(value)


def _rank(record: Settling, asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, Lit]], kind: Type) -> None:
    """The missing facts, first those whose values leave least open; those that never matter are left out."""
    seen = _seen(asking, facts, possible)
    left = MOST_ASKED
    for index, fact in enumerate(facts):
        if left < len(fact.options) * len(possible):
            record.not_ranked = len(facts) - index
            break
        given = []
        for option in fact.options:
            still = []
            for value, lit in possible:
                at = (option.lit, lit)
                if at not in seen:
                    left -= 1
                    if asking.holds([option.lit, lit]):
                        _note(asking, facts, possible, seen)
                if at in seen:
                    still.append(_word(value, kind))
            given.append(Given(fact.attribute.show(option.value), still))
        if any(len(each.possible) < len(possible) for each in given):
            total = sum(len(each.possible) for each in given)
            record.missing.append(MissingFact(fact.entity.path, fact.attribute.name, 100 * total // len(given), given))
    record.missing.sort(key=lambda each: each.left)


def _seen(asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, Lit]]) -> set[tuple[Lit, Lit]]:
    seen: set[tuple[Lit, Lit]] = set()
    for _, lit in possible:
        asking.holds([lit])
        _note(asking, facts, possible, seen)
    return seen


def _note(asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, Lit]], seen: set[tuple[Lit, Lit]]) -> None:
    """Each choice shows for every fact at once what goes with its value."""
    goal = [lit for _, lit in possible if asking.chosen(lit)]
    for fact in facts:
        for option in fact.options:
            if asking.chosen(option.lit):
                seen.update((option.lit, lit) for lit in goal)
