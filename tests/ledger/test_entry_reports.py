"""What a report on an entry says of its assumptions, from the record alone and with the rulebook at
hand.
"""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.documents.html import html
from rulewright.ledger import Ledger
from rulewright.ledger.entry_report import report_on
from rulewright.schemas import schemas
from rulewright.workbench import Rules, cases
from tests.pages.parsing import sound

ROOT = Path(__file__).parents[2]
RULES = Rules()
FILES = (
    "scenarios/examples/example-trust.yaml",
    "scenarios/real/2021/RA9.yaml",
    "scenarios/consultation-2021/locations.yaml",
)
UNTRIED = "Other readings were not tried: "


def ledger_of(folder: Path, file: str, reading: str | None = None) -> Ledger:
    answered = RULES.answer(cases(ROOT / file)[0], reading=reading)
    ledger = Ledger.open(folder / "l.ledger")
    ledger.append(
        answered,
        recorded_by="A. Clerk",
        kind="what-if" if answered.decision.not_a_rating else "decision",
    )
    return ledger


@pytest.mark.parametrize("file", FILES)
def test_every_assumption_and_what_else_the_text_could_mean_is_said_in_words(
    file: str, tmp_path: Path
) -> None:
    with ledger_of(tmp_path, file) as ledger:
        page = html(report_on(ledger, 1))
        decision = ledger.entry(1).decision
        text = sound(page).text
        assert f"{UNTRIED}they are in the rulebook, which was not given." in text
        assert decision.interpretations
        kept = RULES.program(decision.policy.id).interpretations
        for each in (one for one in decision.interpretations if not one.not_fired):
            assert flat(each.assumed)[1:] in flat(text)
            assert each.other_readings == [reading.name for reading in kept[each.id].readings]
            for reading in kept[each.id].readings:
                assert flat(f"It could also mean: {reading.meaning}.") in flat(text)


def flat(text: str) -> str:
    return "".join(text.replace("`", "").split())


@pytest.mark.parametrize("file", FILES)
def test_with_the_rulebook_the_other_readings_are_tried_as_in_a_report_on_the_case(
    file: str, tmp_path: Path
) -> None:
    with ledger_of(tmp_path, file) as ledger:
        recorded = sound(html(report_on(ledger, 1, RULES))).text
    fresh = sound(html(RULES.report(RULES.answer(cases(ROOT / file)[0])))).text
    assert UNTRIED not in recorded
    assert "It could also mean" not in recorded
    start, end = "Other readings of the text", "The services and what was found there"
    assert flat(recorded.rpartition(start)[2].partition(end)[0]) == flat(
        fresh.rpartition(start)[2].partition(end)[0]
    )


def test_a_rulebook_that_holds_another_policy_of_that_name_tries_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules" / "cqc", tmp_path / "rules")
    part = tmp_path / "rules" / "parts" / "percentages.yaml"
    part.write_text(
        part.read_text("utf-8")
        .replace("good: 63..87", "good: 63..86")
        .replace("88 or more", "87 or more"),
        "utf-8",
    )
    with ledger_of(tmp_path, FILES[0]) as ledger:
        page = sound(html(report_on(ledger, 1, Rules(tmp_path / "rules")))).text
    assert (
        f"{UNTRIED}the rulebook that was given does not hold the policy as it is on record." in page
    )


def test_a_decision_under_another_reading_says_so(tmp_path: Path) -> None:
    reading = RULES.readings("guidance-2024-03")[0].name
    with ledger_of(tmp_path, FILES[0], reading) as ledger:
        for rules in (None, RULES):
            assert (
                f"{UNTRIED}this decision is under another reading already."
                in sound(html(report_on(ledger, 1, rules))).text
            )


def test_an_entry_is_shown_with_the_other_readings_that_a_run_shows(tmp_path: Path) -> None:
    ledger_of(tmp_path, FILES[0]).close()
    run = invoke(f"run {ROOT / FILES[0]} --readings").stdout
    shown = invoke(f"ledger show {tmp_path}/l.ledger 1 --rules {ROOT}/rules/cqc").stdout
    start, end = "\nother readings: ", "\n\n"
    assert (
        shown.partition(start)[2].partition(end)[0]
        == run.partition(start)[2].partition(end)[0]
        != ""
    )
    assert start not in invoke(f"ledger show {tmp_path}/l.ledger 1").stdout
    record = json.loads(
        invoke(f"ledger show {tmp_path}/l.ledger 1 --rules {ROOT}/rules/cqc --json").stdout
    )
    assert len(record["readings"]) == len(RULES.readings("guidance-2024-03"))
    validator = jsonschema.Draft202012Validator(schemas()["shown-entry"])
    assert [error.message for error in validator.iter_errors(record)] == []


def test_an_entry_is_shown_without_other_readings_where_the_rulebook_is_another(
    tmp_path: Path,
) -> None:
    ledger_of(tmp_path, FILES[0]).close()
    shutil.copytree(ROOT / "rules" / "cqc", tmp_path / "rules")
    part = tmp_path / "rules" / "parts" / "percentages.yaml"
    part.write_text(
        part.read_text("utf-8")
        .replace("good: 63..87", "good: 63..86")
        .replace("88 or more", "87 or more"),
        "utf-8",
    )
    result = invoke(f"ledger show {tmp_path}/l.ledger 1 --rules {tmp_path}/rules")
    assert (
        result.stderr
        == "note: other readings were not tried: the rulebook that was given does not hold the policy as it is on record\n"
    )
    assert result.stdout == invoke(f"ledger show {tmp_path}/l.ledger 1").stdout
    assert result.exit_code == 0


def invoke(command: str) -> Result:
    result = CliRunner().invoke(group, shlex.split(command))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result
