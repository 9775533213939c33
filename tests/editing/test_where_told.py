"""A mistake that an edit would make is reported where it is made: in the file that is edited, or
with the line that would make it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulewright.amendments.chain import assemble
from rulewright.amendments.targets import names_of_targets
from rulewright.compiler.compiler import compile_policy
from rulewright.editing.assignment import set_values
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError
from rulewright.workbench import Rules

ROOT = Path(__file__).parents[2]
AMENDED = "guidance-2024-03"
FILE = "policies/mine.yaml"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("editing") / "rules"
    shutil.copytree(ROOT / "rules" / "cqc", folder)
    (folder / FILE).write_text(f"policy: mine\nstatus: proposed\namends: {AMENDED}\n", "utf-8")
    found: Rulebook = Rules(folder, to_mend=True).book
    return found


def told_of(book: Rulebook, target: str, value: str) -> None:
    try:
        set_values(book, FILE, [f"{target}={value}"])
    except InputError as error:
        for each in error.problems:
            assert (
                each.place.file in ("", f"{book.shown}/{FILE}")
                or f"comes with the new line `{target}: {value}`" in each.help
            ), each


@pytest.mark.untraced
@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_value_that_is_wrong_is_reported_with_its_line(
    data: st.DataObject, book: Rulebook
) -> None:
    target = data.draw(st.sampled_from(sorted(names_of_targets(assemble(book, AMENDED)))))
    told_of(
        book,
        target,
        data.draw(st.sampled_from(["12", "soon", "yes", "2024-03-01", "24 months", "up to 5"])),
    )


@pytest.mark.parametrize(
    "target",
    ["service > overall rating", "key question > judged rating", "aggregation.threshold[2]"],
)
def test_so_it_is_where_the_mistake_shows_in_another_file(target: str, book: Rulebook) -> None:
    with pytest.raises(InputError) as caught:
        set_values(book, FILE, [f"{target}=12"])
    assert any(
        each.place.file not in ("", f"{book.shown}/{FILE}") for each in caught.value.problems
    )
    told_of(book, target, "12")


def test_every_parameter_keeps_its_type(book: Rulebook) -> None:
    for parameter in compile_policy(book, AMENDED).parameters.values():
        for value in ("12", "24 months", "2024-03-01", "yes", "soon"):
            try:
                left = set_values(book, FILE, [f"{parameter.name}={value}"]).left
                assert parameter.type.parse(value) is not None, (parameter.name, value)
                assert not left
            except InputError as error:
                assert {(each.code, each.place.file) for each in error.problems} == {
                    ("RW333", f"{book.shown}/{FILE}")
                }
                assert parameter.type.parse(value) is None, (parameter.name, value)
