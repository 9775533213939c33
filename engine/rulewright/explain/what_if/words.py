"""What would change a value, in words for a person: from the record alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rulewright.language.text import few

from .alternatives import Alternatives, Way, either, family, ways
from .record import MissingFact, Settling, Smallest, StandIns, WhatIf

MOST_MISSING = 10
MOST_NAMED = 6
STANDS = {
    "supplied": "it is supplied by the case: it stands in for what the rules would give, and no fact changes it",
    "judged": "it is judged: the judgement stands in for what the rules give, and no fact changes it",
    "withdrawn": "{policy} withdrew it, so there is no value of it to change",
}


def lines(record: WhatIf) -> Iterator[str]:
    """The page, line by line."""
    root = record.entity.split(" > ")[0]
    yield f"{record.case}: {record.entity} > {record.attribute}: {either(record.now)}"
    yield f"policy {record.policy}, as at {record.as_at}; a thought, not a rating"
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
    yield from _limits(record, root)


def _limits(record: WhatIf, root: str) -> Iterator[str]:
    """Which facts the answer is about."""
    if record.only:
        yield f"no other facts could change than: {', '.join(record.only)}"
    if record.kept:
        yield f"kept as they are: {', '.join(record.kept)}"
    if record.not_tried:
        yield f"left as they are, because their values cannot be listed: {_named(record.not_tried, root)}"
    if record.standing:
        yield f"left as they are, because they are supplied or judged: {_named(record.standing, root)}"


# -- the smallest changes -------------------------------------------------------------------------------------------------


def _smallest(found: Smallest, root: str) -> Iterator[str]:
    yield _headline(found)
    if found.aim == "lose" and found.proposals:
        nearest = found.proposals[0].distance
        yield f"margin: {_count(found.changes or 0, 'fact')}, the nearest by {_count(nearest, 'step')}"
    if not found.changes:
        return
    told = ways(found.proposals)
    yield from _ways(found, told, root)
    yield _how_many(found, len(told))
    shown = {f"{each.entity} > {each.attribute}" for way in told for each in way.changes} if found.changes == 1 else set()
    for each in found.stand_ins:
        others = [path for path in each.instead if path not in shown]
        if others:
            yield _stand_in(each, others, root, alone=found.changes == 1)


def _headline(found: Smallest) -> str:
    aim = _aim(found)
    proved = f"proved for the {_count(found.tried, 'fact')} that could change"
    if found.changes == 0:
        return f"{aim}: it is so already, nothing has to change"
    if found.missing_only and not found.proved:
        among = f"{found.changes} of the {_count(found.tried, 'missing fact')} that it hangs on"
        return f"{aim}: {among}; fewer of these cannot do it (proved)"
    if found.changes == 1:
        return f"{aim}: {'the only fact' if found.tried == 1 else f'1 of the {found.tried} facts'} that could change has to"
    if found.changes is not None:
        return f"{aim}: {found.changes} facts have to change; fewer cannot do it ({proved})"
    if not found.proved:
        return f"{aim}: not found; {found.bound}"
    return f"{aim}: no change does it ({proved})" if found.tried else f"{aim}: there is no fact to try that it hangs on"


def _aim(found: Smallest) -> str:
    if found.aim == "end conflict":
        return "to end the conflict"
    if found.aim == "lose":
        return f"no longer surely {found.wanted}"
    return "to have no value" if found.wanted == "no value" else f"to be {found.wanted}"


def _ways(found: Smallest, several: list[Way], root: str) -> Iterator[str]:
    together = family(several)
    if together is not None:
        yield from (f"  {_change(each, root)}" for each in together.always)
        yield f"  {'and ' if together.always else ''}any {together.some} of"
        yield from (f"    {_change(each, root)}" for each in together.of)
        if found.aim != "have":
            yield f"  then {either(several[0].gives)}"
        return
    for number, way in enumerate(several, 1):
        yield from _way(number, way, root, tell=found.aim != "have")


def _way(number: int, way: Way, root: str, tell: bool) -> Iterator[str]:
    for index, change in enumerate(way.changes):
        mark = f"{number:3}. " if index == 0 else "     "
        gives = f" (then {either(way.gives)})" if tell and len(way.changes) == 1 else ""
        cut = "; other values of it do too" if way.cut and len(way.changes) == 1 else ""
        yield f"{mark}{_change(change, root)}{gives}{cut}"
    if tell and len(way.changes) > 1:
        yield f"     then {either(way.gives)}"
    if way.cut and len(way.changes) > 1:
        yield "     other values of these do too"


def _change(change: Alternatives, root: str) -> str:
    return f"{_short(f'{change.entity} > {change.attribute}', root)}: {change.now} -> {either(change.then)}"


def _how_many(found: Smallest, lines: int) -> str:
    by = f"by {_count(found.changes or 0, 'change')}"
    shown = len(found.proposals)
    of = f", of {_count(found.facts, 'fact')} in all" if found.facts > (found.changes or 0) else ""
    if found.missing_only:
        ways = "this is the only way" if found.how_many == shown == 1 else f"{shown} of {'more than ' * found.more}{found.how_many} ways"
        return f"{ways} {by} of missing facts; of others: {found.bound}"
    if found.bound:
        return f"{_count(shown, 'way')} {by}; {found.bound}"
    if found.how_many == shown and not found.more:
        return f"these are all {shown} ways {by}{of}" if shown > 1 else f"this is the only way {by}"
    number = f"more than {found.how_many}" if found.more else str(found.how_many)
    several = f" (told in {lines} lines)" if lines < shown and found.changes == 1 else ""
    return f"{shown} of {number} ways {by}{several}{of}; nearest to the facts first"


def _stand_in(found: StandIns, others: list[str], root: str, alone: bool) -> str:
    named = _named(others, root) + (" and perhaps others" if found.more else "")
    which = "this" if len(others) == 1 else "any one of these"
    if alone:
        return f"{which} could change alone instead: {named}"
    return f"in the first, instead of {_short(f'{found.entity} > {found.attribute}', root)}, {which} could change: {named}"


# -- what would settle it -------------------------------------------------------------------------------------------------


def _settling(found: Settling, root: str) -> Iterator[str]:
    possible = either(found.possible)
    if len(found.possible) == 1:
        yield f"whatever the missing facts are, it is {possible}"
        return
    if found.exact:
        yield f"really possible, each for some values of the missing facts: {possible}"
    else:
        yield f"possible at most: {possible}; {found.bound}"
    if found.missing:
        yield "missing facts, first those that would settle most:"
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
