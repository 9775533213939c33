"""`monotone`: of two cases whose facts are the same or better, the second never gives worse; else the two of which it does."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.engines.result import Possible
from rulewright.engines.solver.circuit import FALSE, Lit
from rulewright.engines.solver.facts import OpenFact
from rulewright.engines.solver.open_values import Choices, Open
from rulewright.engines.solver.spaces import BetterFacts, derived, encoded, worse
from rulewright.language.types import Value

from .answers import answered, given, not_confirmed, possible, stated
from .choosing import Facts, Question, what_matters
from .posing import CONFLICT, NO_VALUE, UNDETERMINED, Posed, Wanted
from .reaching import is_
from .record import Checked, Counterexample, Raised
from .spaces import At
from .writing import Found


def check_monotone(question: Question, record: Checked) -> None:
    """Put into a record whether better facts never give worse. Raises `NotExpressible`, `EngineError`."""
    posed = question.posed
    assert posed.at is not None
    entity, name = posed.case.entities[posed.at[0]], posed.at[1]
    one = derived(question.encoding, entity, name)
    record.not_compared = _not_compared(question, one)
    if not question.asking.holds([question.inside, _compared(question, one)]):
        record.verdict, record.undecided = "undecided", "no case of the space settles it on a value that could be better or worse"
        return
    better = question.second()
    encoding = encoded(posed.asking, posed.case, posed.answered.as_at, posed.answered.parameters, better)
    inside = question.circuit.all(encoding.conditions.condition(each, posed.case.root).met for each in posed.limits)
    other = derived(encoding, entity, name)
    goal = worse(encoding, other, one, posed.order) if posed.lower else worse(encoding, one, other, posed.order)
    given = [question.inside, inside, goal]
    if goal == FALSE or not question.asking.holds(given):
        return
    record.verdict = "does not hold"
    record.counterexamples.append(_counterexample(question, better, given))


def _not_compared(question: Question, value: Open) -> list[str]:
    """Results that some cases have and that have no place in the order."""
    posed = question.posed
    sought = [Wanted(word, special=word) for word in (NO_VALUE, CONFLICT, UNDETERMINED)]
    if isinstance(value, Choices) and posed.order:
        sought = [*(Wanted(str(each), each) for each in value.bits if each not in posed.order), *sought]
    return [each.word for each in sought if question.asking.holds([question.inside, is_(question, value, each)])]


def _compared(question: Question, value: Open) -> Lit:
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
        return first in posed.order and second in posed.order and posed.order.index(second) < posed.order.index(first)
    if first is None or second is None or isinstance(first, str) or isinstance(second, str):
        return False
    return second > first if posed.lower else second < first


def _counterexample(question: Question, better: BetterFacts, goal: list[Lit]) -> Counterexample:
    """Two cases with as few better facts as can be, each better by as little as can be."""
    posed = question.posed
    places = sorted(better.open)
    question.fewest(goal, [better.differs(at) for at in places])
    raised = [at for at in places if better.differs(at) in goal]
    for at in raised:
        question.fewest_steps(goal, _steps(question, question.facts.open[at], better.open[at], posed.orders[at]))
    worse_facts = question.settle(goal, question.facts)
    better_facts = question.settle(goal, better)
    if worse_facts is None or better_facts is None:
        raise not_confirmed(posed)
    both = {at: value for at, value in worse_facts.items() if at not in raised}

    def still(missing: Iterable[At]) -> bool:
        missing = list(missing)
        cases = [posed.space.stated({at: v for at, v in each.items() if at not in missing}, missing) for each in (worse_facts, better_facts)]
        return is_worse(posed, possible(posed, cases[0]), possible(posed, cases[1]))

    matter = what_matters(posed, both, still)
    changed = [Raised(posed.case.entities[at[0]].path, posed.space.attribute(at).name, posed.space.told(at, worse_facts[at]),
                      posed.space.told(at, better_facts[at])) for at in raised]  # fmt: skip
    found = Counterexample(changed, stated(posed, both, matter), len(both) - len(matter), [])
    _answer(posed, worse_facts, better_facts, found)
    for shows, facts, gives in (("the first case", worse_facts, found.gives), ("better facts", better_facts, found.better_gives)):
        question.found.append(Found(shows, {at: facts[at] for at in sorted([*matter, *raised])}, gives))
    return found


def _answer(posed: Posed, worse_facts: Facts, better_facts: Facts, found: Counterexample) -> None:
    """Put into it what both engines give. Raises `EngineError` where that is no counterexample."""
    assert posed.at is not None
    one, other = (answered(posed, posed.space.whole(each)) for each in (worse_facts, better_facts))
    if not is_worse(posed, one.result.settled[posed.at].possible, other.result.settled[posed.at].possible):
        raise not_confirmed(posed)
    found.gives, found.better_gives = given(one, [posed.at]), given(other, [posed.at])


def _steps(question: Question, one: OpenFact, other: OpenFact, order: tuple[Value, ...]) -> list[list[Lit]]:
    """For one step better, two steps and so on: from which value to which."""
    first, second = ({each.value: each.lit for each in fact.options} for fact in (one, other))
    circuit = question.circuit
    return [[circuit.both(first[order[rank]], second[order[rank + far]]) for rank in reversed(range(len(order) - far))]
            for far in range(1, len(order))]  # fmt: skip
