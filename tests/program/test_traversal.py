"""Traversal follows the declared fields of every node class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from rulewright import Rules
from rulewright.compiler.dependencies import reads as keys_read
from rulewright.compiler.scope import scope_of_read
from rulewright.ir.nodes import (
    HERE,
    ITEM,
    AsAtDate,
    Below,
    Compare,
    Condition,
    Count,
    Joined,
    Known,
    Literal,
    Noun,
    Parameter,
    Quantified,
    Reach,
    Rule,
    Where,
)
from rulewright.ir.traversal import (
    TERMS,
    Lookup,
    Term,
    children,
    collections_in,
    counted_in,
    filters,
    find,
    leaves,
    map_nodes,
    map_reaches,
    nouns_in,
    parameters_in,
    reaches,
    reads,
    sides,
    walk,
)
from rulewright.ir.types import Date, Number

NUMBER = Number(True)
SCORE = Noun(ITEM, "score", NUMBER, True)
TOTAL = Noun(HERE, "total", NUMBER, True)
LIMIT = Parameter("limit", NUMBER)
FILTER = Compare(SCORE, "at least", (LIMIT,))
ITEMS = Below(Reach(up="trust"), "service")
FILTERED = Where(ITEMS, (FILTER,))
NUMBER_OF = Count(FILTERED, Known(SCORE, True), NUMBER)
COUNTED = Condition(Compare(NUMBER_OF, "more than", (TOTAL,)), "more than the total")
DATED = Condition(Compare(TOTAL, "is", (AsAtDate(Date()),)), "today")
EITHER = Condition(Joined("any of", (COUNTED, DATED)), "either")
RULE = Rule("r", "r", "note", (EITHER,), template=("there are ", NUMBER_OF, " of ", ITEMS))


@pytest.fixture(scope="module")
def program() -> Any:
    return Rules("rules/cqc").program("guidance-2024-03")


def by_hand(value: Any) -> Iterator[Any]:
    """Every node that some field of a value holds, whatever it is declared to hold."""
    if isinstance(value, tuple):
        for each in value:
            yield from by_hand(each)
    elif is_dataclass(value):
        if isinstance(value, TERMS):
            yield value
        for each in fields(value):
            yield from by_hand(getattr(value, each.name))


def test_walking_finds_each_node_once_from_left_to_right() -> None:
    assert list(walk(RULE)) == list(by_hand(RULE))
    assert list(walk(None, "text", (RULE, [RULE]))) == [*by_hand(RULE), *by_hand(RULE)]


def test_walking_a_whole_policy_finds_all_that_its_fields_hold(program: Any) -> None:
    for rule in program.rules:
        assert list(walk(rule)) == list(by_hand(rule))


def test_the_children_are_the_nodes_one_step_below() -> None:
    assert children(RULE) == (EITHER, NUMBER_OF, ITEMS)
    assert children(NUMBER_OF) == (FILTERED, Known(SCORE, True))
    assert children(TOTAL) == ()
    below = [each for child in children(RULE) for each in walk(child)]
    assert [RULE, *below] == list(walk(RULE))


def test_what_equals_a_node_is_left_out_with_all_below_it() -> None:
    assert FILTER in list(walk(RULE)) and FILTER not in list(walk(RULE, but=(FILTERED,)))
    assert list(find(Where, RULE, but=(NUMBER_OF,))) == []


def test_mapping_without_a_change_gives_the_very_node(program: Any) -> None:
    for rule in program.rules:
        assert map_nodes(lambda each: each, rule) is rule


def test_mapping_rebuilds_what_is_above_a_change_and_shares_the_rest() -> None:
    changed = map_nodes(lambda each: ITEMS if each == FILTERED else each, EITHER)
    assert isinstance(changed, Condition) and isinstance(changed.body, Joined)
    first, second = changed.body.parts
    assert first.body == Compare(Count(ITEMS, Known(SCORE, True), NUMBER), "more than", (TOTAL,))
    assert second is DATED and changed.text == "either"


def test_mapping_goes_from_the_bottom_up() -> None:
    seen: list[Term] = []

    def note(term: Term) -> Term:
        seen.append(term)
        return term

    map_nodes(note, NUMBER_OF)
    assert seen == [ITEMS, SCORE, LIMIT, FILTER, FILTERED, SCORE, Known(SCORE, True), NUMBER_OF]


def test_reaches_are_found_and_mapped() -> None:
    assert set(reaches(RULE)) == {HERE, ITEM, Reach(up="trust")}
    moved = map_reaches(lambda each: HERE if each.up else each, RULE)
    assert set(reaches(moved)) == {HERE, ITEM}


def test_conditions_and_formulas_are_taken_apart() -> None:
    assert list(leaves(EITHER)) == [COUNTED, DATED]
    assert isinstance(COUNTED.body, Compare)
    assert nouns_in(*sides(COUNTED.body)) == [TOTAL]
    assert counted_in(*sides(COUNTED.body)) == [(FILTERED, Known(SCORE, True))]
    assert filters(FILTERED) == [FILTER] and filters(ITEMS) == []
    assert parameters_in(RULE) == {"limit"}
    assert set(collections_in(RULE)) == {ITEMS, FILTERED}


def test_reads_say_over_which_collection() -> None:
    assert list(reads(EITHER)) == [
        Lookup(SCORE, ITEMS),
        Lookup(LIMIT),
        Lookup(SCORE, FILTERED, whether_known=True),
        Lookup(TOTAL),
        Lookup(TOTAL),
        Lookup(AsAtDate(Date())),
    ]
    quantity = Quantified("at least", FILTERED, FILTER, Literal(1, NUMBER))
    assert Lookup(SCORE, FILTERED) in list(reads(quantity))


def test_all_nouns_and_parameters_are_read(program: Any) -> None:
    for rule in program.rules:
        found = [each.of for each in reads(rule)]
        leaf = (Noun, Parameter, AsAtDate)
        assert found == [each for each in walk(rule) if isinstance(each, leaf)]


def test_the_keys_read_are_those_of_the_nouns(program: Any) -> None:
    for node in program.nodes:
        scope = scope_of_read(program.vocabulary, node.key.kind)
        for rule in node.every_rule:
            names = {each.attribute for each in find(Noun, rule)}
            assert {each.attribute for each in keys_read(rule, scope)} == names
