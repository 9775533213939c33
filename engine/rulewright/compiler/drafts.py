"""Drafts of plain rules, one for each kind of entity, and what every form of writing rules needs to
make them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from rulewright.amendments.chain import Assembly
from rulewright.ir.nodes import HERE, Condition, Kind, NodeKey, Noun, Rule
from rulewright.ir.program import Interpretation, Reading
from rulewright.ir.types import Type
from rulewright.ir.vocabulary import Attribute, Vocabulary
from rulewright.rulebook.rulebook import Rulebook, RulebookEntry
from rulewright.syntax.errors import NOWHERE, InputError, Place, Problem, Problems
from rulewright.syntax.lexer import Lexicon
from rulewright.syntax.parser import parse
from rulewright.syntax.text import Map, Text, key, place_of, slug, text_of

from .citations import citations
from .conclusions import Conclusion
from .conditions import read_conditions, read_unless
from .context import KnownEntries
from .dependencies import reads
from .expressions import Reader
from .scope import Bound, Scope
from .tables import Row, Table, overlaps


@dataclass(frozen=True)
class DraftRule:
    """An unrolled rule at one node, before overrides are settled. `aliases`: what an override may
    call it.

    turn: of a row of a `first` table the table and the row's number, from 1; it goes before all
    later ones.
    """

    node: NodeKey
    rule: Rule
    targets: tuple[Text, ...]
    aliases: frozenset[str]
    table: Table | None = None
    turn: tuple[str, int] = ("", 0)


@dataclass(frozen=True)
class UnrolledEntries:
    """What entries were unrolled into: the gatherings of `Drafting`, never changed."""

    drafts: tuple[DraftRule, ...]
    notices: tuple[tuple[Kind, Rule], ...]
    noted: tuple[Interpretation, ...]
    rested_on: tuple[Text, ...]
    tables: dict[str, tuple[Table, tuple[Attribute, ...]]]
    small_tables: dict[str, Table]
    taken: dict[str, dict[str, Bound]]
    own_words: tuple[tuple[str, str, Attribute], ...]


@dataclass
class Drafting:
    """Gathers the drafts of one policy, and every mistake on the way.

    known: what was read of entries that other policies have too. repealed: all that a policy of the
    chain has repealed.
    """

    book: Rulebook
    assembly: Assembly
    vocabulary: Vocabulary
    lexicon: Lexicon
    parameters: dict[str, Type]
    problems: Problems
    known: KnownEntries = field(default_factory=KnownEntries)
    repealed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.drafts: list[DraftRule] = []
        self.notices: dict[Kind, list[Rule]] = {}
        self.interpretations: dict[str, Interpretation] = {}
        self.noted: list[Interpretation] = []  # each time that an entry writes one out
        self.rested_on: list[Text] = []
        self.tables: dict[str, tuple[Table, tuple[Attribute, ...]]] = {}
        self.small_tables: dict[str, Table] = {}  # of the principles' own words
        self.taken: dict[str, dict[str, Bound]] = {}  # by use: what it gives its principle
        self.own_words: list[
            tuple[str, str, Attribute]
        ] = []  # of principles: the entity type, the word's key, and what it is

    def scope(self, kinds: tuple[Kind, ...]) -> Scope:
        return Scope(self.vocabulary, self.lexicon, self.parameters, kinds)

    def read_by(self, kind: Kind, rules: tuple[Rule, ...]) -> frozenset[NodeKey]:
        """What these rules read, derived and given, as rules of one kind of thing."""
        return self.known.reads.made(rules, partial(self._read_by, kind, rules), kind)

    def _read_by(self, kind: Kind, rules: tuple[Rule, ...]) -> frozenset[NodeKey]:
        scope = self.scope((kind,))
        return frozenset(each for rule in rules for each in reads(rule, scope))

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """One mistake in a rule does not hide the others."""
        try:
            yield
        except InputError as error:
            self.problems.take(error)

    def _conditions(self, tree: Map, scope: Scope, place: Place) -> tuple[Condition, ...]:
        return read_conditions(tree.get("when"), scope, place) + read_unless(
            tree.get("unless"), scope, place
        )

    def _base(
        self, tree: Map, identity: str, conditions: tuple[Condition, ...], place: Place
    ) -> Rule:
        return Rule(
            identity,
            identity,
            "value",
            conditions,
            citations=citations(tree.get("source")),
            interpretations=self._rests_on(tree),
            place=place,
        )

    def _targets(self, tree: Map) -> tuple[Text, ...]:
        return tuple(tree.get("overrides") or ())

    def _conclude(
        self,
        base: Rule,
        effect: str,
        conclusion: Conclusion,
        scope: Scope,
        targets: tuple[Text, ...],
        conditions: tuple[Condition, ...],
        aliases: frozenset[str] = frozenset(),
        table: Table | None = None,
        turn: tuple[str, int] = ("", 0),
    ) -> None:
        if effect == "otherwise" and conditions:
            raise InputError(
                Problem(
                    base.place,
                    "RW325",
                    f"`otherwise` of `{base.id}` stands below all rules and has no conditions",
                    "write `then`, or leave out `when` and `unless`",
                )
            )
        rule = replace(
            base,
            effect="value" if effect == "then" else effect,
            value=conclusion.value,
            text=conclusion.text,
        )
        for kind in scope.kinds:
            node = NodeKey(kind.entity, kind.parent, kind.member, conclusion.attribute)
            named = replace(rule, id=self._named(rule.id, kind)) if "@" in rule.id else rule
            self.drafts.append(
                DraftRule(node, named, targets, aliases | {named.id, rule.written}, table, turn)
            )

    def _named(self, identity: str, kind: Kind) -> str:
        """`aggregation.inadequate@location.key-question` of the member *safe* is
        `…@location.safe`.
        """
        if not kind.member:
            return identity
        rule, _, suffix = identity.partition("@")
        words = suffix.split(".")
        words = (
            words[:-1] if words[-1] == slug(self.vocabulary.entities[kind.entity].name) else words
        )
        return f"{rule}@{'.'.join([*words, slug(kind.member)])}"

    def _derived(self, then: Text, scope: Scope) -> Noun:
        """The attribute that a table or a use gives."""
        found = Reader(scope, then, NOWHERE).expression(parse(then, "expression", scope.lexicon))
        entity = self.vocabulary.entities[scope.entity].name
        if not isinstance(found, Noun) or found.reach != HERE:
            raise InputError(
                Problem(
                    place_of(then),
                    "RW316",
                    f"`{then}` is not an attribute of `{entity}`",
                    "name a derived attribute of what the entry is of",
                )
            )
        if found.given:
            raise InputError(
                Problem(
                    place_of(then),
                    "RW316",
                    f"`{then}` is given: people enter it, no rule concludes it",
                    "name a derived attribute",
                )
            )
        return found

    def _refuse_overlaps(self, name: str, table: Table, item: RulebookEntry | None = None) -> None:
        """`item`: the table where it may be written with `hit: first`."""
        found = [
            Problem(
                second.place,
                "RW326",
                f"the rows `{first.id}` and `{second.id}` of `{name}` both hold for {shown}",
                _instead_of_overlapping(first, second, item),
            )
            for first, second, shown in overlaps(table)
        ]
        if found:
            raise InputError(found)

    def _rests_on(self, *trees: Map) -> tuple[str, ...]:
        """The interpretations of a rule: its own, and those of its use and its principle."""
        named = (self._note_interpretation(tree.get("interpretation"), None) for tree in trees)
        return tuple(dict.fromkeys(name for name in named if name))

    def _note_interpretation(self, written: Any, item_id: Text | None) -> str:
        if written is None:
            return ""
        if isinstance(written, str):
            if isinstance(written, Text):
                self.rested_on.append(written)
            return str(written)
        identity = item_id or written["id"]
        readings = tuple(
            Reading(str(name), text_of((each or {}).get("meaning") or ""))
            for name, each in (written.get("other readings") or {}).items()
        )
        self.noted.append(
            Interpretation(
                str(identity),
                text_of(written["assumed"]),
                text_of(written["because"]),
                str(written.get("mark") or ""),
                readings,
                place_of(identity),
                _bears_on(written.get("other readings") or {}),
            )
        )
        return str(identity)

    # -- entries by themselves

    def unrolled(self) -> UnrolledEntries:
        """What was gathered."""
        notices = tuple((kind, rule) for kind, rules in self.notices.items() for rule in rules)
        return UnrolledEntries(
            tuple(self.drafts),
            notices,
            tuple(self.noted),
            tuple(self.rested_on),
            self.tables,
            self.small_tables,
            self.taken,
            tuple(self.own_words),
        )

    def join(self, entry: UnrolledEntries) -> None:
        """Add what one entry was unrolled into.

        Notes the interpretations that another one has written out (RW401).
        """
        self.drafts += entry.drafts
        for kind, rule in entry.notices:
            self.notices.setdefault(kind, []).append(rule)
        for each in entry.noted:
            before = self.interpretations.get(each.id)
            if before is not None and before.place != each.place:
                first, second = sorted((before.place, each.place))
                self.problems.add(
                    "RW401",
                    second,
                    f"the interpretation `{each.id}` is there twice",
                    f"first in {first}",
                )
            self.interpretations[each.id] = each
        self.rested_on += entry.rested_on
        self.tables |= entry.tables
        self.small_tables |= entry.small_tables
        self.taken |= entry.taken
        self.own_words += entry.own_words


def _bears_on(readings: dict[Any, Any]) -> tuple[str, ...]:
    """The parameters and defaults that other readings replace, by their keys; rules, tables and
    uses name what they rest on themselves.
    """
    targets = {
        str(target) for each in readings.values() for target in ((each or {}).get("replaces") or {})
    }
    paths = (
        " > ".join(key(step) for step in each.split(">"))
        for each in targets
        if not any(c in each for c in "[@.")
    )
    return tuple(sorted(set(paths)))


def _instead_of_overlapping(first: Row, second: Row, item: RulebookEntry | None) -> str:
    """Of rows of one file either may move; where an amendment moved one of them, its neighbour has
    to follow.
    """
    if first.place.file != second.place.file and item is not None:
        left = (
            first
            if first.place.file == item.place.file
            or first.place.is_cell
            or first.place.file.endswith(".csv")
            else second
        )
        return f"move the neighbouring row `{left.id}` too"
    move = "move one of them, so that they no longer overlap"
    if item is None or (
        first.place.file != item.place.file and isinstance(item.tree["rows"], dict | list)
    ):
        return move
    return f"{move}; if the first row is meant to win, write `hit: first` below `table: {item.id}` in `{item.place.file}`"
