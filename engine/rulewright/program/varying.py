"""A policy under many small amendments: only what each changes is read again, so that dozens can be tried.

Other readings of interpretations are such amendments. The program of a variant is the one that compiling the whole policy
with the amendment would give.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from rulewright.language.declaring import build_vocabulary
from rulewright.language.errors import InputError, Place, Problems
from rulewright.language.models import ReadingModel
from rulewright.language.reading import read_as
from rulewright.language.rulebook import Rulebook, as_seq
from rulewright.language.text import key, place_of
from rulewright.language.types import Value
from rulewright.language.vocabulary import EntityType, Vocabulary

from .compiling import compile_assembly
from .deriving import nodes_of
from .idle import idle_sets
from .layers import kinds_in, layers, reads
from .model import KnownReading, Node, Program, Variant
from .nodes import Kind, NodeKey, Parameter, Rule
from .parameters import read_parameters
from .policies import Assembly, assemble_chain, assemble_more, finished, vocabulary_model
from .unrolling import Draft, Unroller
from .walking import pieces


class Variants:
    """One policy, and what is known of it. Raises `InputError` where the policy itself does not compile."""

    def __init__(self, book: Rulebook, policy: str) -> None:
        self.book = book
        self.chain = assemble_chain(book, policy)
        self.assembly = finished(self.chain)
        self.program, self.unroller = compile_assembly(book, self.assembly)
        self.drafts: dict[NodeKey, list[Draft]] = {}
        for draft in self.unroller.drafts:
            self.drafts.setdefault(draft.node, []).append(draft)
        self.nodes = {node.key: node for node in self.program.nodes}
        self.layer = {node.key: node.layer for node in self.program.nodes}
        self.needs = {node.key: self._reads(node, self.unroller) for node in self.program.nodes}

    def under(self, amendment: ReadingModel, called: str = "another reading") -> Variant:
        """The policy with `amendment` on top. Raises `InputError` when that does not compile."""
        assembly = assemble_more(self.chain, amendment, called)
        try:
            return self._beside(assembly)
        except (_Whole, InputError):  # compiling the whole policy says precisely what is wrong, or finds that nothing is
            return self._whole(assembly)

    def _whole(self, assembly: Assembly) -> Variant:
        program, unroller = compile_assembly(self.book, assembly)
        needs = {node.key: self._reads(node, unroller) for node in program.nodes}
        changed = {node.key for node in program.nodes if not _alike(node, self.nodes.get(node.key))}
        changed |= {each for each, reading in needs.items() if reading - self.needs.get(each, set())}
        return Variant(program, frozenset(changed | self._facts(program.vocabulary) | self._set(program)), needs)

    # -- what is changed ----------------------------------------------------------------------------------------------

    def _beside(self, assembly: Assembly) -> Variant:
        """The changed entries, compiled beside the others. Raises `_Whole` where only the whole policy can tell."""
        changed = self._entries(assembly)
        vocabulary = self._words(assembly)
        same = self._same_rules(assembly, changed)
        unroller = self._unrolled(assembly, changed, same)
        if unroller.problems.found:
            raise _Whole
        stay = {use.replace("@", f".{rule}@", 1) for use, rule in same}
        dropped = {id(each) for each in self.unroller.drafts if each.rule.written not in stay and _comes_from(each, changed)}
        touched = {each.node for each in self.unroller.drafts if id(each) in dropped} | {each.node for each in unroller.drafts}
        drafts: dict[NodeKey, list[Draft]] = {node: [] for node in touched}
        for node in touched:
            drafts[node] += [each for each in self.drafts.get(node, ()) if id(each) not in dropped]
        for each in unroller.drafts:
            drafts[each.node].append(each)
        problems = Problems()
        nodes, lapsed = nodes_of(drafts, unroller, assembly, problems)
        if problems.found:
            raise _Whole
        hidden = {node for node in touched if self._hidden(node)}  # a principle's own words go with the use
        kept = [node for node in self.program.nodes if node.key not in touched]
        nodes = [node for node in nodes if node.key not in hidden or drafts[node.key]]
        needs = {node.key: self.needs[node.key] for node in kept} | {node.key: self._reads(node, unroller) for node in nodes}
        program = replace(
            self.program, vocabulary=_with_own_words(vocabulary, unroller.vocabulary),
            parameters=read_parameters(assembly, problems) if any(self._is_parameter(each, assembly) for each in changed)
            else self.program.parameters,
            nodes=self._layered([*kept, *nodes], needs, unroller.vocabulary),
            notices=self._notices(unroller, changed), interpretations=dict(sorted(unroller.interpretations.items())),
            lapsed=tuple(sorted({*lapsed, *(each for each in self.program.lapsed if each.partition(" ")[0] not in changed)})),
            asks=self.program.asks | {each for node in nodes for each in needs[node.key]} - needs.keys(), digest="",
        )  # fmt: skip
        used = replace(program, nodes=tuple(nodes))  # what stays as it was has no use for a set that was idle
        program = replace(program, idle=program.idle & idle_sets(used, unroller.scope(())))
        other = {node.key for node in nodes if not _alike(node, self.nodes.get(node.key))} | (touched - {n.key for n in nodes})
        return Variant(program, frozenset(other | self._facts(program.vocabulary) | self._set(program)), needs)

    def _entries(self, assembly: Assembly) -> set[str]:
        """The ids of changed, new and repealed entries, uses of changed principles among them."""
        before, after = self.assembly.items, assembly.items
        changed = {name for name in before.keys() | after.keys()
                   if before.get(name) is not after.get(name)
                   and (name not in before or name not in after or before[name].tree != after[name].tree)}  # fmt: skip
        locals_ = self.assembly.local, assembly.local
        changed |= {use for use, rule in locals_[0].keys() | locals_[1].keys()
                    if locals_[0].get((use, rule), "as written") != locals_[1].get((use, rule), "as written")}  # fmt: skip
        for name, item in after.items():
            if item.kind == "use" and item.id.partition("@")[0] in changed:
                changed.add(name)
        for name in changed:
            if self._is_parameter(name, assembly) and not self._same_kind_of_value(assembly, name):
                raise _Whole
        return changed

    def _is_parameter(self, name: str, assembly: Assembly) -> bool:
        item = assembly.items.get(name) or self.assembly.items.get(name)
        return item is not None and item.kind == "parameter"

    def _same_kind_of_value(self, assembly: Assembly, name: str) -> bool:
        parameter = self.program.parameters.get(key(name))
        item = assembly.items.get(name)
        value = item.tree.get("value") if item is not None else None
        return parameter is not None and value is not None and parameter.type.parse(value) is not None

    def _words(self, assembly: Assembly) -> Vocabulary:
        """The vocabulary, the same but for defaults and labels, which change no rule."""
        if assembly.vocabulary == self.assembly.vocabulary:
            return self.program.vocabulary
        problems = Problems()
        declared = build_vocabulary([vocabulary_model(assembly, self.book.shown)], problems)
        if problems.found or _shapes(declared) != _shapes(self.program.vocabulary):
            raise _Whole
        return declared

    def _same_rules(self, assembly: Assembly, changed: set[str]) -> set[tuple[str, str]]:
        """Of changed principles with unchanged uses: the rules that are as they were, by use."""
        found: set[tuple[str, str]] = set()
        before = self.assembly
        for use in changed:
            principle = use.partition("@")[0]
            if use == principle or any(use not in each.items or principle not in each.items for each in (before, assembly)):
                continue
            old, new = before.items[principle].tree, assembly.items[principle].tree
            if before.items[use].tree == assembly.items[use].tree and _but_rules(old) == _but_rules(new):
                as_it_was = {str(rule["rule"]): rule for rule in old["rules"]}
                found |= {(use, str(rule["rule"])) for rule in new["rules"] if as_it_was.get(rule["rule"]) == rule}
        return found - before.local.keys() - assembly.local.keys()

    def _unrolled(self, assembly: Assembly, changed: set[str], same: set[tuple[str, str]]) -> Unroller:
        before = self.unroller
        local = {**assembly.local, **dict.fromkeys(same)}  # as if repealed: their drafts are kept
        items = {name: item for name, item in assembly.items.items()
                 if name in changed or item.kind in ("principle", "interpretation")}  # fmt: skip
        unroller = Unroller(self.book, replace(assembly, items=items, local=local), before.vocabulary, before.lexicon,
                            before.parameters, Problems())  # fmt: skip
        old = self.assembly.items
        gone = {each for name in changed if name in old for each in _interpretations(old[name].tree)}
        still = {each for name in changed if name in items for each in _interpretations(items[name].tree)}
        unroller.interpretations.update({name: each for name, each in before.interpretations.items() if name not in gone - still})
        named = {place_of(each) for name in changed if name in old for each in _named(old[name].tree)}
        unroller.rested_on += [each for each in before.rested_on if each in gone and place_of(each) not in named]
        for name in gone & still:
            del unroller.interpretations[name]
        unroller.unroll()
        for name in gone & still:  # written in rules of a principle that are as they were
            unroller.interpretations.setdefault(name, before.interpretations[name])
        return unroller

    def _notices(self, unroller: Unroller, changed: set[str]) -> dict[Kind, tuple[Rule, ...]]:
        found: dict[Kind, list[Rule]] = {}
        for kind, rules in self.program.notices.items():
            found[kind] = [rule for rule in rules if rule.written not in changed]
        for kind, new in unroller.notices.items():
            found.setdefault(kind, []).extend(new)
        return {kind: tuple(sorted(rules, key=lambda rule: rule.id)) for kind, rules in sorted(found.items(), key=_by_kind) if rules}

    def _layered(self, nodes: list[Node], needs: dict[NodeKey, set[NodeKey]], vocabulary: Vocabulary) -> tuple[Node, ...]:
        if needs != self.needs:
            derived = {node: {each for each in read if each in needs} for node, read in needs.items()}
            layer = layers(derived, vocabulary, dict.fromkeys(needs, Place("")))
        else:
            layer = self.layer
        placed = (node if node.layer == layer[node.key] else replace(node, layer=layer[node.key]) for node in nodes)
        return tuple(sorted(placed, key=lambda each: (each.layer, each.key)))

    def _hidden(self, node: NodeKey) -> bool:
        attribute = self.program.vocabulary.entities[node.entity].attributes.get(node.attribute)
        return attribute is not None and attribute.hidden

    def _facts(self, vocabulary: Vocabulary) -> set[NodeKey]:
        """The given attributes with other defaults."""
        before = self.program.vocabulary.entities
        found = set()
        for kind in kinds_in(vocabulary):
            for name, attribute in vocabulary.entities[kind.entity].attributes.items():
                old = before[kind.entity].attributes.get(name) if kind.entity in before else None
                if attribute.given and (old is None or (old.has_default, old.default) != (attribute.has_default, attribute.default)):
                    found.add(NodeKey(kind.entity, kind.parent, kind.member, name))
        return found

    def _set(self, program: Program) -> set[NodeKey]:
        """The derived attributes whose rules read a parameter with another value."""
        old, new = self.program.parameters, program.parameters
        other = {name for name in old.keys() | new.keys() if _values(old.get(name)) != _values(new.get(name))}
        return {node for node, names in self.parameters.items() if names & other} if other else set()

    @cached_property
    def parameters(self) -> dict[NodeKey, set[str]]:
        """The parameters that the rules of each derived attribute name."""
        return {node.key: {each.name for each in pieces(node.rules, node.limits, node.otherwise) if isinstance(each, Parameter)}
                for node in self.program.nodes}  # fmt: skip

    def _reads(self, node: Node, unroller: Unroller) -> set[NodeKey]:
        scope = unroller.scope((node.key.kind,))
        rules = (*node.rules, *node.limits, *([node.otherwise] if node.otherwise else []))
        return {each for rule in rules for each in reads(rule, scope)}


class _Whole(Exception):
    """Only compiling the whole policy tells."""


def _alike(node: Node, before: Node | None) -> bool:
    return before is not None and replace(node, layer=before.layer) == before


def _values(parameter: Any) -> tuple[tuple[int | None, Value], ...] | None:
    return None if parameter is None else parameter.values


def _with_own_words(vocabulary: Vocabulary, unrolled: Vocabulary) -> Vocabulary:
    """A vocabulary with the principles' own words."""
    entities = {name: replace(entity, attributes={**unrolled.entities[name].attributes, **entity.attributes})
                for name, entity in vocabulary.entities.items()}  # fmt: skip
    return replace(vocabulary, entities=entities)


