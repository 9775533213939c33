"""Whatever a file looks like, an edit changes the value that it is to change, and no other byte."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from rulewright.editing.yaml_editor import RewrittenEntry, Splice, UnsafeEditError
from rulewright.editing.yaml_nodes import YamlNode, compose
from rulewright.syntax.errors import NOWHERE, InputError
from rulewright.syntax.text import Text
from tests.mess import WORDS, Mess, comments, read, same, some_tree

NEW = "another name"
VALUES = [each for each in WORDS if each is not None]
RANDOM = st.randoms(use_true_random=False)
Found = tuple[YamlNode, Any, tuple[Any, ...]]  # a node, what it holds, and the steps down to it


def nodes(node: YamlNode, tree: Any, steps: tuple[Any, ...] = ()) -> Iterator[Found]:
    yield node, tree, steps
    if node.kind == "map":
        for (_, below), (name, value) in zip(node.entries, tree.items(), strict=True):
            yield from nodes(below, value, (*steps, name))
    elif node.kind == "list":
        for number, (below, value) in enumerate(zip(node.items, tree, strict=True)):
            yield from nodes(below, value, (*steps, number))


def put(tree: Any, steps: tuple[Any, ...], value: Any) -> Any:
    """The tree with another value at the end of these steps."""
    if not steps:
        return value
    first, *rest = steps
    if isinstance(tree, list):
        return [
            put(each, tuple(rest), value) if number == first else each
            for number, each in enumerate(tree)
        ]
    return {
        name: put(each, tuple(rest), value) if name == first else each
        for name, each in tree.items()
    }


def some_value(random: Random) -> Any:
    word = VALUES[random.randrange(len(VALUES))]
    return [word, [word, "x"], {NEW: word}, []][max(0, random.randrange(8) - 4)]


class Trial:
    """A messy text with one of its nodes."""

    def __init__(self, random: Random, *kinds: str) -> None:
        self.text = Mess(random).file(some_tree(random)).removeprefix("\ufeff")
        self.tree = read(self.text)
        self.splice = Splice(self.text)
        found = [
            each
            for each in nodes(self.splice.root, self.tree)
            if not kinds or each[0].kind in kinds
        ]
        self.node, self.value, self.steps = (
            found[random.randrange(len(found))] if found else (None, None, ())
        )

    def done(self, wanted: Any) -> str | None:
        """The edited text, which means what is wanted; `None`: it was refused, because of comments
        or in a form that is rare.
        """
        try:
            after = self.splice.done()
        except UnsafeEditError as error:
            event("refused: comments" if error.comments else "refused: the form")
            return None
        event("done")
        assert same(read(after), wanted)
        return after


def trial(random: Random, *kinds: str) -> Trial | None:
    try:
        found = Trial(random, *kinds)
    except InputError:
        return None  # not every mess can be read
    return found if found.node is not None else None


@settings(max_examples=300)
@given(RANDOM)
def test_a_value_is_replaced_and_no_other_byte(random: Random) -> None:
    found = trial(random)
    if found is None or not found.steps:
        return
    node, value = found.node, some_value(random)
    assert node is not None
    start, end, is_block, inner = (
        node.start,
        node.end,
        node.is_block_text,
        found.text[node.start : node.end],
    )
    found.splice.replace(node, value)
    after = found.done(put(found.tree, found.steps, value))
    if after is None:
        assert comments(inner + "".join(found.text[end:].splitlines()[:1])), (
            found.text
        )  # nothing else is refused
        return
    assert after.startswith(
        found.text[: len(found.text[:start].rstrip())]
    )  # a block is put behind its name
    assert after.endswith(found.text[end:])
    if is_block or not node.entries:
        assert sorted(comments(after)) == sorted(comments(found.text))


@settings(max_examples=300)
@given(RANDOM)
def test_an_entry_is_added_and_no_other_byte(random: Random) -> None:
    found = trial(random, "map", "nothing")
    if (
        found is None
        or found.node is None
        or not found.steps
        or found.text[found.node.start : found.node.end] in ("~", "null")
    ):
        return
    value = some_value(random)
    if NEW in (found.value or {}):
        return
    found.splice.add(found.node, NEW, value)
    after = found.done(put(found.tree, found.steps, {**(found.value or {}), NEW: value}))
    assert after is not None, found.text
    more = len(after) - len(found.text)
    assert any(after[:at] + after[at + more :] == found.text for at in range(len(found.text) + 1))


@settings(max_examples=300)
@given(RANDOM)
def test_entries_in_another_order_keep_their_comments(random: Random) -> None:
    found = trial(random, "map", "list")
    if found is None or found.node is None or not found.node.entries:
        return
    numbers = list(range(len(found.node.entries)))
    random.shuffle(numbers)
    of = list(found.value) if found.node.kind == "list" else list(found.value.items())
    moved: Any = [of[each] for each in numbers]
    found.splice.rebuild(found.node, list(map(RewrittenEntry, numbers)), found.node.kind)
    after = found.done(
        put(found.tree, found.steps, moved if found.node.kind == "list" else dict(moved))
    )
    if after is not None:
        assert sorted(comments(after)) == sorted(comments(found.text))


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("a:\n- b\n- c\nd: e\n", ["x"], "a: [x]\nd: e\n"),
        ("a:   # why\n- b\nd: e\n", ["x"], "a:   # why\n  [x]\nd: e\n"),
        ("a:\n    - b\n    - c   \n    # why\nd: e\n", ["x"], "a: [x]   \n    # why\nd: e\n"),
        ("a: |  # why\n  b\n  c\nd: e\n", "x: y", 'a: "x: y"  # why\nd: e\n'),
        ("a: ~\nd: e\n", "x", "a: x\nd: e\n"),
        ("a:  # why\nd: e\n", "x", "a: x  # why\nd: e\n"),
        ('a: "b"#why\nd: e\n', "x", "a: x #why\nd: e\n"),
        ("{a: , d: e}\n", "x, y", '{a: "x, y", d: e}\n'),
        ("{a, d: e}\n", ["x"], "{a: [x], d: e}\n"),
        ("{a:   # why\n , d: e}\n", "x", "{a:   # why\n x, d: e}\n"),
        ("a: 'b'\nd: e\n", "b", "a: 'b'\nd: e\n"),
        ("a: b\nd: e\n", Text.at("unknown", NOWHERE, quoted=True), 'a: "unknown"\nd: e\n'),
        ("? a\n: b\n? d\n: e\n", ["x"], "? a\n: [x]\n? d\n: e\n"),
        ("a: b\r\nd: e\r\n", "x", "a: x\r\nd: e\r\n"),
    ],
)
def test_a_value_in_the_place_of_another(text: str, value: Any, expected: str) -> None:
    splice = Splice(text)
    node = splice.root.get("a")
    assert node is not None
    splice.replace(node, value)
    assert splice.done() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n- b\n", "a:\n- b\nx: y\n"),
        ("a: b", "a: b\nx: y\n"),
        ("  a: b\n  # the end\n\n", "  a: b\n  # the end\n  x: y\n\n"),
        ("---\na: b\n... # the end\n", "---\na: b\nx: y\n... # the end\n"),
        ("{a: b}  # the end\n", "{a: b, x: y}  # the end\n"),
        ("{a: b,  # why\n}\n", "{a: b, x: y,  # why\n}\n"),
        ("a: |+\n  b\n\n", "a: |+\n  b\n\nx: y\n"),
        ("a: b\r\nc: d\r\n", "a: b\r\nc: d\r\nx: y\r\n"),
    ],
)
def test_an_entry_at_the_end_of_a_file(text: str, expected: str) -> None:
    splice = Splice(text)
    splice.append("x", "y")
    assert splice.done() == expected


def test_what_would_mean_something_else_is_refused() -> None:
    splice = Splice("? a\n? b\n")
    node = splice.root.get("a")
    assert node is not None
    splice.replace(node, "x")
    with pytest.raises(UnsafeEditError):
        splice.done()


def test_a_comment_that_would_be_lost_is_named_with_its_place() -> None:
    splice = Splice("a:\n  - b  # why\n  - c  # and why\n")
    node = splice.root.get("a")
    assert node is not None
    splice.replace(node, ["x"])
    with pytest.raises(UnsafeEditError) as caught:
        splice.done("file.yaml")
    assert [(str(place), comment) for place, comment in caught.value.comments] == [
        ("file.yaml:2:8", "# why"),
        ("file.yaml:3:8", "# and why"),
    ]


def test_nodes_know_their_characters_behind_a_mark_at_the_beginning() -> None:
    text = "\ufeffa: b\n"
    node = compose(text).get("a")
    assert node is not None
    assert text[node.start : node.end] == "b"
