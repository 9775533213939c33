"""The record of why an attribute does not have a value: all that the text and JSON of it say.

`schemas/why-not.json` is generated from these classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rulewright.decision.outcome import JudgedShown, NotPublished, Source, plain
from rulewright.explain.record import (
    Assumption,
    AttributeSeen,
    ConditionShown,
    CountShown,
    QuestionShown,
)

SCHEMA = "rulewright/why-not/1"


ObstacleKind = Literal[
    "defeated by",
    "would be defeated by",
    "disagrees with",
    "would disagree with",
    "limited by",
    "would be limited by",
    "may be limited by",
    "fires",
    "may fire",
]


@dataclass(slots=True)
class Needed:
    """What has to change: an attribute (`not_so`), or a number (`number`) of several things (`of`).

    words: what is asked of a count, or what cannot be said as the value of one attribute. given:
    what it depends on, where another value of that would do as well.
    """

    not_so: NotSo | None = None
    number: int = 0
    of: list[Needed] = field(default_factory=list)
    words: str = ""
    given: str = ""

    @property
    def every(self) -> bool:
        """Whether all of several things are needed."""
        return bool(self.of) and self.number == len(self.of)

    @property
    def attributes(self) -> list[NotSo]:
        """Every attribute in it."""
        return [
            *([self.not_so] if self.not_so is not None else []),
            *(found for each in self.of for found in each.attributes),
        ]


@dataclass(slots=True)
class Obstacle:
    """What stands in the way of a rule beside its conditions.

    `fires`: `otherwise` holds only where no rule fires, and this one does. `would …`: if the rule
    fired.
    """

    kind: ObstacleKind
    rule: str
    conclusion: str
    # of a rule that fires: those that would have to fail
    conditions: list[ConditionShown] = field(default_factory=list)
    # of one that would stand in the way: what it takes for it not to
    needs: list[Needed] = field(default_factory=list)
    then: bool = False  # it stands in the way only once all that the rule needs is so

    @property
    def stands(self) -> bool:
        """Whether it stands in the way as things are, not only if the rule fired or some fact were
        so.
        """
        return not self.kind.startswith("would") and self.kind != "may be limited by"


@dataclass(slots=True)
class Way:
    """A rule that could have given the value, and what kept it from that.

    how: what it has to do with the value. gives: what it gives, or would. gives_it: whether that is
    the value asked for. failed and undecided: its conditions that are not met or not certain; met:
    how many are. needs: what has to change, all of it. enough: whether that gives the value, asked
    of the engine; absent where that cannot be told, and `would_give` is what comes of it where it
    is not enough. impossible: it cannot all be so. lowered_by: the limits that bring what it gives
    down to the value. changes, steps: how many attributes have to change at the least, and by how
    much in all.
    """

    rule: str
    how: Literal[
        "concludes it", "copies it", "works it out", "limits to it", "otherwise", "no rule fires"
    ]
    conclusion: str
    status: Literal["fired", "may fire", "did not fire"]
    gives: list[str] = field(default_factory=list)
    gives_it: bool = True
    failed: list[ConditionShown] = field(default_factory=list)
    undecided: list[ConditionShown] = field(default_factory=list)
    met: int = 0
    changes: int = 0
    steps: int = 0
    in_the_way: list[Obstacle] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    looked_at: list[AttributeSeen] = field(default_factory=list)
    counts: list[CountShown] = field(default_factory=list)
    workings: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    rests_on: list[Assumption] = field(default_factory=list)
    place: str = ""
    needs: list[Needed] = field(default_factory=list)
    enough: bool | None = None
    would_give: list[str] = field(default_factory=list)
    impossible: bool = False
    lowered_by: list[str] = field(default_factory=list)

    @property
    def below(self) -> list[NotSo]:
        """Every attribute that is needed otherwise, or may be."""
        return [
            found
            for needs in (self.needs, *(each.needs for each in self.in_the_way))
            for each in needs
            for found in each.attributes
        ]

    @property
    def nearness(self) -> tuple[int, int, int, bool, str]:
        """What comes first: where it is possible, and not known to be too little; then fewest
        changes, fewest steps; then what only hands on a fact; then by name.
        """
        return (
            2 * self.impossible + (self.enough is False),
            self.changes,
            self.steps,
            self.hands_on is None,
            self.rule,
        )

    @property
    def hands_on(self) -> AttributeSeen | None:
        """The fact that the rule only hands on, if it does no more."""
        only = (
            self.how == "copies it"
            and not self.failed
            and not self.undecided
            and not self.in_the_way
        )
        return (
            self.looked_at[0]
            if only and len(self.looked_at) == 1 and self.looked_at[0].how
            else None
        )


@dataclass(slots=True)
class NotSo:
    """An attribute that is not as was asked. verdict: `it is` that value; it is `possible`; it is
    `not`; rules are in `conflict`.

    ways: nearest first; further down only the nearest, unless everything was asked for. others: how
    many more there are.
    """

    entity: str
    attribute: str
    values: list[str]
    wanted: str
    verdict: Literal["it is", "possible", "not", "conflict"]
    label: str = ""
    anything: str = ""
    origin: Literal["", "rules", "otherwise", "supplied", "judged", "fact"] = ""
    seen: bool = False
    supplied_from: str = ""
    judgement: JudgedShown | None = None
    rules_gave_it: bool = False  # a judgement replaced it
    in_conflict: list[str] = field(default_factory=list)
    fact: AttributeSeen | None = None
    missing: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    others: int = 0

    @property
    def value(self) -> str:
        """The value, or in words that there is none or which are possible."""
        return self.anything or " or ".join(self.values)


@dataclass(slots=True)
class WhyNot:
    """Why one attribute does not have a value.

    `withdrawn`: its policy does not publish it, or not for long.
    """

    asked: QuestionShown
    why_not: NotSo
    withdrawn: NotPublished | None = None
    schema: str = SCHEMA

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values, in the order of `schemas/why-not.json`."""
        return {
            "schema": self.schema,
            **{name: value for name, value in plain(self).items() if name != "schema"},
        }
