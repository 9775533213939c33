"""An amendment changes exactly what it names, in every form it may take."""

from __future__ import annotations

import re

import pytest

from rulewright.amendments.chain import assemble
from rulewright.syntax.errors import InputError
from tests.small import CASE, OLD, PART, VOCABULARY, book, possible, program

NEW = "policy: new\nstatus: proposed\namends: old\n"


def amended(text: str, **more: str):  # type: ignore[no-untyped-def]
    return program("new", new_yaml=NEW + text, **more)


@pytest.mark.parametrize(
    ("amendment", "path", "before", "after"),
    [
        ("replaces: {'bands[fair]': 50..60, 'bands[good]': 61..89}", "banded", ["fair"], ["good"]),
        ("replaces: {'bands[fair]': {then: good}}", "banded", ["fair"], None),
        (
            "replaces: {subject.marked: {then: the grade is not graded}}",
            "1a > reading > grade",
            ["good"],
            ["not graded"],
        ),
        ("repeals: [subject.marked]", "1a > reading > grade", ["good"], ["no value"]),
        ("replaces: {summary.poor: {then: fair}}", "1b > result", ["poor"], ["fair"]),
        ("repeals: [summary.good]", "2a > result", ["good"], ["fair"]),
        ("repeals: [summary.good@class]", "2a > result", ["good"], ["fair"]),
        ("repeals: [summary.good@school]", "2a > result", ["good"], ["good"]),
        ("replaces: {summary.poor@class: {then: fair}}", "1b > result", ["poor"], ["fair"]),
        (
            "replaces: {summary@school: {grades: the result of the classes where small is yes}}",
            "report",
            ["good"],
            ["fair"],
        ),
        ("repeals: ['summary@*']", "report", ["good"], ["no value"]),
        (
            "replaces: {summary: {let: {needed: {table: {rows: {1: up to 3, 2: 4 or more}}}}}}",
            "1a > result",
            ["good"],
            ["poor"],
        ),
        ("repeals: ['bands[fair]']", "banded", ["fair"], ["no value"]),
        ("repeals: ['bands[f*]']", "banded", ["fair"], ["no value"]),
        ("repeals: [bands]", "banded", ["fair"], ["no value"]),
        ("repeals: [part.yaml]", "banded", ["fair"], ["no value"]),
        (
            "adds: [{rule: best, of: school, then: the banded is excellent, overrides: [bands]}]",
            "banded",
            ["fair"],
            ["excellent"],
        ),
        ("repeals: [subject > sums]", "1a > result", ["good"], ["good"]),
    ],
)
def test_an_amendment_does_what_it_says(
    amendment: str, path: str, before: list[str], after: list[str] | None
) -> None:
    case = {**CASE, "school": {**CASE["school"]}}  # type: ignore[dict-item]
    assert possible(program(), path) == before
    if after is None:
        with pytest.raises(InputError):
            amended(amendment)
        return
    if "sums" in amendment:
        classes = [
            {**c, "subjects": {k: v for k, v in c["subjects"].items() if k != "sums"}}
            for c in case["school"]["classes"]
        ]  # type: ignore[index]
        case["school"] = {**case["school"], "classes": classes}  # type: ignore[dict-item]
    assert possible(amended(amendment), path, case) == after


def test_a_part_is_added_by_its_name() -> None:
    extra = "- {rule: best, of: school, then: the banded is excellent, overrides: [bands]}"
    assert possible(amended("adds: [extra.yaml]", extra_yaml=extra), "banded") == ["excellent"]


def test_a_parameter_is_set_by_policy_or_replaced() -> None:
    for text in (
        "parameters: {pass mark: 70}",
        "replaces: {pass mark: 70}",
        "replaces: {pass mark: {values: {2020-01-01: 70}}}",
    ):
        assert amended(text).parameters["pass mark"].at(738_000) == 70


def test_a_member_is_added_after_another() -> None:
    new = amended("adds: [{member: drawing, of: subject, after: writing}]")
    assert new.vocabulary.entities["subject"].members == ("reading", "writing", "drawing", "sums")


def test_an_attribute_gets_another_default() -> None:
    new = amended("replaces: {class > small: {unless stated: yes}}")
    assert possible(new, "report") == ["fair"]
    assert new.vocabulary.entities["class"].attributes["small"].default is True


