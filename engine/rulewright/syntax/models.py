"""The shape of every file that people write, as pydantic models: the one source of `schemas/`.

These models say which words may stand where. What the words mean (names, conditions, types) is read
later, by `rulewright.rulebook` and `rulewright.compiler`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from .errors import Place
from .text import Map, Scalar, Seq, Text, place_of


class _File(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        alias_generator=lambda name: name.replace("_", " "),
    )


class _Placed(_File):
    """A mapping in a file, with its place."""

    place_: Place = Field(
        default=Place(""), exclude=True, alias="place_", json_schema_extra={"hidden": True}
    )

    @model_validator(mode="before")
    @classmethod
    def _remember_place(cls, value: Any) -> Any:
        return {**value, "place_": value.place} if isinstance(value, Map) else value


def _said(text: Text) -> Text:
    """Reject a reason of no words."""
    if not text.strip():
        raise PydanticCustomError("left_empty", "left empty")
    return text


Reason = Annotated[Text, AfterValidator(_said), Field(json_schema_extra={"minLength": 1})]


# -- vocabulary


class ScaleModel(_Placed):
    """A scale of values, worst first, and the known values that lie outside its order."""

    plural: Text | None = Field(
        None, description="its plural, for principles that take several of its values"
    )
    order: list[Text] = Field(min_length=2, description="the values, worst first")
    outside_the_order: list[Text] = Field(
        [], description="known values without a place in the order"
    )
    meaning: Text | None = Field(None, description="what it is, for readers")


class AttributeModel(_Placed):
    """One attribute: its type (`rating`, `yes/no`, `date`, `text`, a list, a range of numbers) and
    its default.
    """

    type: Text | None = Field(
        None, description="a scale, `yes/no`, `date` or `text`; may also stand alone: `beds: date`"
    )
    one_of: list[Text] | None = Field(
        None, description="the words that it may be, without an order"
    )
    whole_number: Scalar | None = Field(
        None, description="whole numbers in a range: `0..100`, `0 or more`, `up to 9`, `any`"
    )
    number: Scalar | None = Field(None, description="exact numbers in a range")
    unless_stated: Scalar | None = Field(
        None,
        description="what a silent case means; `none`: that there is none; without it a silent case leaves the fact missing",
    )
    none_is: Text | None = Field(
        None,
        description="of a given attribute: the word for *no value*, beside `none`; it may have none then, also without `unless stated`",
    )
    may_be_judged: Literal["yes", "no"] | None = Field(
        None, description="of a derived attribute: whether a judgement may replace it"
    )
    expected_to_count: Literal["yes", "no"] | None = Field(
        None,
        description="of a given attribute: whether the outcome warns where a case states it and nothing in the policy reads it",
    )
    changes_by: Literal["improvement", "decision of the regulator", "never"] | None = Field(
        None,
        description="of a given attribute: who can change it; `what-if` proposes improvements first",
    )
    label: Text | None = Field(None, description="its name in ratings and pages")
    meaning: Text | None = Field(None, description="what it is, for readers")

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

    plural: Text = Field(description="its plural: conditions use both")
    has_many: list[Text] = Field([], description="kinds of things below it, which a case lists")
    has: list[Text] = Field([], description="kinds of things below it with a fixed set of members")
    main_attribute: Text | None = Field(
        None, description="the given attribute that a single value in a case stands for"
    )
    main_result: Text | None = Field(
        None, description="the attribute that its bare name stands for in rules and paths"
    )
    members: list[Text] | None = Field(
        None, description="of a fixed set: its members, one a line; they exist in every case"
    )
    given: dict[Text, AttributeModel] = Field({}, description="its facts, which people enter")
    derived: dict[Text, AttributeModel] = Field({}, description="what rules conclude of it")
    meaning: Text | None = Field(None, description="what it is, for readers")

    @field_validator("members", mode="before")
    @classmethod
    def _one_a_line(cls, value: Any) -> Any:
        """Four of CQC's names hold commas: in brackets each would fall into several names."""
        if isinstance(value, Seq) and value.flow:
            raise PydanticCustomError("names_in_brackets", "names in brackets")
        return value


class VocabularyModel(_Placed):
    """The words of a rulebook: scales, entities, collections."""

    scales: dict[Text, ScaleModel] = Field({}, description="scales by name")
    entities: dict[Text, EntityModel] = Field({}, description="kinds of things by name")
    collections: dict[Text, Text] = Field(
        {},
        description="names for things further below, such as `services of the trust: at any depth`",
    )


