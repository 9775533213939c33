"""JSON Schemas of every file that people write and of every record that we emit: generated from the
models, checked in as `schemas/`.

`python -m rulewright.schemas schemas` writes them; a test keeps the files equal to what this module
gives.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from .compare.record import Comparison
from .coverage.record import Coverage
from .decision.outcome import Decision, Outcome
from .decision.record import SCHEMA as DECISION
from .explain.difference.record import Difference
from .explain.record import Explanation
from .explain.what_if.record import WhatIf
from .explain.why_not.record import WhyNot
from .ir.archive import LARGE, Archive
from .ledger.envelope import Envelope
from .ledger.heads import Head
from .ledger.records import (
    EntryLine,
    ListedEntry,
    ProgramLine,
    Rechecked,
    RecheckedProgram,
    Replayed,
    ShownEntry,
    Verified,
)
from .ledger.stored_cases import StoredCase
from .ledger.terms import Terms
from .mutation.record import Mutation
from .properties.record import Checked
from .rulebook.rulebook import PartModel
from .suggest.suggestion import Suggestion
from .syntax.models import (
    CaseModel,
    ExceptionsModel,
    PolicyModel,
    SealsModel,
    SourcesModel,
    VocabularyModel,
)
from .syntax.property_models import PropertiesModel
from .syntax.scenario_models import FactsModel, ScenarioTableModel
from .testing.verdict import Verdict

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILES: dict[str, tuple[str, type[BaseModel]]] = {
    "vocabulary": ("The words of a rulebook: scales, entities, collections", VocabularyModel),
    "part": ("A part of a rulebook: rules, tables, principles, uses, parameters", PartModel),
    "policy": ("A policy, or an amendment of one", PolicyModel),
    "sources": ("The documents that rules cite", SourcesModel),
    "seals": ("The seals of a rulebook's policies", SealsModel),
    "coverage-exceptions": ("What no scenario is asked to cover, with reasons", ExceptionsModel),
    "case": ("A case or scenario", CaseModel),
    "properties": ("Declared properties of policies", PropertiesModel),
}

RECORDS: dict[str, tuple[str, Any]] = {
    "outcome": ("The outcome of running a case", Outcome),
    "explanation": ("Why an attribute of a case has its value", Explanation),
    "why-not": ("Why an attribute of a case does not have a value", WhyNot),
    "what-if": ("What would change an attribute of a case", WhatIf),
    "difference": ("How two outcomes differ, and where they part", Difference),
    "coverage": ("What scenarios cover of a rulebook", Coverage),
    "tested": ("A scenario, tested", Verdict),
    "comparison": ("Two policies or rulebooks, compared over cases", Comparison),
    "property": ("What became of a declared property", Checked),
    "decision": ("A decision on record", Decision),
    "entry": ("The envelope of an entry of a ledger", Envelope),
    "terms": (
        "The terms of a decision on record: its day, the choice of its policy, its parameters",
        Terms,
    ),
    "head": ("The head of a ledger", Head),
    "stored-case": ("A case on record", StoredCase),
    "program": ("A compiled program on record", Archive),
    "large-program": ("A compiled program of very many rules on record", Archive),
    "ledger-line": ("A line of an exported ledger", EntryLine | ProgramLine),
    "listed-entry": ("An entry in a list", ListedEntry),
    "shown-entry": ("An entry, shown", ShownEntry),
    "verified": ("What verifying a ledger found", Verified),
    "replayed": ("An entry, made again", Replayed),
    "rechecked": (
        "A recorded case, or a stored program, beside today's rulebook",
        Rechecked | RecheckedProgram,
    ),
    "mutation": ("Which wrong edits of the rules the scenarios would notice", Mutation),
    "suggestion": ("A scenario that tells a changed rule from the rule as it is", Suggestion),
}
FORMS = {
    "decision": DECISION,
    "large-program": LARGE,
}  # the form of a record, where it is not the first


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its name."""
    found = {}
    for name, (title, model) in FILES.items():
        schema = _tidied(model.model_json_schema(by_alias=True))
        if name == "part":
            schema = {**schema["properties"]["items"], "$defs": schema["$defs"]}
        elif name == "case":
            schema = _case_file(schema)
        found[name] = {"$schema": DIALECT, "$id": f"rulewright/{name}/1", **schema, "title": title}
    for name, (title, shape) in RECORDS.items():
        identity = FORMS.get(name, f"rulewright/{name}/1")
        schema = _tidied(_spaced(TypeAdapter(shape).json_schema(), identity))
        found[name] = {"$schema": DIALECT, "$id": identity, **schema, "title": title}
    return found


