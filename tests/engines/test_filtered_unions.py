"""Counts over a union of collections, each filtered by an attribute that the other's things do not
have.
"""

from __future__ import annotations

from rulewright.amendments.policy_selection import PolicyChoice
from rulewright.compiler.compiler import compile_policy
from rulewright.decision.answered import answer
from rulewright.decision.outcome import Decision
from rulewright.facts.cases import bind_case
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.workbench import case_from, parameters_at

BOOK = {
    "vocabulary.yaml": """
entities:
  unit: {plural: units, has many: [branch, ward], derived: {places counted: {whole number: 0..9}, crowded: yes/no}}
  branch: {plural: branches, given: {open: yes/no}}
  ward: {plural: wards, given: {beds: {whole number: 0..99}}}
collections:
  places of the unit: its branches where open is yes, and its wards where beds is at least 2
""",
    "part.yaml": """
- {rule: count, of: unit, then: the places counted is the number of places}
- {rule: crowded, of: unit, when: the number of places is at least 2, then: the crowded is yes}
""",
    "policies/p.yaml": "policy: p\nstatus: in force\nin force: {from: unknown}\nparts: [part.yaml]\n",
}


def decided(unit: dict[str, object]) -> Decision:
    program = compile_policy(rulebook_from_texts(BOOK), "p")
    text = case_from({"case": "a unit", "as at": "2024-03-01", "unit": unit})
    case = bind_case(text, program.vocabulary)
    parameters, changed = parameters_at(program, 738_000, {})
    return answer(
        text, program, case, 738_000, parameters, changed, PolicyChoice("p", "name", ())
    ).decision


def test_each_item_is_shown_with_what_its_own_filter_asks() -> None:
    decision = decided(
        {"branches": [{"name": "east", "open": "yes"}], "wards": [{"name": "annex", "beds": "1"}]}
    )
    counts = next(each for each in decision.firings if each.rule == "count").counts[0]
    assert [(each.entity, each.attribute, each.values) for each in counts.counted] == [
        ("east", "open", ["yes"])
    ]
    assert [(each.entity, each.attribute, each.values) for each in counts.passed_over] == [
        ("annex", "beds", ["1"])
    ]


def test_what_is_missing_is_what_its_own_filter_asks() -> None:
    decision = decided({"branches": [{"name": "east"}], "wards": [{"name": "annex"}]})
    found = {each.attribute: each.missing for each in decision.answers}
    assert found == {
        "places counted": ["east > open", "annex > beds"],
        "crowded": ["east > open", "annex > beds"],
    }
