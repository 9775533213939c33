"""Recorded cases under today's rulebook, in three piles; stored programs beside the seals."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.amendments.seals import Sealing, write_seal
from rulewright.cli import group
from rulewright.compiler.compiler import compile_policy
from rulewright.ledger import Ledger, clock
from rulewright.ledger.recheck import recheck, recheck_programs
from rulewright.schemas import schemas
from rulewright.syntax.errors import EngineError
from rulewright.workbench import Rules, case_from, cases
from tests import records

ROOT = Path(__file__).parents[2]
POLICY = "policy: {}\nstatus: {}\nin force: {{from: {}}}\nparts: [part.yaml]\npublish: [the result of a thing]\n"
CONFLICT = (
    records.PART
    + "- {rule: high, of: thing, when: the score is more than 8, then: the result is good}\n"
    "- {rule: top, of: thing, when: the score is more than 9, then: the result is fair}\n"
)


@pytest.fixture(autouse=True)
def _at_a_time_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", records.ticking())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rulebook of one policy in force, in `rules`."""
    (tmp_path / "rules").mkdir()
    write(
        tmp_path,
        v=records.VOCABULARY,
        part=records.PART,
        p=POLICY.format("p", "in force", "2020-01-01"),
    )
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / "rules" / f"{name}.yaml").write_text(text, "utf-8")


def with_mark(mark: str) -> str:
    return records.PART.replace("value: 4.5", f"value: {mark}")


def record(folder: Path, *scores: object, kind: str = "decision", **options: object) -> None:
    rules = Rules(folder / "rules")
    with Ledger.open(folder / "l.ledger") as ledger:
        for score in scores:
            case = case_from(
                {
                    "case": f"scored {score}",
                    "as at": "2021-04-01",
                    "thing": {"score": score, "mark": "good"},
                }
            )
            ledger.append(rules.answer(case, **options), recorded_by="A. Clerk", kind=kind)  # type: ignore[arg-type]


def seal(folder: Path, reason: str, at: str) -> None:
    book = Rules(folder / "rules", to_mend=True).book
    write_seal(book, compile_policy(book, "p"), Sealing(reason, "B. Chair", at))


