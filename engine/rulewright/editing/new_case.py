"""`new case`, `new scenario`: what a case may state stands in comments, with types and defaults."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from rulewright.amendments.policy_selection import PolicyDates
from rulewright.ir.program import Program
from rulewright.ir.types import (
    FINITE,
    Choice,
    Date,
    Number,
    Scale,
    parse_date,
    show_date,
    show_number,
)
from rulewright.ir.vocabulary import Attribute, EntityType, Vocabulary
from rulewright.syntax.errors import NOWHERE, InputError, Problem
from rulewright.syntax.text import slug, text_of
from rulewright.syntax.visible import visible
from rulewright.syntax.yaml_text import spelled

from .new_file import New
from .new_rule import typical

_ANY_DAY = "2024-03-01"


def new_case(
    program: Program,
    policies: Sequence[PolicyDates],
    name: str,
    by_name: bool,
    output: Path | None = None,
    expects: bool = False,
    where: str = "",
) -> New:
    """A case under the policy of `program`, on its first day or else its last; with `expects` a
    scenario.

    A name that is a file's, such as `cases/small-trust.yaml`, is where it is written, and the case
    is called `small trust`. `by_name`: the policy was asked for by name. `where`: options that the
    next command needs. Raises `InputError` (RW431).
    """
    name = " ".join(name.split())
    if output is None and Path(name).suffix in (".yaml", ".yml"):
        output, name = (
            Path(name),
            " ".join(Path(name).stem.replace("-", " ").replace("_", " ").split()),
        )
    file = output or Path(f"{slug(name)}.yaml")
    if not slug(name) or not name.isprintable() or file.suffix not in (".yaml", ".yml"):
        raise InputError(
            Problem(
                NOWHERE,
                "RW431",
                f"`{output if slug(name) else name}` cannot be the name of a case's file",
                "name it with letters and digits, and let the file end in `.yaml`",
            )
        )
    own = next(each for each in policies if each.id == program.policy)
    chain = [
        each for policy in program.chain for each in policies if each.id == policy and each.dated
    ]
    dated = chain[0] if chain else own
    day = dated.since or (dated.until - 1 if dated.until else parse_date(_ANY_DAY))
    chosen_by_date = not by_name and own.dated and own.status != "proposed"
    text = _skeleton(
        program.vocabulary, name, "" if chosen_by_date else program.policy, show_date(day), expects
    )
    trial = f"rulewright {'test' if expects else 'run'} {shlex.quote(file.as_posix())}{where}"
    return New(file, file.as_posix(), None, text, f"fill it in, and try it: `{trial}`")


def _skeleton(vocabulary: Vocabulary, name: str, policy: str, day: str, expects: bool) -> str:
    root = vocabulary.root
    what = "scenario: a case with the outcome that must hold" if expects else "case"
    lines = [
        f"# A {what}.",
        "# Take the `# ` away from the lines that you know, and put your own values there; leave out what nobody saw.",
        "# A fact without `unless stated` is missing as long as it is not written.",
        *(
            visible(f"# A {scale.name} is one of {', '.join(scale.values)}.")
            for scale in vocabulary.scales.values()
        ),
        "",
        f"case: {spelled(name)}  # its name",
        f"as at: {day}  # the date of the decision; it chooses the policy in force",
        *([f"policy: {spelled(policy)}  # instead of the one in force"] if policy else []),
        f"{spelled(root.name)}:",
        f"  name: {spelled(f'Example {root.name}')}",
        *(f"  # {visible(each)}" for each in _facts(vocabulary, root, set())),
    ]
    if expects:
        lines += [
            "expect:  # what must come out; `rulewright test` tells what differs",
            "  # and not: [RULE]  (rules that must not have fired: their ids)",
            *(f"  # {visible(each)}" for each in _expectations(vocabulary)),
        ]
    return "\n".join(lines) + "\n"


def _facts(vocabulary: Vocabulary, entity: EntityType, shown: set[str]) -> Iterator[str]:
    """Every line that a case may hold about an entity; what lies below it is shown once.

    `shown` remembers that.
    """
    for attribute in entity.attributes.values():
        if attribute.given and not attribute.hidden:
            yield f"{spelled(attribute.name)}: {_fact(attribute)}  # {_described(attribute)}"
    for child in entity.fixed_below:
        yield from _members(vocabulary.entities[child], again=child in shown)
        shown.add(child)
    for child in entity.listed_below:
        below = vocabulary.entities[child]
        meaning = f"; {text_of(below.meaning)}" if below.meaning else ""
        if child in shown:
            yield f"{spelled(below.plural)}: []  # a list, as shown for `{below.plural}` above{meaning}"
            continue
        yield f"{spelled(below.plural)}:  # each after a dash, all there are{meaning}"
        yield f"  - name: {spelled(f'Example {below.name}')}  # any name, once"
        shown.add(child)
        for line in _facts(vocabulary, below, shown):
            yield f"    {line}"


def _members(entity: EntityType, again: bool) -> Iterator[str]:
    yield f"{spelled(entity.plural)}:  # of each of them what is known: {', '.join(entity.members)}"
    first, *_ = entity.members
    main = entity.attributes.get(entity.main_attribute)
    if again and main is not None:
        yield f"  {spelled(first)}: {_fact(main)}  # or more, as shown above"
        return
    if main is not None:
        yield f"  {spelled(first)}: {_fact(main)}  # short for `{main.name}`: {_described(main)}"
    others = [
        each
        for each in entity.attributes.values()
        if each.given and not each.hidden and each is not main
    ]
    if others or main is None:
        second = entity.members[1] if main is not None and len(entity.members) > 1 else first
        if main is not None and second is first:
            return
        yield f"  {spelled(second)}:  # or all of it"
        for each in ([main] if main is not None else []) + others:
            yield f"    {spelled(each.name)}: {_fact(each)}  # {_described(each)}"


def _fact(attribute: Attribute) -> str:
    kind = attribute.type
    if isinstance(kind, FINITE):
        return spelled(kind.show(typical(kind)))
    if isinstance(kind, Number):
        return show_number(
            kind.low if kind.low is not None else kind.high if kind.high is not None else 1
        )
    return _ANY_DAY if isinstance(kind, Date) else "some words"


def _described(attribute: Attribute) -> str:
    kind = attribute.type
    words = [
        kind.name + (f", or `{attribute.none_is}`" if attribute.none_is else "")
    ]  # the values of a scale stand at the top
    if attribute.has_default:
        words.append(f"`{attribute.show(attribute.default)}` unless stated")
    return "; ".join([*words, *([text_of(attribute.meaning)] if attribute.meaning else [])])


def _result(entity: EntityType) -> Attribute | None:
    found = entity.attributes.get(entity.main_result) or next(
        (each for each in entity.attributes.values() if not each.given), None
    )
    return None if found is None or found.given or found.hidden else found


def _path_below(vocabulary: Vocabulary) -> str:
    """A path to a result of something that lies below the root, as deep as things are listed; empty
    when there is none.
    """
    here, steps, path = vocabulary.root, list[str](), ""
    while here.listed_below:
        here = vocabulary.entities[here.listed_below[0]]
        steps.append(f"Example {here.name}")
        result = _result(here)
        path = " > ".join([*steps, result.name]) if result is not None else path
        if len(steps) > len(vocabulary.entities):
            break
    return path


def _expectations(vocabulary: Vocabulary) -> Iterator[str]:
    root, path = vocabulary.root, _path_below(vocabulary)
    below = f"; of things below: `{path}`" if path else ""
    result = _result(root)
    if result is None:
        return
    yield f"{result.name}: {_fact(result)}  # a value{below}"
    yield f"{result.name}: undetermined  # facts are missing, and more than one value is possible"
    if isinstance(result.type, Scale | Choice) and len(result.type.values) > 1:
        values = result.type.order if isinstance(result.type, Scale) else result.type.values
        two = ", ".join(spelled(each, in_flow=True) for each in values[-2:])
        yield f"{result.name}: {{one of: [{two}], undetermined: yes}}  # these are the possible values"
    yield "because: [a-rule]  # rules that must have fired"
