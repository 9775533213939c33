"""A comparison in lines of 100 characters, from its record alone: the sum first, then ratings,
changes, and what differs by cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from .record import (
    Cause,
    Change,
    ComparedSide,
    Comparison,
    DifferingValue,
    FieldDifference,
    RatingMoves,
)
from .wording import SHOWN, deed, plural, shown_deed, told

WIDTH = 100
MOST_CAUSES, MOST_EXAMPLES, MOST_CASES = 12, 3, 10
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def lines(found: Comparison, everything: bool = False) -> list[str]:
    """The lines; `everything`: every field of every change, and every difference."""
    told_lines = [*_sides(found), "", *summary(found)]
    for rating in found.ratings:
        told_lines += ["", *_rating(rating)]
    if found.changes or found.policies_added or found.policies_removed:
        told_lines += ["", *_changes(found, everything)]
    if found.differences:
        told_lines += ["", *_by_cause(found, everything)]
    if found.not_fitting:
        told_lines += ["", *_not_fitting(found, everything)]
    if found.intended is not None:
        told_lines += ["", *_intended(found, everything)]
    return told_lines


def _sides(found: Comparison) -> Iterator[str]:
    yield f"old  {side_words(found.old)}"
    yield f"new  {side_words(found.new)}"


def side_words(side: ComparedSide) -> str:
    """A side on one line."""
    if len(side.policies) == 1:
        [(policy, status)] = side.policies.items()
        named = f"{policy} ({status})"
        return named if side.named == policy else f"{side.named}: {named}"
    return f"{side.named}: {plural(len(side.policies), 'policy', 'policies')}"


def summary(found: Comparison) -> Iterator[str]:
    """The sum, in a few sentences."""
    counts = found.counts
    whole = len(found.old.policies) > 1 or len(found.new.policies) > 1
    yield f"{plural(len(found.changes), 'change')} to the {'policies' if whole else 'policy'}"
    fitting = (
        f"; {len(found.not_fitting):,} more cannot be run under both" if found.not_fitting else ""
    )
    without = counts.cases - counts.cases_that_differ
    yield f"{plural(counts.cases, 'case')}: {counts.cases_that_differ:,} with a difference, {without:,} without{fitting}"
    parts = [
        (counts.values_differ, "with another value"),
        (counts.publications_differ, "published or no longer published"),
        (counts.deciding_rules_differ, "with the same value from another rule"),
    ]
    said = "".join(f", {number:,} {words}" for number, words in parts if number)
    yield f"{plural(counts.values, 'value')}: {counts.unchanged:,} unchanged{said}"
    if counts.up or counts.down or counts.other:
        yield f"published ratings: {counts.up:,} up, {counts.down:,} down, {counts.other:,} from or to something outside the order"
    only = [
        f"{number:,} only by the {which}"
        for number, which in ((counts.only_old, "old"), (counts.only_new, "new"))
        if number
    ]
    if only:
        yield f"not compared, because one policy alone speaks of them and none publishes them: {', '.join(only)}"
    if found.intended is not None:
        yield f"not intended: {counts.not_intended:,} of {plural(counts.differ, 'difference')}"


def _rating(rating: RatingMoves) -> Iterator[str]:
    yield f"{rating.label}: old -> new"
    widths = [max(len(getattr(each, side)) for each in rating.rows) for side in ("old", "new")]
    for each in rating.rows:
        way = f"  {each.way}" if each.way else "  the same" if each.old == each.new else ""
        yield f"  {each.old.ljust(widths[0])} -> {each.new.ljust(widths[1])} {each.cases:>6,}{way}"


# -- changes


def _changes(found: Comparison, everything: bool) -> Iterator[str]:
    yield f"what changed ({SIGNS['changed']} changed, {SIGNS['added']} added, {SIGNS['removed']} removed)"
    yield from (f"  + policy {each}" for each in found.policies_added)
    yield from (f"  - policy {each}" for each in found.policies_removed)
    every = sorted({policy for each in found.changes for policy in each.policies})
    for each in found.changes:
        yield from _wrapped(f"{SIGNS[each.action]} {change_words(each)}{_in(each, every)}", 2, 4)
        if each.action == "changed" or everything:
            for field in each.fields:
                yield from _wrapped(field_words(field), 6, 8)


def change_words(change: Change) -> str:
    """A change by its name, and what the entry is about."""
    if change.kind in SHOWN:
        return f"{change.name} {shown_deed(change)}"
    return f"{change.kind} {change.name}" + (f": {change.about}" if change.about else "")


def _in(change: Change, every: list[str]) -> str:
    """The policies in which it is so, unless in all that changed."""
    return "" if len(change.policies) == len(every) else f" (in {', '.join(change.policies)})"


def field_words(field: FieldDifference) -> str:
    """Old beside new."""
    if not field.old or not field.new:
        return f"{field.name}: {field.new or field.old}" + ("" if field.new else " (gone)")
    return f"{field.name}: {field.old} -> {field.new}"


# -- differences


def _by_cause(found: Comparison, everything: bool) -> Iterator[str]:
    yield "what differs, by the smallest set of changes that causes it"
    kept = found.causes if everything else found.causes[:MOST_CAUSES]
    names = {each.id: each for each in found.changes}
    by_cause: dict[int, list[DifferingValue]] = {}
    for each in found.differences:
        by_cause.setdefault(each.cause, []).append(each)
    for cause in kept:
        yield from _cause(cause, by_cause[cause.number], names, everything)
    if len(found.causes) > len(kept):
        rest = sum(each.differences for each in found.causes[len(kept) :])
        yield f"  and {plural(rest, 'difference')} of {len(found.causes) - len(kept)} more causes (shown with `--all`)"


def _cause(
    cause: Cause, differences: list[DifferingValue], names: dict[str, Change], everything: bool
) -> Iterator[str]:
    yield f"  {cause.number}. {plural(cause.differences, 'difference')} in {plural(cause.cases, 'case')}"
    for group in cause.groups:
        yield from _wrapped(group_words(group, names), 5, 7)
    for each in differences if everything else differences[:MOST_EXAMPLES]:
        yield from _wrapped(difference_words(each), 7, 9)
    if len(differences) > MOST_EXAMPLES and not everything:
        yield f"       and {len(differences) - MOST_EXAMPLES:,} more"


def group_words(group: list[str], names: dict[str, Change]) -> str:
    """Changes that are undone together, in words."""
    return "; together with ".join(deed(names[each]) for each in group)


def difference_words(each: DifferingValue) -> str:
    """A difference on one line."""
    before, after = told(each)
    way = f" ({each.way})" if each.way else ""
    intended = f" [intended: {each.intended}]" if each.intended else ""
    return f"{each.case}: {each.path}: {before} -> {after}{way}{intended}"


def _not_fitting(found: Comparison, everything: bool) -> Iterator[str]:
    yield f"cases that cannot be run under both: {len(found.not_fitting):,}"
    for each in found.not_fitting if everything else found.not_fitting[:MOST_CASES]:
        yield from _wrapped(f"{each.case}: {each.why}", 2, 4)
    if len(found.not_fitting) > MOST_CASES and not everything:
        yield f"  and {len(found.not_fitting) - MOST_CASES:,} more (shown with `--all`)"


def _intended(found: Comparison, everything: bool) -> Iterator[str]:
    rest = [each for each in found.differences if not each.intended]
    if not rest:
        yield "every difference is intended"
        return
    yield f"not intended: {plural(len(rest), 'difference')}"
    for each in rest if everything else rest[:MOST_CASES]:
        yield from _wrapped(difference_words(each), 2, 4)
    if len(rest) > MOST_CASES and not everything:
        yield f"  and {len(rest) - MOST_CASES:,} more (shown with `--all`)"


def _wrapped(text: str, first: int, further: int) -> Iterable[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * further,
        break_on_hyphens=False,
        break_long_words=False,
    )
