"""Whatever a file looks like, formatting keeps its tree and its comments, and is done after one time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.editing.style import styled
from rulewright.language.errors import InputError
from rulewright.language.loading import load_yaml
from rulewright.language.spelling import spelled

WORDS = st.sampled_from([
    "good", "the beds is 5", "65..87", "2024-03-01", "012", "yes", "no", "~", "", "a: b", "a, b", "it's", 'say "so"', "[x]", "- x", "#1",
    "x #y", "é ü – 😀", "{the trust's name}", "back\\slash", "true", "trailing ", " leading", "key:", "?", "a  b", "*", "100%", "null",
])  # fmt: skip
NAMES = st.sampled_from(["a", "b c", "d-e", "12", "f[g]", "x: y"])
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12,
)  # fmt: skip
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Mess:
    """Writes a tree in any of the ways that YAML allows."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.count = 0

    def spaces(self, least: int = 0) -> str:
        return " " * self.draw(st.integers(least, 3))

    def comment(self) -> str:
        if not self.draw(st.booleans()):
            return self.spaces()
        self.count += 1
        return f"{self.spaces(1)}#{self.spaces()}comment {self.count}{self.spaces()}"

    def lines_between(self, indent: int) -> str:
        found = ""
        for _ in range(self.draw(st.integers(0, 2))):
            self.count += 1
            found += self.draw(st.sampled_from(["\n", "  \n", " " * indent + f"# alone {self.count} \n", f"# left {self.count}\n"]))
        return found

    def text(self, value: str, in_flow: bool) -> str:
        plain = spelled(value, in_flow)
        double = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        single = "'" + value.replace("'", "''") + "'"
        return str(self.draw(st.sampled_from([plain, double, single])))

    def flow(self, tree: Any) -> str:
        if isinstance(tree, str):
            return self.text(tree, True)
        gap = lambda: self.draw(st.sampled_from(["", " ", "  ", "\n              "]))  # noqa: E731
        if isinstance(tree, list):
            return "[" + self.spaces() + f"{self.spaces()},{gap()}".join(map(self.flow, tree)) + self.spaces() + "]"
        inner = (f"{self.text(name, True)}{self.spaces()}:{self.spaces(1)}{self.flow(value)}" for name, value in tree.items())
        return "{" + self.spaces() + f"{self.spaces()},{gap()}".join(inner) + self.spaces() + "}"

    def behind(self, tree: Any, indent: int, in_list: bool) -> str:
        """A value behind `name:` or a dash, with the end of the line."""
        if isinstance(tree, str):
            if tree.strip() == tree and re.match(r"[a-z]", tree) and self.draw(st.integers(0, 3)) == 0:
                inner = " " * (indent + self.draw(st.integers(1, 4)))
                style = self.draw(st.sampled_from(["|", ">", "|-", ">-"]))
                return f"{self.spaces(1)}{style}\n{inner}{tree}  \n{inner}{'' if style[0] == '>' else '  '}more\n"
            return f"{self.spaces(1)}{self.text(tree, False)}{self.comment()}\n"
        if not tree or self.draw(st.booleans()):
            return f"{self.spaces(1)}{self.flow(tree)}{self.comment()}\n"
        least = 0 if isinstance(tree, list) and not in_list else 1
        return f"{self.comment()}\n" + self.block(tree, indent + self.draw(st.integers(least, 4)))

    def block(self, tree: Any, indent: int) -> str:
        found = ""
        names = tree.items() if isinstance(tree, dict) else ((None, each) for each in tree)
        for name, value in names:
            found += self.lines_between(indent) + " " * indent
            found += "-" if name is None else self.text(name, False) + self.draw(st.sampled_from(["", "", " "])) + ":"
            found += self.behind(value, indent, name is None)
        return found


@st.composite
def messes(draw: Draw) -> str:
    tree = draw(TREES.filter(lambda each: bool(each) and not isinstance(each, str)))
    text = Mess(draw).block(tree, draw(st.integers(0, 3))) + draw(st.sampled_from(["", "\n\n", "# the end", "  \n"]))
    return str(text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))))


def comments(text: str) -> list[str]:
    return re.findall(r"#\s*(comment \d+|alone \d+|left \d+|the end)", text)


@settings(max_examples=300, deadline=None)
@given(messes())
def test_tree_and_comments_stay_and_once_is_enough(text: str) -> None:
    try:
        tree = load_yaml(text, "mess.yaml")
    except InputError:
        return  # not every mess can be read; those are left alone
    after = styled(text, "mess.yaml")
    assert load_yaml(after, "mess.yaml") == tree
    assert comments(after) == comments(text)
    assert styled(after, "mess.yaml") == after
    assert "\n\n\n" not in after
    assert "\r" not in after
    assert after.endswith("\n")


@pytest.mark.parametrize(("text", "expected"), [
    ("a:\n- b\n- c:\n  - d\n", "a:\n  - b\n  - c:\n      - d\n"),
    ("-   a: b\n    c:   d\n", "- a: b\n  c: d\n"),
    ("- - a\n  -   b\n", "- - a\n  - b\n"),
    ("a:\n      b\n      c\n", "a:\n  b\n  c\n"),
    ("a: [b,\n    c]   # d\n", "a: [b,\n    c]   # d\n"),
    ("a:    b # c\nd: e   # f\n", "a: b # c\nd: e   # f\n"),
    ("a: 'b'\nc: 'no'\nd: '1'\ne: 'f: g'\n", 'a: b\nc: "no"\nd: "1"\ne: "f: g"\n'),
    ("a: |+\n  b\n\n\nc: d\n", "a: |+\n  b\n\n\nc: d\n"),
    ("a: >-\n  b\n\n\n\nc: d", "a: >-\n  b\n\nc: d\n"),
])  # fmt: skip
def test_style(text: str, expected: str) -> None:
    assert styled(text, "file.yaml") == expected
