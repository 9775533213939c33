"""What an edit adds to what is wrong with a rulebook, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.compiler.mistakes import Added, added, faults_of, lines_written
from rulewright.rulebook.rulebook import Rulebook, read_texts
from rulewright.syntax.errors import Place
from tests.small import OLD, PART, VOCABULARY

NEW = "policy: new\nstatus: proposed\namends: old\n"
NEXT = "policy: next\nstatus: in force\nin force: {from: 2024-01-01}\namends: old\n"


def edited(before: dict[str, str], file: str, after: str) -> tuple[Rulebook, Rulebook, Added]:
    texts = {"vocabulary.yaml": VOCABULARY, "part.yaml": PART, "old.yaml": OLD, **before}
    one, other = read_texts(texts, "r"), read_texts({**texts, file: after}, "r")
    lines = lines_written(texts[file], after)
    return (
        one,
        other,
        added(
            faults_of(one),
            faults_of(other),
            lambda place: place.file == f"r/{file}" and place.line in lines,
        ),
    )


def codes(found: Added) -> list[str]:
    return [each.code for each in found.problems]


USED = "repeals: [pass mark, pass]\nadds:\n  - {rule: a, of: school, note: x, when: %s}\n  - {rule: b, of: school, note: y, when: %s}\n"
USES, FREE = "the points is more than the pass mark", "the points is more than 3"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((USES, USES), (FREE, USES), []),
        ((USES, USES), (FREE, FREE), []),
        ((FREE, USES), (USES, USES), ["RW410"]),
        ((USES, FREE), (FREE, USES), ["RW410"]),
        ((FREE, FREE), (USES, FREE), ["RW410"]),
    ],
)
def test_a_mistake_that_says_less_than_before_is_a_step(
    before: tuple[str, str], after: tuple[str, str], expected: list[str]
) -> None:
    assert (
        codes(edited({"new.yaml": NEW + USED % before}, "new.yaml", NEW + USED % after)[2])
        == expected
    )


WRONG = "- {rule: w%s, of: school, note: x, when: the pints is 3}\n"


def test_the_same_mistake_once_more_is_another() -> None:
    policy = {"new.yaml": NEW + "adds: [more.yaml]"}
    one, two = WRONG % 1, WRONG % 1 + WRONG % 2
    assert codes(edited({**policy, "more.yaml": one}, "more.yaml", two)[2]) == ["RW301"]
    assert codes(edited({**policy, "more.yaml": two}, "more.yaml", one)[2]) == []
    assert codes(edited({**policy, "more.yaml": one}, "more.yaml", f"# moved\n\n{one}")[2]) == []


def test_of_equal_mistakes_the_one_that_was_written_is_reported() -> None:
    policy = {"new.yaml": NEW + "adds: [more.yaml]"}
    found = edited({**policy, "more.yaml": WRONG % 1}, "more.yaml", WRONG % 2 + WRONG % 1)[2]
    assert [each.place for each in found.problems] == [Place("r/more.yaml", 1, 45)]


def test_a_known_mistake_may_not_reach_a_policy_that_could_be_used() -> None:
    policies = {
        "more.yaml": WRONG % 1,
        "new.yaml": NEW + "adds: [more.yaml]",
        "other.yaml": NEW.replace("new", "other"),
    }
    found = edited(policies, "other.yaml", NEW.replace("new", "other") + "adds: [more.yaml]")[2]
    assert codes(found) == ["RW301"]


def test_a_mistake_that_another_one_hid_is_no_new_one_elsewhere() -> None:
    hidden = NEW + "repeals: [pas]\nadds: [more.yaml]\n"
    one, other, found = edited(
        {"more.yaml": WRONG % 1, "new.yaml": hidden}, "new.yaml", hidden.replace("[pas]", "[pass]")
    )
    assert [each.code for each in faults_of(one).problems] == ["RW408"]
    assert [each.code for each in faults_of(other).problems] == ["RW301"]
    assert codes(found) == []


def test_a_mistake_is_not_traded_for_one_on_the_line_that_is_written() -> None:
    text = NEW + "repeals: [pas]\nreplaces: {subject.marked: {then: the grade is the mark}}\n"
    worse = text.replace("[pas]", "[pass]").replace("is the mark", "is the mork")
    assert codes(edited({"new.yaml": text}, "new.yaml", worse)[2]) == ["RW301"]
    assert codes(edited({"new.yaml": text}, "new.yaml", text.replace("[pas]", "[bass]"))[2]) == [
        "RW408"
    ]


def test_a_mistake_in_another_policy_hides_nothing_here() -> None:
    files = {
        "new.yaml": NEW + "repeals: [pas]",
        "more.yaml": "- {rule: n, of: school, note: x}\n",
        "other.yaml": NEW.replace("new", "other") + "repeals: [bans]\nadds: [more.yaml]",
    }
    assert (
        codes(edited(files, "more.yaml", WRONG % 1)[2]) == []
    )  # `other` could not be used, and this was not looked at
    assert codes(
        edited({**files, "new.yaml": NEW + "adds: [more.yaml]"}, "more.yaml", WRONG % 1)[2]
    ) == ["RW301"]


UNREAD = NEW + "publsh: []\n"


def test_what_stands_in_a_file_that_could_not_be_read_was_hidden() -> None:
    assert codes(edited({"new.yaml": UNREAD}, "new.yaml", NEW + "repeals: [pas]")[2]) == [
        "RW408"
    ]  # on a line that was written
    assert (
        codes(
            edited({"new.yaml": UNREAD + "repeals: [pas]\n"}, "new.yaml", NEW + "repeals: [pas]\n")[
                2
            ]
        )
        == []
    )
    assert codes(edited({"new.yaml": NEW}, "new.yaml", UNREAD)[2]) == ["RW120"]
    assert codes(edited({"new.yaml": UNREAD}, "new.yaml", UNREAD + "replcaes: {}\n")[2]) == [
        "RW120"
    ]


def test_an_edit_beside_a_file_that_cannot_be_read_breaks_nothing() -> None:
    files = {"new.yaml": UNREAD, "next.yaml": NEXT}
    assert codes(edited(files, "next.yaml", NEXT + "repeals: [pass]")[2]) == []
    assert codes(edited(files, "next.yaml", NEXT + "repeals: [pas]")[2]) == ["RW408"]
    assert codes(edited(files, "next.yaml", NEXT.replace("2024-01-01", "2024-02-01"))[2]) == [
        "RW412"
    ]


def test_no_meaning_changes_while_seals_cannot_be_read() -> None:
    change, wording = NEW + "repeals: [pass]", NEW + "title: New"
    for seals in (
        "seals: {new: {digest: x}}",
        "seals: {new",
        "seals:\n  new: {digest: sha256:0, reason: x, }, {",
    ):
        files = {"new.yaml": NEW, "seals.yaml": seals}
        found = edited(files, "new.yaml", change)[2]
        assert [each.place.file for each in found.problems] == ["r/seals.yaml"]
        assert codes(edited(files, "new.yaml", wording)[2]) == []
    assert (
        codes(
            edited(
                {"new.yaml": NEW, "next.yaml": UNREAD.replace("new", "next")}, "new.yaml", change
            )[2]
        )
        == []
    )


@pytest.mark.parametrize(
    ("until", "since", "new_until", "new_since", "expected"),
    [
        (None, "2024-01-01", "2024-01-01", "2024-01-01", []),
        (None, "2024-01-01", "2024-06-01", "2024-01-01", []),
        (None, "2024-01-01", "2023-06-01", "2024-01-01", ["RW412"]),
        (None, "2024-01-01", None, "2023-01-01", []),
        (None, "2024-01-01", None, "2024-13-01", ["RW411"]),
        (None, "2024-13-01", None, "2024-01-01", []),
        ("2023-01-01", "2024-13-01", "2023-01-01", "2024-01-01", []),
        ("2023-01-01", "2024-01-01", "2023-06-01", "2024-01-01", []),
        ("2023-01-01", "2024-01-01", "2022-06-01", "2024-01-01", ["RW412"]),
        ("2023-01-01", "2024-01-01", "2025-06-01", "2024-01-01", ["RW413"]),
        ("2024-01-01", "2024-01-01", "2024-01-02", "2024-01-01", ["RW413"]),
        ("2024-01-01", "2024-01-01", "2024-01-01", "2024-01-02", ["RW412"]),
    ],
)
def test_dates(
    until: str | None, since: str, new_until: str | None, new_since: str, expected: list[str]
) -> None:
    def texts(until: str | None, since: str) -> dict[str, str]:
        end = f", until: {until}" if until else ""
        return {
            "old.yaml": OLD.replace(", until: 2024-01-01", end),
            "new.yaml": NEXT.replace("2024-01-01", since),
        }

    before, after = texts(until, since), texts(new_until, new_since)
    file = "old.yaml" if until != new_until else "new.yaml"
    assert codes(edited(before, file, after[file])[2]) == expected


def test_a_third_policy_on_a_crowded_day_is_a_mistake_of_its_own() -> None:
    crowded = {
        "old.yaml": OLD.replace(", until: 2024-01-01", ""),
        "next.yaml": NEXT,
        "third.yaml": NEXT.replace("next", "third"),
    }
    proposed = {**crowded, "third.yaml": crowded["third.yaml"].replace("in force\n", "proposed\n")}
    assert codes(edited(proposed, "third.yaml", crowded["third.yaml"])[2]) == ["RW413"]
    assert codes(edited(crowded, "third.yaml", proposed["third.yaml"])[2]) == []
    assert (
        codes(edited(crowded, "next.yaml", NEXT.replace("in force\n", "proposed\n"))[2]) == []
    )  # `old` and `third` were so before


PIECES = {
    "new.yaml": [
        ["status: proposed", "status: in force", "status: adopted"],
        [
            "in force: {from: 2024-01-01}",
            "in force: {from: 2024-13-01}",
            "in force: {from: 2023-01-01}",
        ],
        ["repeals: [pass]", "repeals: [pas]"],
        [
            "replaces: {subject.marked: {then: the grade is the mark}}",
            "replaces: {subject.marked: {then: the grade is the mork}}",
        ],
        ["parameters: {pass mark: 3}", "parameters: {pass marc: 3}"],
    ],
    "old.yaml": [
        ["status: superseded"],
        [
            "in force: {from: unknown, until: 2024-01-01}",
            "in force: {from: unknown}",
            "in force: {from: unknown, until: soon}",
        ],
        ["publish: [the report of a school]", "publish: [the raport of a school]"],
    ],
}
HEADS = {"new.yaml": "policy: new\namends: old\n", "old.yaml": "policy: old\nparts: [part.yaml]\n"}
choices = {file: st.tuples(*map(st.sampled_from, pieces)) for file, pieces in PIECES.items()}


@given(st.fixed_dictionaries(choices), st.sampled_from(list(PIECES)), st.data())
def test_no_edit_that_is_written_takes_away_what_worked(
    texts: dict[str, tuple[str, ...]], file: str, data: st.DataObject
) -> None:
    def written(pieces: dict[str, tuple[str, ...]]) -> dict[str, str]:
        return {
            name: HEADS[name] + "".join(f"{each}\n" for each in lines)
            for name, lines in pieces.items()
        }

    after = written({**texts, file: data.draw(choices[file])})[file]
    one, other, found = edited(written(texts), file, after)
    before, then = faults_of(one), faults_of(other)
    if not before.problems:
        assert bool(found.problems or found.seals) == bool(then.problems)
    if not then.problems or then.problems == before.problems:
        assert found == Added((), ())
    if not found.problems:
        assert then.digests.keys() >= before.digests.keys()
        assert not then.unread or before.unread
    assert set(found.problems) <= set(then.problems)
