"""The words under which the sentences of policies are read, and what was read under them.

The policies of a rulebook share most of their entries. Those that have the same words read each
entry once: of a chain of amendments each policy reads what it changes. Whatever is found here was
made of the same objects, so it is what reading again would give.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rulewright.amendments.assembly import Assembly
from rulewright.amendments.chain import vocabulary_model
from rulewright.ir.kept import Kept
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import Node, ParameterValues
from rulewright.ir.types import Choice, Type
from rulewright.ir.vocabulary import Vocabulary
from rulewright.rulebook.rulebook import Rulebook
from rulewright.rulebook.vocabulary import build_vocabulary
from rulewright.syntax.errors import Place, Problem, Problems
from rulewright.syntax.lexer import Lexicon, lexicon_of

from .expressions import check_collections

_MOST = 16  # vocabularies of one rulebook, with the parameters beside them
_MOST_READ = 20_000  # entries and attributes under each


@dataclass(frozen=True)
class Strata:
    """What each derived attribute reads, the layer of each that follows, in order, and the given
    attributes that are read.
    """

    read: dict[NodeKey, frozenset[NodeKey]]
    layers: dict[NodeKey, int]
    asks: frozenset[NodeKey]


@dataclass(eq=False)
class KnownEntries:
    """What was read under the same words, by what it was made of.

    entries: what each entry was unrolled into. words: the vocabulary with the own words of
    principles. reads: what rules of a kind of thing read. nodes: attributes with their rules, in no
    layer and in one. strata: the layers that were last found. shown: what lines under `publish` and
    `withdraw` name. counted: the kinds of things that rules count. digests: what nodes and words
    mean. parts: the parts of programs, equal ones once.
    """

    entries: Kept[Any] = field(default_factory=lambda: Kept(_MOST_READ))
    words: Kept[Vocabulary] = field(default_factory=lambda: Kept(_MOST))
    reads: Kept[frozenset[NodeKey]] = field(default_factory=lambda: Kept(_MOST_READ))
    nodes: Kept[Node] = field(default_factory=lambda: Kept(_MOST_READ))
    strata: list[Strata] = field(default_factory=list)
    shown: Kept[Any] = field(default_factory=lambda: Kept(_MOST_READ))
    counted: Kept[frozenset[Kind]] = field(default_factory=lambda: Kept(_MOST_READ))
    digests: Kept[str] = field(default_factory=lambda: Kept(_MOST_READ))
    parts: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Context:
    """A vocabulary, the types of the parameters beside it, and what policies with these words have
    in common.

    problems: what is wrong with the collections.
    """

    vocabulary: Vocabulary
    lexicon: Lexicon
    parameters: dict[str, Type]
    problems: tuple[Problem, ...]
    known: KnownEntries = field(default_factory=KnownEntries)


def vocabulary_of(book: Rulebook, assembly: Assembly) -> Vocabulary:
    """The vocabulary of a policy, amendments applied.

    Raises `InputError` with every mistake in it.
    """
    known: Kept[Vocabulary] = book.read.setdefault("vocabularies", Kept(_MOST))
    return known.made((assembly.vocabulary,), lambda: _declared(book, assembly))


def _declared(book: Rulebook, assembly: Assembly) -> Vocabulary:
    problems = Problems()
    found = build_vocabulary([vocabulary_model(assembly, book.shown)], problems, Place(book.shown))
    problems.stop_if_any()
    return found


def context_of(
    book: Rulebook, vocabulary: Vocabulary, parameters: dict[str, ParameterValues]
) -> Context:
    """The context of a policy with this vocabulary and these parameters."""
    known: Kept[Context] = book.read.setdefault("contexts", Kept(_MOST))
    types = tuple((name, each.name, each.type) for name, each in parameters.items())
    return known.made((vocabulary,), lambda: _context(vocabulary, parameters), types)


def _context(vocabulary: Vocabulary, parameters: dict[str, ParameterValues]) -> Context:
    names = list(vocabulary.names())
    for parameter in parameters.values():
        names.append(parameter.name)
        if isinstance(parameter.type, Choice):
            names += parameter.type.values
    lexicon = lexicon_of(tuple(map(str, names)))
    problems = tuple(check_collections(vocabulary, lexicon))
    return Context(
        vocabulary, lexicon, {name: each.type for name, each in parameters.items()}, problems
    )
