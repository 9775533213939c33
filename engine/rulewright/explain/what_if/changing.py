"""The smallest changes that give a value, or lose the present one: by the solver where there is a formula, else by trying."""

from __future__ import annotations

from rulewright.engines.answering import Answered
from rulewright.engines.solver.formula import Formula
from rulewright.engines.solver.numbers import NotExpressible

from .by_formula import smallest_of
from .by_trying import by_trying
from .confirming import Place
from .fixing import Fixing
from .goals import Goal
from .naming import paths
from .record import WhatIf

MOST_SHOWN = 20


def add_smallest(record: WhatIf, answered: Answered, place: Place, goal: Goal, fixing: Fixing, most: int) -> None:
    """Put the smallest sets of changes into a record, with what was not tried and what stays.

    Raises `EngineError` where the engines do not confirm what the solver found.
    """
    case = answered.case
    entity = case.entities[place[0]]
    try:
        formula = Formula(answered.program, case, answered.as_at, answered.parameters, entity, place[1], fixing.may_change)
    except NotExpressible:
        by_trying(record, answered, place, goal, fixing, most)
        return
    record.smallest = smallest_of(formula, answered, place, goal, most)
    record.not_tried, record.standing = paths(answered, formula.fixed), paths(answered, formula.standing)
