"""The outcome of a run: the decision, and what it was made by. The JSON of it is public and
versioned.

Field names in JSON have spaces where these have underscores. `schemas/outcome.json` is generated
from these classes. Everything is words: values as the vocabulary writes them, entities by their
paths.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, Literal

SCHEMA = "rulewright/outcome/1"


@dataclass(slots=True)
class Read:
    """A value that a condition looked at: `values` are all that are possible; one when it is
    known.
    """

    entity: str
    attribute: str
    values: list[str]
    anything: str = ""  # `any rating`, when every value of its type is possible

    @property
    def shown(self) -> str:
        """The values in words."""
        return self.anything or " or ".join(self.values)


@dataclass(slots=True)
class Count:
    """Which items of a collection counted, and which did not. at_most: how many may count, where
    not all undecided ones may.
    """

    counted: list[Read] = field(default_factory=list)
    not_counted: list[Read] = field(default_factory=list)
    passed_over: list[Read] = field(default_factory=list)
    undecided: list[Read] = field(default_factory=list)
    at_most: int | None = None


@dataclass(slots=True)
class ConditionMet:
    """One condition of a rule: its words, what became of it, and what it looked at.

    because: why it may decide whether a fact was stated, where the rule says so. period: of `is
    within`, when the period ends.
    """

    text: str
    status: Literal["met", "undecided", "not met"]
    reads: list[Read] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    parts: list[ConditionMet] = field(default_factory=list)
    because: str = ""
    period: str = ""


@dataclass(slots=True)
class Source:
    """Where a rule comes from, and how sure that is.

    Without a document, `note` says why there is none.
    """

    document: str
    section: str = ""
    paragraph: str = ""
    mark: str = ""
    note: str = ""


@dataclass(slots=True)
class NotFired:
    """A rule that did not fire. `conditions`: those that were not met."""

    rule: str
    conclusion: str
    conditions: list[ConditionMet] = field(default_factory=list)


@dataclass(slots=True)
class FiringShown:
    """A rule that fired or may fire: `effect` is value, otherwise, limit, note or warning.

    none_of_these: where `otherwise` decided, the rules that it came after, and why none of them
    fired.
    """

    number: int
    layer: int
    entity: str
    attribute: str
    rule: str
    effect: Literal["value", "otherwise", "limit", "note", "warning"]
    status: Literal["fired", "may fire"]
    conclusion: str
    gives: list[str] = field(default_factory=list)
    defeated_by: list[str] = field(default_factory=list)
    lowers: bool = False
    conditions: list[ConditionMet] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    interpretations: list[str] = field(default_factory=list)
    none_of_these: list[NotFired] = field(default_factory=list)


@dataclass(slots=True)
class JudgedShown:
    """A judgement: what it replaced, who judged, when and why, and the limits that it passes.

    overridden: `yes` where rules fire that override any judgement, so that it has no effect;
    `perhaps` where they may fire. overridden_by: these rules. value: what was judged, where the
    answer is not surely that. as_one_with: the attribute that was judged, where the policy has it
    judged as one with this one.
    """

    by: str
    on: str
    reason: str
    rules_gave: list[str] = field(default_factory=list)
    passes_limits: list[str] = field(default_factory=list)
    overridden: Literal["", "yes", "perhaps"] = ""
    overridden_by: list[str] = field(default_factory=list)
    value: str = ""
    as_one_with: str = ""


@dataclass(slots=True)
class Answer:
    """A derived attribute of an entity. `possible` holds one entry when it is determined."""

    entity: str
    attribute: str
    label: str
    status: Literal["determined", "undetermined", "conflict"]
    possible: list[str]
    origin: Literal["rules", "otherwise", "supplied", "judged"]
    published: bool
    decided_by: list[str] = field(default_factory=list)
    limited_by: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    in_conflict: list[str] = field(default_factory=list)
    judgement: JudgedShown | None = None
    anything: str = ""  # `any rating`, when every value of its type is possible
    main: bool = False  # what the bare name of its entity means

    @property
    def value(self) -> str:
        """The value, or in words that there is none or which are possible."""
        return (
            self.possible[0]
            if self.status == "determined"
            else self.anything or " or ".join(self.possible)
        )


@dataclass(slots=True)
class NotPublished:
    """An attribute that the policy withdrew.

    `not yet`: until the withdrawal takes effect the earlier value is shown.
    """

    entity: str
    attribute: str
    label: str
    withdrawn_by: str
    status: Literal["withdrawn", "not yet", "undecided"]
    given_earlier: str = ""
    sources: list[Source] = field(default_factory=list)


@dataclass(slots=True)
class Relied:
    """A default that the decision relied on, and for which entities."""

    attribute: str
    value: str
    entities: list[str]


@dataclass(slots=True)
class Stated:
    """A value taken from outside; `origin`: from where, as the case says."""

    entity: str
    attribute: str
    value: str
    origin: str = ""


@dataclass(slots=True)
class Unread:
    """Stated facts of one attribute that nothing in the policy reads; `warning`: in a sentence,
    where they ought to count.
    """

    attribute: str
    facts: list[Stated]
    warning: str = ""


@dataclass(slots=True)
class Compared:
    """A published value beside the outcome's."""

    entity: str
    attribute: str
    published: str
    outcome: list[str]
    verdict: Literal["agrees", "differs", "possible"]


