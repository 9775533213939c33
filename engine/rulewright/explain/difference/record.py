"""The record of how two outcomes differ, and where they part.

`schemas/difference.json` is generated from these classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.decision.outcome import plain
from rulewright.explain.record import QuestionShown

SCHEMA = "rulewright/difference/1"


@dataclass(slots=True)
class Contrast:
    """One thing behind a difference, on the one side and on the other; empty where it is not
    there.
    """

    kind: Literal[
        "fact",
        "item",
        "rule",
        "limit",
        "condition",
        "parameter",
        "date",
        "supplied",
        "judged",
        "withdrawn",
    ]
    what: str
    one: str
    other: str


@dataclass(slots=True)
class PartingAttribute:
    """An attribute that differs although no derived attribute below it does; or whose rules the two
    policies word differently.
    """

    entity: str
    attribute: str
    one: list[str]
    other: list[str]
    behind: list[Contrast] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The attribute with its entity."""
        return f"{self.entity} > {self.attribute}"


@dataclass(slots=True)
class Differs:
    """An answer that differs. parts_at: the paths of the attributes where that begins, those of the
    lowest layer first.
    """

    entity: str
    attribute: str
    label: str
    one: list[str]
    other: list[str]
    published: bool
    parts_at: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The attribute with its entity."""
        return f"{self.entity} > {self.attribute}"


@dataclass(slots=True)
class Difference:
    """How two outcomes differ. alike: how many answers do not. only_in_…: answers that the other
    outcome has not.

    values_alone: the values of these, by their paths.
    """

    one: QuestionShown
    other: QuestionShown
    alike: int
    differing: list[Differs]
    partings: list[PartingAttribute]
    only_in_one: list[str] = field(default_factory=list)
    only_in_other: list[str] = field(default_factory=list)
    values_alone: dict[str, list[str]] = field(default_factory=dict)
    schema: str = SCHEMA

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return bool(self.differing or self.only_in_one or self.only_in_other)

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values, in the order of `schemas/difference.json`."""
        return {
            "schema": self.schema,
            **{name: value for name, value in plain(self).items() if name != "schema"},
        }
