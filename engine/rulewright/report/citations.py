"""What a report names: every rule and source in its records, whether the rule fired or not, and so
every document behind the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from rulewright.decision.outcome import Source
from rulewright.ir.program import Document, Interpretation, Program
from rulewright.syntax.text import few

MOST_RULES = 3  # that one remark is made of


@dataclass(frozen=True)
class CitedSources:
    """documents: those cited, by id. remarks: what citations add, by document, with the rules that
    cite it so. interpretations: what these rules rest on.
    """

    documents: list[Document]
    remarks: dict[str, list[str]]
    interpretations: list[Interpretation]

    def besides(self, told: set[str]) -> list[Interpretation]:
        """The interpretations but for those that are told."""
        return [each for each in self.interpretations if each.id not in told]


def named(program: Program, *records: Any) -> CitedSources:
    """All that the records of a page name, and what the rules among them cite and rest on."""
    documents: set[str] = set()
    rules: set[str] = set()
    for each in _parts(*records):
        if isinstance(each, Source):
            documents.add(each.document)
        elif isinstance(rule := getattr(each, "rule", None), str):
            rules.add(rule)
    remarks: dict[str, dict[str, dict[str, None]]] = {}
    resting: set[str] = set()
    for rule in program.rules:
        if rule.id in rules:
            resting |= {*rule.interpretations}
            documents |= {each.document for each in rule.citations}
            for each in rule.citations:
                if each.note:
                    remarks.setdefault(each.document, {}).setdefault(each.note, {})[
                        rule.written
                    ] = None
    return CitedSources(
        [program.documents[name] for name in sorted(documents) if name in program.documents],
        {
            name: [
                f"{note} ({few(list(citing), MOST_RULES)})"
                for note, citing in sorted(found.items())
            ]
            for name, found in remarks.items()
        },
        [
            program.interpretations[name]
            for name in sorted(resting)
            if name in program.interpretations
        ],
    )


def _parts(*records: Any) -> Iterator[Any]:
    """The records, and all records within them."""
    waiting = list(records)
    while waiting:
        record = waiting.pop()
        if isinstance(record, list):
            waiting += record
            continue
        kind: Any = type(record)
        if names := _fields(kind):
            yield record
            waiting += [getattr(record, each) for each in names]


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    """The fields of a class of records; none of other classes."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()