def invoke(folder: Path, options: str = "") -> Result:
    result = CliRunner().invoke(
        group, shlex.split(f"ledger recheck {folder}/l.ledger --rules {folder}/rules {options}")
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# -- the three piles


def test_cases_fall_in_three_piles(folder: Path) -> None:
    record(folder, 3, 5, 8)
    record(folder, 5, kind="what-if", set={"pass mark": "2"})
    assert invoke(folder).stdout == (
        "4 cases: 4 the same, 0 different, 0 cannot be answered any more\n\nthe same\n"
        "  1  scored 3, as at 2021-04-01\n  2  scored 5, as at 2021-04-01\n  3  scored 8, as at 2021-04-01\n"
        "  4  scored 5, as at 2021-04-01  (what-if)\n\n"
        "stored programs\n  p (entries 1 to 4): the same as today's policy, which has no seal\n"
    )
    write(folder, part=with_mark("6"), v=records.VOCABULARY.replace("0..10", "0..7"))
    result = invoke(folder)
    assert result.exit_code == 1
    assert result.stdout == (
        "4 cases: 2 the same, 1 different, 1 cannot be answered any more\n\n"
        "different\n  2  scored 5, as at 2021-04-01\n     thing > result: good (as-marked); today bad (low)\n\n"
        "cannot be answered any more\n  3  scored 8, as at 2021-04-01\n"
        "     entry 3: RW502 `8` is not a value of `score`; expected a whole number 0..7\n\n"
        "the same\n  1  scored 3, as at 2021-04-01\n  4  scored 5, as at 2021-04-01  (what-if)\n\n"
        "stored programs\n  p (entries 1 to 4): differs from today's policy, which has no seal\n"
    )


def test_where_nothing_differs_the_exit_code_is_0(folder: Path) -> None:
    record(folder, 3)
    assert invoke(folder).exit_code == 0
    write(folder, part="# a comment\n" + records.PART)
    assert invoke(folder).exit_code == 0


def test_entries_are_named(folder: Path) -> None:
    record(folder, 3, 5, 8)
    write(folder, part=with_mark("6"))
    assert invoke(folder, "--entry 1 --entry 3").stdout.startswith(
        "2 cases: 2 the same, 0 different"
    )
    assert invoke(folder, "--entry 1 --entry 1 --entry 2").stdout.startswith(
        "2 cases: 1 the same, 1 different"
    )
    missing = invoke(folder, "--entry 9")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "RW911 there is no entry 9; the ledger has 3" in missing.stderr


def test_the_same_rating_for_other_reasons_is_the_same_and_says_so(folder: Path) -> None:
    record(folder, 3)
    write(folder, part=records.PART.replace("rule: low", "rule: under-the-mark"))
    result = invoke(folder)
    assert (
        "  1  scored 3, as at 2021-04-01\n     thing > result: decided by low, today by under-the-mark\n"
        in result.stdout
    )
    assert result.stdout.startswith("1 case: 1 the same")


def test_what_is_undetermined_today_is_different(folder: Path) -> None:
    record(folder, 8)
    write(
        folder,
        part=records.PART.replace("the result is the mark", "the result is the other mark"),
        v=records.VOCABULARY.replace("mark: rating,", "mark: rating, other mark: rating,"),
    )
    assert (
        "thing > result: good (as-marked); today not determined, bad or fair or good (as-marked)"
        in invoke(folder).stdout
    )


def test_a_rating_that_is_no_longer_given_is_different(folder: Path) -> None:
    second = "- {rule: copied, of: thing, otherwise: the second is the result}\n"
    write(
        folder,
        v=records.VOCABULARY.replace("result: rating", "result: rating, second: rating"),
        part=records.PART + second,
    )
    record(folder, 8)
    write(
        folder, p=POLICY.format("p", "in force", "2020-01-01").replace("the result", "the second")
    )
    assert (
        "     thing > result: good (as-marked); today not given\n     thing > second: not given; today good (copied)\n"
    ) in invoke(folder).stdout


def test_what_would_not_be_a_rating_today_is_different(folder: Path) -> None:
    record(folder, 8, policy="p")
    write(
        folder, p=POLICY.format("p", "in force", "2020-01-01").replace("}", ", until: 2021-01-01}")
    )
    result = invoke(folder)
    assert result.exit_code == 1
    assert (
        "  1  scored 8, as at 2021-04-01\n     today not a rating: the policy `p` was not in force on 2021-04-01\n"
        in result.stdout
    )


def test_a_policy_chosen_by_the_date_is_chosen_so_again(folder: Path) -> None:
    record(folder, 8)
    record(folder, 8, policy="p")
    write(
        folder,
        p=POLICY.format("p", "in force", "2020-01-01").replace("}", ", until: 2021-01-01}"),
        q=POLICY.format("q", "in force", "2021-01-01"),
    )
    result = invoke(folder)
    assert (
        "\nthe same\n  1  scored 8, as at 2021-04-01\n     decided under `p`, today under `q`\n"
        in result.stdout
    )
    assert (
        "\ndifferent\n  2  scored 8, as at 2021-04-01\n     today not a rating: " in result.stdout
    )


def test_a_conflict_is_no_answer(folder: Path) -> None:
    record(folder, 10)
    write(folder, part=CONFLICT)
    result = invoke(folder)
    assert (
        "cannot be answered any more\n  1  scored 10, as at 2021-04-01\n     rules are in conflict about `thing > result`\n"
        in result.stdout
    )


def test_engines_that_disagree_are_no_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(folder, 8)

    def refuse(*_: object, **__: object) -> None:
        raise EngineError("the engines disagree")

    rules = Rules(folder / "rules")
    monkeypatch.setattr(rules, "answer", refuse)
    with Ledger.open(folder / "l.ledger", append=False) as ledger:
        [found] = recheck(ledger, rules)
    assert (found.verdict, found.why) == ("cannot be answered", ["the engines disagree"])


def test_what_no_longer_stands_is_marked(folder: Path) -> None:
    record(folder, 3)
    case = case_from(
        {"case": "scored 3", "as at": "2021-04-01", "thing": {"score": 3, "mark": "good"}}
    )
    with Ledger.open(folder / "l.ledger") as ledger:
        ledger.append(
            Rules(folder / "rules").answer(case),
            recorded_by="A. Clerk",
            kind="quashed",
            reason="so",
            supersedes=1,
        )
    assert (
        "  1  scored 3, as at 2021-04-01  (quashed by entry 2, not in effect)\n"
        in invoke(folder).stdout
    )
    assert "  2  scored 3, as at 2021-04-01  (quashing, not in effect)\n" in invoke(folder).stdout


def test_a_broken_ledger_is_not_rechecked(folder: Path) -> None:
    record(folder, 3)
    connection = sqlite3.connect(folder / "l.ledger")
    connection.execute("DROP TRIGGER entries_stay")
    connection.close()
    result = invoke(folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "RW913 `entries_stay` of the file was taken away" in result.stderr


def test_a_rulebook_that_cannot_be_read_is_wrong_input(folder: Path) -> None:
    record(folder, 3)
    write(folder, part="- {rule: low\n")
    result = invoke(folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "part.yaml" in result.stderr


# -- programs and seals


def test_stored_programs_are_compared_with_seals_old_and_new(folder: Path) -> None:
    def programs() -> list[str]:
        shown = invoke(folder).stdout
        return [line.strip() for line in shown.partition("stored programs\n")[2].splitlines()]

    record(folder, 3)
    seal(folder, "as adopted", "2024-01-01T00:00:00Z")
    assert programs() == ["p (entry 1): as sealed"]
    write(folder, part=with_mark("5"))
    assert programs() == ["p (entry 1): as sealed"], (
        "the seal is broken, and the stored program is the one that was sealed"
    )
    assert "RW420 the sealed policy `p` was edited" in invoke(folder).stdout
    seal(folder, "the mark was miscopied", "2024-02-01T00:00:00Z")
    record(folder, 3)
    assert programs() == [
        "p (entry 1): as sealed earlier: sealed anew at 2024-02-01T00:00:00Z by B. Chair: the mark was miscopied",
        "p (entry 2): as sealed",
    ]
    assert invoke(folder).exit_code == 1
    assert invoke(folder, "--entry 2").exit_code == 0
    write(folder, part=with_mark("6"))
    seal(folder, "once more", "2024-03-01T00:00:00Z")
    assert [line.partition(" at ")[2] for line in programs()] == [
        "2024-02-01T00:00:00Z by B. Chair: the mark was miscopied",
        "2024-03-01T00:00:00Z by B. Chair: once more",
    ]
    (folder / "rules" / "seals.yaml").unlink()
    seal(folder, "afresh", "2024-04-01T00:00:00Z")
    assert [line.partition(": stored")[0] for line in programs()] == [
        "p (entry 1): not as sealed",
        "p (entry 2): not as sealed",
    ]


def test_a_what_if_under_a_proposal_that_was_sealed_since_is_no_tampering(folder: Path) -> None:
    write(folder, p=POLICY.format("p", "proposed", "2020-01-01"))
    record(folder, 3, kind="what-if", policy="p")
    write(folder, p=POLICY.format("p", "in force", "2020-01-01"), part=with_mark("5"))
    seal(folder, "as adopted", "2024-01-01T00:00:00Z")
    stored, sealed = ("sha256:[0-9a-f]{64}",) * 2
    assert re.search(
        rf"  p \(entry 1\): recorded when the policy was a proposal, which was changed before it was sealed: stored {stored}, "
        rf"sealed {sealed}\n",
        invoke(folder).stdout,
    )
    [line] = [
        json.loads(line)
        for line in invoke(folder, "--json").stdout.splitlines()
        if "program digest" in line
    ]
    assert line["verdict"] == "recorded as a proposal"


def test_programs_of_one_policy_say_why_they_are_apart(folder: Path) -> None:
    record(folder, 3)
    write(folder, p=POLICY.format("p", "in force", "2020-01-01") + "title: The policy\n")
    record(folder, 3)
    assert invoke(folder).stdout.endswith(
        "  p (entry 1): the same as today's policy, which has no seal\n"
        "  p (entry 2): the same as today's policy, which has no seal; it differs from that of entry 1 only in wording, sources or status\n"
    )


def test_a_policy_that_is_gone_cannot_be_compared(folder: Path) -> None:
    record(folder, 3, policy="p")
    (folder / "rules" / "p.yaml").unlink()
    write(folder, q=POLICY.format("q", "in force", "2020-01-01"))
    shown = invoke(folder).stdout
    assert (
        "cannot be answered any more\n  1  scored 3, as at 2021-04-01\n     RW402 `p` is not a policy"
        in shown
    )
    assert "  p (entry 1): cannot be compared: " in shown


def test_another_reading_is_taken_again_and_compared_with_no_seal(tmp_path: Path) -> None:
    rules = Rules()
    [case, *_] = cases(ROOT / "scenarios/examples/example-trust.yaml")
    reading = rules.readings("guidance-2024-03")[0].name
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        ledger.append(rules.answer(case, reading=reading), recorded_by="C. Analyst", kind="what-if")
        [found], [program] = list(recheck(ledger, rules)), list(recheck_programs(ledger, rules))
    assert (found.verdict, program.verdict, program.why) == (
        "same",
        "cannot be compared",
        f"the policy was read otherwise: `{reading}`",
    )


# -- what is said, asked again


@settings(max_examples=25, deadline=None)
@given(
    scores=st.lists(st.integers(0, 10) | st.just("unknown"), min_size=1, max_size=4),
    marks=st.tuples(*[st.integers(0, 11)] * 2),
)
def test_each_verdict_is_what_two_runs_say(
    scores: list[int | str], marks: tuple[int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each case is run by itself under the old and the new rulebook; what is different, and how, is
    what these two runs give.
    """
    folder = tmp_path_factory.mktemp("recheck")
    (folder / "rules").mkdir()
    write(
        folder,
        v=records.VOCABULARY,
        part=with_mark(str(marks[0])),
        p=POLICY.format("p", "in force", "2020-01-01"),
    )
    old = Rules(folder / "rules")
    texts = [
        case_from({"case": "c", "as at": "2021-04-01", "thing": {"score": score, "mark": "fair"}})
        for score in scores
    ]
    before = [old.answer(case) for case in texts]
    write(folder, part=with_mark(str(marks[1])))
    new = Rules(folder / "rules")
    after = [new.answer(case) for case in texts]
    with Ledger.open(folder / "l.ledger") as ledger:
        ledger.append_all(before, recorded_by="A. Clerk")
        found = list(recheck(ledger, new))
    expected = [
        (one.decision.answers[0].possible, other.decision.answers[0].possible)
        for one, other in zip(before, after, strict=True)
    ]
    assert [each.verdict for each in found] == [
        "same" if one == other else "different" for one, other in expected
    ]
    assert [[(c.recorded, c.today) for c in each.changes] for each in found] == [
        [pair] if pair[0] != pair[1] else [] for pair in expected
    ]


def test_the_shipped_scenarios_are_the_same_under_the_shipped_rulebook(tmp_path: Path) -> None:
    rules = Rules()
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        scenarios = ROOT / "scenarios"
        for path in (
            *sorted((scenarios / "guidance-2024-03").glob("*.yaml"))[:6],
            *sorted((scenarios / "legacy").glob("*.yaml"))[:4],
        ):
            answered = rules.answer(cases(path)[-1])
            ledger.append(
                answered,
                recorded_by="A. Clerk",
                kind="what-if" if answered.decision.not_a_rating else "decision",
            )
        found, programs = list(recheck(ledger, rules)), list(recheck_programs(ledger, rules))
    assert {each.verdict for each in found} == {"same"}
    assert [each for each in found if each.otherwise_decided] == []
    assert {each.verdict for each in programs} == {"as sealed"}


def test_lines_of_json_are_of_the_schema(folder: Path) -> None:
    import jsonschema

    record(folder, 3, 5, 8)
    write(
        folder,
        part=with_mark("6").replace("rule: low", "rule: lower"),
        v=records.VOCABULARY.replace("0..10", "0..7"),
    )
    result = invoke(folder, "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    validator = jsonschema.Draft202012Validator(schemas()["rechecked"])
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []
    assert [line.get("number") for line in lines] == [1, 2, 3, None]
    assert [line["verdict"] for line in lines] == [
        "same",
        "different",
        "cannot be answered",
        "not as today",
    ]
    assert not validator.is_valid({**lines[0], "colour": "red"})
    assert result.exit_code == 1
