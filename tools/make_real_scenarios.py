"""Make scenarios from ratings that CQC published: cases, what the aggregation principles give, and
where that departs.

Reads three CSV files (see `scenarios/real/data/ATTRIBUTION.md`) and writes, below the folder for
scenarios,

- `2018/*.yaml`: a case for each provider of the file of 3 September 2018, one file for each type of
  trust;
- `2021/*.yaml`: a case for each provider whose current ratings of April 2021 form service ->
  location -> overall chains;
- `2024-25/*.yaml`: a case for each percentage published under the framework of 2024
  (`published_scores.py`);
- `DEPARTURES.md`: every rating that was published otherwise than the principles give it, by name;
- `DIRT.md`: every cell and row that could not be read as one rating, and what was done about it.

The expected answers are worked out here, in a few lines of plain Python that share nothing with the
engines: they are a third opinion on the same principles. A departure is named and never tuned away:
the scenario expects the answer of the rules, `published` holds what was published.

Run from anywhere: `python tools/make_real_scenarios.py [--data FOLDER] [--out FOLDER]`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from published_scores import make_2024
from scenario_writing import (
    ATTRIBUTION,
    SCALE,
    Log,
    Pairs,
    Row,
    clear,
    day_assumed,
    flow,
    load,
    quoted,
    section,
    write,
)

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "scenarios" / "real"
FILE_2018, FILE_2021, FILE_2024 = (
    "trust-ratings-2018-09-03.csv",
    "location-ratings-2021-04.csv",
    "published-scores-2024-2025.csv",
)
DAY_2018, DAY_2021 = (
    "2018-09-03",
    "2021-04-30",
)  # of April 2021 the day is not known: its last day stands for the month

OUTSIDE = ("not rated", "inspected but not rated", "insufficient evidence to rate")
UNRATED_CELLS = ("", "no published rating", "no action")
KEY_QUESTIONS = {
    "safe": "safe",
    "effective": "effective",
    "caring": "caring",
    "responsive": "responsive",
    "well_led": "well-led",
}
TYPES = {
    "acute": "acute",
    "mental health": "mental health",
    "community provider trust": "community",
    "ambulance": "ambulance",
}
SERVICES = {  # the codes of 2021: a name, and which of the core services of acute trusts it is
    "care": ("Medical care", "medical care"),
    "medical": ("Medical care", "medical care"),
    "childrens": ("Services for children and young people", "children and young people"),
    "critical": ("Critical care", "critical care"),
    "diagnostic": ("Diagnostic imaging", "additional service"),
    "life": ("End of life care", "end of life care"),
    "maternityinpatient": ("Maternity (inpatient)", "maternity"),
    "npimaternity": ("Maternity", "maternity"),
    "npioutpatients": ("Outpatients", "outpatients"),
    "outpatients": ("Outpatients", "outpatients"),
    "rehabilitation": ("Rehabilitation", ""),
    "surgery": ("Surgery", "surgery"),
    "transport": ("Patient transport", "additional service"),
    "urgent": ("Urgent and emergency services", "urgent and emergency care"),
}


def aggregated(ratings: Iterable[str | None]) -> str:
    """Several ratings as one, by the principles of the policy `legacy`.

    >>> aggregated(["good", "good", "requires improvement", "good", "requires improvement"])
    'requires improvement'
    """
    rated = [each for each in ratings if each in SCALE]
    if len(rated) <= 1:
        return rated[0] if rated else "not rated"
    threshold = 1 if len(rated) <= 3 else 2 if len(rated) <= 8 else 3
    count = Counter(rated)
    inadequate = count["inadequate"]
    if inadequate >= max(threshold, 2):
        return "inadequate"
    if inadequate + count["requires improvement"] >= threshold or (inadequate and len(rated) <= 8):
        return "requires improvement"
    if count["outstanding"] >= threshold and count["outstanding"] + count["good"] == len(rated):
        return "outstanding"
    return "good"


@dataclass
class Answers:
    """What was published about the subjects of one case, and what the rules should answer, by
    path.
    """

    published: Pairs = field(default_factory=list)
    expected: Pairs = field(default_factory=list)

    def lines(self, day: str, indent: str) -> Iterator[str]:
        """The sections `published` and `expect` of the case."""
        if self.published:
            yield from section("published", [*self.published, ("on", day)], indent)
        yield from section("expect", self.expected, indent)


@dataclass
class Rated:
    """The ratings of one row; `None` where a cell cannot be read as one rating."""

    cells: dict[str, str | None]
    overall: str | None

    @property
    def whole(self) -> bool:
        """Whether every cell holds one value."""
        return None not in self.cells.values() and self.overall is not None

    @property
    def decidable(self) -> bool:
        """Whether the rules can be held against the published overall: on the scale, one value a
        cell, one rated cell.
        """
        return (
            self.whole
            and self.overall in SCALE
            and any(each in SCALE for each in self.cells.values())
        )


def read_row(row: Row, year: str, where: str, log: Log) -> Rated:
    """The ratings of a row; dirt goes into the log."""
    found = {
        name: read_cell(row[column], year, f"{where}, {name}", log)
        for column, name in KEY_QUESTIONS.items()
    }
    return Rated(found, read_cell(row["overall"], year, f"{where}, overall", log))


def read_cell(cell: str, year: str, where: str, log: Log) -> str | None:
    """One rating, in lower case; `None` and an entry in the log where the cell holds no one
    rating.
    """
    value = " ".join(cell.lower().split())
    if value in SCALE or value in OUTSIDE:
        return value
    if value in UNRATED_CELLS:
        if value == "":
            log.dirt.append((year, where, "empty cell", "read as `not rated`"))
        else:
            log.counts[f"{year} cells `{value}`"] += 1
        return "not rated"
    several = "two ratings in one cell" if "|" in value else "no rating that is known"
    log.dirt.append(
        (year, where, f"{several}: `{cell}`", "left out; nothing is expected of what rests on it")
    )
    return None


def key_questions(rated: Rated, indent: str) -> Iterator[str]:
    """The line with the judged ratings of a service; cells that could not be read are left out."""
    stated = [(name, value) for name, value in rated.cells.items() if value is not None]
    if stated:
        yield f"{indent}key questions: {flow(stated)}"


def unique(name: str, taken: set[str], year: str, where: str, log: Log) -> str:
    """A name that no sibling has; a second one of the same name gets a number, and is reported."""
    found, number = name, 1
    while found.lower() in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found.lower())
    if number > 1:
        log.dirt.append((year, where, f"the name `{name}` stands twice", f"called `{found}`"))
    return found


def grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """The rows by the value of a column, in order of that value."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return dict(sorted(found.items()))


