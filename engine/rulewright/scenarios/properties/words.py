"""What became of declared properties, in words for a person: from the records alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from .record import Checked, Counterexample, Given, Reached, Stated

WIDE = 110


def lines(record: Checked) -> Iterator[str]:
    """One property, line by line."""
    yield f"{record.policy}: {record.property}"
    yield f"  {_verdict(record)}"
    if record.because:
        yield f"  because: {record.because}"
    for each in record.counterexamples:
        yield from _counterexample(each, record)
    for value in record.reached:
        yield from _reached(value)
    if record.not_compared:
        yield f"  not compared, since it is no better or worse: {', '.join(record.not_compared)}"
    if record.without_effect:
        yield f"  open without effect on it: {_count(record.without_effect, 'fact')}"
    if record.written:
        yield f"  the cases found are written to {record.written}"


def summary(records: Sequence[Checked]) -> str:
    """All properties in one line."""
    parts = [
        (sum(each.as_declared and each.expected for each in records), "hold"),
        (sum(each.as_declared and not each.expected for each in records), "do not hold, as declared"),
        (sum(each.verdict == "does not hold" and each.expected for each in records), "do not hold"),
        (sum(each.verdict == "holds" and not each.expected for each in records), "hold and are declared not to"),
        (sum(each.verdict == "undecided" for each in records), "undecided"),
    ]
    number = "1 property" if len(records) == 1 else f"{len(records)} properties"
    return f"{number}: {', '.join(f'{count} {what}' for count, what in parts if count)}"


def _verdict(record: Checked) -> str:
    if record.verdict == "undecided":
        return f"undecided: {record.undecided}"
    over = _over(record)
    if record.verdict == "holds":
        said = f"some case reaches each value, of {over}" if record.kind == "reachable" else f"proved for {over}"
        return f"holds: {said}" if record.expected else f"holds, and it is declared that it does not: {said}"
    said = f"no case reaches some value, of {over}" if record.kind == "reachable" else f"shown by a case, of {over}"
    return f"does not hold{'' if record.expected else ', as declared'}: {said}"


def _over(record: Checked) -> str:
    """`all 65,536 cases (8 open facts)`."""
    if not record.open_facts:
        return "the one case, since it hangs on no open fact"
    number = f"{record.cases:,}" if record.cases < 10**9 else f"more than 10^{len(str(record.cases)) - 1}"
    which = "those of" if record.conditions else "all"
    limits = " that the space allows" if record.conditions else ""
    under = f", under the reading `{record.reading}`" if record.reading else ""
    return f"{which} {number} cases ({_count(record.open_facts, 'open fact')}){limits}{under}"


# -- counterexamples ------------------------------------------------------------------------------------------------------


def _counterexample(found: Counterexample, record: Checked) -> Iterator[str]:
    if found.raised:
        yield "  better facts, and a worse result:"
        rows = [("", "first case", "second case")]
        rows += [(f"{each.entity} > {each.attribute}", each.value, each.better) for each in found.raised]
        for one, other in zip(found.gives, found.better_gives, strict=True):
            rows.append((f"{one.entity} > {one.attribute}", one.value, other.value))
        yield from _table(rows)
        for what, given in (("first", found.gives), ("second", found.better_gives)):
            yield from (f"    in the {what} by {_by(each)}" for each in given if _by(each))
        yield from _facts("in both", found.facts, found.others)
        return
    yield f"  {found.condition} at {found.at}:" if found.at else "  a case:"
    yield from _facts("", found.facts, found.others)
    yield from (f"    gives {each.entity} > {each.attribute}: {each.value}{f', by {_by(each)}' if _by(each) else ''}" for each in found.gives)


def _reached(found: Reached) -> Iterator[str]:
    if not found.reached:
        yield f"  {found.value}: no case has it"
        return
    by = next((_by(each) for each in found.gives), "")
    yield f"  {found.value}: reached{f', by {by}' if by else ''}"
    yield from _facts("", found.facts, found.others)


def _facts(where: str, facts: Sequence[Stated], others: int) -> Iterator[str]:
    """The facts that matter; those of one value together."""
    if where and (facts or others):
        yield f"    {where}"
    together: dict[tuple[str, str], list[str]] = {}
    for each in facts:
        together.setdefault((each.attribute, each.value), []).append(each.entity)
    indent = "      " if where else "    "
    for (attribute, value), entities in together.items():
        told = f"{entities[0]} > {attribute}: {value}" if len(entities) == 1 else f"{attribute}: {value}, of {_some(entities)}"
        yield from wrap(told, WIDE, initial_indent=indent, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False)
    if others:
        yield f"{indent}whatever the other {_count(others, 'open fact')} may be"


def _some(entities: Sequence[str]) -> str:
    root = f"{entities[0].split(' > ')[0]} > "
    short = [each.removeprefix(root) for each in entities] if all(each.startswith(root) for each in entities) else list(entities)
    return "; ".join(short)


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield "    " + "  ".join(cell.ljust(wide[column]) for column, cell in enumerate(row)).rstrip()


def _by(given: Given) -> str:
    return ", ".join([*given.decided_by, *(f"limited by {each}" for each in given.limited_by)])


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
