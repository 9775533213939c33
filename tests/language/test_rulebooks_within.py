"""A folder of rulebooks is one mistake, however many rulebooks lie in it and however deep; a
rulebook alone is none.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.rulebook.rulebook import load_rulebook, read_rulebook
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules

COMMON = Path(__file__).parents[1] / "errors" / "common" / "rules"
_folders = st.lists(
    st.sampled_from(["one", "two", "three", "old", "parts", "policies"]), min_size=1, max_size=3
).map("/".join)


def apart(folders: set[str]) -> bool:
    return not any(
        one != other and other.startswith(f"{one}/") for one in folders for other in folders
    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.sets(_folders, min_size=1, max_size=5).filter(apart), st.booleans())
def test_rulebooks_in_a_folder_are_one_mistake_that_names_them(
    folders: set[str], around: bool
) -> None:
    with TemporaryDirectory() as made:
        root = Path(made) / "rules"
        for each in [*folders, *(["."] if around else [])]:
            shutil.copytree(COMMON, root / each, dirs_exist_ok=True)
        for read in (load_rulebook, read_rulebook, Rules):
            with pytest.raises(InputError) as caught:
                read(root)
            (problem,) = caught.value.problems
            assert problem.code == "RW118"
            assert all(f"`{root}/{each}`" in problem.message for each in sorted(folders)[:3])
        for each in folders:
            assert not load_rulebook(root / each).unread


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    st.sampled_from(["policy.yaml", "part.yaml", "vocabulary.yaml"]),
    st.sampled_from(["", "- rule: broken\n", "policy: other\n"]),
)
def test_a_rulebook_with_mistakes_is_not_taken_for_several(file: str, text: str) -> None:
    with TemporaryDirectory() as made:
        root = Path(made) / "rules"
        shutil.copytree(COMMON, root)
        (root / file).write_text(text, "utf-8")
        assert all(each.code != "RW118" for each in read_rulebook(root).unread)
