"""What would change a value, in words for a person: from the record alone."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.explain.wording import few

from .record import ChangedFact, MissingFact, Proposal, Settling, Smallest, StandIns, WhatIf

MOST_MISSING = 10
MOST_NAMED = 6


def lines(record: WhatIf) -> Iterator[str]:
    """The page, line by line."""
    root = record.entity.split(" > ")[0]
    yield f"{record.case}: {record.entity} > {record.attribute}: {' or '.join(record.now)}"
    yield f"policy {record.policy}, as at {record.as_at}; a thought, not a rating"
    yield ""
    if record.settling is not None:
        yield from _settling(record.settling, root)
    if record.smallest is not None:
        yield from _smallest(record.smallest, root)
    if record.kept:
        yield f"kept as they are: {', '.join(record.kept)}"
    if record.not_tried:
        yield f"not tried, because their values cannot be listed: {few([_short(each, root) for each in record.not_tried], MOST_NAMED)}"


def _smallest(found: Smallest, root: str) -> Iterator[str]:
    yield _headline(found)
    for number, proposal in enumerate(found.proposals, 1):
        if proposal.changes:
            yield from _proposal(number, proposal, root, tell=found.wanted != " or ".join(proposal.gives))
    if found.changes:
        yield _how_many(found)
    for each in found.stand_ins:
        yield _stand_in(each, root)


def _headline(found: Smallest) -> str:
    if found.changes is None:
        if not found.proved:
            return f"{found.wanted}: not found; {found.bound}"
        return f"{found.wanted}: no change of these facts gives it (proved)"
    if found.changes == 0:
        return f"{found.wanted}: so it is, without any change"
    facts = "1 fact would have to change" if found.changes == 1 else f"{found.changes} facts would have to change"
    fewer = "" if found.changes == 1 else "; fewer cannot do it (proved)"
    return f"{found.wanted}: {facts}{fewer if found.proved else f'; {found.bound}'}"


def _proposal(number: int, proposal: Proposal, root: str, tell: bool) -> Iterator[str]:
    for index, change in enumerate(proposal.changes):
        mark = f"{number:3}. " if index == 0 else "     "
        gives = f" (then {' or '.join(proposal.gives)})" if tell and index == 0 else ""
        yield f"{mark}{_change(change, root)}{gives}"


def _change(change: ChangedFact, root: str) -> str:
    return f"{_short(f'{change.entity} > {change.attribute}', root)}: {change.now} -> {change.then}"


def _how_many(found: Smallest) -> str:
    size = "1 change" if found.changes == 1 else f"{found.changes} changes"
    shown = len(found.proposals)
    if not found.more and found.how_many == shown:
        return f"these are all sets of {size}" if shown > 1 else f"this is the only set of {size}"
    number = f"more than {found.how_many}" if found.more else str(found.how_many)
    return f"{shown} of {number} sets of {size}, those nearest to the facts first"


def _stand_in(found: StandIns, root: str) -> str:
    what = _short(f"{found.entity} > {found.attribute}", root)
    others = few([_short(each, root) for each in found.instead], MOST_NAMED)
    one = "could change instead" if len(found.instead) == 1 else "any one of these could change instead"
    return f"in 1., in place of {what} {one}: {others}{' and perhaps others' if found.more else ''}"


def _settling(found: Settling, root: str) -> Iterator[str]:
    possible = " or ".join(found.possible)
    if len(found.possible) == 1:
        yield f"whatever the missing facts are, it is {possible}" if found.exact else f"it is {possible}"
        return
    yield f"really possible: {possible}" + ("" if found.exact else ", or fewer of these: the values of some missing fact cannot be listed")
    if found.missing:
        yield "missing facts, those first that would settle most:"
    for each in found.missing[:MOST_MISSING]:
        yield f"  {_short(f'{each.entity} > {each.attribute}', root)}"
        yield from (f"    {line}" for line in _by_outcome(each))
    if len(found.missing) > MOST_MISSING:
        yield f"  and {len(found.missing) - MOST_MISSING} more"


def _by_outcome(fact: MissingFact) -> Iterator[str]:
    """The values that leave the same possible, together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for each in fact.given:
        together.setdefault(tuple(each.possible), []).append(each.value)
    for possible, values in together.items():
        yield f"{' or '.join(values)}: {' or '.join(possible) or 'cannot be'}"


def _short(path: str, root: str) -> str:
    return path.removeprefix(f"{root} > ")
