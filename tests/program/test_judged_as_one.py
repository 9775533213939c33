"""Attributes that a policy has judged as one: a judgement on one is a judgement on each, and the
case stays what was stated.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rulewright.compare.comparison import compare
from rulewright.compare.pairs import pair_of
from rulewright.compare.sides import ComparisonSide
from rulewright.compiler.compiler import compile_policy
from rulewright.facts.cases import Case, bind_case
from rulewright.ir.archive import archive, program_from
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.entities import with_facts
from rulewright.ir.program import Program
from rulewright.ledger import Ledger
from rulewright.ledger.drafts import Archives, draft
from rulewright.mutation.runner import mutate
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import InputError
from rulewright.testing.runner import load_scenarios, run_scenarios
from rulewright.workbench import Rules, case_from, cases
from tests.compare.test_causes import check_causes

FOLDER = Path("tests/cli/as-one")
CASES = "tests/cli/as-one.yaml"
TEXTS = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.yaml")}
ATTRIBUTES = (("", "", "school rating"), ("question", "led", "rating"))
SCENARIOS = """
- case: a judgement on the school
  as at: 2024-05-01
  school: {mark: good, questions: {safe: good, led: outstanding}}
  judgements: [{attribute: school rating, value: inadequate, by: the panel, on: 2024-04-01, reason: seen}]
  expect: {led: inadequate, advice: inadequate, school rating: {one of: [inadequate], published: yes}}
  under: {first: {led: outstanding, advice: good, school rating: inadequate}}
