"""That something holds however missing facts are filled in: asked of a growing number of ways to
fill them in.

A set of changes that brings it about in each of these ways may still fail in another. That one
joins them, and rules the set out together with all others that fail in it.
"""

from __future__ import annotations

from collections.abc import Callable

from .circuit import Lit
from .formula import Asking, Formula
from .values import Open

MOST_WAYS = 60  # each is another copy of the formula


class TooManyWays(Exception):
    """More ways to fill in missing facts matter than are followed."""


class Samples:
    """Ways to fill in the missing facts of a formula. goal: what has to hold of the attribute's
    possible values in each of them.
    """

    def __init__(self, formula: Formula, goal: Callable[[Open], Lit]) -> None:
        self.formula, self.goal = formula, goal
        self._ways = 0

    def refuting(self, asking: Asking, changes: list[Lit]) -> Lit | None:
        """That the goal holds in a way to fill in missing facts in which these changes and no
        others do not bring it about.

        `None` where they bring it about in every way. Raises `TooManyWays`.
        """
        formula = self.formula
        if not formula.filled:
            return None
        if not asking.holds([*formula.just(changes), -self.goal(formula.value)]):
            return None
        self._ways += 1
        if self._ways > MOST_WAYS:
            raise TooManyWays
        values = {
            (fact.entity.index, fact.key): next(
                (value for value, lit in fact.fills.items() if asking.chosen(lit)), None
            )
            for fact in formula.filled
        }
        return self.goal(formula.sampled(values))
