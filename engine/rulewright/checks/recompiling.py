"""Trying an amendment on a policy that compiles: only what it changes is read again, so that dozens can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rulewright.language.declaring import build_vocabulary
from rulewright.language.errors import InputError, Problems
from rulewright.language.models import ReadingModel
from rulewright.language.rulebook import as_seq
from rulewright.language.text import key
from rulewright.language.vocabulary import EntityType, Vocabulary
from rulewright.program.citing import check_citations
from rulewright.program.compiling import compile_assembly
from rulewright.program.deriving import nodes_of
from rulewright.program.layers import layers, reads
from rulewright.program.nodes import NodeKey
from rulewright.program.policies import Assembly, assemble_chain, assemble_more, vocabulary_model
from rulewright.program.unrolling import Draft, Unroller

from .compiled import Compiled


@dataclass(frozen=True)
class Trial:
    """What an amendment touched that compiled.

    entries: their ids. nodes: the attributes that their rules give, before and after. reads_more: whether some attribute reads
    what it did not read before. words: all that the entries say after it. rests_on: the interpretations that they name;
    defines, drops: those that are written out in them after it, and only before.
    """

    entries: frozenset[str]
    nodes: frozenset[NodeKey]
    reads_more: bool
    words: str
    rests_on: frozenset[str]
    defines: frozenset[str]
    drops: frozenset[str]


class Recompiling:
    """One policy, and what is known of it."""

    def __init__(self, policy: Compiled) -> None:
        self.policy = policy
        self._needs: dict[NodeKey, set[NodeKey]] = {}

    def try_reading(self, reading: ReadingModel) -> Trial | None:
        """What the reading touches. Raises `InputError` when the policy does not compile with it on top.

        `None`: it compiles, and only the whole policy could tell.
        """
        assembly = assemble_more(self.chain, reading, "another reading")
        trial = self._fits(assembly)
        if trial is None:
            compile_assembly(self.policy.book, assembly)  # says precisely what is wrong, or finds that nothing is
        return trial

    @cached_property
    def chain(self) -> Assembly:
        """The policy as amendments go on top of it."""
        return assemble_chain(self.policy.book, self.policy.name)

    def _fits(self, assembly: Assembly) -> Trial | None:
        """What the changed entries touch when they compile beside the others; `None` where only the whole policy can tell."""
        changed = self._changed(assembly)
        if changed is None or not self._same_words(assembly):
            return None
        try:
            same = self._same_rules(assembly, changed)
            unroller = self._unrolled(assembly, changed, same)
            if unroller.problems.found:
                return None
            trial = self._settle(unroller, assembly, changed, {use.replace("@", f".{rule}@", 1) for use, rule in same})
        except InputError:
            return None
        return None if unroller.problems.found else trial

    # -- what is changed ----------------------------------------------------------------------------------------------

    def _changed(self, assembly: Assembly) -> set[str] | None:
        """The ids of changed, new and repealed entries, uses of changed principles among them."""
        before, after = self.policy.assembly.items, assembly.items
        changed = {name for name in before.keys() | after.keys()
                   if before.get(name) is not after.get(name)
                   and (name not in before or name not in after or before[name].tree != after[name].tree)}  # fmt: skip
        locals_ = self.policy.assembly.local, assembly.local
        changed |= {use for use, rule in locals_[0].keys() | locals_[1].keys()
                    if locals_[0].get((use, rule), "as written") != locals_[1].get((use, rule), "as written")}  # fmt: skip
        for name, item in after.items():
            if item.kind == "use" and item.id.partition("@")[0] in changed:
                changed.add(name)
        for name in changed:
            item = after.get(name) or before[name]
            if item.kind == "parameter" and not self._same_kind_of_value(assembly, name):
                return None
        return changed

    def _same_rules(self, assembly: Assembly, changed: set[str]) -> set[tuple[str, str]]:
        """Of changed principles with unchanged uses: the rules that are as they were, by use."""
        found: set[tuple[str, str]] = set()
        before = self.policy.assembly
        for use in changed:
            principle = use.partition("@")[0]
            if use == principle or any(use not in each.items or principle not in each.items for each in (before, assembly)):
                continue
            old, new = before.items[principle].tree, assembly.items[principle].tree
            if before.items[use].tree == assembly.items[use].tree and _but_rules(old) == _but_rules(new):
                as_it_was = {str(rule["rule"]): rule for rule in old["rules"]}
                found |= {(use, str(rule["rule"])) for rule in new["rules"] if as_it_was.get(rule["rule"]) == rule}
        return found - before.local.keys() - assembly.local.keys()

    def _same_kind_of_value(self, assembly: Assembly, name: str) -> bool:
        parameter = self.policy.program.parameters.get(key(name))
        item = assembly.items.get(name)
        value = item.tree.get("value") if item is not None else None
        return parameter is not None and value is not None and parameter.type.parse(value) is not None

    def _same_words(self, assembly: Assembly) -> bool:
        """Whether the vocabulary is the same but for defaults and labels, which change no rule."""
        if assembly.vocabulary == self.policy.assembly.vocabulary:
            return True
        problems = Problems()
        declared = build_vocabulary([vocabulary_model(assembly, self.policy.book.shown)], problems)
        return not problems.found and _words(declared) == _words(self.policy.program.vocabulary)

    # -- the changed entries, beside the others -----------------------------------------------------------------------

    def _unrolled(self, assembly: Assembly, changed: set[str], same: set[tuple[str, str]]) -> Unroller:
        before = self.policy.unroller
        local = {**assembly.local, **dict.fromkeys(same)}  # as if repealed: their drafts are kept
        items = {name: item for name, item in assembly.items.items()
                 if name in changed or item.kind in ("principle", "interpretation")}  # fmt: skip
        unroller = Unroller(self.policy.book, replace(assembly, items=items, local=local), before.vocabulary, before.lexicon,
                            before.parameters, Problems())  # fmt: skip
        old = self.policy.assembly.items
        gone = {each for name in changed if name in old for each in _interpretations(old[name].tree)}
        unroller.interpretations.update({name: each for name, each in before.interpretations.items() if name not in gone})
        unroller.rested_on += [each for each in before.rested_on if each in gone]  # by rules that stay, perhaps
        unroller.unroll()
        return unroller

    def _settle(self, unroller: Unroller, assembly: Assembly, changed: set[str], same: set[str]) -> Trial:
        old = self.policy.unroller.drafts
        dropped = {id(draft) for draft in old if draft.rule.written not in same and comes_from(draft, changed)}
        touched = {draft.node for draft in (*(each for each in old if id(each) in dropped), *unroller.drafts)}
        kept = [draft for draft in old if draft.node in touched and id(draft) not in dropped]
        by_node: dict[NodeKey, list[Draft]] = {}
        for draft in _one_of_each(kept + unroller.drafts):
            by_node.setdefault(draft.node, []).append(draft)
        own = replace(assembly, items=unroller.assembly.items)
        check_citations(own, unroller.problems)
        nodes_of(by_node, unroller, own, unroller.problems)
        before = [self.policy.assembly.items[name].tree for name in changed if name in self.policy.assembly.items]
        after = [own.items[name].tree for name in changed if name in own.items]
        after += [tree for (use, _), tree in assembly.local.items() if use in changed and tree is not None]
        defined = frozenset().union(*map(_interpretations, after))
        return Trial(
            frozenset(changed), frozenset(touched), self._reads_more(unroller, unroller.drafts), key(" ".join(_words_in(after))),
            frozenset(_named(after)), defined, frozenset().union(*map(_interpretations, before)) - defined,
        )  # fmt: skip

    def _reads_more(self, unroller: Unroller, new: list[Draft]) -> bool:
        """Whether an attribute reads what it did not read before. Raises `InputError` when one comes to depend on itself."""
        needs = dict(self.needs())
        more = False
        for draft in new:
            read = reads(draft.rule, unroller.scope((draft.node.kind,)))
            before = needs.get(draft.node, set())
            if not read <= before:
                needs[draft.node] = before | read
                more = True
        if more:
            layers(needs, unroller.vocabulary, dict.fromkeys(needs, self.policy.assembly.policy.policy.place))
        return more

    def needs(self) -> dict[NodeKey, set[NodeKey]]:
        """What each derived attribute of the policy reads."""
        if not self._needs:
            for node in self.policy.program.nodes:
                scope = self.policy.scope((node.key.kind,))
                rules = (*node.rules, *node.limits, *([node.otherwise] if node.otherwise else []))
                self._needs[node.key] = {each for rule in rules for each in reads(rule, scope)}
        return self._needs


def comes_from(draft: Draft, names: set[str]) -> bool:
    """Whether a draft comes from one of these entries."""
    use = draft.node.attribute.partition("@")[2]  # of a principle's own word
    return use in names if use else bool(draft.aliases & names) or draft.rule.written in names


def _one_of_each(drafts: list[Draft]) -> list[Draft]:
    """Of nodes with the same rules (members of one fixed set) only one: what is wrong with one is wrong with all."""
    by_node: dict[NodeKey, list[Draft]] = {}
    for draft in drafts:
        by_node.setdefault(draft.node, []).append(draft)
    alike: dict[object, list[Draft]] = {}
    for node, found in by_node.items():
        alike.setdefault((node.entity, node.attribute, frozenset(draft.rule.written for draft in found)), found)
    return [draft for found in alike.values() for draft in found]


def _but_rules(tree: Any) -> dict[Any, Any]:
    return {name: content for name, content in tree.items() if name != "rules"}


def _interpretations(tree: Any) -> set[str]:
    """The interpretations that are written out in an entry, its rules among it."""
    found = {str(each["id"]) for each in as_seq(tree.get("interpretation")) if isinstance(each, dict)}
    return found.union(*(_interpretations(rule) for rule in tree.get("rules") or []))


def _named(value: Any) -> Iterator[str]:
    """The interpretations that entries name and do not write out."""
    for tree in value if isinstance(value, list) else [value]:
        yield from (str(each) for each in as_seq(tree.get("interpretation")) if isinstance(each, str))
        yield from _named(tree.get("rules") or [])


def _words_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words_in([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for each in value:
            yield from _words_in(each)


def _words(vocabulary: Vocabulary) -> Any:
    entities = {name: (_shape(entity), _types(entity)) for name, entity in vocabulary.entities.items()}
    return entities, vocabulary.scales, {name: str(text) for name, text in vocabulary.collections.items()}


def _types(entity: EntityType) -> dict[str, object]:
    return {name: (each.type, each.given, each.may_be_judged) for name, each in entity.attributes.items() if not each.hidden}


def _shape(entity: EntityType) -> tuple[object, ...]:
    return (entity.plural, entity.listed_below, entity.fixed_below, entity.main_attribute, entity.main_result, entity.members)
