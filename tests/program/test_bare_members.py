"""A fixed member's bare name in a rule asks for its main result: `reading is good` is short for
`the grade of reading is good`.
"""

from __future__ import annotations

import pytest

from rulewright.ir.nodes import Rule
from rulewright.syntax.errors import InputError
from tests.small import PART, VOCABULARY, program


def rule(text: str) -> Rule:
    compiled = program(part_yaml=f"{PART}\n- {text}")
    return next(each for each in compiled.rules if each.id == "bare")


@pytest.mark.parametrize(
    ("bare", "in_full"),
    [
        ("reading is good", "the grade of reading is good"),
        ("Reading is known", "the grade of reading is known"),
    ],
)
def test_a_bare_name_means_the_main_result(bare: str, in_full: str) -> None:
    short, long = (
        rule(f"{{rule: bare, of: class, when: {each}, note: x}}") for each in (bare, in_full)
    )
    assert [each.body for each in short.conditions] == [each.body for each in long.conditions]


def test_inside_where_it_has_to_say_whose() -> None:
    with pytest.raises(InputError, match="RW307 `reading` may be the class's or the school's"):
        rule(
            "{rule: bare, of: school, when: at least 1 of the classes where reading is good has small no, note: x}"
        )


def test_without_a_main_result_the_attribute_has_to_be_named() -> None:
    with pytest.raises(
        InputError,
        match="RW312 `room` has no main attribute; say which attribute is meant: `the … of hall`",
    ):
        program(
            part_yaml=f"{PART}\n- {{rule: bare, of: class, when: hall is 1, note: x}}",
            vocabulary_yaml=WITH_ROOMS,
        )


ROOMS = "  room:\n    plural: rooms\n    members:\n      - hall\n    given:\n      floor: {whole number: 0..9}\n"
WITH_ROOMS = (
    VOCABULARY.replace(
        "    plural: classes\n    has: [subject]", "    plural: classes\n    has: [subject, room]"
    )
    + ROOMS
)
