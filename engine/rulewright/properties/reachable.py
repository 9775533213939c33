"""`reachable`: for each value a case that has it, or the proof that none has."""

from __future__ import annotations

from rulewright.engines.result import Possible
from rulewright.solver.case_spaces import derived
from rulewright.solver.circuit import Lit
from rulewright.solver.values import Open

from .answers import answered, not_confirmed, stated, values
from .answers import given as what_is_given
from .case_writer import FoundCase
from .reader import CONFLICT, NO_VALUE, UNDETERMINED, WantedValue
from .record import Checked, Reached
from .witnesses import SpaceQuestion


def check_reachable(question: SpaceQuestion, record: Checked) -> None:
    """Put into a record which values some case has. Raises `NotExpressible`, `EngineError`."""
    posed = question.posed
    assert posed.at is not None
    value = derived(question.encoding, posed.case.entities[posed.at[0]], posed.at[1])
    for wanted in posed.wanted:
        record.reached.append(_reached(question, wanted, is_(question, value, wanted)))
    record.verdict = "holds" if all(each.reached for each in record.reached) else "does not hold"


def is_(question: SpaceQuestion, value: Open, wanted: WantedValue) -> Lit:
    """Whether an attribute is what is wanted."""
    joining = question.encoding.joining
    if wanted.special == CONFLICT:
        others = [
            value.no_value,
            *(value.bits.values() if hasattr(value, "bits") else [value.there]),
        ]
        return question.circuit.all([value.conflict, *(-each for each in others)])
    if wanted.special == UNDETERMINED:
        return question.circuit.all(
            [
                -joining.determined(value),
                -is_(question, value, WantedValue(CONFLICT, special=CONFLICT)),
            ]
        )
    return joining.is_just(value, None if wanted.special == NO_VALUE else wanted.value)


def is_it(found: Possible, wanted: WantedValue) -> bool:
    """Whether possible values are what was asked for."""
    conflict = found.status == CONFLICT
    if wanted.special == CONFLICT:
        return conflict
    if wanted.special == UNDETERMINED:
        return not found.determined and not conflict
    return found.determined and found.value == wanted.value


def _reached(question: SpaceQuestion, wanted: WantedValue, goal: Lit) -> Reached:
    posed, given = question.posed, [question.inside, goal]
    assert posed.at is not None
    if not question.asking.holds(given):
        return Reached(wanted.word, False)
    facts = question.settle(given, question.facts)
    matter = question.what_matters([question.inside], goal, facts)
    answer = answered(posed, posed.space.whole(values(facts)))
    if not is_it(answer.result.settled[posed.at].possible, wanted):
        raise not_confirmed(posed)
    gives = what_is_given(answer, [posed.at])
    question.found.append(FoundCase(wanted.word, values(facts), matter, gives))
    return Reached(wanted.word, True, stated(posed, facts, matter), len(facts) - len(matter), gives)
