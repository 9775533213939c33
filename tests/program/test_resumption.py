"""What an earlier policy of the chain has repealed goes on under a later one, while conditions on
the case hold.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.amendments.chain import assemble
from rulewright.ir.program import Program
from rulewright.syntax.errors import InputError
from tests.small import CASE, OLD, PART, book, possible, program

NEW = "policy: new\nstatus: proposed\namends: old\n"
NEWER = "policy: newer\nstatus: proposed\namends: new\n"
NEWEST = "policy: newest\nstatus: proposed\namends: newer\n"
WHILE = "the school's kind is secondary"
SECONDARY = {**CASE, "school": {**CASE["school"], "kind": "secondary"}}  # type: ignore[dict-item]
CERTAIN = PART.replace("overrides: [good]", "overrides: [good, fair]").replace(
    "then: good}", "then: good, overrides: [fair]}"
)
CERTAIN = CERTAIN.replace(
    "{rule: fair, otherwise: fair}", "{rule: fair, then: fair}"
)  # a use may then have conditions


def lasts(*targets: str, while_: str = WHILE) -> str:
    return f"transitional: [{{rules: [{', '.join(targets)}], while: {while_}}}]\n"


def later(*texts: str, **files: str) -> Program:
    """The last policy of a chain of amendments with these texts."""
    heads = (NEW, NEWER, NEWEST, "policy: last\nstatus: proposed\namends: newest\n")
    files = {"part_yaml": CERTAIN, **files}
    named = {
        f"p{number}_yaml": head + text
        for number, (head, text) in enumerate(zip(heads, texts, strict=False))
    }
    return program(("new", "newer", "newest", "last")[len(texts) - 1], **named, **files)


def meant(compiled: Program) -> object:
    """All that a program means; its name and chain are left out."""
    return (
        compiled.nodes,
        compiled.notices,
        compiled.vocabulary,
        compiled.parameters,
        compiled.published,
        compiled.scope,
    )


def test_a_rule_that_was_repealed_before_goes_on_while_a_condition_holds() -> None:
    found = later("repeals: [subject.marked]", lasts("subject.marked"))
    assert possible(found, "1a > reading > grade") == ["no value"]
    assert possible(found, "1a > reading > grade", SECONDARY) == ["good"]


@pytest.mark.parametrize("between", [0, 1])
@pytest.mark.parametrize(
    "target",
    [
        "subject.marked",
        "pass",
        "bands",
        "summary.poor",
        "summary.good@class",
        "summary@class",
        "'summary@*'",
        "'summary.poor@*'",
        "'subject.*'",
    ],
)
def test_it_goes_on_as_what_the_policy_repeals_itself(target: str, between: int) -> None:
    """Repealed before, it goes on as if it had been restored in between, and repealed here."""
    line = lasts(
        target,
        while_=WHILE.replace("the school's", "the") if target in ("bands", "pass") else WHILE,
    )
    idle = ["about: nothing"] * between
    assert meant(later(f"repeals: [{target}]", *idle, line)) == meant(
        later(*idle, f"repeals: [{target}]\n{line}")
    )


@pytest.mark.parametrize("before", [False, True])
def test_the_rules_tables_and_uses_of_a_part_go_on(before: bool) -> None:
    files = {
        "old_yaml": OLD.replace("[part.yaml]", "[part.yaml, more.yaml]"),
        "more_yaml": "- {rule: more.a, of: school, note: a}\n- {rule: more.b, of: school, when: the points is 3, note: b}\n",
    }
    cut, line = "repeals: [more.yaml]\n", lasts("more.yaml", while_="the kind is secondary")
    found = later(cut, line, **files) if before else later("about: nothing", cut + line, **files)
    told = {
        each.id: [one.text for one in each.conditions]
        for each in found.rules
        if each.id.startswith("more")
    }
    assert told == {
        "more.a": ["the kind is secondary"],
        "more.b": ["the points is 3", "the kind is secondary"],
    }


@pytest.mark.parametrize(
    ("repealed", "kept"),
    [
        ("summary.poor", "summary.poor@class"),
        ("summary@class", "summary.poor@class"),
        ("'summary.poor@*'", "summary.poor@school"),
        ("'summary.p*'", "'summary.poor@c*'"),
        ("summary.poor", "'summary.p*'"),
    ],
)
def test_a_part_of_what_was_repealed_goes_on(repealed: str, kept: str) -> None:
    line = lasts(kept)
    assert meant(later(f"repeals: [{repealed}]", line)) == meant(
        later(f"repeals: [{repealed}]\n{line}")
    )


def test_a_rule_of_a_use_returns_with_its_use_and_without_the_others() -> None:
    text = "replaces: {summary.poor@class: {then: fair}}"
    cut = "repeals: [summary@class, summary.poor]"
    found = later(text, cut, lasts("summary.poor@class"))
    assert possible(found, "1b > result", SECONDARY) == ["fair"]
    assert (
        possible(found, "1a > result", SECONDARY) == possible(found, "1b > result") == ["no value"]
    )
    assert [each.id for each in found.rules if each.id.startswith("summary.poor")] == [
        "summary.poor@class"
    ]


def test_it_goes_on_as_it_was_when_it_was_repealed() -> None:
    found = later(
        "replaces: {subject.marked: {then: the grade is fair}}",
        "repeals: [subject.marked]",
        lasts("subject.marked"),
    )
    assert possible(found, "1a > reading > grade", SECONDARY) == ["fair"]


def test_the_same_policy_may_change_it() -> None:
    text = "replaces: {subject.marked: {then: the grade is fair}}\n"
    assert possible(
        later("repeals: [subject.marked]", text + lasts("subject.marked")),
        "1a > reading > grade",
        SECONDARY,
    ) == ["fair"]


NAMES = [
    "subject.marked",
    "subject.resit",
    "summary@class",
    "summary@school",
    "summary.poor",
    "summary.good",
    "summary.poor@class",
    "summary.good@class",
    "summary.poor@school",
    "summary.fair@class",
]


def some(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(NAMES), min_size=1, max_size=most, unique=True)


@given(some(4), some(2))
def test_whatever_was_repealed_goes_on_as_if_it_were_restored_and_repealed_here(
    repealed: list[str], kept: list[str]
) -> None:
    """Where a policy may say the one it may say the other, and they mean the same."""
    cut, line = f"repeals: [{', '.join(repealed)}]\n", lasts(*kept)

    def result(*texts: str) -> object:
        try:
            return meant(later(*texts))
        except InputError:
            return None

    if result(cut) is not None and result(cut, f"restores: [{', '.join(repealed)}]") is not None:
        assert result(cut, line) == result("about: nothing", cut + line)


CUT = "repeals: [subject.marked]\n" + lasts(
    "subject.marked", while_="the school's points is at least 70"
)
HIGH = {**CASE, "school": {**CASE["school"], "points": 80}}  # type: ignore[dict-item]


def test_what_went_on_already_goes_on_under_the_conditions_of_the_last_policy_that_says_so() -> (
    None
):
    found = later(CUT, lasts("subject.marked"))
    assert possible(found, "1a > reading > grade", SECONDARY) == ["good"]
    assert possible(found, "1a > reading > grade", HIGH) == ["no value"]
    assert meant(found) == meant(later("repeals: [subject.marked]\n" + lasts("subject.marked")))


def test_what_is_repealed_once_more_and_goes_on_is_narrowed() -> None:
    found = later(CUT, "repeals: [subject.marked]\n" + lasts("subject.marked"))
    assert possible(found, "1a > reading > grade", SECONDARY) == ["no value"]
    both = {**CASE, "school": {**CASE["school"], "kind": "secondary", "points": 80}}  # type: ignore[dict-item]
    assert possible(found, "1a > reading > grade", both) == ["good"]


def test_what_was_changed_while_it_went_on_stays_changed() -> None:
    change = "replaces: {subject.marked: {then: the grade is fair}}"
    assert possible(
        later(CUT, change, lasts("subject.marked")), "1a > reading > grade", SECONDARY
    ) == ["fair"]
    cut = "repeals: [summary.poor]\n" + lasts(
        "summary.poor@class", while_="the school's points is at least 70"
    )
    change = "replaces: {summary.poor@class: {then: excellent}}"
    found = later(cut, change, lasts("summary.poor@class"))
    assert possible(found, "1b > result", SECONDARY) == ["excellent"]
    assert possible(later(cut, change, lasts("summary.poor")), "1b > result", SECONDARY) == [
        "excellent"
    ]
    whole = "repeals: [summary@class]\n" + lasts(
        "summary@class", while_="the school's points is at least 70"
    )
    assert possible(later(whole, change, lasts("summary@class")), "1b > result", SECONDARY) == [
        "excellent"
    ]


def test_what_goes_on_in_one_use_stays_so_when_another_one_joins() -> None:
    cut = "repeals: [summary.poor]\n" + lasts(
        "summary.poor@class", while_="the school's points is at least 70"
    )
    found = later(cut, lasts("summary.poor@school"))
    conditions = {
        each.id: [one.text for one in each.conditions]
        for each in found.rules
        if each.id.startswith("summary.poor")
    }
    assert {name: each[-1] for name, each in conditions.items()} == {
        "summary.poor@class": "the school's points is at least 70",
        "summary.poor@school": "the school's kind is secondary",
    }


def test_two_lines_about_one_rule_both_have_to_hold() -> None:
    lines = lasts("subject.marked").replace(
        "]\n", ", {rules: ['subject.m*'], while: the school's points is at least 70}]\n"
    )
    found = later("repeals: [subject.marked]", lines)
    assert (
        possible(found, "1a > reading > grade", SECONDARY)
        == possible(found, "1a > reading > grade", HIGH)
        == ["no value"]
    )


@pytest.mark.parametrize("restores", ["subject.marked", "'subject.*'"])
def test_a_later_policy_restores_it_whole(restores: str) -> None:
    found = later("repeals: [subject.marked]", lasts("subject.marked"), f"restores: [{restores}]")
    assert meant(found) == meant(later("about: nothing"))


def test_a_later_policy_repeals_it_for_good() -> None:
    found = later("repeals: [subject.marked]", lasts("subject.marked"), "repeals: [subject.marked]")
    assert meant(found) == meant(later("repeals: [subject.marked]"))


def test_a_pattern_stands_for_what_the_policy_repeals_itself_if_it_repeals_any_of_it() -> None:
    own = "repeals: ['subject.r*']\n" + lasts("'subject.*'")
    with pytest.raises(InputError, match=r"`subject\.of-school` is not repealed"):
        later("repeals: [subject.marked]", own)
    own = "repeals: ['subject.*']\n" + lasts("'subject.*'")
    found = later("repeals: [subject.marked]", own)
    assert "subject.marked" not in {each.id for each in found.rules}


def test_what_goes_on_is_on_record() -> None:
    changes = assemble(
        book(
            new_yaml=NEW + "repeals: [bands, 'summary.poor']",
            newer_yaml=NEWER + lasts("bands", "'*.poor'"),
        ),
        "newer",
    ).changes
    assert [
        (each.action, each.target, each.expanded) for each in changes if each.policy == "newer"
    ] == [("resumes", "bands", ("bands",)), ("resumes", "*.poor", ("summary.poor",))]


def refused(*texts: str, **files: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        later(*texts, **files)
    assert all(each.place.file.startswith("rulebook/p") for each in caught.value.problems)
    return [re.sub(r"^.*? ", "", str(each)) for each in caught.value.problems]


def test_a_rule_in_force_does_not_go_on() -> None:
    assert refused("repeals: [pass]", lasts("bands")) == [
        "RW407 `bands` is not repealed, so there is nothing to go on; "
        f"repeal it and add its successor, with `unless: {WHILE}`"
    ]
    again = "adds: [{rule: pass, of: school, note: once more}]"
    assert refused("repeals: [pass]", again, lasts("pass"))[0].startswith(
        "RW407 `pass` is not repealed"
    )
    assert refused("repeals: [pass]", "restores: [pass]", lasts("pass"))[0].startswith(
        "RW407 `pass` is not repealed"
    )
    written = "replaces: {summary: {rules: [{rule: poor, when: at least 1 of the grades is poor, then: poor}]}}"
    assert refused("repeals: [summary.poor]", written, lasts("summary.poor"))[0].startswith(
        "RW407 `summary.poor` is not repealed"
    )


def test_what_never_was_does_not_go_on() -> None:
    assert refused("repeals: [pass]", lasts("pas")) == [
        "RW407 there is no rule `pas` to keep; did you mean `pass`?"
    ]
    assert refused("repeals: ['bands[fair]']", lasts("'bands[fair]'"))[0].startswith(
        "RW407 there is no rule `bands[fair]` to keep; a row goes"
    )


def test_what_is_restored_does_not_go_on() -> None:
    assert refused(
        "repeals: [pass]", "restores: [pass]\n" + lasts("pass", while_="the kind is secondary")
    ) == ["RW407 `pass` is restored, so there is nothing to go on; name it in one of the two"]


LAWS = "documents:\n" + "".join(
    f"  {each}: {{title: t, publisher: p, date: 2024-01-01, seen: in part}}\n"
    for each in ("law", "decree")
)
RESTS = CERTAIN.replace(
    "then: the grade is the mark}",
    "then: the grade is the mark, source: {document: law}, interpretation: marks}",
)
RESTS += "- {interpretation: marks, assumed: a, because: b}\n"


@pytest.mark.parametrize(
    ("repealed", "kept", "missing"),
    [
        ("pass, pass mark", "pass", ["pass mark"]),
        ("summary, 'summary@*'", "summary@class", ["summary"]),
        ("summary, 'summary@*'", "summary.poor@class", ["summary"]),
        ("subject.marked, law, marks", "subject.marked", ["law", "marks"]),
        ("subject.resit, subject > resit", "subject.resit", ["subject > resit"]),
    ],
)
def test_what_it_needs_is_named_where_that_was_repealed_too(
    repealed: str, kept: str, missing: list[str]
) -> None:
    texts = (
        f"repeals: [{repealed}]",
        lasts(kept).replace("the school's", "the" if kept == "pass" else "the school's"),
    )
    files = {"part_yaml": RESTS, "sources_yaml": LAWS}
    said = "RW407 `{0}` cannot go on without `{1}`, which `new` has repealed; restore it: `restores: [{1}]`"
    assert refused(*texts, **files) == [said.format(kept, each) for each in missing]
    found = later(texts[0], f"restores: [{', '.join(missing)}]\n{texts[1]}", **files)
    assert any(
        each.id.split("@")[0].startswith(kept.split("@", maxsplit=1)[0]) for each in found.rules
    )


def test_an_interpretation_that_another_rule_holds_is_named_with_that_rule() -> None:
    part = CERTAIN.replace(
        "then: the grade is the mark}",
        "then: the grade is the mark, interpretation: {id: one, assumed: a, because: b}}",
    )
    part = part.replace(
        "overrides: [subject.marked]}", "overrides: [subject.marked], interpretation: one}"
    )
    texts = "repeals: [subject.marked, subject.resit]", lasts("subject.resit")
    assert refused(*texts, part_yaml=part) == [
        "RW407 `subject.resit` cannot go on without the interpretation `one`, which is written out in `subject.marked`, and that is repealed; "
        "restore `subject.marked`, or add the interpretation"
    ]
    added = "adds: [{interpretation: one, assumed: a, because: b}]\n"
    assert later(texts[0], added + texts[1], part_yaml=part).interpretations.keys() == {"one"}


def test_an_override_of_what_goes_on_holds() -> None:
    classes = [{"name": "1a", "subjects": {"reading": {"mark": "good", "resit": "poor"}}}]
    resits = {**SECONDARY, "school": {**SECONDARY["school"], "classes": classes}}  # type: ignore[dict-item]
    found = later("repeals: [subject.marked]", lasts("subject.marked"))
    assert possible(found, "1a > reading > grade", resits) == ["poor"]
    assert found.lapsed == ()
