"""How scenarios made from published ratings are written, and what is noted on the way."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ATTRIBUTION = "Contains CQC information © Care Quality Commission, licensed under OGL v3.0"
SCALE = ("inadequate", "requires improvement", "good", "outstanding")

Row = dict[str, str]
Pairs = list[tuple[str, str]]


@dataclass
class Log:
    """What is found on the way: dirt, departures and counts."""

    dirt: list[tuple[str, str, str, str]] = field(default_factory=list)  # year, where, found, done
    # year, level, where, published, rule
    departures: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    # year, where, published, rule
    unscaled: list[tuple[str, str, str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def compare(self, year: str, level: str, where: str, published: str | None, rule: str) -> None:
        """Count one decidable rating, and name it when it departs."""
        if published in SCALE:
            self.counts[f"{year} {level}"] += 1
            self.counts[f"{year} {level} as published"] += published == rule
            if published != rule:
                self.departures.append((year, level, where, str(published), rule))
        elif published is not None and published != rule:
            self.unscaled.append((year, where, published, rule))


WORDS_OF_YAML = ("yes", "no", "true", "false", "null", "unknown", "none")
_PLAIN = re.compile(r"[A-Za-z0-9(][\w ()/,.'’&–>-]*$")


def quoted(text: str) -> str:
    """A scalar as YAML would read it back, in double quotes where it has to be."""
    if _PLAIN.match(text) and text == text.strip() and text.lower() not in WORDS_OF_YAML:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flow(pairs: Iterable[tuple[str, str]]) -> str:
    """A mapping on one line; its words hold nothing that would need quotes."""
    return "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}"


def section(name: str, entries: Pairs, indent: str) -> Iterator[str]:
    """`supplied:`, `published:` or `expect:`, when there is something to say."""
    if entries:
        yield f"{indent}{name}:"
        yield from (f"{indent}  {quoted(path)}: {quoted(value)}" for path, value in entries)


def day_assumed(day: str, of: str) -> str:
    """That the last day of a month stands for a day that the data does not state."""
    return f"{day}, the last day of the month, is assumed: the data states no day {of}."


def write(path: Path, heading: str, lines: Iterable[str]) -> None:
    """One file of cases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = [
        f"# {heading}",
        f"# {ATTRIBUTION}.",
        "# Made by tools/make_real_scenarios.py: do not edit.",
        "",
    ]
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def clear(folder: Path) -> None:
    """Remove the cases of an earlier run."""
    for path in folder.glob("*.yaml"):
        path.unlink()


def load(path: Path) -> list[Row]:
    """The rows of a CSV file, cells trimmed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: (cell or "").strip() for name, cell in row.items() if name}
            for row in csv.DictReader(file)
        ]