# -- September 2018


def make_2018(rows: list[Row], out: Path, log: Log) -> None:
    """A case for each provider: its services with their judged key questions, the trust's own key
    questions supplied.
    """
    by_type: dict[str, list[str]] = {}
    for provider, own in grouped(rows, "provider_id").items():
        kind = TYPES.get(own[0]["trust_type"].lower(), "")
        by_type.setdefault(kind, []).extend(case_2018(provider, own, kind, log))
    clear(out / "2018")
    for kind, lines in sorted((kind, lines) for kind, lines in by_type.items() if lines):
        name = kind.replace(" ", "-") or "type-not-stated"
        shown = f"{kind} trusts" if kind else "providers whose type is not stated"
        write(
            out / "2018" / f"{name}.yaml", f"Ratings published on 3 September 2018: {shown}", lines
        )


def case_2018(provider: str, rows: list[Row], kind: str, log: Log) -> Iterator[str]:
    """The lines of one case."""
    first = rows[0]
    name = first["trust_name"] or provider
    if not first["trust_name"]:
        log.dirt.append(("2018", provider, "no name", "called by its id"))
    if not kind:
        found = (
            f"the trust type `{first['trust_type']}`" if first["trust_type"] else "no trust type"
        )
        log.dirt.append(
            ("2018", provider, found, "the type is left out, and `provider` is unknown")
        )
    shown = f"{provider} {name}" if first["trust_name"] else provider
    trust = [row for row in rows if row["level"] == "trust"]
    answers = Answers()
    supplied = trust_2018(trust, shown, answers, log)
    body: list[str] = []
    taken: set[str] = set()
    for row in (row for row in rows if row["level"] == "service"):
        service = unique(row["service"] or "a service without a name", taken, "2018", shown, log)
        rated = read_row(row, "2018", f"{shown}, {service}", log)
        body += [f"      - name: {quoted(service)}", *key_questions(rated, "        ")]
        answer_service(rated, "2018", (f"{shown}, {service}", service), answers, log)
    if not answers.expected:
        log.dirt.append(("2018", shown, "no row that can be decided", "no case made"))
        return
    yield f"- case: {quoted(f'{shown}, September 2018')}"
    yield f"  as at: {DAY_2018}"
    yield "  trust:"
    yield f"    name: {quoted(name)}"
    yield f"    trust type: {kind}" if kind else "    provider: unknown"
    if first["specialist"]:
        yield f"    specialist: {'yes' if first['specialist'].upper() == 'TRUE' else 'no'}"
    if body:
        yield "    services:"
        yield from body
    yield from section("supplied", supplied, "  ")
    yield from answers.lines(DAY_2018, "  ")


