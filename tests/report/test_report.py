"""Reports on decisions: each page is sound and says what the records say; nothing is fetched, and
the record is inside.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from rulewright.decision.answered import Answered
from rulewright.documents.html import html
from rulewright.explain.what_if.alternatives import ways
from rulewright.report import Report, compose, gather
from rulewright.report.content import reported
from rulewright.report.robustness import MOST_WAYS, margin
from rulewright.workbench import Rules, cases
from tests.pages.parsing import sound

ROOT = Path(__file__).parents[2]
RULES = Rules(ROOT / "rules" / "cqc")
FILES = [
    "scenarios/examples/example-trust.yaml", "scenarios/real/2021/RA9.yaml", "scenarios/real/2024-25/REM.yaml",
    "scenarios/guidance-2024-03/limiters.yaml", "scenarios/legacy/enforcement.yaml", "tests/cli/judged.yaml",
    "scenarios/consultation-2021/locations.yaml",
]  # fmt: skip
KEPT: dict[int, tuple[Answered, Report]] = {}


@cache
def answered(file: str) -> list[Answered]:
    return [RULES.answer(each) for each in cases(ROOT / file)[:3]]


def gathered(each: Answered) -> Report:
    """The report on one of these; gathering takes seconds, so it is kept."""
    if id(each) not in KEPT:
        KEPT[id(each)] = each, _gathered(each)
    return KEPT[id(each)][1]


def _gathered(each: Answered) -> Report:
    return gather(
        each,
        json.dumps(each.outcome.to_json()["decision"], sort_keys=True),
        RULES.run(each.text, readings=True).readings,
    )


@pytest.mark.parametrize("file", FILES)
def test_a_report_is_a_sound_page_that_says_what_the_records_say(file: str) -> None:
    for each in answered(file):
        report = gathered(each)
        page = sound(html(compose(report)))
        decision = report.decision
        assert json.loads(page.data) == json.loads(report.canonical)
        rows = {cells[0]: cells for cells in page.cells if cells and cells[0].isdigit()}
        fired = {str(firing.number): firing for firing in decision.firings}
        assert rows.keys() == fired.keys()
        for number, cells in rows.items():
            assert cells[2] == fired[number].rule
            assert all(source.document in cells[4] for source in fired[number].sources)
            assert cells[5] == (", ".join(fired[number].interpretations) or "–")
        for cells in page.cells:
            if len(cells) == 3 and cells[1].isdigit():
                assert len(cells[2].split(", ")) >= int(cells[1]) > 0


@pytest.mark.parametrize("file", FILES)
def test_counts_below_the_rating_agree_with_the_answers(file: str) -> None:
    for each in answered(file):
        page = sound(html(compose(gathered(each))))
        shown = {
            cells[0]: int(cells[1])
            for cells in page.cells
            if len(cells) == 3 and cells[1].isdigit()
        }
        counted: dict[str, int] = {}
        for answer in each.decision.answers:
            below = answer.published and answer.main and answer.entity != each.decision.root
            if below and answer.entity.rpartition(" > ")[2] not in each.decision.members:
                counted[f"{answer.label}: {answer.value}"] = (
                    counted.get(f"{answer.label}: {answer.value}", 0) + 1
                )
        assert shown == counted


def test_published_ratings_that_agree_are_counted_and_each_that_does_not_is_told() -> None:
    for file in (
        "scenarios/real/2021/RA9.yaml",
        "scenarios/real/2021/RK9.yaml",
        "scenarios/real/2024-25/REM.yaml",
    ):
        for each in answered(file):
            text = html(compose(gathered(each)))
            verdicts = [found.verdict for found in each.decision.published]
            count = re.search(r"(\d+) published ratings that the case states agree", text)
            agree = verdicts.count("agrees")
            assert (int(count[1]) if count else text.count(", which agrees.")) == agree
            assert text.count(", which differs from ") == verdicts.count("differs")
            assert text.count(", which is among those possible here.") == verdicts.count("possible")


@pytest.mark.untraced
@pytest.mark.parametrize("file", FILES)
def test_what_is_said_of_the_margin_is_in_the_record(file: str) -> None:
    for each in answered(file):
        found = gathered(each).hinges
        if found is None or found.smallest is None or not found.smallest.changes:
            continue
        nearest = ways(found.smallest.proposals)[:MOST_WAYS]
        said = margin(found.smallest, nearest)
        assert f"no longer surely {found.smallest.wanted};" in said
        assert (f"{found.smallest.changes} facts together" in said) == (found.smallest.changes > 1)
        many = re.search(r"(more than )?(\d+|one) ways?", said)
        assert many is not None
        assert bool(many[1]) == found.smallest.more
        assert many[2] == ("one" if found.smallest.how_many == 1 else str(found.smallest.how_many))
        for proposal in found.smallest.proposals:
            assert len(proposal.changes) == found.smallest.changes
            assert proposal.gives != found.now
        facts = [[(each.entity, each.attribute) for each in way.changes] for way in nearest]
        assert len(facts) == len(
            {(*map(tuple, each), *way.gives) for each, way in zip(facts, nearest, strict=True)}
        ), "one fact, one line"


def test_the_margin_does_not_promise_another_rating_that_no_single_fact_gives() -> None:
    (ra9,) = answered("scenarios/real/2021/RA9.yaml")
    text = html(compose(gathered(ra9)))
    assert (
        "One fact that improvement can change would have to be otherwise for it to be no longer surely requires improvement; there "
        "are 6 ways. Each of those listed leaves requires improvement possible too."
    ) in text
    assert "Torbay Hospital &gt; Outpatients &gt; effective: insufficient" not in text
    assert (
        "Medical care &gt; effective &gt; judged rating: requires improvement → good or outstanding (then requires improvement or"
        in text
    )
    assert "site visit made: yes (not stated: the default) → no" not in text, (
        "the rating would be the same"
    )


@pytest.mark.untraced
def test_the_main_result_comes_first_and_the_next_better_value_is_asked_for() -> None:
    (example,) = answered("scenarios/examples/example-trust.yaml")
    report = gathered(example)
    assert report.main is not None
    assert (report.main.attribute, report.main.value) == ("trust rating", "good")
    assert report.better is not None
    assert report.better.why_not.wanted == "outstanding"
    assert reported(example)[0].attribute == "trust rating"


def test_there_is_nothing_better_than_the_best_and_nothing_to_ask_of_what_is_undetermined() -> None:
    (rem,) = answered("scenarios/real/2024-25/REM.yaml")
    report = gathered(rem)
    assert report.better is None
    assert report.hinges is not None
    assert report.hinges.settling is not None


def test_a_report_says_what_the_rulebook_says_it_must_not_be_taken_for() -> None:
    for file in ("scenarios/examples/example-trust.yaml", "scenarios/real/2021/RA9.yaml"):
        (each,) = answered(file)
        assert (
            "It is not a rating given by the Care Quality Commission, which has no part in it."
            in html(compose(gathered(each)))
        )


def test_what_is_not_published_any_more_is_told() -> None:
    (example,) = answered("scenarios/examples/example-trust.yaml")
    text = html(compose(gathered(example)))
    assert (
        "trust &gt; overall rating: withdrawn by guidance-2024-03 - cqc-2024-03 How we will assess and rate the well-led key question at "
        "trust level for NHS trusts, news-undated, press-2025-06"
    ) in text


@pytest.mark.parametrize("file", FILES)
def test_each_source_that_a_page_names_is_among_its_documents(file: str) -> None:
    for each in answered(file):
        text = html(compose(gathered(each)))
        before, _, listed = text.partition('id="documents"')
        named = {name for name in each.program.documents if re.search(rf"\b{name}\b", before)}
        assert named
        assert named <= set(re.findall('id="document-([^"]+)"', listed))


def test_the_source_of_a_limit_that_would_act_is_named_with_what_was_not_seen_of_it() -> None:
    (example,) = answered("scenarios/examples/example-trust.yaml")
    report = gathered(example)
    assert "press-limiters" in {each.id for each in report.documents}
    assert report.remarks["press-limiters"] == [
        "the quotation breaks off before the result (limiters.score-of-1-or-2@trust)"
    ]
    assert "low-scores-limit-outstanding-to-good" in {each.id for each in report.besides}
    fired = {each.id for each in report.decision.interpretations if not each.not_fired}
    assert not fired & {each.id for each in report.besides}


def test_the_rules_that_fired_are_told_with_their_lists_filled_in() -> None:
    (example,) = answered("scenarios/examples/example-trust.yaml")
    page = sound(html(compose(gathered(example))))
    told = {cells[2]: cells[3] for cells in page.cells if len(cells) == 6}
    assert told["services-picture"].startswith(
        "services by overall rating: inadequate: none; requires improvement: "
    )
    assert not [says for says in told.values() if "{" in says]


@pytest.mark.untraced
def test_two_reports_on_one_decision_are_the_same() -> None:
    one, other = (html(RULES.report(RULES.answer(cases(ROOT / FILES[0])[0]))) for _ in range(2))
    assert one == other
    assert str(ROOT) not in one


def test_nothing_in_a_case_can_end_the_embedded_record() -> None:
    case = {
        "case": "</script><b>",
        "as at": "2021-04-30",
        "trust": {"name": "<T> & 'co'", "trust type": "acute"},
    }
    page = html(RULES.report(RULES.answer(case)))
    assert json.loads(sound(page).data)["case"] == "</script><b>"
    assert "<b>" not in page