# -- sources

Mark = Literal["published", "reported", "from data", "assumed"]


class CitationModel(_Placed):
    """Where a rule comes from, and how sure that is."""

    document: Text = Field(description="a document of the sources, by id")
    section: Text | None = Field(None, description="its section")
    paragraph: Scalar | None = Field(
        None,
        description="the paragraph of the section; of a document seen in whole it has to be listed",
    )
    mark: Mark | None = Field(None, description="how sure it is")
    note: Text | None = Field(None, description="for readers")


class InForceModel(_Placed):
    """From a date (or `unknown`: since before all records) until the day before another."""

    from_: Text = Field(
        alias="from", description="the first day, or `unknown`: since before all records"
    )
    until: Text | None = Field(None, description="the first day on which it holds no more")


class ReadingModel(_Placed):
    """Another reading of the same text, as a small amendment."""

    meaning: Text | None = Field(None, description="how the text is read then")
    replaces: dict[Text, Any] = Field(
        {}, description="what stands in place of something else, as in an amendment"
    )
    repeals: list[Text] = Field([], description="what goes")
    restores: list[Text] = Field([], description="what comes back")
    adds: list[Any] = Field(
        [], description="what comes: the name of a part, or entries written out"
    )
    in_force: dict[Text, InForceModel] = Field({}, description="other dates of policies, by policy")


class InterpretationModel(_Placed):
    """What was assumed where the text does not decide, why, and how else it could be read."""

    id: Text = Field(description="its name: rules, commands and amendments use it")
    assumed: Text = Field(description="how the text was read")
    because: Text = Field(description="why")
    mark: Mark | None = Field(None, description="how sure it is")
    other_readings: dict[Text, ReadingModel] = Field(
        {}, description="how else the text could be read, each by a name"
    )
    no_other_reading_because: Reason | None = Field(
        None, description="instead of other readings: why none is thinkable"
    )


class InterpretationItem(_Placed):
    """An interpretation that several rules rest on."""

    interpretation: Text = Field(description="its name: rules, commands and amendments use it")
    assumed: Text = Field(description="how the text was read")
    because: Text = Field(description="why")
    mark: Mark | None = Field(None, description="how sure it is")
    other_readings: dict[Text, ReadingModel] = Field(
        {}, description="how else the text could be read, each by a name"
    )
    no_other_reading_because: Reason | None = Field(
        None, description="instead of other readings: why none is thinkable"
    )
    source: CitationModel | list[CitationModel] | None = Field(
        None, description="where it comes from"
    )


class DocumentModel(_Placed):
    """A document that rules cite."""

    title: Text = Field(description="its title")
    publisher: Text = Field(description="who published it")
    date: Scalar = Field(description="when")
    seen: Literal["in whole", "in part", "not seen"] = Field(
        description="how much of it was seen by those who wrote the rules"
    )
    version_seen: Text | None = Field(None, description="which version was seen")
    licence: Text | None = Field(None, description="under which licence it may be quoted")
    about: Text | None = Field(None, description="for readers")
    paragraphs: dict[Text, Text] = Field(
        {},
        description="of a document seen in whole: what became of each paragraph, `encoded by RULE`, `judgement`, "
        "`context` or `not yet`",
    )


class SourcesModel(_Placed):
    """The documents of a rulebook, by id."""

    documents: dict[Text, DocumentModel] = Field(description="documents by id")


# -- rules


class AnyOf(_Placed):
    """At least one of these conditions holds."""

    any_of: list[ConditionModel] = Field(
        min_length=1, description="conditions of which one has to hold"
    )


class NoneOf(_Placed):
    """None of these conditions holds."""

    none_of: list[ConditionModel] = Field(
        min_length=1, description="conditions of which none may hold"
    )


class AllOf(_Placed):
    """All of these conditions hold."""

    all_of: list[ConditionModel] = Field(min_length=1, description="conditions that must all hold")


class Reasoned(_Placed):
    """A condition that asks whether a fact was stated, and why that may decide."""

    condition: Text = Field(
        description="the condition: a sentence with `is known`, `is missing` or the like"
    )
    because: Reason = Field(
        description="why it may decide whether the fact was stated, for readers"
    )


