"""Which policy a case is decided under, and the seals of policies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules
from tests.small import CASE, OLD, PART, VOCABULARY

NEW = "policy: new\nstatus: in force\nin force: {from: 2024-01-01}\namends: old\nrepeals: [bands]\n"
DRAFT = "policy: draft\nstatus: proposed\namends: new\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written_to(tmp_path)


def written_to(folder: Path) -> Path:
    """A rulebook of three policies."""
    for name, text in {
        "vocabulary.yaml": VOCABULARY,
        "part.yaml": PART,
        "old.yaml": OLD,
        "new.yaml": NEW,
        "draft.yaml": DRAFT,
    }.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("policy", "as_at", "chosen", "how"),
    [
        (None, None, "old", "in force on 2023-06-01 (the case's `as at`)"),
        (None, "2023-12-31", "old", "in force on 2023-12-31 (`--as-at`)"),
        (None, "2024-01-01", "new", "in force on 2024-01-01 (`--as-at`)"),
        ("draft", None, "draft", "asked for by name"),
    ],
)
def test_the_policy_is_chosen_by_name_or_by_date(
    folder: Path, policy: str | None, as_at: str | None, chosen: str, how: str
) -> None:
    decision = Rules(folder).run(CASE, policy=policy, as_at=as_at, engine="reference").decision
    assert (decision.policy.id, decision.policy.chosen) == (chosen, how)
    assert {each.policy for each in decision.policy.rejected} == {"old", "new", "draft"} - {chosen}


def test_every_rejected_policy_has_its_reason(folder: Path) -> None:
    decision = Rules(folder).run(CASE, engine="reference").decision
    assert [(each.policy, each.reason) for each in decision.policy.rejected] == [
        ("new", "in force only from 2024-01-01"),
        ("draft", "proposed: used only when asked for by name"),
    ]


def test_a_proposed_policy_and_a_changed_parameter_give_no_rating(folder: Path) -> None:
    assert Rules(folder).run(CASE, policy="draft", engine="reference").decision.not_a_rating == [
        "the policy `draft` is proposed"
    ]
    changed = Rules(folder).run(CASE, set={"pass mark": "10"}, engine="reference").decision
    assert changed.not_a_rating == ["parameters were set for this run: `pass mark`"]
    assert Rules(folder).run(CASE, engine="reference").decision.not_a_rating == []


@pytest.mark.parametrize(
    ("policy", "as_at", "stamped"),
    [
        ("old", "1850-01-01", False),
        ("old", "2023-12-31", False),
        ("old", "2024-01-01", True),
        ("new", "2023-12-31", True),
        ("new", "2024-01-01", False),
        ("new", "2099-01-01", False),
    ],
)
def test_a_policy_outside_its_dates_gives_no_rating_whoever_names_it(
    folder: Path, policy: str, as_at: str, stamped: bool
) -> None:
    rules = Rules(folder)
    expected = [f"the policy `{policy}` was not in force on {as_at}"] if stamped else []
    assert (
        rules.run(CASE, policy=policy, as_at=as_at, engine="reference").decision.not_a_rating
        == expected
    )
    assert (
        rules.run({**CASE, "policy": policy}, as_at=as_at, engine="reference").decision.not_a_rating
        == expected
    )


def test_what_amends_a_policy_takes_over_its_disclaimer_unless_it_has_its_own(folder: Path) -> None:
    rules = Rules(folder)
    digests = {name: rules.program(name).digest for name in ("old", "new", "draft")}
    (folder / "old.yaml").write_text(f"{OLD}disclaimer: A model, no rating.\n")
    (folder / "draft.yaml").write_text(f"{DRAFT}disclaimer: A draft of a model.\n")
    rules = Rules(folder)
    found = {name: rules.program(name).disclaimer for name in digests}
    assert found == {
        "old": "A model, no rating.",
        "new": "A model, no rating.",
        "draft": "A draft of a model.",
    }
    assert digests == {name: rules.program(name).digest for name in digests}, (
        "it is no part of what a policy means"
    )


def test_a_case_may_name_its_policy(folder: Path) -> None:
    assert (
        Rules(folder).run({**CASE, "policy": "new"}, engine="reference").decision.policy.id == "new"
    )


def test_a_sealed_policy_refuses_edits_until_it_is_resealed(folder: Path) -> None:
    from rulewright.amendments.seals import Sealing, write_seal
    from rulewright.compiler.compiler import compile_policy

    rules = Rules(folder)
    write_seal(
        rules.book,
        compile_policy(rules.book, "old"),
        Sealing('first "seal"', "A. Clerk", "2024-03-01T09:30:00Z"),
    )
    first = rules.program("old").digest
    assert Rules(folder).program("old").digest == first
    (folder / "part.yaml").write_text("# only a comment\n" + PART)
    Rules(folder).program("old")
    (folder / "part.yaml").write_text(
        PART.replace("up to 49", "up to 48").replace("50..69", "49..69")
    )
    with pytest.raises(InputError, match="RW420 the sealed policy `old` was edited"):
        Rules(folder).program("old")
    rules = Rules(folder)
    write_seal(
        rules.book,
        compile_policy(rules.book, "old"),
        Sealing("the band moved", "B. Chair", "2024-03-02T09:30:00Z"),
    )
    found = Rules(folder).book.seals["old"]
    assert (found.reason, found.sealed_by, found.sealed_at) == (
        "the band moved",
        "B. Chair",
        "2024-03-02T09:30:00Z",
    )
    [earlier] = found.earlier
    assert (earlier.digest, earlier.reason) == (first, 'first "seal"')
    assert (earlier.sealed_by, earlier.sealed_at) == ("A. Clerk", "2024-03-01T09:30:00Z")
    Rules(folder).program("old")


WORDS = st.text(
    st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=12
).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(history=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_every_seal_that_was_replaced_is_kept_in_order(
    history: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the words, the file can be read, the seal is the last one, and the others stand
    below it as they were.
    """
    from rulewright.amendments.seals import Sealing, write_seal
    from rulewright.compiler.compiler import compile_policy

    folder = written_to(tmp_path_factory.mktemp("sealed"))
    kept: list[tuple[str, str, str, str]] = []
    for number, (reason, by) in enumerate(history):
        (folder / "part.yaml").write_text(
            PART.replace("up to 49", f"up to {49 - number}").replace("50..69", f"{50 - number}..69")
        )
        rules = Rules(folder)
        program = compile_policy(rules.book, "old")
        write_seal(rules.book, program, Sealing(reason, by, f"2024-03-0{number + 1}T09:30:00Z"))
        kept.insert(
            0,
            (
                program.digest,
                " ".join(reason.split()),
                " ".join(by.split()),
                f"2024-03-0{number + 1}T09:30:00Z",
            ),
        )
        seal = Rules(folder).book.seals["old"]
        assert [
            (each.digest, each.reason, each.sealed_by, each.sealed_at)
            for each in (seal, *seal.earlier)
        ] == kept


def test_a_kept_program_is_found_again_and_an_edit_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("RULEWRIGHT_CACHE", str(cache))
    first = Rules(folder).run(CASE, engine="reference").decision
    assert list(cache.glob("*.kept"))
    again = Rules(folder)
    assert again.run(CASE, engine="reference").decision == first
    assert "book" not in again.__dict__  # nothing was read anew
    (folder / "part.yaml").write_text(PART.replace("50..69", "50..60").replace("70..89", "61..89"))
    assert (
        Rules(folder).run(CASE, engine="reference").decision.program_digest != first.program_digest
    )
    for path in cache.glob("*.kept"):
        path.write_bytes(b"rubbish")
    assert Rules(folder).run(CASE, engine="reference").decision.policy.id == "old"