def _comes_from(draft: Draft, names: set[str]) -> bool:
    """Whether a draft comes from one of these entries."""
    use = draft.node.attribute.partition("@")[2]  # of a principle's own word
    return use in names if use else bool(draft.aliases & names) or draft.rule.written in names


def _by_kind(entry: tuple[Kind, object]) -> tuple[str, str, str]:
    return entry[0].entity, entry[0].parent, entry[0].member


def _but_rules(tree: Any) -> dict[Any, Any]:
    return {name: content for name, content in tree.items() if name != "rules"}


def _interpretations(tree: Any) -> set[str]:
    """The interpretations that are written out in an entry, its rules among it."""
    found = {str(each["id"]) for each in as_seq(tree.get("interpretation")) if isinstance(each, dict)}
    return found.union(*(_interpretations(rule) for rule in tree.get("rules") or []))


def _named(tree: Any) -> Iterator[Any]:
    """Where an entry names interpretations that are written elsewhere."""
    yield from (each for each in as_seq(tree.get("interpretation")) if isinstance(each, str))
    for rule in tree.get("rules") or []:
        yield from _named(rule)


def _shapes(vocabulary: Vocabulary) -> Any:
    entities = {name: (_shape(entity), _types(entity)) for name, entity in vocabulary.entities.items()}
    return entities, vocabulary.scales, {name: str(text) for name, text in vocabulary.collections.items()}


