"""A policy under many small amendments: only what each changes is read again, so that dozens can be
tried.

Other readings of interpretations are such amendments. The program of a variant is the one that
compiling the whole policy with the amendment would give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from rulewright.amendments.chain import Assembly, assemble, assemble_chain, assemble_more
from rulewright.amendments.interpretations import readings_of
from rulewright.amendments.policy_selection import policy_dates
from rulewright.ir.nodes import Kind, NodeKey, Rule
from rulewright.ir.program import KnownReading, Node, ParameterValues, Program, Variant
from rulewright.ir.traversal import parameters_in
from rulewright.ir.types import Value
from rulewright.ir.vocabulary import Vocabulary
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError, Place, Problems
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import ReadingModel
from rulewright.syntax.text import place_of

from .changed_entries import Beside, settled_beside, unroll_beside
from .changed_policy import Base, OnlyTheWholeTells, is_parameter, needs_of
from .citations import cited_documents
from .compiler import asked_besides, compile_assembly, read_assembly
from .dependencies import kinds_in, layers
from .expander import Unroller
from .footprint import Footprint, footprint_of
from .memory import remembered_base
from .parameters import read_parameters
from .unused_kinds import idle_sets

NO_PLACE = Place("")


def base_of(
    book: Rulebook,
    policy: str,
    compiled: Callable[[Rulebook, Assembly], tuple[Program, Unroller]] = compile_assembly,
) -> Base:
    """A policy, compiled, for amendments to go on top of it. Raises `InputError`."""
    assembly = assemble(book, policy)
    return Base(book, assemble_chain(book, policy), assembly, *compiled(book, assembly))


@dataclass(frozen=True)
class PolicyVariant:
    """A policy that compiles with an amendment on top.

    footprint: what the amendment touches; `None`: only the whole policy could tell. unroller: it
    unrolled what the amendment brings; where only the whole policy could tell, all of that.
    """

    footprint: Footprint | None
    unroller: Unroller


class Variants:
    """One policy under amendments."""

    def __init__(self, base: Base) -> None:
        self.base = base

    def under(self, amendment: ReadingModel, called: str = "another reading") -> Variant:
        """The policy with `amendment` on top. Raises `InputError` when that does not compile."""
        assembly = assemble_more(self.base.chain, amendment, called)
        try:
            return self._joined(unroll_beside(self.base, assembly))
        except (
            OnlyTheWholeTells,
            InputError,
        ):  # compiling the whole policy says precisely what is wrong, or finds that nothing is
            return self._whole(assembly)

    def trial(self, amendment: ReadingModel, called: str = "another reading") -> PolicyVariant:
        """What `amendment` touches and brings. Raises `InputError` when the policy does not compile
        with it on top.

        Faster than `under`.
        """
        assembly = assemble_more(self.base.chain, amendment, called)
        try:
            beside = unroll_beside(self.base, assembly)
            return PolicyVariant(footprint_of(self.base, beside), beside.unroller)
        except (OnlyTheWholeTells, InputError):
            return PolicyVariant(None, read_assembly(self.base.book, assembly)[1])

    # -- the program of a variant

    def _whole(self, assembly: Assembly) -> Variant:
        program, unroller = compile_assembly(self.base.book, assembly)
        needs = needs_of(program.nodes, unroller)
        changed = {
            node.key for node in program.nodes if not _alike(node, self.base.nodes.get(node.key))
        }
        changed |= {
            each for each, reading in needs.items() if reading - self.base.needs.get(each, set())
        }
        return Variant(
            program,
            frozenset(changed | self._facts(program.vocabulary) | self._set(program)),
            needs,
        )

    def _joined(self, beside: Beside) -> Variant:
        """What was unrolled beside the policy, joined with what stays."""
        base, unroller, assembly, entries = (
            self.base.program,
            beside.unroller,
            beside.assembly,
            beside.changed.entries,
        )
        nodes, lapsed = settled_beside(self.base, beside, beside.drafts)
        problems = Problems()
        parameters = base.parameters
        if any(is_parameter(each, self.base.assembly, assembly) for each in entries):
            parameters = read_parameters(assembly, problems)
        since, until = policy_dates(assembly.policy, problems)
        if problems.found:
            raise OnlyTheWholeTells
        kept = [node for node in base.nodes if node.key not in beside.drafts]
        nodes = [
            node for node in nodes if beside.drafts[node.key] or not self._hidden(node.key)
        ]  # own words go with the use
        needs = {node.key: self.base.needs[node.key] for node in kept} | needs_of(nodes, unroller)
        program = replace(
            base,
            since=since,
            until=until,
            vocabulary=_with_own_words(beside.changed.vocabulary, unroller.vocabulary),
            parameters=parameters,
            nodes=self._layered([*kept, *nodes], needs, unroller.vocabulary),
            notices=self._notices(beside),
            interpretations=dict(sorted(unroller.interpretations.items())),
            documents=cited_documents(assembly),
            lapsed=tuple(
                sorted(
                    {
                        *lapsed,
                        *(each for each in base.lapsed if each.partition(" ")[0] not in entries),
                    }
                )
            ),
            digest="",
        )
        program = replace(
            program,
            asks=frozenset().union(*needs.values()) - needs.keys()
            | asked_besides(program, unroller),
        )
        # what stays as it was has no use for a set that was idle
        used = replace(program, nodes=tuple(nodes))
        program = replace(program, idle=program.idle & idle_sets(used, unroller.scope(())))
        changed = {node.key for node in nodes if not _alike(node, self.base.nodes.get(node.key))}
        changed |= beside.drafts.keys() - {node.key for node in nodes}
        return Variant(
            program,
            frozenset(changed | self._facts(program.vocabulary) | self._set(program)),
            needs,
        )

    def _notices(self, beside: Beside) -> dict[Kind, tuple[Rule, ...]]:
        found: dict[Kind, list[Rule]] = {}
        for kind, rules in self.base.program.notices.items():
            found[kind] = [rule for rule in rules if rule.written not in beside.changed.entries]
        for kind, new in beside.unroller.notices.items():
            found.setdefault(kind, []).extend(new)
        return {
            kind: tuple(sorted(rules, key=lambda rule: rule.id))
            for kind, rules in sorted(found.items(), key=_by_kind)
            if rules
        }

    def _layered(
        self, nodes: list[Node], needs: dict[NodeKey, set[NodeKey]], vocabulary: Vocabulary
    ) -> tuple[Node, ...]:
        if needs != self.base.needs:
            derived = {
                node: {each for each in read if each in needs} for node, read in needs.items()
            }
            layer = layers(derived, vocabulary, lambda _circle: NO_PLACE)
        else:
            layer = {key: node.layer for key, node in self.base.nodes.items()}
        placed = (
            node if node.layer == layer[node.key] else replace(node, layer=layer[node.key])
            for node in nodes
        )
        return tuple(sorted(placed, key=lambda each: (each.layer, each.key)))

    def _hidden(self, node: NodeKey) -> bool:
        attribute = self.base.program.vocabulary.entities[node.entity].attributes.get(
            node.attribute
        )
        return attribute is not None and attribute.hidden

    # -- what is other in it

    def _facts(self, vocabulary: Vocabulary) -> set[NodeKey]:
        """The given attributes with other defaults."""
        before = self.base.program.vocabulary.entities
        found = set()
        for kind in kinds_in(vocabulary):
            for name, attribute in vocabulary.entities[kind.entity].attributes.items():
                old = before[kind.entity].attributes.get(name) if kind.entity in before else None
                if attribute.given and (
                    old is None
                    or (old.has_default, old.default) != (attribute.has_default, attribute.default)
                ):
                    found.add(NodeKey(kind.entity, kind.parent, kind.member, name))
        return found

    def _set(self, program: Program) -> set[NodeKey]:
        """The derived attributes whose rules read a parameter with another value."""
        old, new = self.base.program.parameters, program.parameters
        other = {
            name
            for name in old.keys() | new.keys()
            if _values(old.get(name)) != _values(new.get(name))
        }
        return (
            {node for node, names in self._parameters.items() if names & other} if other else set()
        )

    @cached_property
    def _parameters(self) -> dict[NodeKey, set[str]]:
        """The parameters that the rules of each derived attribute name."""
        return {node.key: parameters_in(node.every_rule) for node in self.base.program.nodes}


def known_readings(book: Rulebook, policy: str) -> list[KnownReading]:
    """The other readings of a policy's interpretations, by interpretation.

    Raises `InputError` with every mistake in them.
    """
    base = remembered_base(book, policy)
    base = replace(base, program=base.compiled)
    variants, problems = Variants(base), Problems()
    found = []
    for interpretation, name, tree in readings_of(base.assembly):
        try:
            reading = read_as(ReadingModel, tree, place_of(name).file)
            meaning = " ".join((reading.meaning or "").split())
            mark = base.program.interpretations[interpretation].mark or "assumed"
            found.append(
                KnownReading(interpretation, mark, str(name), meaning, variants.under(reading))
            )
        except InputError as error:
            problems.take(error)
    problems.stop_if_any()
    return sorted(found, key=lambda each: (each.interpretation, each.name))


def _alike(node: Node, before: Node | None) -> bool:
    return before is not None and replace(node, layer=before.layer) == before


def _values(parameter: ParameterValues | None) -> tuple[tuple[int | None, Value], ...] | None:
    return None if parameter is None else parameter.values


def _with_own_words(vocabulary: Vocabulary, unrolled: Vocabulary) -> Vocabulary:
    """A vocabulary with the principles' own words."""
    entities = {
        name: replace(
            entity, attributes={**unrolled.entities[name].attributes, **entity.attributes}
        )
        for name, entity in vocabulary.entities.items()
    }
    return replace(vocabulary, entities=entities)


def _by_kind(entry: tuple[Kind, object]) -> tuple[str, str, str]:
    return entry[0].entity, entry[0].parent, entry[0].member
