"""Whatever is written as YAML is read back as what it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.syntax.errors import NOWHERE
from rulewright.syntax.text import Seq, Text
from rulewright.syntax.yaml_loader import load_yaml, same_in_quotes
from rulewright.syntax.yaml_text import in_brackets, in_quotes, spelled, yaml_items, yaml_lines
from tests.mess import WORDS, same

SIGNS = st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Co"])
LIKELY = st.sampled_from("ab -:#?!&*[]{},|>'\"%@`~=.<\\\t\n\u00a0\u2028\ufeff")
WRITTEN = st.sampled_from(WORDS) | st.text(SIGNS | LIKELY, max_size=12)
NAMES = st.text(SIGNS | LIKELY, max_size=8).filter(
    lambda each: each.strip() != ""
) | st.sampled_from(["a", "null", "~", "<<", "---", "b: c"])


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=8,
    )


TREES = trees(WRITTEN)


def once(tree: Any) -> bool:
    """Whether the loader takes the names of a tree for different ones."""
    if isinstance(tree, dict):
        return len(
            {
                " ".join("".join(each if each.isalnum() else " " for each in name.lower()).split())
                for name in tree
            }
        ) == len(tree) and all(map(once, tree.values()))
    return not isinstance(tree, list) or all(map(once, tree))


@settings(max_examples=500)
@given(TREES.filter(once))
def test_a_tree_is_read_back_as_it_is(tree: Any) -> None:
    for text in (
        f"x: {in_brackets(tree)}\n",
        "".join(f"{each}\n" for each in yaml_lines({"x": tree})),
        "".join(f"{each}\n" for each in yaml_lines({"x": tree}, width=60)),
    ):
        assert same(load_yaml(text, "x.yaml")["x"], tree), text
    assert same(load_yaml("".join(f"  {each}\n" for each in yaml_items([tree])), "x.yaml"), [tree])


@settings(max_examples=500)
@given(NAMES)
def test_a_name_is_read_back_as_it_is(name: str) -> None:
    assert list(load_yaml(f"{spelled(name)}: x\n", "x.yaml")) == [name]
    assert list(load_yaml(f"{in_quotes(name)}: x\n", "x.yaml")) == [name]


@pytest.mark.parametrize(
    "word", ["unknown", "Unknown", "- UNKNOWN", "null", "~", "", "yes", "65..87"]
)
def test_quotation_marks_stay_where_they_say_something(word: str) -> None:
    """Derived from the loader: without quotation marks these are no texts, or say that nobody
    knows.
    """
    plain, quoted = Text(word), Text.at(word, NOWHERE, quoted=True)
    assert (spelled(quoted) == f'"{word}"') == (not same_in_quotes(word))
    assert spelled(plain) in (word, f'"{word}"')
    assert load_yaml(f"x: {spelled(quoted)}\n", "x.yaml")["x"] == word


def test_a_list_that_was_in_brackets_stays_so() -> None:
    listed = Seq(["a", "b, c"])
    listed.flow = True
    assert list(yaml_lines({"x": listed, "y": ["a"]})) == ['x: [a, "b, c"]', "y:", "  - a"]
