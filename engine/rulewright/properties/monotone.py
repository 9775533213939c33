"""`monotone`: of two cases whose facts are the same or better, the second never gives worse; else
the two of which it does.
"""

from __future__ import annotations

from rulewright.engines.result import Possible
from rulewright.ir.types import Value
from rulewright.solver.case_spaces import BetterFacts, derived, encoded, worse
from rulewright.solver.circuit import FALSE, Lit
from rulewright.solver.open_facts import OpenFact
from rulewright.solver.values import Choices, Open

from .answers import answered, not_confirmed, stated, values
from .answers import given as what_is_given
from .case_writer import FoundCase
from .reachable import is_
from .reader import CONFLICT, NO_VALUE, UNDETERMINED, Posed, WantedValue
from .record import Checked, Counterexample, Raised
from .spaces import At
from .witnesses import SpaceQuestion


def check_monotone(question: SpaceQuestion, record: Checked) -> None:
    """Put into a record whether better facts never give worse.

    Raises `NotExpressible`, `EngineError`.
    """
    posed = question.posed
    assert posed.at is not None
    entity, name = posed.case.entities[posed.at[0]], posed.at[1]
    one = derived(question.encoding, entity, name)
    record.not_compared = _not_compared(question, one)
    if not question.asking.holds([question.inside, _compared(question, one)]):
        record.verdict, record.undecided = (
            "undecided",
            "no case of the space settles it on a value that could be better or worse",
        )
        return
    better = question.second()
    encoding = encoded(
        posed.asking, posed.case, posed.answered.as_at, posed.answered.parameters, better
    )
    inside = question.circuit.all(
        encoding.conditions.condition(each, posed.case.root).met for each in posed.limits
    )
    other = derived(encoding, entity, name)
    goal = (
        worse(encoding, other, one, posed.order)
        if posed.lower
        else worse(encoding, one, other, posed.order)
    )
    given = [question.inside, inside]
    if goal == FALSE or not question.asking.holds([*given, goal]):
        return
    record.verdict = "does not hold"
    record.counterexamples.append(_counterexample(question, better, given, goal))


def _not_compared(question: SpaceQuestion, value: Open) -> list[str]:
    """Results that some cases have and that have no place in the order."""
    posed = question.posed
    sought = [WantedValue(word, special=word) for word in (NO_VALUE, CONFLICT, UNDETERMINED)]
    if isinstance(value, Choices) and posed.order:
        sought = [
            *(WantedValue(str(each), each) for each in value.bits if each not in posed.order),
            *sought,
        ]
    return [
        each.word
        for each in sought
        if question.asking.holds([question.inside, is_(question, value, each)])
    ]


def _compared(question: SpaceQuestion, value: Open) -> Lit:
    joining, circuit = question.encoding.joining, question.circuit
    if isinstance(value, Choices):
        return circuit.any(joining.is_just(value, each) for each in question.posed.order)
    return circuit.both(joining.determined(value), value.there)


def is_worse(posed: Posed, one: Possible, other: Possible) -> bool:
    """Whether both are settled on values with a place in the order, and the other is worse."""
    if not (one.determined and other.determined):
        return False
    first, second = one.value, other.value
    if posed.order:
        return (
            first in posed.order
            and second in posed.order
            and posed.order.index(second) < posed.order.index(first)
        )
    if first is None or second is None or isinstance(first, str) or isinstance(second, str):
        return False
    return second > first if posed.lower else second < first


def _counterexample(
    question: SpaceQuestion, better: BetterFacts, given: list[Lit], goal: Lit
) -> Counterexample:
    """Two cases with as few better facts as can be, each better by as little as can be."""
    posed = question.posed
    places = sorted(better.open)
    differing = {at: better.differs(at) for at in places}
    shown = [*given, goal]
    question.fewest(shown, list(differing.values()))
    raised = [at for at in places if differing[at] in shown]
    for at in raised:
        question.first(
            shown, _steps(question, question.facts.open[at], better.open[at], posed.orders[at])
        )
    one, other = question.settle(shown, question.facts), question.settle(shown, better)
    alike = {at: option for at, option in one.items() if at not in raised}
    given = [
        *given,
        *(-differing[at] for at in alike),
        *(each[at].lit for at in raised for each in (one, other)),
    ]
    matter = question.what_matters(given, goal, alike)
    changed = [
        Raised(
            posed.case.entities[at[0]].path,
            posed.space.attribute(at).name,
            posed.space.told(at, one[at].value),
            posed.space.told(at, other[at].value),
        )
        for at in raised
    ]
    found = Counterexample(changed, stated(posed, one, matter), len(alike) - len(matter), [])
    _answer(posed, values(one), values(other), found)
    for shows, facts, gives in (
        ("the first case", one, found.gives),
        ("better facts", other, found.better_gives),
    ):
        question.found.append(FoundCase(shows, values(facts), sorted([*matter, *raised]), gives))
    return found


def _answer(
    posed: Posed, one: dict[At, Value], other: dict[At, Value], found: Counterexample
) -> None:
    """Put into it what both engines give. Raises `EngineError` where that is no counterexample."""
    assert posed.at is not None
    first, second = (answered(posed, posed.space.whole(each)) for each in (one, other))
    if not is_worse(
        posed, first.result.settled[posed.at].possible, second.result.settled[posed.at].possible
    ):
        raise not_confirmed(posed)
    found.gives, found.better_gives = (
        what_is_given(first, [posed.at]),
        what_is_given(second, [posed.at]),
    )


def _steps(
    question: SpaceQuestion, one: OpenFact, other: OpenFact, order: tuple[Value, ...]
) -> list[Lit]:
    """For one step better, two steps and so on: from which value to which."""
    first, second = ({each.value: each.lit for each in fact.options} for fact in (one, other))
    circuit = question.circuit
    return [
        circuit.both(first[order[rank]], second[order[rank + far]])
        for far in range(1, len(order))
        for rank in reversed(range(len(order) - far))
    ]
