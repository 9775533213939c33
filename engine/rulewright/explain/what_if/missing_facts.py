"""What an undetermined attribute may really be, and which missing facts would settle it."""

from __future__ import annotations

from rulewright.decision.answered import Answered
from rulewright.ir.types import Date, Type, Value, show_date
from rulewright.solver.circuit import Lit
from rulewright.solver.days import Days
from rulewright.solver.formula import Asking, Formula
from rulewright.solver.numbers import NotExpressible
from rulewright.solver.open_facts import OpenFact

from .effort import is_large, size_of
from .fixed_facts import Fixing
from .naming import paths
from .possible_values import in_words, is_listed, values_of
from .record import IfGiven, MissingFact, Settling, WhatIf

MOST_ASKED = 4_000  # questions to the solver for the ranking
NOT_LISTED = "the values of some missing facts cannot be listed"
KEPT = "some missing facts were kept as they are"
TOO_MANY_WAYS = "the ways to fill in the missing facts are too many to follow"


def add_settling(
    record: WhatIf, answered: Answered, place: tuple[int, str], fixing: Fixing
) -> None:
    """Put into a record the exact possible values over all ways to fill in the missing facts, and
    the missing facts ranked.
    """
    case, program = answered.case, answered.program
    entity = case.entities[place[0]]
    kind = program.vocabulary.entities[entity.type].attributes[place[1]].type
    local = answered.result.settled[place].possible
    if is_large(size_of(answered, place)):
        record.settling = Settling(local.show(kind), exact=False, bound=TOO_MANY_WAYS)
        return
    try:
        formula = Formula(
            program,
            case,
            answered.as_at,
            answered.parameters,
            entity,
            place[1],
            fixing.may_change,
            reading="completed",
        )
    except NotExpressible:
        record.settling = Settling(local.show(kind), exact=False, bound=TOO_MANY_WAYS)
        return
    record.not_tried, record.standing = (
        paths(answered, formula.fixed),
        paths(answered, formula.standing),
    )
    bound = " and ".join(
        [*([NOT_LISTED] if formula.fixed else []), *([KEPT] if formula.kept else [])]
    )
    if not is_listed(formula):
        record.settling = Settling(local.show(kind), exact=False, bound=bound or TOO_MANY_WAYS)
        return
    with Asking(formula.circuit) as asking:
        possible = [(value, lit) for value, lit in values_of(formula) if asking.holds([lit])]
        record.settling = Settling(
            in_words([value for value, _ in possible], kind), exact=not bound, bound=bound
        )
        if len(possible) > 1:
            _rank(record.settling, asking, formula.facts, possible, kind, formula.days)


def _rank(
    record: Settling,
    asking: Asking,
    facts: list[OpenFact],
    possible: list[tuple[Value, Lit]],
    kind: Type,
    days: Days,
) -> None:
    """The missing facts, first those whose values leave least open; those that never matter are
    left out.
    """
    seen = _Seen(asking, facts, possible)
    words = in_words([value for value, _ in possible], kind)
    for index, fact in enumerate(facts):
        if seen.left < len(fact.options) * len(possible):
            record.not_ranked = len(facts) - index
            break
        given = []
        for option in fact.options:
            still = [
                word
                for (_, lit), word in zip(possible, words, strict=True)
                if seen.together(option.lit, lit)
            ]
            given.append(IfGiven(_value(days, fact, option.value), still))
        if any(len(each.possible) < len(possible) for each in given):
            total = sum(len(each.possible) for each in given)
            record.missing.append(
                MissingFact(fact.entity.path, fact.attribute.name, 100 * total // len(given), given)
            )
    record.missing.sort(key=lambda each: each.left)


def _value(days: Days, fact: OpenFact, value: Value) -> str:
    """A value of a missing fact; of a date all days of which the same is true."""
    if not isinstance(fact.attribute.type, Date) or not isinstance(value, int):
        return fact.attribute.show(value)
    first, last = days.stretch(fact.key, value)
    if first is None:
        return "any date" if last is None else f"up to {show_date(last)}"
    if last is None:
        return f"{show_date(first)} or later"
    return show_date(first) if first == last else f"{show_date(first)} to {show_date(last)}"


class _Seen:
    """Which values of missing facts go with which possible values. left: so many more may be asked
    of the solver.
    """

    def __init__(
        self, asking: Asking, facts: list[OpenFact], possible: list[tuple[Value, Lit]]
    ) -> None:
        self._asking, self.left = asking, MOST_ASKED
        self._options = [option.lit for fact in facts for option in fact.options]
        self._together: dict[Lit, set[Lit]] = {lit: set() for _, lit in possible}
        for lit in self._together:
            if asking.holds([lit]):
                self._note()

    def together(self, option: Lit, value: Lit) -> bool:
        """Whether some way to fill in the missing facts has both."""
        if option not in self._together[value]:
            self.left -= 1
            if self._asking.holds([option, value]):
                self._note()
        return option in self._together[value]

    def _note(self) -> None:
        """Each choice shows for every fact at once what goes with its value."""
        chosen = [each for each in self._options if self._asking.chosen(each)]
        for lit, seen in self._together.items():
            if self._asking.chosen(lit):
                seen.update(chosen)
