"""The words of a policy, to be looked up: things, their members and attributes, and which rules
read and give them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rulewright.compiler.dependencies import kinds_in
from rulewright.ir.nodes import NodeKey
from rulewright.ir.program import Program
from rulewright.ir.vocabulary import Attribute, EntityType
from rulewright.syntax.text import key, text_of

from .connections import read_and_given
from .glossary import default, values_of
from .names import entry_of


@dataclass(frozen=True, slots=True)
class WordFound:
    """A word of the vocabulary. what: `thing`, `member`, `entered` or `concluded`. of: the thing
    whose word it is; of a thing those above it.
    """

    word: str
    what: str
    of: tuple[str, ...] = ()
    values: str = ""
    unless_stated: str = ""
    may_be_judged: bool = False
    expected_to_count: bool = False
    changes_by: str = ""
    meaning: str = ""
    read_by: tuple[str, ...] = ()
    given_by: tuple[str, ...] = ()


def words(program: Program, asked: Iterable[str] = ()) -> list[WordFound]:
    """The words in which all of `asked` occur; those that are called just so, if there are any.
    Without `asked` all.

    `key question > safe`, as amendments name it, is that word of that thing.
    """
    owner, _, called = " ".join(asked).rpartition(" > ")
    wanted = key(called)
    found = [each for each in _Words(program).all() if not owner or key(owner) in map(key, each.of)]
    exact = [each for each in found if key(each.word) == wanted]
    parts = wanted.split()
    return exact or [each for each in found if all(part in key(each.word) for part in parts)]


class _Words:
    def __init__(self, program: Program) -> None:
        self.program = program
        read, given = read_and_given(program)
        self.readers, self.givers = _by_node(read), _by_node(given)

    def all(self) -> Iterator[WordFound]:
        """In the order of the vocabulary."""
        for name, entity in self.program.vocabulary.entities.items():
            above = tuple(
                self.program.vocabulary.entities[each].name
                for each in self.program.vocabulary.parents(name)
            )
            yield WordFound(entity.name, "thing", above, meaning=text_of(entity.meaning))
            for member in entity.members:
                nodes = [
                    node
                    for node in self.readers.keys() | self.givers.keys()
                    if node.entity == name and node.member == member
                ]
                yield WordFound(
                    member,
                    "member",
                    (entity.name,),
                    read_by=_of(self.readers, nodes),
                    given_by=_of(self.givers, nodes),
                )
            for attribute in entity.attributes.values():
                if not attribute.hidden:
                    yield self._attribute(name, entity, attribute)

    def _attribute(self, owner: str, entity: EntityType, attribute: Attribute) -> WordFound:
        nodes = [
            NodeKey(kind.entity, kind.parent, kind.member, key(attribute.name))
            for kind in kinds_in(self.program.vocabulary)
            if kind.entity == owner
        ]
        return WordFound(
            attribute.name,
            "entered" if attribute.given else "concluded",
            (entity.name,),
            values_of(attribute),
            default(attribute),
            attribute.may_be_judged,
            attribute.expected_to_count,
            attribute.changes_by,
            text_of(attribute.meaning or attribute.label),
            _of(self.readers, nodes),
            _of(self.givers, nodes),
        )


def _by_node(rules: dict[str, set[NodeKey]]) -> dict[NodeKey, set[str]]:
    found: dict[NodeKey, set[str]] = defaultdict(set)
    for rule, nodes in rules.items():
        for node in nodes:
            found[node].add(entry_of(rule))
    return found


def _of(rules: dict[NodeKey, set[str]], nodes: Iterable[NodeKey]) -> tuple[str, ...]:
    return tuple(sorted(set[str]().union(*(rules.get(each, ()) for each in nodes))))


# -- laid out


def in_a_row(word: WordFound) -> list[str]:
    """A word as one line of a list."""
    return [word.word, word.what, ", ".join(word.of), word.values, word.unless_stated]


def in_lines(word: WordFound) -> Iterator[str]:
    """A word by itself."""
    owners = " or ".join(f"a {each}" for each in word.of)
    said = {
        "thing": f"a thing below {owners}" if owners else "what a case is of",
        "member": f"a fixed member: {word.of[0] if word.of else ''}",
        "entered": f"entered, of {owners}",
        "concluded": f"concluded by rules, of {owners}",
    }
    yield f"{word.word}: {said[word.what]}"
    facts = (
        ("meaning", word.meaning),
        ("values", word.values),
        ("unless stated", word.unless_stated),
        ("may be judged", "yes" if word.may_be_judged else ""),
        ("expected to count", "yes" if word.expected_to_count else ""),
        ("changes by", word.changes_by),
        ("given by", ", ".join(word.given_by)),
        ("read by", ", ".join(word.read_by)),
    )
    yield from (f"  {name}: {content}" for name, content in facts if content)
