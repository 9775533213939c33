"""What a handbook holds: one policy with all amendments applied, in the words of those who wrote
it. Plain data.

Everything is text as the source files have it, on one line; ids are those that amendments and
trails name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from rulewright.ir.nodes import Citation


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in its own words; or several under `any of`, `none of` or `all of`.

    because: why it may decide whether a fact was stated.
    """

    text: str = ""
    kind: str = ""
    parts: tuple[Clause, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class ConclusionShown:
    """What a rule concludes. form: `then`, `otherwise`, `limit`, `note` or `warn`."""

    form: str
    text: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table: its cells in words, one for each input. citations: where it comes from, if
    not from where its table does.
    """

    id: str
    cells: tuple[str, ...]
    then: str
    note: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class TableShown:
    """A decision table. hit: `unique`, or `first` where the first row that holds wins."""

    inputs: tuple[str, ...]
    gives: str
    rows: tuple[GridRow, ...]
    hit: str = "unique"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A principle's own word: a formula, or a small table. citations: where it comes from, if not
    from where the principle does.
    """

    name: str
    text: str = ""
    grid: TableShown | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What an amending policy did to an entry."""

    policy: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HandbookEntry:
    """A rule, table, principle, rule of a principle, or use of one.

    `rules`: those of a principle; of a use the ones that differ there. `dropped`: rules that do not
    hold in a use. `lapsed`: overrides of what was repealed. `of_change`: where the change of a use
    or principle comes from, which its rules carry too. `takes`: what a principle is given, or what
    a use gives it.
    """

    kind: str
    id: str
    about: str = ""
    of: str = ""
    when: tuple[Clause, ...] = ()
    unless: tuple[Clause, ...] = ()
    conclusions: tuple[ConclusionShown, ...] = ()
    overrides: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    grid: TableShown | None = None
    takes: tuple[tuple[str, str], ...] = ()
    words: tuple[OwnWord, ...] = ()
    gives: str = ""
    rules: tuple[HandbookEntry, ...] = ()
    dropped: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    of_change: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading and the entries under it."""

    title: str
    about: str = ""
    entries: tuple[HandbookEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterCard:
    """A parameter. `values`: by the date since which they hold (empty: always).

    `set_by`: what policies say otherwise.
    """

    id: str
    values: tuple[tuple[str, str], ...]
    meaning: str = ""
    one_of: tuple[str, ...] = ()
    set_by: tuple[tuple[str, str], ...] = ()
    citations: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    place: str = ""

    @property
    def now(self) -> str:
        """The value that holds last: what a policy sets, else the one of the last date."""
        return self.set_by[-1][1] if self.set_by else self.values[-1][1] if self.values else ""


@dataclass(frozen=True, slots=True)
class InterpretationCard:
    """What was assumed, why, how else it could be read or why it cannot, and the entries that rest
    on it.
    """

    id: str
    assumed: str
    because: str
    mark: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    no_other_reading_because: str = ""
    resting: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    remarks: tuple[Remark, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary that rules of the policy use. kind: `given` (people enter it) or
    `derived`.
    """

    name: str
    entity: str
    kind: str
    values: str
    default: str = ""
    meaning: str = ""
    label: str = ""
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing that a case consists of.

    `result`: the word that its bare name stands for in rules; `below`: the kinds below it;
    `members`: of a fixed set.
    """

    name: str
    meaning: str = ""
    result: str = ""
    below: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScaleCard:
    """A scale, worst first, and the known answers outside its order."""

    name: str
    order: tuple[str, ...]
    outside: tuple[str, ...] = ()
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A document that the policy cites, and how much of it was seen."""

    id: str
    title: str
    publisher: str
    date: str
    seen: str
    version_seen: str = ""
    licence: str = ""
    about: str = ""
    paragraphs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a policy no longer publishes: once a condition holds in a case (and why that may ask
    whether a fact was stated), and what is shown until then.
    """

    what: str
    by: str
    once: str = ""
    because: str = ""
    until_then: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that an amendment says otherwise. Empty: it was, or is now, not there."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One thing that an amendment did: `replaced`, `repealed`, `added`, `repealed, kept
    transitionally`, `goes on transitionally` …

    `unchanged`: it was replaced by what it was already.
    """

    action: str
    name: str
    about: str = ""
    fields: tuple[FieldChange, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """All that one amending policy changed of the policy that it amends."""

    policy: str
    title: str
    amends: str
    changes: tuple[ChangeShown, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """What a rule reads and gives, in words, and the rules that read what it gives."""

    reads: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handbook:
    """One policy as people read it.

    `chain`: the policy itself and those that it amends, as (id, title).
    """

    policy: str
    title: str
    status: str
    since: str
    until: str
    about: str
    chain: tuple[tuple[str, str], ...]
    scope: tuple[Clause, ...]
    published: tuple[str, ...]
    withdrawn: tuple[Withdrawn, ...]
    topics: tuple[Topic, ...]
    parameters: tuple[ParameterCard, ...]
    interpretations: tuple[InterpretationCard, ...]
    things: tuple[Thing, ...]
    collections: tuple[tuple[str, str], ...]
    scales: tuple[ScaleCard, ...]
    words: tuple[Word, ...]
    documents: tuple[DocumentCard, ...]
    amendments: tuple[Amendment, ...]
    rests_on: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    connections: dict[str, Connection] = field(default_factory=dict)
    # of rules in trails that are written under another id
    spellings: dict[str, str] = field(default_factory=dict)
    disclaimer: str = ""
    judged_as_one: tuple[tuple[str, ...], ...] = ()

    @property
    def entries(self) -> tuple[HandbookEntry, ...]:
        """Every rule, table, principle and use, in the order of the document."""
        return tuple(entry for topic in self.topics for entry in topic.entries)


PAIRS = "tuple[tuple[str, str], ...]"


def with_inner(entries: Iterable[HandbookEntry]) -> Iterator[HandbookEntry]:
    """Entries, each followed by the rules written inside it."""
    for entry in entries:
        yield entry
        yield from entry.rules


def with_sources(
    entries: Iterable[HandbookEntry],
) -> Iterator[tuple[HandbookEntry, tuple[Citation, ...]]]:
    """Entries and the rules written inside them, each with its citations or those that it has from
    its principle.
    """
    listed = tuple(entries)
    principles = {each.id: each.citations for each in listed if each.kind == "principle"}
    for entry in listed:
        own = entry.citations or principles.get(entry.id.partition("@")[0], ())
        yield entry, own
        for rule in entry.rules:
            yield rule, rule.citations or own


def as_record(value: Any) -> Any:
    """Plain data as JSON has it: field names with spaces; what is empty and may be is left out."""
    if isinstance(value, tuple | list):
        return [as_record(each) for each in value]
    if isinstance(value, dict):
        return {name: as_record(each) for name, each in value.items()}
    if not hasattr(value, "__dataclass_fields__"):
        return value
    found = {}
    for each in fields(value):
        content = getattr(value, each.name)
        if each.type == PAIRS:
            content = {name or "always": text for name, text in content}
        may_be_left_out = each.default is not MISSING or each.default_factory is not MISSING
        if not may_be_left_out or content not in ((), "", None, False, {}):
            found[each.name.replace("_", " ")] = as_record(content)
    return found
