"""RW705: names that are declared and never used, in no policy of the rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rulewright.compiler.dependencies import reads
from rulewright.compiler.expressions import Reader
from rulewright.compiler.scope import Scope, kinds_of
from rulewright.ir.nodes import HERE, Collection, NodeKey
from rulewright.ir.traversal import Term, Terms, collections_in, map_reaches, parameters_in
from rulewright.ir.types import Scale
from rulewright.ir.vocabulary import Vocabulary
from rulewright.rulebook.rulebook import as_seq
from rulewright.syntax.errors import Place, Problem
from rulewright.syntax.parser import parse
from rulewright.syntax.text import Text, key, place_of

from .compiled import Compiled

CODE = "RW705"
Owned = tuple[str, str]  # an entity type and an attribute, by key


def names_never_used(policy: Compiled) -> Iterator[Problem]:
    """Attributes, parameters, scales, collections, principles, interpretations, documents and parts
    without use.

    A name is used if one policy uses it, so nothing is said while a policy of the rulebook does not
    compile.
    """
    if policy.is_first and policy.all_compile:
        for look in (
            _attributes,
            _parameters,
            _scales,
            _collections,
            _principles,
            _interpretations,
            _documents,
            _parts,
        ):
            yield from look(policy.policies)


def _unused(place: Place, message: str, help: str) -> Problem:
    return Problem(place, CODE, message, help, "warning")


# -- attributes


def _attributes(policies: list[Compiled]) -> Iterator[Problem]:
    read = {each for policy in policies for each in _read(policy)}
    given_by_rules = {
        (node.key.entity, node.key.attribute)
        for policy in policies
        for node in policy.program.nodes
        if node.rules or node.otherwise or node.attribute.may_be_judged
    }
    published = {
        (node.entity, node.attribute) for policy in policies for node in policy.program.published
    }
    seen: set[Owned] = set()
    for policy in policies:
        for owner, entity in policy.program.vocabulary.entities.items():
            for name, attribute in entity.attributes.items():
                if attribute.hidden or (owner, name) in seen:
                    continue
                seen.add((owner, name))
                words = f"`{attribute.name}` of `{entity.name}`"
                if attribute.given and (owner, name) not in read:
                    yield _unused(
                        attribute.place,
                        f"no rule reads {words}",
                        "write a rule that reads it, or take it out",
                    )
                elif not attribute.given and (owner, name) not in given_by_rules:
                    yield _unused(
                        attribute.place,
                        f"no rule gives {words}",
                        "write a rule that concludes it, or take it out",
                    )
                elif not attribute.given and (owner, name) not in read | published:
                    yield _unused(
                        attribute.place,
                        f"no rule reads {words}, and no policy publishes it",
                        "publish it, or take it and its rules out",
                    )


def _read(policy: Compiled) -> set[Owned]:
    program = policy.program
    root = policy.scope(kinds_of(program.vocabulary, key(program.vocabulary.root.name)))
    nodes: set[NodeKey] = set()
    for each in policy.written:
        nodes |= reads(each.rule, policy.scope(each.kinds))
    for condition in (
        *program.scope,
        *(each.once for each in program.withdrawals if each.once is not None),
    ):
        nodes |= reads(condition, root)
    shown = {
        (kind.entity, each.until_then)
        for each in program.withdrawals
        for kind in each.kinds
        if each.until_then
    }
    return shown | {(node.entity, node.attribute) for node in nodes}


# -- other words


def _said(policy: Compiled) -> tuple[Terms, ...]:
    """All that a policy says."""
    rules = (each.rule for each in policy.written)
    withdrawals = (each.once for each in policy.program.withdrawals)
    return (*rules, *policy.program.scope, *withdrawals)


def _parameters(policies: list[Compiled]) -> Iterator[Problem]:
    used = {name for policy in policies for name in parameters_in(*_said(policy))}
    for name, parameter in {
        k: v for policy in policies for k, v in policy.program.parameters.items()
    }.items():
        if name not in used:
            yield _unused(
                parameter.place,
                f"no rule reads the parameter `{parameter.name}`",
                "use it in a rule, or take it out",
            )


def _scales(policies: list[Compiled]) -> Iterator[Problem]:
    book = policies[0].book
    used = {
        attribute.type.name
        for policy in policies
        for entity in policy.program.vocabulary.entities.values()
        for attribute in entity.attributes.values()
        if isinstance(attribute.type, Scale)
    }
    for tree in book.vocabulary_trees:
        for name in tree.get("scales") or {}:
            if str(name) not in used:
                yield _unused(
                    place_of(name),
                    f"no attribute is of the scale `{name}`",
                    "declare one, or take it out",
                )


def _collections(policies: list[Compiled]) -> Iterator[Problem]:
    used: set[Any] = set()
    for policy in policies:
        used |= {_shape(each) for each in collections_in(*_said(policy))}
    for tree in policies[0].book.vocabulary_trees:
        for name in tree.get("collections") or {}:
            shape = _declared(policies[0], name)
            if shape is not None and shape not in used:
                yield _unused(
                    place_of(name),
                    f"no rule uses the collection `{name}`",
                    "use it in a rule, or take it out",
                )


def _declared(policy: Compiled, name: Text) -> Any:
    vocabulary: Vocabulary = policy.program.vocabulary
    plural, _, owner = name.partition(" of ")
    entity = vocabulary.entity(owner.removeprefix("the "))
    text = vocabulary.collections.get(name)
    if entity is None or text is None:
        return None
    scope = Scope(
        vocabulary,
        policy.unroller.lexicon,
        policy.unroller.parameters,
        kinds_of(vocabulary, key(entity.name)),
    )
    return _shape(
        Reader(scope, text, place_of(name)).declaration(
            parse(text, "declared", scope.lexicon), plural, HERE
        )
    )


def _shape(collection: Collection) -> Term:
    """A collection wherever it starts from."""
    return map_reaches(lambda _: HERE, collection)


# -- what stands in parts


def _principles(policies: list[Compiled]) -> Iterator[Problem]:
    items = [item for policy in policies for item in policy.assembly.items.values()]
    used = {item.id.partition("@")[0] for item in items if item.kind == "use"}
    for item in items:
        if item.kind == "principle" and item.id not in used:
            yield _unused(
                item.place,
                f"the principle `{item.id}` is never used",
                f"write `use: {item.id}@…`, or take it out",
            )


def _interpretations(policies: list[Compiled]) -> Iterator[Problem]:
    """Those that stand by themselves. One with other readings says by them what it bears on."""
    items = [item for policy in policies for item in policy.assembly.items.values()]
    trees: list[Any] = [item.tree for item in items if item.kind != "interpretation"]
    trees += [
        model.model_dump(exclude_none=True, by_alias=True, warnings=False)
        for model in policies[0].book.policies.values()
    ]
    rested_on = {
        str(each)
        for written in _under("interpretation", trees)
        for each in as_seq(written)
        if isinstance(each, str)
    }
    for item in items:
        if (
            item.kind == "interpretation"
            and str(item.id) not in rested_on
            and not _explains(item.tree)
        ):
            yield _unused(
                item.place,
                f"no rule rests on the interpretation `{item.id}`",
                f"write `interpretation: {item.id}` in one, or take it out",
            )


def _explains(tree: Any) -> bool:
    """Whether an interpretation needs no rule that rests on it: it has other readings, or says why
    there is none.
    """
    return bool(tree.get("other readings") or tree.get("no other reading because"))


def _documents(policies: list[Compiled]) -> Iterator[Problem]:
    """A document whose paragraphs are listed is kept for the list."""
    book = policies[0].book
    cited = set(_under("document", [item.tree for items in book.parts.values() for item in items]))
    for policy in book.policies.values():
        cited |= set(_under("document", policy.model_dump(exclude_none=True, warnings=False)))
    for name, document in book.documents.items():
        if name not in cited and not document.paragraphs:
            yield _unused(
                document.place_,
                f"no rule cites the document `{name}`",
                "cite it where it is the source, or take it out",
            )


def _parts(policies: list[Compiled]) -> Iterator[Problem]:
    book = policies[0].book
    trees = [item.tree for items in book.parts.values() for item in items]
    named = {
        str(each) for policy in book.policies.values() for each in (*policy.parts, *policy.adds)
    }
    named |= {
        str(each) for adds in _under("adds", trees) if isinstance(adds, list) for each in adds
    }
    for part, items in book.parts.items():
        if part not in named:
            place = items[0].place if items else book.place(part)
            yield _unused(
                Place(place.file),
                f"no policy has the part `{part}`",
                "name it under `parts` of a policy, or take it out",
            )


def _under(name: str, value: Any) -> Iterator[Any]:
    """What stands under a name, at any depth."""
    if isinstance(value, dict):
        for each, inner in value.items():
            if each == name:
                yield inner if not isinstance(inner, Text) else str(inner)
            yield from _under(name, inner)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inner in value:
            yield from _under(name, inner)
