"""What would change a value: the solver's answer and that of trying are one, and each holds when
the engine is asked again.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import event, given

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.compiler.compiler import compile_policy
from rulewright.decision.answered import Answered, answer
from rulewright.engines.evaluator import evaluate
from rulewright.explain.what_if import by_trying, effort, search, what_if
from rulewright.explain.what_if import confirmation as confirming
from rulewright.explain.what_if import missing_facts as settling
from rulewright.explain.what_if.alternatives import ChangeAlternatives, either, family, ways
from rulewright.explain.what_if.fixed_facts import Fixing
from rulewright.explain.what_if.record import ChangedFact, Proposal, Smallest, WhatIf
from rulewright.explain.what_if.render import lines
from rulewright.facts.cases import Case, bind_case
from rulewright.ir.entities import with_facts
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.solver import smallest_sets as smallest
from rulewright.solver.formula import Formula
from rulewright.syntax.errors import EngineError, InputError
from rulewright.workbench import Rules, case_from, cases
from tests.fuzz.dice import seeded
from tests.fuzz.oracle import Frozen
from tests.fuzz.solving import formula_of
from tests.fuzz.test_properties import Pair, examples, pairs, readable

from .test_holds import answered as generated


def no_formula(*_arguments: object, **_options: object) -> None:
    raise search.NotExpressible


def answered(path: str, rules: str | None = None) -> Answered:
    return Rules(rules).answer(cases(path)[0], engine="reference")


def comparable(record: WhatIf) -> dict[str, Any]:
    """Without how many facts were open, and what could stand in: only the solver looks at what the
    attribute hangs on.
    """
    found = record.to_json()
    found.pop("not tried", None)
    found.pop("standing", None)
    smallest = found.get("smallest", {})
    for each in ("tried", "left", "found out", "failed"):
        smallest.pop(each, None)
    smallest.pop("stand ins", None)
    return found


# -- trying, where there is no formula


@pytest.mark.untraced
@given(pairs())
@examples(15)
def test_trying_finds_what_the_solver_finds(pair: Pair) -> None:
    found = generated(readable(pair.rulebook), pair.trees[0])
    dice = seeded(pair.seed)
    facts = [
        f"{entity.path} > {attribute.name}"
        for entity in found.case.entities
        for attribute in found.program.vocabulary.entities[entity.type].attributes.values()
        if attribute.given
    ]
    for each in dice.shuffled(found.decision.answers)[:2]:
        path = f"{each.entity} > {each.attribute}"
        first = what_if(found, path, most=1)[0].smallest  # facts that matter, and one that may not
        mattering = [each for way in (first.proposals if first else []) for each in way.changes]
        change = [dice.pick(facts), *(f"{each.entity} > {each.attribute}" for each in mattering)]
        for to in (None, "no value"):
            mine = what_if(found, path, to=to, change=change, most=200)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(search, "Formula", no_formula)
                patch.setattr(by_trying, "MOST_WORK", 0)  # then it tries 100 times
                other = what_if(found, path, to=to, change=change, most=200)
            if any(
                each.smallest and (each.smallest.bound or each.smallest.unsettled) for each in other
            ):
                event("too many to try")
                continue
            assert [comparable(each) for each in other] == [comparable(each) for each in mine]
            for each in mine:
                event(
                    "settling"
                    if each.settling
                    else "stands"
                    if each.stands
                    else f"changes: {each.smallest and each.smallest.changes}"
                )


@pytest.mark.untraced
def test_trying_a_shipped_case_finds_what_the_solver_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answered("tests/cli/judged.yaml")
    asked = {"to": "outstanding", "change": ["judged rating"]}
    [mine] = what_if(found, "Nursing > overall rating", **asked)
    monkeypatch.setattr(search, "Formula", no_formula)
    [other] = what_if(found, "Nursing > overall rating", **asked)
    assert comparable(mine) == comparable(other)
    assert mine.smallest is not None
    assert (mine.smallest.changes, mine.smallest.how_many, mine.smallest.facts) == (2, 6, 4)


def test_trying_says_how_far_it_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answered("tests/cli/judged.yaml")
    monkeypatch.setattr(search, "Formula", no_formula)
    monkeypatch.setattr(by_trying, "MOST_WORK", 0)
    monkeypatch.setattr(by_trying, "LEAST_TRIED", 10)
    [record] = what_if(found, "Nursing > overall rating", to="outstanding")
    assert record.smallest is not None
    assert (record.smallest.changes, record.smallest.proved) == (None, False)
    assert record.smallest.bound == "only some single changes were tried"
    assert list(lines(record))[3:5] == [
        "to be outstanding: no change was found; only some single changes were tried",
        "with decisions of the regulator: not found; only some single changes were tried",
    ]
    monkeypatch.setattr(by_trying, "LEAST_TRIED", 100)
    three = [f"Nursing > {each} > judged rating" for each in ("effective", "caring", "responsive")]
    [record] = what_if(found, "Nursing > overall rating", to="outstanding", change=three, most=1)
    assert record.smallest is not None
    assert (record.smallest.changes, record.smallest.proved, record.smallest.more) == (
        2,
        True,
        True,
    )
    told = "\n".join(lines(record))
    assert (
        "2 facts have to change; fewer are not enough (proved for the 3 facts that can change)"
        in told
    )
    assert "1 way by 2 changes; all sets of fewer than 2 changes were tried, and some of 2" in told


def test_what_the_engines_do_not_confirm_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_nothing(case: Case, _changes: object) -> Case:
        return case

    monkeypatch.setattr(confirming, "with_facts", with_nothing)
    with pytest.raises(EngineError, match="do not confirm"):
        what_if(answered("tests/cli/judged.yaml"), "Nursing > overall rating", to="inadequate")


@pytest.mark.untraced
def test_missing_facts_are_looked_at_first_where_there_is_no_formula_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two of eight scores are missing: both have to be stated, and how the other facts may help is
    looked for within a bound.
    """
    monkeypatch.setattr(search, "Formula", no_formula)
    found = answered("tests/explain/two-scores-missing.yaml")
    [record] = what_if(found, "trust rating", to="good", most=9)
    assert record.smallest is not None
    assert (
        record.smallest.changes,
        record.smallest.how_many,
        record.smallest.missing_only,
        record.smallest.proved,
    ) == (2, 9, True, True)
    missing = {"trust > freedom to speak up", "trust > workforce equality, diversity and inclusion"}
    assert {each.entity for way in record.smallest.proposals for each in way.changes} == missing
    assert not any(way.other_values for way in record.smallest.proposals)


