"""Whatever the bytes, loading gives a tree or an `InputError`, never another exception."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.syntax.errors import InputError, Place
from rulewright.syntax.text import key, plain
from rulewright.syntax.yaml_loader import load_json_line, load_yaml, load_yaml_file
from rulewright.workbench import Rules

SNIPPETS = [
    "a: 1\n",
    "- b\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "'",
    '"',
    "&x ",
    "*x",
    "!!t ",
    "|",
    ">",
    "\t",
    "---\n",
    "#",
    "\u00e9",
    "? ",
    "%",
    "\n",
]


LEAVES = st.text('ab \u00e9"\\:-1', max_size=6) | st.integers() | st.none()
NAMES = st.text("abc", min_size=1, max_size=5)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.untraced
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=8)), max_size=30).map("".join)
)
def test_any_text_gives_a_tree_or_a_clear_error(text: str) -> None:
    try:
        load_yaml(text, "file.yaml")
    except InputError as error:
        assert all(each.code.startswith("RW1") for each in error.problems)


@pytest.mark.untraced
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_tree_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "file.yaml"
    path.write_bytes(data)
    try:
        load_yaml_file(path)
    except InputError as error:
        assert "Traceback" not in str(error)


@pytest.mark.untraced
@settings(max_examples=200, deadline=None)
@given(JSON)
def test_a_json_line_is_read_as_the_same_yaml_would_be(value: object) -> None:
    import json

    try:
        tree = load_json_line(json.dumps(value), Place("f", 1, 1))
    except InputError as error:
        assert {each.code for each in error.problems} <= {"RW106", "RW108"}
        return
    assert (
        _plain(tree) == _plain(yaml.load(json.dumps(value), Loader=yaml.BaseLoader))
        or value is None
        or "null" in json.dumps(value)
    )


def _plain(tree: object) -> object:
    if isinstance(tree, dict):
        return {str(k): _plain(v) for k, v in tree.items()}
    return (
        [_plain(each) for each in tree]
        if isinstance(tree, list)
        else None
        if tree is None
        else str(tree)
    )


@pytest.mark.parametrize(
    "text", ["no", "on", "1:20", "012", "1_000", "1e3", "2024-01-01", "0x1f", "yes", "12.50"]
)
def test_scalars_stay_the_characters_that_were_written(text: str) -> None:
    assert load_yaml(f"a: {text}", "f") == {"a": text}


@settings(max_examples=200)
@given(st.text())
def test_folding_keeps_every_position(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert key(key(text)) == key(text)


def test_a_deep_file_is_refused_without_exhausting_the_stack(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(InputError, match="nested deeper than 40 levels"):
        load_yaml_file(path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name themselves")
@pytest.mark.parametrize("name", ["rules/\udcff.yaml", "\udcff/part.yaml"])
def test_a_rulebook_with_a_name_that_is_not_utf_8_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text("- {parameter: p, value: 1}\n", "utf-8")
    with pytest.raises(InputError, match="its name is not UTF-8; rename it"):
        Rules(path.parent)
