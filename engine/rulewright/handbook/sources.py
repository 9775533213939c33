"""Documents and rules, both ways: what became of each paragraph, which rules cite it, and where
each rule comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright.ir.nodes import Citation
from rulewright.syntax.errors import InputError, Place, Problem, nearest
from rulewright.syntax.paragraphs import paragraph_key, read_fate
from rulewright.syntax.text import key, slug

from .record import DocumentCard, Handbook, HandbookEntry, with_sources


@dataclass(frozen=True, slots=True)
class CitedBy:
    """An entry that cites something, with the mark and the note of the citation."""

    name: str
    mark: str = ""
    note: str = ""
    kind: str = "rule"  # or `policy`, `parameter`, `interpretation`


@dataclass(frozen=True, slots=True)
class ParagraphMapped:
    """A paragraph, or a section that is cited: what became of it, and what cites it.

    `fate` is empty where none is listed.
    """

    paragraph: str
    fate: str = ""
    rules: tuple[str, ...] = ()
    reason: str = ""
    cited_by: tuple[CitedBy, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentMapped:
    """A document with its paragraphs, and what cites it as a whole."""

    document: DocumentCard
    paragraphs: tuple[ParagraphMapped, ...] = ()
    cited_by: tuple[CitedBy, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSourced:
    """An entry with its citations."""

    name: str
    kind: str
    citations: tuple[Citation, ...] = ()


def documents(book: Handbook, wanted: str | None = None) -> tuple[DocumentMapped, ...]:
    """The documents of a policy, or the one wanted.

    Raises `InputError` (RW612) when it is not there.
    """
    known = {each.id: each for each in book.documents}
    if wanted is not None and wanted not in known:
        raise InputError(
            Problem(
                Place(""),
                "RW612",
                f"`{book.policy}` cites no document `{wanted}`",
                nearest(wanted, known),
            )
        )
    sourced = rules(book)
    return tuple(_mapped(each, sourced) for each in book.documents if wanted in (None, each.id))


def rules(book: Handbook) -> tuple[RuleSourced, ...]:
    """Every entry that may cite something, in the order of the document: rules, parameters,
    interpretations, the policy.
    """
    found: list[RuleSourced] = []
    for entry, cited in with_sources(book.entries):
        found += [RuleSourced(entry.id, entry.kind, cited), *_changed_within(entry)]
    found += [RuleSourced(each.id, "parameter", each.citations) for each in book.parameters]
    found += [
        RuleSourced(each.id, "interpretation", each.citations)
        for each in book.interpretations
        if each.citations
    ]
    policies: dict[str, dict[Citation, None]] = {book.policy: dict.fromkeys(book.citations)}
    for each in book.withdrawn:
        policies.setdefault(each.by, {}).update(dict.fromkeys(each.citations))
    return (
        *found,
        *(RuleSourced(name, "policy", tuple(cited)) for name, cited in policies.items()),
    )


def _changed_within(entry: HandbookEntry) -> Iterator[RuleSourced]:
    """Rows and own words that an amendment changed: they come from elsewhere than the rest of their
    entry.
    """
    for name, grid in (
        (entry.id, entry.grid),
        *((f"{entry.id}.{slug(word.name)}", word.grid) for word in entry.words),
    ):
        for row in grid.rows if grid is not None else ():
            if row.citations:
                yield RuleSourced(f"{name}[{row.id}]", "row", row.citations)
    for word in entry.words:
        if word.citations:
            yield RuleSourced(
                f"{entry.id}.{slug(word.name)}", "word of a principle", word.citations
            )


def _mapped(document: DocumentCard, sourced: tuple[RuleSourced, ...]) -> DocumentMapped:
    cited: dict[str, list[CitedBy]] = {}
    shown: dict[str, str] = {}
    for entry in sourced:
        for each in entry.citations:
            if each.document == document.id:
                text = (
                    paragraph_key(each.section, each.paragraph) if each.paragraph else each.section
                )
                shown.setdefault(key(text), text)
                cited.setdefault(key(text), []).append(
                    CitedBy(entry.name, each.mark, each.note, entry.kind)
                )
    paragraphs = []
    for name, text in document.paragraphs:
        fate = read_fate(text)
        paragraphs.append(
            ParagraphMapped(
                name,
                fate.word if fate else text,
                fate.rules if fate else (),
                fate.reason if fate else "",
                tuple(cited.pop(key(name), ())),
            )
        )
    whole = tuple(cited.pop("", ()))
    paragraphs += [ParagraphMapped(shown[name], cited_by=tuple(by)) for name, by in cited.items()]
    return DocumentMapped(document, tuple(paragraphs), whole)
