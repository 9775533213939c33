"""The shape of each document that a ledger stores: it does not change under the same number.

`forms/` holds the shapes, as the schemas give them but without their descriptions.
`RULEWRIGHT_REWRITE=1` writes them; do that for a form that no version has recorded yet, and for a
form that has been recorded make the next one (`docs/decisions/forms-of-records.md`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from rulewright.schemas import schemas

FORMS = Path(__file__).parent / "forms"
STORED = ("decision", "entry", "stored-case", "terms", "program", "head")


def shape(schema: Any) -> Any:
    """A schema without what explains it."""
    if isinstance(schema, list):
        return [shape(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {each: shape(of) for each, of in content.items()}
        if name in ("properties", "$defs")
        else shape(content)
        for name, content in schema.items()
        if name not in ("description", "title")
    }


@pytest.mark.parametrize("name", STORED)
def test_a_form_does_not_change_under_the_same_number(name: str) -> None:
    found = shape(schemas()[name])
    form = found["$id"]
    path = FORMS / f"{form.removeprefix('rulewright/').replace('/', '-')}.json"
    if os.environ.get("RULEWRIGHT_REWRITE") == "1":
        path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
    assert path.exists(), f"`{form}` is a new form: RULEWRIGHT_REWRITE=1 writes its shape"
    assert found == json.loads(path.read_text("utf-8")), (
        f"the shape of `{form}` has changed: make the next form, and keep a writer of this one"
    )


def test_the_shape_that_is_kept_is_told_from_a_changed_one() -> None:
    decision = schemas()["decision"]
    assert shape({**decision, "description": "otherwise"}) == shape(decision)
    for name, properties in (
        ("more", {**decision["properties"], "colour": {"type": "string"}}),
        ("less", {}),
    ):
        assert shape({**decision, "properties": properties}) != shape(decision), name
