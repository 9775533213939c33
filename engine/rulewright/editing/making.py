"""`new`: policies and rules with the right skeleton, and comments that say in plain words what each field is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rulewright.language.errors import NOWHERE, InputError, Place, Problem, nearest
from rulewright.language.lexer import Lexicon
from rulewright.language.rulebook import Rulebook
from rulewright.language.text import Text, place_of, slug
from rulewright.language.types import FINITE, Choice, Scale, YesNo
from rulewright.language.vocabulary import Attribute, EntityType, Vocabulary
from rulewright.program.conclusions import read_header
from rulewright.program.model import Program
from rulewright.program.policies import assemble

from .nodes import compose
from .spelling import spelled
from .verifying import verify
from .writing import already_there, create_file, read_again, replace_file

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_LONGEST = 80
_OF_THE_SYSTEM = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)")  # no file names on some systems


@dataclass(frozen=True)
class New:
    """A file to be written: its place, what it holds now (`None`: it is not there), what it will, and what to do next."""

    path: Path
    shown: str
    before: bytes | None
    after: str
    next: str

    def write(self) -> None:
        """Write it. Raises `InputError` (RW430, RW435, RW438)."""
        if self.before is None:
            create_file(self.path, self.after.encode("utf-8"), self.shown)
        else:
            mark = b"\xef\xbb\xbf" if self.before.startswith(b"\xef\xbb\xbf") else b""
            replace_file(self.path, self.before, mark + self.after.encode("utf-8"), self.shown)


def checked_name(name: str, what: str) -> str:
    """A name that can be an id and a file's name. Raises `InputError` (RW431)."""
    if len(name) > _LONGEST or not _NAME.match(name) or ".." in name or _OF_THE_SYSTEM.match(name):
        raise InputError(Problem(NOWHERE, "RW431", f"`{name}` cannot be the name of a {what}",
                                 f"use letters, digits, hyphens and dots, at most {_LONGEST}"))  # fmt: skip
    return name


def new_policy(book: Rulebook, name: str, amends: str, title: str = "") -> New:
    """An amendment of the policy `amends`. Raises `InputError`: RW402, RW430, RW431."""
    checked_name(name, "policy")
    other = next((each for each in book.policies if each.lower() == name.lower()), None)
    if other is not None:
        raise InputError(Problem(place_of(book.policies[other].policy), "RW431", f"there is already a policy `{other}`",
                                 "choose another name"))  # fmt: skip
    if amends not in book.policies:
        raise InputError(Problem(NOWHERE, "RW402", f"`{amends}` is not a policy of this rulebook", nearest(amends, book.policies)))
    beside = Path(place_of(book.policies[amends].policy).file.removeprefix(f"{book.shown}/")).parent
    file = (beside / f"{name}.yaml").as_posix()
    shown = f"{book.shown}/{file}"
    if (book.root / file).exists():
        raise InputError(already_there(shown))
    text = _amendment(name, " ".join(title.split()) or f"An amendment of {amends}", amends, _examples(book, amends))
    verify(book, {**book.texts, file: text}, shown)
    return New(book.root / file, shown, None, text,
               f"say what changes: `rulewright set 'TARGET=VALUE' --policy {name}`, or write it into the file")  # fmt: skip


def _amendment(name: str, title: str, amends: str, examples: list[str]) -> str:
    return "\n".join([
        f"# An amendment of `{amends}`: it holds only what differs. All else stays as it is there.",
        "",
        f"policy: {spelled(name)}  # its name: cases, commands and other policies use it",
        f"title: {spelled(title)}  # for readers",
        "status: proposed  # once adopted `in force`, with dates: `in force: {from: 2030-04-01}`",
        f"amends: {spelled(amends)}  # the policy that this one changes",
        "",
        "# What changes. Take the `# ` away from the lines that you need, and put your own names and values there.",
        "#",
        "# replaces:  # what stands there from now on; a rule: the fields that change, the others stay",
        *(f"#   {each}" for each in examples),
        "# repeals:  # what goes",
        "#   - NAME",
        "# adds:  # what comes: the name of a part, or a rule written out",
        f"#   - rule: {name}.note",
        "#     of: …",
        "#     note: …",
    ]) + "\n"  # fmt: skip


