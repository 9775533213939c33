"""Which written change is behind a compiled rule that is another one: the rule, its row, its use, or a word that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulewright.language.text import key
from rulewright.language.vocabulary import Vocabulary
from rulewright.program.model import Program
from rulewright.program.nodes import NodeKey, Noun, Parameter, Rule
from rulewright.program.walking import pieces

from .record import Change

Ids = frozenset[str]


class Explaining:
    """Finds written changes by the names that compiled rules have."""

    def __init__(self, changes: Iterable[Change], old: Program, new: Program) -> None:
        self.changes = {each.id: each for each in changes}
        self.keyed = {(each.kind, key(each.name)): each.id for each in self.changes.values()}
        self.old, self.new = old, new

    def rule(self, node: NodeKey, old: Rule | None, new: Rule | None) -> Ids:
        """The changes that make this rule another one; perhaps one that nothing written names."""
        rule = new if new is not None else old
        assert rule is not None
        return self._written(node, rule) or self._words(node, old, new) or frozenset({f"rule {rule.written}"})

    def _has(self, *ids: str) -> Ids:
        return frozenset(each for each in ids if each in self.changes)

    def _one_sided(self, identity: str) -> bool:
        return identity in self.changes and self.changes[identity].action != "changed"

    def _written(self, node: NodeKey, rule: Rule) -> Ids:
        written = rule.written
        if "@" in node.attribute:  # a principle's own word, which is unrolled with the use
            principle, use = written, node.attribute.partition("@")[2]
            return self._of_a_use(principle, "", use)
        if "@" in written:
            name, _, suffix = written.partition("@")
            principle, _, short = name.rpartition(".")
            own = self._has(f"rule of a use {written}")
            return own if own and not self._one_sided(f"use {principle}@{suffix}") else self._of_a_use(principle, short, f"{principle}@{suffix}")
        if written.endswith("]"):
            table = written.partition("[")[0]
            rows = self._has(f"row {written}") if not self._one_sided(f"table {table}") else frozenset()
            whole = self._has(f"table {table}")
            others = frozenset(each for each in self.changes if each.startswith(f"row {table}["))
            return rows | whole or others
        return self._has(f"rule {written}")

    def _of_a_use(self, principle: str, rule: str, use: str) -> Ids:
        if self._one_sided(f"use {use}"):
            return self._has(f"use {use}")
        found = self._has(f"use {use}", f"principle {principle}")
        return (self._has(f"rule of a principle {principle}.{rule}") if rule else frozenset()) | found

    # -- words --------------------------------------------------------------------------------------------------------

    def _words(self, node: NodeKey, old: Rule | None, new: Rule | None) -> Ids:
        """The words of the vocabulary by which a rule that is written as before means something else."""
        member = self.keyed.get(("member", key(f"{self._name(node.entity)} > {node.member}"))) if node.member else None
        if member is not None and (old is None or new is None):
            return frozenset({member})
        if old is None or new is None:
            return frozenset(each.id for each in self.changes.values() if each.kind in ("kind of thing", "member"))
        named = set(self._by_pieces(old, new))
        text = key(" ".join([new.text, *(each.text for each in new.conditions)]))
        named |= {each.id for each in self.changes.values() if each.kind == "collection" and key(each.name.split(" of ")[0]) in text}
        kinds = ("kind of thing", "scale", "word", "member", "collection")
        return frozenset(named) or frozenset(each.id for each in self.changes.values() if each.kind in kinds)

    def _by_pieces(self, *rules: Rule) -> Iterator[str]:
        """Parameters and attributes of another type, and what the bare name of a thing means."""
        for piece in pieces(*(each.conditions for each in rules), *(each.value for each in rules)):
            if isinstance(piece, Parameter) and (found := self.keyed.get(("parameter", piece.name))):
                yield found
            if isinstance(piece, Noun):
                yield from self.attribute(piece.attribute)
                for entity in self.new.vocabulary.entities.values():
                    before = self.old.vocabulary.entities.get(key(entity.name))
                    mains = {key(each.main_result) for each in (entity, before) if each is not None}
                    thing = self.keyed.get(("kind of thing", key(entity.name)))
                    if thing is not None and len(mains) > 1 and piece.attribute in mains:
                        yield thing

    def attribute(self, name: str, entity: str = "") -> Iterator[str]:
        """The changes of an attribute's declaration, or of the scale that it is of."""
        for vocabulary, other in ((self.new.vocabulary, self.old.vocabulary), (self.old.vocabulary, self.new.vocabulary)):
            for each in vocabulary.entities.values():
                there = each.attributes.get(name)
                before = other.entities[key(each.name)].attributes.get(name) if key(each.name) in other.entities else None
                if there is None or (entity and key(each.name) != entity) or (before is not None and before.type == there.type):
                    continue
                word = self.keyed.get(("word", key(f"{each.name} > {there.name}")))
                scale = self.keyed.get(("scale", key(getattr(there.type, "name", ""))))
                yield from (found for found in (word, scale) if found is not None)

    def default(self, entity: str, name: str) -> Ids:
        """The change of a given attribute's default."""
        attribute = self.new.vocabulary.entities[entity].attributes[name]
        found = self.keyed.get(("word", key(f"{self._name(entity)} > {attribute.name}")))
        return frozenset({found} if found else {f"word {self._name(entity)} > {attribute.name}"})

    def shown(self, node: NodeKey) -> Ids:
        """The lines under `publish` that speak of an attribute."""
        attribute = _attribute(self.new.vocabulary, node) or _attribute(self.old.vocabulary, node) or node.attribute
        lines = [each for each in self.changes.values() if each.kind == "published"]
        words = (key(attribute), key(self._name(node.entity)))
        found = frozenset(each.id for each in lines if key(each.name).removeprefix("the ").startswith(words[0]) and words[1] in key(each.name))
        return found or frozenset(each.id for each in lines) or frozenset({f"published {attribute}"})

    def _name(self, entity: str) -> str:
        declared = self.new.vocabulary.entities.get(entity) or self.old.vocabulary.entities.get(entity)
        return declared.name if declared is not None else entity


def _attribute(vocabulary: Vocabulary, node: NodeKey) -> str:
    declared = vocabulary.entities.get(node.entity)
    found = declared.attributes.get(node.attribute) if declared is not None else None
    return found.name if found is not None else ""
