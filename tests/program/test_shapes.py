"""Nodes share a shape where their rules are the same but for ids, words and their own member."""

from __future__ import annotations

from dataclasses import replace

from rulewright.ir.program import Node
from rulewright.ir.shapes import numbered, shape_of
from tests.small import PART, program

PROGRAM = program()


def node(member: str, attribute: str, parent: str = "", rules: str = PART) -> Node:
    compiled = PROGRAM if rules == PART else program(part_yaml=rules)
    return next(
        each
        for each in compiled.nodes
        if (each.key.member, each.key.attribute) == (member, attribute)
        and (not parent or each.key.parent == parent)
    )


def test_members_with_the_same_rules_share_a_shape() -> None:
    shapes = {shape_of(node(each, "grade", "school")) for each in ("reading", "writing", "sums")}
    assert len(shapes) == 1


def test_other_rules_give_another_shape() -> None:
    assert shape_of(node("sums", "grade", "school")) != shape_of(node("sums", "grade", "class"))


def test_ids_and_words_are_not_part_of_a_shape() -> None:
    one = node("sums", "grade", "class")
    rules = tuple(replace(each, id=f"{each.id}-renamed", text="other words") for each in one.rules)
    assert shape_of(replace(one, rules=rules)) == shape_of(one)


def test_a_value_is_part_of_a_shape() -> None:
    other = PART.replace("fair: 50..69", "fair: 50..68").replace("good: 70..89", "good: 69..89")
    assert shape_of(node("", "banded")) != shape_of(node("", "banded", rules=other))


def test_rules_are_numbered_values_first_and_otherwise_last() -> None:
    effects = [each.effect for each in numbered(node("", "report"))]
    assert effects == sorted(effects, key=("value", "limit", "otherwise").index)
    assert len(effects) == 3
