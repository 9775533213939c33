"""`new rule`: a rule that compiles and changes nothing yet, at the end of a part or in a new
one.
"""

from __future__ import annotations

from rulewright.compiler.conclusions import read_header
from rulewright.ir.program import Program
from rulewright.ir.types import FINITE, Choice, Scale, YesNo
from rulewright.ir.vocabulary import Attribute, EntityType
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem
from rulewright.syntax.file_writer import place_to_write, read_again
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.text import slug
from rulewright.syntax.visible import visible
from rulewright.syntax.yaml_text import spelled

from .new_file import New, checked_name, new_place, safe_name
from .verification import verify
from .yaml_editor import Splice

_MOST_NAMED = 3


def new_rule(
    book: Rulebook, program: Program, name: str, of: str, part: str = "", where: str = ""
) -> New:
    """A rule at the end of a part, or in a new one. `program`: a policy whose words it may use.
    `where`: as for `new_policy`.

    Raises `InputError`: RW30x about `of`, RW430, RW431 and RW438 about names, RW434 when a sealed
    policy has the part.
    """
    checked_name(name, "rule")
    for items in book.parts.values():
        for item in items:
            inner = (
                [f"{item.id}.{each['rule']}" for each in item.tree.get("rules", [])]
                if item.kind == "principle"
                else []
            )
            if name.lower() in (each.lower() for each in (str(item.id), *inner)):
                raise InputError(
                    Problem(
                        item.place, "RW431", f"the id `{name}` is used already", "choose another"
                    )
                )
    vocabulary = program.vocabulary
    kinds = read_header(of, vocabulary, Lexicon(vocabulary.names()))
    file = _part_file(book, name, part)
    shown = f"{book.shown}/{file}"
    there = book.texts.get(file)
    if there is not None and file not in book.parts:
        raise InputError(
            Problem(
                Place(shown),
                "RW430",
                f"`{shown}` is there and is no part",
                "name a part, or a file that is not there",
            )
        )
    path = new_place(book, file) if there is None else place_to_write(book.root, file, shown)
    rule = _rule(name, " ".join(of.split()), vocabulary.entities[kinds[0].entity], program, book)
    before = read_again(path, there, shown) if there is not None else None
    text = rule if there is None else _appended(there, rule, shown)
    used_by = [
        each
        for each, model in sorted(book.policies.items())
        if file in model.parts or file in model.adds
    ]
    left = verify(
        book, {**book.texts, **({} if used_by else _trial(program.policy, file)), file: text}, shown
    )
    return New(
        path, shown, before, text, _next_of_rule(book, program.policy, file, used_by, where), left
    )


def _trial(amends: str, part: str) -> dict[str, str]:
    """A policy that has the part, so that its rules are compiled although no policy names it
    yet.
    """
    name = "policy-of-a-trial"
    return {
        f"{name}.yaml": f"policy: {name}\nstatus: proposed\namends: {spelled(amends)}\nadds: [{spelled(part, in_flow=True)}]\n"
    }


def _appended(part: str, rule: str, shown: str) -> str:
    """A part with one more rule at its end, indented as its others are."""
    splice = Splice(part)
    if splice.root.flow:
        raise InputError(
            Problem(
                Place(shown),
                "RW436",
                "the part stands in brackets, so nothing can be put behind it",
                "write its rules one below the other, each after a dash",
            )
        )
    splice.append_item(rule)
    return splice.done(shown)


def _part_file(book: Rulebook, name: str, part: str) -> str:
    """The file of a rule in the rulebook: the one asked for, else one named for the first word of
    its id.
    """
    folder = "parts/" if any(each.startswith("parts/") for each in book.parts) else ""
    file = part or f"{folder}{slug(name.partition('.')[0])}.yaml"
    for start in (f"{book.shown}/", f"{book.root.as_posix()}/"):
        file = file.removeprefix(start)
    steps = file.removesuffix(".yaml").removesuffix(".yml").split("/")
    if (
        file == "".join(steps)
        or not file.endswith((".yaml", ".yml"))
        or not all(map(safe_name, steps))
    ):
        raise InputError(
            Problem(
                NOWHERE,
                "RW431",
                f"`{part}` cannot be the name of a part",
                "name a file in the rulebook that ends in `.yaml`, such as `parts/staffing.yaml`",
            )
        )
    return file


