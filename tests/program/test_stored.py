"""The tables of stored classes: complete, and independent of what Python calls a class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from rulewright.ir import nodes, types, vocabulary
from rulewright.ir import program as model
from rulewright.ir.archive import archive, program_from
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.stored import StoredClass, stored, stored_as, stored_classes
from tests import small

NOT_STORED = {model.Variant, model.KnownReading}
TABLE = Path(__file__).parent / "stored_classes.txt"


def classes() -> list[Any]:
    return [
        each
        for module in (types, vocabulary, nodes, model)
        for each in vars(module).values()
        if isinstance(each, type) and is_dataclass(each) and each.__module__ == module.__name__
    ]


def test_every_class_of_a_program_is_stored() -> None:
    assert {each.of for each in stored_classes()} == {*classes()} - NOT_STORED


@pytest.mark.parametrize("kind", stored_classes(), ids=lambda each: each.name)
def test_every_field_is_stored_but_its_place(kind: StoredClass) -> None:
    declared = {each.name: each for each in fields(kind.of) if each.init and each.name != "place"}
    assert {each.attribute for each in kind.fields} == {*declared}
    for each in kind.fields:
        of = declared[each.attribute]
        has_default = of.default is not MISSING or of.default_factory is not MISSING
        assert each.may_be_lacking <= has_default, each.name
    assert stored_as(kind.name) is stored(kind.of)


def test_the_tables_only_grow() -> None:
    """What was stored once is stored so for good: lines may be added here, none may change."""
    found = [
        f"{kind.name}.{each.name}"
        + " in any order" * each.any_order
        + " is wording" * (not each.is_meaning)
        + " may be lacking" * each.may_be_lacking
        + " where it is set" * each.where_set
        for kind in stored_classes()
        for each in kind.fields
    ]
    assert found == TABLE.read_text("utf-8").splitlines()


@contextmanager
def renamed() -> Iterator[None]:
    """Every stored class under another name."""
    before = [(each.of, each.of.__name__) for each in stored_classes()]
    try:
        for number, (of, _) in enumerate(before):
            of.__name__ = f"Class{number}"
        yield
    finally:
        for of, name in before:
            of.__name__ = name


def test_the_names_of_classes_do_not_count() -> None:
    program = small.program()
    before, digest = archive(program), digest_of_meaning(program)
    with renamed():
        assert archive(program) == before
        assert digest_of_meaning(program) == digest
        assert archive(program_from(before)) == before
