"""A word of its own for *no value* of a fact: read wherever `none` is, shown wherever that fact is,
and no part of the meaning.
"""

from __future__ import annotations

import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.compiler.compiler import compile_policy
from rulewright.engines.result import Possible
from rulewright.facts.cases import Case, bind_case
from rulewright.ir.archive import archive, program_from
from rulewright.ir.program import Program
from rulewright.ledger.stored_cases import case_bytes, case_from_bytes
from rulewright.properties.spaces import value_of
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import NOWHERE, InputError, Problems
from rulewright.tables.case_template import template
from rulewright.workbench import Rules, case_from, cases
from tests.workbooks import workbook

FOLDER = Path("tests/cli/none-is")
TEXTS = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.yaml")}
PROGRAM = Rules(FOLDER).program("inspections")


def compiled(*replaced: tuple[str, str]) -> Program:
    words = TEXTS["vocabulary.yaml"]
    for old, new in replaced:
        assert old in words
        words = words.replace(old, new)
    return compile_policy(rulebook_from_texts({**TEXTS, "vocabulary.yaml": words}), "inspections")


def case(program: Program = PROGRAM, **facts: Any) -> Case:
    return bind_case(
        case_from({"case": "a school", "as at": "2024-05-01", "school": facts}), program.vocabulary
    )


def invoke(command: str) -> Result:
    return CliRunner().invoke(group, shlex.split(command))


@pytest.mark.parametrize(
    "written", ["never", "Never", "none", "NONE", {"value": "never", "from": "a letter"}]
)
def test_it_is_read_wherever_none_is(written: object) -> None:
    one, other = case(**{"last inspected on": written}), case(**{"last inspected on": "none"})
    assert one.root.facts["last inspected on"].value is None
    assert one.digest == other.digest


def test_it_is_read_in_a_workbook_and_a_stored_case_too(tmp_path: Path) -> None:
    text = (
        "= case\ncase | a school\nas at | date 2024-05-01\n= school\nname | last inspected on | previous rating\n"
        "Hill | never | Not rated before\n"
    )
    (tmp_path / "case.xlsx").write_bytes(workbook(text))
    (sheets,) = cases(tmp_path / "case.xlsx")
    found = bind_case(sheets, PROGRAM.vocabulary)
    assert [found.root.facts[each].value for each in ("last inspected on", "previous rating")] == [
        None,
        None,
    ]
    written = case_from(
        {"case": "a school", "as at": "2024-05-01", "school": {"last inspected on": "never"}}
    )
    again = case_from_bytes(case_bytes(written, PROGRAM), "entry 1")
    assert (
        bind_case(again, PROGRAM.vocabulary).digest == case(**{"last inspected on": "none"}).digest
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nevr", "did you mean `never`?"),
        ("2024", "expected a date such as `2024-03-01`, or `never`"),
        ("2024-02-30", "there is no such day"),
    ],
)
def test_what_is_no_value_is_answered_with_the_word_too(written: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        case(**{"last inspected on": written})
    assert error.value.problems[0].help == said


def test_an_attribute_with_a_word_for_it_may_have_no_value() -> None:
    """Left out it is missing, and no value is possible then; `unless stated` may use the word."""
    answered = Rules(FOLDER).answer(cases("tests/cli/none-is.yaml")[2])
    declared = PROGRAM.vocabulary.root.attributes
    assert (
        declared["last inspected on"].has_default,
        declared["last inspected on"].may_have_no_value,
    ) == (False, True)
    assert (declared["previous rating"].has_default, declared["previous rating"].default) == (
        True,
        None,
    )
    assert answered.result.settled[0, "earlier"].possible == Possible(
        ("poor", "fair", "good"), no_value=True
    )


def test_the_word_is_wording_and_that_there_may_be_none_is_meaning() -> None:
    word = compiled(("none is: never", "none is: not yet"))
    assert word.digest == PROGRAM.digest
    assert compiled((", none is: never", "")).digest != PROGRAM.digest
    assert (
        compiled(
            (
                ", unless stated: not rated before, none is: not rated before",
                ", unless stated: none",
            )
        ).digest
        == PROGRAM.digest
    )


def test_an_archive_holds_the_word_and_nothing_where_there_is_none() -> None:
    assert program_from(archive(PROGRAM)) == PROGRAM
    assert '"none_is":"never"' in archive(PROGRAM).decode()
    plain = compiled(
        (", none is: never", ""),
        (", unless stated: not rated before, none is: not rated before", ""),
        (", none is: disbanded", ""),
    )
    assert "none_is" not in archive(plain).decode()
    assert program_from(archive(plain)) == plain


def test_a_new_case_and_a_workbook_to_fill_in_show_it(tmp_path: Path) -> None:
    assert invoke(f"new case all --rules {FOLDER} -o {tmp_path / 'case.yaml'}").exit_code == 0
    lines = (tmp_path / "case.yaml").read_text("utf-8").splitlines()
    assert (
        "  # last inspected on: 2024-03-01  # date, or `never`; the day of its last inspection"
        in lines
    )
    [rating] = [each for each in lines if "previous rating" in each]
    assert rating.endswith("# rating, or `not rated before`; `not rated before` unless stated")
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(template(Rules(FOLDER))))
    about = [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]
    assert any(
        "last inspected on" in row and "a date such as `2024-03-01`, or `never`" in row
        for row in about
    )
    assert any("previous rating" in row and "not rated before" in row for row in about)


def test_a_proposed_fact_and_a_fact_of_a_property_may_be_it() -> None:
    told = invoke(
        f"what-if tests/cli/none-is.yaml first --rules {FOLDER} --set 'last inspected on=never'"
    )
    assert told.exit_code == 0, told.output
    assert "fact: school > last inspected on missing never" in " ".join(told.output.split())
    problems = Problems()
    assert value_of(
        "Never", PROGRAM.vocabulary.root.attributes["last inspected on"], NOWHERE, problems
    ) == (None,)
    assert not problems.found


def test_the_outcome_shows_it_for_facts() -> None:
    decision = Rules(FOLDER).answer(cases("tests/cli/none-is.yaml")[0]).decision
    assert (
        "no value"
        in next(each for each in decision.answers if each.attribute == "earlier").possible
    )  # a conclusion has no such word
    assert [each.value for each in decision.defaults] == ["not rated before"]
    assert decision.notices[0].text.startswith(
        "last inspected: never; rated before: not rated before"
    )
    reads = json.dumps(
        [
            each.values
            for firing in decision.firings
            for condition in firing.conditions
            for each in condition.reads
        ]
    )
    assert "never" in reads