def _examples(book: Rulebook, amends: str) -> list[str]:
    """What could be replaced: the first row, parameter and rule of the amended policy, as they are now."""
    items = list(assemble(book, amends).items.values())
    found = []
    for item in items:
        rows = item.tree.get("rows")
        if item.kind == "table" and isinstance(rows, dict):
            found.append(f"{spelled(f'{item.id}[{next(iter(rows))}]')}: {spelled(str(next(iter(rows.values()))))}  # a row of a table")
            break
    for item in items:
        if item.kind == "parameter" and isinstance(item.tree.get("value"), Text):
            found.append(f"{spelled(str(item.id))}: {spelled(str(item.tree['value']))}  # a parameter")
            break
    for item in items:
        if item.kind == "rule" and isinstance(item.tree.get("then"), Text):
            found += [f"{spelled(str(item.id))}:  # a rule", f"  then: {spelled(' '.join(item.tree['then'].split()))}"]
            break
    return found or ["NAME: VALUE"]


# -- rules ------------------------------------------------------------------------------------------------------------


def new_rule(book: Rulebook, program: Program, name: str, of: str, part: str = "") -> New:
    """A rule at the end of a part, or in a new one. `program`: a policy whose words it may use.

    Raises `InputError`: RW30x about `of`, RW430 and RW431 about names, RW434 when a sealed policy has the part.
    """
    checked_name(name, "rule")
    for items in book.parts.values():
        for item in items:
            inner = [f"{item.id}.{each['rule']}" for each in item.tree.get("rules", [])] if item.kind == "principle" else []
            if name.lower() in (each.lower() for each in (str(item.id), *inner)):
                raise InputError(Problem(item.place, "RW431", f"the id `{name}` is used already", "choose another"))
    vocabulary = program.vocabulary
    kinds = read_header(of, vocabulary, Lexicon(vocabulary.names()))
    file = _part_file(book, name, part)
    shown = f"{book.shown}/{file}"
    path = book.root / file
    there = book.texts.get(file)
    if there is not None and file not in book.parts:
        raise InputError(Problem(Place(shown), "RW430", f"`{shown}` is there and is no part", "name a part, or a file that is not there"))
    if there is None and path.exists():
        raise InputError(already_there(shown))
    rule = _rule(name, " ".join(of.split()), vocabulary.entities[kinds[0].entity], program, book)
    before = read_again(path, there, shown) if there is not None else None
    text = rule if there is None else _appended(there, rule, shown)
    used_by = [each for each, model in sorted(book.policies.items()) if file in model.parts or file in model.adds]
    trial = {} if used_by else {"new-rule.yaml": f"policy: new-rule\nstatus: proposed\namends: {spelled(program.policy)}\nadds: [{spelled(file, True)}]\n"}
    verify(book, {**book.texts, **trial, file: text}, shown)
    return New(path, shown, before, text, _next_of_rule(book, program.policy, file, used_by))


def _appended(part: str, rule: str, shown: str) -> str:
    """A part with one more rule at its end, indented as its others are."""
    listed = compose(part)
    if listed.flow:
        raise InputError(Problem(Place(shown), "RW436", "the part stands in brackets, so nothing can be put behind it",
                                 "write its rules one below the other, each after a dash"))  # fmt: skip
    margin = " " * (listed.start - (part.rfind("\n", 0, listed.start) + 1))
    newline = "\r\n" if "\r\n" in part else "\n"
    lines = "".join(f"{margin}{each}{newline}" for each in rule.splitlines())
    return f"{part.rstrip()}{newline}{newline}{lines}"


