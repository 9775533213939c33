"""What a decision says it relies on: an interpretation behind a parameter or a default whose other
reading changes an answer is named.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.decision.answered import Answered
from rulewright.workbench import Rules, case_from, cases

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [
        *ROOT.glob("scenarios/guidance-2024-03/*.yaml"),
        *ROOT.glob("scenarios/examples/*.yaml"),
        *ROOT.glob("scenarios/legacy/*.yaml"),
        *ROOT.glob("scenarios/real/2024-25/*.yaml"),
    ]
)
MOST_CASES = 3  # of one file

pytestmark = pytest.mark.untraced


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(ROOT / "rules" / "cqc")


def relied_on(answered: Answered) -> dict[str, list[str]]:
    return {each.id: each.resting for each in answered.decision.interpretations}


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_another_reading_of_a_parameter_or_default_changes_is_relied_on(
    path: Path, rules: Rules
) -> None:
    for case in cases(path)[:MOST_CASES]:
        answered = rules.answer(case, engine="reference")
        known = {each.name: each for each in rules.readings(answered.choice.policy)}
        relied = relied_on(answered)
        for reading in rules.outcome(answered, engine="reference", readings=True).readings or ():
            interpretation = answered.program.interpretations[reading.interpretation]
            if (
                reading.changes
                and interpretation.bears_on
                and only_values(answered, known[reading.reading].variant.program)
            ):
                assert reading.interpretation in relied, (
                    f"{reading.reading} changes {reading.changes[0]}"
                )
                assert relied[reading.interpretation], reading.reading


def only_values(answered: Answered, other: object) -> bool:
    """Whether a reading has the same rules, and only other parameters or defaults."""
    return getattr(other, "nodes") == answered.program.nodes  # noqa: B009


def moor(last_assessed: str, **more: str) -> dict[str, object]:
    service = {
        "name": "Wards",
        "core service": "yes",
        "kind of service": "additional service",
        "last assessed on": last_assessed,
        **more,
        "key questions": dict.fromkeys(
            ("safe", "effective", "caring", "responsive", "well-led"), "good"
        ),
    }
    return {
        "case": "a trust",
        "as at": "2025-03-10",
        "trust": {"name": "Moor", "trust type": "mental health", "services": [service]},
    }


def test_a_parameter_that_decides_by_a_single_day_is_named(rules: Rules) -> None:
    for day, stage in (("2023-03-09", "service assessments first"), ("2023-03-10", "ready")):
        answered = rules.answer(case_from(moor(day)))
        assert (
            next(each.value for each in answered.decision.answers if each.attribute == "stage")
            == stage
        )
        assert relied_on(answered)["service-view-lasts-24-months"] == [
            "service view period: 24 months"
        ]


def test_a_parameter_that_no_rule_needed_is_not_named(rules: Rules) -> None:
    never = rules.answer(case_from(moor("never")))
    assert "service-view-lasts-24-months" not in relied_on(never)
    anyway = rules.answer(
        case_from(moor("2019-03-10", **{"assessed under the new framework": "yes"}))
    )
    assert "service-view-lasts-24-months" not in relied_on(anyway)


def test_a_parameter_set_for_a_run_rests_on_nothing(rules: Rules) -> None:
    answered = rules.answer(case_from(moor("2023-03-09")), set={"service view period": "36 months"})
    assert "service-view-lasts-24-months" not in relied_on(answered)
    assert all(not each.interpretations for each in answered.decision.parameters if each.set)