def _kind_of_condition(value: Any) -> str:
    if isinstance(value, dict):
        for name in ("any of", "none of", "all of"):
            if name in value:
                return f"«{name}»"
        if "condition" in value or "because" in value:
            return "«with a reason»"
    return "«text»"


ConditionModel = Annotated[
    Annotated[Text, Tag("«text»")]
    | Annotated[AnyOf, Tag("«any of»")]
    | Annotated[NoneOf, Tag("«none of»")]
    | Annotated[AllOf, Tag("«all of»")]
    | Annotated[Reasoned, Tag("«with a reason»")],
    Discriminator(_kind_of_condition),
]


for _form in (AnyOf, NoneOf, AllOf):  # they hold conditions, which are only now there
    _form.model_rebuild()


def _is_list(value: Any) -> str:
    return "«list»" if isinstance(value, list) else "«one»"


Conditions = Annotated[
    Annotated[list[ConditionModel], Tag("«list»")] | Annotated[ConditionModel, Tag("«one»")],
    Discriminator(_is_list),
]
Texts = Annotated[
    Annotated[list[Text], Tag("«list»")] | Annotated[Text, Tag("«one»")], Discriminator(_is_list)
]
Source = Annotated[
    Annotated[list[CitationModel], Tag("«list»")] | Annotated[CitationModel, Tag("«one»")],
    Discriminator(_is_list),
]


def _is_text(value: Any) -> str:
    return "«one»" if isinstance(value, str) else "«written out»"


Interpretation = Annotated[
    Annotated[Text, Tag("«one»")] | Annotated[InterpretationModel, Tag("«written out»")],
    Discriminator(_is_text),
]


class _Item(_Placed):
    source: Source | None = Field(None, description="where it comes from: a citation, or several")
    interpretation: Interpretation | None = Field(
        None, description="on which interpretation it rests: its name, or written out"
    )
    about: Text | None = Field(None, description="what it says, in one line, for readers")


class _Conditional(_Item):
    when: Conditions | None = Field(None, description="conditions that must all hold")
    unless: Conditions | None = Field(None, description="conditions of which none may hold")
    overrides: list[Text] = Field(
        [],
        description="rules, tables, uses or principles that it defeats when it fires, only about the same attribute; `any judgement`: "
        "a judgement on it has no effect then",
    )


class RuleModel(_Conditional):
    """A rule: of what, under which conditions, with which conclusion."""

    rule: Text = Field(description="its id, once in the rulebook: trails and amendments name it")
    of: Text = Field(
        description="of what it speaks: `ENTITY`, `ENTITY of ENTITY`, with `except` or `only` members"
    )
    then: Text | None = Field(None, description="the value that it gives")
    otherwise: Text | None = Field(
        None, description="the value that holds where no other rule about the attribute fires"
    )
    limit: Texts | None = Field(
        None, description="the most that a value may be: `the ATTRIBUTE is at most VALUE`"
    )
    note: Text | None = Field(None, description="a sentence for the outcome; no rule reads it")
    warn: Text | None = Field(None, description="the same, as a warning")


class TableModel(_Conditional):
    """A decision table. `rows` is a short list (`good: 63..87`), a list of rows, or the name of a
    CSV file or workbook.
    """

    table: Text = Field(description="its id; a row is `TABLE[ROW]`")
    of: Text = Field(description="of what it speaks")
    input: Text | None = Field(None, description="what its one input is, in the short form")
    inputs: dict[Text, Text] | None = Field(
        None, description="the inputs by the names of their columns"
    )
    then: Text = Field(description="the attribute that its rows give")
    hit: Literal["unique", "first"] | None = Field(
        None,
        description="`unique`, the usual: no two rows may hold together; `first`: the first row that holds decides",
    )
    rows: Scalar | dict[Text, Scalar] | list[dict[Text, Scalar]] = Field(
        description="`VALUE: CELL`, or a list of rows, or the name of a CSV file or workbook"
    )


class LetTableModel(_Placed):
    """A small table that a principle uses for one of its own words."""

    input: Text = Field(description="what its input is")
    rows: dict[Text, Scalar] = Field(description="`VALUE: CELL`")


class LetModel(_Placed):
    """One of a principle's own words, from a table."""

    table: LetTableModel = Field(description="a small table that gives the word")


