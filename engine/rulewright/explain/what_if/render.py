"""What would change a value, in words for a person: from the record alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from rulewright.ir.vocabulary import IMPROVEMENT, REGULATOR
from rulewright.syntax.text import few

from .alternatives import Alternatives, ChangeAlternatives, Family, either, families, family, ways
from .record import DependentAssumption, Failed, MissingFact, Settling, Smallest, StandIns, WhatIf

MOST_MISSING = 10
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_NAMED = 6
STANDS = {
    "supplied": "the case supplies this value; it replaces what the rules would give, so no fact can change it",
    "judged": "a person judged this; the judgement replaces what the rules give, so no fact can change it",
    "given earlier": "it is shown as given under the earlier approach until {policy} withdraws it; what the rules give is not shown",
    "withdrawn": "{policy} withdrew it, so it has no value that could change",
}


def lines(record: WhatIf) -> Iterator[str]:
    """The page, line by line."""
    root = record.entity.split(" > ")[0]
    yield f"{record.case}: {record.entity} > {record.attribute}: {either(record.now)}"
    if record.about:
        yield record.about
    policy = (
        f"{record.policy} ({record.standing_of_policy})"
        if record.standing_of_policy
        else record.policy
    )
    yield f"policy {policy}, as at {record.as_at}; hypothetical, not a rating"
    yield ""
    if record.stands:
        yield STANDS[record.stands].format(policy=record.withdrawn_by)
        return
    if record.settling is not None:
        yield from _settling(record.settling, root)
    if record.smallest is not None:
        yield from _smallest(record.smallest, root)
        if record.smallest.changes == 0:
            return
    yield from _assumptions(record)
    yield from _not_tried(record)
    yield from _limits(record, root)


def _assumptions(record: WhatIf) -> Iterator[str]:
    """What the answer depends on that was assumed."""
    if record.assumptions:
        yield "this answer rests on these assumptions:"
    for _, group in groupby(record.assumptions, key=lambda each: each.interpretation):
        readings = list(group)
        yield f"  {readings[0].interpretation} ({readings[0].mark}): {readings[0].assumed}"
        for each in readings:
            yield f"    {each.reading}: {_under(record, each)}"


def _not_tried(record: WhatIf) -> Iterator[str]:
    """Readings that the answer may depend on."""
    if record.readings_not_tried:
        readings, them = (
            _count(record.readings_not_tried, "other reading"),
            "it" if record.readings_not_tried == 1 else "them",
        )
        yield f"{readings} of the policy may give something else: the case is too large to try {them}"


def _under(record: WhatIf, found: DependentAssumption) -> str:
    """What another reading would give."""
    if not found.proposals:
        return f"then {either(found.gives[0])} is possible"
    listed = len(record.smallest.proposals) if record.smallest is not None else 0
    told: list[str] = []
    for gives, count in Counter(map(tuple, found.gives)).items():
        who = (
            f"{count} of the {listed} sets of changes"
            if not told and count < listed
            else _all(count, listed)
        )
        told.append(f"{who} {'gives' if count == 1 else 'give'} {either(gives)}")
    return "; ".join(told)


def _all(count: int, listed: int) -> str:
    if count < listed:
        return str(count)
    return {1: "this set of changes", 2: "both sets of changes"}.get(
        listed, f"all {listed} sets of changes"
    )


def _limits(record: WhatIf, root: str) -> Iterator[str]:
    """Which facts the answer is about."""
    found = record.smallest
    if found is not None and found.left:
        verb, of_these = ("is", "it") if found.left == 1 else ("are", "them")
        why = (
            f"{verb} decided by the regulator or settled"
            if found.by == [IMPROVEMENT]
            else f"{verb} settled"
        )
        yield f"{_count(found.left, 'other fact')} that it depends on {why}; `--any-fact` includes {of_these}"
    if found is not None and found.bound and not record.only:
        yield "to look further, name the facts that may change with `--change`"
    if record.only:
        yield f"only these facts were allowed to change: {', '.join(record.only)}"
    if record.kept:
        yield f"kept as they are: {', '.join(record.kept)}"
    if record.not_tried:
        yield f"left as they are, because their values cannot be listed: {_named(record.not_tried, root)}"
    if record.standing:
        yield f"left as they are, because they are supplied or judged: {_named(record.standing, root)}"


# -- the smallest changes


def _smallest(found: Smallest, root: str) -> Iterator[str]:
    yield from _headline(found)
    if found.aim == "lose" and found.proposals:
        nearest = found.proposals[0].distance
        yield f"margin: {_count(found.changes or 0, 'fact')}, by {_count(nearest, 'step')} at the least"
    if not found.changes:
        return
    told = ways(found.proposals)
    yield from _ways(found, told, root)
    yield _how_many(found, len(told))
    if any(_DATE.fullmatch(value) for way in told for each in way.changes for value in each.then):
        yield "of a date only the nearest day is listed; days further on may do as well"
    shown = (
        {f"{each.entity} > {each.attribute}" for way in told for each in way.changes}
        if found.changes == 1
        else set()
    )
    for each in found.stand_ins:
        others = [path for path in each.instead if path not in shown]
        if others:
            yield _stand_in(each, others, root, alone=found.changes == 1)


def _headline(found: Smallest) -> Iterator[str]:
    aim = _aim(found)
    for each in (
        found.failed if found.changes is not None or not found.proved else ()
    ):  # that no change does it says all
        yield f"{aim}: {_failed(each)}"
        aim = (
            "with decisions of the regulator"
            if each.by == [IMPROVEMENT]
            else "with facts that never change"
        )
    yield f"{aim}: {_found(found)}"


def _failed(found: Failed) -> str:
    what = (
        "improvement alone is not enough"
        if found.by == [IMPROVEMENT]
        else "these are not enough either"
    )
    if not found.tried:
        return f"it depends on no fact that {_changing(found.by)}"
    if not found.proved:
        return f"no change was found{'; ' * bool(found.bound)}{found.bound}"
    return f"{what} (proved for {_could_change(found.tried, found.by, found.found_out)})"


def _found(found: Smallest) -> str:
    facts = _could_change(found.tried, found.by, found.found_out)
    if found.changes == 0:
        return "it is so already, nothing has to change"
    if found.missing_only and not found.proved:
        among = f"{found.changes} of the {_count(found.tried, 'missing fact')} that it depends on"
        return f"{among}; fewer of these are not enough (proved)"
    if found.changes == 1:
        return (
            "the only fact that can change has to change"
            if found.tried == 1
            else f"one fact has to change, of {facts}"
        )
    if found.changes is not None:
        fewer = (
            f"fewer are not enough (proved for {facts})"
            if found.proved
            else "fewer were not all settled"
        )
        return f"{found.changes} facts have to change; {fewer}"
    if not found.proved:
        return f"not found; {found.bound or _unsettled(found)}"
    return (
        f"no change is enough (proved for {facts})"
        if found.tried
        else "it depends on no fact that can change"
    )


def _could_change(number: int, by: list[str], found_out: int) -> str:
    kinds = [f"that {each}" for each in (_changing(by).split(", or that "))]
    kinds += ["that are missing"] if found_out else []
    return f"the {_count(number, 'fact')} {', '.join(kinds[:-1])}{' or ' * (len(kinds) > 1)}{kinds[-1]}"


def _changing(by: list[str]) -> str:
    if by == [IMPROVEMENT]:
        return "can improve or worsen"
    return (
        "can improve or worsen, or that the regulator decides"
        if by == [IMPROVEMENT, REGULATOR]
        else "can change"
    )


def _unsettled(found: Smallest) -> str:
    return (
        f"for {_count(found.unsettled, 'set')} of changes it cannot be told whether they are enough"
    )


def _aim(found: Smallest) -> str:
    if found.aim == "end conflict":
        return "to end the conflict"
    if found.aim == "lose":
        return f"to be no longer surely {found.wanted}"
    return "to have no value" if found.wanted == "no value" else f"to be {found.wanted}"


def _ways(found: Smallest, several: list[ChangeAlternatives], root: str) -> Iterator[str]:
    tell = found.aim != "have"
    together = family(several)
    if together is not None:
        yield from _family(together, several[0].gives if tell else [], root, "  ")
        return
    for number, each in enumerate(families(several), 1):
        if isinstance(each, ChangeAlternatives):
            yield from _way(number, each, root, tell)
        else:
            family_, gives = each
            lines = _family(family_, gives if tell else [], root, "     ")
            yield f"{number:3}. {next(lines).lstrip()}"
            yield from lines


def _family(found: Family, gives: list[str], root: str, indent: str) -> Iterator[str]:
    yield from (f"{indent}{_change(each, root)}" for each in found.always)
    some = "one" if found.some == 1 else f"any {found.some}"
    yield f"{indent}{'and ' if found.always else ''}{some} of"
    yield from (f"{indent}  {_change(each, root)}" for each in found.of)
    if gives:
        yield f"{indent}then {either(gives)}"
    if found.cut:
        yield f"{indent}other values of these facts work too"


def _way(number: int, way: ChangeAlternatives, root: str, tell: bool) -> Iterator[str]:
    for index, change in enumerate(way.changes):
        mark = f"{number:3}. " if index == 0 else "     "
        then = "then perhaps" if way.perhaps else "then"
        gives = f" ({then} {either(way.gives)})" if tell and len(way.changes) == 1 else ""
        cut = "; other values of it work too" if way.cut and len(way.changes) == 1 else ""
        yield f"{mark}{_change(change, root)}{gives}{cut}"
    if tell and len(way.changes) > 1:
        yield f"     then {'perhaps ' * way.perhaps}{either(way.gives)}"
    if way.cut and len(way.changes) > 1:
        yield "     other values of these facts work too"


def _change(change: Alternatives, root: str) -> str:
    return f"{_short(f'{change.entity} > {change.attribute}', root)}: {change.now} -> {either(change.then)}"


def _how_many(found: Smallest, lines: int) -> str:
    by = f"by {_count(found.changes or 0, 'change')}"
    shown = len(found.proposals)
    of = f", of {_count(found.facts, 'fact')} in all" if found.facts > (found.changes or 0) else ""
    if found.missing_only:
        ways = (
            "this is the only way"
            if found.how_many == shown == 1
            else f"{shown} of {'more than ' * found.more}{found.how_many} ways"
        )
        return f"{ways} {by} of missing facts; of others: {found.bound}"
    if found.bound or found.unsettled:
        bounds = [
            *([found.bound] if found.bound else []),
            *([_unsettled(found)] if found.unsettled else []),
        ]
        return f"{_count(shown, 'way')} {by}; {'; '.join(bounds)}"
    if found.how_many == shown and not found.more:
        return f"these are all {shown} ways {by}{of}" if shown > 1 else f"this is the only way {by}"
    number = f"more than {found.how_many}" if found.more else str(found.how_many)
    several = f" (in {lines} lines)" if lines < shown and found.changes == 1 else ""
    return f"shown are {shown} of {number} ways {by}{several}{of}, the smallest steps first"


def _stand_in(found: StandIns, others: list[str], root: str, alone: bool) -> str:
    named = _named(others, root) + (" and perhaps others" if found.more else "")
    which = "this" if len(others) == 1 else "any one of these"
    if alone:
        return f"{which} could change instead, alone: {named}"
    return f"in the first set, instead of {_short(f'{found.entity} > {found.attribute}', root)}, {which} could change: {named}"


# -- what would settle it


def _settling(found: Settling, root: str) -> Iterator[str]:
    possible = either(found.possible)
    if len(found.possible) == 1:
        yield f"whatever the missing facts are, it is {possible}"
        return
    if found.exact:
        yield f"possible, depending on the missing facts: {possible}"
    else:
        yield f"at most possible: {possible}; {found.bound}"
    if found.missing:
        yield "missing facts, the most decisive first:"
    for told, facts in groupby(found.missing[:MOST_MISSING], key=_by_outcome):
        for each in facts:
            yield f"  {_short(f'{each.entity} > {each.attribute}', root)}"
        for line in told:
            yield f"    {line}"
    if len(found.missing) > MOST_MISSING:
        yield f"  and {len(found.missing) - MOST_MISSING} more that would settle less, or as much"
    if found.not_ranked:
        yield f"  and {found.not_ranked} more that were not looked at"


def _by_outcome(fact: MissingFact) -> list[str]:
    """The values that leave the same possible, together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for each in fact.given:
        together.setdefault(tuple(each.possible), []).append(each.value)
    return [f"{either(values)}: {either(possible)}" for possible, values in together.items()]


def _named(named: list[str], root: str) -> str:
    return few([_short(each, root) for each in named], MOST_NAMED)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _short(path: str, root: str) -> str:
    return path.removeprefix(f"{root} > ")
