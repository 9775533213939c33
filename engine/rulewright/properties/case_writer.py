"""Cases that were found, as case files: what matters is stated, and what comes out is expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rulewright.editing.new_files import create_file, no_folder
from rulewright.facts.cases import Case, Entity
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.errors import NOWHERE, InputError
from rulewright.syntax.text import Text, key, slug, text_of
from rulewright.syntax.yaml_text import yaml_items

from .files import Declared, shown
from .reader import Posed
from .record import ValueGiven
from .spaces import At

LONGEST = 60  # of a file's name


@dataclass(frozen=True)
class FoundCase:
    """A case that was found: what it shows, the open facts that it may hang on, those that matter,
    and what it gives.
    """

    shows: str
    facts: dict[At, Value]
    matter: list[At]
    gives: list[ValueGiven]


def files_of(declared: Sequence[Declared], folder: Path) -> dict[int, Path]:
    """The file for what is found about each property, by its number.

    Raises `InputError` (RW438): no folder.
    """
    problem = no_folder(folder, shown(folder))
    if problem is not None:
        raise InputError(problem)
    found: dict[int, Path] = {}
    taken: set[Path] = set()
    for number, each in enumerate(declared):
        stem = f"{slug(each.policy)}-{slug(each.name)[:LONGEST].strip('-')}"
        names = (
            folder / f"{stem}{f'-{again}' if again else ''}.yaml" for again in range(len(declared))
        )
        found[number] = next(path for path in names if path not in taken)
        taken.add(found[number])
    return found


def write(posed: Posed, found: Iterable[FoundCase], path: Path) -> str:
    """Write cases to a new file; gives its name as it is shown.

    Raises `InputError` (RW430, RW438).
    """
    texts = [as_text(posed, each) for each in found]
    create_file(path, "".join(texts).encode("utf-8"), shown(path))
    return shown(path)


def as_text(posed: Posed, found: FoundCase) -> str:
    """A case as one entry of a case file."""
    return "".join(f"{line}\n" for line in yaml_items([_on_one_line(_tree(posed, found))]))


def _tree(posed: Posed, found: FoundCase) -> dict[str, Any]:
    case, vocabulary, written = (
        posed.space.stated(found.facts),
        posed.space.vocabulary,
        posed.answered.text.tree,
    )
    tree: dict[str, Any] = {
        "case": f"{posed.declared.name}: {found.shows}",
        "as at": str(written["as at"]),
    }
    tree["policy"] = str(posed.declared.policy)
    tree[vocabulary.root.name] = _entity(case, vocabulary, case.root) or {"name": case.root.name}
    for word in ("supplied", "judgements"):
        if word in written:
            tree[word] = written[word]
    expect: dict[str, Any] = {}
    for each in found.gives:
        expect[f"{each.entity} > {each.attribute}"] = (
            each.value if each.status == "determined" else each.status
        )
    if posed.declared.model.reading is not None:
        return (
            {**tree, "under reading": {str(posed.declared.model.reading): expect}}
            if expect
            else tree
        )
    return {**tree, "expect": expect} if expect else tree


def _entity(case: Case, vocabulary: Vocabulary, entity: Entity) -> dict[str, Any]:
    """The facts of an entity and of what lies below it."""
    declared = vocabulary.entities[entity.type]
    tree: dict[str, Any] = (
        {} if entity.member or entity.name == declared.name else {"name": entity.name}
    )
    for name, attribute in declared.attributes.items():
        fact = entity.facts.get(name)
        if fact is not None:
            tree[attribute.name] = Text.at(
                attribute.show(fact.value), NOWHERE, quoted=True
            )  # a text `unknown` is a fact
        elif name in entity.unknown:
            tree[attribute.name] = "unknown"
    for below, children in entity.children.items():
        kind = vocabulary.entities[below]
        if kind.members:
            members = {each.name: _entity(case, vocabulary, each) for each in children}
            written = {
                name: _short(content, kind.main_attribute)
                for name, content in members.items()
                if content
            }
            if written:
                tree[kind.plural] = written
        elif children:
            tree[kind.plural] = [_entity(case, vocabulary, each) for each in children]
    return tree


def _short(content: dict[str, Any], main: str) -> Any:
    """`safe: good` for the main attribute alone."""
    return (
        next(iter(content.values()))
        if main and [key(each) for each in content] == [key(main)]
        else content
    )


def _on_one_line(tree: Any) -> Any:
    """The tree with each text on one line."""
    if isinstance(tree, Mapping):
        return {_on_one_line(name): _on_one_line(content) for name, content in tree.items()}
    if isinstance(tree, list):
        return list(map(_on_one_line, tree))
    return Text.at(text_of(str(tree)), NOWHERE, quoted=isinstance(tree, Text) and tree.quoted)


__all__ = ["FoundCase", "as_text", "files_of", "write"]
