"""A compiled policy with rules changed is what compiling the changed policy gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rulewright import Rules
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.rebuilding import needed_by, rebuilt, with_nodes
from rulewright.ir.nodes import HERE, Condition, Known, Noun
from rulewright.ir.program import Node
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import InputError

POLICIES = [policy.id for policy in Rules().policies]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules()


@pytest.mark.each_case_traced
@pytest.mark.parametrize("policy", POLICIES)
def test_every_attribute_built_anew_from_its_rules_is_as_it_was(rules: Rules, policy: str) -> None:
    for node in rules.program(policy).nodes:
        marked = replace(
            node, rules=tuple(replace(rule, text=f"{rule.text} ") for rule in node.rules)
        )
        found = rebuilt(marked, node.rules, node.otherwise, node.limits)
        assert replace(found, exhaustive=()) == replace(node, exhaustive=())
        assert set(found.exhaustive) == set(node.exhaustive)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_program_with_attributes_taken_out_and_put_back_is_as_it_was(
    rules: Rules, policy: str
) -> None:
    program = rules.program(policy)
    some = program.nodes[::3]
    without = with_nodes(program, (), [node.key for node in some])
    again = with_nodes(without, [replace(node, layer=0) for node in some])
    assert replace(again, digest=program.digest, asks=program.asks, idle=program.idle) == program
    assert again.asks >= program.asks


def test_a_rule_without_the_rule_that_went_before_it_decides(rules: Rules) -> None:
    program = rules.program("legacy")
    node = next(each for each in program.nodes if any(each.above))
    upper = next(rule for rule in node.rules if rule.overrides)
    found = rebuilt(
        node, [rule for rule in node.rules if rule.id != upper.id], node.otherwise, node.limits
    )
    assert upper.id not in {rule.id for rule in found.rules}
    assert all(upper.id not in rule.overrides for rule in found.rules)


def test_rules_that_go_before_one_another_in_a_circle_are_told(rules: Rules) -> None:
    program = rules.program("legacy")
    node = next(each for each in program.nodes if any(each.above))
    upper = next(rule for rule in node.rules if rule.overrides)
    lower = next(rule for rule in node.rules if rule.id in upper.overrides)
    turned = [
        replace(rule, overrides=frozenset({upper.id})) if rule.id == lower.id else rule
        for rule in node.rules
    ]
    with pytest.raises(InputError) as told:
        rebuilt(node, turned, node.otherwise, node.limits)
    assert told.value.problems[0].code == "RW329"


def test_an_attribute_that_would_depend_on_itself_is_told(rules: Rules) -> None:
    program = rules.program("legacy")
    nodes = {node.key: node for node in program.nodes}
    upper, lower = next(
        (node, nodes[other])
        for node in program.nodes
        for other in sorted(needed_by(node, program.vocabulary))
        if other in nodes and other.kind == node.key.kind and node.rules and nodes[other].rules
    )
    asking = replace(
        lower.rules[0], conditions=upper.rules[0].conditions, value=upper.rules[0].value
    )
    circle = rebuilt(lower, [replace(asking, conditions=_about(upper))], None, ())
    with pytest.raises(InputError) as told:
        with_nodes(program, [circle])
    assert told.value.problems[0].code == "RW320"


def _about(node: Node) -> tuple[Condition, ...]:
    """It is known what the attribute is."""
    noun = Noun(HERE, node.key.attribute, node.attribute.type, given=False)
    return (Condition(Known(noun, True), "it is known"),)


@pytest.mark.parametrize("policy", ["legacy", "guidance-2024-03"])
def test_a_policy_given_the_rules_of_another_reading_is_the_policy_under_that_reading(
    rules: Rules, policy: str
) -> None:
    base = {node.key: node for node in rules.program(policy).nodes}
    tried = 0
    for reading in rules.readings(policy):
        for node in reading.variant.program.nodes:
            before = base.get(node.key)
            if before is None or (before.rules, before.otherwise, before.limits) == (
                node.rules,
                node.otherwise,
                node.limits,
            ):
                continue
            found = rebuilt(before, node.rules, node.otherwise, node.limits)
            assert replace(found, exhaustive=()) == replace(node, exhaustive=(), layer=before.layer)
            assert {frozenset(each.rules) for each in found.exhaustive} == {
                frozenset(each.rules) for each in node.exhaustive
            }
            tried += 1
    assert tried > 20


TABLE = """
- table: sizes
  of: thing
  inputs: {stage: the stage, score: the score}
  then: the size
  rows:
    - {id: few, stage: any, score: 0..4, then: small}
    - {id: first, stage: first, score: 5..10, then: small}
    - {id: last, stage: last, score: 5..10, then: large}
"""
VOCABULARY = """
scales: {size: {order: [small, large]}}
entities:
  thing:
    plural: things
    given: {score: {whole number: 0..10}, stage: {one of: [first, last]}}
    derived: {size: size}
"""


def _sizes() -> Node:
    book = rulebook_from_texts(
        {
            "v.yaml": VOCABULARY,
            "part.yaml": TABLE,
            "p.yaml": "policy: p\nstatus: proposed\nparts: [part.yaml]\n",
        }
    )
    [node] = compile_policy(book, "p").nodes
    assert [len(each.inputs) for each in node.exhaustive] == [2]
    return node


def test_a_table_of_two_inputs_whose_conclusion_changed_still_has_a_row_for_all_values() -> None:
    node = _sizes()
    *others, last = node.rules
    found = rebuilt(node, [*others, replace(last, value=others[0].value)], None, ())
    assert found.exhaustive == node.exhaustive


def test_a_table_of_two_inputs_without_one_of_its_rows_has_none_for_some_values() -> None:
    node = _sizes()
    for left_out in node.rules:
        assert (
            rebuilt(
                node, [rule for rule in node.rules if rule is not left_out], None, ()
            ).exhaustive
            == ()
        )


def test_a_row_that_asks_for_something_else_too_is_not_sure_to_hold() -> None:
    node = _sizes()
    *others, last = node.rules
    assert (
        rebuilt(
            node, [*others, replace(last, conditions=(*last.conditions, *_about(node)))], None, ()
        ).exhaustive
        == ()
    )
