"""Coverage as a page: totals, what is left, and every rule with its conditions and the scenarios
that show them.
"""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.documents.document import (
    Block,
    Card,
    Id,
    Line,
    ListEntry,
    Listing,
    Matrix,
    Page,
    Paragraph,
    Section,
    Small,
    Strong,
    TermList,
)

from .record import ConditionCovered, Coverage, FirstShown, Gap, ParagraphCovered, RuleCovered
from .render import besides, gaps, of, percent, sentence, totals

NONE_LEFT = "Every rule takes effect somewhere, and every condition matters, met and not met."


def page(found: Coverage) -> Page:
    """The whole page, for `rulewright.documents.html`."""
    sections = [
        Section("How much is covered", "totals", (_totals(found),)),
        Section("What is not covered", "left", tuple(_left(found))),
        Section("Beside rules and conditions", "beside", tuple(_beside(found))),
        Section("Every rule and condition", "rules", tuple(_files(found))),
    ]
    facts: list[tuple[str, Line]] = [
        ("Covered", (Strong(percent(found.total)),)),
        ("Rules that take effect", (of(found.share_of_rules),)),
        (
            "Conditions, met and not met where it mattered"
            + (", and undecided" if found.undecided else ""),
            (of(found.share_of_conditions),),
        ),
        ("Scenarios", (str(found.scenarios),)),
    ]
    return Page(
        "What the scenarios cover",
        "Coverage",
        TermList(tuple(facts)),
        tuple(each for each in sections if each.blocks),
    )


def _totals(found: Coverage) -> Matrix:
    head, rows = totals(found)
    return Matrix(
        "Coverage by policy",
        tuple(_capital(each) for each in head),
        tuple(tuple((cell or "–",) for cell in row) for row in rows),
    )


def _left(found: Coverage) -> Iterator[Block]:
    listed = list(gaps(found))
    for title, anchor, kept in (
        (
            "To be shown by a scenario",
            "holes",
            [(each, gap, "") for each, gap in listed if gap.counts],
        ),
        (
            "What no case can show",
            "cannot-be",
            [(each, gap, gap.cannot_be) for each, gap in listed if gap.cannot_be],
        ),
        (
            "Left out by a person",
            "left-out",
            [(each, gap, gap.excepted) for each, gap in listed if gap.excepted],
        ),
    ):
        if kept:
            yield Section(
                title, anchor, (Listing(tuple(_entry(each, gap, why) for each, gap, why in kept)),)
            )
    if not listed:
        yield Paragraph((NONE_LEFT,))
    if found.unused_exceptions:
        lines = (
            ListEntry((f"`{each.rule}`, {each.what}: {each.because} ", Small(each.place)))
            for each in found.unused_exceptions
        )
        yield Section(
            "Exceptions that are not needed any more", "unneeded", (Listing(tuple(lines)),)
        )


def _entry(each: RuleCovered | ConditionCovered, gap: Gap, why: str) -> ListEntry:
    return ListEntry((sentence(each, gap), f": {why} " if why else " ", Small(each.place)))


def _beside(found: Coverage) -> Iterator[Block]:
    rows = tuple(
        (
            (_capital(title),),
            (f"{total - len(left)} of {total}",),
            ("; ".join(each for each in dict.fromkeys(left) if each) or "–",),
        )
        for title, total, left in besides(found)
    )
    yield Matrix("What else the scenarios show", ("What", "How many", "Which not"), rows)
    encoded = tuple(_paragraph(each) for each in found.paragraphs if each.encoded_by)
    if encoded:
        yield Matrix(
            "Paragraphs of the documents that were seen in whole",
            ("Document, paragraph", "Covered", "Encoded by"),
            encoded,
        )
    readings = tuple(
        (
            (each.reading,),
            (Id(one.interpretation),),
            _scenario(each.run),
            _scenario(each.told_apart),
        )
        for one in found.interpretations
        for each in one.readings
    )
    if readings:
        yield Matrix(
            "Other readings", ("Reading", "Of", "Run by", "Changes the outcome of"), readings
        )


def _paragraph(each: ParagraphCovered) -> tuple[Line, ...]:
    covered, things = (
        sum(one.covered for one in each.encoded_by),
        sum(one.things for one in each.encoded_by),
    )
    by = ", ".join(f"`{one.name}` ({one.covered} of {one.things})" for one in each.encoded_by)
    return (f"{each.document}, {each.paragraph}",), (f"{covered} of {things}",), (by,)


def _files(found: Coverage) -> Iterator[Section]:
    """A section for each file, a card for each rule, row, table or use in it."""
    both: list[RuleCovered | ConditionCovered] = [*found.rules, *found.conditions]
    for number, file in enumerate(sorted({_file(each) for each in both})):
        here = [each for each in both if _file(each) == file]
        names = list(dict.fromkeys(each.rule for each in sorted(here, key=_line)))
        yield Section(
            file,
            f"file-{number + 1}",
            tuple(_card([each for each in here if each.rule == name], name) for name in names),
        )


def _file(each: RuleCovered | ConditionCovered) -> str:
    return each.place.rsplit(":", 2)[0]


def _line(each: RuleCovered | ConditionCovered) -> tuple[int, ...]:
    return tuple(int(number) if number.isdigit() else 0 for number in each.place.rsplit(":", 2)[1:])


def _card(of_one: list[RuleCovered | ConditionCovered], name: str) -> Card:
    blocks: list[Block] = []
    for each in of_one:
        if isinstance(each, RuleCovered):
            blocks.append(
                Paragraph((f"{_capital(each.conclusion)}. ", Small(each.place)), "source")
            )
            blocks.append(TermList(tuple(_shown(each.shown, each.gaps))))
    conditions = tuple(
        ListEntry(
            (f"`{each.condition}` ", Small(each.place)),
            (TermList(tuple(_shown(each.shown, each.gaps))),),
        )
        for each in of_one
        if isinstance(each, ConditionCovered)
    )
    return Card("", name, "", (*blocks, *([Listing(conditions)] if conditions else [])))


def _shown(shown: list[FirstShown], left: list[Gap]) -> Iterator[tuple[str, Line]]:
    for each in shown:
        yield _capital(each.what), _scenario(each)
    for gap in left:
        why = gap.cannot_be or gap.excepted
        yield (
            _capital(gap.what),
            (Strong("no scenario"),) if gap.counts else (f"no scenario: {why}",),
        )


def _scenario(shown: FirstShown | None) -> Line:
    return (f"{shown.scenario} ", Small(shown.place)) if shown is not None else ("–",)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
