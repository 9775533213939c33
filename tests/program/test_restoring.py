"""What a policy repealed, a later one brings back as it was; what it withdrew, a later one
publishes again.
"""

from __future__ import annotations

import pytest

from rulewright.amendments.chain import assemble
from rulewright.syntax.errors import InputError
from tests.small import CASE, PART, book, possible, program

NEW = "policy: new\nstatus: proposed\namends: old\n"
NEWER = "policy: newer\nstatus: proposed\namends: new\n"
NEWEST = "policy: newest\nstatus: proposed\namends: newer\n"


def restored(repeals: str, restores: str, between: str = "", **more: str):  # type: ignore[no-untyped-def]
    return program(
        "newest",
        new_yaml=NEW + repeals,
        newer_yaml=NEWER + between,
        newest_yaml=NEWEST + restores,
        **more,
    )


@pytest.mark.parametrize(
    "target",
    [
        "subject.marked",
        "pass",
        "bands",
        "'bands[fair]'",
        "'bands[*o*]'",
        "summary.poor",
        "summary.good@class",
        "summary@class",
        "'summary@*'",
        "part.yaml",
        "subject.*",
        "subject > sums",
    ],
)
def test_what_is_restored_is_as_if_it_had_never_been_repealed(target: str) -> None:
    before = program(
        old_yaml="policy: newest\nstatus: proposed\nparts: [part.yaml]\n", policy="newest"
    )
    after = restored(f"repeals: [{target}]", f"restores: [{target}]")
    assert after.nodes == before.nodes
    assert after.notices == before.notices
    assert after.vocabulary == before.vocabulary
    assert after.parameters == before.parameters
    assert after.digest != restored(f"repeals: [{target}]", "").digest


@pytest.mark.parametrize("policy", ["new", "newer"])
def test_a_principle_returns_with_its_uses_and_a_parameter_with_its_value(policy: str) -> None:
    cut = "parameters: {pass mark: 70}\n"
    gone = "repeals: [summary, 'summary@*', pass mark, pass]"
    back = "restores: [summary, 'summary@*', pass mark, pass]"
    files = {"new_yaml": NEW + cut, "newer_yaml": NEWER + gone, "newest_yaml": NEWEST + back}
    assert program("newest", **files).parameters["pass mark"].at(738_000) == 70
    assert program("newest", **files).nodes == program("new", **files).nodes
    assert "pass mark" not in program("newer", **files).parameters


def test_an_entry_returns_as_it_was_when_it_was_repealed() -> None:
    files = {
        "new_yaml": NEW
        + "replaces: {summary.poor@class: {then: fair}, subject.marked: {then: the grade is fair}}",
        "newer_yaml": NEWER + "repeals: [summary@class, subject.marked]",
        "newest_yaml": NEWEST + "restores: [summary@class, subject.marked]",
    }
    assert program("newest", **files).nodes == program("new", **files).nodes


def test_restoring_comes_after_repeals_and_before_replacements() -> None:
    text = "replaces: {'bands[fair]': 50..60, 'bands[good]': 61..89}\nrestores: ['bands[fair]']\nrepeals: ['bands[poor]']"
    after = restored("repeals: ['bands[fair]']", text)
    assert possible(after, "banded") == ["good"]
    low = {**CASE, "school": {**CASE["school"], "points": 20}}  # type: ignore[dict-item]
    assert possible(after, "banded", low) == ["no value"]


def test_a_rule_that_goes_on_in_part_returns_whole() -> None:
    cut = "repeals: [subject.marked]\ntransitional: [{rules: [subject.marked], while: the school's kind is secondary}]"
    assert possible(restored(cut, ""), "1a > reading > grade") == ["no value"]
    assert possible(restored(cut, "restores: [subject.marked]"), "1a > reading > grade") == ["good"]


def test_rows_and_members_return_to_their_places_in_whatever_order() -> None:
    first = PART.replace(
        "rows: {poor: up to 49, fair: 50..69, good: 70..89, excellent: 90 or more}",
        "hit: first\n  rows: {poor: up to 49, fair: up to 69, good: up to 89, excellent: '-'}",
    )
    cut = "repeals: ['bands[fair]', 'bands[good]', subject > reading, subject > writing]"
    for one, other in (("fair", "good"), ("good", "fair")):
        after = restored(
            cut,
            f"restores: ['bands[{other}]', subject > writing]",
            f"restores: ['bands[{one}]', subject > reading]",
            part_yaml=first,
        )
        assert possible(after, "banded") == ["fair"]
        assert after.vocabulary.entities["subject"].members == ("reading", "writing", "sums")


