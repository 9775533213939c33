"""`reachable`: for each value a case that has it, or the proof that none has."""

from __future__ import annotations

from collections.abc import Iterable

from rulewright.engines.result import Possible
from rulewright.engines.solver.circuit import Lit
from rulewright.engines.solver.open_values import Open
from rulewright.engines.solver.spaces import derived

from .answers import answered, given, not_confirmed, possible, stated
from .choosing import Question, what_matters
from .posing import CONFLICT, NO_VALUE, UNDETERMINED, Wanted
from .record import Checked, Reached
from .spaces import At
from .writing import Found


def check_reachable(question: Question, record: Checked) -> None:
    """Put into a record which values some case has. Raises `NotExpressible`, `EngineError`."""
    posed = question.posed
    assert posed.at is not None
    value = derived(question.encoding, posed.case.entities[posed.at[0]], posed.at[1])
    for wanted in posed.wanted:
        record.reached.append(_reached(question, wanted, is_(question, value, wanted)))
    record.verdict = "holds" if all(each.reached for each in record.reached) else "does not hold"


def is_(question: Question, value: Open, wanted: Wanted) -> Lit:
    """Whether an attribute is what is wanted."""
    joining = question.encoding.joining
    if wanted.special == CONFLICT:
        others = [value.no_value, *(value.bits.values() if hasattr(value, "bits") else [value.there])]
        return question.circuit.all([value.conflict, *(-each for each in others)])
    if wanted.special == UNDETERMINED:
        return question.circuit.all([-joining.determined(value), -is_(question, value, Wanted(CONFLICT, special=CONFLICT))])
    return joining.is_just(value, None if wanted.special == NO_VALUE else wanted.value)


def is_it(found: Possible, wanted: Wanted) -> bool:
    """Whether possible values are what was asked for."""
    conflict = found == Possible((), conflict=True)
    if wanted.special == CONFLICT:
        return conflict
    if wanted.special == UNDETERMINED:
        return not found.determined and not conflict
    return found.determined and found.value == wanted.value


def _reached(question: Question, wanted: Wanted, goal: Lit) -> Reached:
    posed = question.posed
    facts = question.settle([question.inside, goal], question.facts)
    if facts is None:
        return Reached(wanted.word, False)

    def still(missing: Iterable[At]) -> bool:
        missing = list(missing)
        case = posed.space.stated({at: value for at, value in facts.items() if at not in missing}, missing)
        return is_it(possible(posed, case), wanted)

    assert posed.at is not None
    matter = what_matters(posed, facts, still) if not wanted.special else list(facts)
    whole = posed.space.whole(facts)
    answer = answered(posed, whole)
    if not is_it(answer.result.settled[posed.at].possible, wanted):
        raise not_confirmed(posed)
    gives = given(answer, [posed.at])
    question.found.append(Found(wanted.word, {at: facts[at] for at in matter}, gives))
    return Reached(wanted.word, True, stated(posed, facts, matter), len(facts) - len(matter), gives)
