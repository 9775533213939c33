"""What the scenarios of a small rulebook cover: the text, the record and the page, whole; and what
has no effect on them.

`RULEWRIGHT_REWRITE=1` rewrites the expected files.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from rulewright import Rules
from rulewright.cli import group
from rulewright.coverage import Coverage, coverage, exceptions_in, holes
from rulewright.coverage.record import Share
from rulewright.schemas import schemas
from rulewright.testing.runner import load_scenarios

HERE = Path(__file__).parent
SHOWN = HERE.relative_to(Path.cwd()).as_posix()
REWRITE = os.environ.get("RULEWRIGHT_REWRITE") == "1"


def invoke(*options: str) -> Result:
    return CliRunner().invoke(
        group, ["coverage", f"{SHOWN}/scenarios", "--rules", f"{SHOWN}/rules", *options]
    )


def same(name: str, got: str) -> None:
    path = HERE / name
    if REWRITE:
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8")


def covered(rules: Path = HERE / "rules") -> Coverage:
    return coverage(Rules(rules), load_scenarios([HERE / "scenarios"]))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("all.txt", ()),
        ("undecided.txt", ("--undecided", "--fail-under", "70.5")),
        ("later.txt", ("--policy", "later", "--fail-under", "20")),
    ],
)
def test_what_is_covered_in_words(name: str, options: tuple[str, ...]) -> None:
    result = invoke(*options)
    same(f"expected/{name}", f"{result.stdout}{result.stderr}exit code {result.exit_code}\n")


def test_the_record_is_whole_and_keeps_its_schema() -> None:
    record = json.loads(invoke("--json").stdout)
    same("expected/all.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    validator = Draft202012Validator(schemas()["coverage"])
    assert [each.message for each in validator.iter_errors(record)] == []


def test_the_page_is_whole(tmp_path: Path) -> None:
    result = invoke("--html", str(tmp_path / "page.html"))
    assert result.exit_code == 0
    same("expected/page.html", (tmp_path / "page.html").read_text("utf-8"))
    assert "RW641" in invoke("--html", str(tmp_path / "page.txt")).stderr


def test_a_hole_says_where_it_may_be_filled() -> None:
    """Under which policies, in which rules, at which condition."""
    found = holes(
        Rules(HERE / "rules"),
        load_scenarios([HERE / "scenarios"]),
        exceptions=exceptions_in([HERE / "scenarios"]),
    )
    assert [
        (each.place.line, each.rule, each.wanted)
        for each in found
        if each.place.file.endswith("more.yaml")
    ] == [(3, "bands.excellent", "not met")]
    [limited] = [
        each for each in found if each.condition == "the inspected on is before 2020-01-01"
    ]
    assert (limited.rule, limited.wanted, limited.policies) == (
        "report.limited",
        "met",
        ("later", "letters"),
    )
    [use] = limited.uses[1][1]
    assert (use.rule, use.kind.entity, use.path) == ("report.limited", "school", (0, 0))
    assert use.node is not None
    assert use.node.attribute == "report"
    assert use.conditions[0].body.parts[0].text == limited.condition  # type: ignore[union-attr]
    assert not [
        each
        for each in found
        if each.rule in ("standing.no-limit", "bands[poor]") and each.wanted == "takes effect"
    ]


def figures(found: Coverage) -> tuple[object, ...]:
    """All that is told, places and first scenarios aside."""
    return (
        [(each.policy, each.rules, each.conditions) for each in found.policies],
        found.share_of_rules,
        found.share_of_conditions,
        sorted(
            (
                each.rule,
                each.conclusion,
                [one.what for one in each.shown],
                [one.what for one in each.gaps],
            )
            for each in found.rules
        ),
        sorted(
            (
                each.rule,
                each.condition,
                [one.what for one in each.shown],
                [one.what for one in each.gaps],
            )
            for each in found.conditions
        ),
        sorted((each.rule, each.before, each.shown is None) for each in found.overrides),
        [(each.interpretation, each.took_effect) for each in found.interpretations],
        [each.read for each in found.parameters],
        [each.encoded_by for each in found.paragraphs],
        [each.gaps for each in found.withdrawals],
    )


def test_layout_has_no_effect(tmp_path: Path) -> None:
    """Rules in other files and in another order, conditions on lines of their own or in one: the
    same figures.
    """
    rules = tmp_path / "rules"
    shutil.copytree(HERE / "rules", rules)
    text = (rules / "part.yaml").read_text("utf-8")
    entries = text.split("\n\n")
    (rules / "part.yaml").write_text("\n\n".join(reversed(entries[::2])) + "\n", "utf-8")
    other = "\n\n".join(entries[1::2]).replace(
        "when: the kind is secondary", "when:\n    - the kind is\n      secondary"
    )
    assert other != "\n\n".join(entries[1::2])
    (rules / "other.yaml").write_text(f"{other}\n", "utf-8")
    policy = (rules / "policy.yaml").read_text("utf-8")
    (rules / "policy.yaml").write_text(
        policy.replace("[part.yaml]", "[other.yaml, part.yaml]"), "utf-8"
    )
    assert figures(covered(rules)) == figures(covered())


def test_the_order_of_scenarios_has_no_effect_but_on_which_is_named_first() -> None:
    scenarios = load_scenarios([HERE / "scenarios"])
    random.Random(7).shuffle(scenarios)
    assert figures(coverage(Rules(HERE / "rules"), scenarios)) == figures(covered())


def test_a_scenario_more_covers_no_less() -> None:
    rules, scenarios = Rules(HERE / "rules"), load_scenarios([HERE / "scenarios"])
    before = 0
    for count in range(1, len(scenarios)):
        found = coverage(
            rules,
            scenarios[:count],
            policy="letters" if scenarios[count].tree.get("policy") is None else None,
        )
        assert found.total.covered >= before
        before = found.total.covered


def test_a_gate_does_not_pass_on_a_policy_that_no_scenario_runs_under(tmp_path: Path) -> None:
    shutil.copytree(HERE / "rules", tmp_path / "rules")
    (tmp_path / "rules" / "unseen.yaml").write_text(
        "policy: unseen\nstatus: proposed\namends: letters\n", "utf-8"
    )
    words = [
        "coverage",
        f"{SHOWN}/scenarios",
        "--rules",
        str(tmp_path / "rules"),
        "--fail-under",
        "0",
    ]
    shown = CliRunner().invoke(group, words)
    told = "no scenario runs under `unseen`: what it says alone is not covered, and not counted"
    assert (shown.exit_code, shown.stderr) == (1, f"{told}\n")
    assert told in shown.stdout.splitlines()
    one = CliRunner().invoke(group, [*words, "--policy", "unseen"])
    assert (one.exit_code, one.stderr) == (
        2,
        "RW844 no scenario runs under `unseen`; name scenarios whose date or `policy:` leads to it\n",
    )


def test_a_gate_does_not_pass_where_there_is_nothing_to_cover(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rulewright.coverage.record.Coverage.total", Share(0, 0))
    shown = invoke("--fail-under", "0")
    assert (shown.exit_code, shown.stderr) == (
        1,
        "there is nothing to be covered, so there is no percentage\n",
    )