def test_the_digest_follows_the_meaning_and_nothing_else() -> None:
    digest = program().digest
    commented = program(
        part_yaml="# a comment\n"
        + __import__("tests.small", fromlist=["PART"]).PART.replace("up to 49", "at most 49")
    )
    assert commented.digest == digest
    assert (
        program(
            "new", new_yaml=NEW + "replaces: {'bands[fair]': 50..68, 'bands[good]': 69..89}"
        ).digest
        != digest
    )


def test_transitional_rules_go_on_while_a_condition_holds() -> None:
    text = "repeals: [subject.marked]\ntransitional: [{rules: [subject.marked], while: the school's kind is primary}]"
    assert possible(amended(text), "1a > reading > grade") == ["good"]
    secondary = {**CASE, "school": {**CASE["school"], "kind": "secondary"}}  # type: ignore[dict-item]
    assert possible(amended(text), "1a > reading > grade", secondary) == ["no value"]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ("[the school's kind is primary, the school's points is at least 90]", "no value"),
        ("[the school's kind is primary, the school's points is at least 50]", "good"),
        ("{any of: [the school's kind is secondary, the school's points is at least 50]}", "good"),
        (
            "[{none of: [the school's kind is primary, {all of: [the school's points is at least 50]}]}]",
            "no value",
        ),
    ],
)
def test_transitional_rules_go_on_while_conditions_hold(conditions: str, expected: str) -> None:
    text = f"repeals: [subject.marked]\ntransitional: [{{rules: [subject.marked], while: {conditions}}}]"
    assert possible(amended(text), "1a > reading > grade") == [expected]


@pytest.mark.parametrize(
    ("repealed", "kept", "in_classes", "in_school"),
    [
        ("summary.poor", "summary.poor", "for a while", "for a while"),
        ("summary.poor@class", "summary.poor@class", "for a while", "as before"),
        ("summary.poor", "summary.poor@class", "for a while", "gone"),
        ("summary@class", "summary.poor@class", "for a while", "as before"),
        ("'summary.poor@*'", "'summary.poor@*'", "for a while", "for a while"),
        ("'summary.poor@*'", "summary.poor@school", "gone", "for a while"),
    ],
)
def test_one_rule_of_a_principle_or_of_a_use_goes_on(
    repealed: str, kept: str, in_classes: str, in_school: str
) -> None:
    text = (
        f"repeals: [{repealed}]\ntransitional: [{{rules: [{kept}], while: %s kind is secondary}}]"
    )
    compiled = amended(text % "the school's")
    rules = {rule.id: rule for node in compiled.nodes for rule in node.rules}

    def fate(name: str) -> str:
        words = [condition.text for condition in rules[name].conditions] if name in rules else None
        return (
            "gone"
            if words is None
            else "for a while"
            if any("secondary" in each for each in words)
            else "as before"
        )

    assert (fate("summary.poor@class"), fate("summary.poor@school")) == (in_classes, in_school)
    assert [
        change.action
        for change in assemble(book(new_yaml=NEW + text % "the school's"), "new").changes
    ] == ["keeps", "repeals"]


def test_of_a_repealed_use_only_the_rule_goes_on_that_is_named() -> None:
    text = "repeals: [summary@class]\ntransitional: [{rules: [summary.poor@class], while: the school's kind is primary}]"
    assert possible(amended(text), "1b > result") == ["poor"]
    assert possible(amended(text), "1a > result") == ["no value"]


@pytest.mark.parametrize("repealed", ["summary.poor", "summary.poor@class", "summary@class"])
def test_what_goes_on_in_one_use_returns_whole(repealed: str) -> None:
    cut = f"repeals: [{repealed}]\ntransitional: [{{rules: [summary.poor@class], while: the school's kind is secondary}}]"
    later = program("newer", new_yaml=NEW + cut, newer_yaml=NEWER + f"restores: [{repealed}]")
    assert later.digest == program("newer", new_yaml=NEW, newer_yaml=NEWER).digest


def test_an_override_of_a_repealed_rule_lapses() -> None:
    assert amended("repeals: [subject.marked]").lapsed == (
        "subject.resit no longer overrides subject.marked",
    )


def test_a_policy_keeps_what_it_amends_unchanged() -> None:
    first = program().digest
    amended("repeals: [bands]")
    assert program().digest == first


NEWER = "policy: newer\nstatus: proposed\namends: new\n"


