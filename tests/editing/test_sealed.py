"""A sealed policy is not edited; an amendment of it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rulewright.amendments.seals import Sealing, write_seal
from rulewright.compiler.compiler import compile_policy
from rulewright.editing.assignment import set_values
from rulewright.editing.new_policy import new_policy
from rulewright.rulebook.rulebook import Rulebook, load_rulebook
from rulewright.syntax.errors import InputError

COMMON = Path(__file__).parent / "common" / "rules"


@pytest.fixture
def sealed(tmp_path: Path) -> Rulebook:
    folder = tmp_path / "rules"
    shutil.copytree(COMMON, folder)
    book = load_rulebook(folder, "rules")
    write_seal(
        book,
        compile_policy(book, "plain"),
        Sealing("as adopted", "A. Clerk", "2024-03-01T09:30:00Z"),
    )
    return load_rulebook(folder, "rules")


def test_a_value_that_the_sealed_policy_has_is_not_set(sealed: Rulebook) -> None:
    with pytest.raises(InputError, match="RW434 the policy `plain` is sealed"):
        set_values(sealed, "rules.yaml", ["view period=36 months"])


def test_wording_is_no_meaning(sealed: Rulebook) -> None:
    set_values(sealed, "policies/plain.yaml", ["title=Another title"]).write()
    assert "title: Another title\n" in (sealed.root / "policies/plain.yaml").read_text("utf-8")


def test_an_amendment_of_it_is_set(sealed: Rulebook) -> None:
    new_policy(sealed, "later", "plain").write()
    again = load_rulebook(sealed.root, "rules")
    set_values(again, "policies/later.yaml", ["view period=36 months"]).write()
    assert compile_policy(load_rulebook(sealed.root, "rules"), "later").parameters[
        "view period"
    ].values == ((None, 36),)


def test_a_seal_that_was_broken_before_is_nothing_that_this_edit_did(sealed: Rulebook) -> None:
    part = sealed.root / "bands.yaml"
    part.write_text(
        part.read_text("utf-8").replace("63..87", "65..87").replace("39..62", "39..64"), "utf-8"
    )
    edit = set_values(load_rulebook(sealed.root, "rules"), "policies/mine.yaml", ["title=Mine"])
    assert "+title: Mine" in edit.difference()
