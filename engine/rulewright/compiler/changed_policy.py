"""What an amendment changes among the entries of a compiled policy, and whether that can be read
without the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rulewright.amendments.chain import Assembly, vocabulary_model
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.interning import interned
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Node, Program
from rulewright.ir.vocabulary import EntityType, Vocabulary
from rulewright.rulebook.rulebook import Rulebook, as_seq
from rulewright.rulebook.vocabulary import build_vocabulary
from rulewright.syntax.errors import Problems
from rulewright.syntax.text import Text, key

from .dependencies import reads
from .expander import DraftRule, Unroller


class OnlyTheWholeTells(Exception):
    """What an amendment changes cannot be read alone: the whole policy has to be compiled with
    it.
    """


@dataclass(frozen=True, eq=False)
class Base:
    """A compiled policy that amendments go on top of.

    chain: its entries before what goes on for a while gets its conditions. assembly: its entries as
    they were compiled.
    """

    book: Rulebook
    chain: Assembly
    assembly: Assembly
    program: Program
    unroller: Unroller

    @cached_property
    def drafts(self) -> dict[NodeKey, list[DraftRule]]:
        """What was unrolled, by attribute."""
        found: dict[NodeKey, list[DraftRule]] = {}
        for draft in self.unroller.drafts:
            found.setdefault(draft.node, []).append(draft)
        return found

    @cached_property
    def digest(self) -> str:
        """The digest of the policy's meaning."""
        return self.program.digest or digest_of_meaning(self.program, self.unroller.known.digests)

    @cached_property
    def compiled(self) -> Program:
        """The program ready for the engines."""
        return (
            self.program
            if self.program.digest
            else interned(replace(self.program, digest=self.digest), self.unroller.known.parts)
        )

    @cached_property
    def nodes(self) -> dict[NodeKey, Node]:
        return {node.key: node for node in self.program.nodes}

    @cached_property
    def needs(self) -> dict[NodeKey, set[NodeKey]]:
        """What each derived attribute reads."""
        return needs_of(self.program.nodes, self.unroller)


def needs_of(nodes: Iterable[Node], unroller: Unroller) -> dict[NodeKey, set[NodeKey]]:
    """What each of these derived attributes reads."""
    found: dict[NodeKey, set[NodeKey]] = {}
    for node in nodes:
        scope = unroller.scope((node.key.kind,))
        rules = node.every_rule
        found[node.key] = {each for rule in rules for each in reads(rule, scope)}
    return found


@dataclass(frozen=True)
class ChangedEntries:
    """What the entries of a policy under an amendment have other than without it.

    entries: the ids of those that are changed, new or gone, uses of changed principles among them.
    same_rules: the rules of changed principles that stay as they were in a use, as (use, rule).
    vocabulary: the words, where only defaults, labels, meanings and who changes them may be others,
    of given attributes.
    """

    entries: frozenset[str]
    same_rules: frozenset[tuple[str, str]]
    vocabulary: Vocabulary


def what_changed(base: Base, assembly: Assembly) -> ChangedEntries:
    """Raises `OnlyTheWholeTells` where the change may have an effect on the reading of other
    entries.
    """
    entries = changed_entries(base.assembly, assembly)
    for name, item in assembly.items.items():
        if item.kind == "use" and item.id.partition("@")[0] in entries:
            entries.add(name)
    for name in entries:
        if is_parameter(name, base.assembly, assembly) and not _same_kind_of_value(
            base, assembly, name
        ):
            raise OnlyTheWholeTells
    return ChangedEntries(
        frozenset(entries),
        frozenset(_same_rules(base.assembly, assembly, entries)),
        _words(base, assembly),
    )


def changed_entries(before: Assembly, after: Assembly) -> set[str]:
    """The ids of the entries that are changed, new or gone."""
    old, new = before.items, after.items
    found = {
        name
        for name in old.keys() | new.keys()
        if old.get(name) is not new.get(name)
        and (name not in old or name not in new or old[name].tree != new[name].tree)
    }
    return found | {
        use
        for use, rule in before.local.keys() | after.local.keys()
        if before.local.get((use, rule), "as written") != after.local.get((use, rule), "as written")
    }


def trees_of(assembly: Assembly, names: frozenset[str]) -> list[Any]:
    """What is written of these entries, the own versions that uses have of their principles' rules
    among it.
    """
    trees = [assembly.items[name].tree for name in sorted(names) if name in assembly.items]
    return trees + [
        tree for (use, _), tree in assembly.local.items() if use in names and tree is not None
    ]


def is_parameter(name: str, *assemblies: Assembly) -> bool:
    return any(name in each.items and each.items[name].kind == "parameter" for each in assemblies)


def comes_from(draft: DraftRule, names: frozenset[str]) -> bool:
    """Whether a draft comes from one of these entries."""
    use = draft.node.attribute.partition("@")[2]  # of a principle's own word
    return use in names if use else bool(draft.aliases & names) or draft.rule.written in names


def interpretations_named_in(tree: Any) -> Iterator[Text]:
    """The interpretations that an entry names and does not write out."""
    yield from (each for each in as_seq(tree.get("interpretation")) if isinstance(each, Text))
    for rule in tree.get("rules") or []:
        yield from interpretations_named_in(rule)


def _same_rules(before: Assembly, after: Assembly, changed: set[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for use in changed:
        principle = use.partition("@")[0]
        if use == principle or any(
            use not in each.items or principle not in each.items for each in (before, after)
        ):
            continue
        old, new = before.items[principle].tree, after.items[principle].tree
        if before.items[use].tree == after.items[use].tree and _but_rules(old) == _but_rules(new):
            as_it_was = {str(rule["rule"]): rule for rule in old["rules"]}
            found |= {
                (use, str(rule["rule"]))
                for rule in new["rules"]
                if as_it_was.get(rule["rule"]) == rule
            }
    return found - before.local.keys() - after.local.keys()


def _but_rules(tree: Any) -> dict[Any, Any]:
    return {name: content for name, content in tree.items() if name != "rules"}


def _same_kind_of_value(base: Base, assembly: Assembly, name: str) -> bool:
    parameter = base.program.parameters.get(key(name))
    item = assembly.items.get(name)
    value = item.tree.get("value") if item is not None else None
    return parameter is not None and value is not None and parameter.type.parse(value) is not None


def _words(base: Base, assembly: Assembly) -> Vocabulary:
    if assembly.vocabulary == base.assembly.vocabulary:
        return base.program.vocabulary
    problems = Problems()
    declared = build_vocabulary([vocabulary_model(assembly, base.book.shown)], problems)
    if problems.found or _shapes(declared) != _shapes(base.program.vocabulary):
        raise OnlyTheWholeTells
    return declared


def _shapes(vocabulary: Vocabulary) -> Any:
    """All that a rule can depend on."""
    entities = {
        name: (_shape(entity), _types(entity)) for name, entity in vocabulary.entities.items()
    }
    return (
        entities,
        vocabulary.scales,
        {name: str(text) for name, text in vocabulary.collections.items()},
    )


def _shape(entity: EntityType) -> tuple[object, ...]:
    return (
        entity.plural,
        entity.listed_below,
        entity.fixed_below,
        entity.main_attribute,
        entity.main_result,
        entity.members,
    )


def _types(entity: EntityType) -> dict[str, object]:
    """Derived attributes are held by the program whole; of given ones rules know the type."""
    return {
        name: replace(each, has_default=False, default=None, label="", meaning="", changes_by="")
        if each.given
        else each
        for name, each in entity.attributes.items()
        if not each.hidden
    }