@pytest.mark.parametrize(
    ("first", "second", "path", "after"),
    [
        (
            "replaces: {summary.poor@class: {then: fair}}",
            "replaces: {summary.poor@class: {about: again}}",
            "1b > result",
            ["fair"],
        ),
        (
            "replaces: {summary.poor@class: {then: fair}}",
            "repeals: [summary@class]\nadds: [{use: summary@class, of: class, grades: the grade of the subjects, then: the result}]",
            "1b > result",
            ["poor"],
        ),
        ("repeals: ['bands[fair]']", "replaces: {'bands[good]': 50..89}", "banded", ["good"]),
    ],
)
def test_an_amendment_of_an_amendment_keeps_what_it_does_not_name(
    first: str, second: str, path: str, after: list[str]
) -> None:
    compiled = program("newer", new_yaml=NEW + first, newer_yaml=NEWER + second)
    assert possible(compiled, path) == after


def test_a_later_value_of_a_parameter_wins() -> None:
    compiled = program(
        "newer",
        new_yaml=NEW + "parameters: {pass mark: 70}",
        newer_yaml=NEWER + "replaces: {pass mark: 80}",
    )
    assert compiled.parameters["pass mark"].at(738_000) == 80


def test_one_use_is_changed_on_top_of_all_uses_in_whatever_order_they_are_written() -> None:
    both = ["summary.poor: {then: fair}", "summary.poor@class: {then: excellent}"]
    for order in (both, both[::-1]):
        assert possible(amended(f"replaces: {{{', '.join(order)}}}"), "1b > result") == [
            "excellent"
        ]


def test_a_pattern_reaches_rules_and_rules_of_principles_alike() -> None:
    extra = "- {rule: summary.extra, of: school, then: the banded is excellent, overrides: [bands]}"
    compiled = amended(
        "repeals: ['summary.*']\nadds: [{rule: new, of: class, then: the result is excellent}]",
        old_yaml=OLD.replace("[part.yaml]", "[part.yaml, extra.yaml]"),
        extra_yaml=extra,
    )
    assert possible(compiled, "banded") == ["fair"]
    assert possible(compiled, "1b > result") == ["excellent"]


def test_a_transitional_condition_outlives_a_replaced_when() -> None:
    text = (
        "repeals: [subject.marked]\nreplaces: {subject.marked: {when: the mark is poor or better}}\n"
        "transitional: [{rules: [subject.marked], while: the school's kind is secondary}]"
    )
    assert possible(amended(text), "1a > reading > grade") == ["no value"]


def test_a_transitional_condition_outlives_what_a_later_policy_replaces() -> None:
    first = "repeals: [subject.marked]\ntransitional: [{rules: [subject.marked], while: the school's kind is secondary}]"
    second = "replaces: {subject.marked: {when: the mark is poor or better}}"
    later = program("newer", new_yaml=NEW + first, newer_yaml=NEWER + second)
    assert possible(later, "1a > reading > grade") == ["no value"]
    secondary = {**CASE, "school": {**CASE["school"], "kind": "secondary"}}  # type: ignore[dict-item]
    assert possible(later, "1a > reading > grade", secondary) == ["good"]


MARKED = "- {rule: subject.marked, of: subject of a class, then: the grade is the mark}"
RESTS = """- rule: subject.marked
  of: subject of a class
  then: the grade is the mark
  source: {document: law, section: first, note: old}
  interpretation: {id: one, assumed: a, because: b, mark: reported, other readings: {x: {repeals: [subject.resit]}}}
"""
LAWS = "documents:\n" + "".join(
    f"  {each}: {{title: t, publisher: p, date: 2024-01-01, seen: in part}}\n"
    for each in ("law", "decree")
)


def resting(change: str):  # type: ignore[no-untyped-def]
    compiled = amended(
        f"replaces: {{subject.marked: {{{change}}}}}",
        part_yaml=PART.replace(MARKED, RESTS),
        sources_yaml=LAWS,
    )
    rule = next(each for each in compiled.rules if each.id == "subject.marked")
    return compiled, rule


def test_another_interpretation_replaces_the_whole_of_the_old_one() -> None:
    compiled, rule = resting("interpretation: {id: two, assumed: c, because: d}")
    assert rule.interpretations == ("two",)
    assert compiled.interpretations["two"].mark == ""
    assert compiled.interpretations["two"].readings == ()
    assert list(compiled.interpretations) == ["two"]


