"""Coverage in words: totals by policy, then what is not covered, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from rulewright.explain.page import table_lines

from .record import ConditionCovered, Coverage, Gap, RuleCovered, Share

HEAD = ("policy", "scenarios", "rules that take effect", "conditions, met and not met")
WITH_UNDECIDED = "conditions, met, not met and undecided"


def lines(found: Coverage) -> list[str]:
    """All of it, for a terminal."""
    return [*_totals(found), *_not_run(found), *_not_covered(found), *_beside(found)]


def percent(share: Share) -> str:
    """A share in percent, cut off behind one digit: 100 only where nothing is left.

    >>> percent(Share(999, 1000)), percent(Share(3, 3))
    ('99.9 %', '100 %')
    """
    return f"{shown_percent(share.percent)} %"


def shown_percent(number: Fraction) -> str:
    """A number of percent, cut off behind one digit."""
    tenths = number * 10 // 1
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def of(share: Share) -> str:
    """A share as `3 of 4`."""
    return f"{share.covered} of {share.of}"


def totals(found: Coverage) -> tuple[list[str], list[list[str]]]:
    """The totals by policy, and of all together, as a table."""
    head = [*HEAD[:3], WITH_UNDECIDED if found.undecided else HEAD[3], "together"]
    rows = [
        [
            each.policy,
            str(each.runs),
            of(each.rules),
            of(each.conditions),
            percent(each.rules + each.conditions),
        ]
        for each in found.policies
    ]
    rows += [[each, "0", "", "", ""] for each in found.not_run]
    if len(found.policies) > 1:
        rows.append(
            [
                "each thing once",
                str(found.scenarios),
                of(found.share_of_rules),
                of(found.share_of_conditions),
                percent(found.total),
            ]
        )
    return head, rows


def _totals(found: Coverage) -> Iterator[str]:
    yield from table_lines(*totals(found))


def _not_run(found: Coverage) -> Iterator[str]:
    if found.not_run:
        yield from ("", not_run(found))


def not_run(found: Coverage) -> str:
    """That no scenario runs under some policies, which the figures say nothing of."""
    one = len(found.not_run) == 1
    named = ", ".join(f"`{each}`" for each in found.not_run)
    return f"no scenario runs under {named}: what {'it says' if one else 'they say'} alone is not covered, and not counted"


def gaps(found: Coverage) -> Iterator[tuple[RuleCovered | ConditionCovered, Gap]]:
    """All that is not shown, in order of file and line."""
    both: list[RuleCovered | ConditionCovered] = [*found.rules, *found.conditions]
    yield from (
        (each, gap)
        for each in sorted(both, key=lambda each: _in_order(each.place))
        for gap in each.gaps
    )


def _in_order(place: str) -> tuple[object, ...]:
    file, *numbers = place.rsplit(":", 2)
    return (file, *(int(each) if each.isdigit() else 0 for each in numbers))


def sentence(each: RuleCovered | ConditionCovered, gap: Gap) -> str:
    """What is not shown, as half a sentence."""
    if isinstance(each, ConditionCovered):
        return f"`{each.rule}`, condition `{each.condition}`: never {gap.what} where it mattered"
    return f"`{each.rule}`: {never(each)}"


def never(rule: RuleCovered) -> str:
    """That a rule takes no effect, by what it does."""
    return {"limit": "never lowers anything", "note": "never noted", "warning": "never warned"}.get(
        rule.effect, "never decides a value"
    )


def _not_covered(found: Coverage) -> Iterator[str]:
    listed = list(gaps(found))
    for title, kept in (
        ("not covered", [(each, gap, "") for each, gap in listed if gap.counts]),
        ("no case can show", [(each, gap, gap.cannot_be) for each, gap in listed if gap.cannot_be]),
        ("left out", [(each, gap, gap.excepted) for each, gap in listed if gap.excepted]),
    ):
        if kept:
            yield from ("", f"{title}:")
            for each, gap, why in kept:
                yield f"  {each.place}: {sentence(each, gap)}" + (f"; {why}" if why else "")
    if found.unused_exceptions:
        yield from ("", "exceptions that are not needed any more:")
        yield from (
            f"  {each.place}: `{each.rule}`, {each.what}: {each.because}"
            for each in found.unused_exceptions
        )


def _beside(found: Coverage) -> Iterator[str]:
    yield from ("", "beside that:")
    for title, total, left in besides(found):
        yield f"  {title}: {total - len(left)} of {total}" + (
            f"; not {_some(left)}" if any(left) else ""
        )


def besides(found: Coverage) -> Iterator[tuple[str, int, list[str]]]:
    """What is not counted: for each kind of thing its title, how many there are, and those that are
    not covered.
    """
    rows = [each for each in found.rules if each.row]
    decided = [
        "" for each in found.conditions if all(shown.what != "undecided" for shown in each.shown)
    ]
    readings = [
        (one.interpretation, each) for one in found.interpretations for each in one.readings
    ]
    encoded = [each for each in found.paragraphs if each.encoded_by]
    if rows:
        yield "rows of tables that decide", len(rows), [each.rule for each in rows if each.gaps]
    yield "conditions that are undecided where it matters", len(found.conditions), decided
    needed = [each for each in found.overrides if not each.cannot_be]
    if needed:
        yield (
            "rules that go before another, where it mattered",
            len(needed),
            [f"{each.rule} before {each.before}" for each in needed if each.shown is None],
        )
    if found.interpretations:
        yield (
            "interpretations that a rule rests on, and which takes effect",
            *_interpretations(found),
        )
    if readings:
        yield (
            "other readings run",
            len(readings),
            [each.reading for _, each in readings if each.run is None],
        )
        ran = [each for _, each in readings if each.run is not None]
        yield (
            "other readings run that change an outcome",
            len(ran),
            [each.reading for each in ran if each.told_apart is None],
        )
    if found.parameters:
        yield (
            "parameters read",
            len(found.parameters),
            [each.parameter for each in found.parameters if not each.read],
        )
        values = [(each.parameter, value) for each in found.parameters for value in each.values]
        unused = [
            f"{name} {value.value}{f' since {value.since}' if value.since else ''}"
            for name, value in values
            if not value.used
        ]
        yield "values of parameters that held on the day of a scenario", len(values), unused
    if encoded:
        yield (
            "paragraphs that rules encode, covered",
            len(encoded),
            [f"{each.document}, {each.paragraph}" for each in encoded if not each.covered],
        )
    if found.withdrawals:
        yield (
            "withdrawals shown before and after",
            len(found.withdrawals),
            [
                f"{each.attribute} (never {' nor '.join(each.gaps)})"
                for each in found.withdrawals
                if each.gaps
            ],
        )


def _interpretations(found: Coverage) -> tuple[int, list[str]]:
    resting = [each for each in found.interpretations if each.rules]
    return len(resting), [each.interpretation for each in resting if not each.took_effect]


def _some(names: Iterable[str], most: int = 5) -> str:
    listed = [each for each in dict.fromkeys(names) if each]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
