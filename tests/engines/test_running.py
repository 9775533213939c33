"""Both engines run; where they part, or one is not there, that is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rulewright.cli import group
from rulewright.decision import running
from rulewright.engines.evaluator import evaluate
from rulewright.engines.result import Possible, Trace
from rulewright.syntax.errors import EngineError, InputError
from rulewright.workbench import Rules

CASE = {
    "case": "a trust",
    "as at": "2021-04-01",
    "trust": {"trust type": "acute", "key questions": {"well-led": "good"}},
}


def wrong(*arguments) -> Trace:  # type: ignore[no-untyped-def]
    """An engine that gives another answer about the trust's overall rating."""
    result = evaluate(*arguments)
    place = (0, "overall rating")
    result.settled[place] = result.settled[place]._replace(possible=Possible(("inadequate",)))
    return result


def test_engines_that_disagree_are_refused_and_both_trails_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(running, "forward_engine", lambda: wrong)
    root = Path.cwd() / "rules" / "cqc"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    result = CliRunner().invoke(group, ["run", "case.json", "--rules", str(root)])
    assert result.exit_code == 3
    assert "RW603" in result.stderr
    assert "trust > overall rating" in result.stderr
    kept = list(tmp_path.glob("engines-disagree-*.json"))
    assert len(kept) == 1
    trails = json.loads(kept[0].read_text())
    assert (
        trails["reference"]["trust > overall rating"] != trails["forward"]["trust > overall rating"]
    )


def test_without_durable_rules_the_reference_answers_alone_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "forward_engine", lambda: None)
    outcome = Rules().run(CASE)
    assert outcome.made_by.engines == ["reference"]
    assert outcome.made_by.note == running.WITHOUT_FORWARD
    with pytest.raises(EngineError, match="durable_rules cannot be imported"):
        Rules().run(CASE, engine="forward")


SQUARED = """
scales: {grade: {order: [poor, good]}}
entities:
  school:
    plural: schools
    given: {points: {number: any}}
    derived: {%s}
"""


@pytest.mark.parametrize("engine", ["both", "reference", "forward"])
def test_numbers_that_are_squared_again_and_again_are_refused(tmp_path: Path, engine: str) -> None:
    """Forty times: a number of more digits than there are atoms."""
    if engine == "forward" and running.forward_engine() is None:
        pytest.skip("durable_rules cannot be imported")
    derived = ", ".join(f"square {number}: {{number: any}}" for number in range(41))
    rules = "".join(
        f"- {{rule: s{n}, of: school, then: the square {n} is the square {n - 1} * the square {n - 1}}}\n"
        for n in range(1, 41)
    )
    policy = "policy: p\nstatus: in force\nin force: {from: 2020-01-01}\nparts: [p.yaml]\n"
    (tmp_path / "v.yaml").write_text(SQUARED % derived)
    (tmp_path / "p.yaml").write_text(
        "- {rule: s0, of: school, then: the square 0 is the points}\n" + rules
    )
    (tmp_path / "policy.yaml").write_text(policy)
    with pytest.raises(
        InputError, match=r"RW102 a formula gives a number of more than 1,000 digits"
    ):
        Rules(tmp_path).run(
            {"case": "x", "as at": "2024-01-01", "school": {"points": 3}}, engine=engine
        )
    ones = Rules(tmp_path).run(
        {"case": "x", "as at": "2024-01-01", "school": {"points": 1}}, engine=engine
    )
    assert ones.decision.answers[40].possible == ["1"]


def test_both_engines_are_named_when_both_ran() -> None:
    if running.forward_engine() is None:
        pytest.skip("durable_rules cannot be imported")
    assert Rules().run(CASE).made_by.engines == ["reference", "forward"]
    assert (
        Rules().run(CASE, engine="forward").decision
        == Rules().run(CASE, engine="reference").decision
    )


def test_a_where_that_looks_at_a_member_of_the_item_is_shown_with_it(tmp_path: Path) -> None:
    files = {
        "vocabulary.yaml": """\
entities:
  trust: {plural: trusts, has many: [service], has: [question], derived: {big: yes/no}}
  service: {plural: services, has: [question]}
  question:
    plural: questions
    members:
      - safe
    given: {state: {whole number: any}}
""",
        "part.yaml": """\
- rule: big.by-services
  of: trust
  when: the number of services where the state of safe of the service is 3 is at least 1
  then: the big is yes
""",
        "policy.yaml": "policy: p\nstatus: in force\nin force: {from: unknown}\nparts: [part.yaml]\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    services = [
        {"name": "one", "questions": {"safe": {"state": 3}}},
        {"name": "two", "questions": {"safe": {"state": 2}}},
    ]
    case = {
        "case": "c",
        "as at": "2024-01-01",
        "trust": {"questions": {"safe": {"state": 3}}, "services": services},
    }
    (firing,) = Rules(tmp_path).run(case).decision.firings
    count = firing.conditions[0].counts[0]
    assert [(each.entity, each.values) for each in count.counted] == [("one", ["3"])]
    assert [each.entity for each in count.passed_over + count.not_counted] == ["two"]
