"""Which mutants are made, in which words, and that a change of one written thing is one mutant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rulewright.compiler.conditions import read_condition
from rulewright.compiler.rendering import Renderer
from rulewright.compiler.scope import scope_of_read
from rulewright.compiler.variants import base_of
from rulewright.ir.nodes import HERE, Compare, Condition, Joined, Kind, Literal, Noun, Rule
from rulewright.ir.program import Program
from rulewright.ir.types import YesNo
from rulewright.mutation.detection import Policy, under
from rulewright.mutation.mutants import Making
from rulewright.mutation.operators.conditions import Conditions, negative
from rulewright.mutation.written_entries import WrittenEntries
from rulewright.workbench import Rules
from tests.small import book, program

FOLDER = Path(__file__).parent


def making(rules: Rules, *policies: str) -> Making:
    found = Making(WrittenEntries(rules.book))
    for each in policies:
        found.add(rules.program(each))
    return found


def test_every_mutant_of_a_small_rulebook_in_words() -> None:
    found = Making(WrittenEntries(book()))
    found.add(program())
    got = "".join(
        f"{each.place.line}:{each.place.column} {each.operator}: {each.sentence}\n"
        for each in found.mutants()
    )
    path = FOLDER / "mutants.txt"
    if os.environ.get("RULEWRIGHT_REWRITE"):
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8")


def test_no_two_mutants_of_the_shipped_policies_have_one_sentence_and_place() -> None:
    rules = Rules()
    mutants = making(rules, "legacy", "guidance-2024-03").mutants()
    assert len(mutants) > 300
    assert len({(each.place, each.rule, each.sentence) for each in mutants}) == len(mutants)


def test_what_is_written_once_is_changed_in_every_use_and_policy() -> None:
    rules = Rules()
    mutants = making(rules, "legacy", "guidance-2024-03").mutants()
    [one] = [
        each
        for each in mutants
        if each.rule == "aggregation.inadequate"
        and each.after == "at least 3 of the ratings are inadequate"
    ]
    assert one.sentence == (
        "no scenario notices if `at least 2 of the ratings are inadequate` becomes `at least 3 of the ratings are "
        "inadequate` in `aggregation.inadequate`"
    )
    assert sorted(one.effects) == ["guidance-2024-03", "legacy"]
    uses = {rule.written.partition("@")[2] for _, rule, _ in one.effects["legacy"].rules}
    assert uses == {"service", "location", "location.key-question", "trust", "trust.key-question"}


def test_a_filter_of_what_a_use_takes_is_dropped_in_all_its_rules() -> None:
    rules = Rules()
    [one] = [
        each
        for each in making(rules, "legacy").mutants()
        if each.rule == "aggregation@trust.key-question" and "where" in each.before
    ]
    assert (
        one.before
        == "the rating of the same key question of the units of the trust where counted above is yes"
    )
    assert one.after == "the rating of the same key question of the units of the trust"
    assert one.what == f"`{one.before}` becomes `{one.after}` in `aggregation@trust.key-question`"
    assert str(one.place).startswith("rules/cqc/parts/trusts.yaml:38:")
    changed_ = {old.id for _, old, _ in one.effects["legacy"].rules}
    assert {
        "aggregation.nothing-rated@trust.safe",
        "aggregation.threshold[1]@trust.safe",
    } <= changed_


def test_a_change_that_says_the_same_is_not_made() -> None:
    afters = {each.after for each in making(Rules(), "legacy").mutants()}
    assert "at least 1 of the ratings is inadequate or worse" not in afters
    assert "at least 1 of the ratings is inadequate or better" in afters


@pytest.mark.untraced
def test_the_words_of_a_changed_condition_say_what_it_asks() -> None:
    """Read again in its rule's place, the text of each changed condition is the condition."""
    rules, read = Rules(), 0
    for policy in ("legacy", "guidance-2024-03"):
        unroller = base_of(rules.book, policy).unroller
        for kind, rule in _plain_rules(rules.program(policy)):
            scope = unroller.scope((kind,))
            for condition in rule.conditions:
                if isinstance(condition.body, Joined):
                    continue
                for edit in Conditions(Renderer(scope)).changed(condition):
                    if edit.operator in ("condition negated", "condition dropped"):
                        continue
                    assert edit.condition is not None
                    again = read_condition(edit.after, scope)
                    assert again.body == edit.condition.body, f"{condition.text} -> {edit.after}"
                    read += 1
    assert read > 200


def test_a_negation_holds_just_where_the_condition_does_not() -> None:
    """*No value* is not `no`: `is not` says so only where there is always a value."""
    program_ = program()
    [renderer] = [Renderer(scope_of_read(program_.vocabulary, Kind("class", "school")))]
    small, result = (
        Compare(Noun(HERE, name, kind, given), "is", (Literal(value, kind),))
        for name, kind, value, given in (
            ("small", YesNo(), True, True),
            ("result", program_.vocabulary.scales["grade"], "good", False),
        )
    )
    said = [
        negative(Condition(each, renderer.body(each)), renderer).text for each in (small, result)
    ]
    assert said == ["the small is no", "none of: the result is good"]


def _plain_rules(program_: Program) -> list[tuple[Kind, Rule]]:
    """The rules that are no rows and no rules of principles, whose words mean there what they
    say.
    """
    found = [
        (node.key.kind, rule) for node in program_.nodes for rule in (*node.rules, *node.limits)
    ]
    found += [(kind, rule) for kind, rules in program_.notices.items() for rule in rules]
    return [(kind, rule) for kind, rule in found if "@" not in rule.id and "[" not in rule.id]


def test_dropping_and_negating_parts_of_joined_conditions() -> None:
    rules = Rules()
    legacy, written = rules.program("legacy"), WrittenEntries(rules.book)
    [rule] = [each for each in legacy.rules if each.id == "combined-rating.inadequate"]
    joined = rule.conditions[1]
    conditions = Conditions(written.renderer(legacy, Kind("trust")))
    assert isinstance(joined.body, Joined)
    dropped = [
        each
        for each in conditions.joined(joined, joined.body)
        if each.operator == "condition dropped"
    ]
    assert [
        each.before
        for each in dropped
        if each.condition is not None and len(each.condition.body.parts) == 1
    ] == [  # type: ignore[union-attr]
        "at least 2 of the key questions are inadequate",
        "all of: at least 1 of the key questions is inadequate; the use of resources rating is inadequate",
    ]
    [swap] = [
        each
        for each in conditions.changed(joined)
        if each.operator == "all or any" and each.before.startswith("any of")
    ]
    assert swap.after.startswith("all of: ")


def test_an_override_that_another_way_keeps_is_no_mutant() -> None:
    rules = Rules()
    policy = Policy(rules.program("legacy"))
    for mutant in making(rules, "legacy").mutants():
        if mutant.operator in ("override dropped", "override reversed"):
            changed_ = under(policy, mutant.effects["legacy"])
            assert changed_ is not None
            assert any(
                (node.above, node.over_judgements)
                != (policy.nodes[key].above, policy.nodes[key].over_judgements)
                for key, node in changed_.changed.items()
            ), mutant.what
