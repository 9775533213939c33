"""What became of declared properties, in words for a person: from the records alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rulewright.syntax.text import few

from .record import Checked, Counterexample, FactStated, Reached, ValueGiven

WIDE = 110
MOST_NAMED = 6


def lines(record: Checked) -> Iterator[str]:
    """One property, line by line."""
    yield f"{record.policy}: {record.property}"
    yield f"  {_verdict(record)}"
    if record.because:
        yield from _wrapped(f"because: {record.because}", "  ")
    for each in record.counterexamples:
        yield from _counterexample(each, record)
    for value in record.reached:
        yield from _reached(value)
    if record.not_compared:
        yield f"  not compared, since it is no better or worse: {', '.join(record.not_compared)}"
    if record.written:
        yield f"  the cases found are written to {record.written}"


def summary(records: Sequence[Checked]) -> str:
    """All properties in one line."""
    parts = [
        (sum(each.as_declared and each.expected for each in records), "holds", "hold"),
        (
            sum(each.as_declared and not each.expected for each in records),
            "does not, as declared",
            "do not, as declared",
        ),
        (
            sum(each.verdict == "does not hold" and each.expected for each in records),
            "does not hold",
            "do not hold",
        ),
        (
            sum(each.verdict == "holds" and not each.expected for each in records),
            "holds and is declared not to",
            "hold and are declared not to",
        ),
        (sum(each.verdict == "undecided" for each in records), "is undecided", "are undecided"),
    ]
    number = "1 property" if len(records) == 1 else f"{len(records)} properties"
    return f"{number}: {', '.join(f'{count} {one if count == 1 else several}' for count, one, several in parts if count)}"


def _verdict(record: Checked) -> str:
    if record.verdict == "undecided":
        return f"undecided: {record.undecided}"
    reached = record.kind == "reachable"
    if record.verdict == "holds":
        said = (
            f"each value is reached by one of {_cases(record)}"
            if reached
            else f"proved for each of {_cases(record)}"
        )
        return (
            f"holds: {said}"
            if record.expected
            else f"holds, and it is declared that it does not: {said}"
        )
    said = (
        f"some value is reached by none of {_cases(record)}"
        if reached
        else f"shown by one of {_cases(record)}"
    )
    return f"does not hold{'' if record.expected else ', as declared'}: {said}"


def _cases(record: Checked) -> str:
    """`65,536 cases (8 open facts)`."""
    number = (
        f"{record.cases:,}" if record.cases < 10**9 else f"over 10^{len(str(record.cases)) - 1}"
    )
    have = "has" if record.without_effect == 1 else "have"
    idle = f"; {record.without_effect} more {have} no effect" if record.without_effect else ""
    limits = ", as far as they meet the conditions of the space" if record.conditions else ""
    under = f", under the reading `{record.reading}`" if record.reading else ""
    return f"{number} {'case' if record.cases == 1 else 'cases'} ({_count(record.open_facts, 'open fact')}{idle}){limits}{under}"


# -- counterexamples


def _counterexample(found: Counterexample, record: Checked) -> Iterator[str]:
    if found.raised:
        yield "  better facts, and a worse result:"
        rows = [("", "first case", "second case")]
        rows += [
            (f"{each.entity} > {each.attribute}", each.value, each.better) for each in found.raised
        ]
        for one, other in zip(found.gives, found.better_gives, strict=True):
            rows.append((f"{one.entity} > {one.attribute}", one.value, other.value))
        yield from _table(rows)
        for what, gives in (("first", found.gives), ("second", found.better_gives)):
            for each in gives:
                yield from _wrapped(f"in the {what} by {_by(each)}", "    ")
        yield from _facts("in both", found.facts, found.others)
        return
    yield f"  {found.condition} at {found.at}:" if found.at else "  a case:"
    yield from _facts("", found.facts, found.others)
    for each in found.gives:
        yield from _wrapped(
            f"gives {each.entity} > {each.attribute}: {each.value}{f', by {_by(each)}' if _by(each) else ''}",
            "    ",
        )
        if each.missing:
            yield from _wrapped(f"it depends on: {few(each.missing, MOST_NAMED)}", "      ")


def _reached(found: Reached) -> Iterator[str]:
    if not found.reached:
        yield f"  {found.value}: no case has it"
        return
    by = next((_by(each) for each in found.gives), "")
    yield f"  {found.value}: reached{f', by {by}' if by else ''}"
    yield from _facts("", found.facts, found.others)


def _facts(where: str, facts: Sequence[FactStated], others: int) -> Iterator[str]:
    """The facts that matter; those of one value together, and those that are as in a silent case in
    one line.
    """
    if where and (facts or others):
        yield f"    {where}"
    together: dict[tuple[str, str], list[str]] = {}
    for each in facts:
        if not each.default:
            together.setdefault((each.attribute, each.value), []).append(each.entity)
    indent = "      " if where else "    "
    for (attribute, value), entities in together.items():
        told = (
            f"{entities[0]} > {attribute}: {value}"
            if len(entities) == 1
            else f"{attribute}: {value}, of {_some(entities)}"
        )
        yield from _wrapped(told, indent)
    silent = dict.fromkeys(f"{each.attribute}: {each.value}" for each in facts if each.default)
    if silent:
        yield from _wrapped(f"as where a case is silent: {'; '.join(silent)}", indent)
    if others:
        yield f"{indent}whatever the other {_count(others, 'fact')} may be; one of these cases"


def _some(entities: Sequence[str]) -> str:
    root = f"{entities[0].split(' > ')[0]} > "
    short = (
        [each.removeprefix(root) for each in entities]
        if all(each.startswith(root) for each in entities)
        else list(entities)
    )
    if len(short) > MOST_NAMED:
        return f"{'; '.join(short[:MOST_NAMED])}; and {len(short) - MOST_NAMED} more"
    return "; ".join(short)


def _wrapped(text: str, indent: str) -> list[str]:
    return wrap(
        text,
        WIDE,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        yield (
            "    " + "  ".join(cell.ljust(wide[column]) for column, cell in enumerate(row)).rstrip()
        )


def _by(given: ValueGiven) -> str:
    return ", ".join([*given.decided_by, *(f"limited by {each}" for each in given.limited_by)])


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
