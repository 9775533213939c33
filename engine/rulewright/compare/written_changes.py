"""Which written change is behind a compiled rule that is another one: the rule, its row, its use,
or a word that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rulewright.ir.nodes import NodeKey, Noun, Rule
from rulewright.ir.program import Program
from rulewright.ir.traversal import Terms, find, parameters_in
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.text import key

from .record import Change

Ids = frozenset[str]
_SAYS_NOTHING = ("about", "source", "interpretation")


class Explaining:
    """Finds written changes by the names that compiled rules have."""

    def __init__(
        self, changes: Iterable[Change], old: Program, new: Program, texts: Mapping[str, str]
    ) -> None:
        """`texts`: what entries say, on one line each, by id: old and new."""
        self.changes = {each.id: each for each in changes}
        self.keyed = {(each.kind, key(each.name)): each.id for each in self.changes.values()}
        self.old, self.new, self.texts = old, new, texts

    def rule(self, node: NodeKey, old: Rule | None, new: Rule | None) -> Ids:
        """The changes that make this rule another one; perhaps one that nothing written names."""
        rule = new if new is not None else old
        assert rule is not None
        written = self._written(node, rule)
        if old is None or new is None:
            found = written or self._kinds(node)
        else:
            found = written | self._named(node, old, new) or self._all_words()
        return found or frozenset({f"rule {rule.written}"})

    def _has(self, *ids: str) -> Ids:
        return frozenset(each for each in ids if each in self.changes)

    def _one_sided(self, identity: str) -> bool:
        return identity in self.changes and self.changes[identity].action != "changed"

    # -- entries

    def _written(self, node: NodeKey, rule: Rule) -> Ids:
        """The changes of the entries that a rule comes from."""
        written = rule.written
        if "@" in node.attribute:  # a principle's own word, which is unrolled with the use
            word, _, use = node.attribute.partition("@")
            return self._of_a_use(use, "", word)
        if "@" in written:
            name, _, suffix = written.partition("@")
            principle, _, short = name.rpartition(".")
            own, use = self._has(f"rule of a use {written}"), f"{principle}@{suffix}"
            return own if own and not self._one_sided(f"use {use}") else self._of_a_use(use, short)
        if written.endswith("]"):
            table = written.partition("[")[0]
            if self._one_sided(f"table {table}"):
                return self._has(f"table {table}")
            others = frozenset(each for each in self.changes if each.startswith(f"row {table}["))
            return self._has(f"row {written}") | self._has(f"table {table}") or others
        return self._has(f"rule {written}")

    def _of_a_use(self, use: str, rule: str, word: str = "") -> Ids:
        """The changes of a use and its principle, as far as they reach one of its rules, or one of
        its own words.
        """
        if self._one_sided(f"use {use}"):
            return self._has(f"use {use}")
        principle = use.partition("@")[0]
        found = self._has(
            f"use {use}", *([f"rule of a principle {principle}.{rule}"] if rule else [])
        )
        whole = self.changes.get(f"principle {principle}")
        if whole is not None and any(_reaches(each.name, word) for each in whole.fields):
            found |= {whole.id}
        return found

    # -- words

    def _kinds(self, node: NodeKey) -> Ids:
        """A rule that one side lacks although it is written on both: the kind of thing, or the
        member, is not there.
        """
        member = (
            self.keyed.get(("member", key(f"{self._name(node.entity)} > {node.member}")))
            if node.member
            else None
        )
        if member is not None:
            return frozenset({member})
        return frozenset(
            each.id for each in self.changes.values() if each.kind in ("kind of thing", "member")
        )

    def _named(self, node: NodeKey, old: Rule, new: Rule) -> Ids:
        """The words that a rule names and that mean something else: collections, attributes of
        another type, bare names of things.
        """
        said = [
            self.texts.get(node.attribute.partition("@")[2] or _entry(new.written), ""),
            old.text,
            new.text,
        ]
        text = key(
            " ".join((*said, *(each.text for rule in (old, new) for each in rule.conditions)))
        )
        collections = frozenset(
            each.id
            for each in self.changes.values()
            if each.kind == "collection" and key(each.name) in text
        )
        return collections | frozenset(self._by_pieces(text, old, new))

    def _all_words(self) -> Ids:
        kinds = ("kind of thing", "scale", "word", "member", "collection")
        return frozenset(each.id for each in self.changes.values() if each.kind in kinds)

    def _by_pieces(self, text: str, *rules: Rule) -> Iterator[str]:
        """Parameters and attributes of another type, and what the bare name of a thing means, where
        no text names the attribute.
        """
        said: list[Terms] = [(each.conditions, each.value) for each in rules]
        for name in parameters_in(*said):
            if found := self.keyed.get(("parameter", name)):
                yield found
        for noun in find(Noun, *said):
            yield from self.attribute(noun.attribute)
            for entity in self.new.vocabulary.entities.values():
                before = self.old.vocabulary.entities.get(key(entity.name))
                mains = {key(each.main_result) for each in (entity, before) if each is not None}
                thing = self.keyed.get(("kind of thing", key(entity.name)))
                if (
                    thing is not None
                    and len(mains) > 1
                    and noun.attribute in mains
                    and noun.attribute not in text
                ):
                    yield thing

    def attribute(self, name: str, entity: str = "") -> Iterator[str]:
        """The changes of an attribute's declaration, or of the scale that it is of."""
        for vocabulary, other in (
            (self.new.vocabulary, self.old.vocabulary),
            (self.old.vocabulary, self.new.vocabulary),
        ):
            for each in vocabulary.entities.values():
                there = each.attributes.get(name)
                before = (
                    other.entities[key(each.name)].attributes.get(name)
                    if key(each.name) in other.entities
                    else None
                )
                if (
                    there is None
                    or (entity and key(each.name) != entity)
                    or (before is not None and before.type == there.type)
                ):
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
        attribute = (
            _attribute(self.new.vocabulary, node)
            or _attribute(self.old.vocabulary, node)
            or node.attribute
        )
        lines = [each for each in self.changes.values() if each.kind == "published"]
        words = (key(attribute), key(self._name(node.entity)))
        found = frozenset(
            each.id
            for each in lines
            if key(each.name).removeprefix("the ").startswith(words[0])
            and words[1] in key(each.name)
        )
        return (
            found or frozenset(each.id for each in lines) or frozenset({f"published {attribute}"})
        )

    def judged_as_one(self) -> Ids:
        """The lines under `judged as one`."""
        found = frozenset(each.id for each in self.changes.values() if each.kind == "judged as one")
        return found or frozenset({"judged as one the attributes"})

    def _name(self, entity: str) -> str:
        declared = self.new.vocabulary.entities.get(entity) or self.old.vocabulary.entities.get(
            entity
        )
        return declared.name if declared is not None else entity


def _reaches(field: str, word: str) -> bool:
    """Whether a field of a principle that is another one reaches its rules, or this own word: a
    word's table only the word.
    """
    if not field.startswith("let, "):
        return field not in _SAYS_NOTHING
    name, _, more = field.removeprefix("let, ").partition(", ")
    return key(name) == key(word) if word or more else True


def _entry(written: str) -> str:
    """The use or entry that a rule is written in."""
    name, at, suffix = written.partition("@")
    return f"{name.rpartition('.')[0]}@{suffix}" if at else written.partition("[")[0]


def _attribute(vocabulary: Vocabulary, node: NodeKey) -> str:
    declared = vocabulary.entities.get(node.entity)
    found = declared.attributes.get(node.attribute) if declared is not None else None
    return found.name if found is not None else ""
