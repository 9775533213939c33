"""The days on which the answer to some question about a date flips: of a date, all that rules can
tell apart.

Between two such days every day answers every question alike, so that one day of each stretch stands
for all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from rulewright.ir.nodes import Aggregate, AsAtDate, Compare, Expression, Literal, Noun, Parameter
from rulewright.ir.operators import OPERATORS, Bounds
from rulewright.ir.program import Node, Program
from rulewright.ir.traversal import find, sides
from rulewright.ir.types import Date, Value, add_months

LAST = 3_652_058  # 31 December 9999
Tests = dict[
    str, list[tuple[Compare, int]] | None
]  # by attribute: comparisons, and which side it is; `None`: read in other ways


class Days:
    """The days that matter for the dates of one case. as_at: the day of the decision."""

    def __init__(self, program: Program, as_at: int, parameters: dict[str, Value]) -> None:
        self.as_at, self.parameters, self._program = as_at, parameters, program
        self._starts: dict[str, list[int] | None] = {}

    def starts(self, attribute: str) -> list[int] | None:
        """The first day of each stretch but the earliest; `None` where rules read the date in ways
        that have no fixed days.
        """
        if attribute not in self._starts:
            self._starts[attribute] = self._found(attribute)
        return self._starts[attribute]

    def same_as(self, other: Days) -> bool:
        """Whether both tell the same days of every date apart."""
        dates = date_tests(self._program).keys() | date_tests(other._program).keys()
        return all(self.starts(each) == other.starts(each) for each in dates)

    def others(self, attribute: str, now: int | None) -> list[tuple[int, int]] | None:
        """The day of each stretch nearest to `now` (where there is no date: to the day of the
        decision), and how many stretches away.

        The stretch of `now` itself is left out.
        """
        starts = self.starts(attribute)
        if starts is None:
            return None
        near = self.as_at if now is None else now
        here = bisect_right(starts, near)
        found = [(starts[index] - 1, here - index) for index in range(here)]
        found += [(near, 1)] if now is None else []
        found += [(starts[index], index + 1 - here) for index in range(here, len(starts))]
        return [(day, far) for day, far in found if 1 <= day <= LAST]

    def stretch(self, attribute: str, day: int) -> tuple[int | None, int | None]:
        """The first and the last day of the stretch of a day; `None`: it has no end on that
        side.
        """
        starts = self.starts(attribute) or []
        here = bisect_right(starts, day)
        return starts[here - 1] if here else None, starts[here] - 1 if here < len(starts) else None

    def _found(self, attribute: str) -> list[int] | None:
        tests = date_tests(self._program).get(attribute, [])
        if tests is None:
            return None
        found: set[int] = set()
        for test, side in tests:
            sides = [
                self._constant(each)
                for index, each in enumerate((test.left, *test.right))
                if index != side
            ]
            if any(each is None for each in sides):
                continue  # compared with no value, it answers the same on every day
            found.update(_flips(test.op, side, [int(each) for each in sides if each is not None]))
        return sorted(found)

    def _constant(self, expression: Expression) -> int | None:
        if isinstance(expression, AsAtDate):
            return self.as_at
        value = self.parameters[expression.name] if isinstance(expression, Parameter) else None
        if isinstance(expression, Literal):
            value = expression.value
        return value if isinstance(value, int) else None


def _flips(op: str, side: int, others: list[int]) -> Iterable[int]:
    """The first days of other answers, where a date is that side of a comparison with these
    constants.
    """
    if op == "within":
        months, day = others
        return (
            (_earliest(day, months), day + 1) if side == 0 else (day, add_months(day, months) + 1)
        )
    operator = OPERATORS[op]
    turned = operator if side == 0 else OPERATORS.get(operator.converse)
    bounds = turned.bounds(others) if turned is not None else None
    if bounds is None:
        bounds = tuple(Bounds(each, each) for each in others)
    starts = {int(each.low) + each.low_open for each in bounds if each.low is not None}
    return starts | {
        int(each.high) + (not each.high_open) for each in bounds if each.high is not None
    }


def _earliest(day: int, months: int) -> int:
    """The earliest day from which a number of months reaches `day`."""
    found = max(1, day - 31 * months - 5)
    step = 1 << 20
    while step:
        if found + step <= day and add_months(found + step, months) < day:
            found += step
        step >>= 1
    return found if add_months(found, months) >= day else found + 1


def date_tests(program: Program) -> Tests:
    """How the rules of a program read each given date; worked out once."""
    found: Tests | None = program.__dict__.get("_date_tests")
    if found is None:
        found = _read(program.nodes)
        object.__setattr__(program, "_date_tests", found)
    return found


def _read(nodes: Iterable[Node]) -> Tests:
    found: Tests = {}
    rules = [rule for node in nodes for rule in node.every_rule]
    copied: list[object] = [rule.value for rule in rules]
    copied += [each.noun for each in find(Aggregate, rules)]
    for test in find(Compare, rules):
        compared = sides(test)
        for index, side in enumerate(compared):
            if isinstance(side, Noun) and side.given and isinstance(side.type, Date):
                tests = found.setdefault(side.attribute, [])
                if tests is not None and all(
                    isinstance(other, _CONSTANT) for at, other in enumerate(compared) if at != index
                ):
                    tests.append((test, index))
                else:
                    found[side.attribute] = None
    for each in copied:
        if isinstance(each, Noun) and each.given and isinstance(each.type, Date):
            found[each.attribute] = None
    return found


_CONSTANT = (Literal, Parameter, AsAtDate)
