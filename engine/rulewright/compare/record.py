"""The record of a comparison. `schemas/comparison.json` is generated from these classes.

Everything is words: values as the vocabulary writes them, entities by their paths, changes by their
kind and name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from rulewright.decision.outcome import plain

SCHEMA = "rulewright/comparison/1"

Action = Literal["changed", "added", "removed"]
About = Literal["value", "publication", "deciding rule"]
Way = Literal["up", "down", ""]


@dataclass(slots=True)
class ComparedSide:
    """One side: as it was named, the rulebook, and its policies with their status."""

    named: str
    rulebook: str
    policies: dict[str, str] = field(default_factory=dict)
    revision: str = ""


@dataclass(slots=True)
class FieldDifference:
    """One thing that is said otherwise. Empty: it was, or is now, not there."""

    name: str
    old: str
    new: str


@dataclass(slots=True)
class Change:
    """One thing that is written otherwise.

    `id`: its kind and name; policies: those in which it is so.
    """

    id: str
    kind: str
    name: str
    action: Action
    about: str = ""
    fields: list[FieldDifference] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DifferingValue:
    """A value, its publication or its deciding rule, which differs in one case. cause: the number
    of its cause.

    way: whether a rating went up or down, where both values lie in the order of one scale.
    intended: the reason, where a line says so.
    """

    case: str
    file: str
    entity: str
    attribute: str
    about: About
    before: str
    after: str
    decided_before: list[str] = field(default_factory=list)
    decided_after: list[str] = field(default_factory=list)
    published: bool = False
    way: Way = ""
    cause: int = 0
    intended: str = ""

    @property
    def path(self) -> str:
        """The attribute with its entity."""
        return f"{self.entity} > {self.attribute}"


@dataclass(slots=True)
class Cause:
    """A smallest set of changes: undoing all of them undoes the differences, undoing fewer does
    not.

    groups: each holds the ids of changes that cannot be undone one without the other.
    """

    number: int
    groups: list[list[str]]
    differences: int = 0
    cases: int = 0
    published: int = 0


@dataclass(slots=True)
class RatingMove:
    """How many cases have one value of a rating before and one after."""

    old: str
    new: str
    cases: int
    way: Way = ""


@dataclass(slots=True)
class RatingMoves:
    """A published rating of what cases are of: from which value to which, in how many cases."""

    attribute: str
    label: str
    rows: list[RatingMove]


@dataclass(slots=True)
class NotFitting:
    """A case that cannot be run under one of the two, and why."""

    case: str
    file: str
    why: str


@dataclass(slots=True)
class IntendedLine:
    """A line of the file of what is intended, and how many differences it answers for."""

    case: str
    attribute: str
    before: str
    after: str
    reason: str
    approved_by: str
    differences: int = 0


@dataclass(slots=True)
class Counts:
    """What was counted. up, down: published ratings on the order of one scale; other: published
    ratings that differ, and neither.

    only_old, only_new: values of which only one policy speaks, and which neither publishes: they
    are not compared.
    """

    cases: int
    cases_that_differ: int
    values: int
    unchanged: int
    differ: int
    values_differ: int
    publications_differ: int
    deciding_rules_differ: int
    up: int
    down: int
    other: int
    only_old: int
    only_new: int
    not_intended: int

    @classmethod
    def none(cls) -> Counts:
        """Nothing counted yet."""
        return cls(**dict.fromkeys((each.name for each in fields(cls)), 0))


@dataclass(slots=True)
class Comparison:
    """Two policies or rulebooks, compared over cases."""

    old: ComparedSide
    new: ComparedSide
    counts: Counts
    ratings: list[RatingMoves]
    changes: list[Change]
    causes: list[Cause]
    differences: list[DifferingValue]
    not_fitting: list[NotFitting] = field(default_factory=list)
    policies_added: list[str] = field(default_factory=list)
    policies_removed: list[str] = field(default_factory=list)
    intended: list[IntendedLine] | None = None
    schema: str = SCHEMA

    @property
    def differs(self) -> bool:
        """Whether anything changed: in words, or in the outcome of a case."""
        return bool(
            self.changes or self.differences or self.policies_added or self.policies_removed
        )

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values, in the order of `schemas/comparison.json`."""
        return {
            "schema": self.schema,
            **{name: value for name, value in plain(self).items() if name != "schema"},
        }
