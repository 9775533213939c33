"""The record of an explanation: all that its sentence, page, tree and JSON say, and nothing else is
looked at to write them.

Field names in JSON have spaces where these have underscores. `schemas/explanation.json` is
generated from these classes. Everything is words, as in the outcome. What was explained once is
only named afterwards (`seen`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.decision.outcome import (
    Compared,
    JudgedShown,
    NotPublished,
    ParameterShown,
    PolicyShown,
    Source,
    plain,
)

SCHEMA = "rulewright/explanation/1"

Status = Literal["met", "undecided", "not met"]


@dataclass(slots=True)
class AttributeSeen:
    """An attribute that a rule looked at. `values`: all that are possible. `how`: where a fact of
    the case comes from.

    left_out_by: of an item of a count, what the tests looked at that leave it out, or perhaps out,
    of what was counted.
    """

    entity: str
    attribute: str
    values: list[str]
    anything: str = ""  # `any rating`, when every value of its type is possible
    how: Literal["", "stated", "default", "missing"] = ""
    origin: str = ""  # where the case took it from
    place: str = ""  # where it stands
    below: Explained | None = None  # why a derived attribute has this value
    left_out_by: list[AttributeSeen] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The values in words."""
        return self.anything or " or ".join(self.values)


@dataclass(slots=True)
class CountShown:
    """The items of a collection: those that counted, those that did not, those left out, those of
    which it is not certain.
    """

    counted: list[AttributeSeen] = field(default_factory=list)
    not_counted: list[AttributeSeen] = field(default_factory=list)
    passed_over: list[AttributeSeen] = field(default_factory=list)
    undecided: list[AttributeSeen] = field(default_factory=list)
    at_most: int | None = None  # how many may count, where not all undecided ones may

    @property
    def number(self) -> str:
        """How many counted: `4`, or `4 to 6` where some are undecided."""
        surely = len(self.counted)
        most = self.at_most if self.at_most is not None else surely + len(self.undecided)
        return f"{surely} to {most}" if most > surely else str(surely)

    @property
    def identity(self) -> frozenset[tuple[str, ...]]:
        """All items with their values, in whichever list: what two counts of the same things have
        in common.
        """
        items = (*self.counted, *self.not_counted, *self.passed_over, *self.undecided)
        return frozenset((each.entity, each.attribute, *each.values) for each in items)

    @property
    def asked(self) -> int:
        """Of how many: the items that were not passed over."""
        return len(self.counted) + len(self.not_counted) + len(self.undecided)


@dataclass(slots=True)
class Assumption:
    """An interpretation that a rule or the value of a parameter rests on."""

    id: str
    assumed: str = ""
    mark: str = ""


@dataclass(slots=True)
class ConditionShown:
    """A condition: its words, what became of it, what it looked at; and how it was with what was
    asked for.

    about: what is compared, where it is one attribute. actual: its value, or how many items
    counted. needed: the value or number asked for. steps: how far it is from holding, where it does
    not: steps of a scale, whole numbers, items. because: why it may decide whether a fact was
    stated, where the rule says so. period: of `is within`, when the period ends. assumptions: those
    on which the parameters in it rest.
    """

    text: str
    status: Status
    kind: Literal["", "comparison", "known", "quantity", "all of", "any of", "none of"] = ""
    about: str = ""
    actual: str = ""
    needed: str = ""
    steps: int = 0
    looked_at: list[AttributeSeen] = field(default_factory=list)
    counts: list[CountShown] = field(default_factory=list)
    parameters: list[ParameterShown] = field(default_factory=list)
    parts: list[ConditionShown] = field(default_factory=list)
    because: str = ""
    period: str = ""
    assumptions: list[Assumption] = field(default_factory=list)

    @property
    def every_assumption(self) -> list[Assumption]:
        """Those of the parameters in it, its parts included."""
        return [*self.assumptions, *(each for part in self.parts for each in part.every_assumption)]


Role = Literal[
    "decided",
    "may decide",
    "limited",
    "may limit",
    "disagreed",
    "defeated",
    "without effect",
    "did not fire",
]


@dataclass(slots=True)
class Part:
    """A rule and the part that it had in an answer.

    `overrides`: whether it would defeat the rule that decided.
    """

    rule: str
    role: Role
    effect: Literal["value", "otherwise", "limit", "note", "warning"]
    status: Literal["fired", "may fire", "did not fire"]
    conclusion: str
    gives: list[str] = field(default_factory=list)
    defeated_by: list[str] = field(default_factory=list)
    overrides: bool = False
    conditions: list[ConditionShown] = field(default_factory=list)
    looked_at: list[AttributeSeen] = field(default_factory=list)
    counts: list[CountShown] = field(default_factory=list)
    # of a formula: what its sums and counts came to
    workings: list[str] = field(default_factory=list)
    parameters: list[ParameterShown] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    rests_on: list[Assumption] = field(default_factory=list)
    place: str = ""


@dataclass(slots=True)
class Explained:
    """Why an attribute of an entity has its value.

    kind: an attribute of the vocabulary that rules conclude, a principle's own word, or a fact of
    the case. parts: the rules that had a part in it. considered: those that might have had one and
    had none. passes_on: one rule only hands on a fact.
    """

    entity: str
    attribute: str
    values: list[str]
    label: str = ""
    kind: Literal["derived", "own word", "fact"] = "derived"
    status: Literal["determined", "undetermined", "conflict"] = "determined"
    anything: str = ""
    origin: Literal["", "rules", "otherwise", "supplied", "judged"] = ""
    seen: bool = False
    passes_on: bool = False
    supplied_from: str = ""
    judgement: JudgedShown | None = None
    in_conflict: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    considered: list[Part] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    fact: AttributeSeen | None = None

    @property
    def value(self) -> str:
        """The value, or in words that there is none or which are possible."""
        return self.anything or " or ".join(self.values)

    @property
    def otherwise(self) -> bool:
        """Whether it has its value because no other rule fired."""
        return any(each.effect == "otherwise" and each.role == "decided" for each in self.parts)

    @property
    def none_fired(self) -> bool:
        """Whether it has no value because no rule gives it one."""
        mine = (
            self.kind == "derived"
            and self.origin == "rules"
            and not self.seen
            and self.judgement is None
        )
        return (
            mine
            and self.values == ["no value"]
            and not any(each.effect == "value" for each in self.parts)
        )


@dataclass(slots=True)
class QuestionShown:
    """What was asked, of which case, under which policy. entity: the outermost thing's name; root:
    its path. about: what the case says of itself. in_force: whether a policy that is superseded by
    now was in force on that date.
    """

    case: str
    entity: str
    root: str
    as_at: str
    policy: PolicyShown
    not_a_rating: list[str]
    program_digest: str
    case_digest: str
    about: str = ""
    in_force: bool = False

    @property
    def under(self) -> str:
        """The policy, how it stands, and the date: `Aggregated ratings (legacy), superseded, in
        force on that date; decided as at …`.
        """
        policy = f"{self.policy.title} ({self.policy.id})" if self.policy.title else self.policy.id
        return f"{policy}, {self.policy.status}{', in force on that date' if self.in_force else ''}; decided as at {self.as_at}"


@dataclass(slots=True)
class Explanation:
    """Why one attribute has its value.

    `withdrawn`: its policy does not publish it, or not for long. `published`: what was.
    """

    asked: QuestionShown
    why: Explained
    withdrawn: NotPublished | None = None
    published: Compared | None = None
    schema: str = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values, in the order of `schemas/explanation.json`."""
        return {
            "schema": self.schema,
            **{name: value for name, value in plain(self).items() if name != "schema"},
        }
