"""`check` asks what is declared of a policy of the policies that amend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.lint.checks import compile_all
from rulewright.properties import amendments
from rulewright.properties.amendments import Looked, check_amendments
from rulewright.workbench import Rules

VOCABULARY = """
scales:
  rating: {order: [inadequate, requires improvement, good, outstanding]}
entities:
  trust:
    plural: trusts
    has: [statement]
    given: {stage: {one of: [early, late], unless stated: late}, notice: {yes/no, unless stated: no}}
    derived: {rating: rating, second rating: rating, sum: {whole number: 0..12}}
  statement:
    plural: statements
    main attribute: score
    members:
      - vision
      - governance
      - learning
    given: {score: {whole number: 1..4}}
"""
RULES = """
- {rule: sum, of: trust, then: the sum is the sum of the score of the statements}
- table: bands
  of: trust
  input: the sum
  then: the rating
  rows: {inadequate: up to 5, requires improvement: 6..8, good: 9..10, outstanding: 11 or more}
- {rule: notice, of: trust, when: the notice is yes, limit: the rating is at most good}
- {rule: second, of: trust, then: the second rating is the rating}
"""
POLICY = "policy: base\nstatus: proposed\nparts: [rules.yaml]\npublish: [the rating of a trust, the second rating of a trust]\n"
PROPERTIES = """
policy: base
as at: 2025-01-01
properties:
  - property: better scores never give a worse rating
    space: {trust: {stage: late}, open: [score, notice]}
    monotone: rating
    better: {score: higher, notice: no}
  - property: better scores never give a worse second rating
    space: {trust: {stage: late}, open: [score]}
    monotone: second rating
    better: {score: higher}
  - property: a notice makes the rating better
    space: {trust: {stage: late, statements: {vision: 4, governance: 4, learning: 4}}, open: [notice]}
    monotone: rating
    better: {notice: yes}
    expected: no
    because: an example
"""
LIMIT = """
  - rule: weak
    of: trust
    when: the score of governance {test} 2
    limit: the rating is at most requires improvement
