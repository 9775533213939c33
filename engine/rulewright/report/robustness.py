"""What a rating hinges on: how many facts it takes to lose it, what is missing, and what another
reading would give.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from rulewright.decision.outcome import ChangedAnswer, OtherReading
from rulewright.documents.document import Block, ListEntry, Listing, Paragraph, Strong
from rulewright.explain.what_if.alternatives import ChangeAlternatives, either, ways
from rulewright.explain.what_if.record import MissingFact, Smallest, WhatIf
from rulewright.explain.wording import judged_by, of_judgement
from rulewright.ir.vocabulary import IMPROVEMENT
from rulewright.syntax.text import few

from .record import Report

MOST_READINGS = 12
MOST_SETTLING = 8
MOST_CHANGES = 4
MOST_WAYS = 5


def hinging(report: Report) -> Iterator[Block]:
    """Its margin or what would settle it, missing facts, judgements, other readings."""
    root = report.decision.root
    if report.hinges is not None:
        yield from _facts(report.hinges, root)
    if report.decision.missing:
        yield Paragraph((Strong("Missing facts that matter"),))
        yield Listing(
            tuple(
                ListEntry((_short(f"{each.entity} > {each.attribute}", root),))
                for each in report.decision.missing
            )
        )
    judged = [each for each in report.decision.answers if each.judgement is not None]
    if judged:
        yield Paragraph((Strong("Judgements"),))
        yield Listing(
            tuple(
                ListEntry(
                    (
                        f"{each.entity} > {each.attribute}: {each.value}{'; ' if each.judgement.overridden else ', '}"
                        f"{'; '.join((judged_by(each.judgement), *of_judgement(each.judgement)))}",
                    )
                )
                for each in judged
                if each.judgement is not None
            )
        )
    yield from _readings(report)


def _facts(found: WhatIf, root: str) -> Iterator[Block]:
    if found.smallest is not None:
        yield Paragraph((Strong("Its margin"),))
        nearest = ways(found.smallest.proposals)[:MOST_WAYS]
        yield Paragraph((margin(found.smallest, nearest),))
        if nearest:
            yield Listing(tuple(ListEntry((_changes(each, root),)) for each in nearest))
    if found.settling is not None:
        possible = " or ".join(found.settling.possible)
        yield Paragraph((Strong("What is really possible"),))
        yield Paragraph(
            (
                f"Whatever the missing facts are: {possible}."
                if found.settling.exact
                else f"At most: {possible}.",
            )
        )
        settling = [
            each
            for each in found.settling.missing
            if any(len(given.possible) == 1 for given in each.given)
        ]
        if settling:
            yield Listing(
                tuple(ListEntry((_settles(each, root),)) for each in settling[:MOST_SETTLING])
            )
    if found.not_tried:
        kept = few([_short(each, root) for each in found.not_tried])
        yield Paragraph(
            (f"Kept as they are, because their values cannot be listed one by one: {kept}.",),
            "source",
        )


def margin(found: Smallest, listed: list[ChangeAlternatives]) -> str:
    """How many facts it takes to lose the rating, in a sentence, and what the ways listed under it
    leave possible.
    """
    if found.changes is None:
        return (
            "No change of the facts that may change would lose it."
            if found.proved
            else f"Not found: {found.bound}."
        )
    by_whom = " that improvement can change" if found.by == [IMPROVEMENT] else ""
    facts = (
        f"One fact{by_whom}" if found.changes == 1 else f"{found.changes} facts{by_whom} together"
    )
    many = (
        "one way"
        if found.how_many == 1
        else f"{'more than ' if found.more else ''}{found.how_many} ways"
    )
    verb = "is" if found.how_many == 1 and not found.more else "are"
    told = sum(_sets(each) for each in listed)
    shown = "" if told == found.how_many and not found.more else "; the nearest are listed"
    said = f"{facts} would have to be otherwise for it to be no longer surely {found.wanted}; there {verb} {many}{shown}."
    if found.aim == "lose" and listed and all(found.wanted in each.gives for each in listed):
        still = "It leaves" if len(listed) == 1 else "Each of those listed leaves"
        said += f" {still} {found.wanted} possible too."
    return said


def _sets(way: ChangeAlternatives) -> int:
    """How many sets of changes are told in one."""
    return prod(len(each.then) for each in way.changes)


def _changes(way: ChangeAlternatives, root: str) -> str:
    changes = "; ".join(
        f"{_short(f'{each.entity} > {each.attribute}', root)}: {each.now} → {either(each.then)}"
        for each in way.changes
    )
    return f"{changes} (then {either(way.gives)})"


def _settles(fact: MissingFact, root: str) -> str:
    said = [f"{each.value}: {each.possible[0]}" for each in fact.given if len(each.possible) == 1]
    return (
        f"{_short(f'{fact.entity} > {fact.attribute}', root)} would settle it, if {'; '.join(said)}"
    )


def _short(path: str, root: str) -> str:
    return path.removeprefix(f"{root} > ")


def _readings(report: Report) -> Iterator[Block]:
    if report.readings is None:
        yield from _untried(report)
        return
    main = report.main
    telling = [each for each in report.readings if each.changes]
    if not report.readings:
        return
    yield Paragraph((Strong("Other readings of the text"),))
    yield Paragraph(
        (
            f"Of {len(report.readings)} other readings {len(telling) or 'none'} would change a published answer.",
        )
    )

    def touches_main(each: OtherReading) -> bool:
        return main is not None and any(
            (c.entity, c.attribute) == (main.entity, main.attribute) for c in each.changes
        )

    ordered = sorted(
        telling,
        key=lambda each: (
            not touches_main(each),
            len(each.changes),
            each.interpretation,
            each.reading,
        ),
    )
    entries = []
    for each in ordered[:MOST_READINGS]:
        below = [ListEntry((_change(change),)) for change in each.changes[:MOST_CHANGES]]
        if len(each.changes) > MOST_CHANGES:
            below.append(ListEntry((f"and {len(each.changes) - MOST_CHANGES} more",)))
        entries.append(
            ListEntry(
                (
                    f"{each.meaning or each.reading} (instead of {each.interpretation}, {each.mark})",
                ),
                (Listing(tuple(below)),),
            )
        )
    if entries:
        yield Listing(tuple(entries))
    if len(ordered) > MOST_READINGS:
        yield Paragraph((f"And {len(ordered) - MOST_READINGS} more.",))


def _untried(report: Report) -> Iterator[Block]:
    """Other readings that nobody ran: what they say stands with the assumptions."""
    named = (
        " What else the text could mean is named with what was assumed." if report.untried else ""
    )
    yield Paragraph((f"Other readings were not tried: {report.why_untried}.{named}",), "source")


def _change(change: ChangedAnswer) -> str:
    what = f"{change.entity} > {change.attribute}" if change.attribute else change.label
    return f"{what}: {' or '.join(change.then)}, instead of {' or '.join(change.here)}"