def _next_of_rule(book: Rulebook, amended: str, file: str, used_by: list[str], where: str) -> str:
    if used_by:
        return f"fill it in; it belongs to {', '.join(f'`{each}`' for each in used_by)}"
    proposed = [
        name
        for name, model in sorted(book.policies.items())
        if model.status == "proposed" and model.amends
    ]
    if proposed:
        named = (
            ", ".join(f"`{each}`" for each in proposed)
            if len(proposed) <= _MOST_NAMED
            else "an amendment"
        )
        return f"fill it in; no policy has this part yet: name it under `adds:` of {named}, as `adds: [{file}]`"
    return (
        f"fill it in; no policy has this part yet: begin one with `rulewright new policy NAME --amends {amended}{where}`, "
        f"and name it there as `adds: [{file}]`"
    )


def _rule(name: str, of: str, entity: EntityType, program: Program, book: Rulebook) -> str:
    condition, conclusion, others = _placeholders(entity)
    documents = list(map(visible, book.documents))
    known = (
        f"  # of {', '.join(documents[:3])}{' …' if len(documents) > 3 else ''}"
        if documents
        else "  # listed under `documents:`"
    )
    lines = [
        f"- rule: {spelled(name)}  # its id: trails and amendments name it, so it never changes",
        "  about: what the rule says, in one line  # for readers",
        f"  of: {spelled(of)}  # of what the rule speaks",
        *(
            [
                "  when:  # conditions that must all hold, one a line; without any the rule always holds",
                f"    - {condition}",
            ]
            if condition
            else []
        ),
        "  # unless:  # conditions of which none may hold",
        "  #   - …",
        *(f"  # {visible(each)}" for each in others),
        f"  {conclusion}",
        "  # overrides: [a-rule]  # rules about the same attribute that give way when this one holds",
        f"  # source: {{document: {documents[0] if documents else 'DOCUMENT'}, section: …, mark: published}}{known}",
    ]
    return "\n".join(lines) + "\n"


def _placeholders(entity: EntityType) -> tuple[str, str, list[str]]:
    """A condition, a conclusion that changes nothing yet, and the other forms of conclusions, in
    words of the entity.
    """
    attributes = [each for each in entity.attributes.values() if not each.hidden]
    given = sorted((each for each in attributes if each.given), key=lambda each: each.has_default)
    derived = sorted(
        (each for each in attributes if not each.given),
        key=lambda each: not isinstance(each.type, Scale),
    )
    condition = f"the {given[0].name} is {_example(given[0])}" if given else ""
    note = f"note: the {entity.name} is looked at by a rule that is still to be written  # a sentence in the outcome, without effect"
    if not derived:
        return condition, note, []
    target = derived[0]
    others = [f"then: the {target.name} is {_example(target)}  # gives a value"]
    if isinstance(target.type, Scale):
        best = target.type.order[-1]
        return (
            condition,
            f"limit: the {target.name} is at most {best}  # caps a value; at `{best}` it changes nothing yet",
            others,
        )
    return condition, note, others


def _example(attribute: Attribute) -> str:
    """A value that an attribute may have, as a rule writes it."""
    kind = attribute.type
    return kind.show(typical(kind)) if isinstance(kind, FINITE) else "known"


def typical(kind: Scale | Choice | YesNo) -> str | bool:
    """A value to show how one is written: of a scale the last but one, so that nobody takes it for
    the best.
    """
    return kind.order[-2] if isinstance(kind, Scale) and len(kind.order) > 1 else kind.values[-1]
