"""Decisions made again from what is stored of them; ledgers of earlier versions among them."""

from __future__ import annotations

import json
import lzma
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rulewright.decision import running
from rulewright.engines.evaluator import evaluate as reference
from rulewright.engines.result import Possible, Trace
from rulewright.explain.what_if.proposals import changed
from rulewright.ir.archive import archive
from rulewright.ir.types import Value
from rulewright.ledger import Ledger
from rulewright.ledger.drafts import ArchivedProgram, Archives, DraftEntry, draft
from rulewright.ledger.heads import head_from_text
from rulewright.ledger.records import Replayed
from rulewright.ledger.verification import Broken
from rulewright.syntax.canonical import canonical_quickly, digest_of_bytes
from rulewright.syntax.errors import InputError
from tests import records

FIXTURES = Path(__file__).parent / "fixtures"


def replayed(path: Path, numbers: list[int] | None = None) -> list[Replayed]:
    with Ledger.open(path, append=False) as ledger:
        return list(ledger.replay(numbers))


def differences(folder: Path, *drafts: DraftEntry) -> list[str]:
    path = folder / "l.ledger"
    with Ledger.open(path) as ledger:
        ledger.append_all(drafts, recorded_by="A. Clerk")
    return [each.difference for each in replayed(path)]


def drafted(**case: Any) -> DraftEntry:
    return draft(records.answered(**case), Archives().of)


def with_decision(stored: DraftEntry, **changed: Any) -> DraftEntry:
    return replace(stored, decision=canonical_quickly(json.loads(stored.decision) | changed))


def test_every_kind_of_entry_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "l.ledger"
    with Ledger.open(path) as ledger:
        ledger.append(records.answered(3), recorded_by="A. Clerk")
        ledger.append(
            records.answered(4),
            recorded_by="A. Clerk",
            kind="correction",
            reason="misread",
            supersedes=1,
        )
        ledger.append(
            records.answered(4),
            recorded_by="A. Clerk",
            kind="quashed",
            reason="judgement of the court",
            supersedes=2,
        )
        ledger.append(
            records.answered(4, set={"pass mark": "3.75"}), recorded_by="C. Analyst", kind="what-if"
        )
        ledger.append(records.answered("unknown", note="x"), recorded_by="A. Clerk")
    engines = ["reference", "forward"] if running.forward_engine() else ["reference"]
    scores = enumerate((3, 4, 4, 4, "unknown"), 1)
    assert replayed(path) == [
        Replayed(number, f"a thing that scored {score}", engines, True) for number, score in scores
    ]
    assert [each.number for each in replayed(path, [4, 2])] == [4, 2]


def test_facts_that_the_case_as_written_does_not_hold_are_not_recorded(tmp_path: Path) -> None:
    """The case that is stored would give another decision than the one beside it."""
    proposed = changed(records.answered(3), {"thing > score": "8"})
    with Ledger.open(tmp_path / "l.ledger") as ledger:
        with pytest.raises(
            InputError,
            match=r"RW907 facts of `a thing that scored 3` were changed, and .*: thing > score: 8; write them into",
        ):
            ledger.append(proposed, recorded_by="C. Analyst", kind="what-if")
        assert ledger.verify().entries == 0


def test_another_answer_is_told_first(tmp_path: Path) -> None:
    stored = drafted(score=7)
    answers = json.loads(stored.decision)["answers"]
    answers[0]["possible"] = ["fair"]
    assert differences(tmp_path, with_decision(stored, answers=answers)) == [
        "`thing > result` was fair, and is now good"
    ]


def test_another_word_is_told_by_its_place(tmp_path: Path) -> None:
    stored = drafted(score=7)
    firings = json.loads(stored.decision)["firings"]
    firings[0]["conclusion"] = "something else"
    found = differences(
        tmp_path,
        stored,
        with_decision(stored, firings=firings),
        with_decision(stored, firings=firings[:-1]),
    )
    same = "the answers are the same; what is said of them differs at "
    assert found == ["", f"{same}`/firings/0/conclusion`", f"{same}`/firings/{len(firings) - 1}`"]


