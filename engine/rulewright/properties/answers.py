"""What the engines say of cases of a space, before they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rulewright.decision.answered import Answered
from rulewright.decision.running import run
from rulewright.engines.result import MET, NOT_MET, UNDECIDED
from rulewright.facts.cases import Case, Entity
from rulewright.ir.types import Value
from rulewright.solver.open_facts import Option
from rulewright.syntax.errors import EngineError

from .reader import QUESTION, Posed
from .record import FactStated, ValueGiven
from .spaces import At

WORDS = {MET: "met", NOT_MET: "not met", UNDECIDED: "undecided"}


def answered(posed: Posed, case: Case) -> Answered:
    """A case answered by both engines. Raises `EngineError`."""
    base = posed.answered
    result, engines, note = run(base.program, case, base.as_at, base.parameters)
    return replace(base, case=case, result=result, engines=engines, note=note)


def status(posed: Posed, case: Case, thing: Entity) -> str:
    """What becomes of the property's conditions at a thing, by both engines: `met`, `not met`,
    `undecided`. Raises `EngineError`.
    """
    base = posed.answered
    result = run(posed.asking, case, base.as_at, base.parameters)[0]
    fired = [each for each in result.notices.get(thing.index, ()) if each.rule == QUESTION]
    return WORDS[fired[0].status if fired else NOT_MET]


def given(answer: Answered, places: Iterable[At]) -> list[ValueGiven]:
    """What a case gives for attributes, with the rules that decided."""
    entities, vocabulary = answer.case.entities, answer.program.vocabulary
    found = {(each.entity, each.attribute): each for each in answer.decision.answers}
    shown = []
    for index, name in places:
        entity = entities[index]
        attribute = vocabulary.entities[entity.type].attributes[name]
        one = found.get((entity.path, attribute.name))
        if one is None:  # a word of which the policy says nothing
            shown.append(ValueGiven(entity.path, attribute.name, "no value", "determined"))
            continue
        shown.append(
            ValueGiven(
                entity.path,
                attribute.name,
                one.value,
                one.status,
                list(one.decided_by),
                list(one.limited_by),
                list(one.missing),
            )
        )
    return shown


def stated(posed: Posed, facts: Mapping[At, Option], places: Iterable[At]) -> list[FactStated]:
    """Facts in words."""
    space = posed.space
    shown = []
    for at in places:
        attribute, value = space.attribute(at), facts[at].value
        usual = attribute.has_default and attribute.default == value
        shown.append(
            FactStated(
                posed.case.entities[at[0]].path, attribute.name, space.told(at, value), usual
            )
        )
    return shown


def values(facts: Mapping[At, Option]) -> dict[At, Value]:
    """What the facts are."""
    return {at: each.value for at, each in facts.items()}


def not_confirmed(posed: Posed) -> EngineError:
    """The error where the engines say otherwise than the solver."""
    return EngineError(f"the engines do not confirm what was found about `{posed.declared.name}`")
