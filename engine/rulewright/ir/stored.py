"""The classes of a program as they are stored: the frozen tables behind digests and archives.

A digest of meaning hashes these names, and an archive writes them. They stay as they are, whatever
Python calls a class or a field and whichever module it is in: seals and ledgers that were written
years ago must go on holding. To rename a class, change the class beside its line. To rename a
field, write `stored=python`. A new field goes to the end of its line, with `?`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import nodes, program, types, vocabulary

# The stored name of a class, and of its fields in their order. Before a name: `~` for wording, that
# is in no digest. After it: `*` for a set that is written as a tuple, whose order means nothing;
# `+` for a field that an archive may lack; `?` for one that is only written where it is set.
_TABLES: dict[type, str] = {
    # types of values
    types.Scale: "Scale: name order outside+",
    types.Choice: "Choice: values*",
    types.YesNo: "YesNo: name+ values+",
    types.Number: "Number: whole low+ high+",
    types.Date: "Date: name+",
    types.Months: "Months: name+",
    types.Words: "Words: name+",
    # vocabulary
    vocabulary.Attribute: (
        "Attribute: name type given has_default+ default+ may_be_judged+ ~label+ ~meaning+ hidden+"
        " ~expected_to_count? ~none_is? ~changes_by?"
    ),
    vocabulary.EntityType: (
        "EntityType: name ~plural listed_below+ fixed_below+ main_attribute+ main_result+ members+"
        " attributes+ ~meaning+"
    ),
    vocabulary.JudgedAsOne: "JudgedAsOne: attributes policy",
    vocabulary.Vocabulary: "Vocabulary: scales+ entities+ collections+ ~plurals+",
    # expressions
    nodes.Reach: "Reach: item+ up+ down+",
    nodes.Literal: "Literal: value type",
    nodes.Parameter: "Parameter: name type",
    nodes.AsAtDate: "AsAtDate: type",
    nodes.Noun: "Noun: reach attribute type given",
    nodes.Arithmetic: "Arithmetic: op left right type",
    nodes.Round: "Round: rule of type",
    nodes.Count: "Count: collection test type",
    nodes.Aggregate: "Aggregate: kind collection noun type",
    # collections
    nodes.Below: "Below: start entity deep+",
    nodes.Each: "Each: of entity",
    nodes.Same: "Same: of entity",
    nodes.Except: "Except: of members",
    nodes.Where: "Where: of tests*",
    nodes.Union: "Union: parts*",
    # conditions
    nodes.Compare: "Compare: left op right",
    nodes.Known: "Known: noun wanted",
    nodes.Quantified: "Quantified: kind collection test amount+ share+",
    nodes.Joined: "Joined: kind parts*",
    nodes.Condition: "Condition: body ~text ~because?",
    # rules
    nodes.Kind: "Kind: entity parent+ member+",
    nodes.NodeKey: "NodeKey: entity parent member attribute",
    nodes.Citation: "Citation: document section+ paragraph+ mark+ note+",
    nodes.Rule: (
        "Rule: id ~written effect conditions* value+ template+ ~text+ overrides+ table+ ~citations+"
        " ~interpretations+"
    ),
    # programs
    program.Exhaustive: "Exhaustive: rules inputs",
    program.Node: "Node: key attribute layer rules above apart exhaustive otherwise limits",
    program.ParameterValues: (
        "ParameterValues: name type values ~meaning+ ~citations+ ~interpretation+"
    ),
    program.Withdrawal: "Withdrawal: attribute kinds policy ~text once+ until_then+ ~citations+",
    program.Reading: "Reading: name ~meaning",
    program.Interpretation: "Interpretation: id assumed ~because mark readings bears_on?",
    program.Document: "Document: id ~title publisher date seen licence+",
    program.Program: (
        "Program: policy ~title ~status since ~until chain vocabulary parameters nodes notices"
        " scope published withdrawals ~interpretations ~documents ~asks+ ~idle+ ~lapsed+ ~digest+"
        " ~reading+ ~disclaimer+ judged_as_one? ~interpretation?"
    ),
}

_FIELD = re.compile(r"(~?)(\w+)(?:=(\w+))?(\*?)([+?]?)")


@dataclass(frozen=True, slots=True)
class StoredField:
    """One field: its stored name, and the one that Python has for it."""

    name: str
    attribute: str
    is_meaning: bool
    any_order: bool
    may_be_lacking: bool
    where_set: bool


@dataclass(frozen=True, slots=True)
class StoredClass:
    """One class: its stored name, and its fields in their stored order."""

    name: str
    of: Any
    fields: tuple[StoredField, ...]

    @property
    def meaning(self) -> tuple[StoredField, ...]:
        """The fields that a digest of meaning hashes."""
        return tuple(each for each in self.fields if each.is_meaning)


@cache
def stored(of: Any) -> StoredClass | None:
    """How objects of a class are stored; `None` for a class that no program consists of."""
    table = _TABLES.get(of)
    if table is None:
        return None
    name, _, fields = table.partition(": ")
    found = tuple(_field(each) for each in fields.split())
    return StoredClass(name, of, found)


@cache
def stored_as(name: str) -> StoredClass | None:
    """How the class with a stored name is stored; `None` where there is none."""
    return next((each for each in map(stored, _TABLES) if each and each.name == name), None)


def stored_classes() -> list[StoredClass]:
    """Every class that a program consists of."""
    return [each for each in map(stored, _TABLES) if each is not None]


def _field(written: str) -> StoredField:
    found = _FIELD.fullmatch(written)
    assert found, written
    wording, name, attribute, any_order, later = found.groups()
    return StoredField(
        name, attribute or name, not wording, bool(any_order), bool(later), later == "?"
    )
