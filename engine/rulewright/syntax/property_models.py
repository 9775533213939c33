"""The shape of files that declare properties of a policy: the source of
`schemas/properties.json`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag

from .models import Conditions, _Placed
from .text import Scalar, Text

Opened = Annotated[
    Annotated[list[Text], Tag("«names»")]
    | Annotated[dict[Text, Scalar | list[Scalar]], Tag("«names with values»")],
    Discriminator(lambda value: "«names with values»" if isinstance(value, dict) else "«names»"),
]
Values = Annotated[
    Annotated[Scalar, Tag("«one»")] | Annotated[list[Scalar], Tag("«several»")],
    Discriminator(lambda value: "«several»" if isinstance(value, list) else "«one»"),
]


class SpaceModel(_Placed):
    """A case some of whose facts are open.

    The facts that are the same in all its cases stand under the outermost entity's name.
    """

    model_config = ConfigDict(extra="allow")
    from_: Text | None = Field(
        None,
        alias="from",
        description="a file of cases, instead of facts written here; relative to this file",
    )
    case: Text | None = Field(None, description="which case of that file, where it holds several")
    open: Opened = Field(
        description="facts that may have any value that their declaration allows, by attribute, thing or path; or with the values they may have"
    )
    where: Conditions | None = Field(
        None, description="conditions on the outermost entity that every case of the space meets"
    )
    supplied: dict[Text, Any] = Field(
        {}, description="as in a case: derived values taken from outside, by path"
    )
    judgements: list[Any] = Field([], description="as in a case: professional judgements")


class PropertyModel(_Placed):
    """Something that must hold of a policy for every case of a space.

    One of `monotone`, `reachable`, `always`, `never` says what.
    """

    property: Text = Field(description="what must hold, as a sentence: its name")
    policy: Text | list[Text] | None = Field(
        None, description="the policy, or several of which it must hold; else that of the file"
    )
    as_at: Text | None = Field(
        None,
        description="the date of the decisions; else that of the file, or of the case that is named",
    )
    reading: Text | None = Field(
        None, description="another reading of an interpretation, under which it must hold"
    )
    space: Text | SpaceModel = Field(
        description="the cases of which it must hold: the name of one of `spaces`, or written out"
    )
    monotone: Text | None = Field(
        None, description="the path of a derived attribute that better facts never make worse"
    )
    better: dict[Text, Values] = Field(
        {},
        description="which of a fact's values is better: `higher`, `lower`, the best one, all of them worst first, or `same` (of a "
        "scale that is not to be raised); else scales have their order, and no other fact differs",
    )
    reachable: Text | None = Field(
        None, description="the path of a derived attribute that can have each of `values`"
    )
    values: list[Scalar] = Field(
        [],
        description="its values, `no value`, `conflict` or `undetermined`; else all values of its scale's order, or of its list",
    )
    always: Conditions | None = Field(None, description="conditions that are met in every case")
    never: Conditions | None = Field(None, description="conditions that are met in no case")
    of: Text | None = Field(
        None,
        description="the things at which `always` or `never` is asked, as in a rule; else the outermost one",
    )
    expected: Literal["yes", "no"] = Field(
        "yes", description="`no`: it is known that this does not hold"
    )
    because: Text | None = Field(None, description="why it does not hold, and why that is accepted")
    tags: list[Text] = Field([], description="words to group properties by")


class PropertiesModel(_Placed):
    """Declared properties of policies."""

    about: Text | None = Field(None, description="for readers")
    policy: Text | list[Text] | None = Field(
        None, description="the policy of all properties that name none"
    )
    as_at: Text | None = Field(None, description="the date of all properties that name none")
    spaces: dict[Text, SpaceModel] = Field(
        {}, description="spaces that several properties share, by name"
    )
    properties: list[PropertyModel] = Field(min_length=1, description="the properties")


__all__ = ["PropertiesModel", "PropertyModel", "SpaceModel"]