class PrincipleRuleModel(_Conditional):
    """A rule of a principle: its conclusion is a value for whatever attribute the use names."""

    rule: Text = Field(description="its short id; each use has it as `PRINCIPLE.RULE@…`")
    then: Text | None = Field(None, description="the value that it gives")
    otherwise: Text | None = Field(
        None, description="the value that holds where no other rule about the attribute fires"
    )
    limit: Texts | None = Field(None, description="`at most VALUE`")


class PrincipleModel(_Item):
    """Rules written once for several attributes."""

    principle: Text = Field(description="its id")
    takes: dict[Text, Text] = Field(
        {}, description="its inputs: `a rating`, `a collection of ratings`"
    )
    let: dict[Text, Text | LetModel] = Field(
        {}, description="words of its own, each a formula or a small table"
    )
    gives: Text = Field(description="the type of its results")
    rules: list[PrincipleRuleModel] = Field(min_length=1, description="its rules")


class UseModel(_Conditional):
    """A use of a principle: of what, with which inputs, for which attribute."""

    model_config = ConfigDict(extra="allow")
    use: Text = Field(description="its id, `PRINCIPLE@…`")
    of: Text = Field(description="of what it speaks")
    then: Text = Field(description="the attribute that the results go to")


class ParameterModel(_Item):
    """A named value, with dates where it changed."""

    parameter: Text = Field(description="its name")
    value: Scalar | None = Field(
        None,
        description="its value: a number, a length of time, a date, yes or no, or one of its words",
    )
    values: dict[Text, Scalar] | None = Field(
        None, description="its values by the date since which they hold"
    )
    one_of: list[Text] | None = Field(None, description="the words that it may be")
    meaning: Text | None = Field(None, description="what it is, for readers")


class MemberModel(_Item):
    """A member that an amendment adds to a fixed set."""

    member: Text = Field(description="the name of the new member")
    of: Text = Field(description="the fixed set that it joins")
    after: Text | None = Field(
        None, description="the member that it stands behind; without it it stands last"
    )


class TopicModel(_Placed):
    """A heading for what follows in a part, up to the next topic: for readers, without meaning."""

    topic: Text = Field(description="the heading")
    about: Text | None = Field(None, description="a sentence below it")


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
    read: dict[str, type[_Placed]] = {
        **ITEMS,
        "vocabulary": VocabularyModel,
    }  # when a model is written out again
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


# -- policies


class WithdrawModel(_Placed):
    """When a withdrawal takes effect in a case, and what is shown until then."""

    once: ConditionModel | None = Field(
        None,
        description="a condition on the case; without it the attribute is withdrawn from the first day",
    )
    until_then: Text | None = Field(
        None, description="what is shown until then: `show ATTRIBUTE as given earlier`"
    )
    source: Source | None = Field(None, description="where the withdrawal comes from")


class TransitionalModel(_Placed):
    """Rules that are repealed and go on while conditions on the case hold."""

    rules: list[Text] = Field(
        min_length=1, description="the rules, repealed by this policy or by one that it amends"
    )
    while_: Conditions = Field(
        alias="while", description="conditions on the case that must all hold"
    )


class PolicyModel(_Item):
    """A policy: parts, or an amendment of another policy; status, dates, what it publishes and
    withdraws.
    """

    policy: Text = Field(description="its id: cases and commands use it")
    title: Text | None = Field(None, description="its title")
    status: Literal["proposed", "in force", "superseded"] = Field(
        description="whether it applies by its dates, or only when asked for by name"
    )
    in_force: InForceModel | None = Field(
        None, description="its dates; needed unless it is proposed"
    )
    amends: Text | None = Field(None, description="the policy that this one changes")
    parts: list[Text] = Field([], description="the parts that apply; of a policy that amends none")
    replaces: dict[Text, Any] = Field(
        {}, description="what stands there from now on: the fields that change, the others stay"
    )
    repeals: list[Text] = Field([], description="what goes, by its name or by a pattern with `*`")
    restores: list[Text] = Field(
        [], description="what an amended policy has repealed and comes back, as it was then"
    )
    adds: list[
        Annotated[
            Annotated[Text, Tag("«one»")] | Annotated[ItemModel, Tag("«written out»")],
            Discriminator(_is_text),
        ]
    ] = Field([], description="what comes: the name of a part, or entries written out")
    parameters: dict[Text, Scalar] = Field({}, description="other values of parameters")
    scope: Conditions | None = Field(
        None,
        description="conditions on the case; outside of them the outcome is stamped *not a rating*",
    )
    publish: list[Text] = Field([], description="attributes that are shown as ratings")
    withdraw: dict[Text, WithdrawModel | None] | list[Text] = Field(
        {}, description="attributes that are no longer published"
    )
    judged_as_one: list[Annotated[list[Text], Field(min_length=2)]] = Field(
        [],
        description="attributes of the outermost entity or of its fixed members; a judgement on one is a judgement on each",
    )
    transitional: list[TransitionalModel] = Field(
        [], description="rules that are repealed and go on for a while"
    )
    disclaimer: Text | None = Field(
        None,
        description="what its conclusions must not be taken for; reports say it, and what amends the policy takes it over",
    )