"""


def compiled(policy: str = "second", **changed: str) -> Program:
    texts = {**TEXTS, **{name.replace("_", "."): text for name, text in changed.items()}}
    return compile_policy(rulebook_from_texts(texts), policy)


def bound(program: Program, *judged: str, **more: Any) -> Case:
    judgements = [
        {"attribute": each, "value": "good", "by": "a panel", "on": "2024-04-01", "reason": "seen"}
        for each in judged
    ]
    text = case_from(
        {
            "case": "a school",
            "as at": "2024-05-01",
            "school": {"mark": "good"},
            "judgements": judgements,
            **more,
        }
    )
    return bind_case(text, program.vocabulary, program.idle, program.judged_as_one)


def judged(case: Case) -> dict[str, tuple[object, str]]:
    return {
        f"{case.entities[index].path} > {name}": (each.value, each.as_one_with)
        for (index, name), each in case.judged.items()
    }


@pytest.mark.parametrize(
    ("stated", "other"),
    [
        ("school > school rating", "school > led > rating"),
        ("school > led > rating", "school > school rating"),
    ],
)
def test_a_judgement_on_one_is_a_judgement_on_each(stated: str, other: str) -> None:
    case = bound(compiled(), stated)
    assert judged(case) == {stated: ("good", ""), other: ("good", stated)}
    assert [(each.by, each.on, each.reason) for each in case.judged.values()] == [
        ("a panel", "2024-04-01", "seen")
    ] * 2
    assert case.digest == bound(compiled("first"), stated).digest == with_facts(case, {}).digest
    assert judged(bound(compiled("first"), stated)) == {stated: ("good", "")}


def test_what_is_judged_beside_the_group_stays_alone() -> None:
    assert judged(bound(compiled(), "school > safe > rating")) == {
        "school > safe > rating": ("good", "")
    }


@pytest.mark.parametrize("value", ["good", "inadequate"])
def test_two_judgements_are_refused_whatever_they_say(value: str) -> None:
    each = {"by": "a panel", "on": "2024-04-01", "reason": "seen"}
    judgements = [
        {"attribute": "school rating", "value": "good", **each},
        {"attribute": "school > led", "value": value, **each},
    ]
    text = case_from(
        {"case": "a school", "as at": "2024-05-01", "school": {}, "judgements": judgements}
    )
    program = compiled("third")
    with pytest.raises(InputError, match="`second` has these two judged as one"):
        bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
    assert len(bind_case(text, program.vocabulary, program.idle).judged) == 2


def test_a_policy_that_amends_takes_it_over_and_may_add_to_it() -> None:
    assert [(each.attributes, each.policy) for each in compiled("third").judged_as_one] == [
        (ATTRIBUTES, "second")
    ]
    more = "policy: third\nstatus: proposed\namends: second\njudged as one:\n  - [the rating of safe of a school, the extra of a school]\n"
    words = TEXTS["vocabulary.yaml"].replace(
        "      advice:", "      extra: {rating, may be judged: yes}\n      advice:"
    )
    both = compiled("third", third_yaml=more, vocabulary_yaml=words)
    assert [each.policy for each in both.judged_as_one] == ["second", "third"]
    assert judged(bound(both, "school > extra")) == {
        "school > extra": ("good", ""),
        "school > safe > rating": ("good", "school > extra"),
    }


def test_the_long_form_of_a_header_says_the_same() -> None:
    long = TEXTS["second.yaml"].replace(
        "[the school rating of a school, the rating of led of a school]",
        "['the rating of a question of a school, only led', school rating of the school]",
    )
    assert "only led" in long
    other = compiled(second_yaml=long)
    assert other.judged_as_one == compiled().judged_as_one
    assert digest_of_meaning(other) == compiled().digest


def test_it_is_a_part_of_the_meaning_and_of_no_other_program() -> None:
    program = compiled()
    without = replace(program, judged_as_one=())
    assert digest_of_meaning(without) != program.digest
    said_by_another = tuple(replace(each, policy="other") for each in program.judged_as_one)
    assert digest_of_meaning(replace(program, judged_as_one=said_by_another)) == program.digest
    assert "judged_as_one" not in json.loads(archive(without))["program"]
    assert program_from(archive(program)) == program
    assert program_from(archive(without)) == without


def test_a_set_of_which_something_is_judged_as_one_is_in_use() -> None:
    rules = "- {rule: school.led, of: school, then: the school rating is the mark}\n"
    texts = {"rules_yaml": rules, "third_yaml": "policy: third\nstatus: proposed\namends: second\n"}
    assert compiled("first", **texts).idle == {
        ("question", "school"),
        ("question", "site"),
        ("site", "school"),
    }
    program = compiled("second", **texts)
    assert program.idle == {("question", "site"), ("site", "school")}
    assert len(judged(bound(program, "school > school rating"))) == 2


def test_a_recorded_decision_is_made_again(tmp_path: Path) -> None:
    rules, archives = Rules(FOLDER), Archives()
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        ledger.append_all(
            [draft(rules.answer(each), archives.of) for each in cases(CASES)],
            recorded_by="A. Clerk",
        )
        assert [(each.same, each.difference) for each in ledger.replay()] == [(True, "")] * 2


def test_scenarios_hold_and_a_mutant_without_it_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "scenarios.yaml").write_text(SCENARIOS, "utf-8")
    texts = load_scenarios([tmp_path / "scenarios.yaml"])
    assert all(each.passed for each in run_scenarios(Rules(FOLDER), texts, None, "both"))
    found = mutate(Rules(FOLDER), texts, workers=1)
    [one] = [each for each in found.mutants if "are not judged as one" in each.sentence]
    assert (one.verdict, one.operator) == ("noticed", "amendment skipped")
    assert one.sentence == (
        "no scenario notices if under `second` `the school rating of a school` and `the rating of led of a school` are "
        "not judged as one"
    )


def test_a_comparison_finds_it_as_the_cause_also_the_other_way_round() -> None:
    rules = Rules(FOLDER)
    for one, other, deed in (
        ("first", "second", "added"),
        ("second", "first", "removed"),
        ("first", "third", "added"),
    ):
        old, new = ComparisonSide(one, rules, one), ComparisonSide(other, rules, other)
        found = compare(old, new, cases(CASES))
        assert found.differences
        assert [each.action for each in found.changes if each.kind == "judged as one"] == [deed]
        check_causes(found, pair_of(old, new, one, other), cases(CASES))


def test_a_supplied_value_of_one_is_that_of_each() -> None:
    program = compiled()
    case = bound(program, supplied={"led": "good"})
    found = {
        f"{case.entities[index].path} > {name}": (each.value, each.as_one_with)
        for (index, name), each in case.supplied.items()
    }
    assert found == {
        "school > led > rating": ("good", ""),
        "school > school rating": ("good", "school > led > rating"),
    }
    alone = bound(compiled("first"), supplied={"led": "good"})
    assert case.digest == alone.digest


def test_two_supplied_values_are_refused() -> None:
    with pytest.raises(
        InputError,
        match=r"is supplied, and `.*` is supplied in line 1: `second` has these two judged as one",
    ):
        bound(compiled(), supplied={"led": "good", "school rating": "good"})