"""
AMENDS = "status: proposed\namends: base\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "vocabulary.yaml": VOCABULARY,
        "rules.yaml": RULES,
        "policy.yaml": POLICY,
    }.items():
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / name).write_text(text, "utf-8")
    (tmp_path / "properties").mkdir()
    (tmp_path / "properties" / "base.yaml").write_text(PROPERTIES, "utf-8")
    return tmp_path


def looked(folder: Path) -> Looked:
    rules = Rules(folder / "rules", "rules")
    policies, problems = compile_all(rules.book)
    assert not problems
    return check_amendments(rules, policies, [folder / "properties"])


def amendment(folder: Path, name: str, text: str) -> None:
    (folder / "rules" / f"{name}.yaml").write_text(f"policy: {name}\n{AMENDS}{text}", "utf-8")


def check(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(group, ["check", str(folder / "rules"), *more])


def test_a_better_score_that_gives_a_worse_rating_is_told_once_for_each_attribute(
    folder: Path,
) -> None:
    amendment(folder, "odd", "adds:" + LIMIT.format(test="is"))
    found = looked(folder)
    assert [str(each).partition("; ")[0] for each in found.problems] == [
        "rules/odd.yaml:1:9: RW731 warning: `odd` breaks a property of `base`, `better scores never give a worse second rating`: changing "
        "`trust > governance > score` from 1 to 2, which is better, changes `trust > second rating` from good "
        "to requires improvement, which is worse",
        "rules/odd.yaml:1:9: RW731 warning: `odd` breaks a property of `base`, `better scores never give a worse rating`: changing "
        "`trust > governance > score` from 1 to 2, which is better, changes `trust > rating` from good to requires improvement, which is worse",
    ]
    assert not found.left_out
    result = check(folder)
    assert result.stdout.count("RW731 warning") == 2
    assert result.exit_code == 0


def test_an_amendment_that_keeps_the_order_breaks_nothing(folder: Path) -> None:
    amendment(folder, "even", "adds:" + LIMIT.format(test="is at most"))
    assert looked(folder) == Looked()
    assert "RW731" not in check(folder).stdout


def test_what_the_amendment_took_away_is_left_out_of_the_space(folder: Path) -> None:
    amendment(
        folder,
        "without-notices",
        "repeals: [notice, trust > notice]\nadds:" + LIMIT.format(test="is"),
    )
    amendment(folder, "without-stages", "repeals: [trust > stage]\nadds:" + LIMIT.format(test="is"))
    found = looked(folder)
    assert [str(each.place) for each in found.problems] == [
        "rules/without-notices.yaml:1:9"
    ] * 2 + ["rules/without-stages.yaml:1:9"] * 2
    assert not found.left_out


def test_an_attribute_that_is_gone_or_withdrawn_is_not_asked(folder: Path) -> None:
    amendment(folder, "gone", "repeals: [second]\nadds:" + LIMIT.format(test="is"))
    amendment(
        folder,
        "withdrawn",
        "withdraw: [the rating of a trust, the second rating of a trust]\nadds:"
        + LIMIT.format(test="is"),
    )
    found = looked(folder)
    assert len(found.problems) == 1
    assert "`trust > rating`" in found.problems[0].message


def test_a_policy_with_a_property_of_its_own_is_not_asked_those_of_others(folder: Path) -> None:
    amendment(folder, "odd", "adds:" + LIMIT.format(test="is"))
    own = PROPERTIES.replace("policy: base", "policy: odd").replace(
        "better scores", "in odd, better scores"
    )
    own = own.replace(
        "monotone: rating\n    better: {score: higher, notice: no}",
        "monotone: rating\n    better: {score: higher, notice: no}\n    expected: no\n    because: it is meant",
    )
    (folder / "properties" / "odd.yaml").write_text(own, "utf-8")
    assert looked(folder) == Looked()


def test_an_amendment_of_an_amendment_is_asked_too(folder: Path) -> None:
    amendment(folder, "even", "adds:" + LIMIT.format(test="is at most"))
    (folder / "rules" / "later.yaml").write_text(
        "policy: later\nstatus: proposed\namends: even\nreplaces: {weak: {when: the score of governance is 2}}\n",
        "utf-8",
    )
    assert {str(each.place) for each in looked(folder).problems} == {"rules/later.yaml:1:9"}


def test_what_is_not_looked_at_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    amendment(folder, "odd", "adds:" + LIMIT.format(test="is"))
    monkeypatch.setattr(amendments, "MOST_FACTS", 3)
    monkeypatch.setenv("RULEWRIGHT_CACHE", "off")
    found = looked(folder)
    assert len(found.problems) == 1
    assert [each.message for each in found.left_out] == [
        "whether `odd` keeps the property `better scores never give a worse rating` was not looked at: it depends on more than 3 facts"
    ]
    result = check(folder)
    assert "RW731 note: whether `odd` keeps" in result.stdout
    monkeypatch.setattr(amendments, "MOST_FACTS", 200)
    monkeypatch.setattr(amendments, "MOST_PROPERTIES", 1)
    assert [each.message.rpartition(": ")[2] for each in looked(folder).left_out] == [
        "more than 1 properties"
    ]


def test_where_a_rating_follows_as_before_nothing_is_asked_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amendment(folder, "wording", "replaces: {notice: {about: in other words}}\nrepeals: [second]\n")
    monkeypatch.setattr(amendments, "check_posed", lambda posed: pytest.fail("asked again"))
    assert looked(folder) == Looked()


def test_a_file_of_properties_with_a_mistake_hides_no_finding_of_the_rulebook(folder: Path) -> None:
    (folder / "properties" / "wrong.yaml").write_text("properties: [{property: x}]\n", "utf-8")
    result = check(folder)
    assert "RW121" in result.stdout
    assert "RW708" in result.stdout
    assert result.exit_code == 2


def test_properties_that_cannot_be_read_are_told_in_one_note(folder: Path) -> None:
    (folder / "properties" / "base.yaml").write_text(PROPERTIES.replace("score", "points"), "utf-8")
    amendment(folder, "odd", "adds:" + LIMIT.format(test="is"))
    found = looked(folder)
    assert found.problems == []
    assert [
        "was not asked of the policies that amend it: it cannot be read" in each.message
        for each in found.left_out
    ] == [True]


def test_a_rulebook_with_an_error_is_not_asked(folder: Path) -> None:
    amendment(folder, "odd", "adds:" + LIMIT.format(test="is"))
    amendment(folder, "wrong", "repeals: [nothing]\n")
    result = check(folder)
    assert "RW731" not in result.stdout
    assert result.exit_code == 2


def test_properties_of_another_rulebook_are_not_asked(folder: Path) -> None:
    (folder / "properties" / "base.yaml").write_text(
        PROPERTIES.replace("policy: base", "policy: elsewhere"), "utf-8"
    )
    amendment(folder, "odd", "adds:" + LIMIT.format(test="is"))
    assert looked(folder) == Looked()