def test_fields_of_the_same_interpretation_are_merged_and_null_takes_it_away() -> None:
    compiled, rule = resting("interpretation: {because: d}")
    assert (compiled.interpretations["one"].because, compiled.interpretations["one"].mark) == (
        "d",
        "reported",
    )
    assert rule.interpretations == ("one",)
    compiled, rule = resting("interpretation: null")
    assert (rule.interpretations, compiled.interpretations) == ((), {})


def test_another_source_replaces_the_whole_of_the_old_one() -> None:
    cited = resting("source: {document: decree}")[1].citations[0]
    assert (cited.document, cited.section, cited.note) == ("decree", "", "")
    cited = resting("source: {section: second}")[1].citations[0]
    assert (cited.document, cited.section, cited.note) == ("law", "second", "old")
    assert resting("source: null")[1].citations == ()


def test_rows_may_meet_outside_the_declared_range_and_then_conflict_stays_possible() -> None:
    part = (
        "- {rule: share, of: school, then: the share is the points * 2}\n"
        "- {table: t, of: school, input: the share, then: the banded, rows: {poor: 'one of 1, 2, 120', good: 3 or more}}\n"
    )
    case = {"case": "c", "school": {"kind": "primary", "points": "unknown"}}
    assert "conflict" in possible(program(part_yaml=part), "banded", case)