def test_an_answer_that_is_gone_is_told(tmp_path: Path) -> None:
    assert differences(tmp_path, with_decision(drafted(score=7), answers=[])) == [
        "`thing > result` was not there, and is now good"
    ]


NO_PROGRAM = b'{"program":3,"schema":"rulewright/program/1"}'
DEEP = b'{"program":' + b"[" * 900 + b"]" * 900 + b',"schema":"rulewright/program/1"}'


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"case": b"{}"},
            "it cannot be made again: the case does not say in which form it is; this version reads `rulewright/stored-case/1`",
        ),
        (
            {"terms": b"{}"},
            "it cannot be made again: the list of terms does not say in which form it is; this version reads `rulewright/terms/1`",
        ),
        (
            {
                "case": b'{"case":{"case":"x","thing":{"colour":"red"}},"quoted":[],"schema":"rulewright/stored-case/1"}'
            },
            "it cannot be made again: entry 1: RW501 `colour` is not an attribute of `thing`; expected one of `score`, `mark`, `note`, `name`",
        ),
        (
            {"program": ArchivedProgram(digest_of_bytes(NO_PROGRAM), NO_PROGRAM)},
            "what is archived is not a program",
        ),
        (
            {"program": ArchivedProgram(digest_of_bytes(DEEP), DEEP)},
            "the program cannot be read: maximum recursion depth exceeded",
        ),
    ],
)
def test_what_cannot_be_made_again_is_told(
    changed: dict[str, Any], said: str, tmp_path: Path
) -> None:
    [found] = differences(tmp_path, replace(drafted(score=7), **changed))
    assert found.startswith(said)


def test_parameters_of_another_program_are_told(tmp_path: Path) -> None:
    other = archive(replace(records.program(), parameters={}))
    found = differences(
        tmp_path, replace(drafted(score=7), program=ArchivedProgram(digest_of_bytes(other), other))
    )
    assert found == ["it cannot be made again: the parameters are not those of the program"]


def test_engines_that_disagree_today_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = drafted(score=7)

    def errs(program: Any, case: Any, as_at: int, parameters: dict[str, Value]) -> Trace:
        result = reference(program, case, as_at, parameters)
        return replace(
            result,
            settled={
                place: each._replace(possible=Possible(("bad",)))
                for place, each in result.settled.items()
            },
        )

    monkeypatch.setattr(running, "forward_engine", lambda: errs)
    [found] = differences(tmp_path, stored)
    assert found.startswith(
        "it cannot be made again: the engines disagree about `a thing that scored 7`"
    )


def test_a_ledger_that_does_not_verify_is_not_made_again(tmp_path: Path) -> None:
    import sqlite3

    path = records.ledger_of(tmp_path / "l.ledger")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER entries_stay")
    connection.close()
    with pytest.raises(Broken, match="`entries_stay` of the file was taken away"):
        replayed(path)


# -- ledgers that earlier versions wrote


@pytest.mark.parametrize("name", sorted(each.name for each in FIXTURES.glob("*.ledger.xz")))
def test_a_ledger_of_an_earlier_version_verifies_and_is_made_again(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name.removesuffix(".xz")
    path.write_bytes(lzma.decompress((FIXTURES / name).read_bytes()))
    head = head_from_text((FIXTURES / f"{path.name}.head").read_text("utf-8"))
    with Ledger.open(path, append=False) as ledger:
        assert ledger.verify(head) == head
    found = replayed(path)
    assert len(found) == head.entries
    assert [each.difference for each in found] == [""] * head.entries


def test_there_are_ledgers_of_earlier_versions() -> None:
    assert {"school.ledger.xz", "trusts.ledger.xz"} <= {each.name for each in FIXTURES.iterdir()}
