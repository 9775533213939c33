"""The shape of every file that people write, as pydantic models: the one source of `schemas/`.

These models say which words may stand where. What the words mean (names, conditions, types) is read later, by
`vocabulary` and `rulewright.program`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from .errors import Place
from .text import Map, Scalar, Seq, Text, place_of


class _File(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, alias_generator=lambda name: name.replace("_", " ")
    )


class _Placed(_File):
    """A mapping in a file, with its place."""

    place_: Place = Field(default=Place(""), exclude=True, alias="place_", json_schema_extra={"hidden": True})

    @model_validator(mode="before")
    @classmethod
    def _remember_place(cls, value: Any) -> Any:
        return {**value, "place_": value.place} if isinstance(value, Map) else value


# -- vocabulary -------------------------------------------------------------------------------------------------------


class ScaleModel(_Placed):
    """A scale of values, worst first, and the known values that lie outside its order."""

    plural: Text | None = None
    order: list[Text] = Field(min_length=2)
    outside_the_order: list[Text] = []
    meaning: Text | None = None


class AttributeModel(_Placed):
    """One attribute: its type (`rating`, `yes/no`, `date`, `text`, a list, a range of numbers) and its default."""

    type: Text | None = None
    one_of: list[Text] | None = None
    whole_number: Scalar | None = None
    number: Scalar | None = None
    unless_stated: Scalar | None = None
    may_be_judged: Literal["yes", "no"] | None = None
    label: Text | None = None
    meaning: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """`{rating, label: …}` and plain `rating` mean `{type: rating, label: …}`."""
        if isinstance(value, Text):
            short = Map({Text("type"): value})
            short.place = value.place
            return {**short, "place_": value.place}
        if isinstance(value, dict):
            for name, content in value.items():
                if content is None and name not in ("place_",):
                    rest = {k: v for k, v in value.items() if k is not name}
                    if name in ("whole number", "number"):
                        return {**rest, name: Text.at("any", place_of(name))}
                    return {**rest, "type": name} if "type" not in rest else value
        return value


class EntityModel(_Placed):
    """A kind of thing that a case consists of, its attributes and what lies below it."""

    plural: Text
    has_many: list[Text] = []
    has: list[Text] = []
    main_attribute: Text | None = None
    main_result: Text | None = None
    members: list[Text] | None = None
    given: dict[Text, AttributeModel] = {}
    derived: dict[Text, AttributeModel] = {}
    meaning: Text | None = None

    @field_validator("members", mode="before")
    @classmethod
    def _one_a_line(cls, value: Any) -> Any:
        """Four of CQC's names hold commas: in brackets each would fall into several names."""
        if isinstance(value, Seq) and value.flow:
            raise PydanticCustomError("names_in_brackets", "names in brackets")
        return value


class VocabularyModel(_Placed):
    """The words of a rulebook: scales, entities, collections."""

    scales: dict[Text, ScaleModel] = {}
    entities: dict[Text, EntityModel] = {}
    collections: dict[Text, Text] = {}


# -- sources ----------------------------------------------------------------------------------------------------------

Mark = Literal["published", "reported", "from data", "assumed"]


class CitationModel(_Placed):
    """Where a rule comes from, and how sure that is."""

    document: Text
    section: Text | None = None
    paragraph: Scalar | None = None
    mark: Mark | None = None
    note: Text | None = None


class ReadingModel(_Placed):
    """Another reading of the same text, as a small amendment."""

    meaning: Text | None = None
    replaces: dict[Text, Any] = {}
    repeals: list[Text] = []
    restores: list[Text] = []
    adds: list[Any] = []


class InterpretationModel(_Placed):
    """What was assumed where the text does not decide, why, and how else it could be read."""

    id: Text
    assumed: Text
    because: Text
    mark: Mark | None = None
    other_readings: dict[Text, ReadingModel] = {}


class InterpretationItem(_Placed):
    """An interpretation that several rules rest on."""

    interpretation: Text
    assumed: Text
    because: Text
    mark: Mark | None = None
    other_readings: dict[Text, ReadingModel] = {}
    source: CitationModel | list[CitationModel] | None = None


class DocumentModel(_Placed):
    """A document that rules cite."""

    title: Text
    publisher: Text
    date: Scalar
    seen: Literal["in whole", "in part", "not seen"]
    version_seen: Text | None = None
    licence: Text | None = None
    about: Text | None = None
    paragraphs: dict[Text, Text] = {}