class EarlierSealModel(_Placed):
    """The digest of a policy's meaning, and why, when and by whom it was set."""

    digest: Text = Field(description="the digest of its meaning")
    reason: Text = Field(description="why it was sealed, or sealed anew")
    sealed_at: Text | None = Field(None, description="when, in UTC")
    sealed_by: Text | None = Field(None, description="who sealed it")


class SealModel(EarlierSealModel):
    """The seal of a policy: the digest of its meaning, and why, when and by whom it was set."""

    earlier: list[EarlierSealModel] = Field(
        [], description="the seals that it replaced, the latest first"
    )


class SealsModel(_Placed):
    """The seals of a rulebook's policies."""

    seals: dict[Text, SealModel] = Field(description="seals by policy")


# -- coverage


class ExceptionModel(_Placed):
    """One thing that no scenario is asked to show."""

    rule: Text = Field(description="the rule, row, table or use that it is about, as written")
    condition: Text | None = Field(
        default=None,
        description="the condition, word for word; without it the rule itself is meant",
    )
    never: Literal["met", "not met", "undecided", "takes effect"] = Field(
        description="what no scenario shows"
    )
    because: Text = Field(description="why none does")


class ExceptionsModel(_Placed):
    """Conditions and rules that no scenario is asked to cover, each with the reason."""

    exceptions: list[ExceptionModel] = Field(description="what is left out")


# -- cases


class JudgementModel(_Placed):
    """A professional judgement: it replaces what the rules gave, and says who, when and why."""

    attribute: Text = Field(description="the path of what was judged")
    value: Scalar = Field(description="the value that replaces what the rules gave")
    by: Text = Field(description="who judged")
    on: Text = Field(description="when")
    reason: Text = Field(description="why")


class SuppliedModel(_Placed):
    """A value from outside, and where it was taken from (shown, without effect)."""

    value: Scalar = Field(description="the value")
    from_: Text | dict[Text, Scalar] | None = Field(
        default=None, alias="from", description="where it was taken from"
    )


Supplied = Annotated[
    Annotated[Scalar, Tag("«one»")] | Annotated[SuppliedModel, Tag("«written out»")],
    Discriminator(
        lambda value: "«written out»" if isinstance(value, dict | SuppliedModel) else "«one»"
    ),
]


class CaseModel(_Placed):
    """A case, or with `expect` a scenario.

    The facts stand under the name of the outermost entity (`trust`).
    """

    model_config = ConfigDict(extra="allow")
    case: Text = Field(description="its name")
    as_at: Text | None = Field(
        None, description="the date of the decision: it chooses the policy in force"
    )
    policy: Text | None = Field(None, description="another policy than the one in force")
    about: Text | None = Field(None, description="for readers")
    source: Source | None = Field(
        None, description="where its facts come from, such as a published example"
    )
    tags: list[Text] = Field([], description="words to group cases by")
    supplied: dict[Text, Supplied] = Field(
        {}, description="derived values taken from outside, by path; their rules are not asked"
    )
    judgements: list[JudgementModel] = Field([], description="professional judgements")
    published: dict[Text, Scalar] = Field(
        {}, description="what was published, by path, with `on`: the outcome says whether it agrees"
    )
    expect: dict[Text, Any] | None = Field(
        None, description="of a scenario: what must come out, and why"
    )
    under_reading: dict[Text, dict[Text, Any]] = Field(
        {}, description="what must come out under another reading of an interpretation, by its name"
    )
    under: dict[Text, dict[Text, Any]] = Field(
        {}, description="of a scenario: what must come out under other policies, by their names"
    )
    given: Texts | None = Field(
        None, description="files of facts that are laid under its own, relative to its file"
    )
