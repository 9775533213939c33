"""What an assignment names: `trust-bands[good]`, `trust-bands[3].then`, `view period`,
`a-rule.when[2]`, `in force.until`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rulewright.syntax.errors import NOWHERE, InputError, Problem
from rulewright.syntax.models import ITEMS
from rulewright.syntax.text import Seq
from rulewright.syntax.yaml_loader import load_yaml

from .yaml_nodes import YamlNode

_STEP = re.compile(r"\.\s*([^.\[\]]*[^.\[\]\s])|\[\s*([^\[\]]*[^\[\]\s])\s*\]")
_SHOWN = "write `TARGET=VALUE`, for instance `bands[good]=65..87`, `view period=36 months` or `a-rule.then=the rating is good`"


@dataclass(frozen=True)
class Assignment:
    """A target, the value that it shall have as it was written, and what that is: a text, or of
    `[…]` a list.
    """

    target: str
    value: str
    tree: Any

    @property
    def is_list(self) -> bool:
        return isinstance(self.tree, list)


def read_assignment(written: str) -> Assignment:
    """`TARGET=VALUE`. Raises `InputError` (RW432)."""
    target, equals, value = (each.strip() for each in written.partition("="))
    if not equals or not target:
        raise InputError(
            Problem(NOWHERE, "RW432", f"`{written}` does not say what to set to what", _SHOWN)
        )
    if not value:
        raise InputError(
            Problem(
                NOWHERE,
                "RW432",
                f"`{target}` is set to nothing",
                "write a value; what shall go is repealed by an amendment",
            )
        )
    if not value.isprintable():
        raise InputError(
            Problem(
                NOWHERE,
                "RW432",
                f"the value of `{target}` holds an invisible character",
                "write one line of text",
            )
        )
    return Assignment(
        target, value, _list(value) if value[0] == "[" and value[-1] == "]" else value
    )


def _list(value: str) -> Any:
    """A list as such; any other text that is in brackets stays a text."""
    try:
        found = load_yaml(value, "")
    except InputError:
        return value
    return found if isinstance(found, Seq) else value


def steps_of(rest: str, target: str) -> list[str]:
    """The steps of `.when[2]`: `when`, `2`. Raises `InputError` (RW432)."""
    found = list(_STEP.finditer(rest))
    if "".join(each[0] for each in found).replace(" ", "") != rest.replace(" ", ""):
        raise InputError(
            Problem(
                NOWHERE,
                "RW432",
                f"`{target}` cannot be read as a target",
                "write fields after a dot, rows and numbers in brackets: `bands[good]`, `a-rule.when[2]`",
            )
        )
    return [each[1] or each[2] for each in found]


def longest_name(target: str, names: Iterable[str]) -> str | None:
    """The longest of these names with which the target begins."""
    folded = target.lower()
    fitting = [
        each
        for each in names
        if folded.startswith(each.lower()) and folded[len(each) :].lstrip()[:1] in ("", ".", "[")
    ]
    return max(fitting, key=len, default=None)


def items_of(listed: YamlNode) -> Iterator[tuple[str, str, YamlNode]]:
    """The entries of a part: kind, id and node; the rules of a principle too, as
    `PRINCIPLE.RULE`.
    """
    for item in listed.items:
        kind = next((each for each in ITEMS if item.get(each) is not None), "")
        name = item.get(kind)
        if name is None:
            continue
        yield kind, name.value, item
        rules = item.get("rules") if kind == "principle" else None
        for rule in rules.items if rules else []:
            inner = rule.get("rule")
            if inner is not None:
                yield "rule", f"{name.value}.{inner.value}", rule


def full_steps(kind: str, steps: list[str], bracket: bool) -> list[str]:
    """The steps with what the short forms leave out: `TABLE[ROW]` is `TABLE.rows[ROW]`, `PARAMETER`
    is `PARAMETER.value`.
    """
    if kind == "table" and bracket:
        return ["rows", *steps]
    if kind == "parameter" and (not steps or bracket):
        return ["values", *steps] if steps else ["value"]
    return steps


def entry_at(listed: YamlNode, step: str) -> YamlNode | None:
    """The entry of a list that a step names: a row by its `id`, a rule by its name, else an entry
    by its number, counted from 1.
    """
    for each in listed.items:
        identity = each.get("id") or each.get("rule")
        if identity is not None and identity.value.lower() == step.lower():
            return each
    number = int(step) if step.isdecimal() and len(step) < 9 else 0
    found = listed.items[number - 1] if 0 < number <= len(listed.items) else None
    return None if found is not None and found.get("id") is not None else found