def trust_2018(rows: list[Row], shown: str, answers: Answers, log: Log) -> Pairs:
    """What the row of the trust supplies; what it publishes and lets us expect goes to the
    answers.
    """
    if len(rows) != 1:
        log.dirt.append(
            (
                "2018",
                shown,
                f"{len(rows)} rows for the trust itself",
                "no rating of the trust is supplied or expected",
            )
        )
        return []
    rated = read_row(rows[0], "2018", shown, log)
    if rated.overall is not None:
        answers.published.append(("trust > overall rating", rated.overall))
    if rated.decidable:
        rule = aggregated(rated.cells.values())
        answers.expected.append(("trust > overall rating", rule))
        log.compare("2018", "trust overall", shown, rated.overall, rule)
    return [
        (f"trust > {name} > rating", value)
        for name, value in rated.cells.items()
        if value is not None
    ]


def answer_service(
    rated: Rated, year: str, names: tuple[str, str], answers: Answers, log: Log
) -> None:
    """The overall rating of a service, from its own key questions.

    `names`: for the reports, and as a path in the case.
    """
    where, path = names
    if rated.overall is not None:
        answers.published.append((f"{path} > overall rating", rated.overall))
    if rated.decidable:
        rule = aggregated(rated.cells.values())
        answers.expected.append((f"{path} > overall rating", rule))
        log.compare(year, "service overall", where, rated.overall, rule)
    else:
        log.counts[f"{year} service rows left open"] += 1


# -- April 2021


def make_2021(rows: list[Row], out: Path, log: Log) -> None:
    """A case for each provider with current chains: its locations, and below them their
    services.
    """
    current = [row for row in rows if row["view"] == "current"]
    log.counts["2021 historic rows, which cannot be paired"] = len(rows) - len(current)
    clear(out / "2021")
    for provider, own in grouped(current, "provider_id").items():
        if any(row["level"] == "service" for row in own):
            lines = list(case_2021(provider, own, log))
            if lines:
                write(
                    out / "2021" / f"{provider}.yaml",
                    f"Current ratings of April 2021: provider {provider}",
                    lines,
                )
        else:
            names = ", ".join(row["location_name"] for row in own)
            log.dirt.append(
                ("2021", provider, f"locations without any service rows: {names}", "no case made")
            )