def _types(entity: EntityType) -> dict[str, object]:
    return {name: (each.type, each.given, each.may_be_judged) for name, each in entity.attributes.items() if not each.hidden}


def _shape(entity: EntityType) -> tuple[object, ...]:
    return (entity.plural, entity.listed_below, entity.fixed_below, entity.main_attribute, entity.main_result, entity.members)


def known_readings(book: Rulebook, policy: str) -> list[KnownReading]:
    """The other readings of a policy's interpretations, by interpretation. Raises `InputError` with every mistake in them."""
    variants = Variants(book, policy)
    problems = Problems()
    found = []
    for interpretation, name, tree in readings_of(variants.assembly):
        try:
            reading = read_as(ReadingModel, tree, place_of(name).file)
            meaning = " ".join((reading.meaning or "").split())
            mark = variants.program.interpretations[interpretation].mark or "assumed"
            found.append(KnownReading(interpretation, mark, str(name), meaning, variants.under(reading)))
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    return sorted(found, key=lambda each: (each.interpretation, each.name))


def readings_of(assembly: Assembly) -> Iterator[tuple[str, Any, Any]]:
    """Each other reading of a policy's interpretations: the interpretation, the reading's name, and what it changes."""
    for item in assembly.items.values():
        if item.kind == "interpretation":
            yield from _readings(str(item.id), item.tree)
        yield from _within(item.tree)


def _within(tree: Any) -> Iterator[tuple[str, Any, Any]]:
    """The readings of interpretations that are written inside rules."""
    if isinstance(tree, dict):
        for written in as_seq(tree.get("interpretation")):
            if isinstance(written, dict):
                yield from _readings(str(written["id"]), written)
        for rule in tree.get("rules") or []:
            yield from _within(rule)


def _readings(identity: str, tree: Any) -> Iterator[tuple[str, Any, Any]]:
    for name, reading in (tree.get("other readings") or {}).items():
        if isinstance(reading, dict):
            yield identity, name, reading
