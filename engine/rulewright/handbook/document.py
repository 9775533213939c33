"""From a handbook to a document: which sections there are, in which order, and where each name
stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.documents.document import (
    Block,
    Id,
    Line,
    ListEntry,
    Listing,
    Matrix,
    Note,
    Page,
    Paragraph,
    Section,
    Strong,
    TermList,
)
from rulewright.ir.nodes import Citation
from rulewright.syntax.text import slug

from .entry_cards import Cards, interpretation_card, parameter_card
from .record import Amendment, ChangeShown, Clause, Handbook, Word, with_inner
from .wording import citation_words, day, joined, period, sentence


def compose(book: Handbook) -> Page:
    """The document of a policy."""
    return _Composing(book).document()


class _Composing:
    def __init__(self, book: Handbook) -> None:
        self.book = book
        self.taken: set[str] = set()
        self.citations: dict[Citation, int] = {}
        names = [each.id for each in with_inner(book.entries)]
        names += [
            *(each.id for each in book.parameters),
            *(each.id for each in book.interpretations),
        ]
        self.anchors = {name: self.anchor(f"rule {name}") for name in names}
        self.anchors |= {
            f"policy {each.policy}": self.anchor(f"changes {each.policy}")
            for each in book.amendments
        }
        self.cards = Cards(self.anchors, book.interpretations, self.number)

    def anchor(self, name: str) -> str:
        """A place in the document, no two alike."""
        wanted = slug(name) or "part"
        found, count = wanted, 1
        while found in self.taken:
            count += 1
            found = f"{wanted}-{count}"
        self.taken.add(found)
        return found

    def number(self, citation: Citation) -> int:
        """The number of the note of a citation, in the order in which they are met."""
        return self.citations.setdefault(citation, len(self.citations) + 1)

    def section(self, title: str, blocks: list[Block], listed: bool = True) -> Iterator[Section]:
        """A section, if there is something in it."""
        if blocks:
            yield Section(title, self.anchor(title), tuple(blocks), listed)

    def document(self) -> Page:
        book = self.book
        facts = self._facts()
        sections = [
            *self.section("What is published", self._published()),
            *self.section("What is no longer published", self._withdrawn()),
            *self.section("What is judged as one", self._judged_as_one()),
            *self.section(
                "Rules",
                [
                    each
                    for topic in book.topics
                    for each in self.section(
                        topic.title,
                        [
                            *([Paragraph((topic.about,))] if topic.about else []),
                            *map(self.cards.card, topic.entries),
                        ],
                    )
                ],
            ),
            *self.section(
                "Parameters", [parameter_card(self.cards, each) for each in book.parameters]
            ),
            *self.section("Interpretations", self._interpretations()),
            *self.section(
                "What each amendment changed",
                [each for one in book.amendments for each in self._amendment(one)],
            ),
            *self.section("Words", self._words()),
            *self.section("Documents", self._documents()),
        ]
        sections += self.section("Sources", self._sources())
        return Page(book.title, f"A policy in full: {book.policy}", facts, tuple(sections))

    # -- the head

    def _facts(self) -> TermList:
        book = self.book
        pairs: list[tuple[str, Line]] = [("Policy", (Id(book.policy),)), ("Status", (book.status,))]
        dates = period(book.since, book.until, dated=book.status != "proposed")
        pairs += [("In force", (dates,))] if dates else []
        for number, (name, title) in enumerate(book.chain[1:]):
            pairs.append(("Amends" if number == 0 else "Which amends", (title, " ", Id(name))))
        pairs += [("About", (sentence(book.about),))] if book.about else []
        pairs += [("Please note", (book.disclaimer,))] if book.disclaimer else []
        if book.scope:
            pairs.append(("Scope", ("; ".join(map(_of_the_scope, book.scope)),)))
        for name in book.rests_on:
            pairs.append(("Rests on", (self.cards.name(name),)))
        notes: list[Note | str] = []
        for each in book.citations:
            notes += [
                *([", "] if notes else []),
                Note(self.number(each)),
                f" {each.mark}" if each.mark else "",
            ]
        pairs += [("Source", tuple(notes))] if notes else []
        return TermList(tuple(pairs))

    def _published(self) -> list[Block]:
        if not self.book.published:
            return [Paragraph(("Everything that rules conclude.",))]
        return [Listing(tuple(ListEntry((each,)) for each in self.book.published))]

    def _withdrawn(self) -> list[Block]:
        entries = []
        for each in self.book.withdrawn:
            once = (
                f"once {each.once}{f' (because {each.because})' if each.because else ''}."
                if each.once
                else "from the first day."
            )
            below: list[Block] = [Paragraph(("Withdrawn by ", Id(each.by), ", ", once))]
            if each.until_then:
                below.append(Paragraph((f"Until then: {each.until_then}.",)))
            entries.append(
                ListEntry((Strong(each.what),), (*below, *self.cards.sources(each.citations)))
            )
        return [Listing(tuple(entries))] if entries else []

    def _judged_as_one(self) -> list[Block]:
        lead = Paragraph(("A judgement on one of these is a judgement on each.",))
        return (
            [
                lead,
                Listing(tuple(ListEntry((each,)) for each in map(joined, self.book.judged_as_one))),
            ]
            if self.book.judged_as_one
            else []
        )

    # -- after the rules

    def _interpretations(self) -> list[Block]:
        lead = Paragraph(
            (
                "What was assumed where the text does not decide, why, and how else it could be read.",
            )
        )
        found = [interpretation_card(self.cards, each) for each in self.book.interpretations]
        return [lead, *found] if found else []

    def _amendment(self, amendment: Amendment) -> Iterator[Section]:
        """What one policy changed, by what it did, in the order in which amendments act."""
        blocks: list[Block] = [
            Paragraph(("The policy ", Id(amendment.policy), " amends ", Id(amendment.amends), "."))
        ]
        found: dict[str, list[ListEntry]] = {}
        for change in amendment.changes:
            found.setdefault(change.action, []).append(self._change(change))
        entries = tuple(
            ListEntry((Strong(sentence(action)), ":"), (Listing(tuple(each)),))
            for action, each in found.items()
        )
        blocks += [Listing(entries)] if entries else []
        yield Section(amendment.title, self.anchors[f"policy {amendment.policy}"], tuple(blocks))

    def _change(self, change: ChangeShown) -> ListEntry:
        named = (
            change.action in ("published", "withdrawn", "judged as one") or change.name == "scope"
        )
        line: Line = (change.name if named else self.cards.name(change.name),)
        line += (f", {change.about}",) if change.about else ()
        line += (
            (f", {'once' if change.action == 'withdrawn' else 'while'} {change.condition}",)
            if change.condition
            else ()
        )
        below = tuple(
            ListEntry(_old_and_new(each.name, each.old, each.new)) for each in change.fields
        )
        return ListEntry(line, (Listing(below),) if below else ())

    def _words(self) -> list[Block]:
        rows = tuple(
            (
                (each.name,),
                (each.meaning,),
                (each.result,),
                (", ".join(each.below),),
                (", ".join(each.members),),
            )
            for each in self.book.things
        )
        table = Matrix(
            "things, as cases list them",
            ("Thing", "Meaning", "Main result", "Below it", "Always these"),
            rows,
        )
        found: list[Block] = [*self.section("What a case consists of", [table])]
        lead: list[Block] = []
        for scale in self.book.scales:
            outside = f" Outside the order: {', '.join(scale.outside)}." if scale.outside else ""
            meaning = f" ({scale.meaning})" if scale.meaning else ""
            lead.append(
                Paragraph(
                    (f"A {scale.name}{meaning}, worst first: {', '.join(scale.order)}.{outside}",)
                )
            )
        for name, text in self.book.collections:
            lead.append(Paragraph(("The ", Strong(name), f": {text}.")))
        for kind, title in (("given", "What people enter"), ("derived", "What is concluded")):
            words = [each for each in self.book.words if each.kind == kind]
            found += self.section(title, [_glossary(words, kind)] if words else [])
        return [*lead, *found]

    def _documents(self) -> list[Block]:
        rows = []
        for each in self.book.documents:
            seen = f"{each.seen} ({each.version_seen})" if each.version_seen else each.seen
            title = ". ".join(
                part.rstrip(".")
                for part in (each.title, sentence(each.about), each.licence)
                if part
            )
            rows.append(((Id(each.id),), (title,), (each.publisher,), (day(each.date),), (seen,)))
        return (
            [
                Matrix(
                    "documents, and how much of each was seen",
                    ("Id", "Title", "Publisher", "Date", "Seen"),
                    tuple(rows),
                )
            ]
            if rows
            else []
        )

    def _sources(self) -> list[Block]:
        titles = {each.id: each.title for each in self.book.documents}
        entries = [
            ListEntry(
                (citation_words(each, titles.get(each.document, "")),), anchor=f"source-{number}"
            )
            for each, number in self.citations.items()
        ]
        return [Listing(tuple(entries), numbered=True)] if entries else []


def _of_the_scope(clause: Clause) -> str:
    said = clause.text or f"{clause.kind}: {', '.join(map(_of_the_scope, clause.parts))}"
    return f"{said} (because {clause.because})" if clause.because else said


def _glossary(words: list[Word], kind: str) -> Matrix:
    head = ("Word", "Of", "Values", *(["If not stated"] if kind == "given" else []), "Meaning")
    rows = []
    for each in words:
        meaning = "; ".join(
            part
            for part in (
                each.meaning,
                f"shown as “{each.label}”" if each.label else "",
                "may be judged" if each.judged else "",
            )
            if part
        )
        default: list[Line] = [(each.default or "missing",)] if kind == "given" else []
        rows.append(((each.name,), (each.entity,), (each.values,), *default, (meaning,)))
    return Matrix(
        "facts, as cases state them" if kind == "given" else "conclusions, as rules give them",
        head,
        tuple(rows),
    )


def _old_and_new(name: str, old: str, new: str) -> Line:
    lead = f"{name}: "
    if not old:
        return (lead, "now ", Strong(f"“{new}”"))
    if old == new:
        return (lead, f"“{new}” changed")
    if not new:
        return (lead, f"“{old}” goes")
    return (lead, f"“{old}” becomes ", Strong(f"“{new}”"))
