"""Entries as cards: rules in sentences, tables, principles with their rules and uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rulewright.documents.document import (
    Block,
    Card,
    Id,
    Line,
    Link,
    ListEntry,
    Listing,
    Matrix,
    Note,
    Paragraph,
    Piece,
    Small,
    Strong,
)
from rulewright.ir.entities import is_any_judgement
from rulewright.ir.nodes import Citation

from .record import (
    Clause,
    ConclusionShown,
    HandbookEntry,
    InterpretationCard,
    ParameterCard,
    Remark,
    TableShown,
)
from .wording import citation_words, day, sentence

LEADS = {
    "any of": "any of these holds",
    "none of": "none of these holds",
    "all of": "all of these hold",
}
LIMITED = "as a limit, "
LONGEST = 90  # of a condition that stays in the sentence


class Cards:
    """Lays out the entries of one document.

    `anchors`: where each name stands; `number`: of a citation, or none.
    """

    def __init__(
        self,
        anchors: dict[str, str],
        interpretations: Iterable[InterpretationCard],
        number: Callable[[Citation], int] | None = None,
    ) -> None:
        self.anchors = anchors
        self.interpretations = {each.id: each for each in interpretations}
        self.number = number

    # -- pieces

    def name(self, name: str, principle: str = "") -> Id:
        """A name, leading to where it stands; inside a principle its rules go by their short
        names.
        """
        whole = (
            f"{principle}.{name}" if principle and f"{principle}.{name}" in self.anchors else name
        )
        found = next(
            (
                self.anchors[each]
                for each in (whole, name.partition("[")[0])
                if each in self.anchors
            ),
            "",
        )
        return Id(name, found)

    def names(self, names: Iterable[str], principle: str = "") -> Line:
        """Several names, separated by commas."""
        pieces: list[Piece] = []
        for each in names:
            pieces += [", "] if pieces else []
            pieces.append(self.name(each, principle))
        return tuple(pieces)

    def sources(self, citations: tuple[Citation, ...]) -> Iterator[Block]:
        """Where something comes from: numbers of the notes, or the citations written out."""
        if not citations:
            return
        if self.number is None:
            yield Paragraph(
                ("Source: ", "; ".join(citation_words(each) for each in citations), "."), "source"
            )
            return
        pieces: list[Piece] = ["Source: "]
        for each in citations:
            pieces += [", "] if len(pieces) > 1 else []
            pieces += (
                [Note(self.number(each)), f" {each.mark}" if each.mark else ""]
                if each.document
                else [citation_words(each)]
            )
        yield Paragraph((*pieces, "."), "source")

    def rests(self, names: tuple[str, ...]) -> Iterator[Block]:
        """The interpretations that something rests on, in short."""
        for name in names:
            found = self.interpretations.get(name)
            assumed = f": {found.assumed}" if found else ""
            mark = f" ({found.mark})" if found and found.mark else ""
            yield Paragraph(
                ("Rests on the interpretation ", self.name(name), f"{assumed}{mark}."), "source"
            )

    def remarks(self, remarks: tuple[Remark, ...]) -> Iterator[Block]:
        """What amendments did."""
        for each in remarks:
            yield Paragraph(
                (
                    Strong(sentence(each.text)),
                    " by ",
                    Link(each.title, self.anchors.get(f"policy {each.policy}", "")),
                    " ",
                    Id(each.policy),
                    ".",
                ),
                "remark",
            )

    # -- entries

    def card(self, entry: HandbookEntry, cited: tuple[Citation, ...] | None = None) -> Card:
        """One entry; `cited`: its sources, where others than its own are to be shown."""
        blocks = [
            *self.remarks(entry.remarks),
            *self._said(entry),
            *self._overriding(entry),
            *self.sources(entry.citations if cited is None else cited),
            *self.rests(entry.interpretations),
        ]
        if entry.kind == "principle" and entry.uses:
            blocks.append(Paragraph(("Used for: ", *self.names(entry.uses), ".")))
        if entry.kind == "use" and entry.rules:
            blocks.append(Paragraph(("These rules of the principle read differently here:",)))
        blocks += [self.card(each) for each in entry.rules]
        return Card(sentence(entry.about), entry.id, self.anchors.get(entry.id, ""), tuple(blocks))

    def _said(self, entry: HandbookEntry) -> Iterator[Block]:
        if entry.kind == "principle":
            yield from self._principle(entry)
            return
        where = f"For each {entry.of}" if entry.of else ""
        if entry.kind == "use":
            yield from self._sentence(where, entry, self._of_a_use(entry))
            if entry.dropped:
                yield Paragraph(
                    (
                        "These rules of the principle do not hold here: ",
                        *self.names(entry.dropped),
                        ".",
                    )
                )
        elif entry.grid is not None:
            yield from self._sentence(where, entry, (_before_rows(entry.grid),), end=":")
            yield self._grid(entry.grid, f"{entry.id}: {entry.grid.gives}")
            yield from self._sources_of_rows(entry.grid)
        else:
            inside = entry.kind == "rule of a principle"
            for number, each in enumerate(entry.conclusions):
                if number:
                    yield Paragraph((*_begun(_concluded(each, inside)), "."))
                else:
                    yield from self._sentence(where, entry, _concluded(each, inside))

    def _of_a_use(self, entry: HandbookEntry) -> Line:
        principle = entry.id.partition("@")[0]
        pieces: list[Piece] = [
            Strong(entry.gives),
            " follows from the principle ",
            self.name(principle),
        ]
        for number, (name, text) in enumerate(entry.takes):
            pieces.append(f"{', with' if number == 0 else ','} {name}: {text}")
        return tuple(pieces)

    def _principle(self, entry: HandbookEntry) -> Iterator[Block]:
        takes = "; ".join(f"{name} ({text})" for name, text in entry.takes)
        yield Paragraph(
            (
                f"A principle: rules written once for several attributes. It takes {takes or 'nothing'} and gives a {entry.gives}.",
            )
        )
        for word in entry.words:
            if word.grid is None:
                yield Paragraph((f"In it, the {word.name} is {word.text}.",))
            else:
                yield Paragraph((f"In it, the {word.name} follows from {word.grid.inputs[0]}:",))
                yield self._grid(word.grid, f"{entry.id}: the {word.name}")
                yield from self._sources_of_rows(word.grid)
            if word.citations:
                yield from self.sources(word.citations)

    def _grid(self, grid: TableShown, caption: str) -> Matrix:
        noted = any(row.note for row in grid.rows)
        named = any(row.id != row.then for row in grid.rows)
        head = (
            *(["row"] if named else []),
            *(grid.inputs if named else ()),
            grid.gives,
            *(() if named else grid.inputs),
            *(["note"] if noted else []),
        )
        rows = []
        for row in grid.rows:
            cells: list[Line] = [(each,) for each in row.cells]
            shown: list[Line] = (
                [(Id(row.id),), *cells, (Strong(row.then),)]
                if named
                else [(Strong(row.then),), *cells]
            )
            rows.append((*shown, *([(row.note,)] if noted else [])))
        return Matrix(caption, tuple(map(sentence, head)), tuple(rows))

    def _sources_of_rows(self, grid: TableShown) -> Iterator[Block]:
        """Where the rows come from that have another source than their table."""
        for row in grid.rows:
            for block in self.sources(row.citations):
                assert isinstance(block, Paragraph)
                yield Paragraph((f"Row “{row.id}”: ", *_lower(block.line)), block.tone)

    def _overriding(self, entry: HandbookEntry) -> Iterator[Block]:
        principle = entry.id.rpartition(".")[0] if entry.kind == "rule of a principle" else ""
        rules = tuple(each for each in entry.overrides if not is_any_judgement(each))
        if rules:
            yield Paragraph(("Where it holds, it overrides ", *self.names(rules, principle), "."))
        if len(rules) < len(entry.overrides):
            yield Paragraph(("Where it holds, a judgement has no effect.",))
        for each in entry.lapsed:
            yield Paragraph(("It overrode ", Id(each), ", which no longer applies."), "remark")

    # -- sentences

    def _sentence(
        self, where: str, entry: HandbookEntry, concluded: Line, end: str = "."
    ) -> Iterator[Block]:
        """`For each …, when …, unless …: conclusion.`, with lists where there are several
        conditions.
        """
        conditions = [
            *(("when", "all of", entry.when) for _ in [0] if entry.when),
            *(("unless", "any of", entry.unless) for _ in [0] if entry.unless),
        ]
        lead = where
        for number, (word, joined, found) in enumerate(conditions):
            only = found[0] if len(found) == 1 else None
            short = (
                only is not None
                and not only.kind
                and not only.because
                and len(only.text) <= LONGEST
            )
            text = f"{lead}{', ' if lead and not lead.endswith(' ') else ''}{word} "
            text = text if short else text.removeprefix("then, ")
            if only is not None and short:
                lead = text + only.text
                continue
            kind, parts = (
                (only.kind, only.parts) if only is not None and only.kind else (joined, found)
            )
            yield Paragraph(
                (
                    f"{sentence(text)}{LEADS[kind] if len(parts) > 1 or kind == 'none of' else 'this holds'}:",
                )
            )
            yield listed(parts)
            lead = "then, " if number + 1 < len(conditions) else ""
        if lead:
            yield Paragraph((sentence(lead), ": ", *concluded, end))
        elif conditions:
            yield Paragraph(("Then, " if concluded[0] == LIMITED else "Then ", *concluded, end))
        else:
            yield Paragraph((*_begun(concluded), end))


def _lower(line: Line) -> Line:
    first, *rest = line
    return (first[:1].lower() + first[1:] if isinstance(first, str) else first, *rest)


def listed(parts: tuple[Clause, ...]) -> Listing:
    """Conditions as a list; those joined in one below it."""
    entries = []
    for each in parts:
        if each.kind:
            entries.append(ListEntry((f"{LEADS[each.kind]}:",), (listed(each.parts),)))
        else:
            entries.append(
                ListEntry(
                    (
                        each.text,
                        *((" ", Small(f"(because {each.because})")) if each.because else ()),
                    )
                )
            )
    return Listing(tuple(entries))


def _before_rows(grid: TableShown) -> str:
    which = "the first row that holds" if grid.hit == "first" else "the row that holds"
    return f"{grid.gives} stands in {which}"


def _begun(line: Line) -> Line:
    """A line that begins a sentence."""
    first, *rest = line
    return (
        sentence(first)
        if isinstance(first, str)
        else Strong(sentence(first.text))
        if isinstance(first, Strong)
        else first,
        *rest,
    )


def _concluded(conclusion: ConclusionShown, inside: bool) -> Line:
    """A conclusion as the end of a sentence; inside a principle it speaks of the result."""
    text = conclusion.text
    bare = text.startswith("has no value") if inside else False
    said = f"the result {text if bare else f'is {text}'}" if inside else text
    lead = {
        "otherwise": "where no other rule applies, ",
        "limit": LIMITED,
        "note": "the outcome notes: ",
        "warn": "the outcome warns: ",
    }.get(conclusion.form, "")
    if conclusion.form in ("note", "warn"):
        said = f"“{text}”"
    return (*([lead] if lead else []), Strong(said))


# -- parameters and interpretations


def parameter_card(cards: Cards, each: ParameterCard) -> Card:
    """A parameter with its values and dates."""
    blocks: list[Block] = [*cards.remarks(each.remarks)]
    if len(each.values) == 1 and not each.values[0][0]:
        blocks.append(
            Paragraph(
                (
                    sentence(each.meaning) + ": " if each.meaning else "",
                    Strong(day(each.values[0][1])),
                    ".",
                )
            )
        )
    elif each.values:
        blocks += [Paragraph((sentence(each.meaning) + ".",))] if each.meaning else []
        rows = tuple(
            ((f"from {day(since)}",), (Strong(day(value)),)) for since, value in each.values
        )
        blocks.append(Matrix(f"{each.id}: values by date", ("Since", "Value"), rows))
    if each.one_of:
        blocks.append(Paragraph((f"One of {', '.join(each.one_of)}.",)))
    for policy, value in each.set_by:
        blocks.append(
            Paragraph(("The policy ", Id(policy), " sets ", Strong(day(value)), " instead."))
        )
    blocks += [*cards.sources(each.citations), *cards.rests(each.interpretations)]
    return Card(sentence(each.id), each.id, cards.anchors.get(each.id, ""), tuple(blocks))


def interpretation_card(cards: Cards, each: InterpretationCard) -> Card:
    """What was assumed and why, and how else it could be read, or why it cannot."""
    mark = (" ", Small(f"({each.mark})")) if each.mark else ()
    blocks: list[Block] = [
        *cards.remarks(each.remarks),
        Paragraph(("Because ", each.because, ".", *mark)),
    ]
    if each.readings:
        blocks.append(Paragraph(("Other readings:",)))
        blocks.append(
            Listing(
                tuple(
                    ListEntry((f"{meaning} " if meaning else "", Id(name)))
                    for name, meaning in each.readings
                )
            )
        )
    if each.no_other_reading_because:
        blocks.append(Paragraph(("No other reading: ", each.no_other_reading_because, ".")))
    if each.resting:
        blocks.append(Paragraph(("What rests on it: ", *cards.names(each.resting), ".")))
    return Card(
        sentence(each.assumed),
        each.id,
        cards.anchors.get(each.id, ""),
        (*blocks, *cards.sources(each.citations)),
    )
