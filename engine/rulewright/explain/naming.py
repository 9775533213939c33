"""Which attributes a person means by a name, a path, or the end of a path."""

from __future__ import annotations

from dataclasses import dataclass

from rulewright.decision.answered import Answered
from rulewright.decision.outcome import Answer, Decision
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.text import key


@dataclass(frozen=True, slots=True)
class Meant:
    """An attribute of an entity; `answer` is `None` where it is a fact of the case."""

    entity: str
    attribute: str
    label: str
    answer: Answer | None = None


def meant(answered: Answered, name: str) -> list[Meant]:
    """The answers of a name or path, else the facts. Raises `InputError` (RW624)."""
    try:
        answers = answers_named(answered.decision, name)
    except InputError as error:
        facts = _facts_named(answered, name)
        if not facts:
            help = error.problems[0].help
            raise InputError(
                Problem(
                    Place(""),
                    "RW624",
                    f"`{name}` is neither derived in this case nor a fact of it",
                    help,
                )
            ) from None
        return facts
    return [Meant(each.entity, each.attribute, each.label, each) for each in answers]


def _from_the_root(name: str, root: str, called: str) -> str:
    """A path as a key, the name of the outermost thing replaced by its path."""
    first, arrow, rest = name.partition(" > ")
    return key(f"{root} > {rest}") if arrow and key(first) == key(called) else key(name)


def _facts_named(answered: Answered, name: str) -> list[Meant]:
    """The given attributes of that path, or of which it is the end."""
    wanted, root = (
        _from_the_root(name, answered.case.root.path, answered.case.root.name),
        key(answered.case.root.path),
    )
    found = []
    for entity in answered.case.entities:
        for attribute in answered.program.vocabulary.entities[entity.type].attributes.values():
            path = key(f"{entity.path} > {attribute.name}")
            if attribute.given and (
                path == wanted or path.endswith(f" > {wanted}") or f"{root} > {path}" == wanted
            ):
                found.append(Meant(entity.path, attribute.name, attribute.label or attribute.name))
    exact = [
        each
        for each in found
        if key(f"{each.entity} > {each.attribute}") in (wanted, f"{root} > {wanted}")
    ]
    return exact or found


def answers_named(decision: Decision, name: str) -> list[Answer]:
    """The answers of an attribute's name or path, or of the end of a path. Raises `InputError`
    (RW601).

    A path may begin with the name of the outermost thing: `RA9 > overall rating` as well as `trust
    > overall rating`.
    """
    wanted, root = _from_the_root(name, decision.root, decision.entity), key(decision.root)
    found = []
    with_main = {each.entity for each in decision.answers if each.main}
    for answer in decision.answers:
        path, entity = key(f"{answer.entity} > {answer.attribute}"), key(answer.entity)
        names = {path, path.removeprefix(f"{root} > "), f"{root} > {path}"}
        if (
            answer.main or answer.entity not in with_main
        ):  # the name of a thing alone means its main result
            names |= {entity, entity.removeprefix(f"{root} > "), f"{root} > {entity}"}
        if wanted in names or (
            " > " not in name and wanted in (key(answer.attribute), key(answer.label))
        ):
            found.append(answer)
    if not found:  # the end of a path, such as `Maternity > safe` at every location that has one
        for answer in decision.answers:
            whole = key(f"{answer.entity} > {answer.attribute}")
            if whole.endswith(f" > {wanted}") or (
                answer.main and key(answer.entity).endswith(f" > {wanted}")
            ):
                found.append(answer)
    exact = [
        each
        for each in found
        if key(f"{each.entity} > {each.attribute}") in (wanted, f"{root} > {wanted}")
    ]
    if not found:
        raise InputError(
            Problem(
                Place(""),
                "RW601",
                f"`{name}` is not a derived attribute of this case",
                nearest(name, _ends(decision, name)),
            )
        )
    return exact or found


def _ends(decision: Decision, name: str) -> list[str]:
    """What may have been meant: paths that hold the steps of a name and others between, else ends
    of paths with as many steps.
    """
    steps = [key(step) for step in name.split(" > ")]
    whole = [f"{each.entity} > {each.attribute}" for each in decision.answers]
    if len(steps) == 1:
        return [each.attribute for each in decision.answers] + whole
    if longer := [path for path in whole if _in_turn(steps, path)]:
        return longer
    whole += [each.entity for each in decision.answers if each.main]
    return [" > ".join(path.split(" > ")[-len(steps) :]) for path in whole]


def _in_turn(steps: list[str], path: str) -> bool:
    """Whether a path has all the steps, in that order."""
    here = iter(key(step) for step in path.split(" > "))
    return all(step in here for step in steps)