def _part_file(book: Rulebook, name: str, part: str) -> str:
    """The file of a rule in the rulebook: the one asked for, else one named for the first word of its id."""
    folder = "parts/" if any(each.startswith("parts/") for each in book.parts) else ""
    file = part or f"{folder}{slug(name.partition('.')[0])}.yaml"
    for start in (f"{book.shown}/", f"{book.root.as_posix()}/"):
        file = file.removeprefix(start)
    steps = file.removesuffix(".yaml").removesuffix(".yml").split("/")
    if file == "".join(steps) or not file.endswith((".yaml", ".yml")) or any(not _NAME.match(each) for each in steps):
        raise InputError(Problem(NOWHERE, "RW431", f"`{part}` cannot be the name of a part",
                                 "name a file in the rulebook that ends in `.yaml`, such as `parts/staffing.yaml`"))  # fmt: skip
    return file


def _next_of_rule(book: Rulebook, amended: str, file: str, used_by: list[str]) -> str:
    if used_by:
        return f"fill it in; it belongs to {', '.join(f'`{each}`' for each in used_by)}"
    proposed = [name for name, model in sorted(book.policies.items()) if model.status == "proposed" and model.amends]
    if proposed:
        named = ", ".join(f"`{each}`" for each in proposed)
        return f"fill it in; no policy has this part yet: name it under `adds:` of {named}, as `adds: [{file}]`"
    return (f"fill it in; no policy has this part yet: begin one with `rulewright new policy NAME --amends {amended}`, "
            f"and name it there as `adds: [{file}]`")  # fmt: skip


