"""Cases from percentages published under the framework of 2024: supplied, as most of the scores
behind them were not seen.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from pathlib import Path

from scenario_writing import SCALE, Log, Row, clear, day_assumed, quoted, write

MONTH_AND_DAY = re.compile(
    r"(?P<month>\d{4}-\d{2}) \(published (?P<published>\d{4}-\d{2}-\d{2})\)$"
)
STATEMENTS = {  # as the file names those of which the score was seen
    "shared direction": "shared direction and culture",
    "capable leaders": "capable, compassionate and inclusive leaders",
    "assessing needs": "assessing needs",
}
SEEN = re.compile(r"(?P<statement>[A-Z][a-z]+(?: [a-z]+)*)=(?P<score>[1-4])")
FROM_BEFORE = "based on the previous rating"
ENDS = {"inadequate": 38, "requires improvement": 62, "good": 87, "outstanding": 100}


def band(percentage: int) -> str:
    """The rating of the band in which a percentage lies.

    >>> band(62), band(63)
    ('requires improvement', 'good')
    """
    return next(rating for rating, end in ENDS.items() if percentage <= end)


def possible(percentage: int, seen: list[int], statements: int) -> list[str]:
    """The ratings that are possible when `seen` of the scores are known: in two bands a low score
    limits.

    >>> possible(75, [], 8), possible(75, [1], 8), possible(50, [2], 8)
    (['requires improvement', 'good'], ['requires improvement'], ['requires improvement'])
    """
    rating = band(percentage)
    low = {"good": 1, "outstanding": 2}.get(rating, 0)
    limited = SCALE[SCALE.index(rating) - 1]
    if low and any(score <= low for score in seen):
        return [limited]
    return [limited, rating] if low and len(seen) < statements else [rating]


def make_2024(rows: list[Row], out: Path, log: Log) -> None:
    """A case for each row, one file for each trust or location."""
    clear(out / "2024-25")
    by_subject: dict[str, list[Row]] = {}
    for line, row in enumerate(
        rows, 2
    ):  # the first line of the file holds the names of the columns
        row["row"] = str(line)
        by_subject.setdefault(row["subject"].partition(" ")[0], []).append(row)
    for subject, own in by_subject.items():
        cases = [list(case(row, log)) for row in own]
        lines = cases[0] if len(own) == 1 else [line for each in cases for line in as_entry(each)]
        write(
            out / "2024-25" / f"{subject}.yaml",
            f"Percentages published under the framework of 2024: {subject}",
            lines,
        )


def as_entry(lines: list[str]) -> Iterator[str]:
    """A case as an entry of a list."""
    yield f"- {lines[0]}"
    yield from (f"  {line}" for line in lines[1:])


def case(row: Row, log: Log) -> Iterator[str]:
    """The lines of one case."""
    question, percentage, rating = (
        row["key_question"].lower(),
        int(row["published_percentage"]),
        row["published_rating"].lower(),
    )
    shown = f"{row['subject']}, {question}"
    decided, published = days(row, shown, log)
    scores = {
        STATEMENTS[name.lower()]: int(score)
        for name, score in SEEN.findall(row["statement_scores_seen"])
    }
    expected = possible(percentage, list(scores.values()), int(row["statements_scored"]))
    compare(row, shown, expected, log)
    yield f"case: {quoted(f'{shown}, {month_of(decided)}')}"
    yield f"as at: {decided}"
    yield "about: >-"
    yield from (f"  {line}" for line in what_was_seen(row, len(scores), expected))
    if decided not in row["date"]:
        yield f"  {day_assumed(decided, 'of the decision')}"
    yield f"source: {{document: cqc-reports-2024-25, note: {quoted(row['source'])}}}"
    yield "trust:"
    if row["level"] == "trust":
        path, percentage_of = "trust > trust rating", "trust > well-led percentage"
        yield f"  name: {row['subject']}"
        if rating in SCALE:
            yield f"  trust rating published on: {{value: {published}, from: {origin(row)}}}"
        yield from statements_seen(scores, row, "well-led", "  ")
    else:
        below, lines = service(row, scores, question)
        path, percentage_of = f"{below} > {question} > rating", f"{below} > {question} > percentage"
        yield from lines
    yield from ("supplied:", f"  {percentage_of}: {{value: {percentage}, from: {origin(row)}}}")
    if rating in SCALE:
        yield from ("published:", f"  {path}: {rating}", f"  on: {published}")
    yield "expect:"
    yield (
        f"  {path}: {expected[0]}"
        if len(expected) == 1
        else f"  {path}: {{one of: [{', '.join(expected)}], undetermined: yes}}"
    )
    if rating not in SCALE:
        yield f"  {path.removesuffix(f' > {question} > rating')} > counted above: no"
        yield "  notes: [suspended.service-marked]"


def compare(row: Row, shown: str, expected: list[str], log: Log) -> None:
    """Count whether the percentage follows from the points, and whether the published rating is a
    possible one.
    """
    statements, points = int(row["statements_scored"]), int(row["implied_sum"])
    rating = row["published_rating"].lower()
    log.counts["2024-25 percentage"] += 1
    log.counts["2024-25 percentage as published"] += (200 * points + 4 * statements) // (
        8 * statements
    ) == int(row["published_percentage"])
    if rating not in SCALE:
        log.dirt.append(
            (
                "2024-25",
                shown,
                f"`{row['published_rating']}` for a rating",
                "kept by its percentage, marked as suspended",
            )
        )
        return
    log.counts["2024-25 rating among those possible"] += 1
    log.counts["2024-25 rating among those possible as published"] += rating in expected
    if rating not in expected:
        log.departures.append(
            ("2024-25", "rating among those possible", shown, rating, " or ".join(expected))
        )


def what_was_seen(row: Row, seen: int, expected: list[str]) -> Iterator[str]:
    """What is known of the scores behind a percentage, and what hangs on the others."""
    points = f"{row['implied_sum']} of {4 * int(row['statements_scored'])} points"
    words = {0: "none was", 1: "one was", 2: "two were"}.get(seen, f"{seen} were")
    yield f"{row['published_percentage']} per cent is published, that is {points}. Of the {row['statements_scored']} scores behind it"
    yield f"{words} seen ({row['statement_scores_seen'].replace(' -> ', '; perhaps a ')})."
    if len(expected) > 1:
        lowest = "1" if expected[1] == "good" else "1 or 2"
        yield f"A score of {lowest} among those not seen would limit the rating to {expected[0]}: both ratings are possible."


def service(row: Row, scores: dict[str, int], question: str) -> tuple[str, list[str]]:
    """The path of a service, and the lines with its facts.

    The code of a provider has three characters, that of a location more.
    """
    subject, _, words = row["subject"].partition(" ")
    name = words[:1].upper() + words[1:]
    at_a_location = len(subject) > 3
    indent = "      " if at_a_location else "  "
    lines = [f"  name: {subject[:3]}"]
    if at_a_location:
        lines += ["  locations:", f"    - name: {subject}"]
    lines += [f"{indent}services:", f"{indent}  - name: {name}"]
    lines += [f"{indent}    assessed under the new framework: {{value: yes, from: {origin(row)}}}"]
    if row["published_rating"].lower() not in SCALE:
        lines += [f"{indent}    ratings suspended: {{value: yes, from: {origin(row)}}}"]
    lines += statements_seen(scores, row, question, f"{indent}    ")
    return f"{subject} > {name}" if at_a_location else name, lines


def days(row: Row, shown: str, log: Log) -> tuple[str, str]:
    """The day of the decision and that of publication; of a month the last day stands for it."""
    month = MONTH_AND_DAY.match(row["date"])
    if month is None:
        return row["date"], row["date"]
    year, number_of_month = map(int, month["month"].split("-"))
    last = f"{month['month']}-{calendar.monthrange(year, number_of_month)[1]}"
    log.dirt.append(("2024-25", shown, f"`{row['date']}`, a month", f"decided as at {last}"))
    return last, month["published"]


def statements_seen(scores: dict[str, int], row: Row, question: str, indent: str) -> Iterator[str]:
    """The scores that were seen, each with where it was taken from. Those not seen are left out."""
    if scores:
        yield f"{indent}{question} quality statements:"
    basis = (
        ", basis: set from the previous rating"
        if FROM_BEFORE in row["statement_scores_seen"]
        else ""
    )
    for name, score in scores.items():
        yield f"{indent}  {name}: {{score: {score}{basis}, from: {origin(row)}}}"


def origin(row: Row) -> str:
    """Where a fact was taken from: shown with it, without effect."""
    return f"{{document: cqc-reports-2024-25, row: {row['row']}}}"


def month_of(day: str) -> str:
    """`May 2025`, of a day in that month."""
    year, month, _ = day.split("-")
    return f"{calendar.month_name[int(month)]} {year}"
