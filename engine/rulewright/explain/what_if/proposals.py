"""A case with facts that somebody proposes, answered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rulewright.decision.answered import Answered
from rulewright.decision.running import run
from rulewright.facts.cases import Entity, find
from rulewright.ir.entities import with_facts
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Attribute
from rulewright.syntax.errors import InputError, Place, Problem, Problems
from rulewright.syntax.text import key


def changed(answered: Answered, facts: Mapping[str, str]) -> Answered:
    """The same case with other facts, by their paths (or the end of one; `Surgery > safe` means
    what a case would enter there).

    Raises `InputError` (RW633, RW634) with every mistake, `EngineError`.
    """
    problems = Problems()
    values: dict[tuple[int, str], Value] = {}
    words = []
    for path, text in facts.items():
        try:
            entity, attribute = _fact(answered, path)
            at = (entity.index, key(attribute.name))
            if at in values:
                problems.add(
                    "RW633",
                    Place(""),
                    f"`{entity.path} > {attribute.name}` is changed twice",
                    "keep one of them",
                )
            values[at] = _value(entity, attribute, text)
            words.append(f"{entity.path} > {attribute.name}: {text.strip()}")
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    case = with_facts(answered.case, values)
    result, engines, note = run(answered.program, case, answered.as_at, answered.parameters)
    return replace(
        answered,
        case=case,
        result=result,
        engines=engines,
        note=note,
        proposed=(*answered.proposed, *words),
    )


def _fact(answered: Answered, path: str) -> tuple[Entity, Attribute]:
    """The fact of a path or of its end; the bare path of a thing means what a single value in a
    case states.
    """
    entities = answered.program.vocabulary.entities
    try:
        entity, attribute = find(answered.case, path, answered.program.vocabulary)
    except InputError as error:
        entity, attribute = _fact_that_ends_in(answered, path, error.problems[0])
    if not attribute.given and key(path).rpartition(" > ")[2] == key(entity.name):
        attribute = entities[entity.type].attributes.get(
            entities[entity.type].main_attribute, attribute
        )
    if not attribute.given:
        raise InputError(
            Problem(
                Place(""),
                "RW633",
                f"`{attribute.name}` of a {entity.type} is concluded, not stated",
                "change the facts that it follows from",
            )
        )
    return entity, attribute


def _fact_that_ends_in(answered: Answered, path: str, why: Problem) -> tuple[Entity, Attribute]:
    """The one fact of which that is the end of the path; or the end of the path of its thing, where
    a single value states it.
    """
    end, found = f" > {key(path)}", []
    for entity in answered.case.entities:
        declared = answered.program.vocabulary.entities[entity.type]
        single = (
            declared.attributes.get(declared.main_attribute)
            if key(entity.path).endswith(end)
            else None
        )
        found += [
            (entity, each)
            for each in declared.attributes.values()
            if each.given and (each is single or key(f"{entity.path} > {each.name}").endswith(end))
        ]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            Problem(
                Place(""),
                "RW633",
                f"`{path}` means {len(found)} facts of this case",
                f"write for instance `{found[0][0].path} > {found[0][1].name}`",
            )
        )
    raise InputError(Problem(Place(""), "RW633", why.message, why.help))


def _value(entity: Entity, attribute: Attribute, text: str) -> Value:
    if attribute.means_none(text):
        return None
    value = attribute.type.parse(text.strip())
    if value is None:
        raise InputError(
            Problem(
                Place(""),
                "RW634",
                f"`{attribute.name}` of `{entity.path}` cannot be `{text.strip()}`",
                f"expected {attribute.expected()}",
            )
        )
    return value
