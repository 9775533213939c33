"""The columns engine in plain Python answers as the evaluator does, or leaves the case to it."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.engines import evaluator
from rulewright.engines.columns import codes, lowering
from rulewright.engines.columns.codes import CodeTable, decode, encode
from rulewright.engines.columns.plain_python import evaluate, plan_for
from rulewright.engines.result import NO, YES, Answers, Possible
from rulewright.facts.cases import Case, bind_case
from rulewright.ir.program import Program
from rulewright.ir.types import Choice, Scale, Value, YesNo, parse_date
from rulewright.syntax.errors import InputError
from rulewright.testing.runner import load_scenarios
from rulewright.workbench import Rules, case_from
from tests.small import CASE, PART, VOCABULARY, program

pytestmark = pytest.mark.untraced  # tracing would triple the time

ROOT = Path(__file__).parents[3]
DAY = parse_date("2024-06-01")
assert DAY is not None
AS_AT: int = DAY
RULES = Rules(ROOT / "rules" / "cqc")
POLICIES = sorted(each.stem for each in (ROOT / "rules" / "cqc" / "policies").glob("*.yaml"))


def parameters_of(compiled: Program) -> dict[str, Value]:
    return {name: each.at(AS_AT) for name, each in compiled.parameters.items()}


def lowered(compiled: Program, case: Case) -> Answers:
    """The answers of the printed code; the evaluator may not take its place."""
    plan = plan_for(compiled)
    assert plan is not None
    return plan.answers(case, AS_AT, parameters_of(compiled))


def evaluated(compiled: Program, case: Case) -> Answers:
    return evaluator.evaluate(compiled, case, AS_AT, parameters_of(compiled)).answers


@pytest.mark.parametrize("policy", POLICIES)
def test_shipped_cases_are_answered_alike(policy: str) -> None:
    """Those of the policy, and of the others each under one more policy; every fourth also with
    half of its facts left out.
    """
    compiled, dice, bound = RULES.program(policy), random.Random(policy), 0
    place = POLICIES.index(policy)
    for number, text in enumerate(load_scenarios([ROOT / "scenarios"])):
        if policy not in Path(text.file).parts and number % len(POLICIES) != place:
            continue
        try:
            case = bind_case(text, compiled.vocabulary, compiled.idle, compiled.judged_as_one)
        except InputError:  # it states what this policy does not know
            continue
        bound += 1
        assert lowered(compiled, case) == evaluated(compiled, case), text.name
        if number % 4 == 0:
            for entity in case.entities:
                entity.facts = {n: f for n, f in entity.facts.items() if dice.random() < 0.5}
            assert lowered(compiled, case) == evaluated(compiled, case), text.name
    assert bound > 5


def test_members_share_printed_code() -> None:
    plan = plan_for(program())
    assert plan is not None
    of_school = [
        each.printed
        for each in plan.nodes
        if (each.node.key.parent, each.node.key.attribute) == ("school", "grade")
    ]
    assert len(of_school) == 3
    assert of_school[0].run is of_school[1].run is of_school[2].run


def test_what_is_not_lowered_is_named_and_left_to_the_evaluator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lowering, "MOST_RULES", 3)
    compiled = program()
    with pytest.raises(lowering.UnsupportedError, match=r"banded.*more than 3 rules"):
        lowering.check_supported(compiled.nodes)
    assert plan_for(compiled) is None
    case = bind_case(case_from(CASE), compiled.vocabulary)
    assert evaluate(compiled, case, AS_AT, parameters_of(compiled)) == evaluated(compiled, case)


PRODUCT = " * ".join(["the points"] * 26)
TOO_LONG = PART + "".join(
    f"- {{rule: share.{number}, of: school, when: [the kind is secondary, {PRODUCT} is more than 5], "
    f"then: the share is {number}}}\n"
    for number in (1, 2)
)


def test_a_number_too_long_in_a_rule_that_does_not_fire_is_left_to_the_evaluator() -> None:
    words = VOCABULARY.replace("points: {whole number: 0..100}", "points: {whole number: any}")
    compiled = program(part_yaml=TOO_LONG, vocabulary_yaml=words)
    school = {**CASE["school"], "points": 10**39 + 1}  # type: ignore[dict-item]
    case = bind_case(case_from({**CASE, "school": school}), compiled.vocabulary)
    with pytest.raises(InputError, match="RW102"):
        lowered(compiled, case)
    assert evaluate(compiled, case, AS_AT, parameters_of(compiled)) == evaluated(compiled, case)


TYPES = st.sampled_from(
    [YesNo(), Choice(("a", "b", "c")), Scale("grade", ("poor", "fair", "good"), ("not graded",))]
)


@given(TYPES, st.integers(0, 63))
def test_a_code_is_read_as_it_was_written(kind: Choice, bits: int) -> None:
    code = bits % (1 << len(kind.values) + 2)
    assert encode(decode(code, kind), kind) == code


@given(st.lists(st.integers(1, 7), max_size=40))
def test_a_count_holds_what_may_come_of_its_items(outcomes: list[int]) -> None:
    fields = lowering.unpacked(sum(map(lowering.packed, outcomes)))
    assert fields == (
        sum(1 for each in outcomes if each & YES),
        outcomes.count(YES),
        sum(1 for each in outcomes if each & NO),
        outcomes.count(NO),
    )


def test_a_table_keeps_a_bounded_number_of_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "MOST_KEPT", 3)
    table = CodeTable(lambda key: key * 2)
    assert [table[each] for each in range(10)] == [each * 2 for each in range(10)]
    assert len(table) <= 3


def test_columns_that_nothing_filled_are_noticed() -> None:
    """A rule that reads what is not settled yet fails, and does not read an old value."""
    with pytest.raises(AssertionError):
        decode(None, YesNo())  # type: ignore[arg-type]
    assert decode(Possible((1,)), None) == Possible((1,))


HOSTILE = "o'clock'] = boom() or x['"


def test_words_of_a_rulebook_are_never_code() -> None:
    """A function that is printed for a hostile word differs in that quoted word alone."""

    def sources(word: str) -> list[str]:
        plan = plan_for(with_word(program(), "points", word))
        assert plan is not None
        return [each.printed.source for each in plan.nodes]

    plain, hostile = sources("points"), sources(HOSTILE)
    assert plain != hostile
    assert [each.replace(repr(HOSTILE), "'points'") for each in hostile] == plain


def with_word(compiled: Program, old: str, new: str) -> Program:
    """A program with another word for an attribute, wherever it is named."""

    def renamed(value: Any) -> Any:
        if value == old and isinstance(value, str):
            return new
        if isinstance(value, dict):
            return {renamed(name): renamed(each) for name, each in value.items()}
        if isinstance(value, (tuple, frozenset)):
            return type(value)(renamed(each) for each in value)
        if is_dataclass(value) and not isinstance(value, type):
            own = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
            return replace(value, **{name: renamed(each) for name, each in own.items()})
        return value

    found: Program = renamed(compiled)
    return found
