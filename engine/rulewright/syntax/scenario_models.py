"""The shapes of what stands beside cases: tables of scenarios, and facts that cases share."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from .models import JudgementModel, Source, Supplied, Texts, _Placed
from .text import Scalar, Text


class _Shared(_Placed):
    model_config = ConfigDict(extra="allow")
    given: Texts | None = Field(
        None, description="files of facts that are laid under these, relative to its file"
    )
    as_at: Text | None = Field(
        None, description="the date of the decision: it chooses the policy in force"
    )
    policy: Text | None = Field(None, description="another policy than the one in force")
    about: Text | None = Field(None, description="for readers")
    source: Source | None = Field(
        None, description="where the facts come from, such as a published example"
    )
    tags: list[Text] = Field([], description="words to group cases by")
    supplied: dict[Text, Supplied] = Field(
        {}, description="derived values taken from outside, by path; their rules are not asked"
    )
    judgements: list[JudgementModel] = Field([], description="professional judgements")
    published: dict[Text, Scalar] = Field({}, description="what was published, by path, with `on`")


class ScenarioTableModel(_Shared):
    """Many small scenarios, one a row; what they share stands above the rows as in a case."""

    scenarios: Text = Field(description="the name of the table: a scenario is called `TABLE: ROW`")
    columns: list[Text] | None = Field(
        None,
        description="what stands in each place of a row: `case`, a path of a fact, `expect > PATH` …",
    )
    rows: Text | list[list[Any]] | list[dict[Text, Any]] = Field(
        description="rows as lists under `columns`, or as mappings; or the name of a CSV file or workbook"
    )
    expect: dict[Text, Any] | None = Field(
        None, description="what must come out in every row that does not expect otherwise"
    )
    under_reading: dict[Text, dict[Text, Any]] = Field(
        {}, description="what must come out under other readings, by their names"
    )
    under: dict[Text, dict[Text, Any]] = Field(
        {}, description="what must come out under other policies, by their names"
    )


class FactsModel(_Shared):
    """Facts that cases share by `given`, in a file of their own."""

    facts: Text = Field(description="what they are, for readers")
