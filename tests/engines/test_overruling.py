"""Rules that override any judgement: both engines and the solver agree, completions stay possible,
what is missing is named.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.rebuilding import rebuilt
from rulewright.decision.answered import answer
from rulewright.decision.lazy_answers import LazyAnswers
from rulewright.decision.running import run
from rulewright.engines.result import CONFLICT, MET, NOT_MET, UNDECIDED, Possible
from rulewright.facts.cases import Case, CaseText, bind_case
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.program import Program
from rulewright.ir.types import parse_date
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.solver.formula import Asking, Formula
from rulewright.syntax.text import Map
from rulewright.workbench import case_from
from tests.fuzz import oracle
from tests.fuzz.solving import read

GRADES = ("poor", "fair", "good", "unclear")
FACTS = ("one", "two", "three")
VOCABULARY = """
scales: {grade: {order: [poor, fair, good], outside the order: [unclear]}}
entities:
  unit:
    plural: units
    given: {one: yes/no, two: yes/no, three: yes/no}
    derived: {result: {grade, may be judged: yes}, copied: grade}
"""
POLICY = "policy: p\nstatus: in force\nin force: {from: unknown}\nparts: [part.yaml]\n"
DAY = parse_date("2024-01-01")
assert DAY is not None


def program_of(rules: list[dict[str, Any]]) -> Program:
    part = "".join(
        f"- {{{', '.join(f'{name}: {content}' for name, content in rule.items())}}}\n"
        for rule in rules
    )
    copy = "- {rule: copy, of: unit, then: the copied is the result}\n"
    return compile_policy(
        rulebook_from_texts({"v.yaml": VOCABULARY, "part.yaml": part + copy, "p.yaml": POLICY}), "p"
    )


def case_of(program: Program, facts: dict[str, str], judged: str | None) -> Case:
    tree: dict[str, Any] = {"case": "a unit", "as at": "2024-01-01", "unit": facts}
    if judged is not None:
        tree["judgements"] = [
            {
                "attribute": "unit > result",
                "value": judged,
                "by": "a panel",
                "on": "2023-12-01",
                "reason": "seen",
            }
        ]
    return bind_case(case_from(tree), program.vocabulary)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    rules: list[dict[str, Any]] = []
    for index in range(draw(st.integers(1, 3))):
        rule: dict[str, Any] = {"rule": f"r{index}", "of": "unit"}
        if draw(st.booleans()):
            rule["when"] = (
                f"the {draw(st.sampled_from(FACTS))} is {draw(st.sampled_from(('yes', 'no')))}"
            )
        rule["then"] = f"the result is {draw(st.sampled_from(GRADES))}"
        below = [each["rule"] for each in rules if draw(st.booleans())] + ["any judgement"] * draw(
            st.booleans()
        )
        if below:
            rule["overrides"] = f"[{', '.join(below)}]"
        rules.append(rule)
    if draw(st.booleans()):
        rules.append(
            {
                "rule": "cap",
                "of": "unit",
                "when": f"the {draw(st.sampled_from(FACTS))} is yes",
                "limit": "the result is at most fair",
            }
        )
    if draw(st.booleans()):
        rules.append(
            {
                "rule": "else",
                "of": "unit",
                "otherwise": f"the result is {draw(st.sampled_from(GRADES))}",
            }
        )
    return program_of(rules)


facts = st.dictionaries(st.sampled_from(FACTS), st.sampled_from(("yes", "no")))


@given(programs(), facts, st.sampled_from(GRADES))
def test_completions_stay_possible_and_the_solver_finds_just_them(
    program: Program, stated: dict[str, str], judged: str
) -> None:
    """Both engines run and are compared; every missing fact takes each of its values."""
    case = case_of(program, stated, judged)
    result = run(program, case, DAY, {})[0]
    slots = oracle.missing(program, case)
    oracle.check(program, case, slots, DAY, {})
    whole = [
        run(program, completed, DAY, {})[0].settled[0, "result"].possible
        for _, completed in oracle.completions(case, slots)
    ]
    formula = Formula(program, case, DAY, {}, case.root, "result", reading="completed")
    with Asking(formula.circuit) as asking:
        for value in (*GRADES, None):
            wanted = any(
                value in each.values or (value is None and each.no_value) for each in whole
            )
            assert asking.holds([formula.may_be(value)]) == wanted
    missing = LazyAnswers(
        answer(
            CaseText(Map(), "case"), program, case, DAY, {}, frozenset(), PolicyChoice("p", "", ())
        )
    ).named(case.root, "result")
    assert missing is not None
    assert bool(missing.missing) == (missing.status == "undetermined")
    assert not result.settled[0, "copied"].overruled


@given(programs(), st.sampled_from(GRADES))
def test_for_every_choice_of_facts_the_formula_gives_what_the_engine_gives(
    program: Program, judged: str
) -> None:
    case = case_of(program, {}, judged)
    formula = Formula(program, case, DAY, {}, case.root, "copied")
    with Asking(formula.circuit) as asking:
        for chosen in product(("yes", "no", None), repeat=len(formula.facts)):
            options = [
                next((each.lit for each in fact.options if each.value is (value == "yes")), 0)
                if value
                else -fact.changed
                for fact, value in zip(formula.facts, chosen, strict=True)
            ]
            assert asking.holds(options)
            stated = {
                fact.key: value for fact, value in zip(formula.facts, chosen, strict=True) if value
            }
            assert (
                read(formula.value, asking)
                == run(program, case_of(program, stated, judged), DAY, {})[0]
                .settled[0, "copied"]
                .possible
            )


@given(programs(), facts, st.sampled_from(GRADES))
def test_a_judgement_stands_or_falls_with_the_rules_that_override_it(
    program: Program, stated: dict[str, str], judged: str
) -> None:
    settled = run(program, case_of(program, stated, judged), DAY, {})[0].settled[0, "result"]
    ruled = run(program, case_of(program, stated, None), DAY, {})[0].settled[0, "result"]
    [node] = [each for each in program.nodes if each.key.attribute == "result"]
    over = [
        each.status
        for each in ruled.firings
        if each.rule in {node.rules[index].id for index in node.over_judgements}
    ]
    assert settled.overruled == max(over, default=NOT_MET)
    assert settled.ruled == ruled.possible
    if settled.overruled == MET:
        assert settled.possible == ruled.possible
    elif settled.overruled == UNDECIDED:
        assert set(settled.possible.values) == {*ruled.possible.values, judged}
    else:
        assert (settled.possible, settled.origin) == (Possible((judged,)), "judged")


def test_what_a_defeated_rule_hangs_on_is_missing_where_it_may_void_a_judgement() -> None:
    program = program_of(
        [
            {
                "rule": "voids",
                "of": "unit",
                "when": "the two is yes",
                "then": "the result is poor",
                "overrides": "[any judgement]",
            },
            {"rule": "top", "of": "unit", "then": "the result is fair", "overrides": "[voids]"},
        ]
    )
    case = case_of(program, {}, "good")
    answered = answer(
        CaseText(Map(), "case"), program, case, DAY, {}, frozenset(), PolicyChoice("p", "", ())
    )
    [result, _] = answered.decision.answers
    assert (result.possible, result.missing) == (["fair", "good"], ["unit > two"])
    assert result.judgement is not None
    assert (
        result.judgement.overridden,
        result.judgement.overridden_by,
        result.judgement.value,
    ) == ("perhaps", ["voids"], "good")
    [warning] = answered.decision.notices
    assert (warning.kind, warning.status, warning.rule) == ("warning", "may fire", "voids")


def test_a_conflict_of_rules_is_one_where_a_judgement_is_void() -> None:
    program = program_of(
        [
            {
                "rule": "one",
                "of": "unit",
                "then": "the result is poor",
                "overrides": "[any judgement]",
            },
            {"rule": "other", "of": "unit", "then": "the result is good"},
        ]
    )
    assert (
        run(program, case_of(program, {}, "good"), DAY, {})[0].settled[0, "copied"].possible
        == CONFLICT
    )


def test_a_supplied_value_stands_above_all() -> None:
    program = program_of(
        [{"rule": "r", "of": "unit", "then": "the result is poor", "overrides": "[any judgement]"}]
    )
    tree = {
        "case": "a unit",
        "as at": "2024-01-01",
        "unit": {},
        "supplied": {"unit > result": "good"},
    }
    settled = run(program, bind_case(case_from(tree), program.vocabulary), DAY, {})[0].settled[
        0, "result"
    ]
    assert (settled.possible, settled.origin) == (Possible(("good",)), "supplied")


@pytest.mark.parametrize("written", ["any judgement", "Any  judgement", "any-judgement"])
def test_it_is_spelt_as_other_words_are(written: str) -> None:
    program = program_of(
        [{"rule": "r", "of": "unit", "then": "the result is poor", "overrides": f"['{written}']"}]
    )
    assert [
        sorted(each.over_judgements) for each in program.nodes if each.key.attribute == "result"
    ] == [[0]]


def test_only_the_rule_that_says_so_overrides_judgements() -> None:
    """Other overrides are handed on, this one is not; rebuilding a node keeps it so."""
    program = program_of(
        [
            {
                "rule": "a",
                "of": "unit",
                "when": "the one is yes",
                "then": "the result is poor",
                "overrides": "[b]",
            },
            {
                "rule": "b",
                "of": "unit",
                "when": "the two is yes",
                "then": "the result is good",
                "overrides": "[c, any judgement]",
            },
            {"rule": "c", "of": "unit", "then": "the result is fair"},
        ]
    )
    [node] = [each for each in program.nodes if each.key.attribute == "result"]
    assert [sorted(each.overrides) for each in node.rules] == [
        ["b", "c"],
        ["any judgement", "c"],
        [],
    ]
    again = rebuilt(node, [each for each in node.rules if each.id != "c"], None, ())
    assert [sorted(each.overrides) for each in again.rules] == [["b"], ["any judgement"]]
    settled = run(program, case_of(program, {"one": "yes", "two": "no"}, "unclear"), DAY, {})[
        0
    ].settled[0, "result"]
    assert settled.possible == Possible(("unclear",))


def test_it_changes_the_digest_of_the_meaning() -> None:
    rule = {"rule": "r", "of": "unit", "then": "the result is poor"}
    one, other = program_of([rule]), program_of([{**rule, "overrides": "[any judgement]"}])
    assert digest_of_meaning(one) != digest_of_meaning(other)