def case_2021(provider: str, rows: list[Row], log: Log) -> Iterator[str]:
    """The lines of one case."""
    independent = rows[0]["provider_type"].startswith("Independent")
    locations = grouped(rows, "location_id")
    answers = Answers()
    body: list[str] = []
    taken: set[str] = set()
    names = []
    rated_locations = False
    for identity, own in locations.items():
        name = unique(own[0]["location_name"] or identity, taken, "2021", provider, log)
        names.append(name)
        lines, on_scale = location_2021(f"{provider} {name}", name, own, answers, log)
        body += lines
        rated_locations = rated_locations or on_scale
    if not answers.expected:
        log.dirt.append(("2021", provider, "no row that can be decided", "no case made"))
        return
    with_services = next(
        n
        for n, own in zip(names, locations.values(), strict=True)
        if any(r["level"] == "service" for r in own)
    )
    others = len(names) - 1
    more = f" and {others} other location{'s' if others > 1 else ''}" if others else ""
    yield f"case: {quoted(f'{provider} {with_services}{more}, April 2021')}"
    yield f"as at: {DAY_2021}"
    yield "about: >-"
    yield "  The file has the locations of one region and no rows for trusts, so nothing is expected at trust level."
    yield f"  {day_assumed(DAY_2021, 'of the decision or of publication')}"
    yield "trust:"
    yield f"  name: {quoted(provider)}"
    if independent:
        yield "  provider: independent provider"
    if rated_locations:
        yield "  location ratings published: yes"
    yield "  locations:"
    yield from body
    yield from answers.lines(DAY_2021, "")


def location_2021(
    shown: str, name: str, rows: list[Row], answers: Answers, log: Log
) -> tuple[list[str], bool]:
    """The lines of a location, and whether it has a published rating on the scale."""
    lines = [f"    - name: {quoted(name)}"]
    own = [row for row in rows if row["level"] == "location"]
    services = [row for row in rows if row["level"] == "service"]
    columns: list[Rated] = []
    taken: set[str] = set()
    if services:
        lines.append("      services:")
    for row in services:
        known = SERVICES.get(row["service"])
        if known is None:
            log.dirt.append(
                (
                    "2021",
                    shown,
                    f"the service code `{row['service']}` is not known",
                    "the code is its name",
                )
            )
        title, kind = known or (row["service"] or "a service without a name", "")
        service = unique(title, taken, "2021", shown, log)
        rated = read_row(row, "2021", f"{shown}, {service}", log)
        columns.append(rated)
        lines += [
            f"        - name: {quoted(service)}  # report of {row['report_date'] or 'a day that is not stated'}"
        ]
        lines += [f"          kind of service: {kind}"] if kind else []
        lines += key_questions(rated, "          ")
        answer_service(rated, "2021", (f"{shown}, {service}", f"{name} > {service}"), answers, log)
    if len(own) != 1:
        log.dirt.append(
            (
                "2021",
                shown,
                f"{len(own)} current rows for the location itself",
                "nothing is expected of the location",
            )
        )
        return lines, False
    itself = read_row(own[0], "2021", shown, log)
    if services and all(each.whole for each in columns):
        answer_location(itself, columns, (shown, name), answers, log)
    elif not services:
        log.counts["2021 locations without services"] += 1
        if itself.overall in SCALE or itself.overall in OUTSIDE[1:]:
            found = f"published as `{itself.overall}` without service rows"
            log.dirt.append(("2021", shown, found, "nothing is expected of the location"))
            answers.published.append((f"{name} > overall rating", str(itself.overall)))
    return lines, itself.overall in SCALE or any(each in SCALE for each in itself.cells.values())


def answer_location(
    itself: Rated, services: list[Rated], names: tuple[str, str], answers: Answers, log: Log
) -> None:
    """The location's key questions from its services, and its overall from these.

    `names` as for a service.
    """
    shown, path = names
    found = {
        question: aggregated(each.cells[question] for each in services) for question in itself.cells
    }
    for question, rule in found.items():
        answers.expected.append((f"{path} > {question} > rating", rule))
        value = itself.cells[question]
        if value is not None:
            answers.published.append((f"{path} > {question} > rating", value))
            log.compare("2021", "location key question", f"{shown}, {question}", value, rule)
    overall = aggregated(found.values())
    answers.expected.append((f"{path} > overall rating", overall))
    if itself.overall is not None:
        answers.published.append((f"{path} > overall rating", itself.overall))
        log.compare("2021", "location overall", shown, itself.overall, overall)


