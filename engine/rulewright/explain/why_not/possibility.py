"""What could give an attribute a value: which rules conclude it, copy or work it out, limit to it, or leave it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rulewright.engines.calculus import cap, certain, compare
from rulewright.engines.reference import Evaluation
from rulewright.engines.result import YES, Anything, Interval, Possible
from rulewright.language.cases import Entity
from rulewright.language.errors import InputError, Place, Problem, nearest
from rulewright.language.text import Text, key
from rulewright.language.types import FINITE, Choice, Number, Scale, Type, Value, Words
from rulewright.language.vocabulary import Attribute
from rulewright.program.model import Node
from rulewright.program.nodes import Known, Noun, Parameter, Rule, Test
from rulewright.program.nodes import Literal as Written

How = Literal["concludes it", "copies it", "works it out", "limits to it", "otherwise", "no rule fires"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The value asked for: one, or several that would all do (`63..87`). `words`: as one says it; `any_value`: not *no value*."""

    words: str
    values: tuple[Value, ...] = ()
    interval: Interval | None = None
    any_value: bool = False

    def has(self, value: Value) -> bool:
        """Whether the value is one of these."""
        if self.any_value:
            return value is not None
        if self.interval is not None and isinstance(value, int | Fraction):
            low, high = self.interval
            return (low is None or value >= low) and (high is None or value <= high)
        return value in self.values

    def holds(self, possible: Possible) -> bool:
        """Whether only such values are possible."""
        return possible.determined and self.has(possible.value)

    def may(self, possible: Possible) -> bool:
        """Whether such a value is among the possible ones."""
        if possible.no_value and None in self.values:
            return True
        if isinstance(possible.values, tuple) and not isinstance(possible.values, Interval | Anything):
            return any(self.has(each) for each in possible.values)
        if isinstance(possible.values, Anything) or self.any_value:
            return True
        low, high = possible.values
        ends = [(each, each) for each in self.values if isinstance(each, int | Fraction)]
        ends += [(self.interval.low, self.interval.high)] if self.interval is not None else []  # type: ignore[list-item]
        return any((high is None or start is None or start <= high) and (low is None or end is None or end >= low) for start, end in ends)


def wanted_value(written: str, attribute: Attribute) -> Wanted:
    """The value that a person asks about. Raises `InputError` (RW621)."""
    kind = attribute.type
    nothing = key(written) in ("no value", "none") or attribute.means_none(written)
    value = None if nothing and isinstance(kind, Words) else kind.parse(Text(written))
    if value is not None:
        return Wanted(kind.show(value), (value,))
    if nothing:
        return Wanted(attribute.none_is or "no value", (None,))
    known = [str(kind.show(each)) for each in kind.values] if isinstance(kind, Scale | Choice) else []
    raise InputError(Problem(Place(""), "RW621", f"`{written}` is not a value that `{attribute.name}` can have",
                             (nearest(written, known) if known else "") or f"expected {kind.expected()}"))  # fmt: skip


def wanted_by(test: Test, right: list[Possible], words: str, counted: bool = True) -> Wanted | None:
    """The values of a test's left side for which it holds (or, without `counted`, does not); `None` where that is not plain."""
    if isinstance(test, Known):
        return Wanted("known", any_value=True) if test.wanted == counted else Wanted("no value", (None,))
    kind = test.left.type
    if isinstance(kind, FINITE):
        every: tuple[Value, ...] = (True, False) if not isinstance(kind, Scale | Choice) else kind.values
        values = tuple(each for each in every if (compare(test, certain(each, kind), right) == YES) == counted)
        return Wanted(words if counted else f"not {words}", values) if values else None
    if not counted or not all(each.determined and isinstance(each.value, int | Fraction) for each in right):
        return None
    ends = [each.value for each in right if isinstance(each.value, int | Fraction)]
    step = 1 if not isinstance(kind, Number) or kind.whole else 0
    match test.op:
        case "is" | "one of":
            return Wanted(words, tuple(ends))
        case "at least":
            return Wanted(words, interval=Interval(ends[0], None))
        case "at most":
            return Wanted(words, interval=Interval(None, ends[0]))
        case "more than":
            return Wanted(words, interval=Interval(ends[0] + step, None))
        case "less than":
            return Wanted(words, interval=Interval(None, ends[0] - step))
        case "between":
            return Wanted(words, interval=Interval(ends[0], ends[1]))
    return None


def ways_to(wanted: Wanted, node: Node, entity: Entity, evaluation: Evaluation, given: Possible) -> list[tuple[Rule, How]]:
    """The rules that could give an attribute the value. `given`: what the rules give without a limit."""
    found = [(rule, how) for rule in node.rules if (how := how_it_could(rule, wanted, evaluation)) is not None]
    found += [(rule, "limits to it") for rule in node.limits if _limits_to(rule, wanted, given, node.attribute.type, entity, evaluation)]
    if node.otherwise is not None and how_it_could(node.otherwise, wanted, evaluation) is not None:
        found.append((node.otherwise, "otherwise"))
    return found


def how_it_could(rule: Rule, wanted: Wanted, evaluation: Evaluation) -> How | None:
    """How a rule that concludes a value could give this one; `None` where it never does."""
    value = rule.value
    if isinstance(value, Written):
        return "concludes it" if wanted.has(value.value) else None
    if isinstance(value, Parameter):
        return "concludes it" if wanted.has(evaluation.parameters[value.name]) else None
    return "copies it" if isinstance(value, Noun) else "works it out"


def _limits_to(rule: Rule, wanted: Wanted, given: Possible, kind: Type, entity: Entity, evaluation: Evaluation) -> bool:
    """Whether the limit would bring what the rules give down to the value."""
    assert rule.value is not None
    if not given.determined or given.value is None:
        return False
    capped = cap(given, evaluation.value(rule.value, entity).value, kind)
    return capped != given and wanted.holds(capped)