def test_what_was_added_anew_under_a_repealed_name_stays() -> None:
    again = "adds: [{rule: pass, of: school, note: always}]"
    with pytest.raises(InputError, match="`pass` is there, and was not repealed"):
        restored("repeals: [pass]", "restores: [pass]", again)


def test_an_override_of_a_restored_rule_holds_again() -> None:
    assert restored("repeals: [subject.marked]", "").lapsed == (
        "subject.resit no longer overrides subject.marked",
    )
    assert restored("repeals: [subject.marked]", "restores: [subject.marked]").lapsed == ()


def test_what_is_restored_is_on_record() -> None:
    found = assemble(
        book(
            new_yaml=NEW + "repeals: [bands, subject.*]", newer_yaml=NEWER + "restores: [subject.*]"
        ),
        "newer",
    )
    changes = [(each.policy, each.action, each.target, each.expanded) for each in found.changes]
    assert changes[-1] == (
        "newer",
        "restores",
        "subject.*",
        ("subject.marked", "subject.resit", "subject.of-school"),
    )


# -- publishing again

PUBLISHED = "policy: old\nstatus: proposed\nparts: [part.yaml]\npublish: [the result of a class, the grade of a subject of a class]\n"


def shown(*texts: str, old: str = PUBLISHED) -> tuple[set[str], set[str]]:
    """The kinds of entity of which the grade or result is published, and those of which it is
    withdrawn.
    """
    policies = dict(
        zip(
            ("new_yaml", "newer_yaml", "newest_yaml"),
            map("".join, zip((NEW, NEWER, NEWEST), texts, strict=False)),
            strict=False,
        )
    )
    last = ("new", "newer", "newest")[len(texts) - 1]
    compiled = program(last, old_yaml=old, **policies)
    withdrawn = {kind.member or kind.entity for each in compiled.withdrawals for kind in each.kinds}
    return {node.member or node.entity for node in compiled.published} - withdrawn, withdrawn


def test_publishing_again_lifts_a_withdrawal() -> None:
    cut = "withdraw: [the grade of a subject of a class, the result of a class]"
    assert shown(cut) == (set(), {"reading", "writing", "sums", "class"})
    assert shown(cut, "publish: [the result of a class]") == (
        {"class"},
        {"reading", "writing", "sums"},
    )


def test_a_withdrawal_is_lifted_for_the_kinds_that_are_named() -> None:
    cut = "withdraw: [the grade of a subject of a class]"
    again = "publish: ['the grade of a subject of a class, only reading']"
    assert shown(cut, again) == ({"class", "reading"}, {"writing", "sums"})


def test_one_policy_may_withdraw_a_part_of_what_it_publishes() -> None:
    both = "publish: [the grade of a subject of a class]\nwithdraw: ['the grade of a subject of a class, only reading']"
    assert shown(both) == ({"class", "writing", "sums"}, {"reading"})


def test_the_last_statement_of_the_chain_holds() -> None:
    cut, again = "withdraw: [the result of a class]", "publish: [the result of a class]"
    assert shown(cut, again, cut)[1] == {"class"}
    assert shown(cut, again, "about: nothing more")[1] == set()
    later = "withdraw: {the result of a class: {once: the school's points is 3}}"
    compiled = program("newer", old_yaml=PUBLISHED, new_yaml=NEW + cut, newer_yaml=NEWER + later)
    assert [each.policy for each in compiled.withdrawals] == ["newer"]


def test_where_everything_is_published_publishing_again_takes_nothing_away() -> None:
    everything = PUBLISHED.partition("publish")[0]
    before = program(old_yaml=everything).published
    after = program(
        "newer",
        old_yaml=everything,
        new_yaml=NEW + "withdraw: [the result of a class]",
        newer_yaml=NEWER + "publish: [the result of a class]",
    )
    assert after.published == before
    assert after.withdrawals == ()


def test_an_entity_type_goes_with_what_lies_below_others_and_returns() -> None:
    users = "repeals: [subjects, subject.marked, subject.resit, subject.of-school, 'summary@class', 'summary@school']"
    without = program("new", new_yaml=NEW + users)
    assert "subject" not in without.vocabulary.entities
    assert without.vocabulary.entities["class"].fixed_below == ()
    back = users.replace("repeals", "restores").replace("subjects,", "subject,")
    later = program("newer", new_yaml=NEW + users, newer_yaml=NEWER + back)
    assert later.digest == program("newer", new_yaml=NEW, newer_yaml=NEWER).digest