def test_how_far_was_looked_is_told_beside_what_missing_facts_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = answered("tests/explain/two-scores-missing.yaml")
    monkeypatch.setattr(by_trying, "MOST_WORK", 0)
    monkeypatch.setattr(by_trying, "LEAST_TRIED", 10)
    monkeypatch.setattr(search, "Formula", no_formula)
    [record] = what_if(found, "trust rating", to="good", most=1)
    assert record.smallest is not None
    assert (record.smallest.changes, record.smallest.missing_only, record.smallest.proved) == (
        2,
        True,
        False,
    )
    told = "\n".join(lines(record))
    assert (
        "to be good: 2 of the 2 missing facts that it depends on; fewer of these are not enough (proved)"
        in told
    )
    assert (
        "1 of 9 ways by 2 changes of missing facts; of others: only some single changes were tried"
        in told
    )


# -- large cases


def test_of_a_large_case_it_says_how_far_it_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is listed is confirmed; single changes are tried; other readings are counted."""
    monkeypatch.setattr(effort, "MOST_FOLLOWED", 10)
    monkeypatch.setattr(effort, "MOST_UNDER_READINGS", 10)
    monkeypatch.setattr(effort, "MOST_CONFIRMED", 0)
    found = Rules().answer(cases("scenarios/real/2024-25/REM.yaml")[0], engine="reference")
    [record] = Rules().what_if(found, "trust rating")
    assert record.settling is not None
    assert (record.settling.exact, record.settling.bound) == (False, settling.TOO_MANY_WAYS)
    assert record.settling.possible == record.now
    untried = f"{record.readings_not_tried} other readings of the policy may give something else"
    assert f"{untried}: the case is too large to try them" in lines(record)
    found = answered("tests/cli/judged.yaml")
    [record] = what_if(found, "Nursing > overall rating", to="requires improvement", any_fact=True)
    assert record.smallest is not None
    assert len(record.smallest.proposals) == effort.LEAST_LISTED < record.smallest.how_many
    assert record.smallest.proved


def test_of_many_facts_only_small_sets_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smallest, "MANY", 3)
    monkeypatch.setattr(smallest, "MANY_WITH_MISSING", 3)
    monkeypatch.setattr(smallest, "FEW", 1)
    [record] = what_if(
        answered("tests/cli/judged.yaml"), "Nursing > overall rating", to="outstanding"
    )
    assert record.smallest is not None
    assert (record.smallest.changes, record.smallest.proved, record.smallest.bound) == (
        None,
        False,
        search.MORE_THAN_FEW,
    )
    told = list(lines(record))
    assert told[4] == f"with decisions of the regulator: not found; {search.MORE_THAN_FEW}"
    assert "to look further, name the facts that may change with `--change`" in told


# -- settling


def test_what_settles_it_is_what_all_completions_say() -> None:
    """Of the trust with eight missing scores: each score, with what all values of the others leave
    possible.
    """
    found = answered("scenarios/real/2024-25/REM.yaml")
    [record] = what_if(found, "trust rating")
    assert record.settling is not None
    statements = [
        each
        for each in found.case.entities
        if each.path in {fact.entity for fact in record.settling.missing}
    ]
    assert len(statements) == 8
    assert [each.entity for each in record.settling.missing] == [each.path for each in statements]
    seen: dict[tuple[int, int], set[str]] = {}
    for scores in product(
        (1, 2, 4), repeat=3
    ):  # the rules ask for 1 and for the sum; three statements at a time will do
        filled = {
            (each.index, "score"): score
            for each, score in zip(statements, (*scores, *[2] * 5), strict=True)
        }
        result = evaluate(
            found.program, with_facts(found.case, filled), found.as_at, found.parameters
        )
        value = str(result.settled[0, "trust rating"].possible.value)
        for index, score in enumerate(scores):
            seen.setdefault((index, score), set()).add(value)
    for index, fact in enumerate(record.settling.missing[:3]):
        given_ = {each.value: set(each.possible) for each in fact.given}
        assert {score: given_[str(score)] for score in (1, 2, 4)} == {
            score: seen[index, score] for score in (1, 2, 4)
        }


@pytest.mark.untraced
@given(pairs())
@examples(25)
def test_what_settles_a_generated_value_is_what_all_completions_say(pair: Pair) -> None:
    found = generated(readable(pair.rulebook), pair.trees[0])
    compared = 0
    for place, settled in found.result.settled.items():
        formula = formula_of(found.program, found.case, place, reading="completed")
        ways_to_fill = prod(len(each.options) for each in formula.facts) if formula else 0
        if (
            settled.possible.determined
            or settled.origin in ("supplied", "judged")
            or not 1 < ways_to_fill <= 200
            or formula is None
        ):
            continue
        entity = found.case.entities[place[0]]
        name = found.program.vocabulary.entities[entity.type].attributes[place[1]].name
        told_of = what_if_or_nothing(found, f"{entity.path} > {name}")
        records = [each for each in told_of if (each.entity, each.attribute) == (entity.path, name)]
        if not records or records[0].settling is None or not records[0].settling.exact:
            continue
        wanted, by_value = completed(found, place, formula)
        assert set(records[0].settling.possible) == wanted
        told = {
            (each.entity, each.attribute): {one.value: set(one.possible) for one in each.given}
            for each in records[0].settling.missing
        }
        assert told == {
            fact: given_
            for fact, given_ in by_value.items()
            if any(each < wanted for each in given_.values())
        }
        compared += 1
    event("compared", str(min(compared, 3)))


def what_if_or_nothing(found: Answered, path: str) -> list[WhatIf]:
    """Of what the decision speaks of: attributes that no rule gives anything are not told."""
    try:
        return what_if(found, path)
    except InputError:
        return []


def completed(
    found: Answered, place: tuple[int, str], formula: Formula
) -> tuple[set[str], dict[tuple[str, str], dict[str, set[str]]]]:
    """All that is possible under some completion, and under those that give a fact a value."""
    kind = (
        found.program.vocabulary.entities[found.case.entities[place[0]].type]
        .attributes[place[1]]
        .type
    )
    wanted: set[str] = set()
    by_value: dict[tuple[str, str], dict[str, set[str]]] = {}
    for options in product(*(fact.options for fact in formula.facts)):
        values = {
            (fact.entity.index, fact.key): option.value
            for fact, option in zip(formula.facts, options, strict=True)
        }
        evaluation = Frozen(
            found.program, with_facts(found.case, values), found.as_at, found.parameters
        )
        evaluation.stated = frozenset(
            (entity.index, name) for entity in found.case.entities for name in entity.facts
        )
        possible = set(evaluation.run().settled[place].possible.show(kind))
        wanted |= possible
        for fact, option in zip(formula.facts, options, strict=True):
            shown_ = fact.attribute.show(option.value)
            given_ = by_value.setdefault((fact.entity.path, fact.attribute.name), {})
            given_.setdefault(shown_, set()).update(possible)
    return wanted, by_value


def test_where_there_is_no_formula_the_engines_answer_is_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = answered("scenarios/real/2024-25/REM.yaml")
    monkeypatch.setattr(settling, "Formula", no_formula)
    [record] = what_if(found, "trust rating")
    assert record.settling is not None
    assert (record.settling.possible, record.settling.exact, record.settling.missing) == (
        record.now,
        False,
        [],
    )
    assert (
        "at most possible: requires improvement or good; the ways to fill in the missing facts are too many to follow"
        in list(lines(record))
    )


def test_missing_facts_that_were_not_looked_at_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST_ASKED", 9)
    [record] = what_if(answered("scenarios/real/2024-25/REM.yaml"), "trust rating")
    assert record.settling is not None
    assert record.settling.not_ranked == 8 - len(record.settling.missing) > 0
    assert f"  and {record.settling.not_ranked} more that were not looked at" in list(lines(record))


# -- facts that may change


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("keep", "change", "open_"),
    [
        (
            [],
            [],
            {
                "trust > trust type",
                "Nursing > safe > judged rating",
                "Nursing > caring > requirement notice",
            },
        ),
        (["requirement notice"], [], {"trust > trust type", "Nursing > safe > judged rating"}),
        (["NURSING > safe"], [], {"trust > trust type", "Nursing > caring > requirement notice"}),
        (
            ["safe > judged rating"],
            [],
            {"trust > trust type", "Nursing > caring > requirement notice"},
        ),
        ([], ["caring"], {"Nursing > caring > requirement notice"}),
        (
            [],
            ["Nursing"],
            {"Nursing > safe > judged rating", "Nursing > caring > requirement notice"},
        ),
        (["caring"], ["Nursing"], {"Nursing > safe > judged rating"}),
    ],
)
def test_facts_are_kept_by_attribute_by_thing_and_by_path(
    keep: list[str], change: list[str], open_: set[str]
) -> None:
    found = answered("tests/cli/judged.yaml")
    fixing = Fixing(found.case, found.program.vocabulary, keep, change)
    facts = {
        "trust > trust type",
        "Nursing > safe > judged rating",
        "Nursing > caring > requirement notice",
    }
    named = {
        f"{entity.path} > {name}"
        for entity in found.case.entities
        for name in found.program.vocabulary.entities[entity.type].attributes
        if fixing.may_change(entity, name)
    }
    assert named & facts == open_


@pytest.mark.parametrize("word", ["safe > rating", "overall rating", "Nursing > saf", "rat"])
def test_words_that_name_no_fact_are_refused(word: str) -> None:
    found = answered("tests/cli/judged.yaml")
    with pytest.raises(InputError, match="RW632"):
        Fixing(found.case, found.program.vocabulary, keep=[word])


def test_a_case_with_other_facts_is_another_case_and_the_old_one_stays() -> None:
    found = answered("tests/cli/judged.yaml")
    old = found.case.digest
    nursing = next(each for each in found.case.entities if each.path == "Nursing > safe")
    other = with_facts(found.case, {(nursing.index, "requirement notice"): False})
    assert found.case.digest == old != other.digest
    changed_ = other.entities[nursing.index]
    assert (
        nursing.facts["requirement notice"].value,
        changed_.facts["requirement notice"].value,
    ) == (True, False)
    assert changed_.parent is other.entities[nursing.parent.index if nursing.parent else 0]
    assert [each.path for each in other.entities] == [each.path for each in found.case.entities]
    assert with_facts(other, {(nursing.index, "requirement notice"): True}).digest == old


# -- words


def proposals(*sets: dict[str, str], gives: str = "good") -> list[Proposal]:
    return [
        Proposal(
            [ChangedFact("a", name, "poor", then) for name, then in each.items()],
            len(each),
            [gives],
        )
        for each in sets
    ]


def shown(several: list[ChangeAlternatives]) -> list[dict[str, str]]:
    return [{each.attribute: either(each.then) for each in way.changes} for way in several]


def test_ways_of_the_same_facts_are_told_together_only_where_that_says_the_same() -> None:
    assert shown(ways(proposals({"x": "1"}, {"x": "3"}, {"x": "2"}))) == [{"x": "1..3"}]
    assert shown(
        ways(proposals({"x": "1", "y": "1"}, {"x": "1", "y": "2"}, {"x": "2", "y": "1"}))
    ) == [{"x": "1", "y": "1 or 2"}, {"x": "2", "y": "1"}]
    square = [{"x": x, "y": y} for x in ("a", "b") for y in ("c", "d")]
    assert shown(ways(proposals(*square))) == [{"x": "a or b", "y": "c or d"}]
    apart = [*proposals({"x": "1"}), *proposals({"x": "2"}, gives="poor"), *proposals({"y": "2"})]
    assert shown(ways(apart)) == [{"x": "1"}, {"x": "2"}, {"y": "2"}]


def test_so_many_of_some_facts_are_told_only_where_all_of_these_ways_are_there() -> None:
    three = [
        {"u": "1", "x": "1", "y": "1"},
        {"u": "1", "x": "1", "z": "1"},
        {"u": "1", "y": "1", "z": "1"},
    ]
    found = family(ways(proposals(*three)))
    assert found is not None
    assert (
        [each.attribute for each in found.always],
        found.some,
        [each.attribute for each in found.of],
    ) == (["u"], 2, ["x", "y", "z"])
    assert family(ways(proposals(*three[:2]))) is None
    assert family(ways(proposals(*three, {"u": "1", "x": "1", "v": "1"}))) is None
    assert family(ways(proposals({"x": "1"}, {"y": "1"}, {"z": "1"}))) is None, (
        "a list says it better"
    )
    assert (
        family(
            ways(
                proposals(
                    {"u": "1", "x": "1"}, {"u": "1", "x": "2", "y": "1"}, {"u": "1", "y": "2"}
                )
            )
        )
        is None
    )


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["good"], "good"),
        (["b", "a"], "b or a"),
        (["3", "1", "2"], "1..3"),
        (["1", "2"], "1 or 2"),
        (["0", "7", "8", "9", "5"], "0, 5 or 7..9"),
        (["1", "2", "3", "none"], "1..3 or none"),
    ],
)
def test_alternatives_in_words(values: list[str], words: str) -> None:
    assert either(values) == words


def test_a_default_that_is_stated_is_told_as_such() -> None:
    record = WhatIf("c", "a", "x", "x", "p", "2024-01-01", ["good"])
    restated = ChangedFact("a", "y", "no (not stated: the default)", "no (stated)")
    record.smallest = Smallest(
        "lose",
        "good",
        1,
        3,
        proved=True,
        how_many=1,
        facts=1,
        proposals=[Proposal([restated], 1, ["good", "no value"])],
    )
    assert list(lines(record))[3:] == [
        "to be no longer surely good: one fact has to change, of the 3 facts that can change",
        "margin: 1 fact, by 1 step at the least",
        "  1. y: no (not stated: the default) -> no (stated) (then good or no value)",
        "this is the only way by 1 change",
    ]


ASKED = {
    "vocabulary.yaml": """
