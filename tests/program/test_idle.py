"""A fixed set of members that no rule needs is in a case only where the case says something of
it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from rulewright import Rules
from rulewright.facts.cases import bind_case
from rulewright.ir.program import Program
from rulewright.syntax.errors import InputError
from rulewright.workbench import case_from
from tests.small import CASE, OLD, PART, VOCABULARY, program

ASPECT = """  aspect:
    plural: aspects
    main attribute: note
    members:
      - heating
      - light
    given: {note: text, cost: {whole number: 0..100}}
    derived: {verdict: grade}
"""
WITH_ASPECTS = VOCABULARY.replace("has: [subject]", "has: [subject, aspect]") + ASPECT
BOTH = frozenset({("aspect", "school"), ("aspect", "class")})


def with_rule(rule: str, policy: str = OLD) -> Program:
    return program(
        vocabulary_yaml=WITH_ASPECTS,
        part_yaml=f"{PART}- {rule}\n" if rule else PART,
        old_yaml=policy,
    )


@pytest.mark.parametrize(
    ("rule", "used"),
    [
        ("", set()),
        ("{rule: r, of: aspect of a class, then: the verdict is good}", {"class"}),
        ("{rule: r, of: aspect of a school, note: here}", {"school"}),
        ("{rule: r, of: school, when: the cost of heating is 3, note: here}", {"school"}),
        ("{rule: r, of: class, when: at least 1 of the aspects has cost 3, note: here}", {"class"}),
        ("{rule: r, of: class, when: the number of aspects is 2, note: here}", {"class"}),
        ("{rule: r, of: class, note: 'here: {the aspects}'}", {"class"}),
        ("{rule: r, of: aspect, limit: the verdict is at most fair}", {"class", "school"}),
        ("{rule: r, of: aspect of a class, otherwise: the verdict is fair}", {"class"}),
    ],
)
def test_a_set_is_idle_unless_something_looks_at_it(rule: str, used: set[str]) -> None:
    assert with_rule(rule).idle == {each for each in BOTH if each[1] not in used}


@pytest.mark.parametrize(
    "field",
    [
        "withdraw: [the verdict of an aspect of a school]",
        "scope: [the cost of light is 3]",
        "withdraw: {the report of a school: {once: the cost of heating is 3}}",
    ],
)
def test_scope_and_withdrawals_use_a_set(field: str) -> None:
    assert with_rule("", OLD + field).idle == {("aspect", "class")}


def decided(folder: Any, vocabulary: str, case: dict[str, Any]) -> dict[str, Any]:
    folder.mkdir()
    for name, text in {"v.yaml": vocabulary, "part.yaml": PART, "old.yaml": OLD}.items():
        (folder / name).write_text(text)
    return asdict(Rules(folder).run(case_from(case)).decision)


def test_an_idle_set_changes_nothing(tmp_path: Any) -> None:
    assert decided(tmp_path / "with", WITH_ASPECTS, CASE) == decided(
        tmp_path / "without", VOCABULARY, CASE
    )


def stating(**more: Any) -> dict[str, Any]:
    return {**CASE, **more}


@pytest.mark.parametrize(
    ("case", "count"),
    [
        (CASE, 0),
        (stating(school={**CASE["school"], "aspects": {"light": "dim"}}), 2),  # type: ignore[dict-item]
        (stating(school={**CASE["school"], "aspects": {}}), 2),  # type: ignore[dict-item]
        (stating(supplied={"1a > heating > verdict": "good"}), 8),
        (stating(published={"1a > heating > verdict": "good"}), 8),
        (stating(expect={"Light > verdict": "no value"}), 8),
    ],
)
def test_what_a_case_says_of_an_idle_set_is_in_it(case: dict[str, Any], count: int) -> None:
    compiled = with_rule("")
    bound = bind_case(case_from(case), compiled.vocabulary, compiled.idle)
    assert sum(each.type == "aspect" for each in bound.entities) == count


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"aspects": {"heatng": "x"}}, "`heatng` is not a `aspect`; did you mean `heating`?"),
        ({"aspects": {"heating": {"cost": "much"}}}, "`much` is not a value of `cost`"),
        ({"aspects": ["heating"]}, "not a mapping of the fixed members"),
    ],
)
def test_mistakes_about_an_idle_set_are_told(facts: dict[str, Any], message: str) -> None:
    compiled = with_rule("")
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        bind_case(
            case_from(stating(school={**CASE["school"], **facts})),
            compiled.vocabulary,
            compiled.idle,
        )  # type: ignore[dict-item]


def test_a_reading_may_have_a_use_for_a_set_that_its_policy_has_none_for(tmp_path: Any) -> None:
    reading = """
- interpretation: report-of-the-classes
  assumed: the report is of the classes
  because: it says so
  other readings:
    heated:
      adds:
        - rule: heated
          of: school
          when: at least 1 of the aspects has note missing
          then: the report is poor
          overrides: [summary@school]
"""
    folder = tmp_path / "rules"
    folder.mkdir()
    policy = OLD + "interpretation: report-of-the-classes\n"
    part = PART + reading.replace("has note missing", "has cost 3")
    for name, text in {"v.yaml": WITH_ASPECTS, "part.yaml": part, "old.yaml": policy}.items():
        (folder / name).write_text(text)
    rules = Rules(folder)
    plain, tried = (rules.run(case_from(CASE), readings=each) for each in (False, True))
    assert rules.program("old").idle == BOTH
    assert tried.decision == plain.decision
    [found] = tried.readings
    assert [(each.attribute, each.then) for each in found.changes] == [("report", ["poor", "good"])]
