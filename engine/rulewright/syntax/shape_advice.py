"""What to write where a file has the wrong shape: for people who do not know what a list or a
mapping is to YAML.
"""

from __future__ import annotations

import re
from typing import Any

from .errors import nearest
from .text import Text, key

_NO_SPACE = re.compile(r"(?P<name>[^\s:][^:]*?):(?P<value>[^\s:/].*)", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_SHAPES = {
    "is_instance_of": "text", "string_type": "text", "list_type": "list", "dict_type": "names",
    "model_type": "names", "model_attributes_type": "names",
}  # fmt: skip
_JOINS = {
    "any": "any of",
    "or": "any of",
    "none": "none of",
    "not": "none of",
    "no": "none of",
    "all": "all of",
    "and": "all of",
}
_MOST_FIELDS = 20
_KINDS = ("rule", "table", "principle", "use", "parameter", "interpretation", "member", "topic")


def space_behind_colon(text: Any) -> str:
    """What was meant by `name:value`, written without the space by which a value begins."""
    found = _NO_SPACE.match(text) if isinstance(text, str) else None
    if found is None:
        return ""
    # YAML joins the lines that follow
    line = "…" if _NO_SPACE.match(found["value"]) else found["value"].strip()
    return (
        f"put a space behind the colon: `{found['name']}: {line}`"
        if len(line) < 60 and "`" not in line
        else "put a space behind the colon"
    )


def expected_shape(kind: str, found: Any, name: str) -> str:
    """What belongs where `found` stands under `name`, by pydantic's word for the mistake."""
    shape = _SHAPES.get(kind, "something else")
    if shape == "list":
        return "a list: begin each entry with `- `"
    if shape == "names":
        if name == "in force" and isinstance(found, Text) and _DAY.match(found):
            return f"`{{from: {found}}}`"
        more = ", without a dash before the name" if isinstance(found, list) else ""
        colon = space_behind_colon(found)
        return f"lines `name: value`{more}" + (f"; {colon}" if colon else "")
    if shape == "text" and isinstance(found, dict):
        joined = next(
            (_JOINS[key(each)] for each in found if len(found) == 1 and key(each) in _JOINS), None
        )
        return (
            f"text; did you mean `{joined}`?"
            if joined
            else "text; put it in quotes if it holds `: ` or begins with a brace"
        )
    return shape


def unknown_field(name: str, known: list[str], holder: Any) -> str:
    """What to write for a field that is not there: the nearest, a row's address, or all that may
    stand there.
    """
    colon = space_behind_colon(name)
    if colon:
        return colon
    if isinstance(holder, dict):
        rows = holder.get("rows") if "table" in holder else None
        if isinstance(rows, dict) and any(key(each) == key(name) for each in rows):
            return f"a row is changed by its own name: `{holder['table']}[{name}]: …`"
        if "rule" in known and not any(each in holder for each in _KINDS):
            return nearest(name, _KINDS)
    near = nearest(name, known)
    return near or (
        f"expected one of {', '.join(f'`{each}`' for each in known)}"
        if len(known) <= _MOST_FIELDS
        else ""
    )
