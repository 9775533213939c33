"""A rule that overrides any judgement, as scenarios show it, mutants drop it and comparisons tell
of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rulewright.compare.comparison import compare
from rulewright.compare.sides import ComparisonSide
from rulewright.compare.text_report import lines
from rulewright.coverage import coverage
from rulewright.mutation.runner import mutate
from rulewright.syntax.text import Text
from rulewright.testing.runner import load_scenarios
from rulewright.workbench import Rules, cases

RULES = Path("tests/cli/overriding")
OVERRIDE = "site.without-site-ratings"
EXPECTED = {"judged": "inadequate", "overridden": "not rated"}


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """One where the judgement has effect and one where it has not."""
    written = [
        f"""
- case: {name}
  as at: 2024-05-01
  school: {{rated by site: {rated}, sites: [{{name: North, mark: good}}]}}
  judgements: [{{attribute: North > site rating, value: inadequate, by: the panel, on: 2024-04-01, reason: seen}}]
  expect: {{North > site rating: {EXPECTED[name]}}}
"""
        for name, rated in (("judged", "yes"), ("overridden", "no"))
    ]
    (tmp_path / "scenarios.yaml").write_text("".join(written), "utf-8")
    return tmp_path / "scenarios.yaml"


def test_coverage_asks_for_a_judgement_without_effect(scenarios: Path) -> None:
    texts = load_scenarios([scenarios])
    for some, shown in ((texts, "overridden"), (texts[:1], "")):
        found = coverage(Rules(RULES), some)
        [one] = [each for each in found.overrides if each.before == "any judgement"]
        assert (one.rule, one.cannot_be) == (OVERRIDE, "")
        assert (one.shown.scenario if one.shown is not None else "") == shown


def test_a_defeated_rule_takes_effect_where_it_leaves_a_judgement_without(scenarios: Path) -> None:
    [text] = [each for each in load_scenarios([scenarios]) if each.name == "overridden"]
    text.tree["school"]["sites"][0]["closed"] = Text("yes")  # so that another rule goes before it
    found = coverage(Rules(RULES), [text])
    [rule] = [each for each in found.rules if each.rule == OVERRIDE]
    assert [each.what for each in rule.shown] == ["fired", "defeated", "decided"]
    assert "takes effect" not in [each.what for each in rule.gaps]


def test_a_mutant_drops_the_override_of_judgements(scenarios: Path) -> None:
    texts = load_scenarios([scenarios])
    for some, verdict in ((texts, "noticed"), (texts[:1], "undecided")):
        found = mutate(Rules(RULES), some, workers=1)
        [one] = [
            each
            for each in found.mutants
            if each.sentence.endswith(f"`{OVERRIDE}` no longer overrides any judgement")
        ]
        assert (one.verdict, one.operator) == (verdict, "override dropped")


def test_a_comparison_names_it_as_the_cause(scenarios: Path, tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    part = tmp_path / "rules" / "rules.yaml"
    part.write_text(part.read_text("utf-8").replace(", any judgement]", "]"), "utf-8")
    found = compare(
        ComparisonSide("old", Rules(RULES, "rules")),
        ComparisonSide("new", Rules(tmp_path / "rules", "rules")),
        cases(scenarios),
    )
    [differs] = [each for each in found.differences if each.attribute == "site rating"]
    assert (differs.before, differs.after) == ("not rated", "inadequate")
    assert any(OVERRIDE in line for line in lines(found))