entities:
  thing:
    plural: things
    given: {beds: {whole number: 0..3, unless stated: 2}, about: {text, unless stated: none}}
    derived: {checked: {yes/no}}
""",
    "part.yaml": """
- {rule: a, of: thing, when: the beds is known, then: the checked is yes}
- {rule: b, of: thing, otherwise: the checked is no}
""",
    "p.yaml": "policy: p\nstatus: in force\nin force: {from: unknown}\nparts: [part.yaml]\n",
}


def test_to_state_a_default_is_a_change_where_some_rule_asks_whether_it_is_known() -> None:
    program = compile_policy(rulebook_from_texts(ASKED), "p")
    text = case_from({"case": "c", "as at": "2024-01-01", "thing": {"about": "x"}})
    found = answer(
        text,
        program,
        bind_case(text, program.vocabulary),
        738_886,
        {},
        frozenset(),
        PolicyChoice("p", "by name", ()),
        "reference",
    )
    [record] = what_if(found, "checked", to="yes")
    assert record.smallest is not None
    assert (record.smallest.changes, record.smallest.how_many) == (1, 4)
    told = list(lines(record))
    assert "  1. beds: 2 (not stated: the default) -> 1, 2 (stated), 3 or 0" in told
    assert "these are all 4 ways by 1 change" in told