def _case_file(case: dict[str, Any]) -> dict[str, Any]:
    """What a file of cases may hold: one, several, tables of scenarios; or facts that cases
    share.
    """
    shapes = {
        "Case": case,
        **{
            name: _tidied(model.model_json_schema(by_alias=True))
            for name, model in (("ScenarioTable", ScenarioTableModel), ("Facts", FactsModel))
        },
    }
    definitions: dict[str, Any] = {}
    for name, shape in shapes.items():
        definitions |= shape.pop("$defs", {})
        definitions[name] = shape
    definitions["ScenarioTable"]["not"] = {"required": ["case"]}
    refs = [{"$ref": f"#/$defs/{name}"} for name in shapes]
    several = {"type": "array", "items": {"anyOf": refs[:2]}, "minItems": 1}
    return {"anyOf": [*refs, several], "$defs": dict(sorted(definitions.items()))}


def _tidied(schema: Any) -> Any:
    """Without what pydantic adds for itself; attributes may be written short (`{rating, label:
    …}`).
    """
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    tidy: dict[str, Any] = {}
    for name, content in schema.items():
        if name == "properties":
            tidy[name] = {k: _tidied(v) for k, v in content.items() if k != "place_"}
        elif name == "$defs":
            kept = {k: _tidied(v) for k, v in content.items() if k != "Place"}
            tidy[name] = {
                k: _short_forms(v) if k == "AttributeModel" else v for k, v in kept.items()
            }
        elif name == "description" and isinstance(content, str):
            tidy[name] = " ".join(content.split())  # the lines of a docstring are the source's own
        elif not (name == "title" and isinstance(content, str)):
            tidy[name] = _tidied(content)
    return tidy


def _short_forms(attribute: dict[str, Any]) -> dict[str, Any]:
    return {
        "anyOf": [{"type": "string"}, {**attribute, "additionalProperties": {"type": "null"}}],
        "description": attribute["description"],
    }


def _spaced(schema: dict[str, Any], form: str) -> dict[str, Any]:
    """Field names with spaces, and nothing else allowed, as the JSON that we emit has them; `form`
    is its `schema`.
    """

    def space(part: Any) -> Any:
        if isinstance(part, list):
            return [space(each) for each in part]
        if not isinstance(part, dict):
            return part
        changed: dict[str, Any] = {}
        for name, content in part.items():
            if name == "properties":
                changed[name] = {k.replace("_", " "): space(v) for k, v in content.items()}
            elif name == "required":
                changed[name] = [each.replace("_", " ") for each in content]
            else:
                changed[name] = space(content)
        if "properties" in part:
            changed.setdefault("additionalProperties", False)
        return changed

    spaced: dict[str, Any] = space(schema)
    shapes = (
        [spaced["$defs"][each["$ref"].rpartition("/")[2]] for each in spaced["anyOf"]]
        if "anyOf" in spaced
        else [spaced]
    )
    for shape in shapes:
        shape["properties"]["schema"] = {"const": form}
        shape["required"] = [
            "schema",
            *[each for each in shape.get("required", []) if each != "schema"],
        ]
    return spaced


def as_text(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> list[Path]:
    """Write every schema to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / f"{name}.json"
        path.write_text(as_text(schema), "utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for each in write(Path(sys.argv[1])):
        print(each)
