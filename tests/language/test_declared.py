"""What somebody else wrote, held against the types that classes declare."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import pytest

from rulewright.syntax.declared_types import WrongShape, checker, reader
from rulewright.syntax.text import Text


@dataclass
class Leaf:
    """A class as documents are declared."""

    a_name: str
    kind: Literal["one", "two"] = "one"
    count: int | None = None


@dataclass
class Tree:
    """One that holds others of itself."""

    leaves: list[Leaf]
    below: list[Tree] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    sure: bool = False
    whatever: Any = None


def test_a_document_is_read_as_its_class() -> None:
    document = {
        "leaves": [{"a name": "x", "kind": "two", "count": 3}],
        "below": [{"leaves": []}],
        "words": {"a": "b"},
        "sure": True,
        "whatever": [1.5],
    }
    assert reader(Tree)(document) == Tree(
        [Leaf("x", "two", 3)], [Tree([])], {"a": "b"}, True, [1.5]
    )


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "a list is not an object"),
        ({}, "there is no `leaves`"),
        ({"leaves": []} | {"colour": "red"}, "`colour` is not known"),
        ({"leaves": {}}, "`leaves`: an object is not a list"),
        ({"leaves": [{}]}, "`leaves`: there is no `a name`"),
        ({"leaves": [{"a_name": "x"}]}, "`leaves`: `a_name` is not known"),
        ({"leaves": [{"a name": 3}]}, "`leaves > a name`: `3` is not text"),
        ({"leaves": [{"a name": "x" * 70}, 3]}, "`leaves`: `3` is not an object"),
        (
            {"leaves": [{"a name": "x", "kind": "three"}]},
            "`leaves > kind`: `three` is not one of `one`, `two`",
        ),
        (
            {"leaves": [{"a name": "x", "kind": ["one"]}]},
            "`leaves > kind`: a list is not one of `one`, `two`",
        ),
        (
            {"leaves": [{"a name": "x", "count": True}]},
            "`leaves > count`: `True` is not a whole number or `null`",
        ),
        (
            {"leaves": [{"a name": "x", "count": 1.0}]},
            "`leaves > count`: `1.0` is not a whole number or `null`",
        ),
        ({"leaves": [], "sure": 1}, "`sure`: `1` is not `true` or `false`"),
        ({"leaves": [], "words": {"a": None}}, "`words`: `None` is not text"),
        ({"leaves": [], "words": []}, "`words`: a list is not an object"),
        (
            {"leaves": [], "below": [{"leaves": [], "below": [{"leaves": "x" * 70}]}]},
            f"`below > below > leaves`: `{'x' * 60}…` is not a list",
        ),
    ],
)
def test_what_is_missing_unknown_or_of_another_type_is_told_with_its_place(
    document: Any, said: str
) -> None:
    with pytest.raises(WrongShape) as error:
        reader(Tree)(document)
    assert str(error.value) == said


@dataclass(frozen=True)
class Node:
    """A class as programs are declared."""

    names: tuple[str, ...]
    pair: tuple[int, str]
    parts: frozenset[Node] = frozenset()
    values: dict[str, int | Fraction | None] = field(default_factory=dict, hash=False)
    written: Text = Text("")


GOOD = Node(
    ("a",), (1, "b"), frozenset({Node((), (0, ""))}), {"x": Fraction(1, 2), "y": None}, "text"
)  # type: ignore[arg-type]


def test_an_object_of_the_types_declared_passes() -> None:
    assert checker(Node)(GOOD)
    assert not checker(Node)("a")


@pytest.mark.each_case_traced
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"names": ["a"]}, "names"),
        ({"names": (1,)}, "names"),
        ({"pair": (1,)}, "pair"),
        ({"pair": (True, "b")}, "pair"),
        ({"parts": frozenset({"a"})}, "parts"),
        ({"parts": ()}, "parts"),
        ({"values": {1: 1}}, "values"),
        ({"values": {"a": True}}, "values"),
        ({"values": []}, "values"),
        ({"written": None}, "written"),
        ({"parts": frozenset({Node((), (0, 1))})}, "pair"),  # type: ignore[arg-type]
    ],
)
def test_a_field_of_another_type_is_named(changed: dict[str, Any], field: str) -> None:
    wrong = Node(**{**vars(GOOD), **changed})
    with pytest.raises(WrongShape, match=f"^`Node` has a `{field}` of another type$"):
        checker(Node)(wrong)
