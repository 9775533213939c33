"""What an attribute may really be, over all ways to fill in the missing facts of a case."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.engines.result import Anything, Interval, Possible
from rulewright.facts.cases import Case
from rulewright.ir.program import Program
from rulewright.ir.types import Type, Value
from rulewright.solver.circuit import FALSE, Lit
from rulewright.solver.formula import Asking, Formula
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.values import Choices, Range

Place = tuple[int, str]
CONFLICT = "conflict"


def values_of(formula: Formula) -> list[tuple[Value, Lit]]:
    """Each value that may be possible, with the literal that says so; a conflict besides."""
    if isinstance(formula.value, Choices):
        values: list[Value] = [each for each, bit in formula.value.bits.items() if bit != FALSE]
    else:
        values = [each for each in formula.value.low.values if not isinstance(each, float)]
    found = [
        *((each, formula.may_be(each)) for each in (*values, None)),
        (CONFLICT, formula.value.conflict),
    ]
    return [(value, lit) for value, lit in found if lit != FALSE]


def is_listed(formula: Formula) -> bool:
    """Whether the values of the attribute can be listed one by one: not where facts that cannot be
    listed leave a range.
    """
    return not isinstance(formula.value, Range) or formula.value.crisp


def in_words(values: Iterable[Value], kind: Type) -> list[str]:
    """Each value in words."""
    return [
        "no value" if each is None else CONFLICT if each == CONFLICT else kind.show(each)
        for each in values
    ]


def really_possible(
    program: Program,
    case: Case,
    as_at: int,
    parameters: dict[str, Value],
    place: Place,
    local: Possible,
) -> list[Value] | None:
    """The values that some way to fill in the missing facts gives. local: what the engines say is
    possible, which may be more.

    `None` where that cannot be told: missing facts whose values cannot be listed, or too many ways
    to fill them in.
    """
    if local.determined:
        return [local.value]
    try:
        formula = Formula(
            program, case, as_at, parameters, case.entities[place[0]], place[1], reading="completed"
        )
    except NotExpressible:
        return None
    if formula.fixed or not is_listed(formula):
        return None
    with Asking(formula.circuit) as asking:
        return [value for value, lit in values_of(formula) if asking.holds([lit])]


def includes(possible: Possible, value: Value) -> bool:
    """Whether a value is among those that the engines say are possible."""
    if value == CONFLICT and possible.conflict:
        return True
    if value is None:
        return possible.no_value
    if isinstance(possible.values, Interval):
        low, high = possible.values
        return (
            not isinstance(value, str)
            and (low is None or low <= value)
            and (high is None or value <= high)
        )
    return isinstance(possible.values, Anything) or value in possible.values
