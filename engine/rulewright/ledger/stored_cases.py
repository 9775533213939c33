"""A case as a ledger keeps it: the tree as written, in canonical JSON, from which it can be read
again against a vocabulary.

Text stays the characters that were written. The one thing that quotation marks change (`"unknown"`
as a text, not as *nobody knows*) is kept beside the tree, as JSON pointers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rulewright.decision.documents import document_as
from rulewright.facts.cases import CaseText
from rulewright.ir.program import Program
from rulewright.syntax.canonical import canonical
from rulewright.syntax.declared_types import shortened
from rulewright.syntax.errors import Place, Problems
from rulewright.syntax.text import Boolean, Map, Seq, Text, is_unknown
from rulewright.syntax.yaml_loader import MAX_DEPTH

SCHEMA = "rulewright/stored-case/1"


@dataclass(frozen=True, slots=True)
class StoredCase:
    """The document. `case`: the tree, every scalar a text, `null` (left empty) or yes/no (TRUE and
    FALSE of a spreadsheet).
    """

    case: dict[str, Any]
    quoted: list[str]


def case_bytes(text: CaseText, program: Program) -> bytes:
    """The case in canonical JSON.

    Of a workbook, its facts as the program's vocabulary read them.
    """
    quoted: list[str] = []
    tree = _written(text.against(program.vocabulary, Problems()).tree, "", quoted)
    return canonical({"schema": SCHEMA, "case": tree, "quoted": sorted(quoted)})


def case_from_bytes(content: bytes, place: str) -> CaseText:
    """The case as it was loaded; `place` is what messages about it name. Raises `ValueError`."""
    stored = document_as(StoredCase, content, SCHEMA, "case", any_names=True)
    tree: Map = _read(stored.case, "", frozenset(stored.quoted), Place(place))
    return CaseText(tree, place)


def _written(value: Any, pointer: str, quoted: list[str]) -> Any:
    if isinstance(value, dict):
        return {
            str(name): _written(each, f"{pointer}/{_step(name)}", quoted)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_written(each, f"{pointer}/{number}", quoted) for number, each in enumerate(value)]
    if isinstance(value, Boolean):
        return str(value) == "TRUE"
    if isinstance(value, Text):
        if value.quoted and is_unknown(value):
            quoted.append(pointer)
        return str(value)
    return value  # left empty


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _read(value: Any, pointer: str, quoted: frozenset[str], place: Place, depth: int = 1) -> Any:
    if isinstance(value, dict | list) and depth > MAX_DEPTH:
        raise ValueError(f"the case is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        found = Map(
            {
                Text.at(name, place): _read(
                    each, f"{pointer}/{_step(name)}", quoted, place, depth + 1
                )
                for name, each in value.items()
            }
        )
        found.place = place
        return found
    if isinstance(value, list):
        listed = Seq(
            _read(each, f"{pointer}/{number}", quoted, place, depth + 1)
            for number, each in enumerate(value)
        )
        listed.place = place
        return listed
    if isinstance(value, bool):
        return Boolean.at("TRUE" if value else "FALSE", place)
    if isinstance(value, str):
        return Text.at(value, place, quoted=pointer in quoted)
    if value is not None:
        raise ValueError(f"{shortened(value)} cannot stand in a case")
    return None