class SourcesModel(_Placed):
    """The documents of a rulebook, by id."""

    documents: dict[Text, DocumentModel]


# -- rules ------------------------------------------------------------------------------------------------------------


class AnyOf(_Placed):
    """At least one of these conditions holds."""

    any_of: list[ConditionModel] = Field(min_length=1)


class NoneOf(_Placed):
    """None of these conditions holds."""

    none_of: list[ConditionModel] = Field(min_length=1)


class AllOf(_Placed):
    """All of these conditions hold."""

    all_of: list[ConditionModel] = Field(min_length=1)


def _kind_of_condition(value: Any) -> str:
    if isinstance(value, dict):
        for name in ("any of", "none of", "all of"):
            if name in value:
                return f"«{name}»"
    return "«text»"


ConditionModel = Annotated[
    Annotated[Text, Tag("«text»")]
    | Annotated[AnyOf, Tag("«any of»")]
    | Annotated[NoneOf, Tag("«none of»")]
    | Annotated[AllOf, Tag("«all of»")],
    Discriminator(_kind_of_condition),
]


def _is_list(value: Any) -> str:
    return "«list»" if isinstance(value, list) else "«one»"


Conditions = Annotated[
    Annotated[list[ConditionModel], Tag("«list»")] | Annotated[ConditionModel, Tag("«one»")], Discriminator(_is_list)
]
Texts = Annotated[Annotated[list[Text], Tag("«list»")] | Annotated[Text, Tag("«one»")], Discriminator(_is_list)]
Source = Annotated[
    Annotated[list[CitationModel], Tag("«list»")] | Annotated[CitationModel, Tag("«one»")], Discriminator(_is_list)
]


def _is_text(value: Any) -> str:
    return "«one»" if isinstance(value, str) else "«written out»"


Interpretation = Annotated[
    Annotated[Text, Tag("«one»")] | Annotated[InterpretationModel, Tag("«written out»")], Discriminator(_is_text)
]


class _Item(_Placed):
    source: Source | None = None
    interpretation: Interpretation | None = None
    about: Text | None = None


class _Conditional(_Item):
    when: Conditions | None = None
    unless: Conditions | None = None
    overrides: list[Text] = []


class RuleModel(_Conditional):
    """A rule: of what, under which conditions, with which conclusion."""

    rule: Text
    of: Text
    then: Text | None = None
    otherwise: Text | None = None
    limit: Texts | None = None
    note: Text | None = None
    warn: Text | None = None


class TableModel(_Conditional):
    """A decision table. `rows` is a short list (`good: 63..87`), a list of rows, or the name of a CSV file."""

    table: Text
    of: Text
    input: Text | None = None
    inputs: dict[Text, Text] | None = None
    then: Text
    hit: Literal["unique", "first"] | None = None
    rows: Scalar | dict[Text, Scalar] | list[dict[Text, Scalar]]


class LetTableModel(_Placed):
    """A small table that a principle uses for one of its own words."""

    input: Text
    rows: dict[Text, Scalar]


class LetModel(_Placed):
    """One of a principle's own words, from a table."""

    table: LetTableModel


class PrincipleRuleModel(_Conditional):
    """A rule of a principle: its conclusion is a value for whatever attribute the use names."""

    rule: Text
    then: Text | None = None
    otherwise: Text | None = None
    limit: Texts | None = None


class PrincipleModel(_Item):
    """Rules written once for several attributes."""

    principle: Text
    takes: dict[Text, Text] = {}
    let: dict[Text, Text | LetModel] = {}
    gives: Text
    rules: list[PrincipleRuleModel] = Field(min_length=1)


class UseModel(_Conditional):
    """A use of a principle: of what, with which inputs, for which attribute."""

    model_config = ConfigDict(extra="allow")
    use: Text
    of: Text
    then: Text


class ParameterModel(_Item):
    """A named value, with dates where it changed."""

    parameter: Text
    value: Scalar | None = None
    values: dict[Text, Scalar] | None = None
    one_of: list[Text] | None = None
    meaning: Text | None = None


class MemberModel(_Item):
    """A member that an amendment adds to a fixed set."""

    member: Text
    of: Text
    after: Text | None = None


class TopicModel(_Placed):
    """A heading for what follows in a part, up to the next topic: for readers, without meaning."""

    topic: Text
    about: Text | None = None


