"""Policies that an edit does not reach are not compiled again, and what comes out is the same as if
they were.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rulewright.compiler import memory
from rulewright.compiler.compiler import compile_policy
from rulewright.compiler.memory import remembered_base, remembered_program
from rulewright.lint.checks import check, compile_all
from rulewright.rulebook.rulebook import Rulebook, rulebook_from_texts
from rulewright.syntax.errors import InputError
from tests.small import OLD, PART, VOCABULARY

NEW = "policy: new\nstatus: proposed\namends: old\n"
OTHER = "policy: other\nstatus: proposed\namends: old\nreplaces: {pass: {about: again}}\n"


def book(part: str = PART, **others: str) -> Rulebook:
    files = {"new": NEW, "other": OTHER, **others}
    texts = {f"{name}.yaml": text for name, text in files.items()}
    return rulebook_from_texts({"v.yaml": VOCABULARY, "part.yaml": part, "old.yaml": OLD, **texts})


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


EDITS = {
    "one policy": book(new=NEW + "repeals: [subject.marked]\n"),
    "the policy that others amend": book(old=OLD.replace("in force:", "title: again\nin force:")),
    "the part that all share": book(
        part=PART.replace("50..69", "50..60").replace("70..89", "61..89")
    ),
    "lines before what matters": book(part="\n\n" + PART),
    "a policy that is new": book(third=NEW.replace("new", "third")),
    "a policy that is wrong": book(new=NEW + "repeals: [nothing.there]\n"),
    "a circle": book(
        new=NEW.replace("amends: old", "amends: other"),
        other=OTHER.replace("amends: old", "amends: new"),
    ),
    "one that amends nothing there": book(new=NEW.replace("amends: old", "amends: odl")),
    "seals": book(seals=f"seals:\n  old: {{digest: sha256:{'0' * 64}, reason: as adopted}}\n"),
}


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS)
def test_what_comes_of_an_edit_does_not_depend_on_what_is_remembered(edited: Rulebook) -> None:
    alone = compile_all(edited)
    found = check(edited)
    memory.forget()
    check(book())
    after = compile_all(edited)
    assert [(each.program, each.digest) for each in after[0]] == [
        (each.program, each.digest) for each in alone[0]
    ]
    assert after[1] == alone[1]
    assert check(edited) == found


@pytest.mark.parametrize("name", ["old", "new", "other"])
def test_a_program_is_what_compiling_gives(name: str) -> None:
    compile_all(book())
    again = book(third=NEW.replace("new", "third"))
    assert remembered_program(again, name) == compile_policy(again, name)


def test_an_edit_of_one_policy_leaves_the_others_and_they_are_of_the_edited_rulebook() -> None:
    one, other = book(), book(new=NEW + "repeals: [subject.marked]\n")
    for name in ("old", "other"):
        before, after = remembered_base(one, name), remembered_base(other, name)
        assert after.program is before.program
        assert {id(each.book) for each in (after, after.chain, after.assembly, after.unroller)} == {
            id(other)
        }
        assert after.assembly.policy is other.policies[name]
        assert remembered_base(other, name) is after
    assert remembered_base(other, "new").program != remembered_base(one, "new").program


def test_a_mistake_is_told_each_time() -> None:
    wrong = book(new=NEW + "repeals: [nothing.there]\n")
    told = []
    for _ in range(2):
        with pytest.raises(InputError) as error:
            remembered_base(wrong, "new")
        told.append(error.value.problems)
    assert told[0] == told[1]


def test_no_more_than_some_are_remembered() -> None:
    for number in range(40):
        remembered_base(book(new=NEW + f"title: {number}\n"), "new")
    assert len(memory._bases) == memory._MOST