@dataclass(slots=True)
class Notice:
    """A note or warning of a rule, its lists filled in; or that a judgement has no effect, because
    `rule` overrides it.
    """

    entity: str
    kind: Literal["note", "warning"]
    rule: str
    text: str
    status: Literal["fired", "may fire"]


@dataclass(slots=True)
class RejectedPolicy:
    """A policy that was not chosen, and why."""

    policy: str
    reason: str


@dataclass(slots=True)
class PolicyShown:
    """The policy of the decision, how it was chosen, and which were not."""

    id: str
    title: str
    status: str
    amends: list[str]
    chosen: str
    rejected: list[RejectedPolicy] = field(default_factory=list)


@dataclass(slots=True)
class ParameterShown:
    """A named value that held at the as-at date; `set` when the user changed it for this run.

    interpretations: those on which its value rests; none where it was set for this run. remark:
    that a policy changed it and gives no source.
    """

    name: str
    value: str
    set: bool = False
    interpretations: list[str] = field(default_factory=list)
    remark: str = ""


@dataclass(slots=True)
class InterpretationShown:
    """An assumption that the decision relies on.

    resting: the parameters and defaults through which it does, each with its value, and the dates
    of the policy; the rules that rest on it name it themselves. not_fired: where it is relied on
    through these alone, the rules that did not fire and might have changed an answer.
    """

    id: str
    assumed: str
    because: str
    mark: str
    other_readings: list[str] = field(default_factory=list)
    resting: list[str] = field(default_factory=list)
    not_fired: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Decision:
    """What was decided and why. Two runs of one case under one policy give the same bytes."""

    case: str
    entity: str
    root: str
    as_at: str
    policy: PolicyShown
    not_a_rating: list[str]
    answers: list[Answer]
    not_published: list[NotPublished]
    firings: list[FiringShown]
    notices: list[Notice]
    defaults: list[Relied]
    missing: list[Read]
    supplied: list[Stated]
    published: list[Compared]
    parameters: list[ParameterShown]
    interpretations: list[InterpretationShown]
    members: list[str]
    program_digest: str
    case_digest: str
    about: str = ""  # what the case says of itself
    unread: list[Unread] = field(default_factory=list)


@dataclass(slots=True)
class FactPlace:
    """Where a stated fact stands, and where it was taken from."""

    entity: str
    attribute: str
    place: str
    origin: str = ""


@dataclass(slots=True)
class MadeBy:
    """What made the decision: engines, versions, platform, and where things stand in the files."""

    engines: list[str]
    note: str
    version: str
    python: str
    platform: str
    rules: dict[str, str]
    facts: list[FactPlace]


@dataclass(slots=True)
class ChangedAnswer:
    """A published answer that would be another one.

    `attribute` is empty where a withdrawal would take effect or not; `label` is then what is
    withdrawn.
    """

    entity: str
    attribute: str
    label: str
    here: list[str]
    then: list[str]


@dataclass(slots=True)
class OtherReading:
    """Another reading of an interpretation, tried on the case, and what it would change."""

    interpretation: str
    mark: str
    reading: str
    meaning: str
    changes: list[ChangedAnswer] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """The outcome of running one case.

    `readings`: the other readings, where they were asked for.
    """

    decision: Decision
    made_by: MadeBy
    schema: str = SCHEMA
    readings: list[OtherReading] | None = None

    def to_json(self) -> dict[str, Any]:
        """The outcome as plain JSON values, in the order of `schemas/outcome.json`."""
        found = {
            "schema": self.schema,
            "decision": plain(self.decision),
            "made by": plain(self.made_by),
        }
        return found if self.readings is None else {**found, "readings": plain(self.readings)}


_FIELDS: dict[
    type, list[tuple[str, str, Any]]
] = {}  # of each class: name, name in JSON, its default
_AS_THEY_ARE = frozenset({str, bool, int, type(None)})


def plain(value: Any) -> Any:
    """Dataclasses as mappings; what is empty, `False`, zero or `None` stays out where the default
    says so.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is list:
        return [plain(each) for each in value]
    if kind is dict:
        return {name: plain(value[name]) for name in sorted(value)}
    known = _FIELDS.get(kind)
    if known is None:
        if not is_dataclass(kind):
            return value
        known = _FIELDS[kind] = [
            (each.name, each.name.replace("_", " "), _default(each)) for each in fields(kind)
        ]
    found = {}
    for name, shown, default in known:
        content = getattr(value, name)
        if default is MISSING or content or content == {} or (content == 0 and default is None):
            found[shown] = plain(content)
    return found


def _default(declared: Any) -> Any:
    """The default of a field, that of a list an empty one; `MISSING` where there is none."""
    return declared.default if declared.default_factory is MISSING else declared.default_factory()
