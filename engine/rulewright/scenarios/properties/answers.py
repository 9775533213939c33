"""What the engines say of cases of a space: quickly by one while a case is made small, by both before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rulewright.engines.answering import Answered
from rulewright.engines.reference import evaluate
from rulewright.engines.result import MET, NOT_MET, UNDECIDED, Possible
from rulewright.engines.running import run
from rulewright.language.cases import Case, Entity
from rulewright.language.errors import EngineError
from rulewright.language.types import Value

from .posing import QUESTION, Posed
from .record import Given, Stated
from .spaces import At

WORDS = {MET: "met", NOT_MET: "not met", UNDECIDED: "undecided"}


def possible(posed: Posed, case: Case) -> Possible:
    """What the attribute that is asked about may be, by the reference engine."""
    assert posed.at is not None
    answered = posed.answered
    return evaluate(answered.program, case, answered.as_at, answered.parameters).settled[posed.at].possible


def answered(posed: Posed, case: Case) -> Answered:
    """A case answered by both engines. Raises `EngineError`."""
    base = posed.answered
    result, engines, note = run(base.program, case, base.as_at, base.parameters)
    return replace(base, case=case, result=result, engines=engines, note=note)


def status(posed: Posed, case: Case, thing: Entity, both: bool = False) -> str:
    """What becomes of the property's conditions at a thing: `met`, `not met`, `undecided`."""
    base = posed.answered
    if both:
        result = run(posed.asking, case, base.as_at, base.parameters)[0]
    else:
        result = evaluate(posed.asking, case, base.as_at, base.parameters)
    fired = [each for each in result.notices.get(thing.index, ()) if each.rule == QUESTION]
    return WORDS[fired[0].status if fired else NOT_MET]


def given(answer: Answered, places: Iterable[At]) -> list[Given]:
    """What a case gives for attributes, with the rules that decided."""
    entities, vocabulary = answer.case.entities, answer.program.vocabulary
    found = {(each.entity, each.attribute): each for each in answer.decision.answers}
    shown = []
    for index, name in places:
        entity = entities[index]
        attribute = vocabulary.entities[entity.type].attributes[name]
        one = found.get((entity.path, attribute.name))
        if one is None:  # a word of which the policy says nothing
            shown.append(Given(entity.path, attribute.name, "no value", "determined"))
            continue
        shown.append(Given(entity.path, attribute.name, one.value, one.status, list(one.decided_by), list(one.limited_by)))
    return shown


def stated(posed: Posed, facts: Mapping[At, Value], places: Iterable[At]) -> list[Stated]:
    """Facts in words."""
    space = posed.space
    return [Stated(posed.case.entities[at[0]].path, space.attribute(at).name, space.told(at, facts[at])) for at in places]


def not_confirmed(posed: Posed) -> EngineError:
    """The error where the engines say otherwise than the solver."""
    return EngineError(f"the engines do not confirm what was found about `{posed.declared.name}`")