# -- reports

LEVELS = (
    "2018 service overall",
    "2018 trust overall",
    "2021 service overall",
    "2021 location key question",
    "2021 location overall",
    "2024-25 percentage",
    "2024-25 rating among those possible",
)


def figures(log: Log) -> list[str]:
    """How many decidable ratings come out as published, level by level."""
    return [
        f"{level}: {log.counts[f'{level} as published']} of {log.counts[level]} as published"
        for level in LEVELS
    ]


def departures(log: Log) -> Iterator[str]:
    """`DEPARTURES.md`."""
    yield from ("# Where published ratings depart from the rules", "", f"{ATTRIBUTION}.", "")
    yield "Made by `tools/make_real_scenarios.py`. The scenarios expect the answer of the rules; what was published stands"
    yield "beside it, in `published`. Departures look like judgement, or like facts that the files do not hold (a service that"
    yield "was significantly small, for instance). None was tuned away."
    yield ""
    yield from (f"- {each}" for each in figures(log))
    for level in LEVELS:
        rows = [each for each in log.departures if f"{each[0]} {each[1]}" == level]
        if rows:
            yield from (
                "",
                f"## {level[0].upper()}{level[1:]}",
                "",
                "| where | published | the rules give |",
                "|---|---|---|",
            )
            yield from (
                f"| {where} | {published} | {rule} |" for _, _, where, published, rule in rows
            )
    if log.unscaled:
        yield from (
            "",
            "## Published with a mark outside the scale",
            "",
            "| where | published | the rules give |",
            "|---|---|---|",
        )
        yield from (
            f"| {year} {where} | {published} | {rule} |"
            for year, where, published, rule in log.unscaled
        )


def dirt(log: Log) -> Iterator[str]:
    """`DIRT.md`."""
    yield from ("# What the files hold that is no single rating", "", f"{ATTRIBUTION}.", "")
    yield "Made by `tools/make_real_scenarios.py`. Nothing was guessed: what cannot be read is left out of the case."
    yield ""
    extra = sorted(
        name
        for name in log.counts
        if any(each in name for each in ("cells `", "left open", "historic", "without"))
    )
    yield from (f"- {name}: {log.counts[name]}" for name in extra)
    yield from ("", "| file | where | found | done |", "|---|---|---|---|")
    yield from (
        f"| {year} | {where} | {found.replace('|', ' / ')} | {done} |"
        for year, where, found, done in log.dirt
    )
    yield from ("", "The service codes of 2021 were read as follows.", "")
    yield from ("| code | name | core service of acute trusts |", "|---|---|---|")
    yield from (
        f"| {code} | {name} | {kind or 'not stated'} |" for code, (name, kind) in SERVICES.items()
    )


def main() -> None:
    """Read the data, write the scenarios and the two reports, print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--data", type=Path, default=REAL / "data", help="the folder with the three CSV files"
    )
    parser.add_argument("--out", type=Path, default=REAL, help="the folder for the scenarios")
    options = parser.parse_args()
    log = Log()
    make_2018(load(options.data / FILE_2018), options.out, log)
    make_2021(load(options.data / FILE_2021), options.out, log)
    make_2024(load(options.data / FILE_2024), options.out, log)
    (options.out / "DEPARTURES.md").write_text("\n".join(departures(log)) + "\n", encoding="utf-8")
    (options.out / "DIRT.md").write_text("\n".join(dirt(log)) + "\n", encoding="utf-8")
    print("\n".join(figures(log)))
    print(
        f"{len(log.departures)} departures named in DEPARTURES.md, {len(log.dirt)} findings in DIRT.md"
    )


if __name__ == "__main__":
    main()