def test_policies_of_like_names_are_kept_apart(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from rulewright.workbench import Rules
    from tests.small import VOCABULARY

    folder = tmp_path / "rules"
    folder.mkdir()
    texts = {
        "v.yaml": VOCABULARY,
        "part.yaml": PART,
        "old.yaml": OLD,
        "a.yaml": NEW.replace("new", "x 1"),
        "b.yaml": NEW.replace("new", "x-1") + "repeals: [bands]",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(tmp_path / "cache"))
    assert Rules(folder).program("x 1").policy == "x 1"
    assert Rules(folder).program("x-1").policy == "x-1"


ENTRIES = re.split(r"\n(?=- )", PART.strip())
NAMES = [
    "pass mark",
    "summary",
    "summary@class",
    "summary@school",
    "subject.marked",
    "subject.resit",
    "subject.of-school",
    "bands",
    "pass",
]


@pytest.mark.parametrize("index", range(len(NAMES)), ids=NAMES)
def test_a_repeal_equals_a_policy_written_without_the_entry(index: int) -> None:
    gone = [NAMES[index]] + {
        "pass mark": ["pass"],
        "summary": ["summary@class", "summary@school"],
    }.get(NAMES[index], [])
    left = [entry for name, entry in zip(NAMES, ENTRIES, strict=True) if name not in gone]
    without = "\n".join(left).replace(
        ", overrides: [subject.marked]",
        "" if "subject.marked" in gone else ", overrides: [subject.marked]",
    )
    one, other = amended(f"repeals: [{', '.join(gone)}]"), program(part_yaml=without + "\n")
    assert one.nodes == other.nodes
    assert one.notices == other.notices
    assert one.parameters == other.parameters


def test_a_replacement_equals_a_rule_written_so_in_the_first_place() -> None:
    changed = PART.replace(
        "then: the grade is the mark}",
        "when: the mark is fair or better, then: the grade is the mark}",
    )
    assert (
        amended("replaces: {subject.marked: {when: the mark is fair or better}}").nodes
        == program(part_yaml=changed).nodes
    )


TWICE = [
    ("'bands[poor]': up to 30", "bands: {rows: {poor: up to 31}}", "`bands[poor]`"),
    ("'bands[p*]': up to 30", "'bands[Poor]': up to 31", "`bands[poor]`"),
    (
        "summary.poor: {then: fair}",
        "summary: {rules: [{rule: poor, then: good}]}",
        "`then` of `summary.poor`",
    ),
    (
        "'summary.needed[1]': up to 3",
        "summary: {let: {needed: {table: {rows: {1: up to 4}}}}}",
        "`summary.needed[1]`",
    ),
    ("summary.poor: {then: fair}", "'summary.*': {then: good}", "`then` of `summary.poor`"),
    (
        "summary.poor@class: {then: fair}",
        "'summary.p*@class': {then: good}",
        "`then` of `summary.poor@class`",
    ),
    ("pass mark: 40", "'pass m*': {value: 50}", "`value` of `pass mark`"),
]


@pytest.mark.parametrize(
    ("one", "other", "shown"), TWICE, ids=[f"{one} and {other}" for one, other, _ in TWICE]
)
def test_one_thing_is_not_replaced_twice_in_whatever_order(
    one: str, other: str, shown: str
) -> None:
    for first, second in ((one, other), (other, one)):
        with pytest.raises(InputError) as caught:
            amended(f"replaces:\n  {first}\n  {second}\n")
        told = [each for each in caught.value.problems if each.code == "RW419"]
        assert [each.message.split(" is replaced twice")[0] for each in told] == [shown]
        assert "new.yaml:5:" in told[0].message
        assert told[0].place.line == 6


@pytest.mark.parametrize(
    "entries",
    [
        ["'bands[fair]': 50..60", "bands: {about: in bands, rows: {good: 61..89}}"],
        ["'bands[g*]': 75..89", "bands: {rows: {fair: 50..65, gone: 66..74}}"],
        [
            "summary.poor: {then: fair}",
            "'summary.*': {about: a rule}",
            "summary: {about: all of it}",
            "summary.poor@class: {then: good}",
        ],
        ["subject.marked: {when: the mark is fair or better}", "'subject.*': {about: a grade}"],
        [
            "bands: {rows: {great: 95 or more}}",
            "'b*': {rows: {fine: 92..94}}",
            "'bands[excellent]': 90..91",
        ],
    ],
)
def test_replacements_of_other_fields_stand_in_any_order(entries: list[str]) -> None:
    wider = {
        "vocabulary_yaml": VOCABULARY.replace(
            "good, excellent]", "gone, good, excellent, fine, great]"
        )
    }
    there, back = (
        amended("replaces:\n  " + "\n  ".join(order) + "\n", **wider)
        for order in (entries, entries[::-1])
    )
    assert [node.rules for node in there.nodes] == [
        node.rules for node in back.nodes
    ] or there.digest == back.digest
    assert there.digest == back.digest != program(**wider).digest


@pytest.mark.parametrize(
    ("content", "type_", "default"),
    [
        ("{unless stated: yes}", "yes/no", True),
        ("{yes/no, unless stated: yes}", "yes/no", True),
        ("{type: yes/no}", "yes/no", False),
        ("{grade, unless stated: good}", "grade", "good"),
        ("{whole number: 1..3, unless stated: 2}", "whole number 1..3", 2),
    ],
)
def test_an_attribute_is_declared_otherwise_in_its_short_or_long_form(
    content: str, type_: str, default: object
) -> None:
    part = "- {rule: r, of: class, then: the result is good}\n"
    small = (
        amended(f"replaces: {{class > small: {content}}}", part_yaml=part)
        .vocabulary.entities["class"]
        .attributes["small"]
    )
    assert (small.type.describe(), small.default) == (type_, default)


def test_a_short_declaration_keeps_its_type() -> None:
    mark = (
        amended("replaces: {subject > mark: {unless stated: not graded}}")
        .vocabulary.entities["subject"]
        .attributes["mark"]
    )
    assert (mark.type.describe(), mark.default) == ("grade", "not graded")


def test_a_parameter_of_which_something_else_is_replaced_keeps_the_value_that_a_policy_set() -> (
    None
):
    compiled = program(
        "newer",
        new_yaml=NEW + "parameters: {pass mark: 70}",
        newer_yaml=NEWER + "replaces: {pass mark: {about: again}}",
    )
    assert compiled.parameters["pass mark"].at(738_000) == 70


def test_an_interpretation_inside_a_rule_of_a_principle_is_replaced_by_its_id() -> None:
    own = "interpretation: {id: two-are-enough, assumed: two, because: usual, other readings: {three: {repeals: [bands]}}}"
    part = PART.replace("then: poor, overrides: [good]}", f"then: poor, overrides: [good], {own}}}")
    first = "replaces: {two-are-enough: {assumed: three, other readings: {three: null, all: {repeals: [bands]}}}}"
    changed = amended(first, part_yaml=part).interpretations["two-are-enough"]
    assert (changed.assumed, changed.because, [each.name for each in changed.readings]) == (
        "three",
        "usual",
        ["all"],
    )
    again = program(
        "newer",
        part_yaml=part,
        new_yaml=NEW + first,
        newer_yaml=NEWER + "replaces: {two-are-enough: {assumed: four}}",
    )
    assert again.interpretations["two-are-enough"].assumed == "four"
