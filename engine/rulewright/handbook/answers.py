"""Answers to questions about a rulebook, laid out: one thing in full, and the rows of lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rulewright.amendments.policy_selection import PolicyDates
from rulewright.documents.document import (
    Block,
    Card,
    Id,
    Line,
    ListEntry,
    Listing,
    Paragraph,
    Piece,
    TermList,
)
from rulewright.ir.nodes import Citation
from rulewright.ir.types import show_date

from .counts import PolicyCount
from .entry_cards import Cards, interpretation_card, parameter_card
from .record import Clause, Handbook, HandbookEntry, InterpretationCard, ParameterCard, with_sources
from .search import SearchResult, Standing
from .sources import CitedBy, DocumentMapped, RuleSourced
from .wording import citation_words, day, period

MOST_SCENARIOS = 10


def in_full(book: Handbook, found: SearchResult) -> tuple[Block, ...]:
    """One thing as the document shows it, and how it stands to everything else."""
    cards = Cards({}, book.interpretations)
    if isinstance(found.card, ParameterCard):
        card = parameter_card(cards, found.card)
    elif isinstance(found.card, InterpretationCard):
        card = interpretation_card(cards, found.card)
    else:
        inherited = {entry.id: cited for entry, cited in with_sources(book.entries)}
        cited = (
            found.card.citations
            or inherited.get(found.card.id)
            or inherited.get(found.card.id.partition("@")[0], ())
        )
        card = cards.card(found.card, cited)
    return (
        Card(
            card.title,
            card.id,
            "",
            (*card.blocks, TermList(tuple(_facts(found))), *_scenarios(found)),
        ),
    )


def _facts(found: SearchResult) -> Iterator[tuple[str, Line]]:
    card = found.card
    kind = (
        card.kind
        if isinstance(card, HandbookEntry)
        else "parameter"
        if isinstance(card, ParameterCard)
        else "interpretation"
    )
    kind = (
        "row of a table"
        if "[" in card.id
        else "rule of a use"
        if "rule" in kind and "@" in card.id
        else kind
    )
    yield "Kind", (kind,)
    yield "Written in", (card.place,)
    connection = found.connection
    for term, names in (
        ("Goes before it", found.overridden_by),
        ("Read by", connection.used_by),
        ("Rests on", found.rests_on),
    ):
        if names:
            yield term, tuple(_ids(names))
    for term, words in (("Reads", connection.reads), ("Gives", connection.gives)):
        if words:
            yield term, ("; ".join(words),)
    for each in found.standing:
        yield ("Stands in" if each.stands else "Not in"), (Id(each.policy), *_remarks(each))


def _remarks(standing: Standing) -> Iterator[str]:
    if standing.remarks:
        yield f" ({'; '.join(standing.remarks)})"


def _ids(names: Iterable[str]) -> Iterator[Piece]:
    for number, each in enumerate(names):
        if number:
            yield ", "
        yield Id(each)


def _scenarios(found: SearchResult) -> Iterator[Block]:
    if not isinstance(found.card, HandbookEntry):
        return
    if found.scenarios is None:
        yield Paragraph(("No scenarios were run; ", Id("--scenarios"), " names them."))
        return
    count = len(found.scenarios)
    if not count:
        yield Paragraph(("No scenario fires it.",))
        return
    yield Paragraph((f"Fired by {count} scenario{'s' if count > 1 else ''}:",))
    shown = [ListEntry((each,)) for each in found.scenarios[:MOST_SCENARIOS]]
    more = [ListEntry((f"and {count - MOST_SCENARIOS} more",))] if count > MOST_SCENARIOS else []
    yield Listing((*shown, *more))


# -- lists


def policy_rows(
    policies: Iterable[PolicyDates], counts: dict[str, PolicyCount]
) -> list[dict[str, Any]]:
    """Every policy: its id, title, status, dates, what it amends, and how many rules it has, where
    it compiles.
    """
    rows = []
    for each in policies:
        counted = counts.get(each.id)
        since, until = (
            show_date(day) if day is not None else "" for day in (each.since, each.until)
        )
        rows.append(
            {
                "id": each.id,
                "title": each.title,
                "status": each.status,
                "from": since,
                "until": until,
                "dates": period(since, until, each.dated),
                "amends": counted.amends if counted is not None else "",
                "rules": counted.rules if counted is not None else "does not compile",
            }
        )
    return rows


def matching(
    book: Handbook, words: Iterable[str]
) -> list[tuple[HandbookEntry, tuple[Citation, ...]]]:
    """The entries in which every word occurs (in the id, in what they are about and of, or in what
    they say), and their sources.
    """
    wanted = [each.casefold() for each in words]
    return [
        (entry, cited)
        for entry, cited in with_sources(book.entries)
        if all(word in _said(entry) for word in wanted)
    ]


def _said(entry: HandbookEntry) -> str:
    pieces = [
        entry.id,
        entry.about,
        entry.of,
        entry.gives,
        *(each.text for each in entry.conclusions),
        *_texts(entry.when),
        *_texts(entry.unless),
        *(text for _, text in entry.takes),
    ]
    for grid in (entry.grid, *(each.grid for each in entry.words)):
        pieces += (
            [
                *grid.inputs,
                grid.gives,
                *(cell for row in grid.rows for cell in (row.id, row.then, *row.cells)),
            ]
            if grid
            else []
        )
    return "\n".join(pieces).casefold()


def _texts(clauses: Iterable[Clause]) -> Iterator[str]:
    for each in clauses:
        yield each.text
        yield each.because
        yield from _texts(each.parts)


def marks(citations: Iterable[Citation]) -> str:
    """How sure the sources are."""
    return ", ".join(
        dict.fromkeys(
            each.mark if each.document else "no source given"
            for each in citations
            if each.mark or not each.document
        )
    )


def parameter_row(each: ParameterCard) -> list[str]:
    """Name, value, dates, meaning, source, and what a policy set otherwise."""
    dates = "; ".join(f"from {day(since)}: {value}" for since, value in each.values if since)
    otherwise = "; ".join(f"{policy}: {value}" for policy, value in each.set_by)
    return [
        each.id,
        each.now,
        dates,
        each.meaning,
        "; ".join(citation_words(one) for one in each.citations),
        otherwise,
    ]


def document_lines(mapped: DocumentMapped) -> Iterator[str]:
    """One document: how much was seen, what became of each paragraph, and what cites it."""
    document = mapped.document
    version = f"; {document.version_seen}" if document.version_seen else ""
    yield f"{document.id}: {document.title} ({document.publisher}, {day(document.date)}), {_seen(document.seen)}{version}"
    if document.about:
        yield f"  {document.about}"
    for each in mapped.paragraphs:
        fate = f": {each.fate}" if each.fate else ""
        rules = f" {', '.join(each.rules)}" if each.rules else ""
        yield f"  {each.paragraph}{fate}{rules}{f' ({each.reason})' if each.reason else ''}"
        yield from _citing(each.cited_by, "    ")
    yield from _citing(mapped.cited_by, "  ")


def _seen(how: str) -> str:
    return how if how == "not seen" else f"seen {how}"


def _citing(cited: Iterable[CitedBy], indent: str) -> Iterator[str]:
    for each in cited:
        kind = f" ({each.kind})" if each.kind in ("policy", "parameter", "interpretation") else ""
        yield f"{indent}cited by {each.name}{kind}{f', {each.mark}' if each.mark else ''}{f': {each.note}' if each.note else ''}"


def sourced_line(each: RuleSourced) -> str:
    """One entry with its citations."""
    return f"{each.name}: {'; '.join(citation_words(one) for one in each.citations) or 'no source'}"