ITEMS: dict[str, type[_Placed]] = {
    "rule": RuleModel,
    "table": TableModel,
    "principle": PrincipleModel,
    "use": UseModel,
    "parameter": ParameterModel,
    "interpretation": InterpretationItem,
    "member": MemberModel,
    "topic": TopicModel,
}


def _kind_of_item(value: Any) -> str:
    if isinstance(value, dict):
        for name in ITEMS:
            if name in value:
                return f"«{name}»"
        if any(name in value for name in ("scales", "entities", "collections")):
            return "«vocabulary»"
    read: dict[str, type[_Placed]] = {**ITEMS, "vocabulary": VocabularyModel}  # when a model is written out again
    return next((f"«{name}»" for name, form in read.items() if isinstance(value, form)), "«rule»")


ItemModel = Annotated[
    Annotated[RuleModel, Tag("«rule»")]
    | Annotated[TableModel, Tag("«table»")]
    | Annotated[PrincipleModel, Tag("«principle»")]
    | Annotated[UseModel, Tag("«use»")]
    | Annotated[ParameterModel, Tag("«parameter»")]
    | Annotated[InterpretationItem, Tag("«interpretation»")]
    | Annotated[MemberModel, Tag("«member»")]
    | Annotated[TopicModel, Tag("«topic»")]
    | Annotated[VocabularyModel, Tag("«vocabulary»")],
    Discriminator(_kind_of_item),
]


# -- policies ---------------------------------------------------------------------------------------------------------


class InForceModel(_Placed):
    """From a date (or `unknown`: since before all records) until the day before another."""

    from_: Text = Field(alias="from")
    until: Text | None = None


class WithdrawModel(_Placed):
    """When a withdrawal takes effect in a case, and what is shown until then."""

    once: Text | None = None
    until_then: Text | None = None
    source: Source | None = None


class TransitionalModel(_Placed):
    """Rules of the amended policy that go on while a condition on the case holds."""

    rules: list[Text] = Field(min_length=1)
    while_: Text = Field(alias="while")


class PolicyModel(_Item):
    """A policy: parts, or an amendment of another policy; status, dates, what it publishes and withdraws."""

    policy: Text
    title: Text | None = None
    status: Literal["proposed", "in force", "superseded"]
    in_force: InForceModel | None = None
    amends: Text | None = None
    parts: list[Text] = []
    replaces: dict[Text, Any] = {}
    repeals: list[Text] = []
    restores: list[Text] = []
    adds: list[Annotated[Annotated[Text, Tag("«one»")] | Annotated[ItemModel, Tag("«written out»")], Discriminator(_is_text)]] = []
    parameters: dict[Text, Scalar] = {}
    scope: Conditions | None = None
    publish: list[Text] = []
    withdraw: dict[Text, WithdrawModel | None] | list[Text] = {}
    transitional: list[TransitionalModel] = []


class SealModel(_Placed):
    """The digest of a policy's meaning, and why it was set."""

    digest: Text
    reason: Text


class SealsModel(_Placed):
    """The seals of a rulebook's policies."""

    seals: dict[Text, SealModel]


# -- cases ------------------------------------------------------------------------------------------------------------


class JudgementModel(_Placed):
    """A professional judgement: it replaces what the rules gave, and says who, when and why."""

    attribute: Text
    value: Scalar
    by: Text
    on: Text
    reason: Text


class SuppliedModel(_Placed):
    """A value from outside, and where it was taken from (shown, without effect)."""

    value: Scalar
    from_: Text | dict[Text, Scalar] | None = Field(default=None, alias="from")


Supplied = Annotated[
    Annotated[Scalar, Tag("«one»")] | Annotated[SuppliedModel, Tag("«written out»")],
    Discriminator(lambda value: "«written out»" if isinstance(value, dict | SuppliedModel) else "«one»"),
]


class CaseModel(_Placed):
    """A case, or with `expect` a scenario. The facts stand under the name of the outermost entity (`trust`)."""

    model_config = ConfigDict(extra="allow")
    case: Text
    as_at: Text | None = None
    policy: Text | None = None
    about: Text | None = None
    source: Source | None = None
    tags: list[Text] = []
    supplied: dict[Text, Supplied] = {}
    judgements: list[JudgementModel] = []
    published: dict[Text, Scalar] = {}
    expect: dict[Text, Any] | None = None
    under_reading: dict[Text, dict[Text, Any]] = {}
