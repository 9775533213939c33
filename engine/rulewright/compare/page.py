"""A comparison as one page for a board: the sum first, the ratings, what changed, and the
differences by cause.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from rulewright.documents.document import (
    Block,
    Id,
    Line,
    ListEntry,
    Listing,
    Matrix,
    Page,
    Paragraph,
    Section,
    Strong,
    TermList,
)

from .record import Cause, Change, Comparison, DifferingValue, RatingMoves
from .text_report import field_words, side_words, summary
from .wording import SHOWN, plural, shown_deed, told

_ACTIONS = (("changed", "Changed"), ("added", "Added"), ("removed", "Removed"))


def compose(found: Comparison) -> Page:
    """The whole page."""
    names = {each.id: each for each in found.changes}
    sections = [
        Section(
            "The sum",
            "sum",
            tuple(Paragraph((f"{line[:1].upper()}{line[1:]}.",)) for line in summary(found)),
        ),
        Section("The ratings", "ratings", tuple(map(_rating, found.ratings))),
        Section("What is intended", "intended", tuple(_intended(found))),
        Section("What changed", "changes", tuple(_changes(found))),
        Section("What differs, by cause", "causes", tuple(_causes(found, names))),
        Section("Cases that cannot be run under both", "not-fitting", tuple(_not_fitting(found))),
    ]
    title = f"{found.old.named} and {found.new.named} compared"
    facts = TermList(
        (("Old", (side_words(found.old),)), ("New", (side_words(found.new),)), *_commits(found))
    )
    data = json.dumps(found.to_json(), ensure_ascii=False, separators=(",", ":"))
    return Page(
        title,
        "Comparison of two policies",
        facts,
        tuple(each for each in sections if each.blocks),
        data,
    )


def _commits(found: Comparison) -> Iterator[tuple[str, Line]]:
    for name, side in (("Old revision", found.old), ("New revision", found.new)):
        if side.revision:
            yield name, (Id(side.revision),)


def _rating(rating: RatingMoves) -> Matrix:
    rows = tuple(
        (
            (each.old,),
            (each.new,),
            (f"{each.cases:,}",),
            ("the same" if each.old == each.new else each.way,),
        )
        for each in rating.rows
    )
    return Matrix(rating.label, ("old", "new", "cases", "which way"), rows)


def _intended(found: Comparison) -> Iterator[Block]:
    if found.intended is None:
        return
    cells = (
        (
            each.attribute,
            each.case,
            each.before,
            each.after,
            each.reason,
            each.approved_by,
            f"{each.differences:,}",
        )
        for each in found.intended
    )
    rows = tuple(tuple((cell,) for cell in row) for row in cells)
    yield Matrix(
        "What is intended",
        ("attribute", "case", "before", "after", "reason", "approved by", "differences"),
        rows,
    )
    rest = [each for each in found.differences if not each.intended]
    if rest:
        yield Paragraph((Strong(f"Not intended: {plural(len(rest), 'difference')}."),))
        yield _differences("Not intended", rest)


def _changes(found: Comparison) -> Iterator[Block]:
    if found.policies_added or found.policies_removed:
        entries = [
            *(ListEntry((f"policy {each} added",)) for each in found.policies_added),
            *(ListEntry((f"policy {each} removed",)) for each in found.policies_removed),
        ]
        yield Section("Policies", "policies", (Listing(tuple(entries)),))
    for action, title in _ACTIONS:
        mine = [each for each in found.changes if each.action == action]
        if mine:
            yield Section(title, action, (Listing(tuple(_change(each) for each in mine)),))


def _change(change: Change) -> ListEntry:
    about = f": {change.about}" if change.about else ""
    fields = (
        (Listing(tuple(ListEntry((field_words(each),)) for each in change.fields)),)
        if change.fields
        else ()
    )
    return ListEntry((f"{change.kind} ", Id(change.name), about), fields, _anchor(change))


def _anchor(change: Change) -> str:
    return "change-" + "".join(
        letter if letter.isalnum() else "-" for letter in f"{change.id}-{'-'.join(change.policies)}"
    )


def _causes(found: Comparison, names: dict[str, Change]) -> Iterator[Block]:
    by_cause: dict[int, list[DifferingValue]] = {}
    for each in found.differences:
        by_cause.setdefault(each.cause, []).append(each)
    for cause in found.causes:
        title = f"{cause.number}. {plural(cause.differences, 'difference')} in {plural(cause.cases, 'case')}"
        mine = _differences("Differences of this cause", by_cause[cause.number])
        yield Section(title, f"cause-{cause.number}", (_groups(cause, names), mine))


def _groups(cause: Cause, names: dict[str, Change]) -> Listing:
    return Listing(tuple(ListEntry(tuple(_group(group, names))) for group in cause.groups))


def _group(group: list[str], names: dict[str, Change]) -> Iterator[str | Id]:
    for number, each in enumerate(group):
        change = names[each]
        yield "; together with " if number else ""
        yield "" if change.kind in SHOWN else f"{change.kind} "
        yield Id(change.name, _anchor(change))
        yield f" {shown_deed(change) if change.kind in SHOWN else change.action}"


def _differences(caption: str, differences: list[DifferingValue]) -> Matrix:
    rows = []
    for each in differences:
        before, after = told(each)
        rows.append(((each.path,), (each.case,), (before,), (after,), (each.way,)))
    return Matrix(caption, ("attribute", "case", "before", "after", "which way"), tuple(rows))


def _not_fitting(found: Comparison) -> Iterator[Block]:
    if found.not_fitting:
        rows = tuple(((each.case,), (each.file,), (each.why,)) for each in found.not_fitting)
        yield Matrix("Cases that cannot be run under both", ("case", "file", "why"), rows)