def _rule(name: str, of: str, entity: EntityType, program: Program, book: Rulebook) -> str:
    condition, conclusion, others = _placeholders(entity)
    documents = ", ".join(list(book.documents)[:4]) or "DOCUMENT"
    lines = [
        f"- rule: {spelled(name)}  # its id: trails and amendments name it, so it never changes",
        "  about: what the rule says, in one line  # for readers",
        f"  of: {spelled(of)}  # of what the rule speaks",
        *(["  when:  # conditions that must all hold, one a line; without any the rule always holds", f"    - {condition}"]
          if condition else []),
        "  # unless:  # conditions of which none may hold",
        "  #   - …",
        *(f"  # {each}" for each in others),
        f"  {conclusion}",
        "  # overrides: [a-rule]  # rules about the same attribute that give way when this one holds",
        "  # source: {document: " + (list(book.documents) or ["DOCUMENT"])[0] + ", section: …, mark: published}  # one of "
        + documents + ("; …" if len(book.documents) > 4 else ""),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _placeholders(entity: EntityType) -> tuple[str, str, list[str]]:
    """A condition, a conclusion that changes nothing yet, and the other forms of conclusions, in words of the entity."""
    attributes = [each for each in entity.attributes.values() if not each.hidden]
    given = sorted((each for each in attributes if each.given), key=lambda each: each.has_default)
    derived = sorted((each for each in attributes if not each.given), key=lambda each: not isinstance(each.type, Scale))
    condition = f"the {given[0].name} is {_example(given[0])}" if given else ""
    note = f"note: the {entity.name} is looked at by a rule that is still to be written  # a sentence in the outcome, without effect"
    if not derived:
        return condition, note, []
    target = derived[0]
    others = [f"then: the {target.name} is {_example(target)}  # gives a value"]
    if isinstance(target.type, Scale):
        best = target.type.order[-1]
        return condition, f"limit: the {target.name} is at most {best}  # caps a value; at `{best}` it changes nothing yet", others
    return condition, note, others


def _example(attribute: Attribute) -> str:
    """A value that an attribute may have, as a rule writes it."""
    kind = attribute.type
    return kind.show(_typical(kind)) if isinstance(kind, FINITE) else "known"


def _typical(kind: Scale | Choice | YesNo) -> str | bool:
    """A value to show how one is written: of a scale the last but one, so that nobody takes it for the best."""
    return kind.order[-2] if isinstance(kind, Scale) and len(kind.order) > 1 else kind.values[-1]


# -- cases and scenarios ----------------------------------------------------------------------------------------------


def new_case(vocabulary: Vocabulary, name: str, policy: str, day: str, expects: bool) -> str:
    """A case under a policy on a day: what it may state stands in comments, with types and defaults."""
    root = vocabulary.root
    what = "scenario: a case with the outcome that must hold" if expects else "case"
    lines = [
        f"# A {what}.",
        "# Take the `# ` away from the lines that you know, and put your own values there; leave out what nobody saw.",
        "# A fact without `unless stated` is missing as long as it is not written.",
        "",
        f"case: {spelled(name)}  # its name",
        f"as at: {day}  # the date of the decision; it chooses the policy in force",
        *([f"policy: {spelled(policy)}  # instead of the one in force"] if policy else []),
        f"{spelled(root.name)}:",
        f"  name: {spelled(f'Example {root.name}')}",
        *(f"  # {each}" for each in _facts(vocabulary, root, frozenset())),
    ]
    if expects:
        lines += [
            "expect:  # what must come out; `rulewright test` tells what differs",
            "  and not: []  # rules that must not have fired: their ids",
            *(f"  # {each}" for each in _expectations(root)),
        ]
    return "\n".join(lines) + "\n"


def _facts(vocabulary: Vocabulary, entity: EntityType, above: frozenset[str]) -> Iterator[str]:
    """Every line that a case may hold about an entity."""
    for attribute in entity.attributes.values():
        if attribute.given and not attribute.hidden:
            yield f"{spelled(attribute.name)}: {_fact(attribute)}  # {_described(attribute)}"
    for child in entity.fixed_below:
        yield from _members(vocabulary, vocabulary.entities[child])
    for child in entity.listed_below:
        below = vocabulary.entities[child]
        meaning = f"; {below.meaning}" if below.meaning else ""
        if child in above:
            yield f"{spelled(below.plural)}: []  # a list, as shown for `{below.plural}` above{meaning}"
            continue
        yield f"{spelled(below.plural)}:  # each after a dash, all there are{meaning}"
        yield f"  - name: {spelled(f'Example {below.name}')}  # any name, once"
        for line in _facts(vocabulary, below, above | {child}):
            yield f"    {line}"
        above |= {child, *below.listed_below}


def _members(vocabulary: Vocabulary, entity: EntityType) -> Iterator[str]:
    yield f"{spelled(entity.plural)}:  # of each of them what is known: {', '.join(entity.members)}"
    first, *_ = entity.members
    main = entity.attributes.get(entity.main_attribute)
    if main is not None:
        yield f"  {spelled(first)}: {_fact(main)}  # short for `{main.name}`: {_described(main)}"
    others = [each for each in entity.attributes.values() if each.given and not each.hidden and each is not main]
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
        return spelled(kind.show(_typical(kind)))
    return {"date": "2024-03-01", "text": "some words"}.get(kind.name, "1")


def _described(attribute: Attribute) -> str:
    kind = attribute.type
    type_ = ", ".join(map(str, kind.values)) if isinstance(kind, FINITE) and not isinstance(kind.values[0], bool) else kind.name
    words = [f"one of {type_}" if "," in type_ else type_]
    if attribute.has_default:
        default = "none" if attribute.default is None else kind.show(attribute.default)
        words.append(f"`{default}` unless stated")
    return "; ".join([*words, *([attribute.meaning] if attribute.meaning else [])])


def _expectations(root: EntityType) -> Iterator[str]:
    result = root.attributes.get(root.main_result) or next((each for each in root.attributes.values() if not each.given), None)
    if result is None or result.hidden:
        return
    yield f"{result.name}: {_fact(result)}  # a value; things below: `North Hospital > Maternity > {result.name}`"
    yield f"{result.name}: undetermined  # facts are missing, and more than one value is possible"
    if isinstance(result.type, FINITE) and len(result.type.values) > 1:
        two = ", ".join(spelled(result.type.show(each), True) for each in result.type.values[-2:])
        yield f"{result.name}: {{one of: [{two}], undetermined: yes}}  # these are the possible values"
    yield "because: [a-rule]  # rules that must have fired"
